"""Any rules over a home's own past: what would have been told, and how often. Pure; the same code as live."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from alerts.folding import Plain
from alerts.replaying.replay_home import HomeReplay, Line
from alerts.rules import RuleSettings
from alerts.verdicts import AlertClass

_MONTH_S = 30 * 24 * 3600.0


@dataclass(frozen=True, slots=True)
class DryRun:
    """What these rules would have told between the first and the last reading."""

    lines: tuple[Line, ...]
    seconds: float

    def alerts(self, of: AlertClass = AlertClass.WELFARE) -> int:
        """How many alerts of a class: findings that join an open one are not counted again."""
        return len({line.alert for line in self.lines if line.class_ == of and line.verdict != "explained"})

    def a_month(self, of: AlertClass = AlertClass.WELFARE) -> float:
        return self.alerts(of) * _MONTH_S / self.seconds if self.seconds else 0.0


def dry_run(rules: Sequence[RuleSettings], readings: Iterable[tuple[float, Plain]], zone: ZoneInfo) -> DryRun:
    """`readings`: (Unix seconds of arrival, reading), beats among them, in order of arrival."""
    lines: list[Line] = []
    replay = HomeReplay("home", rules, zone, lines.append)
    for arrived, reading in readings:
        replay.take(arrived, reading)
    replay.finish()
    return DryRun(tuple(lines), max(0.0, replay.clock - replay.first_s))
