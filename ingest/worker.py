"""The saving loop: takes what has arrived, saves it, and never gives up.

A batch is what has arrived while the one before was being saved; so a lonely message is
committed at once, and under load batches grow by themselves.
"""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from queue import Empty, SimpleQueue

import psycopg
from psycopg import Connection

from gateway.log import about
from ingest.arrivals import Arrived
from ingest.database import connect
from ingest.receiving import Done
from ingest.saving import Saved, Saver, StreamGoneError

GATHER_S = 0.02
"""Under load: how long to wait for more, so that a commit is worth its price."""
BUSY = 50
"""A batch of at least so many messages means load."""
MOST_BYTES = 1024 * 1024
"""Of payloads in one batch; opened they take about fifteen times as much memory."""
FIRST_WAIT_S, LONGEST_WAIT_S = 0.1, 5.0

log = logging.getLogger(__name__)


class Intake:
    """The messages that wait to be saved, taken in batches."""

    def __init__(self, arrived: SimpleQueue[list[Arrived]], most: int) -> None:
        self._arrived = arrived
        self._most = most
        self._left: list[Arrived] = []
        self._busy = False

    def next(self, timeout_s: float) -> list[Arrived]:
        """The next batch, at most `most` messages; empty if nothing came in time."""
        taken = self._left or self._wait(timeout_s)
        until = time.monotonic() + (GATHER_S if self._busy else 0)
        while len(taken) < self._most and sum(len(arrived.payload) for arrived in taken) < MOST_BYTES:
            more = self._wait(max(0.0, until - time.monotonic()))
            if not more:
                break
            taken = taken + more
        batch = taken[: self._fitting(taken)]
        self._left = taken[len(batch) :]
        self._busy = len(batch) >= BUSY
        return batch

    def _wait(self, timeout_s: float) -> list[Arrived]:
        try:
            return self._arrived.get(timeout=timeout_s) if timeout_s else self._arrived.get_nowait()
        except Empty:
            return []

    def _fitting(self, taken: Sequence[Arrived]) -> int:
        """How many of these make one batch."""
        size = 0
        for count, arrived in enumerate(taken[: self._most]):
            size += len(arrived.payload)
            if size > MOST_BYTES and count:
                return count
        return min(len(taken), self._most)


class Worker:
    """Saves batches until it is stopped."""

    def __init__(self, url: str, intake: Intake, done: Callable[[Done], None], stopping: threading.Event) -> None:
        self._url = url
        self._intake = intake
        self._done = done
        self._stopping = stopping
        self._saver = Saver()
        self._connection: Connection | None = None
        self._wait_s = FIRST_WAIT_S

    def run(self) -> None:
        while not self._stopping.is_set():
            batch = self._intake.next(timeout_s=0.5)
            if batch:
                self._save(batch)
        if self._connection is not None:
            self._connection.close()

    def _save(self, batch: Sequence[Arrived]) -> None:
        """Save a batch, however long it takes; one that the data itself makes fail is split."""
        while not self._stopping.is_set():
            try:
                saved = self._saver.save(self._connected(), batch)
            except StreamGoneError:
                continue
            except psycopg.Error as error:
                if _is_about_the_data(error):
                    self._saver.forget()
                    self._split(batch, error)
                    return
                self._heal(error)
            except Exception as error:  # noqa: BLE001 - a fault of ours about one message must not stop the others
                self._split(batch, error)
                return
            else:
                self._wait_s = FIRST_WAIT_S
                self._finish(batch, saved)
                return

    def _finish(self, batch: Sequence[Arrived], saved: Saved) -> None:
        self._done(Done(batch, saved.stored))
        if saved.refused:
            log.warning("Refused some messages", extra=about("refused", count=saved.refused))

    def _split(self, batch: Sequence[Arrived], error: Exception) -> None:
        if len(batch) > 1:
            middle = len(batch) // 2
            self._save(batch[:middle])
            self._save(batch[middle:])
        else:
            self._put_aside(batch[0], error)

    def _put_aside(self, arrived: Arrived, error: Exception) -> None:
        log.error("Set a message aside", extra=about("not_savable", error=type(error).__name__))
        while not self._stopping.is_set():
            try:
                self._finish([arrived], self._saver.set_aside(self._connected(), arrived, type(error).__name__))
            except psycopg.Error as again:
                if not _is_about_the_data(again):
                    self._heal(again)
                    continue
            except Exception as again:  # noqa: BLE001 - as above; its text could hold the message's
                error = again
            else:
                return
            log.error("Not even the quarantine takes it", extra=about("thrown_away", error=type(error).__name__))
            self._done(Done([arrived], ()))
            return

    def _connected(self) -> Connection:
        if self._connection is None or self._connection.closed:
            self._connection = connect(self._url, autocommit=True)
        return self._connection

    def _heal(self, error: psycopg.Error) -> None:
        """After a failure that is not the data's: wait, and begin again with a new connection."""
        log.warning("The database failed", extra=about("database_failed", error=type(error).__name__))
        if not isinstance(error, psycopg.errors.DeadlockDetected | psycopg.errors.SerializationFailure):
            if self._connection is not None:
                self._connection.close()
            self._connection = None
            self._saver.forget()
        self._stopping.wait(self._wait_s)
        self._wait_s = min(2 * self._wait_s, LONGEST_WAIT_S)


def _is_about_the_data(error: psycopg.Error) -> bool:
    return isinstance(error, psycopg.DataError | psycopg.IntegrityError)
