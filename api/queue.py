"""The alerts that are not closed, in one query however many there are."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from psycopg import Connection
from psycopg.rows import class_row

from api import findings, paging, telling
from api.people import Person
from api.standing import of_alert
from api.times import clock, how_long, when
from api.views import AlertLine, Pages, Part, Queue, Standing, Told
from ingest.database import sql

_PARTS = ("open", "taken", "explained", "technical")


@dataclass(frozen=True, slots=True)
class Row:
    """One row of alerts_of_person.sql. `finding`: a row of finding as JSON; `told`: [{name, state}].

    `totals`: how many there are of each part of the queue.
    """

    id: int
    kind: str
    state: str
    reason: str
    deadline_at: datetime
    opened_at: datetime
    acknowledged_at: datetime | None
    lapses_at: datetime | None
    explained_at: datetime | None
    explained_by: str | None
    unanswered_at: datetime | None
    holder: str | None
    holder_id: int | None
    home_id: int
    home: str
    resident: str
    time_zone: str
    finding: dict[str, Any] | None
    closed_at: datetime | None
    outcome: str | None
    told: list[dict[str, str]]
    totals: dict[str, int]


def of_person(connection: Connection, person: Person, now: datetime, number: int = 1) -> Queue:
    """A page of the alerts of all homes this person may see; the first where there is no such page."""
    rows = _rows(connection, person, number)
    if not rows and number > 1:
        return of_person(connection, person, now)
    totals = rows[0].totals if rows else {}
    waiting, taken, explained, technical = (
        Part(tuple(line(row, now) for row in rows if _part(row) == part), totals.get(part, 0)) for part in _PARTS
    )
    return Queue(waiting, taken, explained, technical, Pages(number, sum(totals.values()), paging.PAGE))


def of_home(connection: Connection, person: Person, home_id: int, now: datetime) -> list[AlertLine]:
    """The alerts of one home, those that need somebody first."""
    return [line(row, now) for row in _rows(connection, person, 1, home_id)]


def lines(queue: Queue) -> list[AlertLine]:
    """The alerts of a page in their order."""
    return [alert for part in (queue.waiting, queue.taken, queue.explained, queue.technical) for alert in part.lines]


def home_ids(queue: Queue) -> list[int]:
    """The homes that appear on the page."""
    return sorted({alert.home_id for alert in lines(queue)})


def line(row: Row, now: datetime) -> AlertLine:
    """One alert in words."""
    zone = ZoneInfo(row.time_zone)
    return AlertLine(
        id=row.id,
        kind=row.kind,
        state=row.state,
        home_id=row.home_id,
        home=row.home,
        resident=row.resident,
        sentence=findings.sentence(row.finding, row.reason, zone, now),
        standing=of_alert(row.state, row.kind) or Standing.AS_USUAL,
        opened=when(row.opened_at, zone, now),
        opened_at=row.opened_at,
        open_for=how_long(now - row.opened_at),
        holder=row.holder,
        lapses=clock(row.lapses_at, zone) if row.lapses_at else None,
        explained_by=row.explained_by,
        unanswered=row.unanswered_at is not None,
        told=tuple(Told(one["name"], telling.reached(one["state"])) for one in row.told),
    )


def _rows(connection: Connection, person: Person, number: int, home_id: int | None = None) -> list[Row]:
    values = {
        "person_id": person.id,
        "on_the_team": person.on_the_team,
        "home_id": home_id,
        **paging.window(number),
    }
    with connection.cursor(row_factory=class_row(Row)) as cursor:
        return cursor.execute(sql(__file__, "alerts_of_person"), values).fetchall()


def _part(row: Row) -> str:
    if row.kind == "technical":
        return "technical"
    return "taken" if row.state in ("acknowledged", "attending") else row.state
