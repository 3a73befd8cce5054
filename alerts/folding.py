"""The picture of a home, and `fold`, which takes readings into it. Pure: no clock, no database.

A picture is a few sets of minutes (see bits.py) over the last three days, and the newest
time of a few things. Everything in it is a union or a maximum, so the order of readings and
how often they come changes nothing, and late ones need no rebuilding.
"""

import base64
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Self

from alerts.bits import span, upwards
from gateway.messages import Kind, is_urgent
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

_RAW = -15
"""zlib's word for "no header"."""
_CALLS = frozenset({Kind.BUTTON, Kind.SMOKE, Kind.CO, Kind.LEAK, Kind.FALL})


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
    opened: Mapping[str, int] = field(default_factory=dict)
    """Minutes in which an outside door was opened, by place."""
    doors: Mapping[Key, tuple[float, bool]] = field(default_factory=dict)
    """(Unix seconds, open) of the newest report of each door."""
    calls: Mapping[Key, tuple[float, ...]] = field(default_factory=dict)
    """Calls for help by (place, kind): Unix seconds, newest first."""

    @classmethod
    def empty(cls) -> Self:
        return cls()

    def to_json(self) -> dict[str, Any]:
        """A small dict for a jsonb column; the sets are packed together, since most of them is nothing."""
        width = (self.newest - self.base) // 8 + 1 if self.newest >= 0 else 0
        sets = [self.covered, *self.signs.values(), *self.opened.values()]
        packed = _packed(b"".join(bits.to_bytes(width, "little") for bits in sets))
        return {
            "v": 1,
            "base": self.base,
            "newest": self.newest,
            "beat": self.last_beat,
            "signs": [[*key, self.last[key]] for key in self.signs],
            "opened": list(self.opened),
            "doors": [[*key, *state] for key, state in self.doors.items()],
            "calls": [[*key, list(times)] for key, times in self.calls.items()],
            "sets": base64.b64encode(packed).decode(),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        """The picture that `to_json` wrote. Raises ValueError or KeyError on anything else."""
        if data["v"] != 1:
            raise ValueError("a picture of another version")
        keys = [(place, role) for place, role, _ in data["signs"]]
        count = 1 + len(keys) + len(data["opened"])
        raw = zlib.decompress(base64.b64decode(data["sets"]), _RAW)
        width = len(raw) // count
        sets = [int.from_bytes(raw[i : i + width], "little") for i in range(0, width * count, width or 1)] or [
            0
        ] * count
        return cls(
            base=data["base"],
            newest=data["newest"],
            covered=sets[0],
            last_beat=data["beat"],
            signs=dict(zip(keys, sets[1:], strict=False)),
            last={(place, role): at for place, role, at in data["signs"]},
            opened=dict(zip(data["opened"], sets[1 + len(keys) :], strict=True)),
            doors={(place, role): (at, is_open) for place, role, at, is_open in data["doors"]},
            calls={(place, kind): tuple(times) for place, kind, times in data["calls"]},
        )

    def from_minute(self, base: int) -> "Picture":
        """The picture without what is older than this minute, which is later than `self.base`."""
        gone = base - self.base
        return replace(
            self,
            base=base,
            covered=self.covered >> gone,
            signs={key: bits >> gone for key, bits in self.signs.items()},
            opened={place: bits >> gone for place, bits in self.opened.items()},
        )

    def as_at(self, minute: int) -> "Picture":
        """The picture as it would be had nothing happened in this minute or later: late data included.

        Exact but for the newest times, which are then only known to the minute.
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
            opened={place: bits & keep for place, bits in self.opened.items()},
            doors={key: state for key, state in self.doors.items() if state[0] < end},
            calls={key: tuple(at for at in times if at < end) for key, times in self.calls.items()},
        )


def _packed(raw: bytes) -> bytes:
    """Run lengths and Huffman codes: for these sets a quarter of the time of plain zlib, and smaller."""
    packer = zlib.compressobj(wbits=_RAW, memLevel=7, strategy=zlib.Z_RLE)
    return packer.compress(raw) + packer.flush()


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
    newest = max(picture.newest, int(max([max(times) for *_, times in bunches]) // 60))
    draft = _Draft(picture, (newest // STEP_MIN) * STEP_MIN - HORIZON_MIN)
    for place, role, kind, value, times in bunches:
        if kind is Kind.BEAT:
            draft.beat(times)
        elif kind in ACTIVITY_KINDS and (kind, value) not in BY_ITSELF:  # is_sign_of_life, without the call
            draft.sign((place, role), times)
            if kind is Kind.CONTACT:
                draft.contact((place, role), value > 0, times)
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
        self.opened = {place: bits >> gone for place, bits in old.opened.items()} if gone else dict(old.opened)
        self.last, self.doors, self.calls = dict(old.last), dict(old.doors), dict(old.calls)

    def beat(self, times: Sequence[float]) -> None:
        self.covered |= upwards(_minutes(times, self.base), BEAT_PROVES_MIN + 1) >> BEAT_PROVES_MIN
        self.last_beat = max(self.last_beat, *times)

    def sign(self, key: Key, times: Sequence[float]) -> None:
        self.signs[key] = self.signs.get(key, 0) | _minutes(times, self.base)
        self.last[key] = max(self.last.get(key, 0.0), *times)

    def contact(self, key: Key, is_open: bool, times: Sequence[float]) -> None:
        self.doors[key] = max(self.doors.get(key, (0.0, False)), (max(times), is_open))
        if key[1] == "outside_door":
            opened = _minutes(times, self.base) if is_open else 0
            self.opened[key[0]] = self.opened.get(key[0], 0) | opened

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
            opened=self.opened,
            doors=self.doors,
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
