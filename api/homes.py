"""The list of homes a person may see, in one query."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from psycopg import Connection
from psycopg.rows import class_row

from api import absences, paging, pauses, standing
from api.people import Person
from api.times import ago
from api.views import Away, HomeLine, HomesPage, Pages, Standing
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
    keeps: bool
    alert_id: int | None
    alert_state: str | None
    alert_kind: str | None
    absence: str | None
    absence_from: datetime | None
    absence_until: datetime | None
    heard_at: datetime | None
    rank: int
    total: int
    last_sign_at: datetime | None
    last_place: str | None
    pauses: list[pauses.Told]


def first_ids(connection: Connection, person: Person) -> list[int]:
    """Up to two ids of homes this person may see."""
    rows = connection.execute(sql(__file__, "home_ids_of_person"), {"person_id": person.id})
    return [home_id for (home_id,) in rows]


def of_person(connection: Connection, person: Person, now: datetime, number: int = 1) -> HomesPage:
    """A page of this person's homes, those that want somebody first; the first where there is no such page."""
    values = {
        "person_id": person.id,
        "on_the_team": person.on_the_team,
        "now": now,
        "unheard_since": now - UNHEARD_AFTER,
        **paging.window(number),
    }
    with connection.cursor(row_factory=class_row(Row)) as cursor:
        rows = cursor.execute(sql(__file__, "homes_of_person"), values).fetchall()
    if not rows and number > 1:
        return of_person(connection, person, now)
    pages = Pages(number, rows[0].total if rows else 0, paging.PAGE)
    return HomesPage(tuple(line(row, now) for row in rows), pages)


def line(row: Row, now: datetime) -> HomeLine:
    """One row in words."""
    zone = ZoneInfo(row.time_zone)
    unseen = row.heard_at is None or row.heard_at < now - UNHEARD_AFTER
    away = _away(row, zone, now)
    held = pauses.held(row.pauses, now)
    usual = Standing.AWAY if away and away.holds else Standing.AS_USUAL
    of_alert = standing.of_alert(row.alert_state, row.alert_kind)
    if held and of_alert in (None, Standing.UNSEEN):
        of_alert = Standing.PAUSED
    if not row.keeps and of_alert in (None, Standing.UNSEEN, Standing.PAUSED):
        of_alert = Standing.NOT_KEPT
    sign = "none in the last three days"
    if row.last_sign_at and row.last_place:
        sign = f"{row.last_place}, {ago(row.last_sign_at, now)}"
    heard = f"nothing heard since {row.heard_at.astimezone(zone):%H:%M}" if row.heard_at else "never heard of"
    return HomeLine(
        id=row.id,
        name=row.name,
        resident=row.resident,
        standing=of_alert or (Standing.UNSEEN if unseen else usual),
        alert_id=row.alert_id,
        last_sign=sign,
        heard=heard if unseen and row.keeps and not held else "",
        away=away.words if away else "",
        paused=pauses.in_words(held, row.resident, zone, now).words if held else "",
    )


def _away(row: Row, zone: ZoneInfo, now: datetime) -> Away | None:
    if row.absence is None or row.absence_from is None:
        return None
    return absences.in_words(absences.Row(row.absence, row.absence_from, row.absence_until), zone, now)
