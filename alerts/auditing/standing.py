"""What the operator has been told, so that a fault that stays is told again only now and then. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from alerts.auditing.checks import Fault

AGAIN_AFTER = timedelta(hours=1)
"""A fault that stays is told again so often."""
AGAIN_AFTER_A_DAY = timedelta(days=1)
"""The same for what is no failure."""
SURE_AFTER = 2
"""Looks in a row that must find a fault before it is told: what heals within a minute wakes nobody."""


@dataclass(frozen=True, slots=True)
class News:
    """What the operator has to hear now."""

    faults: tuple[Fault, ...]
    healed: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.faults or self.healed)

    def text(self) -> str:
        lines = [f"- {fault.sentence()}" for fault in self.faults]
        lines += [f"- Over: {name.replace('_', ' ')}." for name in self.healed]
        return "Hearthlight, for the operator:\n" + "\n".join(lines)


@dataclass(slots=True)
class Standing:
    """The faults that stand."""

    seen: dict[str, int] = field(default_factory=dict)
    told: dict[str, datetime] = field(default_factory=dict)

    def hear(self, faults: Sequence[Fault], now: datetime) -> News:
        """Take in what was found; what has to be told. Call `was_told` once that has worked."""
        names = {fault.name for fault in faults}
        self.seen = {name: self.seen.get(name, 0) + 1 for name in names}
        due = [fault for fault in faults if self._is_due(fault, now)]
        return News(tuple(due), tuple(sorted(name for name in self.told if name not in names)))

    def was_told(self, news: News, now: datetime) -> None:
        for fault in news.faults:
            self.told[fault.name] = now
        for name in news.healed:
            del self.told[name]

    def _is_due(self, fault: Fault, now: datetime) -> bool:
        told = self.told.get(fault.name)
        again = AGAIN_AFTER if fault.is_failure else AGAIN_AFTER_A_DAY
        return self.seen[fault.name] >= SURE_AFTER if told is None else now - told >= again
