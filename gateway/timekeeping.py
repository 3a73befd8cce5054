"""Notices when a wrong clock is put right, so that what it stamped can be mended.

A Raspberry Pi has no battery for its clock: it starts with the time at which it last ran,
and NTP sets it a while later. Pure but for what `is_set` asks.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from gateway.clock import Clock
from gateway.health import ClockState

JUMP = timedelta(minutes=1)
WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)
"""It cannot be earlier than this."""
HOLD_S = 600.0
"""So long readings wait for an unset clock; then they go, since a home without NTP is not to be silent."""
TIME_ERROR = 5
BYTES_OF_TIMEX = 512  # more than any kernel's


@dataclass(frozen=True, slots=True)
class Mend:
    """What was stamped by our clock from `since` to `until` happened `by` later than it says."""

    since: datetime
    until: datetime
    by: timedelta

    def covers(self, at: datetime) -> bool:
        """A device's own time lies outside: that needs no mending."""
        return self.since <= at <= self.until


class Timekeeper:
    """`is_set` tells whether a time source has set the clock; None: that cannot be known here."""

    def __init__(self, is_set: Callable[[], bool | None]) -> None:
        self.state = ClockState.UNSURE
        self._is_set = is_set
        self._began: tuple[datetime, float] | None = None
        self._last: tuple[datetime, float] | None = None

    def look(self, now: datetime, steady: float) -> Mend | None:
        """Look often. `steady`: seconds that always go on at the same pace."""
        last, self._last = self._last, (now, steady)
        was, self.state = self.state, self._judge(now)
        if last is None or self._began is None:
            self._began = (now, steady)
            return None
        by = (now - last[0]) - timedelta(seconds=steady - last[1])
        if abs(by) <= JUMP:
            return None
        mend = Mend(self._began[0], last[0] + timedelta(seconds=steady - last[1]), by)
        self._began = (self._began[0] + by, self._began[1])
        return mend if was is not ClockState.KNOWN else None

    def holds_back(self, steady: float) -> bool:
        """Whether readings should wait for the time. Calls for help never do."""
        return self.state is ClockState.UNSET and self._began is not None and steady - self._began[1] < HOLD_S

    def _judge(self, now: datetime) -> ClockState:
        if now < WRITTEN:
            return ClockState.UNSET
        return ClockState.KNOWN if self._is_set() else ClockState.UNSURE


def timekeeper(clock: Clock) -> Timekeeper | None:
    """None for a simulated clock, which is never wrong."""
    return Timekeeper(kernel_says) if clock == Clock() else None


def kernel_says() -> bool | None:
    """Linux knows whether anything like NTP has set its clock."""
    try:
        import ctypes  # which may fail to load where memory is locked down

        state: int = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(BYTES_OF_TIMEX))
    except (ImportError, MemoryError, OSError, AttributeError):
        return None
    return None if state < 0 else state != TIME_ERROR


def steady_seconds() -> float:
    """Go on at the same pace whatever happens to the clock, and also while the machine sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
