"""Once a month everybody on a ladder is asked whether their phone is still theirs.

A number changes hands, or lies in a drawer, without a word to us; better to learn that on a quiet
day. Any answer to an alert counts as well.
"""

import logging
from datetime import datetime

from psycopg import Connection

from alerts.telling import texts
from alerts.telling.not_told import hold_homes_of, tell_staff
from alerts.telling.queueing import Draft, Purpose, queue
from gateway.log import about
from ingest.database import sql

log = logging.getLogger(__name__)

DOES_NOT_ANSWER = "contact_does_not_answer"
NOT_THEIRS = "contact_not_theirs"
"""Reasons of technical alerts."""

AT_ONCE = 200
"""People asked in one transaction."""


def ask(connection: Connection, now: datetime) -> int:
    """Ask whoever is to be asked today; how many. Nobody is asked while texts of that kind are not paid for."""
    with connection.transaction():
        due = connection.execute(sql(__file__, "still_you_due"), {"now": now, "limit": AT_ONCE}).fetchall()
        if due:
            connection.execute(sql(__file__, "still_you_asked"), {"people": [person for person, _ in due], "now": now})
        drafts = [Draft(person, Purpose.STILL_YOU, texts.still_you(again=again), urgent=False) for person, again in due]
        queue(connection, drafts, now)
    if due:
        log.info("People were asked whether it is still them", extra=about("still_you_asked", people=len(due)))
    return len(due)


def give_up(connection: Connection, now: datetime) -> int:
    """Tell the housing team of whoever did not answer; how many."""
    rows = connection.execute(sql(__file__, "still_you_silent"), {"now": now, "limit": AT_ONCE}).fetchall()
    return sum(_end_and_tell(connection, person, DOES_NOT_ANSWER, now) for (person,) in rows)


def heard(connection: Connection, person_id: int, now: datetime) -> bool:
    """It is still them. Whether anybody had asked."""
    return _ended(connection, person_id, now, answered=True)


def refused(connection: Connection, person_id: int, now: datetime) -> bool:
    """Whoever has the phone wants no alerts on it: the housing team must know. Whether anybody had asked."""
    return _end_and_tell(connection, person_id, NOT_THEIRS, now)


def _end_and_tell(connection: Connection, person_id: int, reason: str, now: datetime) -> bool:
    with connection.transaction():
        hold_homes_of(connection, person_id)
        if not _ended(connection, person_id, now, answered=False):
            return False
        if not tell_staff(connection, person_id, reason, now):  # on rotas and teams alone: the digest says it
            log.warning("A contact is in doubt", extra=about(reason, person_id=person_id, homes=0))
    return True


def _ended(connection: Connection, person_id: int, now: datetime, *, answered: bool) -> bool:
    values = {"person": person_id, "answered": answered, "now": now}
    return connection.execute(sql(__file__, "still_you_ended"), values).rowcount > 0
