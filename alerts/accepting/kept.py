"""The rules of a home as they are kept, on or off, and what people changed about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.rows import class_row

from alerts.rules import BadRuleError, Rule, read_text
from ingest.database import sql


@dataclass(frozen=True, slots=True)
class Kept:
    """A rule as it is kept, on or off. `settings`: JSON, which this version may not be able to read."""

    id: int
    version: int
    kind: str
    settings: str
    enabled: bool
    since: datetime | None

    @property
    def rule(self) -> Rule | None:
        """None: it cannot be read."""
        try:
            return Rule(self.id, self.version, read_text(self.settings), self.since)
        except BadRuleError:
            return None


@dataclass(frozen=True, slots=True)
class Change:
    """One row of routine_change."""

    rule_id: int | None
    version: int | None
    at: datetime
    person: str
    what: str
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    evidence: list[str]
    dry_run: dict[str, Any] | None


def rules_of(connection: Connection, home_id: int) -> list[Kept]:
    """All rules of a home, also those that are off."""
    with connection.cursor(row_factory=class_row(Kept)) as cursor:
        return cursor.execute(sql(__file__, "rules_of_home"), {"home": home_id}).fetchall()


def in_force(kept: Sequence[Kept]) -> tuple[Rule, ...]:
    """The rules that are on and can be read."""
    return tuple(rule for one in kept if one.enabled and (rule := one.rule) is not None)


def changes_of(connection: Connection, home_id: int, rule_id: int | None = None, limit: int = 100) -> list[Change]:
    """What people changed, newest first."""
    values = {"home": home_id, "rule": rule_id, "limit": limit}
    with connection.cursor(row_factory=class_row(Change)) as cursor:
        return cursor.execute(sql(__file__, "changes_of_home"), values).fetchall()
