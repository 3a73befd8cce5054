"""What came, on its way to disk and from there to the server; while the disk fails, both in memory."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from gateway.disk import Disk
from gateway.health import Health
from gateway.kept import Kept, Rank
from gateway.link import Acknowledged, Came
from gateway.log import about
from gateway.outbox import Outbox
from gateway.outbox_file import OutboxBrokenError, OutboxFullError
from gateway.reminders.desk import Desk
from gateway.reminders.presses import Pressed
from gateway.sieve import Sieve
from gateway.spare import Spare
from gateway.timekeeping import Mend, steady_seconds
from gateway.uplink import Uplink

log = logging.getLogger(__name__)

HELD_UP_S = 1.0


@dataclass(slots=True)
class Unsaved:
    """What is not on disk yet: readings, and the messages and presses to acknowledge when it is."""

    readings: list[Kept] = field(default_factory=list)
    messages: list[Came] = field(default_factory=list)
    pressed: list[Pressed] = field(default_factory=list)


class Keeping:
    """Used by the service's thread alone. `wall`: monotonic seconds."""

    def __init__(self, gateway: str, outbox: Outbox, sieve: Sieve, desk: Desk | None, now: datetime) -> None:
        self.outbox = outbox
        self.sieve = sieve
        self.desk = desk
        self.health = Health()
        self.spare = Spare(gateway)
        self.uplink = Uplink(gateway, outbox, self.spare.outbox)
        self.disk = Disk(outbox, self.health, self._forgotten, self._found)
        self.unsaved = Unsaved()
        self.mends: list[Mend] = []
        self.now = now
        sieve.recall(outbox.remembered())
        if desk:
            desk.recall(outbox.notes(), now)

    def mend(self, mend: Mend) -> None:
        """The clock was wrong: so are the times of what was not sent yet."""
        self.mends.append(mend)
        self.spare.outbox.mend(mend)
        self.unsaved.readings = [
            replace(one, at=one.at + mend.by) if mend.covers(one.at) else one for one in self.unsaved.readings
        ]

    def calls_left(self) -> int:
        """Calls for help that the server has not stored yet."""
        left = self.outbox.urgent_left() + self.spare.outbox.urgent_left()
        return left + sum(one.rank is Rank.URGENT for one in self.unsaved.readings)

    def acknowledged(self, event: Acknowledged, wall: float) -> None:
        if event.session is self.uplink.session:
            self.uplink.acknowledged(event.mid, event.code, wall)
            self.spare.uplink.acknowledged(event.mid, event.code, wall)

    def heard_stored(self, payload: bytes, wall: float) -> None:
        self.spare.uplink.heard_stored(payload, wall)
        self._on_disk(lambda: self.uplink.heard_stored(payload, wall), wall)

    def round(self, now: datetime, wall: float, *, hold: bool) -> None:
        """To disk and from there to the server."""
        self.now = now
        if self.disk.takes(wall) and self._on_disk(self._save, wall):
            self._on_disk(lambda: self.spare.move_to(self.outbox), wall)
            self._on_disk(lambda: self.uplink.pump(now, wall, hold=hold), wall)
        if self.disk.failing:
            self._save_in_memory()
        if self.spare.is_used:
            self.spare.follow(self.uplink.session)
            guarded(lambda: self.spare.uplink.pump(now, wall, hold=hold))
        held_up = steady_seconds() - wall
        if held_up > HELD_UP_S:
            self.uplink.was_held_up(held_up)

    def end(self, wall: float) -> None:
        """The last of it to disk, if that can be."""
        if not self.outbox.is_open:
            self.disk.takes(wall)
        if self._on_disk(self._save, wall):
            self._on_disk(lambda: self.spare.move_to(self.outbox), wall)

    def _save(self) -> None:
        """Everything that came goes to disk in one commit; then the home's broker may forget it."""
        while self.mends:
            self.outbox.mend(self.mends[0])
            self.mends.pop(0)
        unsaved, changed = self.unsaved, self.sieve.changed
        notes = self.desk.to_keep() if self.desk else {}
        if unsaved.readings or notes:
            self.outbox.add(unsaved.readings, changed, notes)
            unsaved.readings = []
            changed.clear()
            if self.desk:
                self.desk.is_kept()
        self._let_go()

    def _save_in_memory(self) -> None:
        """The disk fails: the next best place. What it would have to know after a restart still waits for it."""
        if self.unsaved.readings:
            self.spare.take(self.unsaved.readings, self.uplink.session)
            self.unsaved.readings = []
        self._let_go()

    def _let_go(self) -> None:
        """Tell those who wait that what they brought is kept."""
        unsaved = self.unsaved
        for pressed in unsaved.pressed:
            pressed.answered.set()
        unsaved.pressed = []
        for came in unsaved.messages:
            came.session.acknowledge(came.mid, came.qos)  # nothing, where that connection is over
        unsaved.messages = []

    def _on_disk(self, work: Callable[[], None], wall: float) -> bool:
        """Whether this was done with the outbox; a full disk or a broken file is no reason to end."""
        return self.disk.do(lambda: guarded(work), wall)

    def _forgotten(self) -> None:
        """The disk has lost everything."""
        self.uplink.send_again()
        if self.desk:
            self.desk.keep_all()

    def _found(self) -> None:
        """A disk that could not be had at the start is there: what we know by now is newer than what it holds."""
        self.uplink.send_again()
        self.sieve.recall(self.outbox.remembered())
        if self.desk:
            newer = self.desk.to_keep()
            notes = {name: text for name, text in self.outbox.notes().items() if name not in newer}
            self.desk.recall(notes | {name: text for name, text in newer.items() if text is not None}, self.now)


def guarded(work: Callable[[], object]) -> None:
    """One bad message or fault must not end the gateway."""
    try:
        work()
    except (OutboxFullError, OutboxBrokenError):
        raise
    except Exception:
        log.exception("An unexpected fault; going on", extra=about("fault"))
