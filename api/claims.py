"""Claim codes: made for a gateway by a coordinator, traded by the gateway for its password, once.

Neither code nor password is kept, only a hash of each. A code is 78 random bits and good for two
days, so guessing finds none; wrong ones are counted all the same, so that nobody even tries for long.
"""

import hashlib
import hmac
import ipaddress
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg import Connection
from psycopg.rows import class_row

from gateway.claim import ALPHABET, Refused, new_code, shown, tidy
from ingest.broker_passwords import hashed, new_password
from ingest.database import sql

GOOD_FOR = timedelta(hours=48)
COUNTED_FOR = timedelta(hours=1)
MOST_OF_ONE_ADDRESS = 10
MOST_OF_ALL = 600
"""Wrong codes an hour. Far below what finds a code, far above what a county mistypes."""
_FINDER = 4


@dataclass(frozen=True, slots=True)
class Made:
    """A code, to be shown once."""

    gateway: str
    code: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Granted:
    """What a code was traded for."""

    gateway: str
    password: str


@dataclass(frozen=True, slots=True)
class _Row:
    """One row of find_claims.sql."""

    id: int
    code_hash: bytes
    expires_at: datetime
    used_at: datetime | None


def add_gateway(connection: Connection, home_id: int, person_id: int, now: datetime) -> Made:
    """A new gateway of this home, and its code."""
    values = {"name": _new_name(), "home_id": home_id}
    row = connection.execute(sql(__file__, "add_gateway"), values).fetchone()
    assert row is not None  # noqa: S101 - an insert that returns
    made = make(connection, home_id, row[0], person_id, now)
    assert made is not None  # noqa: S101 - it has just been put in
    return made


def make(connection: Connection, home_id: int, gateway_id: int, person_id: int, now: datetime) -> Made | None:
    """A new code; None where this home has no such gateway."""
    code = new_code()
    values = {
        "gateway_id": gateway_id,
        "home_id": home_id,
        "person_id": person_id,
        "finder": code[:_FINDER],
        "code_hash": _hash(code),
        "now": now,
        "expires_at": now + GOOD_FOR,
    }
    row = connection.execute(sql(__file__, "make_claim"), values).fetchone()
    return Made(row[0], shown(code), now + GOOD_FOR) if row else None


def remove(connection: Connection, home_id: int, gateway_id: int, now: datetime) -> bool:
    """Let the gateway in no more; False where this home has no such gateway."""
    values = {"gateway_id": gateway_id, "home_id": home_id, "now": now}
    return connection.execute(sql(__file__, "remove_claim"), values).fetchone() is not None


def redeem(connection: Connection, typed: str, address: str | None, now: datetime) -> Granted | Refused:
    """Trade a code. `address`: as `origin` gives it. What is counted must be committed, whatever comes of it."""
    counting = {"address": address, "since": now - COUNTED_FOR, "now": now}
    counted = connection.execute(sql(__file__, "count_claim_attempts"), counting).fetchone()
    if counted is not None and (counted[0] >= MOST_OF_ONE_ADDRESS or counted[1] >= MOST_OF_ALL):
        return Refused.TOO_MANY
    found = _find(connection, tidy(typed))
    if found is None:
        connection.execute(sql(__file__, "note_claim_attempt"), counting)
        return Refused.WRONG
    if found.used_at is not None:
        return Refused.USED
    if found.expires_at <= now:
        return Refused.EXPIRED
    password = new_password()
    values = {"claim_id": found.id, "password_hash": hashed(password), "now": now}
    row = connection.execute(sql(__file__, "use_claim"), values).fetchone()
    return Granted(row[0], password) if row else Refused.USED


def origin(host: str | None) -> str | None:
    """What to count wrong codes by: an address, of IPv6 the /64 that one household has.

    None for one that is not out on the internet: that is a proxy of ours, before which everybody looks alike.
    """
    try:
        address = ipaddress.ip_address(host or "")
    except ValueError:
        return None
    if not address.is_global:
        return None
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else str(address)


def _find(connection: Connection, code: str | None) -> _Row | None:
    if code is None:
        return None
    wanted = _hash(code)
    with connection.cursor(row_factory=class_row(_Row)) as cursor:
        rows = cursor.execute(sql(__file__, "find_claims"), {"finder": code[:_FINDER]}).fetchall()
    return next((row for row in rows if hmac.compare_digest(row.code_hash, wanted)), None)


def _hash(code: str) -> bytes:
    return hashlib.sha256(code.encode()).digest()


def _new_name() -> str:
    """ "gw-k7pm-2qxw-9htd": its id on the wire, which nobody guesses and people can still read out."""
    letters = ALPHABET.lower()
    return "-".join(["gw", *("".join(secrets.choice(letters) for _ in range(4)) for _ in range(3))])
