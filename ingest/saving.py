"""One batch of messages into the database, in one transaction; every reading exactly once.

Two workers may save parts of the same stream at once, and any message may come any number
of times: the row of the stream is locked, and what its range of sequence numbers holds
already is dropped. Locks are taken in the order of ids, so that workers wait in a row.

Why ranges and not a unique index on (stream_id, seq, at): in a trial side by side the index made
a reading half as large again and batches of many readings a gateway slower, though it was faster
where every reading came from another gateway. And a hypertable's unique index must hold `at`, which differs from
one delivery to the next where a gateway's clock is corrected: it would let doubles through.
"""

import logging
import time
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from psycopg import Connection

from gateway.log import about
from gateway.messages import Status, gateway_of
from ingest.arrivals import Arrived, Parcel, open_devices, open_readings, open_status
from ingest.database import sql
from ingest.known import Caller, Gateway, Known
from ingest.refusals import Reason, Refusal
from ingest.sequences import Held, up_to
from ingest.statuses import HeardDevices, HeardStatus, in_rounds
from ingest.tally import Changes, StreamChange
from ingest.writing import array, write

log = logging.getLogger(__name__)

MOST_STREAMS_REMEMBERED = 100_000

StreamKey = tuple[int, str]
"""Gateway id and boot."""


@dataclass(frozen=True, slots=True)
class StoredUpTo:
    """What a gateway is told: of this boot, all numbers up to `seq` are committed."""

    gateway: str
    boot: str
    seq: int


@dataclass(frozen=True, slots=True)
class Saved:
    """What became of a batch."""

    readings: int
    refused: int
    stored: list[StoredUpTo]


@dataclass(slots=True)
class Sorted:
    """A batch, opened: what it says and what is refused at first sight."""

    parcels: list[tuple[Gateway, Parcel]] = field(default_factory=list)
    statuses: list[HeardStatus] = field(default_factory=list)
    devices: dict[int, HeardDevices] = field(default_factory=dict)  # the last of each gateway, by its id
    refusals: list[Refusal] = field(default_factory=list)


class StreamGoneError(Exception):
    """A stream that this worker remembers is no longer in the database; look again."""


class CallersError(Exception):
    """Sensors that nobody registered call for help: put them in, and save the batch again."""

    def __init__(self, callers: Collection[Caller]) -> None:
        super().__init__(f"{len(callers)} sensors")
        self.callers = callers


