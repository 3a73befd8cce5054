"""Proving that a number is a person's: a code is sent to it, and typed on the page or texted back.

Six digits, five tries, two days: a coordinator puts a contact in, and the contact answers in the
evening. So many codes an hour to a phone.
"""

import hashlib
import hmac
import logging
import secrets
from datetime import datetime, timedelta

from psycopg import Connection

from alerts.telling import texts
from alerts.telling.queueing import Draft, Purpose, queue
from gateway.log import about
from ingest.database import sql

log = logging.getLogger(__name__)

TRIES = 5
GOOD_FOR = timedelta(days=2)
MOST_AN_HOUR = 3
SALT_BYTES = 16


def send_code(connection: Connection, person_id: int, now: datetime) -> bool:
    """Send a new code to this person's phone; False if it has had too many, or takes no texts."""
    code, salt = f"{secrets.randbelow(10**6):06}", secrets.token_bytes(SALT_BYTES)
    values = {
        "person": person_id,
        "salt": salt,
        "code_hash": _hash(code, salt),
        "expires_at": now + GOOD_FOR,
        "tries": TRIES,
        "most": MOST_AN_HOUR,
        "now": now,
    }
    with connection.transaction():
        if connection.execute(sql(__file__, "keep_verify_code"), values).fetchone() is None:
            return False
        queue(connection, [Draft(person_id, Purpose.VERIFY, texts.verify(code), urgent=True)], now)
    return True


def confirm(connection: Connection, person_id: int, code: str, now: datetime) -> bool:
    """Whether this is the last code sent, and still good; then the number is proved. Each call spends a try."""
    values = {"person": person_id, "now": now}
    with connection.transaction():
        kept = connection.execute(sql(__file__, "spend_verify_try"), values).fetchone()
        digits = "".join(character for character in code[:40] if character.isdigit())
        if kept is None or not hmac.compare_digest(kept[0], _hash(digits, kept[1])):
            return False
        connection.execute(sql(__file__, "number_proved"), values)
    log.info("A number was proved", extra=about("number_verified", person_id=person_id))
    return True


def _hash(code: str, salt: bytes) -> bytes:
    """Keeps the code from being read off a screen; its short life and few tries protect it."""
    return hashlib.sha256(salt + code.encode()).digest()
