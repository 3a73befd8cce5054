"""Signing in by a code that is sent by SMS.

Six digits, five tries, ten minutes; so many codes an hour to a phone. Whoever asks learns
nothing: an unknown phone, a spent budget and a sent code all answer alike.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import phonenumbers
from psycopg import Connection
from psycopg.rows import class_row, dict_row

from api.people import Person
from ingest.database import sql

TRIES = 5
GOOD_FOR = timedelta(minutes=10)
MOST_AN_HOUR = 5
SALT_BYTES = 16

QueueSignIn = Callable[[Connection, int, str, datetime], None]
"""alerts.sender.queue_sign_in: person, code and time; the text is written in this transaction."""


def normal_phone(typed: str) -> str | None:
    """E.164 of a number typed in any form used in the United Kingdom; None if it is no number."""
    try:
        number = phonenumbers.parse(typed, "GB")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@dataclass(frozen=True, slots=True)
class Moment:
    """When somebody signs in, and how much faster than them the clock runs: people type in our time."""

    now: datetime
    pace: float = 1.0

    def after(self, stretch: timedelta) -> datetime:
        return self.now + stretch * self.pace


def send_code(connection: Connection, phone: str, moment: Moment, queue: QueueSignIn) -> None:
    """Send a new code if this phone belongs to somebody and has not had too many; else nothing."""
    now = moment.now
    values: dict[str, Any] = {
        "phone": phone,
        "now": now,
        "since": moment.after(-timedelta(hours=1)),
        "most": MOST_AN_HOUR,
    }
    found = connection.execute(sql(__file__, "may_send_code"), values).fetchone()
    if found is None:
        return
    person_id, code, salt = found[0], f"{secrets.randbelow(10**6):06}", secrets.token_bytes(SALT_BYTES)
    values |= {"person_id": person_id, "salt": salt, "code_hash": _hash(code, salt)}
    values |= {"expires_at": moment.after(GOOD_FOR), "tries": TRIES}
    connection.execute(sql(__file__, "keep_code"), values)
    queue(connection, person_id, code, now)


def redeem(connection: Connection, phone: str, code: str, now: datetime) -> Person | None:
    """The person, if the code is the last one sent and still good. Each call spends a try."""
    values = {"phone": phone, "now": now}
    with connection.cursor(row_factory=dict_row) as cursor:
        kept = cursor.execute(sql(__file__, "spend_try"), values).fetchone()
    digits = "".join(character for character in code if character.isdigit())
    if kept is None or not hmac.compare_digest(kept["code_hash"], _hash(digits, kept["salt"])):
        return None
    with connection.cursor(row_factory=class_row(Person)) as cursor:
        return cursor.execute(sql(__file__, "use_up_code"), {"person_id": kept["person_id"], "now": now}).fetchone()


def _hash(code: str, salt: bytes) -> bytes:
    """Keeps the code from being read off a screen; its short life and few tries protect it."""
    return hashlib.sha256(salt + code.encode()).digest()