class Saver:
    """Saves batches, and remembers what makes that cheap.

    The connection it is given commits each statement by itself (autocommit).
    """

    def __init__(self) -> None:
        self.known = Known()
        self._streams: dict[StreamKey, int] = {}

    def forget(self) -> None:
        """Forget all that was learned of the database, because it may be another one now."""
        self.known.forget()
        self._streams.clear()

    def save(self, connection: Connection, batch: Sequence[Arrived]) -> Saved:
        """Save one batch and commit. Raises psycopg's errors, and then nothing is changed."""
        try:
            return self._commit(connection, self._sort(connection, batch))
        except CallersError as calling:
            self.known.register(connection, calling.callers, time.monotonic())
            fields = about("unknown_sensor_calls", count=len(calling.callers))
            log.warning("Sensors that nobody registered call for help", extra=fields)
        return self._commit(connection, self._sort(connection, batch), registered=True)

    def set_aside(self, connection: Connection, arrived: Arrived, why: str) -> Saved:
        """Put one message in quarantine that cannot be saved; its numbers count as stored."""
        opened = self._sort(connection, [arrived]).parcels
        parcels = [(gateway, replace(parcel, readings=(), spent=parcel.numbers())) for gateway, parcel in opened]
        refusal = Refusal(arrived.received_at, arrived.topic, Reason.NOT_SAVABLE, why, arrived.payload)
        return self._commit(connection, Sorted(parcels, refusals=[refusal]))

    def _commit(self, connection: Connection, found: Sorted, *, registered: bool = False) -> Saved:
        streams = self._streams_of(connection, found.parcels)
        with connection.transaction():
            changes = self._tally(connection, found, streams)
            if changes.callers and not registered:
                raise CallersError(changes.callers.values())
            after = write(connection, changes, in_rounds(found.statuses), found.devices, found.refusals)
        self._remember_clocks(changes)
        said = {(gateway.name, parcel.boot): streams[gateway.id, parcel.boot] for gateway, parcel in found.parcels}
        stored = [StoredUpTo(name, boot, up_to(after[stream])) for (name, boot), stream in said.items()]
        return Saved(len(changes.rows), len(found.refusals) + len(changes.refusals), stored)

    def _remember_clocks(self, changes: Changes) -> None:
        for gateway_id, (ahead, _) in changes.ahead.items():
            (self.known.ahead.add if ahead else self.known.ahead.discard)(gateway_id)

    def _sort(self, connection: Connection, batch: Sequence[Arrived]) -> Sorted:
        """Open each message and find its gateway."""
        found = Sorted()
        names = [gateway_of(arrived.topic) for arrived in batch]
        self.known.learn(connection, set(names), time.monotonic())
        for name, arrived in zip(names, batch, strict=True):
            gateway = self.known.gateways.get(name)
            if gateway is None:
                why = "no gateway of this name in the database"
                refusal = Refusal(arrived.received_at, arrived.topic, Reason.UNKNOWN_GATEWAY, why, arrived.payload)
                found.refusals.append(refusal)
            elif gateway.home_id in self.known.not_kept:
                _pass_over(found, gateway, arrived)
            elif arrived.topic.endswith("/status"):
                status = open_status(arrived)
                if isinstance(status, Refusal):
                    found.refusals.append(status)
                else:
                    found.statuses.append(HeardStatus(gateway, arrived, status))
            elif arrived.topic.endswith("/devices"):
                devices = open_devices(arrived)
                if isinstance(devices, Refusal):
                    found.refusals.append(devices)
                else:
                    found.devices[gateway.id] = HeardDevices(devices, arrived.received_at)
            else:
                opened = open_readings(arrived, name)
                found.refusals.extend(opened.refusals)
                if opened.parcel is not None:
                    found.parcels.append((gateway, opened.parcel))
        return found

    def _streams_of(self, connection: Connection, parcels: Iterable[tuple[Gateway, Parcel]]) -> dict[StreamKey, int]:
        """The ids of the streams of a batch; those that are missing are made and committed first."""
        keys = {(gateway.id, parcel.boot) for gateway, parcel in parcels}
        missing = sorted(keys - self._streams.keys())
        if missing:
            if len(self._streams) > MOST_STREAMS_REMEMBERED:
                self._streams.clear()
                missing = sorted(keys)
            given = {"gateways": [gateway for gateway, _ in missing], "boots": [boot for _, boot in missing]}
            connection.execute(sql(__file__, "add_streams"), given)
            for stream_id, gateway_id, boot in connection.execute(sql(__file__, "find_streams"), given):
                self._streams[gateway_id, boot] = stream_id
        return {key: self._streams[key] for key in keys}

    def _tally(self, connection: Connection, found: Sorted, streams: Mapping[StreamKey, int]) -> Changes:
        """Lock the streams and work out what is new in the batch."""
        held: dict[int, str] = {}
        if streams:
            rows = connection.execute(sql(__file__, "lock_streams"), {"ids": array(streams.values())}, prepare=True)
            held = dict(rows.fetchall())
        if len(held) < len(streams):
            self._streams.clear()
            raise StreamGoneError
        changes = _changes(found.parcels, streams, held, self.known)
        if changes.unknown and self.known.learn_sensors(connection, changes.unknown, time.monotonic()):
            fresh = self.known.gateways
            found.parcels = [(fresh.get(gateway.name, gateway), parcel) for gateway, parcel in found.parcels]
            changes = _changes(found.parcels, streams, held, self.known)
        return changes


def _pass_over(found: Sorted, gateway: Gateway, arrived: Arrived) -> None:
    """Of a home without consent on record only that its readings came, so that they are not sent for ever,
    and whether its gateway works; not even what cannot be read goes to the quarantine."""
    if arrived.topic.endswith("/readings"):
        parcel = open_readings(arrived, gateway.name).parcel
        if parcel is not None:
            found.parcels.append((gateway, replace(parcel, readings=(), spent=parcel.numbers())))
    elif arrived.topic.endswith("/status"):
        status = open_status(arrived)
        if isinstance(status, Status):
            found.statuses.append(HeardStatus(gateway, arrived, _of_the_gateway_alone(status)))


def _of_the_gateway_alone(status: Status) -> Status:
    """Without what tells of the resident: which sensor was heard when, and the pause."""
    return status.model_copy(update={"sensors_at": {}, "faulty": (), "unread": (), "paused_until": None})


def _changes(
    parcels: Iterable[tuple[Gateway, Parcel]],
    streams: Mapping[StreamKey, int],
    held: Mapping[int, str],
    known: Known,
) -> Changes:
    changed = {stream_id: StreamChange(Held(stored)) for stream_id, stored in held.items()}
    changes = Changes(streams=changed, were_ahead=known.ahead, not_kept=known.not_kept)
    for gateway, parcel in parcels:
        changes.add(parcel, gateway, streams[gateway.id, parcel.boot])
    return changes
