"""The street's answer key and the product's own rules agree about each story and each ordinary day. Pure."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest

from alerts.evaluate import evaluate
from alerts.folding import Picture, fold
from alerts.picture import Seen
from alerts.rules import DoorAtNight, RuleSettings, Unseen
from alerts.verdicts import Outcome
from gateway.messages import GATEWAY_SENSOR, Kind
from simulators.demo.seed import rules_of
from simulators.street.days import ZONE, Event, midnight
from simulators.street.devices import devices_of
from simulators.street.history import beats
from simulators.street.people import RESIDENTS, Resident
from simulators.street.stories import Day, Story, live

SPRING = date(2026, 5, 4)
LOOK_EVERY = timedelta(minutes=15)


def seen(resident: Resident, events: list[Event], since: datetime, until: datetime) -> list[Seen]:
    """What the rules get to know of this stretch."""
    roles = {device.place: device for device in devices_of(resident)}
    events = [event for event in events if since <= event.at < until]
    life = [Seen(e.at, e.place, roles[e.place].role, roles[e.place].kind, float(e.value)) for e in events]
    return life + [Seen(b.at, GATEWAY_SENSOR, "gateway", Kind.BEAT, 0.0) for b in beats(since, until)]


def missed(resident: Resident, before: list[Event], day: Day) -> Iterator[tuple[RuleSettings, datetime]]:
    """Each rule that says "missed" on this day, each time that somebody looks."""
    start, end = midnight(SPRING), midnight(SPRING + timedelta(days=1))
    picture: Picture = fold(Picture.empty(), seen(resident, before, start - timedelta(days=1), start))
    now = start
    while now < end:
        picture = fold(picture, seen(resident, day.events, now, now + LOOK_EVERY))
        now += LOOK_EVERY
        for rule in rules_of(resident):
            if evaluate(rule, picture, ZONE, now).verdict is Outcome.MISSED:
                yield rule, now


def told(resident: Resident, story: Story, seed: int) -> list[tuple[RuleSettings, datetime]]:
    before = live(resident, SPRING - timedelta(days=1), seed, Story.ORDINARY)
    return list(missed(resident, before.events, live(resident, SPRING, seed, story)))


@pytest.mark.parametrize("story", [Story.ORDINARY, Story.VISITOR])
@pytest.mark.parametrize("resident", RESIDENTS, ids=lambda resident: resident.key)
def test_an_ordinary_day_and_a_visitor_alert_nobody(resident: Resident, story: Story) -> None:
    for seed in range(3):
        assert told(resident, story, seed) == []


@pytest.mark.parametrize("resident", RESIDENTS, ids=lambda resident: resident.key)
def test_a_missed_morning_is_found_when_the_key_says(resident: Resident) -> None:
    answer = live(resident, SPRING, 1, Story.MISSED_MORNING).answer
    found = told(resident, Story.MISSED_MORNING, 1)
    assert found, "nobody was told"
    assert answer.since <= found[0][1] <= answer.since + LOOK_EVERY


@pytest.mark.parametrize("resident", RESIDENTS, ids=lambda resident: resident.key)
def test_a_door_at_night_is_found_and_nothing_else_is(resident: Resident) -> None:
    answer = live(resident, SPRING, 1, Story.DOOR_AT_NIGHT).answer
    found = told(resident, Story.DOOR_AT_NIGHT, 1)
    assert {type(rule) for rule, _ in found} == {DoorAtNight}
    assert answer.since <= found[0][1] <= answer.since + LOOK_EVERY
    assert not any(isinstance(rule, Unseen) for rule, _ in found)
