"""The one place that knows what time it is; `main.py` asks it and hands `now` on.

A simulated street lives faster than the wall clock, or on another day. Then
HEARTH_CLOCK says how the two are tied: `2026-11-21T09:00:00Z@1763715600.5x60` is
"it was 09:00 at Unix time 1763715600.5, and a second of ours is 60 of theirs".
"""

import re
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Annotated, Self

from pydantic import BeforeValidator
from pydantic_settings import NoDecode

_TIED = re.compile(r"(?P<then>[^@]+)@(?P<unix>\d+(\.\d+)?)x(?P<speed>\d+(\.\d+)?)")


EPOCH = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Clock:
    """Tells the time as an aware datetime in UTC."""

    then: datetime = EPOCH
    unix: float = 0.0
    speed: float = 1.0

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a HEARTH_CLOCK value; raises ValueError naming the form it should have."""
        found = _TIED.fullmatch(text)
        if not found:
            raise ValueError("write it as TIME@UNIXxSPEED, as in 2026-11-21T09:00:00Z@1763715600x60")
        then = datetime.fromisoformat(found["then"])
        if then.tzinfo is None:
            raise ValueError("the time needs a zone, as in 2026-11-21T09:00:00Z")
        return cls(then.astimezone(UTC), float(found["unix"]), float(found["speed"]))

    def now(self) -> datetime:
        return self.then + timedelta(seconds=(time.time() - self.unix) * self.speed)

    def wall_seconds(self, simulated: timedelta) -> float:
        """How many real seconds pass while this much simulated time does."""
        return simulated.total_seconds() / self.speed

    def __str__(self) -> str:
        return f"{self.then.isoformat()}@{self.unix}x{self.speed}"


def _clock(value: object) -> object:
    return Clock.parse(value) if isinstance(value, str) else value


ClockSetting = Annotated[Clock, NoDecode, BeforeValidator(_clock)]
"""For a settings model: `clock: ClockSetting = Clock()`, filled from HEARTH_CLOCK."""
