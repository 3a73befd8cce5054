"""The statements of one batch: a COPY, then everything else in one go to the database.

Arrays travel as text (`{1,2,3}`), which costs least on both sides. Each statement takes
its rows in the order of their keys, so that two workers cannot wait for each other.
"""

from collections.abc import Iterable, Mapping, Sequence

from psycopg import Connection, Cursor
from psycopg.types.json import Jsonb

from gateway.messages import Kind
from ingest.database import DUE, sql
from ingest.refusals import Refusal, bounded
from ingest.sequences import as_multirange
from ingest.statuses import HeardDevices, Round
from ingest.tally import COLUMNS, HOUR, Changes

_COPY_HEAD = b"PGCOPY\n\xff\r\n\x00" + bytes(8)
_COPY_TAIL = b"\xff\xff"

BATTERY_LOW_PERCENT, BATTERY_WELL_PERCENT = 10, 30
"""Low at the first and less, well again only at the second: percent of a coin cell are guessed from its
voltage, which falls in a cold room and recovers."""


def write(
    connection: Connection,
    changes: Changes,
    statuses: Sequence[Round],
    devices: Mapping[int, HeardDevices],
    refusals: Iterable[Refusal],
) -> dict[int, str]:
    """Write a batch inside the caller's transaction; gives the ranges of its streams afterwards."""
    if changes.rows:
        with connection.cursor().copy(f"copy reading ({COLUMNS}) from stdin (format binary)") as copy:
            copy.write(b"".join([_COPY_HEAD, *changes.rows, _COPY_TAIL]))
    after = {stream_id: stream.held.stored for stream_id, stream in changes.streams.items()}
    with connection.pipeline():
        widened = _widen_streams(connection, changes)
        _see_sensors(connection, changes)
        _note_health(connection, changes)
        _count_activity(connection, changes)
        _cover_minutes(connection, changes)
        for one_of_each in statuses:
            _hear_gateways(connection, one_of_each)
        _hear_devices(connection, devices)
        _correct_clocks(connection, changes)
        _quarantine(connection, [*refusals, *changes.refusals])
        _wake_homes(connection, changes)
        if widened is not None:
            after |= dict(widened.fetchall())
    return after


def _quarantine(connection: Connection, refusals: Iterable[Refusal]) -> None:
    """Keep what was refused, with its reason."""
    rows = bounded(refusals)
    if rows:
        _run(
            connection,
            "quarantine",
            received=[row.received_at for row in rows],
            topics=[_plain(row.topic) for row in rows],
            reasons=[row.reason.value for row in rows],
            details=[_plain(row.detail) for row in rows],
            payloads=[row.kept() for row in rows],
        )


def array(values: Iterable[int | None]) -> str:
    """An array of numbers as PostgreSQL writes it."""
    return "{" + ",".join(["null" if value is None else str(value) for value in values]) + "}"


def _widen_streams(connection: Connection, changes: Changes) -> Cursor | None:
    """Put what was taken into the ranges; the cursor gives each stream's range as it is then."""
    widened = {stream_id: stream for stream_id, stream in changes.streams.items() if stream.held.taken}
    if not widened:
        return None
    return _run(
        connection,
        "widen_streams",
        ids=array(widened),
        taken=[as_multirange(stream.held.taken) for stream in widened.values()],
        firsts=array(stream.first_at for stream in widened.values()),
        lasts=array(stream.last_at for stream in widened.values()),
        received=array(stream.received_at for stream in widened.values()),
    )


def _see_sensors(connection: Connection, changes: Changes) -> None:
    if changes.sensors:
        _run(
            connection,
            "see_sensors",
            ids=array(changes.sensors),
            lasts=array(last for last, _, _ in changes.sensors.values()),
            received=array(received for _, received, _ in changes.sensors.values()),
            fresh=array(fresh for _, _, fresh in changes.sensors.values()),
        )


