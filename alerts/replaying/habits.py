"""What a home usually does, measured on its first weeks. Pure: readings in, figures out.

Only days that say something count: not the first and the last (they are incomplete), and none
that is touched by a silence of 24 h or more (nobody was there, or nothing could be seen).
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from alerts.folding import Key, Plain
from alerts.rules import USUAL_DAY, BathroomVisits, UnusualQuiet
from alerts.sight import LONE_MIN
from ingest.kinds import is_sign_of_life

PRIOR_DAYS = 6
"""The usual day of many homes counts as much as so many days of this one."""

OUT_AT_LEAST_S = 30 * 60.0
_DAY_S = 24 * 3600.0
_DEFAULT = UnusualQuiet()
_VISITS = BathroomVisits()

Sign = tuple[float, Key]
"""Unix seconds, (place, role)."""


@dataclass(frozen=True, slots=True)
class SensorHabit:
    """How often a sensor speaks, and the longest it was silent."""

    key: Key
    count: int
    days: int
    """On so many of the days that count it spoke."""
    longest_hours: int
    """Its longest silence, in hours in which something stirred in the home."""
    longest_days: float


@dataclass(frozen=True, slots=True)
class Habits:
    """A home's habits over `days` (local dates)."""

    days: tuple[date, ...]
    usual: tuple[float, ...]
    """For each hour of the day: share of days at home on which something stirred (drawn to many homes' days)."""
    kitchen: tuple[float, ...]
    """The first use of the kitchen of each day after 05:00, in hours, earliest first."""
    nights: tuple[int, ...]
    """For each night the most movements within 90 min from 00:00 to 05:00 (each place once a minute), fewest first."""
    visits: tuple[int, ...]
    """For each night the visits to the bathroom from 23:00 to 06:00, fewest first; empty: no sensor there."""
    sensors: tuple[SensorHabit, ...]
    outs: tuple[float, ...]
    """Each time out of half an hour or more, in hours, longest first."""


def measure(readings: Iterable[Plain], zone: ZoneInfo) -> Habits:
    """Readings in any order."""
    return _Measuring(readings, zone).habits()


@lru_cache(maxsize=65536)
def _hour_of(zone: ZoneInfo, unix_hour: int) -> tuple[date, int]:
    """Local day and hour in which a Unix hour begins."""
    local = datetime.fromtimestamp(unix_hour * 3600, UTC).astimezone(zone)
    return local.date(), local.hour


