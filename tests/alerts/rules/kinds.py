"""Every kind of rule, and which general promises can be asked of it.

A new kind of rule is a line in CASES: tests/alerts/test_honesty.py then tries it like all others.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Enum

from alerts.marks import Reminder
from alerts.picture import Seen
from alerts.rules import (
    AnsweredReminder,
    BathroomVisits,
    DoorAtNight,
    ExpectedActivity,
    LeftOpen,
    NightActivity,
    NotBack,
    RuleSettings,
    SensorSilent,
    Silence,
    Temperature,
    Unseen,
    UnusualQuiet,
    Visit,
    VolumeDrop,
)
from alerts.sight import LONE_MIN
from gateway.messages import Kind
from tests.alerts.a_home import door, stir

DAY = timedelta(days=1)

Thing = tuple[str, str, Kind, float]
"""What a reading of a made-up life says: place, role, kind, value."""

EVERYWHERE: tuple[Thing, ...] = (
    ("kitchen", "room", Kind.MOTION, 1),
    ("bedroom", "room", Kind.MOTION, 1),
    ("bathroom", "room", Kind.MOTION, 1),
    ("fridge", "fridge_door", Kind.CONTACT, 1),
    ("front door", "outside_door", Kind.CONTACT, 1),
    ("front door", "outside_door", Kind.CONTACT, 0),
)

REMINDERS: tuple[Thing, ...] = tuple(("hall", "button", Kind.REMINDER, float(word)) for word in Reminder)
DEGREES: tuple[Thing, ...] = tuple(("kitchen", "room", Kind.TEMPERATURE, degrees) for degrees in (10.0, 19.0, 30.0))


class More(Enum):
    """What more readings may not do."""

    NEVER_MISS = "whatever comes besides, what was as expected is never missed"
    NEVER_MISS_INDOORS = "the same of movements, where nobody is presumed out: one after a door says that she stayed"
    NEVER_MISS_AFTER = "the same of movements after the last door: one before it may be what shows that she left"
    FINDS_MORE = "the contrary: what was found is never taken back, and more may be found"
    EITHER = "neither: it depends on which"


@dataclass(frozen=True, slots=True)
class Case:
    """A rule as it is tried."""

    rule: RuleSettings
    more: More
    things: tuple[Thing, ...] = EVERYWHERE
    """What its lives are made of."""
    reports_what_happened: bool = False
    """It may find something in a home that cannot be seen, for it tells what happened, not what did not."""
    noticed_within_min: int | None = LONE_MIN + 1
    """So long after its deadline a finding is noticed by looking only when the rule said so.
    None: something else makes the home due, or it is nobody's case."""

    bad_day: Callable[[date], list[Seen]] | None = None
    """A life, from the noon before, in which the rule finds something on this day. For rules with days."""

    @property
    def name(self) -> str:
        return f"{self.rule.kind} {getattr(self.rule, 'start', '')}".strip()


def still(day: date) -> list[Seen]:
    """Somebody who is seen on the evening before, and not on the day."""
    return [*stir(_wall(day, 12) - DAY, minutes=40), *stir(_wall(day, 20) - DAY, minutes=60)]


def out(day: date) -> list[Seen]:
    return [*still(day), *stir(_wall(day, 9)), door(_wall(day, 9) + timedelta(minutes=30))]


def awake(day: date) -> list[Seen]:
    """Somebody who is about after midnight, of this day and of the next, and opens the door at 23:30."""
    nights = [_wall(day, 0), _wall(day, 0) + DAY]
    walks = [one for night in nights for one in stir(night + timedelta(minutes=30), "bathroom", minutes=20)]
    return [*still(day), *walks, door(_wall(day, 23) + timedelta(minutes=30))]


def _wall(day: date, hour: int) -> datetime:
    """In winter, when London keeps UTC."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


CASES: tuple[Case, ...] = (
    Case(ExpectedActivity(places=("kitchen",), start="05:00", end="09:00"), More.NEVER_MISS, bad_day=still),
    Case(ExpectedActivity(start="22:00", end="02:00"), More.NEVER_MISS),
    Case(Silence(hours=4), More.NEVER_MISS_INDOORS),
    Case(Silence(hours=6, by_day=("07:00", "22:00")), More.NEVER_MISS_INDOORS),
    Case(Silence(hours=3, out_after_door_s=0), More.NEVER_MISS_INDOORS),
    Case(UnusualQuiet(), More.NEVER_MISS_INDOORS),
    # Without `usual` a livelier yesterday makes today less than usual.
    Case(VolumeDrop(usual=tuple(2.0 * hour for hour in range(24)), below=0.4), More.NEVER_MISS_INDOORS),
    Case(VolumeDrop(below=0.5), More.EITHER, bad_day=still),
    Case(DoorAtNight(), More.FINDS_MORE, reports_what_happened=True, noticed_within_min=None, bad_day=awake),
    Case(NotBack(hours=5), More.NEVER_MISS_AFTER, bad_day=out),
    Case(NotBack(hours=None, by="17:00"), More.NEVER_MISS_AFTER),
    Case(
        NightActivity(movements=3), More.FINDS_MORE, reports_what_happened=True, noticed_within_min=None, bad_day=awake
    ),
    # One movement more may make two visits one.
    Case(BathroomVisits(visits=2, longest_min=5), More.EITHER, reports_what_happened=True, bad_day=awake),
    Case(SensorSilent(active_hours=5, days=0.5), More.NEVER_MISS),
    Case(Unseen(), More.NEVER_MISS),
    # What more readings do to these is said in tests/alerts/rules/test_honesty_of_devices.py.
    Case(LeftOpen(), More.EITHER, noticed_within_min=None),
    Case(AnsweredReminder(), More.EITHER, things=(*EVERYWHERE, *REMINDERS), noticed_within_min=None),
    Case(Visit(start="22:00", end="01:00"), More.EITHER, noticed_within_min=None),
    Case(Temperature(), More.EITHER, things=(*EVERYWHERE, *DEGREES), noticed_within_min=None),
)


def indoors(life: list[Seen]) -> list[Seen]:
    return [one for one in life if one.role != "outside_door"]


def after_the_last_door(life: list[Seen], more: list[Seen]) -> list[Seen]:
    doors = [one.at for one in life if one.role == "outside_door"]
    return [one for one in more if not doors or one.at > max(doors)]


ALLOWED: dict[More, Callable[[list[Seen], list[Seen]], tuple[list[Seen], list[Seen]]]] = {
    More.NEVER_MISS: lambda life, more: (life, more),
    More.NEVER_MISS_INDOORS: lambda life, more: (indoors(life), indoors(more)),
    More.NEVER_MISS_AFTER: lambda life, more: (life, after_the_last_door(life, indoors(more))),
    More.FINDS_MORE: lambda life, more: (life, more),
}
"""Of a life and of what comes besides: what the promise is about."""
