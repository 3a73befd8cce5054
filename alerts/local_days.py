"""Windows of local time as spans of Unix minutes, on days of 23, 24 and 25 hours. Pure.

Where the clocks change, a wall time may come twice or not at all. A window then begins at
the earliest instant that its start can mean and ends at the latest that its end can mean:
on those two nights it is rather an hour too long than too short.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

import holidays

Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_DAY = timedelta(days=1)


class BankHolidays(StrEnum):
    """What a bank holiday of England is taken for."""

    SAME = "same"  # the weekday it falls on
    SKIP = "skip"  # no day at all
    SUNDAY = "sunday"


class Hours(NamedTuple):
    """A stretch of the local day, "22:00" to "06:00" crossing midnight, on the weekdays it begins.

    A tuple, because it is looked up with every question below.
    """

    start: str
    end: str
    weekdays: tuple[Weekday, ...] = WEEKDAYS
    bank_holidays: BankHolidays = BankHolidays.SAME

    def are_on(self, day: date) -> bool:
        if self.bank_holidays is not BankHolidays.SAME and is_bank_holiday(day):
            return self.bank_holidays is BankHolidays.SUNDAY and "sun" in self.weekdays
        return WEEKDAYS[day.weekday()] in self.weekdays


@lru_cache(maxsize=1024)
def is_bank_holiday(day: date) -> bool:
    """Whether this is a bank holiday in England."""
    return day in _ENGLAND


_ENGLAND = holidays.country_holidays("GB", subdiv="ENG")


@dataclass(frozen=True, slots=True)
class Window:
    """The hours of one day: Unix minutes from `first` up to but without `end`."""

    day: date
    first: int
    end: int


def minute_of(at: datetime) -> int:
    """The Unix minute in which this instant lies."""
    return int(at.timestamp() // 60)


@lru_cache(maxsize=8192)
def instant(minute: int) -> datetime:
    """The beginning of a Unix minute."""
    return datetime.fromtimestamp(minute * 60, UTC)


@lru_cache(maxsize=8192)
def begun(hours: Hours, zone: ZoneInfo, minute: int) -> Window | None:
    """The window that began last, up to this minute; None where none did within three days."""
    today = instant(minute).astimezone(zone).date()
    for back in range(-1, 4):
        window = _on(hours, zone, today - back * _DAY)
        if window is not None and window.first <= minute:
            return window
    return None


@lru_cache(maxsize=8192)
def coming(hours: Hours, zone: ZoneInfo, minute: int) -> Window:
    """The next window that begins after this minute."""
    today = instant(minute).astimezone(zone).date()
    for ahead in range(-1, 30):
        window = _on(hours, zone, today + ahead * _DAY)
        if window is not None and window.first > minute:
            return window
    raise ValueError("these hours are on no weekday")


@lru_cache(maxsize=8192)
def local_day(zone: ZoneInfo, minute: int) -> Window:
    """The local day that holds this minute, from midnight to midnight."""
    day = instant(minute).astimezone(zone).date()
    return Window(day, _earliest(day, "00:00", zone), _earliest(day + _DAY, "00:00", zone))


@lru_cache(maxsize=8192)
def local_hour(zone: ZoneInfo, minute: int) -> float:
    """The hour on the wall at this minute, 0 to 24."""
    local = instant(minute).astimezone(zone)
    return local.hour + local.minute / 60


def clock_minutes(text: str) -> int:
    """Minutes after midnight of "HH:MM"."""
    return int(text[:2]) * 60 + int(text[3:])


@lru_cache(maxsize=8192)
def _on(hours: Hours, zone: ZoneInfo, day: date) -> Window | None:
    if not hours.are_on(day):
        return None
    crosses = clock_minutes(hours.end) <= clock_minutes(hours.start)
    last = day + _DAY if crosses else day
    return Window(day, _earliest(day, hours.start, zone), _latest(last, hours.end, zone))


def _earliest(day: date, text: str, zone: ZoneInfo) -> int:
    return min(_meanings(day, text, zone))


def _latest(day: date, text: str, zone: ZoneInfo) -> int:
    return max(_meanings(day, text, zone))


def _meanings(day: date, text: str, zone: ZoneInfo) -> tuple[int, int]:
    wall = datetime.combine(day, time.fromisoformat(text), zone)
    return minute_of(wall.replace(fold=0)), minute_of(wall.replace(fold=1))
