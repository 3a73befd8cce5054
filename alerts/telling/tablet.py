"""The resident is asked "are you all right?" on the tablet too, and what is pressed there counts as a text would.

Somebody who presses "help" there calls for help: that is a reading like that of any such button, and is
raised by judging, at once and whatever else is open. Here it is only written down.
"""

import logging
from collections.abc import Iterable
from datetime import datetime

from psycopg import Connection

from alerts.telling import states
from gateway.config import TABLET, Do
from gateway.log import about
from gateway.messages import BUTTON_VALUE, Button, Kind
from ingest import configuring
from ingest.database import sql
from ingest.kinds import NUMBER

log = logging.getLogger(__name__)

ASKED = "asked_on_tablet"


def ask(connection: Connection, asked: Iterable[tuple[int, int]], now: datetime) -> None:
    """Let tablets ask on behalf of alerts, in the caller's transaction; `asked`: (alert id, gateway id)."""
    for alert_id, gateway_id in asked:
        configuring.order(connection, gateway_id, Do.ASK, now, alert_id=alert_id)
        states.note(connection, alert_id, ASKED, now, None, "engine")


def hear(connection: Connection, now: datetime) -> int:
    """Take in what was answered on tablets; how many answers."""
    values = {
        "tablet": TABLET,
        "kind": NUMBER[Kind.BUTTON],
        "fine": BUTTON_VALUE[Button.OK],
        "help": BUTTON_VALUE[Button.SOS],
        "now": now,
    }
    with connection.transaction():
        answers = connection.execute(sql(__file__, "tablet_answers"), values).fetchall()
        for alert_id, is_well, resident in answers:
            if is_well:
                states.say_well(connection, alert_id, resident, "tablet", now)
            else:
                states.note(connection, alert_id, "resident_wants_help", now, resident, "tablet")
    for alert_id, is_well, _ in answers:
        fields = about("tablet_answered", alert_id=alert_id, meaning="says_well" if is_well else "wants_help")
        log.info("The question on the tablet was answered", extra=fields)
    return len(answers)
