"""The list of homes a person may see, in one query."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from psycopg import Connection
from psycopg.rows import class_row

from api.people import Person
from api.standing import of_alert
from api.times import ago
from api.views import HomeLine, Standing
from ingest.database import sql

UNHEARD_AFTER = timedelta(minutes=11)
"""Two beats and a little: from then on the list says that we cannot see a home."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of homes_of_person.sql."""

    id: int
    name: str
    resident: str
    time_zone: str
    alert_id: int | None
    alert_state: str | None
    alert_kind: str | None
    holder: str | None
    last_sign_at: datetime | None
    last_place: str | None
    heard_at: datetime | None


def first_ids(connection: Connection, person: Person) -> list[int]:
    """Up to two ids of homes this person may see."""
    rows = connection.execute(sql(__file__, "home_ids_of_person"), {"person_id": person.id})
    return [home_id for (home_id,) in rows]


def lines(connection: Connection, person: Person, now: datetime) -> list[HomeLine]:
    """Every home of this person; those that want somebody first, then by name."""
    values = {"person_id": person.id, "on_the_team": person.on_the_team, "now": now}
    with connection.cursor(row_factory=class_row(Row)) as cursor:
        rows = cursor.execute(sql(__file__, "homes_of_person"), values).fetchall()
    gravest = list(Standing)
    return sorted((line(row, now) for row in rows), key=lambda home: gravest.index(home.standing))


def line(row: Row, now: datetime) -> HomeLine:
    """One row in words."""
    unseen = row.heard_at is None or now - row.heard_at > UNHEARD_AFTER
    standing = of_alert(row.alert_state, row.alert_kind) or (Standing.UNSEEN if unseen else Standing.AS_USUAL)
    zone = ZoneInfo(row.time_zone)
    sign = "none in the last three days"
    if row.last_sign_at and row.last_place:
        sign = f"{row.last_place}, {ago(row.last_sign_at, now)}"
    heard = f"nothing heard since {row.heard_at.astimezone(zone):%H:%M}" if row.heard_at else "never heard of"
    return HomeLine(row.id, row.name, row.resident, standing, row.alert_id, sign, heard if unseen else "")
