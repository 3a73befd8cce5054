"""The table: each figure with its interval, what it must be and should be, and the baselines. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain
from random import Random
from statistics import median

from simulators.quality.measuring import Figures

Statistic = Callable[[Sequence[Figures]], float]

RESAMPLES = 1000


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the table. `good(value)`: whether the figure is as good as it must be."""

    what: str
    of: Statistic
    form: str
    must: str
    aim: str
    baseline: str
    good: "Bound | None" = None
    better: "Bound | None" = None


@dataclass(frozen=True, slots=True)
class Bound:
    """What a figure must reach. Called with one it says whether it does."""

    limit: float
    is_most: bool

    def __call__(self, value: float) -> bool:
        return value <= self.limit if self.is_most else value >= self.limit

    def room(self, value: float) -> float:
        """How far inside a figure lies: 1 is as far as can be, less than 0 outside. All or nothing has no room."""
        if self.limit in (0, 100):
            return 1.0 if self(value) else -1.0
        return (self.limit - value) / self.limit if self.is_most else (value - self.limit) / (100 - self.limit)


def pooled(homes: Sequence[Figures], name: str) -> list[float]:
    return list(chain.from_iterable(home.delays.get(name, ()) for home in homes))


def share_within(name: str, hours: float) -> Statistic:
    def share(homes: Sequence[Figures]) -> float:
        delays = pooled(homes, name)
        return 100 * sum(delay <= hours for delay in delays) / len(delays) if delays else 0.0

    return share


def middle(name: str) -> Statistic:
    return lambda homes: median(pooled(homes, name) or [0.0])


def high(name: str, share: float = 0.95) -> Statistic:
    def percentile(homes: Sequence[Figures]) -> float:
        delays = sorted(pooled(homes, name)) or [0.0]
        return delays[min(int(share * len(delays)), len(delays) - 1)]

    return percentile


def a_week(count: Callable[[Figures], int]) -> Statistic:
    return lambda homes: sum(count(home) for home in homes) / sum(home.weeks for home in homes)


def total(name: str) -> Statistic:
    return lambda homes: float(sum(home.counts.get(name, 0) for home in homes))


def share_of(part: str, whole: str) -> Statistic:
    def share(homes: Sequence[Figures]) -> float:
        all_ = sum(home.counts.get(whole, 0) for home in homes)
        return 100 * sum(home.counts.get(part, 0) for home in homes) / all_ if all_ else 100.0

    return share


def at_most(limit: float) -> Bound:
    return Bound(limit, is_most=True)


def at_least(limit: float) -> Bound:
    return Bound(limit, is_most=False)


LINES = (
    Line("welfare alert-days on clean days a home-week", a_week(lambda h: h.welfare_days), ".2f", "<= 0.60", "<= 0.25",
         "0.69", at_most(0.6), at_most(0.25)),
    Line("collapse before 16:00, median", middle("collapse before 16:00"), ".1f h", "<= 4.5 h", "<= 3.5 h", "4.0 h",
         at_most(4.5), at_most(3.5)),
    Line("collapse before 16:00, within 8 h", share_within("collapse before 16:00", 8), ".1f %", ">= 88 %", ">= 95 %",
         "88 %", at_least(88), at_least(95)),
    Line("collapse after 16:00, within 12 h", share_within("collapse after 16:00", 12), ".1f %", ">= 95 %", ">= 99 %",
         "100 %", at_least(95), at_least(99)),
    Line("collapse with phantoms, within 12 h", share_within("phantoms", 12), ".1f %", ">= 95 %", ">= 99 %",
         "100 % in 24 h", at_least(95), at_least(99)),
    Line("collapse with phantoms, median", middle("phantoms"), ".1f h", "", "", "4.1 h"),
    Line("not up, p95 from real waking", high("not up"), ".1f h", "<= 7 h", "<= 4 h", "6.9 h", at_most(7), at_most(4)),
    Line("late by 3 h, told in time", share_within("late", 3), ".1f %", "", "", ""),
    Line("no kitchen, found that day", share_within("no kitchen", 24), ".1f %", ">= 76 %", ">= 90 %", "78 %",
         at_least(76), at_least(90)),
    Line("no kitchen, median", middle("no kitchen"), ".1f h", "", "", ""),
    Line("night exit, told within 1 min", share_within("night exit", 1 / 60), ".1f %", "100 %", "100 %", "",
         at_least(100), at_least(100)),
    Line("night exit again, told within 1 min", share_within("night exit again", 1 / 60), ".1f %", "100 %", "100 %",
         "", at_least(100), at_least(100)),
    Line("night walking, found", share_within("night walking", 24), ".1f %", ">= 68 %", ">= 90 %", "", at_least(68),
         at_least(90)),
    Line("night walking, notices on untouched a home-week", a_week(lambda h: h.notices), ".2f", "", "", ""),
    Line("gateway gone for 6 h: welfare messages", total("gateway gone: welfare"), ".0f", "0", "0", "70 % of days",
         at_most(0), at_most(0)),
    Line("gateway gone: operator told within 30 min", share_within("gateway gone: operator", 30), ".1f %", "",
         "100 %", "", None, at_least(100)),
    Line("2 h lost for good: welfare messages", total("two hours lost: welfare"), ".0f", "0", "0", "", at_most(0),
         at_most(0)),
    Line("outage of 58 h, all homes: welfare messages", total("outage: welfare"), ".0f", "0", "0", "about 300",
         at_most(0), at_most(0)),
    Line("outage: operator told within 30 min", share_within("outage: operator", 30), ".1f %", "", "100 %", "", None,
         at_least(100)),
    Line("late delivery: welfare alerts about the past", total("stuck: about the past"), ".0f", "0", "0", "",
         at_most(0), at_most(0)),
    Line("late delivery: open alerts explained", share_of("stuck: explained", "stuck: opened"), ".1f %", "100 %",
         "100 %", "", at_least(100), at_least(100)),
    Line("delivered twice: findings changed", total("delivered twice: changed"), ".0f", "0", "0", "", at_most(0),
         at_most(0)),
    Line("bursts backwards: findings changed", total("backwards: changed"), ".0f", "0", "0", "", at_most(0),
         at_most(0)),
    Line("clock 1 h ahead on some days: findings changed", total("clock ahead: changed"), ".0f", "0", "0", "",
         at_most(0), at_most(0)),
    Line("clock 1 h behind on some days: findings changed", total("clock behind: changed"), ".0f", "0", "0", "",
         at_most(0), at_most(0)),
    Line("around a day of 23 h: findings of people changed", total("day of 23 h: changed"), ".0f", "0", "0", "",
         at_most(0), at_most(0)),
    Line("around a day of 25 h: findings of people changed", total("day of 25 h: changed"), ".0f", "0", "0", "",
         at_most(0), at_most(0)),
    Line("sensor dead, median days", middle("sensor dead"), ".1f d", "<= 3 d", "<= 2 d", "", at_most(3), at_most(2)),
    Line("sensor silent on untouched a home-week", a_week(lambda h: h.sensor_alerts), ".2f", "<= 0.16", "<= 0.10",
         "0.16", at_most(0.16), at_most(0.10)),
    Line("outside door at night on untouched a home-week", a_week(lambda h: h.urgent_alerts), ".2f", "", "", ""),
)  # fmt: skip


