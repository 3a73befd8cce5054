"""Reaching the database: connections, a pool, and the SQL files beside each caller."""

from functools import cache
from pathlib import Path
from typing import LiteralString

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
    return Connection.connect(url, autocommit=autocommit, options=_OPTIONS)


def open_pool(url: str, size: int) -> ConnectionPool:
    """A pool that checks a connection before it lends it, so that a restart of the server heals."""
    return ConnectionPool(
        url,
        min_size=1,
        max_size=size,
        kwargs={"options": _OPTIONS},
        check=ConnectionPool.check_connection,
        open=True,
    )


_OPTIONS = "-c timezone=UTC -c lock_timeout=30s"
