"""Reaching the database: connections, a pool, and the SQL files beside each caller."""

from functools import cache
from pathlib import Path
from typing import Any, LiteralString

from psycopg import Connection
from psycopg_pool import ConnectionPool

DUE = "hearth_due"
"""NOTIFY channel: some home is due at once."""
CHANGED = "hearth_changed"
"""NOTIFY channel: what people see of the home whose id is the payload has changed."""


@cache
def sql(beside: str, name: str) -> LiteralString:
    """The query in `sql/<name>.sql` beside the file `beside` (pass `__file__`)."""
    return (Path(beside).parent / "sql" / f"{name}.sql").read_text()


def connect(url: str, *, autocommit: bool = False) -> Connection:
    """One connection whose session speaks UTC and gives up waiting for a lock after 30 s."""
    return Connection.connect(url, autocommit=autocommit, options=_OPTIONS, **_NOTICES)


def open_pool(url: str, size: int) -> ConnectionPool:
    """A pool that checks a connection before it lends it, so that a restart of the server heals."""
    return ConnectionPool(
        url,
        min_size=1,
        max_size=size,
        kwargs={"options": _OPTIONS, **_NOTICES},
        check=ConnectionPool.check_connection,
        open=True,
    )


# A server that vanishes without a word is noticed within half a minute, not after a quarter of an hour.
_NOTICES: dict[str, Any] = {
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30_000,
}
# Who hangs in a transaction loses it: what they had locked would hold up the judging of all homes.
_OPTIONS = "-c timezone=UTC -c lock_timeout=30s -c idle_in_transaction_session_timeout=2min"
