"""Not delivered means not told: what follows when a text certainly did not arrive.

The ladder goes on at once, a handset that may be off is tried once more later, a number
that cannot work is marked, and the housing team gets a technical alert about it.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg import Connection

from alerts.telling import states
from alerts.telling.climbing import REPEAT_AFTER
from alerts.telling.queueing import changed, wake_senders
from alerts.telling.refusals import TELL_STAFF, Action
from gateway.log import about
from ingest.database import sql

log = logging.getLogger(__name__)

ONCE_MORE_AFTER = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Lost:
    """A text that did not arrive."""

    message_id: int
    alert_id: int | None
    person_id: int | None
    error_code: int | None


def follow(connection: Connection, lost: Lost, action: Action, now: datetime) -> None:
    """In the caller's transaction, which holds the alert's row if there is an alert."""
    _mark(connection, lost.person_id, action, now)
    if action is Action.LATER:
        values = {"message_id": lost.message_id, "now": now, "later": now + ONCE_MORE_AFTER}
        connection.execute(sql(__file__, "once_more"), values)
    if action in (Action.OUR_FAULT, Action.SEND_AGAIN_OUR_FAULT):
        log.error(
            "Texts are refused because of how this platform is set up",
            extra=about("sms_configuration_fault", message_id=lost.message_id, error_code=lost.error_code),
        )
    if lost.alert_id is not None:
        hurry(connection, lost.message_id, now)
        _take_back(connection, lost, now)


def hold_homes(connection: Connection, person_id: int | None, action: Action) -> None:
    """Before anything else is locked: what opens technical alerts, as judging does, waits for judging and not in it."""
    if action in TELL_STAFF and person_id is not None:
        hold_homes_of(connection, person_id)


def hold_homes_of(connection: Connection, person_id: int) -> None:
    connection.execute(sql(__file__, "lock_homes_of_person"), {"person": person_id})


def hurry(connection: Connection, message_id: int, now: datetime) -> None:
    """Let the ladder go on at once, if this text was of the step that it waits on.

    A ladder that has ended begins again after a while when it turns out that nobody at all was told.
    """
    values = {"message_id": message_id, "now": now, "later": now + REPEAT_AFTER}
    moved = connection.execute(sql(__file__, "hurry"), values).rowcount
    if moved:
        wake_senders(connection)  # the loop that runs the ladder listens there too


def _take_back(connection: Connection, lost: Lost, now: datetime) -> None:
    """Who has the alert could not be told that the home called again: then nobody has it."""
    values = {"message": lost.message_id, "person": lost.person_id}
    found = connection.execute(sql(__file__, "holder_not_told"), values).fetchone()
    if found and states.lapse(connection, found[0], now, "holder_not_reached"):
        wake_senders(connection)


def _mark(connection: Connection, person_id: int | None, action: Action, now: datetime) -> None:
    if person_id is None:
        return
    if action in TELL_STAFF:  # before the person's row is locked: alerts come first
        tell_staff(connection, person_id, TELL_STAFF[action], now)
    values = {"person": person_id, "now": now}
    if action is Action.OPTED_OUT:
        connection.execute(
            "update person set opted_out_at = coalesce(opted_out_at, %(now)s) where id = %(person)s", values
        )
    if action is Action.WRONG_NUMBER:
        connection.execute(
            "update person set phone_refused_at = coalesce(phone_refused_at, %(now)s) where id = %(person)s", values
        )


def tell_staff(connection: Connection, person_id: int, reason: str, now: datetime) -> Sequence[int]:
    """A technical alert, or a word in the open one, for each home on whose ladder this person is.

    Locks the homes: who has locked an alert already must have called `hold_homes` before.
    """
    hold_homes_of(connection, person_id)
    values = {"person": person_id, "reason": reason, "now": now}
    rows = connection.execute(sql(__file__, "tell_staff"), values).fetchall()
    alerts = [row[0] for row in rows]
    if alerts:
        changed(connection, alerts)
        log.warning("A contact cannot be reached", extra=about(reason, person_id=person_id, homes=len(alerts)))
    return alerts
