"""Who hears of an open alert next, and when, in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from psycopg import Connection
from psycopg.rows import class_row

from api.times import coming
from ingest.database import sql


@dataclass(frozen=True, slots=True)
class Row:
    """One row of next_told.sql."""

    at: datetime
    again: bool
    names: list[str]


def of_alert(connection: Connection, alert_id: int, zone: ZoneInfo, now: datetime) -> str | None:
    """ "Dev Patel and Rita Okafor are told next, today 10:20, unless somebody takes it first."; None: nobody."""
    with connection.cursor(row_factory=class_row(Row)) as cursor:
        row = cursor.execute(sql(__file__, "next_told"), {"alert_id": alert_id}).fetchone()
    return in_words(row, zone, now) if row else None


def in_words(row: Row, zone: ZoneInfo, now: datetime) -> str:
    """Pure. A step that is due says "now": it takes a moment until it ran."""
    at = "now" if row.at <= now else coming(row.at, zone, now)
    who = f"{listed(row.names)} {'is' if len(row.names) == 1 else 'are'} told"
    if row.again:
        return f"The list starts again, {at}, unless somebody takes it first: then {who}."
    return f"{who} next, {at}, unless somebody takes it first."


def listed(names: Sequence[str]) -> str:
    """ "Ann", "Ann and Ben", "Ann, Ben and Cora"."""
    return f"{', '.join(names[:-1])} and {names[-1]}" if len(names) > 1 else "".join(names)
