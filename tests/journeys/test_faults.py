"""Whatever is killed in the middle of 20,000 readings: afterwards each is stored exactly once.

A gateway with a full outbox sends; as soon as the first of it is stored, one part dies.
What a supervisor does, the test does: it starts the dead process again. Everything else
has to recover by itself.
"""

import os
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from gateway.clock import Clock
from gateway.messages import Kind
from gateway.outbox import Kept, Outbox, Rank
from ingest.checking import differences
from ingest.schema import migrate
from simulators import postgres
from simulators.broker import Broker
from tests.conftest import UNSAFE_BUT_FAST, missing
from tests.ingest.homes import add_home
from tests.ingest.service import Service, wait_until

READINGS = 20_000
PATIENCE_S = 60
"""How long a test waits for the end; it takes a few seconds on a quiet machine."""


class Gateway:
    """`python -m gateway` with an outbox that holds READINGS readings, each of its own second."""

    def __init__(self, broker: Broker, folder: Path) -> None:
        self.outbox = folder / "outbox.sqlite"
        self.log = folder / "gateway.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.environment = os.environ | {
            "HEARTH_GATEWAY": "gw-1",
            "HEARTH_BROKER_PORT": str(broker.port),
            "HEARTH_BROKER_PASSWORD": broker.passwords["gw-1"],
            "HEARTH_HOME_BROKER_PORT": str(postgres.free_port()),  # nothing is there
            "HEARTH_OUTBOX": str(self.outbox),
        }
        first = Clock().now() - timedelta(seconds=READINGS)
        with Outbox(self.outbox) as outbox:
            outbox.add(
                Kept("kitchen", Kind.MOTION, 1, first + timedelta(seconds=number), Rank.EVENT)
                for number in range(READINGS)
            )

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen([sys.executable, "-m", "gateway"], stderr=log, env=self.environment)

    def end(self, how: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(how)
        self.process.wait(10)

    def holds(self) -> int:
        """How many readings are not known to be stored."""
        with closing(sqlite3.connect(f"file:{self.outbox}?mode=ro", uri=True)) as outbox:
            query = "select (select count(*) from waiting) + (select count(*) from sent)"
            return int(outbox.execute(query).fetchone()[0])


class WholePath:
    """The whole path, from the outbox to the database."""

    def __init__(self, url: str, broker: Broker, folder: Path) -> None:
        self.url = url
        self.broker = broker
        self.gateway = Gateway(broker, folder)
        self.ingest = Service(url, broker, folder / "ingest.log")
        with psycopg.connect(url) as connection:
            add_home(connection, "gw-1")

    def stored(self) -> int:
        try:
            with psycopg.connect(self.url) as connection:
                return int(connection.execute("select count(*) from reading").fetchall()[0][0])
        except psycopg.OperationalError:
            return 0  # the server is starting

    def run(self, fault: Callable[[], None]) -> None:
        """Start, break one thing in the middle, and wait until the gateway has nothing left."""
        self.ingest.start()
        self.gateway.start()
        wait_until(lambda: self.stored() > 0, PATIENCE_S)
        fault()
        assert self.gateway.holds() > 0, "the fault came too late to be in the middle"
        wait_until(lambda: self.gateway.holds() == 0, PATIENCE_S)
        self.check()

    def check(self) -> None:
        """What must hold after every fault. Alerts and messages will be counted here as well."""
        with psycopg.connect(self.url) as connection:
            each = "select count(*), count(distinct at), count(distinct (stream_id, seq)) from reading"
            assert connection.execute(each).fetchall() == [(READINGS, READINGS, READINGS)]
            assert differences(connection) == []
            assert connection.execute("select count(*) from quarantine").fetchall() == [(0,)]

    def end(self) -> None:
        for part in (self.gateway, self.ingest):
            if part.process is not None and part.process.poll() is None:
                part.end(signal.SIGTERM)


@pytest.fixture
def path(database: str, broker: Broker, tmp_path: Path) -> Iterator[WholePath]:
    found = WholePath(database, broker, tmp_path)
    yield found
    found.end()


def test_a_killed_ingest_loses_and_doubles_nothing(path: WholePath) -> None:
    def fault() -> None:
        path.ingest.end(signal.SIGKILL)
        path.ingest.start()

    path.run(fault)


def test_a_killed_gateway_loses_and_doubles_nothing(path: WholePath) -> None:
    def fault() -> None:
        path.gateway.end(signal.SIGKILL)
        path.gateway.start()

    path.run(fault)


def test_a_killed_broker_that_forgets_its_queue_loses_and_doubles_nothing(path: WholePath) -> None:
    def fault() -> None:
        path.broker.kill(lose_queue=True)
        path.broker.start()

    path.run(fault)


def test_a_restarted_database_loses_and_doubles_nothing(broker: Broker, tmp_path: Path) -> None:
    settings = {"fsync": "off"} if missing("timescaledb") else UNSAFE_BUT_FAST
    server = postgres.start(tmp_path / "database", settings=settings)
    migrate(server.url)
    path = WholePath(server.url, broker, tmp_path)
    try:
        path.run(server.restart)
    finally:
        path.end()
        server.stop()


def test_everything_killed_at_once_loses_and_doubles_nothing(path: WholePath) -> None:
    def fault() -> None:
        path.ingest.end(signal.SIGKILL)
        path.gateway.end(signal.SIGKILL)
        path.broker.kill(lose_queue=True)
        path.gateway.start()
        path.broker.start()
        path.ingest.start()

    path.run(fault)
