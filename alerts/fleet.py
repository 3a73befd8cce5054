"""When most homes fall silent together, it is us. Pure: counts in, verdict out.

Two ways to notice it. Gateways beat every five minutes, so that half of them missing for ten
is enough. Where beats say nothing (they come although nothing else does, or there are none),
signs of life of many homes are compared with what is usual at that hour.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from math import exp, lgamma, log, log1p
from zoneinfo import ZoneInfo

from alerts.ledger import Outage, OutageKind
from alerts.local_days import local_hour, minute_of

BEATS_WITHIN_MIN = 10
"""Two beats in a row are missing."""
BEFORE_MIN = 60
FEWEST_SILENT = 5
"""So many homes must have fallen silent: of a handful, half may well be chance."""

SIGNS_WITHIN_MIN = 28
"""Looked at each minute, so that it is found within half an hour of the last sign."""
LIVED_IN_MIN = 24 * 60
FEWEST_LIVED_IN = 8
CHANCE = 1e-6
"""How likely so few may stir although nothing is wrong."""
FEWEST_FOR_NOBODY = 8
CHANCE_OF_NOBODY = 1e-4
"""The same where not one home of many stirs, so that by night too it is found within half an hour.
28 recorded homes were all still for 28 minutes on two nights of ten weeks, and both times it was the
platform that had failed (for 58 h, and for 2 h). Of made-up outages of 2 h by day it finds 16 of 16 in
half an hour with 40 homes, 14 with 20 and 8 with 12, of which fewer live at a time, and nothing else."""

LONGEST = timedelta(days=7)
"""Homes that are not back by then are no longer in service."""

USUAL_SHARE = (0.35, 0.31, 0.30, 0.30, 0.31, 0.38, 0.47, 0.62, 0.78, 0.84, 0.81, 0.77,
               0.76, 0.76, 0.71, 0.70, 0.74, 0.79, 0.82, 0.79, 0.72, 0.71, 0.66, 0.51)  # fmt: skip
"""The share of homes with a sign of life in any 28 minutes, by the hour of the local day: of those
with one in the 24 hours before. 40 homes from April to June 2019 (TIHM, CC BY 4.0;
doi 10.1038/s41597-023-02519-y)."""


USUAL_HOUR = (0.53, 0.50, 0.48, 0.47, 0.48, 0.58, 0.66, 0.79, 0.88, 0.91, 0.86, 0.84,
              0.84, 0.83, 0.80, 0.82, 0.85, 0.88, 0.88, 0.87, 0.82, 0.82, 0.78, 0.64)  # fmt: skip
"""The share of the same homes with a sign of life in that whole hour."""
HABIT_DAYS = 14
FEWEST_HABITS = 48
"""So many days of homes tell how a fleet lives; of fewer the homes above have to stand in."""


@dataclass(frozen=True, slots=True)
class Habit:
    """How homes lived at this hour of their last days: so many days of homes, and so many in which they stirred."""

    days: int
    stirred: int


@dataclass(frozen=True, slots=True)
class Counts:
    """Homes, as they are counted at one moment."""

    in_service: int
    """Heard in the last ten minutes or in the hour before."""
    heard: int
    """Of those: in the last ten minutes."""
    asked: int
    """Homes whose signs of life were looked up; of very many a sample will do."""
    lived_in: int
    """Of those: with a sign of life within a day."""
    stirred: int
    """Of those: in the last 28 minutes."""


def usual_share(hour: float) -> float:
    """What is usual at this hour of the local day (7.5: half past seven), between the middles of two hours."""
    before = int(hour - 0.5) if hour >= 0.5 else -1
    part = hour - 0.5 - before
    return USUAL_SHARE[before] * (1 - part) + USUAL_SHARE[(before + 1) % 24] * part


def usual_here(usual: float, hour: float, habit: Habit) -> float:
    """The usual share in a fleet with this habit: never more than elsewhere, less where people sleep through.

    In a house of young people a night without a movement is a night, and no outage.
    """
    if habit.days < FEWEST_HABITS:
        return usual
    own = (habit.stirred + 1) / (habit.days + 2)  # never quite nothing
    return usual * min(1.0, own / USUAL_HOUR[int(hour)])


def stopped(counts: Counts, usual: float) -> OutageKind | None:
    """What has stopped, so that we cannot see; None: nothing."""
    silent = counts.in_service - counts.heard
    if silent >= FEWEST_SILENT and counts.heard * 2 < counts.in_service:
        return OutageKind.BEATS
    if counts.lived_in < FEWEST_LIVED_IN or counts.stirred * 2 >= usual * counts.lived_in:
        return None
    nobody = not counts.stirred and counts.lived_in >= FEWEST_FOR_NOBODY
    limit = CHANCE_OF_NOBODY if nobody else CHANCE
    return OutageKind.SIGNS if chance(counts.lived_in, counts.stirred, usual) < limit else None


def is_over(outage: Outage, homes: int, counts: Counts, usual: float, now: datetime) -> bool:
    """Whether of `homes` that were in service when it began at least half are heard, or stir half as much as usual."""
    if now - outage.began_at > LONGEST:
        return True
    if outage.kind is OutageKind.BEATS:
        return counts.heard * 2 >= homes
    # Enough of them can be asked; the sample of very many homes is not always of the same size.
    return counts.asked * 4 >= homes and counts.stirred * 2 >= usual * min(homes, counts.asked)


def chance(homes: int, stirred: int, usual: float) -> float:
    """How likely it is that of so many homes no more stir, each by itself with the usual share."""
    return sum(exp(_log_term(homes, count, usual)) for count in range(stirred + 1))


def _log_term(homes: int, count: int, usual: float) -> float:
    ways = lgamma(homes + 1) - lgamma(count + 1) - lgamma(homes - count + 1)
    return ways + count * log(usual) + (homes - count) * log1p(-usual)


@dataclass(slots=True)
class FleetWatch:
    """Many homes at once, told of each reading in order of arrival; the ledger grows in `outages`.

    Times are Unix seconds. A home counts for the half rule from its first beat on.
    """

    zone: ZoneInfo
    outages: list[Outage] = field(default_factory=list)
    _homes: int = 0
    _beat: dict[str, float] = field(default_factory=dict)
    _sign: dict[str, float] = field(default_factory=dict)

    def hear_beat(self, home: str, arrived: float) -> None:
        self._beat[home] = arrived

    def hear_sign(self, home: str, at: float) -> None:
        if at > self._sign.get(home, 0.0):
            self._sign[home] = at

    def look(self, now: datetime) -> Outage | None:
        """The outage that is found, or that ends, at this moment. To be asked once a minute."""
        counts, usual = self._count(now.timestamp()), usual_share(local_hour(self.zone, minute_of(now)))
        last = self.outages[-1] if self.outages else None
        if last is None or last.ended_at is not None:
            return self._begin(counts, usual, now)
        if not is_over(last, self._homes, counts, usual, now):
            return None
        self.outages[-1] = Outage(last.kind, last.began_at, now)
        return self.outages[-1]

    def _begin(self, counts: Counts, usual: float, now: datetime) -> Outage | None:
        kind = stopped(counts, usual)
        if kind is None:
            return None
        heard, within = (self._beat, BEATS_WITHIN_MIN) if kind is OutageKind.BEATS else (self._sign, SIGNS_WITHIN_MIN)
        self._homes = counts.in_service if kind is OutageKind.BEATS else counts.lived_in
        began = max(at for at in heard.values() if at <= now.timestamp() - within * 60)
        self.outages.append(Outage(kind, datetime.fromtimestamp(began, now.tzinfo)))
        return self.outages[-1]

    def _count(self, now: float) -> Counts:
        beats, signs = self._beat.values(), self._sign.values()
        return Counts(
            in_service=_since(beats, now - (BEATS_WITHIN_MIN + BEFORE_MIN) * 60),
            heard=_since(beats, now - BEATS_WITHIN_MIN * 60),
            asked=len(self._sign),
            lived_in=_since(signs, now - LIVED_IN_MIN * 60),
            stirred=_since(signs, now - SIGNS_WITHIN_MIN * 60),
        )


def _since(times: Iterable[float], at: float) -> int:
    return sum(1 for time in times if time > at)
