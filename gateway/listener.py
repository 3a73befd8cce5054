"""The home's side: what its broker delivers becomes readings, and whether we can see at all."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from gateway.adapters import Adapter, Message, Told
from gateway.clock import EPOCH
from gateway.devices import Setting
from gateway.inventory import Inventory
from gateway.messages import GATEWAY_SENSOR, Kind, is_urgent
from gateway.outbox import Kept
from gateway.raw import RawLog
from gateway.sieve import UNKNOWN, Sieve

KEPT_BY_BROKER_S = 120
"""How long the home's broker keeps messages (of QoS 1 and up) while we restart. Not longer:
what comes from then without a device time of its own would be taken for news."""
MOST_SENSORS = 2000
LONG_AGO = EPOCH
"""Since when a walk test runs that had begun before we did."""
MOST_TOLD = 50


@dataclass(frozen=True, slots=True)
class Troubles:
    """Sensors that are held back as faulty, and those that speak and are not understood."""

    faulty: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()


NO_TROUBLES = Troubles()


class Listener:
    """Translates what comes; knows whether the home can be seen. No clock, no disk."""

    def __init__(self, adapter: Adapter, sieve: Sieve, raw: RawLog | None = None, steady: tuple[str, ...] = ()) -> None:
        """`steady`: integrations that have no bridge in the home, so that connected is there."""
        self.adapter = adapter
        self.steady = steady
        self.sieve = sieve
        self.raw = raw
        self.link_up = False
        self.bridges: dict[str, bool] = {}
        self.sensors_at: dict[str, datetime] = {}
        self.inventory = Inventory(adapter)
        self._tests_since: datetime | None = None
        self._is_first_look = True
        self._settings: tuple[Setting, ...] = ()
        self._numbers: dict[str, float] = {}
        self.unread: dict[str, None] = {}
        self.understood: set[str] = set()

    @property
    def listening(self) -> bool:
        """The broker delivers, and there is a bridge behind it: it said so, or a device spoke.

        Of several bridges none may be gone, since its part of the home cannot be seen.
        """
        return self.link_up and bool(self.bridges) and all(self.bridges.values())

    def connected(self) -> None:
        self.link_up = True
        self.bridges = dict.fromkeys(self.steady, True) | self.bridges

    def disconnected(self) -> None:
        self.link_up = False
        self.bridges.clear()

    def hear(self, message: Message, *, paused: bool = False) -> list[Kept]:
        """What of a message is to be sent. While the resident has paused monitoring: calls for help alone,
        and nothing is noted, not even which sensor spoke when."""
        told = self._heeded(self.adapter.hear(message))
        if told.bridge is not None:
            self.bridges[told.by] = told.bridge
        elif told.alive:
            self.bridges[told.by] = True
        for sensor in told.alive:
            if not paused and (sensor in self.sensors_at or len(self.sensors_at) < MOST_SENSORS):
                self.sensors_at[sensor] = message.at
        if not paused or told.described:
            self.inventory.note(replace(told, facts=(), alive=()) if paused else told)
        if paused:
            return self.sieve.keep(fact for fact in told.facts if is_urgent(fact.kind, fact.value))
        self._note_unread(told)
        kept = self.sieve.keep(told.facts)
        if self.raw:
            self.raw.note(message, kept)
        return kept

    def recall(self) -> None:
        """After a restart, once the sieve knows what was: these sensors there are, though they have not spoken yet."""
        self.inventory.recall(key for key, last in self.sieve.last.items() if last.value != UNKNOWN)

    def use(self, settings: tuple[Setting, ...]) -> None:
        """The server's word on single sensors, from now on. Asked in each round, and cheap where nothing changed."""
        if settings is not self._settings:
            self._settings = settings
            self._numbers = {one.sensor: one.number() for one in settings if one.number()}
            self.adapter.table.use(settings)
            self.inventory.changed()
        self.sieve.use(self._numbers)

    def walk_test(self, now: datetime, *, on: bool) -> list[Kept]:
        """Asked in each round. When a walk test is over: alarms that began in it and have not ended.

        The server held them back as part of the test. Of an alarm that goes on nothing more would be heard,
        since only changes are sent; but from now on it is meant.
        """
        began, self._tests_since = self._tests_since, None
        is_first, self._is_first_look = self._is_first_look, False
        if on:
            self._tests_since = began or (LONG_AGO if is_first else now)
            return []
        if began is None:
            return []
        return self.sieve.alarms_since(None if began == LONG_AGO else began, now)

    def _heeded(self, told: Told) -> Told:
        """Without what the server wants ignored, whichever integration it comes from."""
        ignores = self.adapter.table.ignores
        names = {*told.alive, *(fact.sensor for fact in told.facts)}
        if not any(ignores(name) for name in names):
            return told
        facts = tuple(fact for fact in told.facts if not ignores(fact.sensor))
        return replace(told, facts=facts, alive=tuple(name for name in told.alive if not ignores(name)))

    @property
    def troubles(self) -> Troubles:
        return Troubles(tuple(self.sieve.storms.sensors()[:MOST_TOLD]), tuple(self.unread)[:MOST_TOLD])

    def _note_unread(self, told: Told) -> None:
        """Who speaks and was never understood."""
        for fact in told.facts:
            self.unread.pop(fact.sensor, None)
            if len(self.understood) < MOST_SENSORS:
                self.understood.add(fact.sensor)
        if told.unread and not told.facts and len(self.unread) < MOST_SENSORS:
            self.unread |= {sensor: None for sensor in told.alive if sensor not in self.understood}


def beat_readings(times: Iterable[datetime], depth: int) -> list[Kept]:
    return [Kept(GATEWAY_SENSOR, Kind.BEAT, float(depth), at) for at in times]
