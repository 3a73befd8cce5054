"""The resident was asked "are you all right?" and wants somebody to come: that is a call for help."""

import logging
from datetime import datetime

from psycopg import Connection

from alerts.telling import ladder, states
from alerts.telling.queueing import cancel_queued
from alerts.telling.state_table import TABLE, Channel, Event, State
from alerts.verdicts import Reason, Severity
from gateway.log import about
from ingest.database import sql

log = logging.getLogger(__name__)


def asked_for_help(connection: Connection, alert_id: int, person_id: int, channel: Channel, now: datetime) -> None:
    """Everybody on the ladder hears at once, urgently; who has it already hears that the home called."""
    with connection.transaction():
        alert = states.lock_to_close(connection, alert_id)
        if alert.state is State.CLOSED and (instead := _open_instead(connection, alert_id)):
            alert_id, alert = instead, states.lock(connection, instead)
        states.note(connection, alert_id, "resident_wants_help", now, person_id, channel)
        state = TABLE[alert.state, Event.FURTHER]
        if state is None:  # closed: it is opened again
            state = TABLE[alert.state, Event.RECUR]
        if state is None:
            return
        if state is not State.OPEN:
            ladder.tell_holders(connection, [alert_id], now)
            return
        values = {"reason": Reason.CALL_FOR_HELP, "deadline_at": now, "severity": Severity.URGENT}
        cancel_queued(connection, [alert_id], now)
        states.become(connection, "reopen", alert, state, now, values)
        states.note(connection, alert_id, "reopened", now, person_id, channel)
        connection.execute(sql(__file__, "still_eager"), {"id": alert_id})
        ladder.start(connection, [alert_id], now)
    log.info("The resident asks for somebody", extra=about("resident_wants_help", alert_id=alert_id))


def _open_instead(connection: Connection, alert_id: int) -> int | None:
    """Which alert of the same home and kind is open by now; there is one at most."""
    row = connection.execute(sql(__file__, "open_instead"), {"id": alert_id}).fetchone()
    return row[0] if row else None
