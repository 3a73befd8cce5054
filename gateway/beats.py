"""When a beat may be sent. Pure.

A beat at T promises that the gateway was listening for the whole of the BEAT_EVERY_S
seconds before T. So the first one comes that long after listening began, and whatever
stopped the listening (the home's broker, the bridge, a sleeping machine) starts it anew.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.messages import BEAT_EVERY_S

PROVED = timedelta(seconds=BEAT_EVERY_S)


@dataclass(slots=True)
class Watch:
    """How long the home has been watched without a break."""

    every: timedelta
    stall: timedelta
    """So long between two looks means that this process was not running in between."""
    since: datetime | None = None
    looked: datetime | None = None
    next_at: datetime | None = None

    def look(self, now: datetime, *, listening: bool) -> list[datetime]:
        """The times of the beats that are due at `now`."""
        broken = self.looked is not None and not timedelta() <= now - self.looked <= self.stall
        self.looked = now
        if not listening:
            self.since = self.next_at = None
            return []
        if self.next_at is None or broken:
            self.since, self.next_at = now, now + PROVED
        due = []
        while self.next_at <= now:
            due.append(self.next_at)
            self.next_at += self.every
        return due
