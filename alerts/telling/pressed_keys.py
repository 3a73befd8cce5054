"""Whoever was called pressed a key: what that means, and what the voice answers.

The call is known by Twilio's id, so nothing about the alert stands in an address.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from psycopg import Connection
from psycopg.rows import class_row

from alerts.telling import states
from alerts.telling.asking import asked_for_help
from alerts.telling.twilio_voice import farewell
from gateway.log import about
from ingest.database import sql

log = logging.getLogger(__name__)

HAVE_IT, CANNOT = "1", "2"


@dataclass(frozen=True, slots=True)
class _Called:
    """Who was called about what."""

    alert_id: int
    person_id: int
    is_resident: bool


def press(connection: Connection, form: Mapping[str, str], now: datetime) -> str:
    """Take in Twilio's report of a key, whose signature was checked. Returns TwiML."""
    with connection.cursor(row_factory=class_row(_Called)) as cursor:
        called = cursor.execute(sql(__file__, "who_was_called"), {"sid": form.get("CallSid", "")}).fetchone()
    if called is None:
        log.warning("A key was pressed in a call that is not ours", extra=about("voice_unknown_call"))
        return farewell("Sorry, this call is over. Goodbye.")
    key = form.get("Digits", "")[:1]
    with connection.transaction():
        words = _resident(connection, called, key, now) if called.is_resident else _act(connection, called, key, now)
    log.info("A key was pressed", extra=about("voice_key", alert_id=called.alert_id, person_id=called.person_id))
    return farewell(words)


def _act(connection: Connection, called: _Called, key: str, now: datetime) -> str:
    if key == HAVE_IT:
        if states.acknowledge(connection, called.alert_id, called.person_id, "voice", now).won:
            return "Thank you. You have it. Please say on the page, or by a text, what came of it. Goodbye."
        return "Thank you. Somebody else has it already. You need not do anything. Goodbye."
    if key == CANNOT:
        states.cannot(connection, called.alert_id, called.person_id, "voice", now)
        return "Thank you. The next person is asked now. Goodbye."
    return "Sorry, that key means nothing here. Please answer our next call or text. Goodbye."


def _resident(connection: Connection, called: _Called, key: str, now: datetime) -> str:
    if key == HAVE_IT:
        states.say_well(connection, called.alert_id, called.person_id, "voice", now)
        return "Good to hear. Thank you for answering. Goodbye."
    if key == CANNOT:
        asked_for_help(connection, called.alert_id, called.person_id, "voice", now)
        return "Thank you. We are asking somebody to come now. Goodbye."
    return "Sorry, that key means nothing here. Somebody will look in on you. Goodbye."
