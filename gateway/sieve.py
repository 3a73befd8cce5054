"""What of the facts is worth keeping. Pure: the times are those of the facts.

Devices repeat themselves: in one recorded home more than half of 82 messages a minute
said what the message before had said. Kept are changes, presses, movements, and
measurements that moved; a device that goes wild is held back and counted.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from gateway.adapters import Fact, Sort, When
from gateway.messages import ALARMS, Kind, is_urgent
from gateway.outbox import Kept, Rank
from gateway.storms import Storms

TICK = timedelta(milliseconds=1)
MOVED_AGAIN = timedelta(seconds=60)
HOURLY = timedelta(hours=1)
MAX_COUNTED_WH = 50_000.0  # between two reports; more is a new meter or a misread one
STORM = 60
"""Readings that a sensor may send at once; after that STORM_REFILL a minute."""
STORM_REFILL = 20.0
CALM = timedelta(seconds=10)
MOST_RECORDS = 5000
KINDS = frozenset(kind.value for kind in Kind)
SURVIVES_RESTART = frozenset({Sort.STATE, Sort.COUNT})
BY_USE = frozenset({Kind.CONTACT, Kind.MOTION, Kind.PRESENCE, Kind.BED, Kind.CHAIR})
"""Kinds whose meaning hangs on what a sensor is used as, and in which sense."""
UNKNOWN = -1.0
"""Stands for a value that must be heard before there can be a change."""
USED_AS = "used_as"


@dataclass(frozen=True, slots=True)
class Band:
    """A measurement is worth keeping if it moved by `step` (or `share` of itself) after `rest`.

    One that moved by `leap` does not wait. One that did not move is kept hourly all the same.
    """

    step: float
    rest: timedelta
    share: float = 0.0
    leap: float = float("inf")

    def lets_through(self, before: float, value: float, age: timedelta) -> bool:
        moved = abs(value - before)
        worth = moved >= max(self.step, self.share * abs(before))
        return moved >= self.leap or (worth and age >= self.rest) or age >= HOURLY


BANDS = {
    Kind.TEMPERATURE: Band(0.3, timedelta(minutes=2), leap=3.0),
    Kind.HUMIDITY: Band(3.0, timedelta(minutes=5), leap=15.0),
    Kind.ILLUMINANCE: Band(20.0, timedelta(minutes=5), share=0.3),
    Kind.POWER: Band(3.0, timedelta(seconds=2), share=0.15, leap=20.0),
    Kind.BATTERY: Band(1.0, timedelta(hours=6), leap=10.0),
    Kind.LINK_QUALITY: Band(40.0, HOURLY),
    Kind.ENERGY: Band(1.0, timedelta(minutes=5)),
}


@dataclass(slots=True)
class Last:
    """What was last kept of one sensor and kind."""

    value: float
    at: datetime | None = None  # None: known from before a restart
    held: bool = False
    state: bool = False
    """It holds until the contrary is heard."""


@dataclass(slots=True)
class Allowance:
    left: float = STORM
    at: datetime | None = None

    def take(self, now: datetime) -> bool:
        if self.at is not None and now > self.at:
            self.left = min(STORM, self.left + STORM_REFILL * (now - self.at).total_seconds() / 60)
        self.at = max(now, self.at or now)
        if self.left < 1:
            return False
        self.left -= 1
        return True


@dataclass(slots=True)
class Sieve:
    """Remembers what was kept. `changed` is what has to survive a restart; take it with each save."""

    last: dict[tuple[str, Kind], Last] = field(default_factory=dict)
    newest: dict[str, datetime] = field(default_factory=dict)
    allowances: dict[str, Allowance] = field(default_factory=dict)
    pending: dict[tuple[str, Kind], Fact] = field(default_factory=dict)  # states held back
    changed: dict[str, float] = field(default_factory=dict)
    storms: Storms = field(default_factory=Storms)
    records: dict[tuple[str, Kind, datetime], None] = field(default_factory=dict)  # late ones, told already
    used_as: dict[str, float] = field(default_factory=dict)  # sensor -> the settings under which all this was heard
    implausible: int = 0
    held_back: int = 0

    def recall(self, remembered: Mapping[str, float]) -> None:
        """After a restart: what `changed` once gave. What was heard since is newer."""
        for name, value in remembered.items():
            kind, _, sensor = name.partition(" ")
            if kind in KINDS:
                self.last.setdefault((sensor, Kind(kind)), Last(value, state=Kind(kind) is not Kind.ENERGY))
            elif kind == USED_AS and value:
                self.used_as.setdefault(sensor, value)

    def use(self, settings: Mapping[str, float]) -> None:
        """From now on sensors are used so: a number for each that is not used as it says of itself.

        Of one that is used otherwise than before nothing is known: the same door may be called open
        where it was called shut, although nobody touched it. What it says next is where it begins
        (`_begins`). A press is one whatever was before, so no call for help is lost by it.
        """
        if settings == self.used_as:
            return
        for sensor in settings.keys() | self.used_as.keys():
            if settings.get(sensor) != self.used_as.get(sensor):
                self.changed[f"{USED_AS} {sensor}"] = settings.get(sensor, 0.0)
                self._forget(sensor)
        self.used_as = dict(settings)

    def _forget(self, sensor: str) -> None:
        for kind in BY_USE:
            self.last[sensor, kind] = Last(UNKNOWN)
            self.changed[f"{kind} {sensor}"] = UNKNOWN
            self.pending.pop((sensor, kind), None)

    def keep(self, facts: Iterable[Fact]) -> list[Kept]:
        """What of these facts is to be sent, oldest first."""
        kept = []
        for fact in facts:
            if not fact.plausible:
                self.implausible += 1
                continue
            if fact.when is When.REPLAYED:
                continue
            if fact.when is When.PAST:
                kept += self._record(fact)
                continue
            self.pending.pop((fact.sensor, fact.kind), None)
            if fact.sort is Sort.STATE and not is_urgent(fact.kind, fact.value):
                kept += self._fault(fact)
                if self._is_held_back(fact):
                    self.pending[fact.sensor, fact.kind] = fact
                    continue
            value = self._worth(fact)
            if value is None:
                continue
            if self._allowed(fact, value):
                kept.append(self._kept(fact, value))
            elif fact.sort is Sort.STATE:
                self.pending[fact.sensor, fact.kind] = fact
        return kept

    def alarms_since(self, since: datetime | None, now: datetime) -> list[Kept]:
        """Alarms that began since then and still hold, told once more as of now; None: whenever they began."""
        return [
            Kept(sensor, kind, last.value, now, Rank.URGENT)
            for (sensor, kind), last in self.last.items()
            if kind in ALARMS and last.state and last.value == 1
            if since is None or (last.at is not None and last.at >= since)
        ]

    def _record(self, fact: Fact) -> list[Kept]:
        """A record that comes late is told at its own time, once, and is no news about the present."""
        key = (fact.sensor, fact.kind, fact.at)
        silent = fact.sort is Sort.COUNT or (fact.sort in (Sort.HELD, Sort.HELD_AGAIN) and fact.value == 0)
        if silent or key in self.records:
            return []
        self.records[key] = None
        if len(self.records) > MOST_RECORDS:
            del self.records[next(iter(self.records))]
        rank = Rank.URGENT if is_urgent(fact.kind, fact.value) else Rank.REPEAT
        return [Kept(fact.sensor, fact.kind, round(fact.value, 3), fact.at, rank)]

    def settle(self, now: datetime) -> list[Kept]:
        """The last states of devices that went wild and are calm now: a door must not stay as it was in between."""
        again = [self._available(sensor, now, yes=True) for sensor, _ in self.storms.over(now)]
        again = [fact for fact in again if not self.storms.is_faulty(fact.sensor)]
        calm = [fact for fact in self.pending.values() if now - fact.at >= CALM and not self._waits(fact)]
        for fact in calm:
            del self.pending[fact.sensor, fact.kind]
        return [self._kept(fact, fact.value) for fact in again + calm if self._worth(fact) is not None]

    def _fault(self, fact: Fact) -> list[Kept]:
        """With the change that makes a sensor faulty: that it is, for those who keep it working."""
        if not self.storms.begins(fact.sensor, fact.kind, fact.value, fact.at):
            return []
        gone = self._available(fact.sensor, fact.at, yes=False)
        return [self._kept(gone, gone.value)] if self._worth(gone) is not None else []

    def _is_held_back(self, fact: Fact) -> bool:
        """What a faulty sensor says of this kind; nor does it count as available, whatever its bridge says."""
        return self._waits(fact) or (fact.sensor, fact.kind) in self.storms.faulty

    def _waits(self, fact: Fact) -> bool:
        return fact.kind is Kind.AVAILABLE and fact.value == 1 and self.storms.is_faulty(fact.sensor)

    @staticmethod
    def _available(sensor: str, at: datetime, *, yes: bool) -> Fact:
        return Fact(sensor, Kind.AVAILABLE, float(yes), Sort.STATE, at)

    def _worth(self, fact: Fact) -> float | None:
        """The value to send, or None. What is only held, not kept, is noted here."""
        last = self.last.get((fact.sensor, fact.kind))
        if fact.sort is Sort.PULSE:
            return fact.value
        if last is not None and last.value == UNKNOWN and fact.kind in BY_USE:
            return self._begins(fact)
        if fact.sort is Sort.STATE:
            return fact.value if last is None or last.value != fact.value else None
        if fact.sort is Sort.LEVEL:
            age = fact.at - last.at if last and last.at else HOURLY
            return fact.value if last is None or BANDS[fact.kind].lets_through(last.value, fact.value, age) else None
        if fact.sort is Sort.COUNT:
            return self._counted(fact, last)
        return self._held(fact, last)

    def _begins(self, fact: Fact) -> float | None:
        """The first word after a change of use. That somebody moved, opened or lay down would be an event, and
        nobody knows whether it happened now; that a door is shut is none, and ends a belief that it is open."""
        if fact.kind is Kind.CONTACT and fact.value == 0:
            return fact.value
        self._note(fact, fact.value)
        self.last[fact.sensor, fact.kind].held = fact.value != 0
        return None

    def _held(self, fact: Fact, last: Last | None) -> float | None:
        if fact.value == 0:
            if last is not None:
                last.held = False
            return None
        if last is None or not last.held:
            return fact.value
        again = fact.sort is Sort.HELD_AGAIN and last.at is not None and fact.at - last.at >= MOVED_AGAIN
        return fact.value if again else None

    def _counted(self, fact: Fact, last: Last | None) -> float | None:
        """The difference since the last one kept. A counter that fell or leapt begins anew."""
        used = fact.value - last.value if last else 0.0
        if last is None or not 0 <= used <= MAX_COUNTED_WH:
            self._note(fact, fact.value)
            return None
        age = fact.at - last.at if last.at else HOURLY
        return used if used > 0 and BANDS[fact.kind].lets_through(0.0, used, age) else None

    def _allowed(self, fact: Fact, value: float) -> bool:
        if is_urgent(fact.kind, value):
            return True
        if self.allowances.setdefault(fact.sensor, Allowance()).take(fact.at):
            return True
        self.held_back += 1
        return False

    def _kept(self, fact: Fact, value: float) -> Kept:
        at = self._in_order(fact)
        self._note(replace(fact, at=at), fact.value)
        if is_urgent(fact.kind, value):
            rank = Rank.URGENT
        else:
            rank = Rank.REPEAT if fact.sort in (Sort.LEVEL, Sort.COUNT) else Rank.EVENT
        return Kept(fact.sensor, fact.kind, round(value, 3), at, rank)

    def _in_order(self, fact: Fact) -> datetime:
        """The order of arrival is the true one: two changes never get the same time or swap."""
        if fact.sort in (Sort.LEVEL, Sort.COUNT):
            return fact.at
        newest = self.newest.get(fact.sensor)
        at = fact.at if newest is None or fact.at > newest else newest + TICK
        self.newest[fact.sensor] = at
        return at

    def _note(self, fact: Fact, value: float) -> None:
        self.last[fact.sensor, fact.kind] = Last(value, fact.at, held=True, state=fact.sort is Sort.STATE)
        if fact.sort in SURVIVES_RESTART:
            self.changed[f"{fact.kind} {fact.sensor}"] = value
