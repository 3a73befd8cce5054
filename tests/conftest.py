"""The real parts, started for the tests on free loopback ports and stopped by process id."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from hypothesis import settings

from ingest.schema import migrate
from simulators import postgres
from simulators.broker import Broker

# No test is about time. A gate judges the change, not the luck of the draw; on people's machines the
# examples differ each time.
settings.register_profile("other examples each time", deadline=None)
settings.register_profile("same examples each time", deadline=None, derandomize=True)
settings.load_profile("same examples each time" if os.environ.get("CI") else "other examples each time")

# Tests lose nothing when the machine loses power, so the servers need not wait for the disk.
UNSAFE_BUT_FAST = {"fsync": "off", "timescaledb.max_background_workers": "0"}
KINDS: tuple[postgres.Kind, ...] = ("timescaledb", "embedded")


AGREED = """
create function agreed() returns trigger language plpgsql as $$
begin
    insert into consent (home_id, basis, given_by, given_on, recorded_at)
    values (new.id, 'consent', 'a made-up resident', '2026-01-01', '2026-01-01')
    on conflict (home_id) where withdrawn_at is null do nothing;  -- who makes the home may have said so
    return null;
end
$$;
create trigger agreed after insert on home for each row execute function agreed();
"""
"""Those who live in the homes of tests agreed, so that most tests need not speak of it."""


class Servers:
    """At most one server of each kind for the whole run, with a migrated template in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.running: dict[str, postgres.Server] = {}
        self.made = 0

    def database(self, kind: postgres.Kind) -> str:
        """The URL of a fresh, migrated, empty database."""
        server = self.running.get(kind) or self._start(kind)
        self.made += 1
        name = f"test_{self.made}"
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute(f"create database {name} template ready")
        return server.database_url(name)

    def _start(self, kind: postgres.Kind) -> postgres.Server:
        settings = UNSAFE_BUT_FAST if kind == "timescaledb" else {"fsync": "off"}
        server = postgres.start(self.folder / kind, kind, settings)
        self.running[kind] = server
        with psycopg.connect(server.url, autocommit=True) as connection:
            connection.execute("create database ready")
        migrate(server.database_url("ready"))
        with psycopg.connect(server.database_url("ready"), autocommit=True) as connection:
            connection.execute(AGREED)
        return server

    def stop(self) -> None:
        for server in self.running.values():
            server.stop()
            shutil.rmtree(postgres.data_folder(server.data, server.kind), ignore_errors=True)


def missing(kind: postgres.Kind) -> str | None:
    """Why this kind of database cannot be had here, or None."""
    if kind == "timescaledb" and postgres.timescaledb_root() is None:
        return "no TimescaleDB on this machine: run `make timescaledb`"
    return None


@pytest.fixture(scope="session")
def servers(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Servers]:
    found = Servers(tmp_path_factory.mktemp("databases"))
    request.config.stash[STARTED] = found
    yield found
    found.stop()


@pytest.fixture
def database(servers: Servers) -> str:
    """URL of an empty database of our schema: TimescaleDB wherever it can be had."""
    return servers.database("embedded" if missing("timescaledb") else "timescaledb")


@pytest.fixture(params=KINDS)
def each_database(servers: Servers, request: pytest.FixtureRequest) -> str:
    """The same, once on each kind of database."""
    why = missing(request.param)
    if why:
        pytest.skip(why)
    return servers.database(request.param)


@pytest.fixture
def db(database: str) -> Iterator[psycopg.Connection]:
    """A connection to `database` that commits each statement."""
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection


@pytest.fixture
def home_broker(tmp_path: Path) -> Iterator[Broker]:
    """The broker inside a home, where Zigbee2MQTT publishes."""
    broker = Broker(tmp_path / "home-broker")
    broker.start()
    yield broker
    broker.stop()


PASSWORDS = {"ingest": "pw-ingest", "gw-1": "pw-gw-1", "gw-2": "pw-gw-2"}


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    """The server's broker, with the clients of PASSWORDS and the rules for gateways."""
    broker = Broker(tmp_path / "broker", dict(PASSWORDS))
    broker.start()
    yield broker
    broker.stop()


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder with recorded homes and device messages, which is not part of the project."""
    folder = Path(os.environ.get("HEARTH_TEST_DATA", Path(__file__).parents[2] / "shared" / "data"))
    if not folder.is_dir():
        pytest.skip("no recorded data here: set HEARTH_TEST_DATA to its folder")
    return folder


STARTED = pytest.StashKey[Servers]()
USED = pytest.StashKey[set[str]]()


def pytest_sessionfinish(session: pytest.Session) -> None:
    """A worker of several tells the one that started it which databases its tests ran on."""
    started = session.config.stash.get(STARTED, None)
    output = getattr(session.config, "workeroutput", None)
    if output is not None:
        output["databases"] = list(started.running) if started else []


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    node.config.stash.setdefault(USED, set()).update(getattr(node, "workeroutput", {}).get("databases", []))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """The last lines say which databases the tests really ran on."""
    started = config.stash.get(STARTED, None)
    ran_on = config.stash.get(USED, set()) | set(started.running if started else ())
    for kind in KINDS:
        used = "used" if kind in ran_on else missing(kind) or "not needed by these tests"
        terminalreporter.write_line(f"database {kind}: {used}")
