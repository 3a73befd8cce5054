"""What must change nothing: delivery twice and in disorder, a wrong clock, days of 23 and 25 hours."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta

from alerts.folding import Plain
from alerts.replaying.clocks import mended
from alerts.replaying.lines import Line
from alerts.replaying.replay_home import HomeReplay
from alerts.replaying.replay_rows import Row
from alerts.rules import RuleSettings
from alerts.verdicts import AlertClass
from gateway.messages import Kind
from simulators.quality.faults import Delivered, in_bursts
from simulators.quality.recorded import ZONE, Home, day_of

WRONG_EVERY_DAYS = 3
WRONG_S = 3600.0

CHANGES_OF_CLOCKS = {"23 h": date(2019, 3, 31), "25 h": date(2019, 10, 27)}

Finding = tuple[int, str, str]
"""Days after the one of another length, kind of rule, reason."""


def changed(home: Home, rules: Sequence[RuleSettings], untouched: Sequence[Line]) -> dict[str, int]:
    """How many findings each fault adds or takes away."""

    def replayed(delivered: Iterable[Delivered]) -> list[Line]:
        return whole(home.name, rules, delivered)

    twice = replayed((r[0], r) for r in home.readings for _ in range(2))
    straight = replayed(in_bursts(home.readings))
    backwards = replayed(in_bursts(home.readings, backwards=True))
    return {
        "delivered twice": _differ(untouched, twice),
        "backwards": _differ(straight, backwards),
        "clock ahead": _differ(untouched, replayed(with_wrong_clock(home, WRONG_S))),
        "clock behind": _differ(untouched, replayed(with_wrong_clock(home, -WRONG_S))),
        **{f"day of {length}": _moved(home, replayed, on, untouched) for length, on in CHANGES_OF_CLOCKS.items()},
    }


def whole(name: str, rules: Sequence[RuleSettings], delivered: Iterable[Delivered]) -> list[Line]:
    lines: list[Line] = []
    replay = HomeReplay(name, rules, ZONE, lines.append, assume_covered=True)
    for arrived, reading in delivered:
        replay.take(arrived, reading)
    replay.finish()
    return lines


def with_wrong_clock(home: Home, by: float) -> Iterable[Delivered]:
    """On every third day all times are wrong; readings arrive when they really happened."""
    what: dict[str, tuple[str, Kind, float]] = {
        place: (role, kind, value) for _, place, role, kind, value in home.readings
    }

    def told() -> Iterable[Row]:
        for at, place, *_ in home.readings:
            wrong = (day_of(at) - home.first_day).days % WRONG_EVERY_DAYS == 1
            yield home.name, at + by if wrong else at, place, None, at

    return ((arrived, (at, place, *what[place])) for _, at, place, _, arrived in mended(told()))


def moved_to(readings: Iterable[Plain], days: int) -> list[Plain]:
    """The same life by the clock on the wall, so many days later."""
    later = timedelta(days=days)
    return sorted((_wall(at, later), *what) for at, *what in readings)  # type: ignore[misc]  # the tail of a Plain


def _wall(at: float, later: timedelta) -> float:
    wall = datetime.fromtimestamp(at, ZONE).replace(tzinfo=None) + later
    return wall.replace(tzinfo=ZONE).timestamp()


def _moved(
    home: Home, replayed: Callable[[Iterable[Delivered]], list[Line]], on: date, untouched: Sequence[Line]
) -> int:
    """A Sunday amid the measured days becomes the one on which the clocks change: what is then found
    of the person, from the day before it to two days after."""
    sundays = [day for day in home.measured if day.weekday() == on.weekday()] or list(home.measured)
    sunday = sundays[len(sundays) // 2]
    lines = replayed((reading[0], reading) for reading in moved_to(home.readings, (on - sunday).days))
    return len(_findings(lines, on) ^ _findings(untouched, sunday))


def _findings(lines: Iterable[Line], around: date) -> set[Finding]:
    found = ((day_of(line.raised_at.timestamp()) - around, line) for line in lines)
    return {
        (days.days, line.kind, line.reason.value)
        for days, line in found
        if line.class_ in (AlertClass.WELFARE, AlertClass.URGENT) and -1 <= days.days <= 2
    }


def _differ(one: Sequence[Line], other: Sequence[Line]) -> int:
    return len({repr(line) for line in one} ^ {repr(line) for line in other})
