"""From the outbox to the server's broker: what to send now, what again, what to forget.

A PUBACK proves nothing: the broker sends it before it writes to disk. Only "stored"
from the ingest lets a reading go. Resending and waiting are wall time; `wall` is
monotonic seconds. Knows nothing of paho: it publishes through whatever can.
"""

import logging
import random
from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import version
from typing import Protocol

from pydantic import ValidationError

from gateway.envelopes import envelopes
from gateway.health import WELL, Condition
from gateway.link import back_off
from gateway.listener import NO_TROUBLES, Troubles
from gateway.log import about
from gateway.messages import MAX_READINGS, Status, Stored, topic
from gateway.outbox import Numbered, Outbox, Rank
from gateway.reminders.presses import NO_STANDING, Standing

log = logging.getLogger(__name__)

WINDOW = 5000
"""Readings that are sent and not stored; beyond it new ones wait (urgent ones do not)."""
UNDER_WAY = 8
"""Envelopes without PUBACK. Idle, an edge leaves at once; what piles up meanwhile goes together."""
PATIENCE_S = 10.0
LONGEST_PATIENCE_S = 300.0
STATUS_EVERY_S = 60.0
STATUS_SOONEST_S = 5.0
STATUS_IN_TEST_S = 0.5
NOBODY_LISTENS = 0x10
NOT_AUTHORIZED = 0x87
SLOWEST_WITHOUT_LISTENER_S = 15.0
FORGOTTEN_ROUNDS = 3
MOST_SENSORS = 500


class Publishes(Protocol):
    """A connection to the server's broker (link.Session)."""

    def publish(self, topic: str, payload: bytes, /, *, retain: bool = False) -> int:
        """Hand over for sending; the message id that the PUBACK will name."""


