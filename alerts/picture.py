"""What we believe about a home, for people: `glance`; and the picture itself with `fold`. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from alerts.folding import Bunch, Picture, Plain, Seen, fold, fold_bunches, fold_plain
from alerts.local_days import instant, local_day
from alerts.pauses import Pause
from alerts.sight import LONE_MIN, OUT_AFTER_DOOR_S, OUT_FROM, OUT_UNTIL, Sight
from alerts.verdicts import Gap

__all__ = [
    "Bunch",
    "Door",
    "Gap",
    "Glance",
    "Picture",
    "PlaceToday",
    "Plain",
    "Presence",
    "Seen",
    "fold",
    "fold_bunches",
    "fold_plain",
    "glance",
]

OUT_CAP_MIN = 12 * 60
"""So long "out" is believed of a home that stays silent behind a door."""

SHOWN_GAP_MIN = 3
"""Shorter gaps are not worth a person's attention."""


class Presence(StrEnum):
    HOME = "home"
    OUT = "out"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Door:
    place: str
    open: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class PlaceToday:
    """One place on the local day: first and last sign of life, and in how many minutes there was one."""

    place: str
    first_at: datetime
    last_at: datetime
    minutes: int


@dataclass(frozen=True, slots=True)
class Glance:
    """A home at one glance. Times are aware, in UTC."""

    last_sign_at: datetime | None
    last_place: str | None
    presence: Presence
    presence_since: datetime | None
    doors: tuple[Door, ...]
    seen_now: bool
    last_beat_at: datetime | None
    gaps: tuple[Gap, ...]
    """What could not be seen of the local day so far, but for what was paused."""
    paused: tuple[Gap, ...]
    """For which the resident paused monitoring today."""
    held: Pause | None
    """The pause that goes on."""
    places_today: tuple[PlaceToday, ...]


def glance(picture: Picture, zone: ZoneInfo, now: datetime, pauses: Sequence[Pause] = ()) -> Glance:
    sight = Sight(picture, zone, now, pauses)
    last = sight.last_counted
    at, place = sight.at_and_where(last) if last is not None else (None, None)
    presence, since = _presence(sight)
    today = local_day(zone, sight.minute)
    first = max(today.first, picture.base)
    return Glance(
        last_sign_at=at,
        last_place=place,
        presence=presence,
        presence_since=since,
        doors=_doors(picture),
        seen_now=sight.is_seen_now,
        last_beat_at=datetime.fromtimestamp(picture.last_beat, UTC) if picture.last_beat else None,
        gaps=_worth_showing(sight, sight.within(~sight.seen & ~sight.paused, first, sight.minute)),
        paused=_worth_showing(sight, sight.within(sight.paused, first, sight.minute)),
        held=sight.held,
        places_today=_places(sight, today.first),
    )


def _worth_showing(sight: Sight, minutes: int) -> tuple[Gap, ...]:
    gaps = sight.stretches(minutes)
    return tuple(gap for gap in gaps if (gap.end - gap.start).total_seconds() >= SHOWN_GAP_MIN * 60)


def _doors(picture: Picture) -> tuple[Door, ...]:
    return tuple(
        Door(place, is_open, datetime.fromtimestamp(at, UTC))
        for (place, role), (at, is_open) in sorted(picture.doors.items())
        if role == "outside_door"
    )


def _presence(sight: Sight) -> tuple[Presence, datetime | None]:
    """Out once the silence behind a door outlasts a lone movement's doubt; else home since the door before."""
    last = sight.last_counted
    if last is None or not sight.is_seen_now:
        return Presence.UNKNOWN, None
    left = sight.went_out(OUT_AFTER_DOOR_S, OUT_FROM, OUT_UNTIL)
    if left is not None and sight.minute - last >= LONE_MIN:
        if sight.minute - last > OUT_CAP_MIN:
            return Presence.UNKNOWN, None
        return Presence.OUT, instant(left)
    door = sight.last_of(sight.within(sight.outside_doors, sight.base, last))
    return Presence.HOME, instant(door) if door is not None else None


def _places(sight: Sight, midnight: int) -> tuple[PlaceToday, ...]:
    found = {}
    for place in {place for place, _ in sight.picture.signs}:
        bits = sight.within(sight.matching((place,), ()), midnight, sight.minute + 1)
        first, last = sight.first_of(bits), sight.last_of(bits)
        if first is not None and last is not None:
            newest = datetime.fromtimestamp(sight.ever_matched((place,), ()), UTC)
            # Exact where it is known: the newest sign of a place is, unless it lies in the future.
            last_at = newest if newest <= sight.now else instant(last)
            found[place] = PlaceToday(place, instant(first), last_at, bits.bit_count())
    return tuple(sorted(found.values(), key=lambda one: one.last_at, reverse=True))
