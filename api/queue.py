"""The alerts that are not closed, in one query however many there are."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from psycopg import Connection
from psycopg.rows import class_row

from api import findings, telling
from api.people import Person
from api.standing import of_alert
from api.times import clock, how_long, when
from api.views import AlertLine, Queue, Standing, Told
from ingest.database import sql


@dataclass(frozen=True, slots=True)
class Row:
    """One row of alerts_of_person.sql. `finding`: a row of finding as JSON; `told`: [{name, state}]."""

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
    home_id: int
    home: str
    resident: str
    time_zone: str
    finding: dict[str, Any] | None
    told: list[dict[str, str]]


def of_person(connection: Connection, person: Person, now: datetime) -> Queue:
    """The alerts of all homes this person may see, urgent and old first."""
    return sort(lines(connection, person, now))


def lines(connection: Connection, person: Person, now: datetime, home_id: int | None = None) -> list[AlertLine]:
    """The alerts of all homes this person may see, or of one of them."""
    values = {"person_id": person.id, "on_the_team": person.on_the_team, "home_id": home_id}
    with connection.cursor(row_factory=class_row(Row)) as cursor:
        rows = cursor.execute(sql(__file__, "alerts_of_person"), values).fetchall()
    return [line(row, now) for row in rows]


def sort(found: Iterable[AlertLine]) -> Queue:
    """What needs somebody now, what somebody has, what is explained, what is about equipment."""
    found = tuple(found)
    people = tuple(alert for alert in found if alert.kind != "technical")
    return Queue(
        waiting=tuple(alert for alert in people if alert.standing is Standing.CHECK),
        taken=tuple(alert for alert in people if alert.standing is Standing.TAKEN),
        explained=tuple(alert for alert in people if alert.standing is Standing.EXPLAINED),
        technical=tuple(alert for alert in found if alert.kind == "technical"),
    )


def home_ids(queue: Queue) -> set[int]:
    """The homes that appear."""
    return {alert.home_id for part in (queue.waiting, queue.taken, queue.explained, queue.technical) for alert in part}


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
