"""Where readings go while the disk takes none: a small outbox in memory, which sends too.

So a call for help leaves the home though the memory card has died. What was not sent by
the time the disk is well again moves to it.
"""

import logging
from collections.abc import Iterable

from gateway.kept import Kept
from gateway.log import about
from gateway.outbox import Outbox
from gateway.uplink import Publishes, Uplink

log = logging.getLogger(__name__)

MOST_BYTES = 4 * 1024 * 1024
"""About 50,000 readings; beyond it repeats go first, then events, never a call for help."""


class Spare:
    """An outbox and its uplink, on the same connection as the real ones."""

    def __init__(self, gateway: str) -> None:
        self.outbox = Outbox(None, MOST_BYTES)
        self.uplink = Uplink(gateway, self.outbox)

    @property
    def is_used(self) -> bool:
        return self.outbox.depth > 0

    def take(self, readings: Iterable[Kept], session: Publishes | None) -> None:
        self.follow(session)
        self.outbox.add(readings)

    def follow(self, session: Publishes | None) -> None:
        """Use this connection; a new one means that what is not stored goes again."""
        if session is None:
            self.uplink.disconnected()
        elif session is not self.uplink.session:
            self.uplink.connected(session)

    def move_to(self, outbox: Outbox) -> None:
        """What was never sent goes to the disk. What was sent stays until it is stored: it has its numbers."""
        if not self.outbox.waiting:
            return
        moved = self.outbox.take_waiting()
        try:
            outbox.add(moved)
        except BaseException:
            self.outbox.add(moved)
            raise
        log.info("Readings from memory are on disk now", extra=about("spare_moved", n=len(moved)))
