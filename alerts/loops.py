"""Threads that work until they are told to stop, and heal by themselves.

Each loop has its own connection. When the database goes away, or anything unexpected
happens, it says so, waits a little longer each time, and begins again.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import psycopg
from psycopg import Connection

from gateway.log import about
from ingest.database import connect

log = logging.getLogger(__name__)

FIRST_PAUSE_S = 0.25


class Bell:
    """Wakes every thread that waits for it; a ring while nobody waits is remembered by each."""

    def __init__(self) -> None:
        self._rings = 0
        self._rung = threading.Condition()

    def ring(self) -> None:
        with self._rung:
            self._rings += 1
            self._rung.notify_all()

    @property
    def rings(self) -> int:
        return self._rings

    def wait(self, heard: int, seconds: float) -> None:
        """Until it has rung more often than `heard`, or the time is over."""
        with self._rung:
            self._rung.wait_for(lambda: self._rings != heard, seconds)


class Pace:
    """Lets so many a second pass, evenly."""

    def __init__(self, per_second: float) -> None:
        self._gap_s = 1 / per_second
        self._next = 0.0
        self._lock = threading.Lock()

    def wait(self) -> None:
        with self._lock:
            now = time.monotonic()
            mine = max(now, self._next)
            self._next = mine + self._gap_s
        if mine > now:
            time.sleep(mine - now)


Work = Callable[[Connection], bool]
"""Does one piece of work; False when there was none."""


@dataclass(slots=True)
class Loops:
    """The threads of a service."""

    database_url: str
    longest_pause_s: float = 15
    """Between two tries while something stays broken."""
    stopping: threading.Event = field(default_factory=threading.Event)
    threads: list[threading.Thread] = field(default_factory=list)
    bells: list[Bell] = field(default_factory=list)
    closing: list[Callable[[], None]] = field(default_factory=list)
    """What to close once the threads have ended."""

    def bell(self) -> Bell:
        made = Bell()
        self.bells.append(made)
        return made

    def run(self, name: str, work: Work, bell: Bell, idle_s: float) -> None:
        """Repeat `work` on a thread of its own; without work wait for the bell or `idle_s`."""
        thread = threading.Thread(target=self._keep_on, args=(name, work, bell, idle_s), name=name, daemon=True)
        self.threads.append(thread)
        thread.start()

    def stop(self, seconds: float) -> None:
        """A thread that hangs in a request to the outside is left behind; what it did is looked up later."""
        self.stopping.set()
        for bell in self.bells:
            bell.ring()
        deadline = time.monotonic() + seconds
        for thread in self.threads:
            thread.join(max(0, deadline - time.monotonic()))
        for close in self.closing:
            close()

    def _keep_on(self, name: str, work: Work, bell: Bell, idle_s: float) -> None:
        pause_s = FIRST_PAUSE_S
        while not self.stopping.is_set():
            try:
                with connect(self.database_url, autocommit=True) as connection:
                    while not self.stopping.is_set():
                        heard = bell.rings
                        if not work(connection):
                            bell.wait(heard, idle_s)
                        pause_s = FIRST_PAUSE_S
            except Exception as error:  # noqa: BLE001 - a loop that ends is worse than any error
                _say(name, error)
                self.stopping.wait(pause_s)
                pause_s = min(pause_s * 2, self.longest_pause_s)


def _say(name: str, error: Exception) -> None:
    """Without the error's own words, which may hold numbers and texts."""
    if isinstance(error, psycopg.OperationalError):
        log.warning("The database is away", extra=about("database_away", loop=name, why=type(error).__name__))
        return
    trace, where = error.__traceback__, ""
    while trace is not None:
        where, trace = f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}", trace.tb_next
    log.error(
        "Something unexpected happened; the loop begins again",
        extra=about("loop_failed", loop=name, error=type(error).__name__, where=where),
    )
