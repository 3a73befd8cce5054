"""How warm a place was: the lowest and the highest measurement of each half hour of the last day. Pure.

A minimum and a maximum, so neither order nor repetition of delivery matters. Whole tenths of a
degree: no sensor for homes is better than that.
"""

import base64
import struct
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Self

from alerts.bits import span

SLOT_MIN = 30
KEPT_SLOTS = 48

LOWEST, HIGHEST = -20.0, 50.0
"""Degrees Celsius; nothing else is believed of a room. Devices report -100, and 85 when they start."""

_RAW = -15
"""zlib's word for "no header"."""
_NONE = -(2**15)
"""In place of the lowest measurement of a half hour without one."""

Slots = Mapping[int, tuple[int, int]]
"""Half hours since 1970 -> (lowest, highest), in tenths of a degree Celsius."""


@dataclass(frozen=True, slots=True)
class Warmth:
    """What was measured at one place."""

    slots: Slots = field(default_factory=dict)
    newest: float = 0.0
    """Unix seconds of the newest measurement that can be believed, however old."""

    def with_measured(self, degrees: float, times: Iterable[float]) -> Self:
        """The same with this measurement, taken at these Unix seconds; what cannot be, was not."""
        if not LOWEST <= degrees <= HIGHEST:
            return self
        tenths, slots, newest = round(degrees * 10), dict(self.slots), self.newest
        for at in times:
            slot = int(at // 60) // SLOT_MIN
            low, high = slots.get(slot, (tenths, tenths))
            slots[slot] = (min(low, tenths), max(high, tenths))
            newest = max(newest, at)
        return type(self)(slots, newest)

    def of_the_day_before(self, minute: int) -> Self:
        """The same without what is older than a day at this Unix minute."""
        first = minute // SLOT_MIN - KEPT_SLOTS
        if all(slot > first for slot in self.slots):
            return self
        return type(self)({slot: both for slot, both in self.slots.items() if slot > first}, self.newest)

    def as_at(self, minute: int) -> Self:
        """As it would be had nothing been measured in this minute or later.

        Of the half hour in which the minute lies nothing is said; the newest time is then known to half an hour.
        """
        if self.newest < minute * 60:
            return self
        slots = {slot: both for slot, both in self.slots.items() if (slot + 1) * SLOT_MIN <= minute}
        return type(self)(slots, max(slots) * SLOT_MIN * 60.0 if slots else 0.0)

    def spoken_for(self, base: int, speaks_min: int) -> int:
        """The minutes, as a set with bit 0 at Unix minute `base`, for which a measurement speaks.

        Each speaks for its own half hour and for so many minutes more.
        """
        minutes = 0
        for slot in self.slots:
            first = slot * SLOT_MIN - base
            minutes |= span(first, first + SLOT_MIN + speaks_min)
        return minutes

    def to_text(self) -> str:
        """Some hundred characters."""
        if not self.slots:
            return ""
        first, last = min(self.slots), max(self.slots)
        both = [self.slots.get(slot, (_NONE, _NONE)) for slot in range(first, last + 1)]
        numbers = [low for low, _ in both] + [high - low for low, high in both]
        packer = zlib.compressobj(wbits=_RAW)
        packed = packer.compress(struct.pack(f"<q{len(numbers)}h", first, *numbers)) + packer.flush()
        return base64.b64encode(packed).decode()

    @classmethod
    def from_text(cls, text: str, newest: float) -> Self:
        """What `to_text` wrote. Raises ValueError, zlib.error or struct.error on anything else."""
        if not text:
            return cls({}, newest)
        raw = zlib.decompress(base64.b64decode(text), _RAW)
        first, *numbers = struct.unpack(f"<q{(len(raw) - 8) // 2}h", raw)
        count = len(numbers) // 2
        pairs = zip(range(first, first + count), numbers[:count], numbers[count:], strict=True)
        return cls({slot: (low, low + above) for slot, low, above in pairs if low != _NONE}, newest)
