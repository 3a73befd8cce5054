"""A disk that is full or worn out, a clock that is wrong: nothing is lost, and the status says so."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.clock import Clock
from gateway.health import Problem
from gateway.kept import Kept, Rank
from gateway.messages import Kind, Status, topic
from gateway.outbox import Outbox
from gateway.timekeeping import steady_seconds
from simulators.broker import Broker
from tests.gateway.driven import Driven
from tests.gateway.test_process import left_in, statuses
from tests.gateway.wire import Ingest, Wire, contacts, until

AT = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
MB = 1024 * 1024


@pytest.fixture
def ingest(broker: Broker) -> Iterator[Ingest]:
    wire = Ingest(broker)
    wire.subscribe(topic("gw-1", "status"))
    yield wire
    wire.close()


@pytest.fixture
def zigbee(home_broker: Broker) -> Iterator[Wire]:
    wire = Wire(home_broker)
    wire.publish("zigbee2mqtt/bridge/state", {"state": "online"}, retain=True)
    yield wire
    wire.close()


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
        assert not driven.service.keeping.unsaved.messages, "the home's broker need not wait"
    driven.take_disk(gives_back)
    zigbee.publish("zigbee2mqtt/door-300", {"contact": False})
    driven.until(lambda: len(contacts(ingest)) == 301)
    driven.until(lambda: not driven.service.keeping.disk.failing and not driven.service.keeping.spare.is_used)
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
    driven.until(lambda: driven.service.keeping.spare.outbox.depth >= 300)
    assert left_in(outbox_path) == 0
    driven.take_disk("pragma query_only = off")
    driven.until(lambda: left_in(outbox_path) >= 300)
    assert not driven.service.keeping.spare.is_used


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
