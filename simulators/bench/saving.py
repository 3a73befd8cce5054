"""How fast the ingest saves: from the first publish to the last commit, on the real parts.

One worker as a process of its own, Mosquitto, each kind of database with its default
settings (so each commit waits for the disk), and a publisher over a bare socket; all on
this machine at once. Beside it, in the same run, what an empty paho subscriber receives.
"""

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil
import psycopg

from ingest.schema import migrate
from simulators import postgres
from simulators.bench import Row
from simulators.bench.load import SENSORS, gateway_name
from simulators.broker import Broker

RUNS = 3
LONGEST_S = 120
MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Load:
    """What is published: so many messages with so many readings each, round so many gateways."""

    gateways: int
    messages: int
    readings: int

    @property
    def total(self) -> int:
        return self.messages * self.readings


SINGLE = Load(gateways=1000, messages=30_000, readings=1)
FIFTY = Load(gateways=40, messages=3_000, readings=50)


@dataclass(slots=True)
class Bench:
    """One database, one broker and one worker; runs loads through them.

    The empty subscriber has a broker of its own, of the same make: the worker must not
    be sent the same messages meanwhile.
    """

    broker: Broker
    other_broker: Broker
    url: str
    worker: psutil.Process
    memory: float = 0.0
    boots: int = 0

    def saves(self, load: Load) -> float:
        """Readings a second from the first publish until the last is committed."""
        boot = self._boot()
        with psycopg.connect(self.url, autocommit=True) as connection, _publisher(self.broker, load, boot) as began:
            while self._stored(connection, boot) < load.total:
                if time.time() - began > LONGEST_S:
                    raise RuntimeError(f"not everything was saved within {LONGEST_S} s")
                self.memory = max(self.memory, self.worker.memory_info().rss / MEGABYTE)
                time.sleep(0.02)
            seconds = time.time() - began
            _nothing_lost(connection, boot, load)
        return load.total / seconds

    def warm_up(self) -> None:
        """Send a little until the worker, which may still be starting, has stored it."""
        load = Load(gateways=40, messages=2_000, readings=1)
        boot = self._boot()
        with psycopg.connect(self.url, autocommit=True) as connection:
            while self._stored(connection, boot) < load.total:
                with _publisher(self.broker, load, boot):
                    time.sleep(1)

    def bytes_a_reading(self) -> float:
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("vacuum analyze reading")
            size, count = connection.execute(_SIZE).fetchall()[0]
        return float(size) / float(count)

    def _boot(self) -> str:
        self.boots += 1
        return f"b{self.boots}-{time.time_ns()}"

    def _stored(self, connection: psycopg.Connection, boot: str) -> int:
        query = "select coalesce(sum(upper(r) - lower(r)), 0) from stream, unnest(stored) as r where boot = %s"
        return int(connection.execute(query, [boot]).fetchall()[0][0])


_SIZE = """
with part as (
    select inhrelid as part from pg_inherits where inhparent = 'reading'::regclass
    union all select 'reading'::regclass
)
select sum(pg_total_relation_size(part)), (select count(*) from reading) from part
"""


def _nothing_lost(connection: psycopg.Connection, boot: str, load: Load) -> None:
    row = connection.execute(
        "select count(*), count(distinct (stream_id, seq)) from reading join stream on stream.id = stream_id"
        " where boot = %s",
        [boot],
    ).fetchone()
    if row != (load.total, load.total):
        raise RuntimeError(f"{load.total} readings were published, the database has {row}")


@contextmanager
def _publisher(broker: Broker, load: Load, boot: str) -> Iterator[float]:
    """The load as a process; gives the time at which it began to publish."""
    arguments = [broker.port, load.gateways, load.messages, load.readings, boot]
    with _python("simulators.bench.load", *arguments) as process:
        yield float(_line(process))
        if process.wait(60) != 0:
            raise RuntimeError("the publisher failed")


def empty_subscriber(broker: Broker, load: Load) -> float:
    """Messages a second that paho receives when nothing is done with them."""
    with _python("simulators.bench.empty_subscriber", broker.port, load.messages) as process:
        _line(process)
        with _publisher(broker, load, f"e-{time.time_ns()}") as began:
            ended = float(_line(process))
        process.wait(10)
    return load.messages / (ended - began)


