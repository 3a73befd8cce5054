"""One home under one set of rules: its untouched days, and every injection on every clean day."""

import zlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from alerts.folding import Plain
from alerts.replaying.lines import INFORMATION, Line
from alerts.replaying.replay_home import HomeReplay
from alerts.rules import RuleSettings
from alerts.verdicts import AlertClass, Reason
from simulators.quality import delivery, faults, injections
from simulators.quality.injections import Injection, Story
from simulators.quality.recorded import DAY_S, OUTAGE, ZONE, Home, day_of, start_of

NOT_FOUND = float("inf")
SEED = 2019
SENSOR_EVERY_DAYS = 3
"""A dead sensor is tried on every third clean day, for it takes a week of replay."""


@dataclass
class Figures:
    """Of one home. Delays in hours from the moment stated, `inf` where nothing was said in time."""

    home: str
    days: int = 0
    gap_days: int = 0
    welfare_days: int = 0
    welfare_alerts: int = 0
    gap_welfare_days: int = 0
    urgent_alerts: int = 0
    notices: int = 0
    sensor_alerts: int = 0
    delays: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    kinds: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    @property
    def weeks(self) -> float:
        return self.days / 7


FOUND_BY: dict[str, tuple[Injection, str]] = {
    "collapse": (injections.collapse, AlertClass.WELFARE),
    "phantoms": (injections.collapse_with_phantoms, AlertClass.WELFARE),
    "not up": (injections.not_up, AlertClass.WELFARE),
    "late": (injections.late, AlertClass.WELFARE),
    "no kitchen": (injections.no_kitchen, AlertClass.WELFARE),
    "night exit": (injections.night_exit, AlertClass.URGENT),
    "night exit again": (injections.night_exit_again, AlertClass.URGENT),
    "night walking": (injections.night_walking, INFORMATION),
}


def measure(home: Home, rules: Sequence[RuleSettings]) -> Figures:
    figures = Figures(home.name)
    lines, midnights = _untouched(home, rules)
    _count_untouched(figures, home, lines)
    for place, day in enumerate(home.measured):
        past = midnights[day]
        for name, (injection, case) in FOUND_BY.items():
            _found(figures, name, case, past, injection(home, day, _dice(home, day, name)))
        if place % SENSOR_EVERY_DAYS == 0:
            _dead_sensor(figures, past, home, day)
        _gateway(figures, past, home, day, lines)
    _outage(figures, midnights, home)
    for fault, count in delivery.changed(home, rules, lines).items():
        figures.counts[f"{fault}: changed"] += count
    return figures


def _dice(home: Home, day: date, name: str) -> Random:
    return Random(zlib.crc32(f"{SEED} {home.name} {day} {name}".encode()))


def _untouched(home: Home, rules: Sequence[RuleSettings]) -> tuple[list[Line], dict[date, HomeReplay]]:
    """The real story, and the state of the replay at each midnight before a measured day."""
    lines: list[Line] = []
    replay = HomeReplay(home.name, rules, ZONE, lines.append, assume_covered=True)
    wanted = sorted({*home.measured, *([OUTAGE[0].date()] if _had_outage(home) else [])})
    midnights: dict[date, HomeReplay] = {}
    start = 0.0
    for day in wanted:
        for reading in home.between(start, start_of(day)):
            replay.take(reading[0], reading)
        replay.run(start_of(day))
        midnights[day] = replay.branch(_unheard)
        start = start_of(day)
    for reading in home.between(start, float("inf")):
        replay.take(reading[0], reading)
    replay.finish()
    return lines, midnights


def _unheard(line: Line) -> None:
    """A past is kept for its futures; it says nothing itself."""


def _count_untouched(figures: Figures, home: Home, lines: Iterable[Line]) -> None:
    clean = set(home.measured)
    end = home.clean[-1]
    all_days = [home.first_day + timedelta(days=n) for n in range(14, (end - home.first_day).days + 1)]
    figures.days, figures.gap_days = len(clean), len([day for day in all_days if day not in clean])
    days: set[date] = set()
    gap_days: set[date] = set()
    alerts: set[str] = set()
    for line in lines:
        day = day_of(line.raised_at.timestamp())
        if line.class_ == AlertClass.WELFARE and line.verdict == "missed" and day not in clean and day in all_days:
            gap_days.add(day)
        if day not in clean:
            continue
        if line.class_ == AlertClass.WELFARE and line.verdict == "missed":
            days.add(day)
            alerts.add(line.alert)
            figures.kinds[f"{line.kind} {line.reason}"] += 1
        figures.urgent_alerts += line.class_ == AlertClass.URGENT
        figures.notices += line.class_ == INFORMATION
        figures.sensor_alerts += line.reason is Reason.SENSOR_SILENT
    figures.welfare_days, figures.welfare_alerts, figures.gap_welfare_days = len(days), len(alerts), len(gap_days)


def tell(past: HomeReplay, readings: Iterable[Plain], until: float) -> list[Line]:
    """What is said of this future."""
    lines: list[Line] = []
    replay = past.branch(lines.append)
    for reading in readings:
        replay.take(reading[0], reading)
    replay.run(until)
    return lines


def _found(figures: Figures, name: str, case: str, past: HomeReplay, story: Story | None) -> None:
    if story is None:
        return
    lines = tell(past, story.readings, story.until)
    figures.delays[name].append(0.0 if _stands(lines, story) else _delay(lines, case, story.since))
    if name == "collapse":
        early = (story.since - start_of(day_of(story.since))) < 16 * 3600
        figures.delays["collapse before 16:00" if early else "collapse after 16:00"].append(figures.delays[name][-1])


