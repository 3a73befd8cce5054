"""What may go wrong in a home: nothing is lost or doubled, and the status says what is wrong."""

import os
import random
import shutil
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
import pytest

from gateway.adapters.integrations import Every, Setup
from gateway.clock import Clock
from gateway.health import Problem
from gateway.kept import Kept, Rank
from gateway.link import Address
from gateway.messages import Kind, Status, topic
from gateway.outbox import Outbox
from gateway.service import Service
from gateway.timekeeping import steady_seconds
from simulators.broker import Broker
from tests.conftest import PASSWORDS
from tests.gateway.conftest import Start
from tests.gateway.test_process import fill, left_in, statuses, wait_until_listening
from tests.gateway.wire import Ingest, Wire, until

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


def contacts(ingest: Ingest, prefix: str = "door") -> list[str]:
    return [name for name, kind, _ in list(ingest.keys.values()) if kind == Kind.CONTACT and name.startswith(prefix)]


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


def test_two_gateways_with_one_identity_are_seen_and_neither_loses_a_reading(
    start_gateway: Start, ingest: Ingest, outbox_path: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other" / "outbox.sqlite"
    fill(outbox_path, 3000)
    fill(other, 3000)
    start_gateway()
    start_gateway(HEARTH_OUTBOX=str(other))
    until(lambda: left_in(outbox_path) == 0 and left_in(other) == 0, 60)
    assert sorted(ingest.values("pir")) == sorted([*range(3000), *range(3000)])
    until(lambda: len({one.boot for one in statuses(ingest) if one.online}) == 2)  # the server can see it


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


# -- the disk


class Driven:
    """A gateway in this process, turned by hand, so that its disk can be taken away."""

    def __init__(self, broker: Broker, home: Broker, path: Path) -> None:
        self.outbox = Outbox(path)
        adapter = Every(("zigbee2mqtt",), Setup())
        self.service = Service("gw-1", Clock(), self.outbox, adapter, timedelta(seconds=300))
        self.service.connect(
            Address("127.0.0.1", broker.port, "gw-1", user="gw-1", password=PASSWORDS["gw-1"]),
            Address("127.0.0.1", home.port, "hearthlight-gw-1"),
        )

    def turn(self) -> None:
        self.service._round(self.service._gather(), Clock().now(), steady_seconds())

    def until(self, true: Callable[[], object], seconds: float = 30) -> None:
        def turned() -> object:
            self.turn()
            return true()

        until(turned, seconds)

    def take_disk(self, how: str) -> None:
        pages = self.outbox._one("pragma page_count")
        self.outbox._db.execute(how.format(pages=pages))


@pytest.fixture
def driven(broker: Broker, home_broker: Broker, outbox_path: Path) -> Iterator[Driven]:
    made = Driven(broker, home_broker, outbox_path)
    yield made
    made.service._end()


READ_ONLY = ("pragma query_only = on", "pragma query_only = off", Problem.DISK_READ_ONLY)
FULL = ("pragma max_page_count = {pages}", "pragma max_page_count = 1000000", Problem.DISK_FULL)


@pytest.mark.parametrize(("takes", "gives_back", "problem"), [READ_ONLY, FULL], ids=["read only", "full"])
def test_with_a_dead_disk_a_call_for_help_still_leaves_and_all_is_well_when_it_heals(
    driven: Driven, ingest: Ingest, zigbee: Wire, takes: str, gives_back: str, problem: Problem
) -> None:
    driven.outbox.add(Kept("filler", Kind.MOTION, float(n), AT) for n in range(1000))
    driven.until(lambda: driven.service.listener.link_up and driven.service.uplink.session)
    driven.until(lambda: driven.outbox.depth == 0)
    driven.take_disk(takes)
    for door in range(300):
        zigbee.publish(f"zigbee2mqtt/door-{door}", {"contact": False})
    zigbee.publish("zigbee2mqtt/cellar", {"water_leak": True})
    driven.until(lambda: ingest.values("cellar") == [1])
    driven.until(lambda: len(contacts(ingest)) == 300)
    if problem is Problem.DISK_READ_ONLY:  # of a full one there may be pages left that were freed
        driven.until(lambda: any(problem in one.problems for one in statuses(ingest)))
        assert not driven.service.unsaved.messages, "the home's broker need not wait"
    driven.take_disk(gives_back)
    zigbee.publish("zigbee2mqtt/door-300", {"contact": False})
    driven.until(lambda: len(contacts(ingest)) == 301)
    driven.until(lambda: not driven.service.disk.failing and not driven.service.spare.is_used)
    driven.until(lambda: driven.outbox.depth == 0)
    assert len(set(contacts(ingest))) == len(contacts(ingest)), "none twice"


def test_what_memory_kept_while_disk_and_line_were_away_is_on_disk_when_that_heals(
    driven: Driven, broker: Broker, zigbee: Wire, outbox_path: Path
) -> None:
    driven.until(lambda: driven.service.listener.link_up and driven.service.uplink.session)
    broker.stop()
    driven.take_disk("pragma query_only = on")
    for door in range(300):
        zigbee.publish(f"zigbee2mqtt/door-{door}", {"contact": False})
    driven.until(lambda: driven.service.spare.outbox.depth >= 300)
    assert left_in(outbox_path) == 0
    driven.take_disk("pragma query_only = off")
    driven.until(lambda: left_in(outbox_path) >= 300)
    assert not driven.service.spare.is_used


def test_memory_is_bounded_and_spares_calls_for_help() -> None:
    with Outbox(None, max_bytes=MB) as spare:
        for batch in range(200):
            ranks = [Rank.URGENT, *[Rank.EVENT] * 499]
            spare.add(Kept("s", Kind.MOTION, float(batch), AT, rank) for rank in ranks)
        assert spare.used_bytes() <= MB
        assert spare.urgent_left() == 200
        assert spare.dropped > 0


# -- the clock


class WrongClock:
    """Wrong by so much, until it is put right."""

    def __init__(self, wrong_by: timedelta) -> None:
        self.wrong_by = wrong_by

    def now(self) -> datetime:
        return Clock().now() + self.wrong_by


@pytest.mark.parametrize("wrong_by", [timedelta(days=-400), timedelta(hours=-3), timedelta(hours=5)])
def test_readings_stamped_by_a_wrong_clock_are_mended_when_the_time_is_known(
    driven: Driven, broker: Broker, zigbee: Wire, outbox_path: Path, wrong_by: timedelta
) -> None:
    broker.stop()
    clock = WrongClock(wrong_by)
    assert driven.service.time is not None
    driven.service.time._is_set = lambda: not clock.wrong_by

    def turned(true: Callable[[], object]) -> Callable[[], object]:
        def check() -> object:
            driven.service._round(driven.service._gather(), clock.now(), steady_seconds())
            return true()

        return check

    driven.outbox.add([Kept("old", Kind.MOTION, 1.0, AT)])  # of an own time, or of another clock
    until(turned(lambda: driven.service.listener.link_up))
    began = Clock().now()
    zigbee.publish("zigbee2mqtt/front", {"contact": False})
    until(turned(lambda: left_in(outbox_path) >= 2))
    clock.wrong_by = timedelta()
    until(turned(lambda: driven.service.time is not None and driven.service.time.state == "known"))
    with closing(sqlite3.connect(f"file:{outbox_path}?mode=ro", uri=True)) as file:
        times = dict(file.execute("select sensor, at from waiting"))
    seconds = {sensor: at / 1e6 for sensor, at in times.items()}
    assert began.timestamp() - 1 <= seconds["front"] <= Clock().now().timestamp() + 1
    assert seconds["old"] == AT.timestamp()


def test_the_status_says_whether_the_clock_can_be_trusted(driven: Driven, ingest: Ingest) -> None:
    assert driven.service.time is not None
    driven.service.time._is_set = lambda: True
    driven.until(lambda: any(one.clock == "known" for one in statuses(ingest)))
    driven.service.time._is_set = lambda: False
    driven.until(lambda: statuses(ingest)[-1].clock == "unsure")


def test_a_problem_is_a_word_that_the_contract_allows() -> None:
    for problem in Problem:
        Status(online=True, problems=(problem,))
