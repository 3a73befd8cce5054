"""The picture of a home, and `fold`, which takes readings into it. Pure: no clock, no database.

A picture is a few sets of minutes (see bits.py) over the last three days, the newest time of a
few things, and how warm it was. Everything in it is a union, a maximum or a minimum, so the order
of readings and how often they come changes nothing, and late ones need no rebuilding.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Self

from alerts import packing
from alerts.bits import span, upwards
from alerts.marks import MARKING, NEVER, OPEN, Mark, Marks, Times, mark_of
from alerts.warmth import Warmth
from gateway.messages import ALARMS, Kind, is_urgent
from ingest.kinds import ACTIVITY_KINDS, BY_ITSELF

HORIZON_MIN = 3 * 24 * 60
"""Minutes of the past that a picture holds at least."""

STEP_MIN = 360
"""The first minute of a picture moves on in steps of so many minutes, not with each reading."""

BEAT_PROVES_MIN = 5
"""A beat proves its own minute and this many before it: 300 s, rounded outwards."""

CALLS_KEPT = 8
"""So many of the newest calls for help are kept of each place and kind."""

Key = tuple[str, str]
"""(place, role): "kitchen" and "room" are another thing than "kitchen" and "fridge_door"."""

Plain = tuple[float, str, str, Kind, float]
"""A reading as a row: Unix seconds, place, role, kind, value."""

Bunch = tuple[str, str, Kind, float, Sequence[float]]
"""Readings that differ in nothing but their times: place, role, kind, value, Unix seconds."""

MEASURED_IN = "room"
"""Role of the sensors whose temperature counts: that of a door's or a plug's is of its case, or of the fridge."""

_CALLS = ALARMS | {Kind.BUTTON}


@dataclass(frozen=True, slots=True)
class Seen:
    """One reading as the rules see it."""

    at: datetime
    place: str
    role: str
    kind: Kind
    value: float


@dataclass(frozen=True, slots=True)
class Picture:
    """What we believe about a home. Minutes are Unix minutes; bit 0 of every set is minute `base`."""

    base: int = 0
    newest: int = -1
    """Minute of the newest reading of any kind; -1: none yet."""
    covered: int = 0
    """Minutes that beats prove were seen."""
    last_beat: float = 0.0
    """Unix seconds; 0: never."""
    signs: Mapping[Key, int] = field(default_factory=dict)
    """Minutes with a sign of life."""
    last: Mapping[Key, float] = field(default_factory=dict)
    """Unix seconds of the newest sign of life, however old."""
    marks: Marks = field(default_factory=dict)
    """What devices reported one by one: opened, shut, shown, done, visited."""
    warmth: Mapping[str, Warmth] = field(default_factory=dict)
    """By place."""
    calls: Mapping[Key, tuple[float, ...]] = field(default_factory=dict)
    """Calls for help by (place, kind): Unix seconds, newest first."""

    @property
    def opened(self) -> Mapping[str, int]:
        """Minutes in which an outside door was opened, by place."""
        return {
            place: times.minutes
            for (place, role, kind, value), times in self.marks.items()
            if kind is Kind.CONTACT and value == OPEN and role == "outside_door"
        }

    @property
    def doors(self) -> Mapping[Key, tuple[float, bool]]:
        """(Unix seconds, open) of the newest report of each door."""
        found: dict[Key, tuple[float, bool]] = {}
        for (place, role, kind, value), times in self.marks.items():
            if kind is Kind.CONTACT:
                state = (times.newest, value == OPEN)
                found[place, role] = max(state, found.get((place, role), state))
        return found

    @classmethod
    def empty(cls) -> Self:
        return cls()

    def to_json(self) -> dict[str, Any]:
        """A small dict for a jsonb column."""
        return packing.packed(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The picture that `to_json` wrote, in this version or the one before. Raises some error on anything else."""
        return cls(**packing.unpacked(data))

    def from_minute(self, base: int) -> "Picture":
        """The picture without what is older than this minute, which is later than `self.base`."""
        gone = base - self.base
        return replace(
            self,
            base=base,
            covered=self.covered >> gone,
            signs={key: bits >> gone for key, bits in self.signs.items()},
            marks=_moved(self.marks, gone),
        )

    def as_at(self, minute: int) -> "Picture":
        """The picture as it would be had nothing happened in this minute or later: late data included.

        Exact but for the newest times, which are then only known to the minute. A door that was
        opened and shut in its last minute counts as open: late data may explain an alert only for sure.
        """
        keep = span(0, minute - self.base)
        end = minute * 60.0
        signs = {key: bits & keep for key, bits in self.signs.items()}
        beats = self.covered & keep
        return Picture(
            base=self.base,
            newest=min(self.newest, minute - 1),
            covered=beats,
            last_beat=min(self.last_beat, (self.base + beats.bit_length()) * 60.0) if beats else 0.0,
            signs=signs,
            last={key: _cut(at, signs[key], self.base, end) for key, at in self.last.items()},
            marks=_marks_before(self.marks, keep, self.base, end),
            warmth={place: warmth.as_at(minute) for place, warmth in self.warmth.items()},
            calls={key: tuple(at for at in times if at < end) for key, times in self.calls.items()},
        )