def _stands(lines: Iterable[Line], story: Story) -> bool:
    """Whether families were told of this very silence before the moment itself."""
    last = max((reading[0] for reading in story.readings if reading[0] < story.since), default=story.since)
    return any(
        line.class_ == AlertClass.WELFARE
        and line.kind == "unusual_quiet"
        and last < line.raised_at.timestamp() < story.since
        for line in lines
    )


def _delay(lines: Iterable[Line], case: str, since: float, reason: Reason | None = None) -> float:
    """Hours until the first such alert that was raised from then on."""
    found = (
        (line.raised_at.timestamp() - since) / 3600
        for line in lines
        if line.class_ == case and line.verdict != "explained" and line.raised_at.timestamp() >= since - 1
        if reason is None or line.reason is reason
    )
    return min(found, default=NOT_FOUND)


def _dead_sensor(figures: Figures, past: HomeReplay, home: Home, day: date) -> None:
    story = injections.sensor_dead(home, day, _dice(home, day, "sensor"))
    if story is None:
        return
    lines = tell(past, story.readings, story.until)
    hours = _delay(lines, AlertClass.TECHNICAL, story.since, Reason.SENSOR_SILENT)
    figures.delays["sensor dead"].append(hours / 24)


def _delivered(past: HomeReplay, delivered: Iterable[faults.Delivered], until: float) -> list[Line]:
    lines: list[Line] = []
    replay = past.branch(lines.append)
    for arrived, reading in delivered:
        replay.take(arrived, reading)
    replay.run(until)
    return lines


def _said(line: Line) -> tuple[str, str]:
    """What a welfare finding is about, whenever it was raised."""
    return line.kind, (line.evidence.get("window_start") or line.evidence.get("last_sign_at") or "")[:16]


def _gateway(figures: Figures, past: HomeReplay, home: Home, day: date, untouched: Sequence[Line]) -> None:
    """Six hours gone and delivered late; two hours gone for good; and six hours stuck behind living beats."""
    start, gone = start_of(day), faults.gone_at(day, _dice(home, day, "gateway"))
    end = gone[1] + faults.AFTER_S
    real = {_said(line) for line in untouched if line.class_ == AlertClass.WELFARE}
    lines = _delivered(past, faults.withheld(home, start, gone, end), end)
    figures.counts["gateway gone"] += 1
    figures.counts["gateway gone: welfare"] += _false(lines, gone, real)
    figures.delays["gateway gone: operator"].append(
        60 * _delay(lines, AlertClass.TECHNICAL, gone[0], Reason.HOME_UNSEEN)
    )
    short = (gone[0], gone[0] + 2 * 3600)
    figures.counts["two hours lost: welfare"] += _false(
        _delivered(past, faults.lost(home, start, short, end), end), short, real
    )
    _stuck(figures, home, _delivered(past, faults.stuck(home, start, gone, end), end), gone)


def _false(lines: Iterable[Line], gone: tuple[float, float], real: set[tuple[str, str]]) -> int:
    """Whether families were told something, from the loss until two hours after it, that they would not have been."""
    return any(
        line.class_ == AlertClass.WELFARE
        and line.verdict == "missed"
        and gone[0] <= line.raised_at.timestamp() < gone[1] + 7200
        and _said(line) not in real
        for line in lines
    )


def _stuck(figures: Figures, home: Home, lines: Sequence[Line], gone: tuple[float, float]) -> None:
    """An alert that late data contradict must be explained, and none may be raised about the past."""
    welfare = [line for line in lines if line.class_ == AlertClass.WELFARE]
    wrong = {line.alert for line in welfare if _is_contradicted(line, home, gone)}
    # Where one finding of an alert holds in truth, the alert stays.
    wrong -= {line.alert for line in welfare if line.verdict == "missed" and not _is_contradicted(line, home, gone)}
    explained = {line.alert for line in welfare if line.verdict == "explained"}
    figures.counts["stuck: opened"] += len(wrong)
    figures.counts["stuck: explained"] += len(wrong & explained)
    figures.counts["stuck: about the past"] += sum(
        line.verdict == "missed" and line.kind == "expected_activity" and line.deadline.timestamp() < gone[1] - 600
        for line in welfare
        if line.raised_at.timestamp() >= gone[1]
    )


def _is_contradicted(line: Line, home: Home, gone: tuple[float, float]) -> bool:
    """Raised while readings were held back, though somebody was about a good deal in the hour before."""
    raised = line.raised_at.timestamp()
    if line.kind != "unusual_quiet" or line.verdict != "missed" or not gone[0] <= raised < gone[1]:
        return False
    return len(home.between(max(gone[0], raised - 3600), raised - 120)) >= 5


def _had_outage(home: Home) -> bool:
    """Whether it was recorded before, in the two days, and afterwards."""
    start, end = OUTAGE[0].timestamp(), OUTAGE[1].timestamp()
    return bool(home.between(start - 2 * DAY_S, start)) and home.times[-1] > end


def _outage(figures: Figures, midnights: dict[date, HomeReplay], home: Home) -> None:
    """The real outage of all homes, as it would have been with beats."""
    gone = (OUTAGE[0].timestamp(), OUTAGE[1].timestamp())
    if not _had_outage(home):
        return
    past = midnights[OUTAGE[0].date()]
    delivered = faults.lost(home, start_of(OUTAGE[0].date()), gone, gone[1] + 7200)
    lines = _delivered(past, delivered, gone[1] + 7200)
    figures.counts["outage"] += 1
    figures.counts["outage: welfare"] += _false(lines, gone, set())
    figures.delays["outage: operator"].append(60 * _delay(lines, AlertClass.TECHNICAL, gone[0], Reason.HOME_UNSEEN))
