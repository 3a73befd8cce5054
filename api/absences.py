"""Homes where somebody said that nobody is expected, in words."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from psycopg import Connection
from psycopg.rows import class_row

from api.times import coming
from api.views import Away
from ingest.database import sql

KINDS = {"away": "Away", "hospital": "In hospital"}


@dataclass(frozen=True, slots=True)
class Row:
    """One row of absence_of_home.sql."""

    kind: str
    from_at: datetime
    until_at: datetime | None


def of_home(connection: Connection, home_id: int, zone: ZoneInfo, now: datetime) -> Away | None:
    """What is set for this home; None: somebody is expected there."""
    with connection.cursor(row_factory=class_row(Row)) as cursor:
        row = cursor.execute(sql(__file__, "absence_of_home"), {"home_id": home_id, "now": now}).fetchone()
    return in_words(row, zone, now) if row else None


def in_words(row: Row, zone: ZoneInfo, now: datetime) -> Away:
    """ "Away until Sunday 20:00", "In hospital"; one that lies ahead says from when."""
    holds = row.from_at <= now
    begin = "" if holds else f" from {coming(row.from_at, zone, now)}"
    end = f" until {coming(row.until_at, zone, now)}" if row.until_at else ""
    return Away(row.kind, f"{KINDS[row.kind]}{begin}{end}", holds, row.until_at)
