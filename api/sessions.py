"""Sessions: a random token in a cookie, its SHA-256 in the database.

A session ends when it has not been used for a while; using it moves the end.
The form token, which proves that a form came from one of our pages, is made from
the session's token, so it needs no row of its own.
"""

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta
from typing import Any

from psycopg import Connection
from psycopg.rows import dict_row
from starlette.responses import Response

from api.people import Person, Role, Session
from ingest.database import sql

COOKIE = "hearthlight"
_IDLE = {
    Role.FAMILY: timedelta(days=30),
    Role.RESIDENT: timedelta(days=30),
    Role.RESPONDER: timedelta(hours=12),
    Role.COORDINATOR: timedelta(hours=12),
}
"""How long a session lasts without use. A family's own phone, and a desk that others pass."""
RENEW_AFTER = 0.1
"""The end is moved once this share of the time has gone, so that not every request writes."""


def idle(person: Person, pace: float) -> timedelta:
    """How long this person's session lasts without use.

    `pace`: how much faster than ours the clock runs. Whoever looks at a simulated street still lives in our time.
    """
    return _IDLE[person.role] * pace


def token_hash(token: str) -> bytes:
    return hashlib.sha256(token.encode()).digest()


def start(connection: Connection, person: Person, now: datetime, pace: float) -> str:
    """Open a session and return the token for the cookie."""
    token = secrets.token_urlsafe(32)
    parameters = {"token_hash": token_hash(token), "person_id": person.id, "expires_at": now + idle(person, pace)}
    connection.execute(sql(__file__, "start_session"), parameters)
    return token


def find(connection: Connection, token: str, now: datetime, pace: float) -> Session | None:
    """The session of this token, if it is still open; using it moves its end."""
    key = token_hash(token)
    with connection.cursor(row_factory=dict_row) as cursor:
        row = cursor.execute(sql(__file__, "find_session"), {"token_hash": key, "now": now}).fetchone()
    if row is None:
        return None
    session = _session(key, row)
    length = idle(session.person, pace)
    if session.expires_at - now < length * (1 - RENEW_AFTER):
        connection.execute(sql(__file__, "renew_session"), {"token_hash": key, "expires_at": now + length})
    return session


def _session(key: bytes, row: dict[str, Any]) -> Session:
    return Session(key, Person(row["id"], row["name"], row["role"]), row["expires_at"])


def end(connection: Connection, token: str) -> None:
    """Close the session; the cookie is worth nothing from now on."""
    connection.execute(sql(__file__, "end_session"), {"token_hash": token_hash(token)})


def form_token(token: str) -> str:
    """What each form of this session carries."""
    return hmac.new(token.encode(), b"form", hashlib.sha256).hexdigest()


def give_cookie(response: Response, token: str, *, secure: bool) -> None:
    """Hand the token to the browser: not for scripts, not for other sites' posts."""
    response.set_cookie(COOKIE, token, httponly=True, samesite="lax", secure=secure, path="/", max_age=30 * 86400)


def take_cookie(response: Response, *, secure: bool) -> None:
    response.delete_cookie(COOKIE, httponly=True, samesite="lax", secure=secure, path="/")