class Uplink:
    """Sends from `outbox` while there is a session. One thread."""

    def __init__(self, gateway: str, outbox: Outbox, beside: Outbox | None = None) -> None:
        """`beside`: another one, whose readings the status counts too."""
        self.gateway = gateway
        self.outbox = outbox
        self.beside = beside
        self.is_refused = False
        self.session: Publishes | None = None
        self._unacknowledged: set[int] = set()
        self._again_after: tuple[int, int] | None = None  # key; None: nothing is to be sent again
        self._due: float | None = None  # when "stored" should have come
        self._patience = PATIENCE_S
        self._oldest: list[tuple[int, int]] = []  # key of the oldest that is not stored, when last looked at
        self._not_before = 0.0
        self._refusals = 0
        self._round = 0
        self._behind: dict[str, set[int]] = {}  # boot -> rounds in which the ingest knew less than we had forgotten
        self._status_at = 0.0
        self._status_told: tuple[int, Troubles, Standing, Condition] | None = None
        self._status_heard: datetime | None = None
        self._status_mids: set[int] = set()
        self._status_is_kept = False
        """Whether the broker has our status: whatever it says from then on under another boot is not ours."""
        self._boots: set[str] = set()

    # -- what happens to us

    def connected(self, session: Publishes) -> None:
        """Nothing that was under way on an old connection counts: all of it goes again."""
        self.session = session
        self._unacknowledged.clear()
        self._status_mids.clear()
        self._not_before, self._refusals, self._patience, self.is_refused = 0.0, 0, PATIENCE_S, False
        self._status_at, self._status_told = 0.0, None
        self.send_again()

    def disconnected(self) -> None:
        self.session = None

    def acknowledged(self, mid: int, code: int, wall: float) -> None:
        """A PUBACK. 0x10 (nobody is subscribed) and everything from 0x80 on: not accepted."""
        if mid in self._status_mids:
            self._status_mids.discard(mid)
            self._status_is_kept |= code < 0x80
        if mid not in self._unacknowledged:
            return
        self._unacknowledged.discard(mid)
        if code == NOBODY_LISTENS or code >= 0x80:
            self._refused(code, wall)
        elif self._refusals:
            self.is_refused = False
            log.info("The broker takes readings again", extra=about("publish_accepted"))
            self._refusals, self._not_before = 0, 0.0

    def _refused(self, code: int, wall: float) -> None:
        self.send_again()
        self.is_refused = code != NOBODY_LISTENS
        if wall < self._not_before:
            return
        wait = back_off(self._refusals, code)
        self._not_before = wall + (min(wait, SLOWEST_WITHOUT_LISTENER_S) if code == NOBODY_LISTENS else wait)
        if self._refusals == 0:
            log.warning(_REFUSALS.get(code, "The broker refuses readings"), extra=about("publish_refused", reason=code))
        self._refusals += 1

    def heard_stored(self, payload: bytes, wall: float) -> None:
        """The ingest has committed up to a number: forget that much."""
        try:
            said = Stored.model_validate_json(payload)
        except ValidationError:
            log.warning("A message on `stored` does not fit the contract", extra=about("stored_unreadable"))
            return
        if self.outbox.stored(said.boot, said.seq):
            self._behind.pop(said.boot, None)
            self._be_patient(wall)
        else:
            self._notice_forgetting(said)

    def _be_patient(self, wall: float) -> None:
        """Wait on, if the oldest of all has gone; what an earlier boot left must not wait for ever."""
        oldest = [(one.boot_number, one.seq) for one in self.outbox.sent_after(0, 0, 1)]
        if oldest != self._oldest:
            self._patience = PATIENCE_S
            self._due = wall + self._patience if oldest else None
        self._oldest = oldest

    def _notice_forgetting(self, said: Stored) -> None:
        """An ingest whose database was restored from a backup waits for what is no longer here.

        One such answer may only be late; after several rounds the readings get new numbers.
        """
        oldest = self.outbox.oldest_sent(said.boot)
        if oldest is None or said.seq >= oldest - 1:
            return
        rounds = self._behind.setdefault(said.boot, set())
        rounds.add(self._round)
        if len(rounds) > FORGOTTEN_ROUNDS:
            self.outbox.take_numbers_back(said.boot)
            del self._behind[said.boot]
            log.error("The server has forgotten readings; the rest begins anew", extra=about("numbers_taken_back"))

    # -- what we do

    def send_again(self) -> None:
        """Everything that has a number and is not stored is to be sent again, oldest first."""
        self._again_after = (0, 0)
        self._round += 1

    def was_held_up(self, seconds: float) -> None:
        """The disk took so long since the `wall` of the last `pump`: that is not the server's fault."""
        if self._due is not None:
            self._due += seconds

    def pump(self, now: datetime, wall: float, *, hold: bool = False) -> None:
        """Send what may be sent. Urgent readings never wait in line; others get no number while `hold`."""
        if self.session is None:
            return
        if self._due is not None and wall >= self._due and not self._unacknowledged and self._again_after is None:
            self._lose_patience()
        if self.outbox.waiting:
            self._send(self.outbox.number(MAX_READINGS, Rank.URGENT), now, wall)
        if wall < self._not_before:
            return
        most = 1 if self._refusals else UNDER_WAY
        while len(self._unacknowledged) < most and (batch := self._next(hold=hold)):
            self._send(batch, now, wall)

    def _lose_patience(self) -> None:
        self._due = None
        if self.outbox.in_flight:
            self._patience = min(LONGEST_PATIENCE_S, self._patience * 2)
            log.warning("Nothing was stored for a while; sending again", extra=about("resend", n=self.outbox.in_flight))
            self.send_again()

    def _next(self, *, hold: bool) -> list[Numbered]:
        if self._again_after is not None:
            batch = self.outbox.sent_after(*self._again_after, MAX_READINGS)
            self._again_after = (batch[-1].boot_number, batch[-1].seq) if batch else None
            if batch:
                return batch
        room = 0 if hold else WINDOW - self.outbox.in_flight
        return self.outbox.number(min(MAX_READINGS, room)) if room > 0 and self.outbox.waiting else []

    def _send(self, batch: list[Numbered], now: datetime, wall: float) -> None:
        if self.session is None or not batch:
            return
        for payload in envelopes(self.gateway, batch, now):
            self._unacknowledged.add(self.session.publish(topic(self.gateway, "readings"), payload))
        if self._due is None or self._again_after is not None:
            self._due = wall + self._patience * random.uniform(1.0, 1.2)  # noqa: S311 (no secret)

    def report(
        self,
        now: datetime,
        wall: float,
        sensors_at: Mapping[str, datetime],
        troubles: Troubles = NO_TROUBLES,
        standing: Standing = NO_STANDING,
        condition: Condition = WELL,
    ) -> None:
        """Publish the status on connecting, about every minute, and when something changed; in a walk
        test also whenever a sensor has spoken."""
        depth, dropped = self._counts()
        told = (dropped, troubles, standing, condition)
        age = wall - self._status_at
        heard = max(sensors_at.values(), default=None) if standing.walk_test_until else None
        changed = (told != self._status_told and age >= STATUS_SOONEST_S) or (
            heard not in (None, self._status_heard) and age >= STATUS_IN_TEST_S
        )
        if self.session is None or not (changed or age >= STATUS_EVERY_S):
            return
        self._status_at, self._status_told, self._status_heard = wall, told, heard
        newest = sorted(sensors_at, key=lambda sensor: sensors_at[sensor])[-MOST_SENSORS:]
        status = Status(
            online=True,
            at=now,
            boot=self.outbox.boot,
            version=version("hearthlight"),
            outbox=depth,
            dropped=dropped,
            sensors_at={sensor: sensors_at[sensor] for sensor in newest},
            faulty=troubles.faulty,
            unread=troubles.unread,
            config=standing.config,
            missing=standing.missing,
            voice=standing.voice,
            paused_until=standing.paused_until,
            walk_test_until=standing.walk_test_until,
            problems=condition.problems,
            clock=condition.clock.value if condition.clock else None,
        )
        self._boots.add(self.outbox.boot)
        self._status_mids.add(self.session.publish(topic(self.gateway, "status"), _json(status), retain=True))

    def is_twin(self, payload: bytes, *, retained: bool) -> bool:
        """Whether this status under our name is another gateway's.

        Before the broker has ours, what it kept is of our own past.
        """
        try:
            said = Status.model_validate_json(payload)
        except ValidationError:
            return False
        foreign = said.boot is not None and said.boot not in (self._boots | {self.outbox.boot})
        return foreign and (self._status_is_kept or not retained)

    def _counts(self) -> tuple[int, int]:
        """(readings that wait, readings that were dropped)"""
        boxes = [box for box in (self.outbox, self.beside) if box is not None]
        return sum(box.depth for box in boxes), sum(box.dropped for box in boxes)

    def say_goodbye(self, now: datetime) -> int | None:
        """Status "offline" on a clean end; the message id to wait for."""
        if self.session is None:
            return None
        status = Status(online=False, at=now, boot=self.outbox.boot, outbox=self._counts()[0])
        return self.session.publish(topic(self.gateway, "status"), _json(status), retain=True)


def last_will(boot: str) -> bytes:
    """What the broker tells when the line is lost; the boot tells it from another gateway's under our name."""
    return _json(Status(online=False, boot=boot))


_REFUSALS = {
    NOBODY_LISTENS: "Nobody takes readings from the broker at present; they are kept",
    NOT_AUTHORIZED: "The broker does not let this gateway publish readings: its rules or its user name are wrong",
}


def _json(status: Status) -> bytes:
    return status.model_dump_json(exclude_none=True).encode()
