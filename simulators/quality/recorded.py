"""The recorded homes that quality is measured on, and which of their days say something. Reads one file."""

import os
from bisect import bisect_left, bisect_right
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from alerts.folding import Plain
from alerts.replaying.replay_rows import opened, rows
from alerts.replaying.rule_files import Placed

ZONE = ZoneInfo("Europe/London")
LEARNING_DAYS = 14
FEWEST_CLEAN_DAYS = 21
DAY_S = 24 * 3600.0
LONG_GAP_S = 30 * 60.0
AT_DOOR_S = 120.0

# Nothing of any home was recorded then: the platform itself had failed (local time).
OUTAGE = (datetime(2019, 6, 15, 4, 4, tzinfo=ZONE), datetime(2019, 6, 17, 14, 16, tzinfo=ZONE))


@dataclass(frozen=True, slots=True)
class Home:
    """One recorded home; `readings` in order of time."""

    name: str
    readings: tuple[Plain, ...]
    times: tuple[float, ...]
    doors: tuple[float, ...]
    first_day: date
    clean: tuple[date, ...]
    main_door: str
    """The outside door that is used most; where none is watched, a front door."""

    @property
    def learning(self) -> tuple[Plain, ...]:
        end = start_of(self.first_day + timedelta(days=LEARNING_DAYS))
        return self.readings[: bisect_left(self.times, end)]

    @property
    def measured(self) -> tuple[date, ...]:
        """Clean days after those that may be learned from."""
        return tuple(day for day in self.clean if (day - self.first_day).days >= LEARNING_DAYS)

    def between(self, start: float, end: float) -> tuple[Plain, ...]:
        return self.readings[bisect_left(self.times, start) : bisect_left(self.times, end)]

    def is_home(self, at: float) -> bool:
        """Not in a silence of half an hour or more that begins or ends at an outside door."""
        place = bisect_right(self.times, at)
        if not 0 < place < len(self.times):
            return False
        start, end = self.times[place - 1], self.times[place]
        return end - start < LONG_GAP_S or not (
            self._door(start - AT_DOOR_S, start) or self._door(end, end + AT_DOOR_S)
        )

    def _door(self, first: float, last: float) -> bool:
        return bisect_right(self.doors, last) > bisect_left(self.doors, first)


@lru_cache(maxsize=65536)
def start_of(day: date, hour: float = 0) -> float:
    """Unix seconds of an hour on the wall."""
    wall = datetime(day.year, day.month, day.day, int(hour), round(hour % 1 * 60), tzinfo=ZONE)
    return wall.timestamp()


def day_of(at: float) -> date:
    return datetime.fromtimestamp(at, UTC).astimezone(ZONE).date()


def folder() -> Path:
    here = Path(__file__).resolve().parents[2]
    return Path(os.environ.get("HEARTH_TEST_DATA", here.parent / "shared" / "data")) / "tihm"


def recorded(file: Path) -> list[Home]:
    """The homes with enough clean days, by name."""
    of: dict[str, list[Plain]] = defaultdict(list)
    placed: dict[str, Placed] = {}
    with opened(file) as lines:
        for home, at, sensor, _, _ in rows(lines, ZONE):
            one = placed.get(sensor) or placed.setdefault(sensor, Placed.by_name(sensor))
            of[home].append((at, sensor, one.role, one.reports, 1.0))
    homes = (_home(name, sorted(readings)) for name, readings in sorted(of.items()))
    return [home for home in homes if len(home.clean) >= FEWEST_CLEAN_DAYS]


def _home(name: str, readings: list[Plain]) -> Home:
    times = tuple(reading[0] for reading in readings)
    doors = [place for _, place, role, _, _ in readings if role == "outside_door"]
    return Home(
        name=name,
        readings=tuple(readings),
        times=times,
        doors=tuple(at for at, _, role, _, _ in readings if role == "outside_door"),
        first_day=day_of(times[0]),
        clean=tuple(_clean(times)),
        main_door=max(set(doors), key=doors.count, default="front-door"),
    )


def _clean(times: tuple[float, ...]) -> list[date]:
    """Neither first nor last, and not touched by a silence of 24 h or more."""
    first, last = day_of(times[0]), day_of(times[-1])
    days = {first + timedelta(days=n) for n in range(1, (last - first).days)}
    for start, end in pairwise(times):
        if end - start >= DAY_S:
            gone, back = day_of(start), day_of(end)
            days -= {gone + timedelta(days=n) for n in range((back - gone).days + 1)}
    return sorted(days)
