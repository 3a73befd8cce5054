"""The gateway at work: one thread that takes events, keeps readings, and sends them.

Everything is decided here in turn; the threads of the two connections only put events
into a queue. A message of the home is acknowledged when its readings are on disk.
"""

import logging
import queue
import threading
import time
from datetime import datetime, timedelta

from gateway.adapters import Message
from gateway.adapters.integrations import Every
from gateway.beats import Watch
from gateway.clock import Clock
from gateway.health import Condition, Problem
from gateway.keeping import Keeping, guarded
from gateway.link import Acknowledged, Address, Came, Down, Event, Link, Terms, Up
from gateway.listener import KEPT_BY_BROKER_S, Listener, beat_readings
from gateway.log import about
from gateway.messages import Leaf, topic
from gateway.outbox import Outbox
from gateway.raw import RawLog
from gateway.reminders.desk import Desk
from gateway.reminders.presses import NO_STANDING, Pressed
from gateway.sieve import Sieve
from gateway.timekeeping import steady_seconds, timekeeper
from gateway.uplink import last_will

log = logging.getLogger(__name__)

TICK_S = 0.2
AT_ONCE = 500
MOST_WAITING = 1000  # messages of the home between its connection's thread and ours
STALL_S = 30.0
GOODBYE_S = 1.0


