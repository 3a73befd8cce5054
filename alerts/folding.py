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

from alerts.bits import span
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

_CONTACT, _BEAT = Kind.CONTACT, Kind.BEAT
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
    packer = zlib.compressobj(wbits=_RAW, memLevel=9, strategy=zlib.Z_RLE)
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
    news = _News()
    news.take(readings)
    return news.onto(picture)


def fold_bunches(picture: Picture, bunches: Iterable[Bunch]) -> Picture:
    """The same for readings that the database has put together, which is quicker still."""
    news = _News()
    news.take_bunches(bunches)
    return news.onto(picture)


class _News:
    """What some readings say, sorted by what it changes. Private to one call of `fold`."""

    def __init__(self) -> None:
        self.newest = -1.0
        self.beats: list[float] = []
        self.signs: defaultdict[Key, list[float]] = defaultdict(list)
        self.contacts: defaultdict[Key, list[tuple[float, bool]]] = defaultdict(list)
        self.calls: defaultdict[Key, list[float]] = defaultdict(list)

    def take(self, readings: Iterable[Plain]) -> None:
        newest, beats, signs = self.newest, self.beats, self.signs
        for at, place, role, kind, value in readings:
            if at > newest:
                newest = at
            if kind is _BEAT:
                beats.append(at)
                continue
            if (
                kind in ACTIVITY_KINDS and (kind, value) not in BY_ITSELF
            ):  # ingest.kinds.is_sign_of_life, without the call
                signs[place, role].append(at)
                if kind is _CONTACT:
                    self.contacts[place, role].append((at, value > 0))
            if kind in _CALLS and is_urgent(kind, value):
                self.calls[place, kind.value].append(at)
        self.newest = newest

    def take_bunches(self, bunches: Iterable[Bunch]) -> None:
        for place, role, kind, value, times in bunches:
            self.newest = max(self.newest, *times)
            if kind is _BEAT:
                self.beats.extend(times)
                continue
            if kind in ACTIVITY_KINDS and (kind, value) not in BY_ITSELF:
                self.signs[place, role].extend(times)
                if kind is _CONTACT:
                    self.contacts[place, role].extend((at, value > 0) for at in times)
            if kind in _CALLS and is_urgent(kind, value):
                self.calls[place, kind.value].extend(times)

    def onto(self, old: Picture) -> Picture:
        newest = max(old.newest, int(self.newest // 60))
        if newest < 0:
            return old
        base = (newest // STEP_MIN) * STEP_MIN - HORIZON_MIN
        # A first picture has no sets to move; later ones only ever move on.
        gone = base - old.base if old.newest >= 0 else 0
        moved = {key: bits >> gone for key, bits in old.signs.items()} if gone else dict(old.signs)
        opened = {place: bits >> gone for place, bits in old.opened.items()} if gone else dict(old.opened)
        last, doors, calls = dict(old.last), dict(old.doors), dict(old.calls)
        for key, times in self.signs.items():
            moved[key] = _marked(moved.get(key, 0), times, base)
            last[key] = max(last.get(key, 0.0), *times)
        for key, states in self.contacts.items():
            doors[key] = max(doors.get(key, (0.0, False)), *states)
            if key[1] == "outside_door":
                openings = [at for at, is_open in states if is_open]
                opened[key[0]] = _marked(opened.get(key[0], 0), openings, base)
        for key, times in self.calls.items():
            calls[key] = tuple(sorted({*calls.get(key, ()), *times}, reverse=True)[:CALLS_KEPT])
        return Picture(
            base=base,
            newest=newest,
            covered=_seen(old.covered >> gone, self.beats, base),
            last_beat=max(old.last_beat, *self.beats) if self.beats else old.last_beat,
            signs=moved,
            last=last,
            opened=opened,
            doors=doors,
            calls=calls,
        )


def _marked(bits: int, times: Iterable[float], base: int) -> int:
    for minute in {int(at // 60) - base for at in times}:
        if minute >= 0:
            bits |= 1 << minute
    return bits


def _seen(covered: int, beats: Iterable[float], base: int) -> int:
    proved = (1 << (BEAT_PROVES_MIN + 1)) - 1
    for minute in {int(at // 60) - base for at in beats}:
        if minute >= 0:
            covered |= (proved << minute) >> BEAT_PROVES_MIN
    return covered
