"""How long the resident pauses monitoring. Pure.

While it lasts the gateway forwards calls for help and reminders and nothing else, sends no beats,
keeps no raw messages, and says so in its status: so nobody takes the quiet for a quiet person.
"""

from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

MORNING = time(7, 0)
LONGEST = timedelta(hours=31)
"""Longer than any pause can be: one that seems longer comes from a clock that was put back."""


class Length(StrEnum):
    AN_HOUR = "1h"
    FOUR_HOURS = "4h"
    TOMORROW = "tomorrow"


def until(length: Length, now: datetime, zone: ZoneInfo) -> datetime:
    """When a pause that begins now is over (UTC)."""
    if length is not Length.TOMORROW:
        return now + timedelta(hours=1 if length is Length.AN_HOUR else 4)
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, MORNING, zone).astimezone(UTC)


def holds(paused_until: datetime | None, now: datetime) -> bool:
    return paused_until is not None and timedelta() < paused_until - now <= LONGEST
