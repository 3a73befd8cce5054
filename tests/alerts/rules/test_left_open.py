"""Doors that stand open for long: told while they do, and never about the past."""

from datetime import datetime, timedelta

import pytest

from alerts.picture import Seen
from alerts.rules import LeftOpen, read
from alerts.verdicts import Outcome, Reason, Severity
from alerts.words import sentence, why
from gateway.messages import Kind
from tests.alerts.a_home import LONDON, at, beats, door, stir
from tests.alerts.rules.a_rule import FIRST, of_picture, said

NIGHT = LeftOpen()
USED = [door(at("18:00", 17)), door(at("18:01", 17), 0)]


def fridge(when: datetime, value: float = 1) -> Seen:
    return Seen(when, "fridge", "fridge_door", Kind.CONTACT, value)


def test_a_door_that_stands_open_at_night_for_half_an_hour_is_told() -> None:
    evening = [*USED, *stir(at("22:30", 17)), door(at("22:40", 17))]
    before = said(NIGHT, at("23:09", 17), evening)
    assert (before.verdict, before.reason) == (Outcome.AS_EXPECTED, Reason.WITHIN_USUAL)
    assert before.look_again == before.deadline == at("23:10", 17)
    found = said(NIGHT, at("23:10", 17), evening)
    assert (found.verdict, found.reason, found.deadline) == (Outcome.MISSED, Reason.LEFT_OPEN, at("23:10", 17))
    assert sentence(found, LONDON) == "The front door has been open since 22:40."
    assert "No movement inside since then." in why(found, LONDON)


def test_a_door_that_is_shut_again_is_as_expected_and_words_say_so() -> None:
    shut = said(NIGHT, at("23:30", 17), USED, [door(at("22:40", 17)), door(at("23:05", 17), 0)])
    assert (shut.verdict, shut.reason) == (Outcome.AS_EXPECTED, Reason.DOOR_SHUT)
    assert sentence(shut, LONDON) == "The doors are shut."
    assert sentence(said(LeftOpen(places=("front door",)), at("23:30", 17), USED), LONDON) == "The front door is shut."


def test_repeating_open_neither_starts_the_clock_anew_nor_makes_a_second_occasion() -> None:
    once = [*USED, door(at("22:40", 17))]
    again = [door(at("22:55", 17)), door(at("23:05", 17))]
    found, repeated = said(NIGHT, at("23:10", 17), once), said(NIGHT, at("23:10", 17), once, again)
    assert (repeated.reason, repeated.occasion) == (Reason.LEFT_OPEN, found.occasion)
    assert said(NIGHT, at("02:00"), once).occasion == found.occasion
    another = [door(at("23:20", 17), 0), door(at("23:21", 17))]
    assert said(NIGHT, at("23:55", 17), once, another).occasion != found.occasion


def test_a_door_open_since_the_afternoon_is_given_its_time_in_the_evening() -> None:
    afternoon = [*USED, door(at("18:30", 17))]
    assert said(NIGHT, at("22:29", 17), afternoon).reason is Reason.WITHIN_USUAL
    assert said(NIGHT, at("22:30", 17), afternoon).reason is Reason.LEFT_OPEN


def test_the_next_look_comes_before_a_door_that_opens_just_after_this_one_is_open_too_long() -> None:
    assert said(NIGHT, at("23:00", 17), USED).look_again == at("23:30", 17)
    assert said(NIGHT, at("05:45"), USED).look_again == at("22:30"), "too late for this night"
    assert said(NIGHT, at("12:00", 17), []).look_again <= at("22:30", 17)


def test_only_minutes_that_could_be_seen_count() -> None:
    covered = [*beats(FIRST, at("22:45", 17)), *beats(at("23:20", 17), at("23:40", 17))]
    evening = [*USED, door(at("22:40", 17))]
    assert of_picture(NIGHT, at("23:40", 17), covered, evening).verdict is Outcome.AS_EXPECTED
    later = [*beats(at("23:40", 17), at("23:50", 17))]
    assert of_picture(NIGHT, at("23:50", 17), covered, later, evening).verdict is Outcome.MISSED


def test_of_a_home_that_cannot_be_seen_now_nobody_says_that_a_door_is_open() -> None:
    evening = [*beats(FIRST, at("22:45", 17)), *USED, door(at("22:40", 17))]
    unseen = of_picture(NIGHT, at("23:10", 17), evening)
    assert (unseen.verdict, unseen.reason) == (Outcome.NOT_OBSERVABLE, Reason.NOT_COVERED)
    assert of_picture(NIGHT, at("23:05", 17), evening).verdict is not Outcome.MISSED


def test_every_door_that_stands_open_is_told_by_itself() -> None:
    open_since = [*USED, door(at("22:10", 17)), door(at("22:20", 17), place="back door")]
    verdict = said(NIGHT, at("22:55", 17), open_since)
    assert verdict.evidence.places == ("back door",), "the newest last"
    assert said(LeftOpen(places=("front door",)), at("22:55", 17), open_since).evidence.places == ("front door",)


def test_what_was_open_before_the_rule_was_made_is_given_its_time() -> None:
    evening = [*USED, door(at("22:10", 17))]
    assert said(NIGHT, at("23:20", 17), evening, since=at("23:00", 17)).verdict is Outcome.AS_EXPECTED
    assert said(NIGHT, at("23:30", 17), evening, since=at("23:00", 17)).verdict is Outcome.MISSED


def test_the_fridge_is_another_door() -> None:
    cold = LeftOpen(role="fridge_door", start="06:00", end="22:00")
    assert cold.minutes == 10
    left = [fridge(at("08:00"), 0), fridge(at("09:00"))]
    found = said(cold, at("09:10"), left)
    assert sentence(found, LONDON) == "The fridge has been open since 09:00."
    assert said(NIGHT, at("23:00"), left).reason is not Reason.LEFT_OPEN


@pytest.mark.parametrize(
    ("given", "minutes", "severity"),
    [
        ({}, 30, None),
        ({"start": "07:00", "end": "21:00"}, 120, Severity.NONE),
        ({"start": "07:00", "end": "21:00", "severity": "low", "minutes": 45}, 45, Severity.LOW),
        ({"role": "fridge_door"}, 10, Severity.NONE),
        ({"start": "22:30", "severity": "urgent"}, 30, Severity.URGENT),
    ],
)
def test_by_day_and_of_a_fridge_it_is_for_information_unless_somebody_says_otherwise(
    given: dict[str, object], minutes: int, severity: Severity | None
) -> None:
    rule = read({"kind": "left_open", **given})
    assert isinstance(rule, LeftOpen)
    assert (rule.minutes, rule.severity) == (minutes, severity)
    assert read(rule.model_dump(mode="json")) == rule


def test_a_rule_without_doors_says_so_once_the_home_was_seen_for_a_day() -> None:
    none = said(NIGHT, at("23:00"), stir(at("09:00")))
    assert (none.verdict, none.reason) == (Outcome.NOT_OBSERVABLE, Reason.SENSOR_NEVER_REPORTED)
    assert said(NIGHT, FIRST + timedelta(hours=3), stir(at("13:00", 16))).verdict is Outcome.WAITING


def test_the_sentence_of_the_rule_is_plain() -> None:
    assert NIGHT.describe() == "No outside door open for 30 minutes between 22:00 and 06:00, every day"
    assert LeftOpen(places=("back door",)).describe() == (
        "The back door not open for 30 minutes between 22:00 and 06:00, every day"
    )
