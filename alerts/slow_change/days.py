"""From signs of life to the days that are compared, for recorded homes. Pure.

It counts by hours as the database's rollups do (sql/days.sql), so both give the same days.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import groupby, pairwise
from zoneinfo import ZoneInfo

from alerts.slow_change.changes import DAY_MIN, Day, Week

OUT_AFTER_S, AT_DOOR_S = 3600.0, 120.0
FIRST_OUT, LAST_OUT = 6, 20
NIGHT_ENDS = 5

Sign = tuple[datetime, str, str]
"""When (aware), at which place, and the role of the sensor there."""


@dataclass(slots=True)
class _Hour:
    """Signs of life in one hour."""

    local: datetime
    first_at: float
    last_at: float
    events: int = 0
    doors: int = 0
    door_at: float = 0.0
    kitchen: bool = False

    def add(self, at: float, place: str, role: str) -> None:
        self.first_at, self.last_at = min(at, self.first_at), max(at, self.last_at)
        self.events += 1
        if role == "outside_door":
            self.doors += 1
            self.door_at = max(at, self.door_at)
        self.kitchen |= role == "fridge_door" or "kitchen" in place.lower()


def weeks_of(signs: Iterable[Sign], zone: ZoneInfo, seen_min: Mapping[date, int] | None = None) -> list[Week]:
    """The whole weeks of a home, in order. `seen_min`: covered minutes of each local day; None: all of it."""
    found = sorted(_days(list(_hours(signs, zone)), seen_min), key=lambda day: day.day)
    weeks = groupby(found, key=lambda day: day.day - timedelta(days=day.day.weekday()))
    return [Week(monday, tuple(days)) for monday, days in weeks]


def _hours(signs: Iterable[Sign], zone: ZoneInfo) -> Iterable[_Hour]:
    hours: dict[int, _Hour] = {}
    for when, place, role in signs:
        at = when.timestamp()
        number = int(at // 3600)
        if number not in hours:
            hours[number] = _Hour(datetime.fromtimestamp(number * 3600, UTC).astimezone(zone), at, at)
        hours[number].add(at, place, role)
    return (hours[number] for number in sorted(hours))


def _days(hours: list[_Hour], seen_min: Mapping[date, int] | None) -> Iterable[Day]:
    out = {id(hour) for hour, later in pairwise(hours) if _goes_out(hour, later)}
    for day, some in groupby(hours, key=lambda hour: hour.local.date()):
        of_day = list(some)
        yield Day(
            day,
            DAY_MIN if seen_min is None else seen_min.get(day, 0),
            hours=len(of_day),
            kitchen=sum(hour.kitchen for hour in of_day),
            night=sum(hour.events for hour in of_day if hour.local.hour < NIGHT_ENDS),
            doors=sum(hour.doors for hour in of_day),
            outings=sum(id(hour) in out for hour in of_day),
        )


def _goes_out(hour: _Hour, later: _Hour) -> bool:
    """Whether a silence of an hour begins in this hour at an outside door, in the daytime."""
    by_day = FIRST_OUT <= hour.local.hour < LAST_OUT
    return by_day and later.first_at - hour.last_at >= OUT_AFTER_S and hour.last_at - hour.door_at <= AT_DOOR_S
