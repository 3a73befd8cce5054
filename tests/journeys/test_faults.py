"""Whatever is killed in the middle of 20,000 readings: afterwards each is stored exactly once.

A gateway with a full outbox sends; as soon as the first of it is stored, one part dies.
What a supervisor does, the test does: it starts the dead process again. Everything else
has to recover by itself. One of the readings is a call for help: there is one alert about
it, and somebody's phone shows one text.
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
from ingest.database import connect
from ingest.schema import migrate
from simulators import postgres
from simulators.broker import Broker
from tests.alerts.service import AlertsService
from tests.alerts.telling import ANNA, add_person, start_company
from tests.conftest import AGREED, UNSAFE_BUT_FAST, missing
from tests.ingest.homes import add_home
from tests.ingest.service import Service, wait_until

READINGS = 20_000
SOS = 10_000
"""Which of them is the call for help."""
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
                Kept("sos", Kind.BUTTON, 2, first + timedelta(seconds=number), Rank.EVENT)
                if number == SOS
                else Kept("kitchen", Kind.MOTION, 1, first + timedelta(seconds=number), Rank.EVENT)
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
    """The whole path, from the outbox to the database, and from there to a phone."""

    def __init__(self, url: str, broker: Broker, folder: Path) -> None:
        self.url = url
        self.broker = broker
        self.phone = start_company(now=Clock().now)
        self.alerts = AlertsService(url, self.phone.url, folder / "alerts.log")
        self.gateway = Gateway(broker, folder)
        self.ingest = Service(url, broker, folder / "ingest.log")
        with psycopg.connect(url) as connection:
            home, anna = add_home(connection, "gw-1"), add_person(connection, ANNA)
            connection.execute("insert into ladder_step values (%s, 1, %s, 0)", (home, anna))

    def stored(self) -> int:
        try:
            with psycopg.connect(self.url) as connection:
                return int(connection.execute("select count(*) from reading").fetchall()[0][0])
        except psycopg.OperationalError:
            return 0  # the server is starting

    def run(self, fault: Callable[[], None]) -> None:
        """Start, break one thing in the middle, and wait until the gateway has nothing left."""
        self.alerts.start()
        self.ingest.start()
        self.gateway.start()
        wait_until(lambda: self.stored() > 0, PATIENCE_S)
        fault()
        assert self.gateway.holds() > 0, "the fault came too late to be in the middle"
        wait_until(lambda: self.gateway.holds() == 0, PATIENCE_S)
        wait_until(lambda: self.phone.bodies(ANNA), PATIENCE_S)
        wait_until(self.is_quiet, PATIENCE_S)
        self.check()

    def is_quiet(self) -> bool:
        """Every reading is judged and every text is out."""
        with psycopg.connect(self.url) as connection:
            waiting = connection.execute(
                "select (select count(*) from stream where unfolded_from is not null)"
                " + (select count(*) from message where state in ('queued', 'sending', 'unknown'))"
            )
            return waiting.fetchall() == [(0,)]

    def check(self) -> None:
        """What must hold after every fault."""
        with psycopg.connect(self.url) as connection:
            each = "select count(*), count(distinct at), count(distinct (stream_id, seq)) from reading"
            assert connection.execute(each).fetchall() == [(READINGS, READINGS, READINGS)]
            assert differences(connection) == []
            assert connection.execute("select count(*) from quarantine").fetchall() == [(0,)]
            assert connection.execute("select class, state from alert").fetchall() == [("urgent", "open")]
            assert connection.execute("select count(*) from finding where alert_id is not null").fetchall() == [(1,)]
            assert connection.execute("select purpose, step, round from message").fetchall() == [("alert", 1, 0)]
        assert len(self.phone.bodies(ANNA)) == 1

    def end(self) -> None:
        for part in (self.gateway, self.ingest, self.alerts):
            if part.process is not None and part.process.poll() is None:
                part.end(signal.SIGTERM)
        self.phone.stop()


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


def test_a_killed_alerts_service_loses_and_doubles_nothing(path: WholePath) -> None:
    def fault() -> None:
        path.alerts.end(signal.SIGKILL)
        path.alerts.start()

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
    with connect(server.url, autocommit=True) as connection:
        connection.execute(AGREED)
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
        path.alerts.end(signal.SIGKILL)
        path.broker.kill(lose_queue=True)
        path.gateway.start()
        path.alerts.start()
        path.broker.start()
        path.ingest.start()

    path.run(fault)
