"""Work on the outbox while its disk may be full, worn out, or lose the file."""

import logging
from collections.abc import Callable

from gateway.health import Health, Problem
from gateway.log import about
from gateway.outbox import Outbox
from gateway.outbox_file import OutboxBrokenError, OutboxFullError

log = logging.getLogger(__name__)

RETRY_S = 1.0
TOLD_FOR_S = 120.0
"""A disk problem stays in the status for so long after its last sign: long enough for a status to say it."""


class Disk:
    """`lost` is called when the file could not be read and a new one has been begun; `found`, when one
    that could not be opened at the start is open."""

    def __init__(
        self, outbox: Outbox, health: Health, lost: Callable[[], None], found: Callable[[], None] = lambda: None
    ) -> None:
        self.outbox = outbox
        self.health = health
        self.failing = False
        self._lost = lost
        self._found = found
        self._retry_at = 0.0

    def takes(self, wall: float) -> bool:
        """Whether to try it now. One that failed must first take a trial."""
        if not self.failing and self.outbox.is_open:
            return True
        return wall >= self._retry_at and self.do(self._try, wall)

    def _try(self) -> None:
        was_open = self.outbox.is_open
        self.outbox.try_disk()
        if not was_open:
            self._found()

    def do(self, work: Callable[[], object], wall: float) -> bool:
        """Whether this was done. A failing disk is no reason to end."""
        try:
            work()
        except OutboxFullError as error:
            self._fails(error, wall)
            return False
        except OutboxBrokenError:
            self.health.note(Problem.OUTBOX_LOST, wall)
            self.outbox.begin_anew()
            self._lost()
            return False
        if self.failing and wall >= self._retry_at:
            self.failing = False
            log.info("The disk takes readings again", extra=about("disk_ok"))
        return True

    def _fails(self, error: OutboxFullError, wall: float) -> None:
        if not self.failing or wall >= self._retry_at:  # what fails in between must not put the next trial off
            self._retry_at = wall + RETRY_S
        self.failing = True
        if self.health.note(error.problem, wall, TOLD_FOR_S):
            log.error("The disk takes no readings; they are kept in memory: %s", error, extra=about(error.problem))
