"""What is news depends on what was said before, and on how old it is."""

from datetime import timedelta

import pytest

from alerts.findings import Said, news
from alerts.verdicts import AlertClass, Evidence, Outcome, Reason, Verdict
from tests.alerts.a_home import at

DUE = at("09:30")


def verdict(outcome: Outcome, reason: Reason, evidence: Evidence | None = None) -> Verdict:
    return Verdict(outcome, reason, "2026-11-18", DUE, DUE + timedelta(days=1), evidence or Evidence())


@pytest.mark.parametrize(
    ("outcome", "reason", "case"),
    [
        (Outcome.MISSED, Reason.NOTHING_AT_ALL, AlertClass.WELFARE),
        (Outcome.MISSED, Reason.SILENT, AlertClass.WELFARE),
        (Outcome.MISSED, Reason.DOOR_AT_NIGHT, AlertClass.URGENT),
        (Outcome.MISSED, Reason.CALL_FOR_HELP, AlertClass.URGENT),
        (Outcome.NOT_OBSERVABLE, Reason.NOT_COVERED, AlertClass.TECHNICAL),
        (Outcome.LATE, Reason.NOT_YET, None),
    ],
)
def test_three_facts_have_three_readers(outcome: Outcome, reason: Reason, case: AlertClass | None) -> None:
    found = news(1, 1, verdict(outcome, reason), set(), DUE)
    assert found is not None
    assert found.case is case


@pytest.mark.parametrize("outcome", [Outcome.AS_EXPECTED, Outcome.WAITING])
def test_what_is_well_is_no_news(outcome: Outcome) -> None:
    assert news(1, 1, verdict(outcome, Reason.SEEN), set(), DUE) is None


def test_an_occasion_is_found_once() -> None:
    known: set[Said] = {(1, "2026-11-18", "missed")}
    assert news(1, 1, verdict(Outcome.MISSED, Reason.NOTHING_AT_ALL), known, DUE) is None
    assert news(2, 1, verdict(Outcome.MISSED, Reason.NOTHING_AT_ALL), known, DUE) is not None


def test_what_could_not_be_seen_when_it_was_due_is_never_called_missed_later() -> None:
    known: set[Said] = {(1, "2026-11-18", "not_observable")}
    assert news(1, 1, verdict(Outcome.MISSED, Reason.NOTHING_THERE), known, DUE + timedelta(minutes=10)) is None


def test_a_silence_that_lasts_is_missed_although_it_could_not_be_seen_at_first() -> None:
    known: set[Said] = {(1, "2026-11-18", "not_observable")}
    assert news(1, 1, verdict(Outcome.MISSED, Reason.SILENT), known, DUE) is not None


def test_what_was_missed_hours_ago_is_kept_but_told_to_nobody_when_it_is_over() -> None:
    over = Evidence(since_deadline=True)
    late = DUE + timedelta(hours=3)
    found = news(1, 1, verdict(Outcome.MISSED, Reason.NOTHING_THERE, over), set(), late)
    assert found is not None
    assert found.case is None
    still = news(1, 1, verdict(Outcome.MISSED, Reason.NOTHING_THERE), set(), late)
    assert still is not None
    assert still.case is AlertClass.WELFARE


def test_a_call_for_help_is_a_case_however_old() -> None:
    found = news(None, 0, verdict(Outcome.MISSED, Reason.CALL_FOR_HELP), set(), DUE + timedelta(days=30))
    assert found is not None
    assert found.case is AlertClass.URGENT
