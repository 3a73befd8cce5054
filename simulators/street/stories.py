"""What now and then happens on the street, and what must come of it: the answer key. Pure and seeded.

A story changes a resident's ordinary day and says beforehand whether anybody must be
told. An ordinary day says that nobody must.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from random import Random
from typing import Any

from simulators.street.days import ZONE, Event, midnight, plan_day
from simulators.street.people import RESIDENTS, Resident

UP_GRACE = timedelta(minutes=30)
"""How long after the hour agreed with the family a missed morning is raised."""


class Story(StrEnum):
    """What kind of day it is."""

    ORDINARY = "ordinary"
    MISSED_MORNING = "missed_morning"
    DOOR_AT_NIGHT = "door_at_night"
    LOST_LINE = "lost_line"
    VISITOR = "visitor"


@dataclass(frozen=True, slots=True)
class Answer:
    """One line of the answer key. `alert` is the class that must be raised, None if none may be."""

    home: str
    story: Story
    alert: str | None
    since: datetime
    until: datetime
    why: str

    def to_json(self) -> dict[str, Any]:
        return {
            "home": self.home,
            "story": self.story,
            "must": f"alert: {self.alert}" if self.alert else "not alert the family",
            "from": self.since.isoformat(),
            "until": self.until.isoformat(),
            "why": self.why,
        }


@dataclass(frozen=True, slots=True)
class Cut:
    """A stretch in which a gateway's line to the server is down."""

    since: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class Day:
    """One home on one local day."""

    events: list[Event]
    answer: Answer
    cut: Cut | None = None


def at_local(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), ZONE).astimezone(UTC)


def live(resident: Resident, day: date, seed: int, story: Story) -> Day:
    """The day as it goes when this story is told in it."""
    dice = Random(f"{seed}/{resident.key}/{day.isoformat()}/{story}")
    return _TELL[story](resident, day, plan_day(resident, day, seed), dice)


def story_of(resident: Resident, day: date, seed: int) -> Story:
    """Which story this home has on this day; on most days none. At most one home a day has one."""
    dice = Random(f"{seed}/{day.isoformat()}")
    chosen = dice.choice(RESIDENTS)
    kinds = [Story.VISITOR, Story.MISSED_MORNING, Story.DOOR_AT_NIGHT, Story.LOST_LINE]
    story = dice.choices(kinds, (4, 2, 2, 1))[0]
    return story if resident == chosen else Story.ORDINARY


def _answer(resident: Resident, day: date, story: Story, alert: str | None, why: str) -> Answer:
    return Answer(resident.gateway, story, alert, midnight(day), midnight(day + timedelta(days=1)), why)


def _ordinary(resident: Resident, day: date, events: list[Event], _: Random) -> Day:
    return Day(events, _answer(resident, day, Story.ORDINARY, None, "an ordinary day"))


def _missed_morning(resident: Resident, day: date, events: list[Event], dice: Random) -> Day:
    """Nothing from 04:00 until somebody comes to see; then the day goes on."""
    due = datetime.combine(day, resident.up_by, ZONE).astimezone(UTC) + UP_GRACE
    found = due + timedelta(minutes=dice.uniform(60, 90))
    back = found + timedelta(minutes=20)
    # What was left open at 04:00 is shut, or it would stand open for ever.
    kept = _all_shut([event for event in events if event.at < at_local(day, 4)])
    after = [event for event in events if event.at >= back and event.value == 1]
    why = f"nothing moved from 04:00 on; somebody came at {found.astimezone(ZONE):%H:%M}"
    answer = Answer(resident.gateway, Story.MISSED_MORNING, "welfare", due, due + timedelta(minutes=2), why)
    return Day(sorted(kept + _calls(found) + _in_pairs(after, events)), answer)


def _door_at_night(resident: Resident, day: date, events: list[Event], dice: Random) -> Day:
    """Out of the front door in the small hours, and back some minutes later."""
    out = at_local(day, 0, 40) + timedelta(minutes=dice.uniform(0, 150))
    back = out + timedelta(minutes=dice.uniform(9, 30))
    way_out = [Event(out - timedelta(seconds=15), "hallway"), *_door(out, 6)]
    way_in = [*_door(back, 9), Event(back + timedelta(seconds=12), "hallway")]
    away = [event for event in events if not out - timedelta(minutes=2) <= event.at <= back + timedelta(minutes=2)]
    why = "the front door was opened at night"
    answer = Answer(resident.gateway, Story.DOOR_AT_NIGHT, "urgent", out, out + timedelta(minutes=1), why)
    return Day(sorted(_all_shut(away) + way_out + way_in), answer)


def _lost_line(resident: Resident, day: date, events: list[Event], dice: Random) -> Day:
    """The gateway goes on seeing, but cannot be heard for some hours."""
    since = at_local(day, 10) + timedelta(minutes=dice.uniform(0, 180))
    until = since + timedelta(hours=dice.uniform(2, 6))
    why = f"the line was down until {until.astimezone(ZONE):%H:%M}; what was seen came late"
    return Day(events, Answer(resident.gateway, Story.LOST_LINE, "technical", since, until, why), Cut(since, until))


def _visitor(resident: Resident, day: date, events: list[Event], dice: Random) -> Day:
    """Somebody comes for tea: more doors, more movement, nothing to tell."""
    comes = at_local(day, 14) + timedelta(minutes=dice.uniform(0, 120))
    return Day(
        sorted(events + _calls(comes) + _door(comes + timedelta(minutes=55), 8)),
        _answer(resident, day, Story.VISITOR, None, f"a visitor came at {comes.astimezone(ZONE):%H:%M}"),
    )


def _door(at: datetime, seconds: float, place: str = "front door") -> list[Event]:
    return [Event(at, place, 1), Event(at + timedelta(seconds=seconds), place, 0)]


def _calls(at: datetime) -> list[Event]:
    """Somebody comes in and looks round the house."""
    rooms = [
        Event(at + timedelta(seconds=20 + 70 * n), place) for n, place in enumerate(("hallway", "lounge", "kitchen"))
    ]
    return [*_door(at, 14), *rooms]


def _all_shut(events: list[Event]) -> list[Event]:
    """The same, and every door that was left open shut again two seconds later."""
    last = {event.place: event for event in events if event.place.endswith(("door", "fridge"))}
    return events + [Event(e.at + timedelta(seconds=2), e.place, 0) for e in last.values() if e.value == 1]


def _in_pairs(openings: list[Event], events: list[Event]) -> list[Event]:
    """Movements and openings, each opening with the shutting that followed it."""
    shuts = []
    for opening in openings:
        if opening.place.endswith(("door", "fridge")):
            later = (e for e in events if e.place == opening.place and e.value == 0 and e.at > opening.at)
            shuts += [shut for shut in [next(later, None)] if shut]
    return openings + shuts


_Teller = Callable[[Resident, date, list[Event], Random], Day]
_TELL: dict[Story, _Teller] = {
    Story.ORDINARY: _ordinary,
    Story.MISSED_MORNING: _missed_morning,
    Story.DOOR_AT_NIGHT: _door_at_night,
    Story.LOST_LINE: _lost_line,
    Story.VISITOR: _visitor,
}
