"""Reaching the database: connections, a pool, and the SQL files beside each caller."""

from functools import cache
from pathlib import Path
from typing import Any, LiteralString

from psycopg import Connection
from psycopg.types.json import set_json_loads
from psycopg_pool import ConnectionPool
from pydantic_core import from_json

DUE = "hearth_due"
"""NOTIFY channel: some home is due at once."""
CHANGED = "hearth_changed"
"""NOTIFY channel: what people see of the home whose id is the payload has changed."""


set_json_loads(from_json)
"""Of all connections: a fifth of the time of Python's own, and pictures are read by the thousand."""


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
# Compiling a query (jit) takes longer than running any of ours.
_OPTIONS = "-c timezone=UTC -c lock_timeout=30s -c idle_in_transaction_session_timeout=2min -c jit=off"