def _moved(marks: Marks, gone: int) -> Marks:
    return {mark: Times(times.minutes >> gone, times.newest) for mark, times in marks.items()}


def _marks_before(marks: Marks, keep: int, base: int, end: float) -> Marks:
    """The marks before `end`; of what is not known to have been reported by then nothing is said."""
    found = {}
    for mark, (minutes, newest) in marks.items():
        kept = minutes & keep
        if kept or newest < end:
            found[mark] = Times(kept, _cut(newest, kept, base, end))
    return found


def _cut(at: float, bits: int, base: int, end: float) -> float:
    """The newest time before `end` that the set still knows of."""
    if at < end:
        return at
    return (base + bits.bit_length() - 1) * 60.0 if bits else base * 60.0


def fold(picture: Picture, readings: Iterable[Seen]) -> Picture:
    """The picture with these readings taken in. Order and repetition change nothing."""
    return fold_plain(picture, ((r.at.timestamp(), r.place, r.role, r.kind, r.value) for r in readings))


def fold_plain(picture: Picture, readings: Iterable[Plain]) -> Picture:
    """The same for readings that come as rows, which is quicker."""
    together: defaultdict[tuple[str, str, Kind, float], list[float]] = defaultdict(list)
    for at, place, role, kind, value in readings:
        together[place, role, kind, value].append(at)
    return fold_bunches(picture, [(*what, times) for what, times in together.items()])


def fold_bunches(picture: Picture, bunches: Sequence[Bunch]) -> Picture:
    """The same for readings that the database has put together, which is quicker still."""
    if not bunches:
        return picture
    lasts = [max(times) for *_, times in bunches]
    newest = max(picture.newest, int(max(lasts) // 60))
    draft = _Draft(picture, (newest // STEP_MIN) * STEP_MIN - HORIZON_MIN)
    for (place, role, kind, value, times), last in zip(bunches, lasts, strict=True):
        minutes = _minutes(times, draft.base)
        if kind is Kind.BEAT:
            draft.beat(minutes, last)
        elif kind in ACTIVITY_KINDS and (kind, value) not in BY_ITSELF:  # is_sign_of_life, without the call
            draft.sign((place, role), minutes, last)
        if kind in MARKING:
            draft.mark(mark_of(place, role, kind, value), minutes, last)
        elif kind is Kind.TEMPERATURE and role == MEASURED_IN:
            draft.measured(place, value, times)
        if kind in _CALLS and is_urgent(kind, value):
            draft.call((place, kind.value), times)
    return draft.picture(newest)


class _Draft:
    """A picture that is being changed. Private to one call of `fold`."""

    def __init__(self, old: Picture, base: int) -> None:
        # A first picture has no sets to move; later ones only ever move on.
        gone = base - old.base if old.newest >= 0 else 0
        self.base = base
        self.covered = old.covered >> gone
        self.last_beat = old.last_beat
        self.signs = {key: bits >> gone for key, bits in old.signs.items()} if gone else dict(old.signs)
        self.marks = dict(_moved(old.marks, gone) if gone else old.marks)
        self.last, self.warmth, self.calls = dict(old.last), dict(old.warmth), dict(old.calls)

    def beat(self, minutes: int, last: float) -> None:
        self.covered |= upwards(minutes, BEAT_PROVES_MIN + 1) >> BEAT_PROVES_MIN
        self.last_beat = max(self.last_beat, last)

    def sign(self, key: Key, minutes: int, last: float) -> None:
        self.signs[key] = self.signs.get(key, 0) | minutes
        self.last[key] = max(self.last.get(key, 0.0), last)

    def mark(self, mark: Mark | None, minutes: int, last: float) -> None:
        if mark is not None:
            before = self.marks.get(mark, NEVER)
            self.marks[mark] = Times(before.minutes | minutes, max(before.newest, last))

    def measured(self, place: str, degrees: float, times: Sequence[float]) -> None:
        self.warmth[place] = self.warmth.get(place, Warmth()).with_measured(degrees, times)

    def call(self, key: Key, times: Sequence[float]) -> None:
        known = {*self.calls.get(key, ()), *times}
        self.calls[key] = tuple(sorted(known, reverse=True)[:CALLS_KEPT])

    def picture(self, newest: int) -> Picture:
        return Picture(
            base=self.base,
            newest=newest,
            covered=self.covered,
            last_beat=self.last_beat,
            signs=self.signs,
            last=self.last,
            marks=self.marks,
            warmth={place: one.of_the_day_before(newest) for place, one in self.warmth.items() if one.newest},
            calls=self.calls,
        )


def _minutes(times: Iterable[float], base: int) -> int:
    """The set of the minutes of these times from `base` on."""
    minutes = [minute for at in times if (minute := int(at // 60)) >= base]
    if not minutes:
        return 0
    # Readings lie close together: a small set is made and moved once, instead of a large one for each.
    first, small = min(minutes), 0
    for minute in minutes:
        small |= 1 << (minute - first)
    return small << (first - base)