class Service:
    """Runs until `stop` is called."""

    def __init__(
        self,
        gateway: str,
        clock: Clock,
        outbox: Outbox,
        adapter: Every,
        beat_every: timedelta,
        raw: RawLog | None = None,
        desk: Desk | None = None,
    ) -> None:
        self.gateway = gateway
        self.clock = clock
        self.events: queue.SimpleQueue[Event | Pressed | None] = queue.SimpleQueue()
        self.room = threading.Semaphore(MOST_WAITING)
        self.raw = raw
        self.desk = desk
        self.beat_every = beat_every
        self.adapter = adapter
        self.listener = Listener(adapter, Sieve(), raw, adapter.steady())
        self.keeping = Keeping(gateway, outbox, self.listener.sieve, desk, clock.now())
        self.listener.recall()
        self.uplink = self.keeping.uplink
        self.health = self.keeping.health
        self.time = timekeeper(clock)
        self.watch = Watch(beat_every, timedelta(seconds=STALL_S * clock.speed))
        self.tick_s = TICK_S
        self.was_seen = False
        self.stopping = False

    def connect(self, server: Address, home: Address) -> None:
        """Set up both connections; they are made in the first round."""
        status = topic(self.gateway, "status")
        terms = Terms(self._told_on(), (status, last_will(self.keeping.outbox.boot)), or_not=(status,))
        self.up = Link("The server's broker", server, terms, self.events.put)
        terms = Terms(
            self.adapter.topics(),
            or_not=self.adapter.topics_if_allowed(),
            keeps_s=KEPT_BY_BROKER_S,
            manual_ack=True,
            waiting=self.room,
        )
        self.home = Link("The home's broker", home, terms, self.events.put)

    def _told_on(self) -> tuple[str, ...]:
        """The topics on which the server tells us something."""
        leaves: tuple[Leaf, ...] = ("stored", "config", "assets", "commands") if self.desk else ("stored",)
        return tuple(topic(self.gateway, leaf) for leaf in leaves)

    def stop(self) -> None:
        """End soon; may be called from a signal handler or another thread."""
        self.stopping = True
        self.events.put(None)

    def run(self) -> None:
        while not self.stopping:
            events = self._gather()
            self._round(events, self.clock.now(), steady_seconds())
        self._end()

    def abandon(self) -> None:
        """After a fault that ended `run`: let go of everything, so that another may take it up."""
        self.up.close()
        self.home.close()
        self.keeping.outbox.close()

    def _gather(self) -> list[Event | Pressed]:
        """The next events, soon; what has piled up comes together."""
        events: list[Event | Pressed] = []
        try:
            first = self.events.get(timeout=self.tick_s)
            if first is not None:
                events.append(first)
            while len(events) < AT_ONCE:
                one = self.events.get_nowait()
                if one is not None:
                    events.append(one)
        except queue.Empty:
            pass
        return events

    def _round(self, events: list[Event | Pressed], now: datetime, wall: float) -> None:
        self._mind_the_clock(now, wall)
        for event in events:
            guarded(lambda event=event: self._take(event, now, wall))  # type: ignore[misc]
        paused = self.desk is not None and self.desk.is_paused(now)
        if not paused:
            self.keeping.unsaved.readings += self.listener.sieve.settle(now)
        listening = self.listener.listening
        self._say_whether_seen(listening)
        beats = self.watch.look(now, listening=listening and not paused)
        self.keeping.unsaved.readings += beat_readings(beats, self.keeping.outbox.depth)
        if self.desk:
            guarded(lambda: self._look_at_desk(now))
        hold = self.time is not None and self.time.holds_back(wall)
        self.keeping.round(now, wall, hold=hold)
        guarded(lambda: self._report(now, wall))
        if self.raw:
            self.raw.tick(now)
        if self.home.tick(wall):
            self.listener.disconnected()
        if self.up.tick(wall):
            self.uplink.disconnected()

    def _say_whether_seen(self, listening: bool) -> None:
        if listening is not self.was_seen:
            self.was_seen = listening
            if listening:
                log.info("The home can be seen", extra=about("home_seen"))
            else:
                log.warning("The home cannot be seen: its broker or a bridge is gone", extra=about("home_unseen"))

    def _mind_the_clock(self, now: datetime, wall: float) -> None:
        """When a wrong clock is put right, so are the times of what was not sent yet."""
        mend = self.time.look(now, wall) if self.time else None
        if mend is None:
            return
        log.warning("The clock was wrong; times are mended", extra=about("clock_mended", by_s=mend.by.total_seconds()))
        self.keeping.mend(mend)
        seen = self.listener.sensors_at
        seen.update({sensor: at + mend.by for sensor, at in seen.items() if mend.covers(at)})

    def _report(self, now: datetime, wall: float) -> None:
        if self.uplink.is_refused:
            self.health.note(Problem.PUBLISH_REFUSED, wall)
        standing = self.desk.standing(now) if self.desk else NO_STANDING
        condition = Condition(self.health.problems(wall), self.time.state if self.time else None)
        self.uplink.report(now, wall, self.listener.sensors_at, self.listener.troubles, standing, condition)
        self.listener.inventory.tell(self.gateway, self.uplink.session, wall)

    def _look_at_desk(self, now: datetime) -> None:
        if self.desk:
            self.desk.line(now, is_up=self.uplink.session is not None)
            self.keeping.unsaved.readings += self.desk.tick(now, self.keeping.calls_left)
            config = self.desk.kept.config
            self.listener.use(config.devices if config else ())
            self.keeping.unsaved.readings += self.listener.walk_test(now, on=self.desk.is_testing(now))
            own = timedelta(seconds=config.beat_s) if config and config.beat_s else self.beat_every
            self.watch.every = own

    def _take(self, event: Event | Pressed, now: datetime, wall: float) -> None:
        if isinstance(event, Pressed):
            if self.desk:
                self.keeping.unsaved.readings += self.desk.press(event, now)
                self.keeping.unsaved.pressed.append(event)
        elif isinstance(event, Came):
            self._take_message(event, now, wall)
        elif isinstance(event, Acknowledged):
            self.keeping.acknowledged(event, wall)
        else:
            self._follow(event, wall)

    def _follow(self, event: Up | Down, wall: float) -> None:
        """A connection has come or gone."""
        if self.up.took(event, wall):
            if isinstance(event, Up):
                self.uplink.connected(event.session)
                return
            self.uplink.disconnected()
            if event.problem:
                self.health.note(event.problem, wall)
        elif self.home.took(event, wall):
            if isinstance(event, Up):
                self.listener.connected()
            else:
                self.listener.disconnected()

    def _take_message(self, came: Came, now: datetime, wall: float) -> None:
        if came.session is self.up.session:
            leaf = came.topic.rpartition("/")[2]
            if leaf == "stored":
                self.keeping.heard_stored(came.payload, wall)
            elif leaf == "status":
                self._hear_status(came, wall)
            elif self.desk:
                self.keeping.unsaved.readings += self.desk.hear(leaf, came.payload, now)
            return
        if came.session.terms.waiting is self.room:
            self.room.release()
            if came.qos:
                self.keeping.unsaved.messages.append(came)
            message = Message(came.topic, came.payload, came.retained, now)
            kept = self.listener.hear(message, paused=self.desk is not None and self.desk.is_paused(now))
            self.keeping.unsaved.readings += kept
            if self.desk:
                self.keeping.unsaved.readings += self.desk.saw(kept, now)

    def _hear_status(self, came: Came, wall: float) -> None:
        is_twin = self.uplink.is_twin(came.payload, retained=came.retained)
        if is_twin and self.health.note(Problem.IDENTITY_SHARED, wall):
            log.error("Another gateway connects under our name", extra=about(Problem.IDENTITY_SHARED))

    def _end(self) -> None:
        """Keep what came, say goodbye, and let the broker confirm it, for at most GOODBYE_S."""
        self.keeping.end(steady_seconds())
        if self.raw:
            self.raw.flush(self.clock.now())
        farewell = self.uplink.say_goodbye(self.clock.now())
        deadline = time.monotonic() + GOODBYE_S
        while farewell is not None and time.monotonic() < deadline:
            heard = [event.mid for event in self._gather() if isinstance(event, Acknowledged)]
            if farewell in heard:
                break
        self.up.close()
        self.home.close()
        self.keeping.outbox.close()
