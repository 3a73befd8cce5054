"""One local day of a home as bars: where there was life, and when we could not see. Pure.

Positions are thousandths of the local day, which has 23, 24 or 25 hours.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

FULL = 1000
BUSY, SOME = 12, 4
"""From so many signs in an hour a bar is drawn full, or half strong."""


@dataclass(frozen=True, slots=True)
class HourOfLife:
    """One row of activity_hour."""

    place: str
    hour: datetime
    events: int
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of the day. `level`: 1 a little, 2 some, 3 busy."""

    x: int
    width: int
    level: int = 0


@dataclass(frozen=True, slots=True)
class Row:
    """One place: its bars, and the same in words."""

    place: str
    bars: tuple[Bar, ...]
    words: str


@dataclass(frozen=True, slots=True)
class Timeline:
    """The day from midnight to midnight, local time."""

    rows: tuple[Row, ...]
    gaps: tuple[Bar, ...]
    now_x: int
    ticks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Day:
    """A local day between two times in UTC (one zone's times would be subtracted by the wall clock)."""

    start: datetime
    end: datetime
    ticks: tuple[datetime, ...]

    def x(self, at: datetime) -> int:
        """Where in the day, 0 to FULL; times outside are moved to its edges."""
        share = (at - self.start) / (self.end - self.start)
        return round(FULL * min(1.0, max(0.0, share)))

    def bar(self, start: datetime, end: datetime, level: int = 0) -> Bar:
        return Bar(self.x(start), max(1, self.x(end) - self.x(start)), level)


def day_of(now: datetime, zone: ZoneInfo) -> Day:
    """The local day in which `now` lies."""
    today = now.astimezone(zone).date()

    def at(day: date, hour: int) -> datetime:
        return datetime.combine(day, time(hour), zone).astimezone(UTC)

    return Day(at(today, 0), at(today + timedelta(days=1), 0), tuple(at(today, hour) for hour in (6, 12, 18)))


def draw(
    hours: Sequence[HourOfLife], gaps: Iterable[tuple[datetime, datetime]], zone: ZoneInfo, now: datetime
) -> Timeline:
    """Lay the day out. Places come in the order of their first sign."""
    day = day_of(now, zone)
    by_place = {place: list(rows) for place, rows in groupby(hours, key=lambda row: row.place)}
    in_order = sorted(by_place.items(), key=lambda item: item[1][0].first_at)
    return Timeline(
        rows=tuple(_row(place, rows, day, zone) for place, rows in in_order),
        gaps=tuple(day.bar(start, end) for start, end in gaps),
        now_x=day.x(now),
        ticks=tuple(day.x(tick) for tick in day.ticks),
    )


def _row(place: str, hours: Sequence[HourOfLife], day: Day, zone: ZoneInfo) -> Row:
    bars = tuple(day.bar(row.hour, row.hour + timedelta(hours=1), _level(row.events)) for row in hours)
    return Row(place, bars, ", ".join(_stretches(hours, zone)))


def _level(events: int) -> int:
    return 3 if events >= BUSY else 2 if events >= SOME else 1


def _stretches(hours: Sequence[HourOfLife], zone: ZoneInfo) -> Iterable[str]:
    """ "07:05 to 09:40" for each run of hours that follow one another."""
    run: list[HourOfLife] = []
    for row in hours:
        if run and row.hour - run[-1].hour > timedelta(hours=1):
            yield _words(run, zone)
            run = []
        run.append(row)
    if run:
        yield _words(run, zone)


def _words(run: Sequence[HourOfLife], zone: ZoneInfo) -> str:
    first, last = (f"{at.astimezone(zone):%H:%M}" for at in (run[0].first_at, run[-1].last_at))
    return first if first == last else f"{first} to {last}"
