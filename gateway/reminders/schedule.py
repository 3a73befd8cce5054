"""When a reminder or a visit is due. Pure; local time becomes an instant here and nowhere else.

An occurrence is named by its local day and time, `2026-03-29T08:30`, so that it stays one and
the same whatever the clock does. A time that the clock leaves out in spring comes as much later
as the clock was moved; one that comes twice in autumn is meant the first time.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from gateway.config import Schedule

A_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time that is due. `name`: local day and time; `at`: UTC."""

    name: str
    at: datetime


def is_day(schedule: Schedule, day: date) -> bool:
    """Whether anything is due on this local day."""
    if day in schedule.not_on:
        return False
    if (schedule.first_day and day < schedule.first_day) or (schedule.last_day and day > schedule.last_day):
        return False
    return day in schedule.dates if schedule.dates else day.isoweekday() in schedule.weekdays


def on_day(schedule: Schedule, zone: ZoneInfo, day: date) -> list[Occurrence]:
    """What is due on a local day, in order."""
    if not is_day(schedule, day):
        return []
    names = sorted({f"{day.isoformat()}T{at}" for at in schedule.times})
    return sorted((Occurrence(name, _instant(name, zone)) for name in names), key=lambda one: one.at)


def between(schedule: Schedule, zone: ZoneInfo, first: datetime, last: datetime) -> Iterator[Occurrence]:
    """What is due from `first` to `last` (aware, both included), in order of days."""
    day = first.astimezone(zone).date() - A_DAY
    while day <= last.astimezone(zone).date():
        yield from (one for one in on_day(schedule, zone, day) if first <= one.at <= last)
        day += A_DAY


def _instant(name: str, zone: ZoneInfo) -> datetime:
    day, at = name.split("T")
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(at), zone).astimezone(UTC)
