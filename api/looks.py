"""Who looked at which home: written with each view, shown to whoever may see the home."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg import Connection
from psycopg.rows import class_row

from ingest.database import sql

A_PAGE = timedelta(minutes=1)
A_LIST = timedelta(hours=1)
"""A list stays open on a desk all day and names every home; one line an hour says that."""


@dataclass(frozen=True, slots=True)
class Looks:
    """One person's looks at one home on one local day, on one page."""

    person: str
    role: str
    what: str
    first_at: datetime
    last_at: datetime
    times: int


def write(
    connection: Connection, person_id: int, home_ids: Sequence[int], what: str, now: datetime, again_after: timedelta
) -> None:
    """Write down that this person saw something of these homes."""
    values = {"person_id": person_id, "home_ids": list(home_ids), "what": what, "now": now, "again_after": again_after}
    connection.execute(sql(__file__, "write_looks"), values)


def of_home(connection: Connection, home_id: int, zone: str, limit: int = 200) -> list[Looks]:
    """Newest first."""
    with connection.cursor(row_factory=class_row(Looks)) as cursor:
        values = {"home_id": home_id, "zone": zone, "limit": limit}
        return cursor.execute(sql(__file__, "looks_of_home"), values).fetchall()
