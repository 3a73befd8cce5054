"""Times for which the resident paused monitoring, as far as they count. Pure: no clock, no database.

Meanwhile the gateway sends calls for help and reminders and nothing else. What lies in such a time is
no silence of a person, and no fault of the kit.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from gateway.reminders import pausing

LONGEST = pausing.LONGEST
"""No pause counts for longer, whatever a gateway says, nor do several without a break: then somebody should look."""
NO_BREAK = timedelta(minutes=10)
"""What lies between two pauses is a break only if it is longer: a gateway sends its first beat after five minutes."""
REMEMBERED = timedelta(days=7)
"""So long a pause still matters: longer than any picture reaches back."""


@dataclass(frozen=True, slots=True)
class Pause:
    """From `from_at` until the earlier of its ends."""

    from_at: datetime
    until_at: datetime
    ended_at: datetime | None = None
    """The gateway said that it is over."""

    @property
    def end(self) -> datetime:
        return min(self.until_at, self.ended_at or self.until_at)

    def holds(self, now: datetime) -> bool:
        return self.from_at <= now < self.end

    def overlaps(self, start: datetime, end: datetime) -> bool:
        return self.from_at < end and start < self.end


def counted(told: Iterable[Pause]) -> tuple[Pause, ...]:
    """The pauses as they count, the oldest first: those without a break between them are one."""
    found: list[Pause] = []
    for one in sorted(told, key=lambda pause: pause.from_at):
        before = found[-1] if found else None
        if before is not None and one.from_at - before.end <= NO_BREAK:
            if one.end > before.end:
                found[-1] = Pause(before.from_at, one.until_at, one.ended_at)
        else:
            found.append(one)
    return tuple(_shortened(one) for one in found)


def _shortened(pause: Pause) -> Pause:
    return replace(pause, until_at=min(pause.until_at, pause.from_at + LONGEST))
