"""How fast a number of ours may send, kept to by all processes together: they take turns in one row.

While the database cannot say whose turn it is each process keeps the pace by itself, rather than
not sending at all.
"""

import logging
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Protocol

import psycopg
from psycopg import Connection

from alerts.loops import Pace
from gateway.log import about
from ingest.database import connect, sql

log = logging.getLogger(__name__)


class Paces(Protocol):
    """Whatever makes its caller wait for its turn."""

    def wait(self) -> None: ...


def take_slot(connection: Connection, number: str, per_second: float) -> float:
    """Take this number's next slot; the seconds until then."""
    values = {"number": number, "gap": timedelta(seconds=1 / per_second)}
    row = connection.execute(sql(__file__, "take_slot"), values).fetchone()
    return float(row[0]) if row else 0.0


class SharedPace:
    """One for each process; all its senders share it, and its connection."""

    def __init__(
        self, database_url: str, number: str, per_second: float, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._url, self._number, self._per_second, self._sleep = database_url, number, per_second, sleep
        self._alone = Pace(per_second)
        self._connection: Connection | None = None
        self._lock = threading.Lock()

    def wait(self) -> None:
        with self._lock:
            seconds = self._take()
        if seconds is None:
            self._alone.wait()
        elif seconds > 0:
            self._sleep(seconds)

    def close(self) -> None:
        with self._lock:
            self._forget()

    def _take(self) -> float | None:
        """Seconds until our turn; None: nobody can say."""
        try:
            if self._connection is None:
                self._connection = connect(self._url, autocommit=True)
                # A turn that a crash of the server forgets has been waited for already.
                self._connection.execute("set synchronous_commit = off")
            return take_slot(self._connection, self._number, self._per_second)
        except psycopg.Error as error:
            log.warning("Our number's pace cannot be shared", extra=about("pace_alone", error=type(error).__name__))
            self._forget()
            return None

    def _forget(self) -> None:
        if self._connection is not None:
            with suppress(psycopg.Error):
                self._connection.close()
        self._connection = None
