"""Whether a week was unlike the weeks before it, in plain sentences. Pure: no clock, no database.

What could not be seen is not counted: neither days that were hardly covered, nor days on which nobody
seems to have been at home, nor sensors that said nothing at all. Without five days in the week and three
weeks to compare it with nothing is said.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

DAY_MIN = 24 * 60
FEWEST_DAYS = 5
WEEKS_BEFORE = 4
FEWEST_WEEKS = 3
SEEN_SHARE = 0.8
"""Of a day's minutes that must have been covered for it to count."""
LIVED_HOURS = 3
"""Hours with a sign of life below which nobody was at home: an empty home still has some three single
movements a day (CASAS tm000)."""


@dataclass(frozen=True, slots=True)
class Day:
    """One local day of a home."""

    day: date
    seen_min: int
    """Minutes that could be seen."""
    hours: int = 0
    """Hours of the day with a sign of life anywhere."""
    kitchen: int = 0
    """Hours of the day in which kitchen or fridge were used."""
    night: int = 0
    """Signs of life from 00:00 to 05:00."""
    doors: int = 0
    """Readings of outside doors."""
    outings: int = 0
    """Silences of an hour or more that began at an outside door between 06:00 and 20:00; 87 % of such
    silences (of two hours) end at a door, later ones are locking up (TIHM, doi 10.1038/s41597-023-02519-y)."""

    @property
    def counts(self) -> bool:
        return self.seen_min >= SEEN_SHARE * DAY_MIN and self.hours >= LIVED_HOURS


@dataclass(frozen=True, slots=True)
class Week:
    """The days of a week that begins on this Monday; days of which nothing is known may be left out."""

    monday: date
    days: tuple[Day, ...]

    @property
    def name(self) -> str:
        """ISO: "2026-W47"."""
        year, number, _ = self.monday.isocalendar()
        return f"{year}-W{number:02}"

    @property
    def counted(self) -> tuple[Day, ...]:
        return tuple(day for day in self.days if day.counts)


Figure = Callable[[Sequence[Day]], float | None]
"""Of the days that count, what is compared; None where its own sensors said nothing at all."""


@dataclass(frozen=True, slots=True)
class Measure:
    """Something about a week that is compared. It has changed when it lies outside the range of the weeks
    before by more than `share` of what is usual, and by `least`.

    Of 148 weeks of the TIHM homes that can be compared, 30 give something: activity and outings 11 each,
    the kitchen 10, nights 6.
    """

    figure: Figure
    words: str
    """With {less} for what is said of less and of more, and {figures}."""
    less: tuple[str, str]
    unit: str
    share: float
    least: float


@dataclass(frozen=True, slots=True)
class Change:
    """A measure that changed: this week's figure and the range of the weeks before."""

    sentence: str
    figure: float
    low: float
    high: float


def slow_change(weeks: Sequence[Week]) -> list[Change]:
    """What of the last of these weeks was unlike those before it; weeks in order, at most four are compared."""
    if not weeks or len(weeks[-1].counted) < FEWEST_DAYS:
        return []
    now = weeks[-1]
    first = now.monday - timedelta(weeks=WEEKS_BEFORE)
    before = [week for week in weeks[:-1] if week.monday >= first and len(week.counted) >= FEWEST_DAYS]
    changes = (_changed(measure, now, before) for measure in MEASURES)
    return [change for change in changes if change is not None]


def _changed(measure: Measure, now: Week, before: Sequence[Week]) -> Change | None:
    figure = measure.figure(now.counted)
    found = [measure.figure(week.counted) for week in before]
    usual = [one for one in found if one is not None]
    if figure is None or len(usual) < FEWEST_WEEKS:
        return None
    low, high = min(usual), max(usual)
    margin = max(measure.least, measure.share * median(usual))
    if low - margin <= figure <= high + margin:
        return None
    return Change(_sentence(measure, figure, low, high), figure, low, high)


def _sentence(measure: Measure, figure: float, low: float, high: float) -> str:
    way = measure.less[0] if figure < low else measure.less[1]
    usual = f"{low:.0f}" if f"{low:.0f}" == f"{high:.0f}" else f"{low:.0f} to {high:.0f}"
    return f"{way} {measure.words} this week: {figure:.0f}{measure.unit}, usually {usual}."


def _mean(values: Sequence[int]) -> float:
    return sum(values) / len(values)


def _kitchen(days: Sequence[Day]) -> float | None:
    return _mean([day.kitchen for day in days]) or None


def _outings(days: Sequence[Day]) -> float | None:
    """Of seven days, where fewer count."""
    return 7 * _mean([day.outings for day in days]) if any(day.doors for day in days) else None


MEASURES = (
    Measure(lambda days: _mean([day.hours for day in days]), "activity", ("Less", "More"), " hours of the day", 0.1, 1),
    Measure(lambda days: _mean([day.night for day in days]), "movement at night", ("Less", "More"), " a night", 0.5, 4),
    Measure(_outings, "times out of the home", ("Fewer", "More"), "", 0.5, 2),
    Measure(_kitchen, "use of the kitchen", ("Less", "More"), " hours of the day", 0.1, 1),
)
