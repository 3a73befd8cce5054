"""What a replay says: one line for each finding that somebody would hear of. Pure."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from alerts.findings import News
from alerts.rules import Rule
from alerts.verdicts import Reason, Severity

INFORMATION = "information"
"""In the place of a class: kept and shown, but nobody's case."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the outcome: a finding that somebody is told of, or that late data took back."""

    home: str
    rule: str
    kind: str
    class_: str
    severity: Severity
    verdict: str
    deadline: datetime
    raised_at: datetime
    reason: Reason
    evidence: dict[str, Any]
    alert: str

    def to_json(self) -> dict[str, Any]:
        return {
            "home": self.home,
            "rule": self.rule,
            "kind": self.kind,
            "class": str(self.class_),
            "severity": self.severity.value,
            "verdict": self.verdict,
            "deadline": self.deadline.isoformat(),
            "raised_at": self.raised_at.isoformat(),
            "reason": self.reason.value,
            "evidence": self.evidence,
            "alert": self.alert,
        }


@dataclass(frozen=True, slots=True)
class Open:
    """An alert that is not over."""

    id: str
    opened_s: float
    lines: tuple[tuple[Line, Rule], ...]


def line_of(home: str, rule: Rule, found: News, case: str, now: datetime, alert: str) -> Line:
    """`rule` with the id 0 stands for a call for help."""
    settings, verdict = rule.settings, found.verdict
    kind = settings.kind if rule.id else "call_for_help"
    return Line(
        home=home,
        rule=settings.name or kind,
        kind=kind,
        class_=case,
        severity=found.severity,
        verdict=verdict.verdict.value,
        deadline=verdict.deadline,
        raised_at=now,
        reason=verdict.reason,
        evidence=verdict.evidence.to_json(),
        alert=alert,
    )