def _line(process: subprocess.Popen[str]) -> str:
    """The next line that it prints; waits for it."""
    if process.stdout is None or not (line := process.stdout.readline()):
        raise RuntimeError("a process of the bench ended early")
    return line


def _python(module: str, *arguments: object, environment: dict[str, str] | None = None) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", module, *map(str, arguments)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, **(environment or {})},
    )


def add_homes(url: str, count: int) -> None:
    """As many homes, with a gateway each and the sensors that the publisher speaks of."""
    with psycopg.connect(url) as connection:
        connection.execute(
            "insert into home (name, resident) select 'Load ' || n, 'Nobody' from generate_series(1, %s) n", [count]
        )
        connection.execute(
            "insert into consent (home_id, basis, given_by, given_on, recorded_at)"
            " select id, 'consent', 'nobody', '2026-01-01', now() from home"
        )
        connection.execute("insert into home_state (home_id, due_at) select id, 'infinity' from home")
        connection.execute("insert into gateway (name, home_id) select %s || id, id from home", [gateway_name(0)[:-1]])
        for name, kind in SENSORS.items():
            role = "outside_door" if kind == "contact" else "room"
            connection.execute(
                "insert into sensor (gateway_id, home_id, name, place, role)"
                " select id, home_id, %s, %s, %s from gateway",
                [name, name, role],
            )


@contextmanager
def bench(kind: postgres.Kind) -> Iterator[Bench]:
    """All parts, started for one kind of database and stopped afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        broker = Broker(Path(folder) / "broker")
        server = postgres.start(Path(folder) / "database", kind)
        other_broker = Broker(Path(folder) / "other-broker")
        broker.start()
        other_broker.start()
        migrate(server.url)
        add_homes(server.url, SINGLE.gateways)
        environment = {
            "HEARTH_DATABASE_URL": server.url,
            "HEARTH_BROKER_HOST": "127.0.0.1",
            "HEARTH_BROKER_PORT": str(broker.port),
        }
        worker = _python("ingest", environment=environment)
        try:
            yield Bench(broker, other_broker, server.url, psutil.Process(worker.pid))
        finally:
            worker.terminate()
            worker.wait(10)
            broker.stop()
            other_broker.stop()
            server.stop()


def run(kinds: tuple[postgres.Kind, ...] | None = None) -> list[Row]:
    """Measure on each kind of database that can be had here."""
    here: tuple[postgres.Kind, ...] = ("timescaledb", "embedded") if postgres.timescaledb_root() else ("embedded",)
    return [row for kind in kinds or here for row in _run(kind)]


def _run(kind: postgres.Kind) -> list[Row]:
    empty: list[float] = []
    single: list[float] = []
    fifty: list[float] = []
    with bench(kind) as parts:
        parts.warm_up()
        for _ in range(RUNS):
            empty.append(empty_subscriber(parts.other_broker, SINGLE))
            single.append(parts.saves(SINGLE))
            fifty.append(parts.saves(FIFTY))
        bytes_each, memory = parts.bytes_a_reading(), parts.memory
    share = [100 * ours / statistics.median(empty) for ours in single]
    return [
        Row(f"empty paho subscriber, {kind}", empty, "messages/s", "to compare with", "paho's work for each packet"),
        Row(
            f"saved, 1 reading a message, {SINGLE.gateways} gateways, {kind}",
            single,
            "readings/s",
            "60 % of it",
            "worker, database and broker share the cores",
        ),
        Row(f"share of the empty subscriber, {kind}", share, "%", "at least 60", "as above"),
        Row(
            f"saved, 50 readings a message, {FIFTY.gateways} gateways, {kind}",
            fifty,
            "readings/s",
            "at least 25,000",
            "the worker: reading JSON, packing rows",
        ),
        Row(f"a reading with its indexes, {kind}", [bytes_each], "bytes", "below 100", "row heads and one index"),
        Row(f"memory of the worker, {kind}", [memory], "MB", "below 200", "messages that wait to be saved"),
    ]
