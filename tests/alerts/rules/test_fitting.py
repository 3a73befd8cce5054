"""A home is given the rules that fit what it has, and people are told what cannot be noticed there."""

import pytest

from alerts.rules import Silence, read
from alerts.rules.fitting import Fitting, fitting

ROOMS = [("kitchen", "room"), ("lounge", "room"), ("bedroom", "room"), ("bathroom", "room")]
WHOLE = [*ROOMS, ("fridge", "fridge_door"), ("front door", "outside_door"), ("hall", "button")]


def kinds(found: Fitting) -> set[str]:
    return {read(rule.model_dump(mode="json")).kind for rule in found.rules}


def warned(found: Fitting, *words: str) -> bool:
    return any(all(word in warning for word in words) for warning in found.warnings)


def test_a_home_with_enough_sensors_and_one_person_is_given_everything_without_a_warning() -> None:
    found = fitting(WHOLE)
    assert kinds(found) == {
        "unusual_quiet",
        "expected_activity",
        "door_at_night",
        "not_back",
        "volume_drop",
        "night_activity",
        "bathroom_visits",
        "sensor_silent",
        "unseen",
    }
    assert found.warnings == ()


def test_a_home_without_sensors_is_told_that_nothing_can_be_noticed() -> None:
    found = fitting([])
    assert kinds(found) == {"unseen"}
    assert warned(found, "nothing can be noticed")


@pytest.mark.parametrize(("rooms", "hours"), [(1, 16), (2, 14)])
def test_with_few_rooms_a_plain_number_of_hours_takes_the_place_of_the_usual_day(rooms: int, hours: int) -> None:
    found = fitting(ROOMS[:rooms])
    assert "unusual_quiet" not in kinds(found)
    assert Silence(hours=hours) in found.rules
    assert warned(found, "Only", f"{hours} hours")


def test_with_doors_alone_only_a_whole_day_can_be_told() -> None:
    found = fitting([("front door", "outside_door")])
    assert kinds(found) == {"silence", "door_at_night", "unseen"}
    assert warned(found, "No room is watched", "24 hours")


@pytest.mark.parametrize(
    ("missing", "rule", "words"),
    [
        ("front door", "door_at_night", "outside door"),
        ("bathroom", "bathroom_visits", "bathroom"),
        ("hall", "call", "SOS button"),
    ],
)
def test_what_is_missing_is_said_and_its_rule_left_out(missing: str, rule: str, words: str) -> None:
    found = fitting([one for one in WHOLE if one[0] != missing])
    assert rule not in kinds(found)
    assert warned(found, f"No {words}") or warned(found, f"No sensor at an {words}") or warned(found, f"the {words}")


def test_without_a_kitchen_sensor_nobody_waits_for_breakfast() -> None:
    found = fitting([("lounge", "room"), ("bedroom", "room"), ("hall", "room")])
    assert "expected_activity" not in kinds(found)
    assert warned(found, "kitchen")


def test_two_people_are_told_what_no_longer_works_and_what_still_does() -> None:
    found = fitting(WHOLE, occupants=2)
    assert not kinds(found) & {"not_back", "volume_drop", "night_activity", "bathroom_visits"}
    assert kinds(found) >= {"unusual_quiet", "door_at_night", "expected_activity"}
    assert warned(found, "two people", "a fall of one may not be noticed by movement")
    assert warned(found, "still works", "SOS button", "outside doors at night")


def test_what_a_home_does_not_have_does_not_still_work() -> None:
    assert not warned(fitting(ROOMS, occupants=3), "still works", "SOS button")
    assert warned(fitting(ROOMS, occupants=3), "3 people", "nothing moves at all")


def test_of_regular_visitors_people_are_told_what_they_hide() -> None:
    assert warned(fitting(WHOLE, visitors=True), "visitor", "noticed later")
    assert not warned(fitting(WHOLE), "visitor")
