"""Rules over a home's own past: what would have been told, on which days, how often. Pure; the code of live judging.

Fast enough to wait for: four weeks of a home, beats among them, take well under a second.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from alerts.folding import Plain
from alerts.replaying.around import NOTHING_ELSE, Around
from alerts.replaying.lines import Line
from alerts.replaying.replay_home import HomeReplay
from alerts.rules import RuleSettings
from alerts.verdicts import Evidence, Reason
from alerts.words import sentence

_MONTH = timedelta(days=30)
_JUDGED_BEFORE_S = 4 * 24 * 3600.0
"""What is open when the asked days begin is known from so long before."""


class Alert(NamedTuple):
    """What would have been told: the local day, the kind of rule, and the first sentence that people read."""

    day: date
    kind: str
    sentence: str


@dataclass(frozen=True, slots=True)
class DryRun:
    """What these rules would have told of a home, earliest first."""

    days: int
    """So many local days were looked at, whole or in part."""
    alerts: tuple[Alert, ...]
    """One for each alert, whoever it is for, and one for each finding that is kept for information alone.
    What joins an open alert is not told again."""
    per_month: float
    """The same for 30 days."""


@dataclass(frozen=True, slots=True)
class _Told:
    """A line of the replay as alerts/words.py wants it."""

    reason: Reason
    deadline: datetime
    evidence: Evidence


def dry_run(
    readings: Iterable[Plain],
    rules: Sequence[RuleSettings],
    zone: ZoneInfo,
    between: tuple[datetime, datetime],
    around: Around = NOTHING_ELSE,
) -> DryRun:
    """`readings`: of one home, in any order; three days from before `between` make its first day exact.

    Beats among them say what could be seen; where there is none, all is taken as seen.
    `between`: aware; what was raised from the first moment up to but without the second is told.
    Raises ValueError where it is no stretch of time.
    """
    start, end = between
    if end <= start:
        raise ValueError("the end must come after the start")
    lines: list[Line] = []
    judge_from = start.timestamp() - _JUDGED_BEFORE_S
    replay = HomeReplay("home", rules, zone, lines.append, assume_covered=True, judge_from_s=judge_from, around=around)
    for reading in sorted(readings, key=lambda one: one[0]):
        if reading[0] >= end.timestamp():
            break
        replay.take(reading[0], reading)
    replay.finish()
    found = tuple(_alert(line, zone) for line in _once(lines) if start <= line.raised_at < end)
    return DryRun(_days(start, end, zone), found, len(found) * (_MONTH / (end - start)))


def _once(lines: Iterable[Line]) -> Iterable[Line]:
    """The finding that opened each alert, and what belongs to none."""
    told: set[str] = set()
    for line in lines:
        if line.alert and line.alert in told:
            continue
        told.add(line.alert)
        yield line


def _alert(line: Line, zone: ZoneInfo) -> Alert:
    told = _Told(line.reason, line.deadline, Evidence.from_json(line.evidence))
    return Alert(line.raised_at.astimezone(zone).date(), line.kind, sentence(told, zone, line.raised_at))


def _days(start: datetime, end: datetime, zone: ZoneInfo) -> int:
    last = (end - timedelta(microseconds=1)).astimezone(UTC)
    return (last.astimezone(zone).date() - start.astimezone(zone).date()).days + 1
