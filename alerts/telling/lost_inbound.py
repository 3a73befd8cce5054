"""Texts that came in but whose webhook was lost: Twilio keeps them, so ask for them."""

import logging
from datetime import datetime, timedelta

import psycopg
from psycopg import Connection

from alerts.telling.carrying import NotAnswered
from alerts.telling.replies import receive_late
from alerts.telling.twilio_sms import Twilio
from gateway.log import about

log = logging.getLogger(__name__)

LOOK_BACK = timedelta(hours=6)
CLOCKS_DIFFER = timedelta(minutes=2)
"""How far Twilio's clock may be from ours."""


def fetch(connection: Connection, carrier: Twilio, now: datetime, rest: timedelta) -> int:
    """Take in what Twilio received for us and we never heard of; how many.

    What is younger than `rest` may have its webhook on the way.
    """
    try:
        received = carrier.received(now - LOOK_BACK)
    except NotAnswered as error:
        log.warning("Could not ask for texts that came in", extra=about("sms_inbound_poll_failed", why=str(error)))
        return 0
    settled = [text for text in received if text.created_at is None or text.created_at <= now - rest]
    rows = connection.execute(
        "select provider_id from inbound where provider_id = any(%s)", ([text.sid for text in settled],)
    ).fetchall()
    known = {row[0] for row in rows}
    lost = [text for text in reversed(settled) if text.sid not in known]
    for text in lost:
        try:
            sent_at = text.created_at + CLOCKS_DIFFER if text.created_at else None
            form = {"MessageSid": text.sid, "From": text.from_number, "Body": text.body}
            receive_late(connection, form, now, min(sent_at, now) if sent_at else None)
        except psycopg.OperationalError:
            raise
        except Exception as error:  # noqa: BLE001 - one text must not hold the others up
            fields = about("sms_inbound_set_aside", error=type(error).__name__)
            log.error("A text that came in cannot be taken in", extra=fields)  # noqa: TRY400 - its words may hold it
            continue
        log.warning("The webhook of a text was lost", extra=about("sms_inbound_recovered"))
    return len(lost)
