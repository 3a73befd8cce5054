"""Reasons in plain English: one sentence first, then why."""

import re
from datetime import datetime

import pytest

from alerts.evaluate import called, evaluate
from alerts.picture import Picture, Seen
from alerts.rules import DoorAtNight, ExpectedActivity, RuleSettings, Silence, Unseen
from alerts.verdicts import Evidence, Outcome, Reason, Verdict
from alerts.words import sentence, why
from tests.alerts.a_home import LONDON, at, beats, door, picture, sos, stir

KITCHEN = ExpectedActivity(places=("kitchen",), end="09:00")
EVENING = stir(at("21:36", 17))
SEEN = list(beats(at("12:00", 17), at("09:30")))


@pytest.mark.parametrize(
    ("settings", "now", "readings", "words"),
    [
        (
            KITCHEN,
            at("09:30"),
            [*SEEN, *EVENING],
            "No activity in the kitchen since 21:40 yesterday, nor anywhere else in the home.",
        ),
        (
            KITCHEN,
            at("09:30"),
            [*SEEN, *EVENING, *stir(at("08:00"), "bedroom")],
            "No activity in the kitchen since 21:40 yesterday, though there was elsewhere in the home.",
        ),
        (KITCHEN, at("09:30"), [*SEEN, *EVENING, *stir(at("07:10"))], "Seen in the kitchen at 07:10, as usual."),
        (Silence(hours=4), at("01:41"), [*SEEN, *EVENING], "No activity in the home since 21:40 yesterday."),
        (DoorAtNight(), at("02:14"), [*SEEN, door(at("02:13"))], "The front door was opened at 02:13."),
        (Unseen(), at("12:00"), SEEN, "The home has not been seen since 09:30."),
        (Unseen(), at("12:00"), [], "The home has never reported."),
    ],
)
def test_the_first_sentence_says_what_is_the_matter(
    settings: RuleSettings, now: datetime, readings: list[Seen], words: str
) -> None:
    verdict = evaluate(settings, picture([one for one in readings if one.at <= now]), LONDON, now)
    assert sentence(verdict, LONDON, now) == words


def test_why_tells_what_was_expected_where_somebody_was_seen_and_what_could_be_seen() -> None:
    gap = [one for one in SEEN if not at("06:00") < one.at < at("06:20")]
    readings = picture(gap, EVENING, stir(at("08:00"), "bedroom"))
    verdict = evaluate(KITCHEN, readings, LONDON, at("09:30"))
    assert why(verdict, LONDON) == [
        "Watched for: Up and about in the kitchen between 05:00 and 09:00, every day.",
        "There was movement elsewhere in the home, last at 08:04 (bedroom).",
        "The home could be seen 95 % of the time.",
        "Could not be seen: 06:01 to 06:15.",
    ]


def test_a_late_call_for_help_shows_its_age() -> None:
    verdict = called(picture([sos(at("07:00"))]), LONDON, at("10:30"))[0]
    assert sentence(verdict, LONDON, at("10:30")) == "The SOS button was pressed at 07:00, 3 hours ago."


def test_local_times_are_told() -> None:
    summer = datetime.fromisoformat("2026-06-18T01:13:00+00:00")
    verdict = evaluate(DoorAtNight(), picture([door(summer)]), LONDON, summer)
    assert sentence(verdict, LONDON, summer) == "The front door was opened at 02:13."


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_has_words_without_exclamation_or_health(reason: Reason) -> None:
    verdict = Verdict(Outcome.MISSED, reason, "x", at("09:00"), at("10:00"), Evidence())
    words = sentence(verdict, LONDON)
    assert words.endswith(".")
    assert not re.search(r"!|dement|alzheim|medic|\bill\b|dead|patient|None", words)
    assert isinstance(why(verdict, LONDON), list)


def test_evidence_survives_being_written_down() -> None:
    verdict = evaluate(KITCHEN, picture(SEEN, EVENING, [door(at("06:00"))]), LONDON, at("09:30"))
    assert Evidence.from_json(verdict.evidence.to_json()) == verdict.evidence
    assert Evidence.from_json({}) == Evidence()
    assert evaluate(KITCHEN, Picture.empty(), LONDON, at("09:30")).reason is Reason.NOT_COVERED
