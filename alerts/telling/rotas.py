"""Rotas: when nobody is on duty whom texts reach in the next days, so that it can be mended before it matters."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg import Connection
from psycopg.rows import class_row

from ingest.database import sql

AHEAD = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Hole:
    """A stretch in which nobody of this rota is on duty whom texts reach."""

    rota_id: int
    name: str
    from_at: datetime
    until_at: datetime


def holes(connection: Connection, now: datetime, ahead: timedelta = AHEAD) -> list[Hole]:
    """Of all rotas that stand on a ladder, the earliest first."""
    with connection.cursor(row_factory=class_row(Hole)) as cursor:
        return cursor.execute(sql(__file__, "rota_holes"), {"now": now, "until": now + ahead}).fetchall()
