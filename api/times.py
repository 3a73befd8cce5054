"""Times and stretches of time as people say them. Pure; times are aware, shown in the home's zone."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

_MINUTE = 60
_HOUR = 3600


def when(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """ "today 09:30", "yesterday 21:40", "Wednesday 18 November 09:30"."""
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    if local.date() == today:
        return f"today {local:%H:%M}"
    if local.date() == today - timedelta(days=1):
        return f"yesterday {local:%H:%M}"
    year = "" if local.year == today.year else f" {local.year}"
    return f"{local:%A} {local.day} {local:%B}{year} {local:%H:%M}"


def coming(at: datetime, zone: ZoneInfo, now: datetime) -> str:
    """ "today 20:00", "tomorrow 20:00", "Sunday 20:00" within a week, "Sunday 6 December 20:00"."""
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    days = (local.date() - today).days
    if days == 1:
        return f"tomorrow {local:%H:%M}"
    return f"{local:%A} {local:%H:%M}" if 1 < days < 7 else when(at, zone, now)


def clock(at: datetime, zone: ZoneInfo) -> str:
    """ "09:30"."""
    return f"{at.astimezone(zone):%H:%M}"


def to_the_second(at: datetime, zone: ZoneInfo) -> str:
    """ "09:30:02", for what became of a message."""
    return f"{at.astimezone(zone):%H:%M:%S}"


def how_long(stretch: timedelta) -> str:
    """ "less than a minute", "12 minutes", "1 hour 5 minutes", "3 days"."""
    seconds = max(0, int(stretch.total_seconds()))
    if seconds < _MINUTE:
        return "less than a minute"
    if seconds < _HOUR:
        return _count(seconds // _MINUTE, "minute")
    if seconds < 24 * _HOUR:
        hours, rest = divmod(seconds // _MINUTE, 60)
        return _count(hours, "hour") + (f" {_count(rest, 'minute')}" if rest else "")
    days, rest = divmod(seconds // _HOUR, 24)
    return _count(days, "day") + (f" {_count(rest, 'hour')}" if rest else "")


def ago(at: datetime, now: datetime) -> str:
    """ "just now", "10 minutes ago", "3 hours ago" (long ones without the minutes)."""
    seconds = (now - at).total_seconds()
    if seconds < _MINUTE:
        return "just now"
    if seconds >= 2 * _HOUR:
        seconds -= seconds % _HOUR
    return f"{how_long(timedelta(seconds=seconds))} ago"


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
