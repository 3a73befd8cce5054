"""What the auditor looks at. Each check is one query that counts what should not be there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import psycopg
from psycopg import Connection

from ingest.database import sql

CHECKS: dict[str, str] = {
    "homes_not_judged": "homes are not being judged",
    "steps_not_run": "alerts wait for a step of their ladder that is overdue",
    "lapses_not_run": "alerts were taken without an outcome and should be open to all again",
    "alerts_standing_still": "open alerts are carried on by no ladder",
    "texts_waiting": "messages wait to be sent",
    "texts_in_doubt": "messages may or may not be out, and nobody looks them up",
    "nobody_told": "alerts are open of which nobody could be told",
    "nobody_answered": "alerts are open that nobody on their ladder took",
    "quarantine_grows": "messages of gateways could not be understood in the last ten minutes",
    "nothing_arrives": "gateways have sent nothing for fifteen minutes, all of them",
    "outage": "most homes fell silent together",
    "texts_budget_nearly": "texts were sent this month, four fifths of what is paid for or more",
    "texts_budget_spent": "texts were sent this month, all that is paid for: only what asks for somebody goes out",
}
"""Name of the query, and what is wrong when it counts any."""

FOR_THE_PURSE = frozenset({"texts_budget_nearly", "texts_budget_spent"})
"""What the operator hears of, but once a day, and without the heartbeat failing: everything works."""

DATABASE_AWAY = "database_away"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong. `name` is stable."""

    name: str
    words: str
    count: int = 1
    since: datetime | None = None

    @property
    def is_failure(self) -> bool:
        return self.name not in FOR_THE_PURSE

    def sentence(self) -> str:
        since = f", the first since {self.since:%d %b %H:%M} UTC" if self.since else ""
        return f"{self.words[0].upper()}{self.words[1:]} ({self.count}{since})."


def look(connection: Connection, now: datetime) -> list[Fault]:
    """Everything that is wrong. A check that cannot be made counts as a fault of its own."""
    return [fault for name, words in CHECKS.items() if (fault := _check(connection, name, words, now))]


def away(error: Exception) -> Sequence[Fault]:
    return [Fault(DATABASE_AWAY, f"the database cannot be reached: {type(error).__name__}")]


def _check(connection: Connection, name: str, words: str, now: datetime) -> Fault | None:
    try:
        row = connection.execute(sql(__file__, name), {"now": now}).fetchone()
    except psycopg.OperationalError:
        raise
    except psycopg.Error as error:
        return Fault(name, f"could not be checked: {name} ({type(error).__name__})")
    count, since = row or (0, None)
    return Fault(name, words, count, since) if count else None
