"""The simulated street lives as people do, the same each time, and its devices speak as real ones."""

import json
from collections import Counter
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from random import Random
from statistics import median

import pytest

from simulators.street.days import ROOMS, ZONE, Event, plan_day
from simulators.street.devices import devices_of, introductions
from simulators.street.figures import HOLD_OFF_S, MEDIAN_A_DAY
from simulators.street.people import RESIDENTS
from simulators.street.script import Script, answer_key, messages
from simulators.street.stories import Story, at_local, live

SPRING = date(2026, 5, 1)
PETER = RESIDENTS[0]


@cache
def month() -> list[list[Event]]:
    """Four weeks of all ten homes, one list a home and day."""
    return [plan_day(resident, SPRING + timedelta(n), seed=1) for resident in RESIDENTS for n in range(28)]


def hour(event: Event) -> float:
    local = event.at.astimezone(ZONE)
    return local.hour + local.minute / 60


@pytest.mark.parametrize("place", MEDIAN_A_DAY)
def test_a_place_has_as_many_events_a_day_as_in_real_homes(place: str) -> None:
    counts = [Counter(event.place for event in day)[place] for day in month()]
    assert median(counts) == pytest.approx(MEDIAN_A_DAY[place], rel=0.25)


def test_mornings_begin_when_they_do_in_real_homes() -> None:
    first = [min(hour(event) for event in day if hour(event) >= 5) for day in month()]
    kitchen = [min(hour(e) for e in day if e.place in ("kitchen", "fridge") and hour(e) >= 5) for day in month()]
    assert median(first) == pytest.approx(5.7, abs=0.3)
    assert median(kitchen) == pytest.approx(7.5, abs=0.5)


def test_silences_by_day_are_as_long_as_in_real_homes() -> None:
    longest = []
    for day in month():
        seen = [hour(event) for event in day if 7 <= hour(event) < 22]
        longest.append(max(later - sooner for sooner, later in pairwise(seen)))
    assert median(longest) == pytest.approx(1.7, abs=0.6)
    assert max(longest) < 6, "an ordinary day must not look like an emergency"


def test_nights_are_as_restless_as_in_real_homes() -> None:
    assert median(sum(hour(event) < 5 for event in day) for day in month()) == pytest.approx(10, abs=5)


def test_a_motion_sensor_keeps_its_hold_off() -> None:
    for day in month():
        for room in ROOMS:
            times = [event.at for event in day if event.place == room]
            pauses = [later - sooner for sooner, later in pairwise(times)]
            assert all(pause >= timedelta(seconds=HOLD_OFF_S) for pause in pauses)


def test_the_same_seed_gives_the_same_day_and_another_seed_another() -> None:
    assert plan_day(PETER, SPRING, 1) == plan_day(PETER, SPRING, 1)
    assert plan_day(PETER, SPRING, 1) != plan_day(PETER, SPRING, 2)


@pytest.mark.parametrize("day", [date(2026, 3, 29), date(2026, 10, 25)])
def test_a_day_of_23_or_25_hours_stays_within_itself(day: date) -> None:
    for resident in RESIDENTS:
        events = plan_day(resident, day, 1)
        assert {event.at.astimezone(ZONE).date() for event in events} == {day}
        assert events == sorted(events)


def test_an_ordinary_morning_is_on_time_for_its_rule() -> None:
    for resident in RESIDENTS:
        for n in range(20):
            day = SPRING + timedelta(n)
            up = min(e.at for e in plan_day(resident, day, 1) if e.place == "kitchen" and hour(e) >= 5)
            assert up < datetime.combine(day, resident.up_by, ZONE)


def test_a_morning_that_does_not_happen_is_silent_until_somebody_comes() -> None:
    day = live(PETER, SPRING, 1, Story.MISSED_MORNING)
    silent = [event for event in day.events if at_local(SPRING, 4) <= event.at < at_local(SPRING, 10, 29)]
    assert silent == []
    assert day.answer.alert == "welfare"
    assert day.answer.since == at_local(SPRING, 9, 30)
    assert any(event.at > at_local(SPRING, 11) for event in day.events), "the day goes on afterwards"


def test_a_door_at_night_opens_when_the_answer_key_says() -> None:
    day = live(PETER, SPRING, 1, Story.DOOR_AT_NIGHT)
    assert Event(day.answer.since, "front door", 1) in day.events
    assert hour(Event(day.answer.since, "")) < 5


@pytest.mark.parametrize("story", Story)
def test_doors_that_open_are_shut_again(story: Story) -> None:
    for resident in RESIDENTS:
        for n in range(14):
            day = live(resident, SPRING + timedelta(n), 1, story)
            values: dict[str, int] = {}
            for event in day.events:
                if event.place not in ROOMS:
                    values[event.place] = values.get(event.place, 0) + (1 if event.value else -1)
            assert set(values.values()) <= {0, 1}  # 1: over midnight


def test_only_the_opening_home_has_a_story_on_its_day_and_none_before() -> None:
    script = Script(openings={SPRING: PETER.key}, stories_from=SPRING)
    assert [script.story(resident, SPRING) for resident in RESIDENTS] == [Story.MISSED_MORNING] + [Story.ORDINARY] * 9
    assert {script.story(r, SPRING - timedelta(n)) for r in RESIDENTS for n in range(1, 30)} == {Story.ORDINARY}
    later = Counter(script.story(r, SPRING + timedelta(n)) for n in range(1, 200) for r in RESIDENTS)
    assert set(later) == set(Story), "every story is told now and then"
    assert sum(later.values()) - later[Story.ORDINARY] == 199


def test_the_answer_key_says_for_each_home_what_must_come_of_the_day() -> None:
    script = Script(openings={SPRING: PETER.key}, stories_from=SPRING)
    answers = [json.loads(line) for line in answer_key(script, SPRING)]
    assert [answer["must"] for answer in answers] == ["alert: welfare"] + ["not alert the family"] * 9


def test_devices_speak_as_zigbee2mqtt_does() -> None:
    day = live(PETER, SPRING, 1, Story.ORDINARY)
    said = messages(PETER, day)
    doors = [json.loads(one.payload) for one in said if one.topic == "front door contact"]
    rooms = [json.loads(one.payload) for one in said if one.topic == "kitchen motion"]
    assert said == sorted(said, key=lambda one: one.at)
    assert doors[0]["contact"] is False, "open is contact: false"
    assert {"battery", "linkquality", "last_seen"} <= doors[0].keys()
    assert [body["occupancy"] for body in rooms].count(False) > 0, "the timer says that nobody is seen"
    assert len(rooms) > 2 * sum(event.place == "kitchen" for event in day.events), "some come twice"


def test_a_home_introduces_its_devices_and_keeps_them_introduced() -> None:
    said = introductions(devices_of(PETER))
    assert all(one.retain for one in said)
    described = json.loads(next(one.payload for one in said if one.topic == "bridge/devices"))
    assert {one["ieee_address"] for one in described[1:]} == {device.address for device in devices_of(PETER)}


def test_no_two_devices_of_the_street_share_an_address() -> None:
    addresses = [device.address for resident in RESIDENTS for device in devices_of(resident)]
    assert len(set(addresses)) == len(addresses)
    assert Random(1).sample(addresses, 1)[0].startswith("0x")