def interval(of: Statistic, homes: Sequence[Figures], dice: Random, resamples: int = RESAMPLES) -> tuple[float, float]:
    """The middle 95 % of what it would be with other homes of the same kind."""
    values = sorted(of([dice.choice(homes) for _ in homes]) for _ in range(resamples))
    return values[int(0.025 * resamples)], values[int(0.975 * resamples)]


def render(results: dict[str, Sequence[Figures]], resamples: int = RESAMPLES) -> str:
    """Markdown: one column for each set of rules."""
    names = list(results)
    head = f"| measure | {' | '.join(names)} | must | aim | best baseline |"
    rows = [head, "|---" * (len(names) + 4) + "|"]
    for line in LINES:
        cells = [_cell(line, results[name], resamples) for name in names]
        rows.append(f"| {line.what} | {' | '.join(cells)} | {line.must} | {line.aim} | {line.baseline} |")
    return "\n".join([*rows, "", *_notes(results)]) + "\n"


def _cell(line: Line, homes: Sequence[Figures], resamples: int) -> str:
    value = line.of(homes)
    text = _number(value, line.form)
    if resamples:
        low, top = interval(line.of, homes, Random(line.what), resamples)
        text += f" ({_number(low, line.form)} to {_number(top, line.form)})" if low != top else ""
    if line.good is not None and not line.good(value):
        return f"**{text}**: not good enough"
    return text + (" *" if line.better is not None and line.better(value) else "")


def _number(value: float, form: str) -> str:
    number, _, unit = form.partition(" ")
    return f"{value:{number}} {unit}".strip() if value != float("inf") else "never"


def _notes(results: dict[str, Sequence[Figures]]) -> list[str]:
    notes = ["`*`: as good as the aim. In brackets: 95 % interval by bootstrap over homes."]
    for name, homes in results.items():
        weeks, gaps = sum(home.weeks for home in homes), sum(home.gap_days for home in homes)
        kinds: dict[str, int] = {}
        for home in homes:
            for kind, count in home.kinds.items():
                kinds[kind] = kinds.get(kind, 0) + count
        told = ", ".join(f"{kind} {count}" for kind, count in sorted(kinds.items(), key=lambda one: -one[1]))
        gap_days = sum(home.gap_welfare_days for home in homes)
        notes.append(
            f"{name}: {len(homes)} homes, {weeks:.0f} home-weeks of clean days; welfare findings there: {told}; "
            f"on {gaps} gap days {gap_days} with a welfare alert."
        )
    return notes


def is_good(homes: Sequence[Figures]) -> bool:
    return all(line.good is None or line.good(line.of(homes)) for line in LINES)


def least_room(homes: Sequence[Figures]) -> float:
    """Of the line that is nearest to what it must not pass."""
    return min(line.good.room(line.of(homes)) for line in LINES if line.good is not None)
