"""Visits to the bathroom in the night: counted once the night is over, kept for information."""

from datetime import datetime

import pytest

from alerts.picture import Seen
from alerts.rules import BathroomVisits
from alerts.verdicts import Outcome, Reason, alert_class
from alerts.words import sentence
from tests.alerts.a_home import LONDON, at, beats, motion, stir
from tests.alerts.rules.a_rule import FIRST, of_picture, said

RULE = BathroomVisits(places=("bathroom",), visits=4, longest_min=30)
LIVED = [*stir(at("20:00", 16), "bathroom"), *stir(at("20:00", 17), "bathroom"), *stir(at("20:10", 17), "lounge")]


def trips(*times: str, minutes: int = 4) -> list[Seen]:
    return [one for time in times for one in stir(at(time), "bathroom", minutes)]


def test_more_visits_than_usual_are_told_when_the_night_is_over() -> None:
    life = trips("00:30", "02:00", "03:30", "05:00")
    during = said(RULE, at("05:50"), LIVED, life)
    assert (during.verdict, during.look_again) == (Outcome.WAITING, at("06:10"))
    found = said(RULE, at("06:10"), LIVED, life)
    assert (found.verdict, found.reason, found.evidence.count) == (Outcome.MISSED, Reason.BATHROOM_VISITS, 4)
    assert alert_class(found.verdict, found.reason) is None, "nobody is woken for it"
    assert sentence(found, LONDON) == "4 visits in the bathroom in the night."


def test_movements_close_together_are_one_visit() -> None:
    found = said(RULE, at("06:10"), LIVED, trips("00:30", "00:40", "00:50", "02:00", "04:00"))
    assert (found.verdict, found.reason, found.evidence.count) == (Outcome.AS_EXPECTED, Reason.WITHIN_USUAL, 3)


def test_one_long_stay_is_told_too() -> None:
    found = said(RULE, at("06:10"), LIVED, trips("02:00", minutes=32))
    assert (found.verdict, found.evidence.measured) == (Outcome.MISSED, 31)
    assert sentence(found, LONDON) == "One stay in the bathroom lasted 31 minutes in the night."


def test_visits_before_and_after_the_night_do_not_count() -> None:
    life = [*trips("00:30", "02:00", "03:30", "06:30"), *stir(at("22:30", 17), "bathroom")]
    assert said(RULE, at("07:00"), LIVED, life).verdict is Outcome.AS_EXPECTED


def test_lone_movements_are_no_visits() -> None:
    phantoms = [motion(at(time), "bathroom") for time in ("00:30", "02:00", "03:30", "05:00")]
    assert said(RULE, at("06:10"), LIVED, phantoms).verdict is Outcome.AS_EXPECTED


def test_of_a_night_that_was_hardly_seen_nobody_says_that_it_was_as_usual() -> None:
    hidden = [*beats(FIRST, at("23:30", 17)), *beats(at("04:00"), at("06:10"))]
    verdict = of_picture(RULE, at("06:10"), hidden, LIVED)
    assert (verdict.verdict, verdict.reason) == (Outcome.WAITING, Reason.NOT_COVERED)


def test_a_bathroom_without_a_sensor_is_told_once() -> None:
    told = [said(RULE, at(time, 18), stir(at("20:00", 17), "lounge")) for time in ("06:10", "12:00", "22:00")]
    assert {one.reason for one in told} == {Reason.SENSOR_NEVER_REPORTED}
    assert len({one.occasion for one in told}) == 1


@pytest.mark.parametrize("since", [at("23:30", 17), at("03:00")])
def test_a_night_that_the_rule_has_not_seen_whole_is_none_of_its_business(since: datetime) -> None:
    verdict = said(RULE, at("06:10"), LIVED, trips("03:10", "03:30", "04:00", "05:00"), since=since)
    assert (verdict.verdict, verdict.reason) == (Outcome.WAITING, Reason.NOT_ITS_TIME)


def test_it_describes_itself() -> None:
    assert RULE.describe() == (
        "Fewer than 4 visits to the bathroom between 23:00 and 06:00, none as long as 30 minutes, every day"
    )
