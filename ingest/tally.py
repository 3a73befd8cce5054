"""From parcels to the rows that a batch adds and changes. Pure: no clock, no database.

Times are whole microseconds since 1970 here, which is what the database stores too
(since 2000), and far cheaper to compare and to write than datetimes.
"""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from struct import Struct

from gateway.clock import EPOCH
from gateway.messages import ALARMS, BEAT_EVERY_S, Kind, Reading, is_urgent
from ingest.arrivals import Parcel
from ingest.kinds import ACTIVITY_KINDS, BY_ITSELF, NUMBER
from ingest.known import Caller, Gateway, Sensor
from ingest.refusals import Reason, Refusal
from ingest.sequences import Held

MICROSECOND = timedelta(microseconds=1)
SECOND = 1_000_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
TOLERATED = 120 * SECOND
"""How far a gateway's clock, or a reading, may be ahead of ours."""
RIGHT_AGAIN = 60 * SECOND
"""And how far for its clock to be right again."""
FRESH = 10 * MINUTE
"""A reading that is not older than this tells of the present; an older one was kept meanwhile."""
EARLIEST = (datetime(2010, 1, 1, tzinfo=UTC) - EPOCH) // MICROSECOND
PG_EPOCH = (datetime(2000, 1, 1, tzinfo=UTC) - EPOCH) // MICROSECOND
INT4 = 2**31 - 1

# One row of COPY's binary form: the number of columns, then each with its length before it.
_ROW = Struct(">hiqiqiiiiiiiiifih").pack
COLUMNS = "at, received_at, sent_ms, seq, stream_id, sensor_id, value, kind"

# Kinds of which a reading may wake the judge, asked before the dearer questions.
_MAY_WAKE = ALARMS | {Kind.BUTTON, Kind.CONTACT}
ABOUT_ITSELF = frozenset({Kind.BATTERY, Kind.BATTERY_LOW, Kind.TAMPER, Kind.AVAILABLE})
"""Kinds by which a sensor tells how it is itself."""

Health = dict[Kind, tuple[int, float]]
"""What a sensor told about itself: of each kind the newest time and value."""


@dataclass(slots=True)
class StreamChange:
    """What a batch brings to one stream; the times only where readings were stored."""

    held: Held
    first_at: int | None = None
    last_at: int | None = None
    received_at: int | None = None


@dataclass(slots=True)
class Activity:
    """Signs of life in one place and hour."""

    events: int
    first_at: int
    last_at: int


