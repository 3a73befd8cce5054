"""The week's summary on Sunday evening, to families who want it: by e-mail, or else by one text."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from psycopg import Connection
from psycopg.rows import class_row

from alerts.keeping_in_touch.week import Happening, HomeWeek, as_mail, as_text
from alerts.telling.climbing import By
from alerts.telling.queueing import Draft, Purpose, queue
from gateway.log import about
from ingest.database import sql

log = logging.getLogger(__name__)

AT_ONCE = 200
"""People in one transaction."""


@dataclass(frozen=True, slots=True)
class _Reader:
    """Somebody to write to, with their homes."""

    person_id: int
    day: date
    by_mail: bool
    homes: list[int]


def tell(connection: Connection, now: datetime, *, can_mail: bool) -> int:
    """Write to everybody whose Sunday evening it is; how many."""
    told = 0
    while some := _tell_some(connection, now, can_mail=can_mail):
        told += some
    if told:
        log.info("Summaries were written", extra=about("summaries", people=told))
    return told


def _tell_some(connection: Connection, now: datetime, *, can_mail: bool) -> int:
    values = {"now": now, "can_mail": can_mail, "limit": AT_ONCE}
    with connection.transaction():
        with connection.cursor(row_factory=class_row(_Reader)) as cursor:
            due = cursor.execute(sql(__file__, "summary_due"), values).fetchall()
        mine = claim(connection, Purpose.SUMMARY, [(one.person_id, one.day) for one in due], now)
        readers = [one for one in due if one.person_id in mine]
        queue(connection, _drafts(connection, readers, now), now)
    return len(readers)


def claim(
    connection: Connection, purpose: Purpose, people: Sequence[tuple[int, date]], now: datetime
) -> frozenset[int]:
    """The people among these to whom nobody else writes this for this day."""
    values = {
        "purpose": purpose,
        "people": [person for person, _ in people],
        "days": [day for _, day in people],
        "now": now,
    }
    return frozenset(row[0] for row in connection.execute(sql(__file__, "claim_day"), values))


def _drafts(connection: Connection, readers: Sequence[_Reader], now: datetime) -> list[Draft]:
    values = {"homes": sorted({home for one in readers for home in one.homes}), "now": now}
    with connection.cursor(row_factory=class_row(HomeWeek)) as cursor:
        weeks = cursor.execute(sql(__file__, "week_of_homes"), values).fetchall()
    with connection.cursor(row_factory=class_row(Happening)) as rows:
        happenings = rows.execute(sql(__file__, "alerts_of_week"), values).fetchall()
    return [_draft(one, weeks, happenings) for one in readers]


def _draft(reader: _Reader, weeks: Sequence[HomeWeek], happenings: Sequence[Happening]) -> Draft:
    mine = [week for week in weeks if week.home_id in reader.homes]
    happened = [one for one in happenings if one.home_id in reader.homes]
    body = (as_mail if reader.by_mail else as_text)(mine, happened)
    channel = By.EMAIL if reader.by_mail else By.SMS
    return Draft(reader.person_id, Purpose.SUMMARY, body, urgent=False, channel=channel)
