"""One alert with everything that belongs to it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from psycopg import Connection
from psycopg.rows import class_row, dict_row

from api import findings, happened, next_told, queue, telling
from api.outcomes import OUTCOMES
from api.people import Person
from api.times import when
from api.views import Case
from ingest.database import sql


def of_alert(connection: Connection, alert_id: int, person: Person, now: datetime) -> Case:
    """The alert; permission was given before."""
    values = {"alert_id": alert_id}
    with connection.cursor(row_factory=class_row(queue.Row)) as cursor:
        row = cursor.execute(sql(__file__, "one_alert"), values).fetchone()
    if row is None:
        raise LookupError("an alert that was there a moment ago is gone")
    with connection.cursor(row_factory=dict_row) as cursor:
        found = cursor.execute(sql(__file__, "findings_of_alert"), values).fetchall()
        messages = cursor.execute(sql(__file__, "messages_of_alert"), values).fetchall()
        events = cursor.execute(sql(__file__, "events_of_alert"), values).fetchall()
    zone = ZoneInfo(row.time_zone)
    return Case(
        line=queue.line(row, now),
        evidence=tuple(findings.evidence(one["finding"], zone, now) for one in found),
        messages=tuple(telling.line(one, zone, now) for one in messages),
        events=tuple(happened.line(one, zone, now) for one in events),
        closed=when(row.closed_at, zone, now) if row.closed_at else None,
        outcome=OUTCOMES.get(row.outcome or "", row.outcome),
        mine=row.holder_id == person.id,
        next_told=next_told.of_alert(connection, alert_id, zone, now),
    )
