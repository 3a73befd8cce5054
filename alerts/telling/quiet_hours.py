"""Hours in which somebody is not told of what can wait. They never stop judging. Pure."""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from alerts.local_days import Hours, begun, instant, minute_of


@dataclass(frozen=True, slots=True)
class QuietHours:
    """Local time; until is not after start: over midnight."""

    start: time
    until: time
    zone: ZoneInfo

    def end_from(self, now: datetime) -> datetime | None:
        """When they end, if it is one of them now."""
        minute = minute_of(now)
        window = begun(Hours(f"{self.start:%H:%M}", f"{self.until:%H:%M}"), self.zone, minute)
        return instant(window.end) if window is not None and minute < window.end else None