class _Measuring:
    """The readings of one home while they are counted."""

    def __init__(self, readings: Iterable[Plain], zone: ZoneInfo) -> None:
        self.zone = zone
        self.all: list[Sign] = sorted(
            (at, (place, role)) for at, place, role, kind, value in readings if is_sign_of_life(kind, value)
        )
        self.signs = _without_lone(self.all)
        self.times = [at for at, _ in self.signs]
        self.days = self._days_that_count()

    def habits(self) -> Habits:
        outs = self._outs()
        return Habits(
            days=tuple(sorted(self.days)),
            usual=self._usual(outs),
            kitchen=tuple(sorted(self._first_kitchens())),
            nights=tuple(sorted(self._night(day) for day in self.days)),
            visits=tuple(sorted(self._visits())),
            sensors=tuple(self._sensors()),
            outs=tuple(sorted(((end - start) / 3600 for start, end in outs), reverse=True)),
        )

    def day_and_hour(self, at: float) -> tuple[date, int]:
        return _hour_of(self.zone, int(at // 3600))

    def _days_that_count(self) -> set[date]:
        if not self.all:
            return set()
        first, last = self.day_and_hour(self.all[0][0])[0], self.day_and_hour(self.all[-1][0])[0]
        days = {first + timedelta(days=n) for n in range(1, (last - first).days)}
        for (start, _), (end, _) in zip(self.all, self.all[1:], strict=False):
            if end - start >= _DAY_S:
                gone, back = self.day_and_hour(start)[0], self.day_and_hour(end)[0]
                days -= {gone + timedelta(days=n) for n in range((back - gone).days + 1)}
        return days

    def _outs(self) -> list[tuple[float, float]]:
        """Silences that an outside door began, as a rule with the default settings sees them."""
        outs = []
        door = 0.0
        for (start, (_, role)), (end, _) in zip(self.signs, self.signs[1:], strict=False):
            if role == "outside_door":
                door = start
            if end - start < OUT_AT_LEAST_S or start - door > _DEFAULT.out_after_door_s:
                continue
            if _DEFAULT.out_from <= self.day_and_hour(door)[1] < _DEFAULT.out_until:
                outs.append((start, end))
        return outs

    def _usual(self, outs: Sequence[tuple[float, float]]) -> tuple[float, ...]:
        stirred = {self.day_and_hour(at) for at in self.times}
        out = {
            self.day_and_hour(hour * 3600.0)
            for start, end in outs
            for hour in range(int(start // 3600), int(end // 3600) + 1)
        }
        shares = []
        for hour in range(24):
            on = sum(1 for day in self.days if (day, hour) in stirred)
            home = sum(1 for day in self.days if (day, hour) in stirred or (day, hour) not in out)
            shares.append(round((on + PRIOR_DAYS * USUAL_DAY[hour]) / (home + PRIOR_DAYS), 2))
        return tuple(shares)

    def _first_kitchens(self) -> Iterable[float]:
        first: dict[date, float] = {}
        for at, key in self.signs:
            day, hour = self.day_and_hour(at)
            if hour >= 5 and is_kitchen(key) and day not in first:
                first[day] = hour + at % 3600 / 3600
        return (hours for day, hours in first.items() if day in self.days)

    def _night(self, day: date) -> int:
        start = self._wall(day, 0)
        begin, end = bisect_left(self.times, start), bisect_left(self.times, start + 5 * 3600)
        minutes = sorted(minute for minute, _ in {(int(at // 60), key) for at, key in self.signs[begin:end]})
        return max((bisect_left(minutes, first + 90) - place for place, first in enumerate(minutes)), default=0)

    def _visits(self) -> Iterable[int]:
        times = [at for at, key in self.signs if is_bathroom(key)]
        for day in self.days if times else ():
            begin, end = (self._wall(day, 23), self._wall(day + timedelta(days=1), 6))
            night = times[bisect_left(times, begin) : bisect_left(times, end)]
            yield sum(1 for before, at in pairwise([0.0, *night]) if at - before > _VISITS.apart_min * 60)

    def _wall(self, day: date, hour: int) -> float:
        return datetime(day.year, day.month, day.day, hour, tzinfo=self.zone).timestamp()

    def _sensors(self) -> Iterable[SensorHabit]:
        hours = sorted({int(at // 3600) for at in self.times})
        of: dict[Key, list[float]] = defaultdict(list)
        for at, key in self.all:
            of[key].append(at)
        for key, times in sorted(of.items()):
            gaps = list(zip(times, [*times[1:], self.all[-1][0]], strict=True))
            active = [bisect_left(hours, int(b // 3600)) - bisect_left(hours, int(a // 3600) + 1) for a, b in gaps]
            days = {self.day_and_hour(at)[0] for at in times} & self.days
            yield SensorHabit(key, len(times), len(days), max(0, *active), max(b - a for a, b in gaps) / _DAY_S)


def is_kitchen(key: Key) -> bool:
    place, role = key
    return role == "fridge_door" or (role == "room" and "kitchen" in place.lower())


def is_bathroom(key: Key) -> bool:
    place, role = key
    return role == "room" and any(word in place.lower() for word in ("bath", "toilet", "wc"))


def _without_lone(signs: Sequence[Sign]) -> list[Sign]:
    """Without movements that have no other sign within ten minutes: an empty home shows some each day."""
    kept = []
    for place, (at, key) in enumerate(signs):
        before = place > 0 and at - signs[place - 1][0] <= LONE_MIN * 60
        after = place + 1 < len(signs) and signs[place + 1][0] - at <= LONE_MIN * 60
        if before or after or key[1] != "room":
            kept.append((at, key))
    return kept
