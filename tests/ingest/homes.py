"""Homes and messages for the tests of the ingest."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import psycopg

from gateway.messages import Envelope, Kind, Reading, topic
from ingest.arrivals import Arrived
from ingest.database import connect
from ingest.saving import Saved, Saver

NOON = datetime(2026, 3, 28, 12, tzinfo=UTC)
"""When the tests play, unless they say otherwise."""

SENSORS = {
    "kitchen": ("kitchen", "room"),
    "lounge": ("lounge", "room"),
    "front": ("front door", "outside_door"),
    "fridge": ("kitchen", "fridge_door"),
    "sos": ("bedroom", "button"),
}


def add_home(
    connection: psycopg.Connection, gateway: str = "gw-1", due_at: datetime = NOON + timedelta(hours=1)
) -> int:
    """A home with one gateway, the sensors of SENSORS, and a due time; its id."""
    home = _one(connection, "insert into home (name, resident) values ('Rose Cottage', 'Peter') returning id", [])
    connection.execute("insert into home_state (home_id, due_at) values (%s, %s)", [home, due_at])
    gateway_id = _one(connection, "insert into gateway (name, home_id) values (%s, %s) returning id", [gateway, home])
    for name, (place, role) in SENSORS.items():
        connection.execute(
            "insert into sensor (gateway_id, home_id, name, place, role) values (%s, %s, %s, %s, %s)",
            [gateway_id, home, name, place, role],
        )
    return home


def _one(connection: psycopg.Connection, query: str, given: Sequence[object]) -> int:
    return int(connection.execute(query.encode(), given).fetchall()[0][0])


def reading(
    seq: int, sensor: str = "kitchen", kind: Kind = Kind.MOTION, value: float = 1, at: datetime = NOON
) -> Reading:
    return Reading(seq=seq, sensor=sensor, kind=kind, value=value, at=at)


def beat(seq: int, at: datetime = NOON) -> Reading:
    return reading(seq, "gateway", Kind.BEAT, 0, at)


def arrived(payload: bytes, gateway: str = "gw-1", leaf: str = "readings", at: datetime = NOON) -> Arrived:
    name = topic(gateway, "readings").removesuffix("readings") + leaf
    return Arrived(name, payload, at, mid=1, connection=1)


def message(
    *readings: Reading, gateway: str = "gw-1", boot: str = "b1", at: datetime = NOON, sent_at: datetime | None = None
) -> Arrived:
    """These readings as they arrive in one message."""
    envelope = Envelope(gateway=gateway, boot=boot, sent_at=sent_at or at, readings=readings)
    return arrived(envelope.model_dump_json().encode(), gateway, at=at)


class Ingest:
    """A saver with its connection, without the broker."""

    def __init__(self, url: str) -> None:
        self.connection = connect(url, autocommit=True)
        self.saver = Saver()

    def save(self, *batch: Arrived) -> Saved:
        return self.saver.save(self.connection, batch)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        return self.connection.execute(query.encode()).fetchall()

    def reasons(self) -> list[tuple[object, ...]]:
        return self.rows("select reason from quarantine order by id")

    def numbers(self) -> list[tuple[object, ...]]:
        """Boot and number of each stored reading."""
        return self.rows("select boot, seq from reading join stream s on s.id = stream_id order by boot, seq")
