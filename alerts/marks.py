"""Marks: the discrete things that devices report, such as opened, shut, shown, done. Pure.

Of each a picture keeps the minutes it was reported in, and the newest time: a union and a
maximum, so that neither order nor repetition of delivery matters.
"""

from collections.abc import Collection, Mapping
from enum import IntEnum
from typing import NamedTuple

from alerts.bits import lowest
from gateway.messages import BUTTON_VALUE, Button, Kind

OPEN, SHUT = 1.0, 0.0
"""Values of a contact."""

ANY_TAG = 0.0
"""Stands for the number of every visitor's tag: whose it is says nothing here."""


class Reminder(IntEnum):
    """Values of a reminder."""

    SHOWN = 1
    DONE = 2
    SKIPPED = 3
    EXPIRED = 4


class Medication(IntEnum):
    """Values of a dispenser: it knows of its lid, never of what was swallowed."""

    DISPENSED = 1
    MISSED = 2
    OPENED = 3
    EMPTY = 4
    FAULT = 5


Mark = tuple[str, str, Kind, float]
"""(place, role, kind, value)."""

MARKING = frozenset({Kind.CONTACT, Kind.REMINDER, Kind.MEDICATION, Kind.BUTTON, Kind.VISIT})
"""Kinds whose values are kept one by one."""

# A call for help is kept elsewhere, exactly and for longer.
_VALUES: dict[Kind, frozenset[float]] = {
    Kind.REMINDER: frozenset(map(float, Reminder)),
    Kind.MEDICATION: frozenset(map(float, Medication)),
    Kind.BUTTON: frozenset({BUTTON_VALUE[Button.OK], BUTTON_VALUE[Button.CANCEL]}),
}


class Times(NamedTuple):
    """When a thing was reported."""

    minutes: int = 0
    """The set of minutes (see bits.py) since the base of the picture."""
    newest: float = 0.0
    """Unix seconds, however old; 0: never."""


NEVER = Times()
Marks = Mapping[Mark, Times]


def mark_of(place: str, role: str, kind: Kind, value: float) -> Mark | None:
    """The mark that a reading of a kind in MARKING leaves; None for values that mean nothing."""
    if kind is Kind.CONTACT:
        return place, role, kind, OPEN if value > 0 else SHUT
    if kind is Kind.VISIT:
        return place, role, kind, ANY_TAG
    return (place, role, kind, value) if value in _VALUES[kind] else None


def minutes_of(marks: Marks, kind: Kind, values: Collection[float], places: Collection[str] = ()) -> int:
    """The set of minutes in which one of these values was reported at these places; none: any place."""
    found = 0
    for (place, _, of_kind, value), times in marks.items():
        if of_kind is kind and value in values and (not places or place in places):
            found |= times.minutes
    return found


def ever(marks: Marks, kind: Kind, values: Collection[float], places: Collection[str] = ()) -> bool:
    """Whether one of these values was ever reported at these places; none: any place."""
    return any(
        of_kind is kind and value in values and (not places or place in places) and times.newest > 0
        for (place, _, of_kind, value), times in marks.items()
    )


def open_since(marks: Marks, place: str, role: str, base: int) -> float | None:
    """Unix seconds since when a door stands open; None: it does not.

    A device may repeat "open", so it is the first report after the newest "shut", to the minute
    where it is not the newest of all. Of a door that was shut and opened within a minute and says
    "open" again later only the later is known; of one open for longer than the picture holds, only
    that it was so when the picture begins, or at its newest report.
    """
    opened, shut = _of_door(marks, place, role)
    if not opened.newest or shut.newest > opened.newest:
        return None
    after = int(shut.newest // 60) + 1 - base if shut.newest else 0
    first = lowest(opened.minutes >> max(after, 0))
    if first is None:
        return opened.newest
    return min(opened.newest, (base + max(after, 0) + first) * 60.0)


def shut_at(marks: Marks, place: str, role: str) -> float:
    """Unix seconds of a door's newest report "shut"; 0: never."""
    return _of_door(marks, place, role)[1].newest


def _of_door(marks: Marks, place: str, role: str) -> tuple[Times, Times]:
    opened = marks.get((place, role, Kind.CONTACT, OPEN), NEVER)
    return opened, marks.get((place, role, Kind.CONTACT, SHUT), NEVER)