def _note_health(connection: Connection, changes: Changes) -> None:
    """Keep what sensors told about themselves. Most batches hold nothing of that."""
    if not changes.health:
        return
    told = changes.health.values()

    def ats(kind: Kind) -> str:
        return array(one[kind][0] if kind in one else None for one in told)

    def flags(kind: Kind) -> list[bool | None]:
        return [one[kind][1] > 0 if kind in one else None for one in told]

    _run(
        connection,
        "note_health",
        ids=array(changes.health),
        batteries=[one[Kind.BATTERY][1] if Kind.BATTERY in one else None for one in told],
        battery_ats=ats(Kind.BATTERY),
        flags=flags(Kind.BATTERY_LOW),
        flag_ats=ats(Kind.BATTERY_LOW),
        tampers=flags(Kind.TAMPER),
        tamper_ats=ats(Kind.TAMPER),
        tampered_ats=array(changes.tampered.get(sensor) for sensor in changes.health),
        availables=flags(Kind.AVAILABLE),
        available_ats=ats(Kind.AVAILABLE),
        low=BATTERY_LOW_PERCENT,
        well=BATTERY_WELL_PERCENT,
    )


def _count_activity(connection: Connection, changes: Changes) -> None:
    if changes.activity:
        counts = changes.activity.values()
        _run(
            connection,
            "count_activity",
            homes=array(home for home, _, _ in changes.activity),
            hours=array(hour * HOUR for _, hour, _ in changes.activity),
            places=[place for _, _, place in changes.activity],
            events=array(count.events for count in counts),
            firsts=array(count.first_at for count in counts),
            lasts=array(count.last_at for count in counts),
        )


def _cover_minutes(connection: Connection, changes: Changes) -> None:
    if changes.coverage:
        _run(
            connection,
            "cover_minutes",
            homes=array(home for home, _ in changes.coverage),
            hours=array(hour * HOUR for _, hour in changes.coverage),
            minutes=array(changes.coverage.values()),
        )


def _hear_gateways(connection: Connection, statuses: Round) -> None:
    said = statuses.values()
    heard = [(sensor, one.gateway.id, at) for one in said for sensor, at in one.check_ins()]
    _run(
        connection,
        "hear_gateways",
        ids=array(statuses),
        online=[one.status.online for one in said],
        statuses=[Jsonb(one.status.model_dump(mode="json", exclude_none=True)) for one in said],
        received=[one.arrived.received_at for one in said],
        behind=[one.behind() for one in said],
        sensors=array(sensor for sensor, _, _ in heard),
        sensor_gateways=array(gateway for _, gateway, _ in heard),
        heard=[at for _, _, at in heard],
    )


def _hear_devices(connection: Connection, devices: Mapping[int, HeardDevices]) -> None:
    """By the id of the gateway."""
    if devices:
        told = devices.values()
        _run(
            connection,
            "hear_devices",
            ids=array(devices),
            lists=[Jsonb(one.told.model_dump(mode="json", exclude_defaults=True)) for one in told],
            received=[one.received_at for one in told],
        )


def _correct_clocks(connection: Connection, changes: Changes) -> None:
    if changes.ahead:
        _run(
            connection,
            "correct_clocks",
            ids=array(changes.ahead),
            ahead=array(ahead for ahead, _ in changes.ahead.values()),
            received=array(received for _, received in changes.ahead.values()),
        )


def _wake_homes(connection: Connection, changes: Changes) -> None:
    """Make homes due at once that had an urgent reading, or of which any reading is awaited."""
    if changes.homes:
        _run(
            connection,
            "wake_homes",
            homes=array(changes.homes),
            received=array(changes.homes.values()),
            woken=array(changes.woken),
            channel=DUE,
        )


def _run(connection: Connection, name: str, **given: object) -> Cursor:
    return connection.execute(sql(__file__, name), given, prepare=True)


def _plain(text: str) -> str:
    """Text that any database takes: half a surrogate pair and NUL can come in through JSON."""
    return text.replace("\x00", " ").encode(errors="replace").decode()
