"""What may go wrong in a home: nothing is lost or doubled, and the status says what is wrong."""

import os
import random
import shutil
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from gateway.clock import Clock
from gateway.health import Problem
from gateway.kept import Kept
from gateway.messages import Kind, Stored, topic
from gateway.outbox import Outbox
from simulators.broker import Broker, Certificates
from tests.certificates import Authority
from tests.conftest import PASSWORDS
from tests.gateway.conftest import Start
from tests.gateway.test_process import fill, left_in, statuses, wait_until_listening
from tests.gateway.wire import Ingest, Wire, contacts, until

AT = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
STATUS = topic("gw-1", "status")
MB = 1024 * 1024


@pytest.fixture
def ingest(broker: Broker) -> Iterator[Ingest]:
    wire = Ingest(broker)
    wire.subscribe(STATUS)
    yield wire
    wire.close()


@pytest.fixture
def zigbee(home_broker: Broker) -> Iterator[Wire]:
    wire = Wire(home_broker)
    wire.publish("zigbee2mqtt/bridge/state", {"state": "online"}, retain=True)
    yield wire
    wire.close()


# -- the line

DAYS, A_DAY, DOORS = 7, 1500, 300


def test_a_week_without_a_line_loses_and_doubles_nothing_and_stays_small(
    start_gateway: Start, broker: Broker, zigbee: Wire, outbox_path: Path
) -> None:
    broker.stop()
    clock = Clock.parse(f"2026-03-02T07:30:00Z@{Clock().now().timestamp()}x100000")
    gateway = start_gateway(HEARTH_CLOCK=str(clock))
    until(lambda: gateway.log.read_text().count("link_up") == 1)
    for place in range(DAYS * A_DAY):
        shut = (place // DOORS) % 2 == 1
        zigbee.client.publish(f"zigbee2mqtt/door-{place % DOORS}", f'{{"contact": {str(shut).lower()}}}', qos=1)
    until(lambda: left_in(outbox_path) >= DAYS * A_DAY, 60)
    until(lambda: clock.now() - AT >= timedelta(days=DAYS))
    broker.start()
    ingest = Ingest(broker)
    try:
        until(lambda: len(contacts(ingest)) >= DAYS * A_DAY, 60)
        until(lambda: left_in(outbox_path) < 50)  # at this pace beats go on coming
        each = Counter(contacts(ingest))
        assert each == {f"door-{door}": DAYS * A_DAY // DOORS for door in range(DOORS)}
        assert psutil.Process(gateway.process.pid).memory_info().rss < 60 * MB
    finally:
        ingest.close()


def test_a_broker_that_refuses_is_told_of_when_it_takes_us_again(
    start_gateway: Start, ingest: Ingest, broker: Broker, outbox_path: Path
) -> None:
    fill(outbox_path, 50)
    broker.add({"gw-1": "another-word"})
    gateway = start_gateway()
    until(lambda: Problem.LOGIN_REFUSED in gateway.log.read_text())
    broker.add({"gw-1": PASSWORDS["gw-1"]})
    until(lambda: left_in(outbox_path) == 0, 40)
    assert ingest.values("pir") == list(range(50))
    until(lambda: any(Problem.LOGIN_REFUSED in one.problems for one in statuses(ingest)))


def test_two_gateways_with_one_identity_are_noticed_and_neither_loses_a_reading(
    start_gateway: Start, ingest: Ingest, outbox_path: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other" / "outbox.sqlite"
    fill(outbox_path, 3000)
    fill(other, 3000)
    logs = [start_gateway().log, start_gateway(HEARTH_OUTBOX=str(other)).log]
    until(lambda: left_in(outbox_path) == 0 and left_in(other) == 0, 60)
    assert sorted(ingest.values("pir")) == sorted([*range(3000), *range(3000)])
    until(lambda: any(Problem.IDENTITY_SHARED in log.read_text() for log in logs), 40)
    until(lambda: any(Problem.IDENTITY_SHARED in one.problems for one in statuses(ingest)), 40)
    assert len({one.boot for one in statuses(ingest) if one.online}) == 2, "the server can see it too"


def test_while_the_broker_s_certificate_has_run_out_readings_wait_and_the_status_tells_of_it_afterwards(
    start_gateway: Start, tmp_path: Path, outbox_path: Path
) -> None:
    fill(outbox_path, 50)
    ours = Authority(tmp_path / "authority")
    past = ours.sign("127.0.0.1", not_after=Clock().now() - timedelta(days=1))
    tls = Broker(tmp_path / "tls-broker", dict(PASSWORDS), certificates=Certificates(ours.file, *past))
    tls.start()
    more = {"HEARTH_BROKER_TLS": "true", "HEARTH_BROKER_CA": str(ours.file)}
    gateway = start_gateway(HEARTH_BROKER_PORT=str(tls.port), **more)
    until(lambda: Problem.CERTIFICATE_EXPIRED in gateway.log.read_text())
    tls.stop()
    tls.certificates = Certificates(ours.file, *ours.sign("127.0.0.1"))
    tls.start()
    ingest = Ingest(tls)
    ingest.subscribe(STATUS)
    try:
        until(lambda: left_in(outbox_path) == 0, 60)
        assert ingest.values("pir") == list(range(50))
        until(lambda: any(Problem.CERTIFICATE_EXPIRED in one.problems for one in statuses(ingest)))
    finally:
        ingest.close()
        tls.stop()


# -- an update of the software

FIRST_SCHEMA = """
create table boot (number integer primary key autoincrement, name text not null unique);
create table waiting (rank integer not null, id integer not null, sensor text not null, kind text not null,
    value real not null, at integer not null, primary key (rank, id)) without rowid;
create table sent (boot integer not null references boot, seq integer not null, rank integer not null,
    sensor text not null, kind text not null, value real not null, at integer not null,
    primary key (boot, seq)) without rowid;
create table counter (name text primary key, value integer not null) without rowid;
create table remembered (name text primary key, value real not null) without rowid;
pragma user_version = 1;
insert into boot values (4, 'an-old-boot');
insert into sent values (4, 7, 1, 'pir', 'motion', 7, 1772436600000000);
insert into sent values (4, 8, 1, 'pir', 'motion', 8, 1772436601000000);
insert into waiting values (1, 1, 'pir', 'motion', 9, 1772436602000000);
"""
"""As the first release of this software made it, with what one has left there."""


def test_an_update_sends_what_the_first_release_has_left_under_the_numbers_it_gave(
    start_gateway: Start, ingest: Ingest, outbox_path: Path
) -> None:
    with closing(sqlite3.connect(outbox_path)) as file:
        file.executescript(FIRST_SCHEMA)
    ingest.answers = False
    start_gateway()
    until(lambda: ingest.values("pir") == [7, 8, 9])
    assert {key for key in ingest.keys if key[0] == "an-old-boot"} == {("an-old-boot", 7), ("an-old-boot", 8)}
    ingest.client.publish(topic("gw-1", "stored"), Stored(boot="an-old-boot", seq=8).model_dump_json(), qos=1)
    until(lambda: left_in(outbox_path) == 1)
    assert not outbox_path.with_name("outbox.sqlite.broken-1").exists()


# -- power cuts


def test_a_power_cut_at_any_moment_keeps_what_was_acknowledged_to_the_home(
    start_gateway: Start, ingest: Ingest, zigbee: Wire, outbox_path: Path
) -> None:
    """Killed twenty times while doors open. What the home's broker was told is kept must arrive, once."""
    chance = random.Random(11)
    gateway = start_gateway()
    wait_until_listening(zigbee, ingest)
    stop = threading.Event()
    opened: list[int] = []

    def life() -> None:
        while not stop.is_set():
            opened.append(len(opened))
            zigbee.publish(f"zigbee2mqtt/door-{opened[-1]}", {"contact": False})

    home = threading.Thread(target=life)
    home.start()
    for _ in range(20):
        time.sleep(chance.random() / 2)  # any moment of its life, its start too
        gateway.kill()
        gateway = start_gateway()
    stop.set()
    home.join()
    wanted = Counter(f"door-{door}" for door in opened)
    until(lambda: Counter(contacts(ingest)) >= wanted, 60)
    until(lambda: left_in(outbox_path) == 0)
    assert Counter(contacts(ingest)) == wanted


def test_a_file_cut_off_at_any_byte_opens_and_holds_what_was_written_first(tmp_path: Path) -> None:
    source, chance = tmp_path / "source" / "outbox.sqlite", random.Random(7)
    with Outbox(source) as outbox:
        for batch in range(120):
            outbox.add(Kept("pir", Kind.MOTION, float(batch * 5 + n), AT) for n in range(5))
            if batch % 10 == 9:
                outbox.number(20)
        log = source.with_name("outbox.sqlite-wal")
        size = log.stat().st_size
        for place, end in enumerate([0, size, *(chance.randrange(size) for _ in range(50))]):
            copy = tmp_path / f"cut-{place}" / "outbox.sqlite"
            copy.parent.mkdir()
            shutil.copy(source, copy)
            shutil.copy(log, copy.with_name(log.name))
            os.truncate(copy.with_name(log.name), end)
            values = held(copy)
            assert values == list(range(len(values))), f"cut at {end}"
            assert len(values) % 5 == 0, "all of a batch or nothing"
            if end == size:
                assert len(values) == 600


def held(path: Path) -> list[int]:
    """The readings that an outbox finds in this file, each once, without setting the file aside."""
    with Outbox(path) as outbox:
        outbox.add([])
        rows = outbox._db.execute("select value from waiting union all select value from sent").fetchall()
        assert outbox.depth == len(rows)
    assert not path.with_name("outbox.sqlite.broken-1").exists()
    return sorted(int(value) for (value,) in rows)