@dataclass(slots=True)
class Changes:
    """All that one batch changes."""

    rows: list[bytes] = field(default_factory=list)
    streams: dict[int, StreamChange] = field(default_factory=dict)
    sensors: dict[int, tuple[int, int, int]] = field(default_factory=dict)  # last at, last received at, how many fresh
    health: dict[int, Health] = field(default_factory=dict)
    tampered: dict[int, int] = field(default_factory=dict)  # sensor -> last at with value 1
    activity: dict[tuple[int, int, str], Activity] = field(default_factory=dict)  # home, hour, place
    coverage: dict[tuple[int, int], int] = field(default_factory=dict)  # home, hour -> bits of minutes
    homes: dict[int, int] = field(default_factory=dict)  # last received at
    woken: set[int] = field(default_factory=set)
    were_ahead: Collection[int] = ()  # gateways whose clocks were ahead before this batch
    not_kept: Collection[int] = ()  # homes without consent on record: their readings count as stored and are not
    ahead: dict[int, tuple[int, int]] = field(default_factory=dict)  # gateway -> how far its clock is, received at
    refusals: list[Refusal] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)  # gateways that spoke of sensors we do not know
    callers: dict[tuple[str, str], Caller] = field(default_factory=dict)  # of those sensors, the ones that call

    def add(self, parcel: Parcel, gateway: Gateway, stream_id: int) -> None:
        """Take in what is new in one parcel; its stream is in `streams` already."""
        stream = self.streams[stream_id]
        take, known, pack = stream.held.take, gateway.sensor, self.rows.append
        received = (parcel.arrived.received_at - EPOCH) // MICROSECOND
        sent = (parcel.sent_at - EPOCH) // MICROSECOND
        shift = self._correction(gateway, sent - received, received)
        sent_ms = max(-INT4, min(INT4, (received - sent) // 1000))
        latest, pg_received = received + TOLERATED, received - PG_EPOCH
        times = []
        for reading in parcel.readings:
            sensor = known(reading.sensor)
            if not take(reading.seq) or (sensor is not None and sensor.home_id in self.not_kept):
                continue
            at = (reading.at - EPOCH) // MICROSECOND - shift
            if sensor is None or not EARLIEST <= at <= latest:
                self._refuse(parcel, gateway, reading, sensor, at)
                continue
            kind, value = reading.kind, reading.value
            row = (at - PG_EPOCH, 8, pg_received, 4, sent_ms, 4, reading.seq, 4, stream_id, 4, sensor.id, 4, value, 2)
            pack(_ROW(8, 8, *row, NUMBER[kind]))
            times.append(at)
            self._see(sensor, at, received)
            if kind in ACTIVITY_KINDS:
                self._count(sensor, kind, value, at)
            elif kind is Kind.BEAT:
                self._cover(sensor.home_id, at)
            elif kind in ABOUT_ITSELF:
                self._note(sensor, kind, value, at)
            if kind in _MAY_WAKE and _wakes(sensor, kind, value):
                self.woken.add(sensor.home_id)
        for number in parcel.spent:
            take(number)
        if times:
            _widen(stream, min(times), max(times), received)

    def _correction(self, gateway: Gateway, ahead: int, received: int) -> int:
        """By how much the times of a message are moved back. One that is on time says that the clock is right
        again; one that comes late says nothing."""
        if ahead > TOLERATED:
            self.ahead[gateway.id] = (ahead, received)
            return ahead
        if gateway.id in self.were_ahead and -RIGHT_AGAIN <= ahead <= RIGHT_AGAIN:
            self.ahead[gateway.id] = (0, received)
        return 0

    def _refuse(self, parcel: Parcel, gateway: Gateway, reading: Reading, sensor: Sensor | None, at: int) -> None:
        if sensor is None:
            self.unknown.add(gateway.name)
            if is_urgent(reading.kind, reading.value):
                role = "button" if reading.kind is Kind.BUTTON else "alarm"
                caller = Caller(gateway.name, reading.sensor, role, parcel.arrived.received_at)
                self.callers[caller.gateway, caller.name] = caller
            reason = Reason.UNKNOWN_SENSOR
        else:
            reason = Reason.TOO_OLD if at < EARLIEST else Reason.FUTURE
        arrived, payload = parcel.arrived, reading.model_dump_json().encode()
        self.refusals.append(Refusal(arrived.received_at, arrived.topic, reason, f"boot {parcel.boot}", payload))

    def _see(self, sensor: Sensor, at: int, received: int) -> None:
        before = self.sensors.get(sensor.id)
        fresh = received - at < FRESH
        if before is not None:
            self.sensors[sensor.id] = (max(at, before[0]), max(received, before[1]), before[2] + fresh)
        else:
            self.sensors[sensor.id] = (at, received, int(fresh))
        self.homes[sensor.home_id] = received

    def _count(self, sensor: Sensor, kind: Kind, value: float, at: int) -> None:
        if (kind, value) in BY_ITSELF:
            return
        key = (sensor.home_id, at // HOUR, sensor.place)
        before = self.activity.get(key)
        if before is None:
            self.activity[key] = Activity(1, at, at)
        else:
            before.events += 1
            before.first_at = min(at, before.first_at)
            before.last_at = max(at, before.last_at)

    def _note(self, sensor: Sensor, kind: Kind, value: float, at: int) -> None:
        told = self.health.setdefault(sensor.id, {})
        if kind not in told or at >= told[kind][0]:
            told[kind] = (at, value)
        if kind is Kind.TAMPER and value:
            self.tampered[sensor.id] = max(at, self.tampered.get(sensor.id, at))

    def _cover(self, home_id: int, beat_at: int) -> None:
        for hour, minutes in covered(beat_at).items():
            key = (home_id, hour)
            self.coverage[key] = self.coverage.get(key, 0) | minutes


def covered(beat_at: int) -> dict[int, int]:
    """The minutes that a beat proves, as bits of each hour (whole hours since 1970) they lie in."""
    hours: dict[int, int] = {}
    for minute in range((beat_at - BEAT_EVERY_S * SECOND) // MINUTE, beat_at // MINUTE + 1):
        hours[minute // 60] = hours.get(minute // 60, 0) | 1 << minute % 60
    return hours


def _wakes(sensor: Sensor, kind: Kind, value: float) -> bool:
    """Whether a home must be judged at once because of this reading."""
    return is_urgent(kind, value) or (kind is Kind.CONTACT and value == 1 and sensor.role == "outside_door")


def _widen(stream: StreamChange, first_at: int, last_at: int, received: int) -> None:
    stream.first_at = first_at if stream.first_at is None else min(stream.first_at, first_at)
    stream.last_at = last_at if stream.last_at is None else max(stream.last_at, last_at)
    stream.received_at = received if stream.received_at is None else max(stream.received_at, received)
