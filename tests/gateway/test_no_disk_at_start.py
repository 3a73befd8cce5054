"""A gateway whose disk takes nothing when it starts: it works from memory, says so, and moves over when it can."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from gateway.health import Problem
from gateway.kept import Kept
from gateway.messages import Kind, topic
from gateway.outbox import Outbox
from gateway.outbox_file import OutboxFullError, OutboxInUseError, OutboxReadOnlyError
from simulators.broker import Broker
from tests.conftest import PASSWORDS
from tests.gateway.conftest import Gateway
from tests.gateway.test_process import left_in, statuses, wait_until_listening
from tests.gateway.wire import Ingest, Wire, contacts, until

AT = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)


@dataclass(frozen=True)
class Medium:
    """A folder for the outbox, and how its disk is taken away and given back."""

    path: Path
    take: Callable[[], None]
    give: Callable[[], None]
    problem: Problem
    before: tuple[str, ...] = ()
    """What to run the gateway with, so that it may not do more than its user may."""


@pytest.fixture(params=["not ours", "read only", "full"])
def medium(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Medium]:
    folder = tmp_path / "card"
    folder.mkdir()
    if request.param == "not ours":
        yield _not_ours(folder)
        folder.chmod(0o700)
        return
    if os.geteuid() != 0 or _mount("-t", "tmpfs", "-o", "size=1m", "none", str(folder)):
        pytest.skip("needs to mount a disk of its own")
    yield _read_only(folder) if request.param == "read only" else _full(folder)
    subprocess.run(["umount", "-l", str(folder)], check=True)


def _not_ours(folder: Path) -> Medium:
    """A folder that the gateway's user may not write in."""
    before = ("setpriv", "--bounding-set=-dac_override,-dac_read_search") if os.geteuid() == 0 else ()
    take, give = (lambda: folder.chmod(0o555)), (lambda: folder.chmod(0o700))
    return Medium(folder / "outbox.sqlite", take, give, Problem.DISK_READ_ONLY, before)


def _read_only(folder: Path) -> Medium:
    def remount(how: str) -> None:
        assert _mount("-o", f"remount,{how}", str(folder)) == 0

    path = folder / "outbox.sqlite"
    return Medium(path, lambda: remount("ro"), lambda: remount("rw"), Problem.DISK_READ_ONLY)


def _full(folder: Path) -> Medium:
    filler = folder / "filler"

    def take() -> None:
        with filler.open("wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 512)
            except OSError:
                return

    return Medium(folder / "outbox.sqlite", take, filler.unlink, Problem.DISK_FULL)


def _mount(*how: str) -> int:
    return subprocess.run(["mount", *how], check=False, capture_output=True).returncode


@pytest.fixture
def ingest(broker: Broker) -> Iterator[Ingest]:
    wire = Ingest(broker)
    wire.subscribe(topic("gw-1", "status"))
    yield wire
    wire.close()


@pytest.fixture
def zigbee(home_broker: Broker) -> Iterator[Wire]:
    wire = Wire(home_broker)
    yield wire
    wire.close()


Start = Callable[[], Gateway]


@pytest.fixture
def start(medium: Medium, broker: Broker, home_broker: Broker, tmp_path: Path) -> Iterator[Start]:
    started: list[Gateway] = []

    def go() -> Gateway:
        settings = {
            "HEARTH_GATEWAY": "gw-1",
            "HEARTH_BROKER_PORT": str(broker.port),
            "HEARTH_BROKER_PASSWORD": PASSWORDS["gw-1"],
            "HEARTH_HOME_BROKER_PORT": str(home_broker.port),
            "HEARTH_OUTBOX": str(medium.path),
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        log = tmp_path / f"gateway-{len(started)}.log"
        with log.open("wb") as file:
            command = [*medium.before, sys.executable, "-m", "gateway"]
            process = subprocess.Popen(command, env=os.environ | settings, stderr=file)
        started.append(Gateway(process, log))
        return started[-1]

    yield go
    for gateway in started:
        if gateway.process.poll() is None:
            gateway.kill()


def test_it_starts_works_from_memory_says_so_and_moves_over_when_the_disk_is_there(
    medium: Medium, start: Start, ingest: Ingest, zigbee: Wire
) -> None:
    medium.take()
    gateway = start()
    wait_until_listening(zigbee, ingest)
    for door in range(50):
        zigbee.publish(f"zigbee2mqtt/door-{door}", {"contact": False})
    zigbee.publish("zigbee2mqtt/cellar", {"water_leak": True})
    until(lambda: ingest.values("cellar") == [1] and len(contacts(ingest)) == 50)
    until(lambda: any(medium.problem in one.problems for one in statuses(ingest)))
    boots = {one.boot for one in statuses(ingest) if one.online}
    ingest.answers = False
    for door in range(50, 60):
        zigbee.publish(f"zigbee2mqtt/door-{door}", {"contact": False})
    until(lambda: len(contacts(ingest)) == 60)
    medium.give()
    until(lambda: "disk_ok" in gateway.log.read_text())
    for door in range(60, 70):
        zigbee.publish(f"zigbee2mqtt/door-{door}", {"contact": False})
    until(lambda: left_in(medium.path) >= 10)
    ingest.answers = True
    for boot in {boot for boot, _ in ingest.keys}:
        ingest.answer(boot)
    until(lambda: left_in(medium.path) == 0, 40)
    assert sorted(contacts(ingest)) == sorted(f"door-{door}" for door in range(70)), "none lost, none twice"
    assert {one.boot for one in statuses(ingest) if one.online} == boots, "one start, one name"
    assert gateway.end() == 0


def test_what_an_earlier_run_left_on_that_disk_is_sent_when_it_is_there_and_a_state_is_no_news(
    medium: Medium, start: Start, ingest: Ingest, zigbee: Wire
) -> None:
    ingest.answers = False
    first = start()
    wait_until_listening(zigbee, ingest)
    zigbee.publish("zigbee2mqtt/door-1", {"contact": False})
    until(lambda: contacts(ingest) == ["door-1"])
    first.end()
    medium.take()
    second = start()
    until(lambda: any(medium.problem in one.problems for one in statuses(ingest)))
    ingest.answers = True
    wait_until_listening(zigbee, ingest)
    zigbee.publish("zigbee2mqtt/door-1", {"contact": False})
    zigbee.publish("zigbee2mqtt/door-2", {"contact": False})
    until(lambda: "door-2" in contacts(ingest))
    medium.give()
    until(lambda: left_in(medium.path) == 0, 40)
    assert sorted(contacts(ingest)) == ["door-1", "door-2"], "what stood open before is no news"
    assert second.end() == 0


# -- the outbox itself


def motion(place: int) -> Kept:
    return Kept("pir", Kind.MOTION, float(place), AT)


def test_until_its_file_is_open_an_outbox_keeps_nothing_and_says_why(tmp_path: Path) -> None:
    (tmp_path / "a file").write_text("where a folder should be")
    path = tmp_path / "a file" / "outbox.sqlite"
    with pytest.raises(OutboxFullError):
        Outbox(path)
    with Outbox(path, may_wait=True) as outbox:
        boot = outbox.boot
        for work in (lambda: outbox.add([motion(1)]), outbox.try_disk, lambda: outbox.stored(boot, 5)):
            with pytest.raises(OutboxFullError):
                work()
        assert outbox.depth == 0
        (tmp_path / "a file").unlink()
        outbox.try_disk()
        outbox.add([motion(1)])
        assert (outbox.boot, outbox.depth) == (boot, 1)


def test_a_file_in_use_is_refused_though_a_disk_may_be_waited_for(tmp_path: Path) -> None:
    with Outbox(tmp_path / "outbox.sqlite"), pytest.raises(OutboxInUseError):
        Outbox(tmp_path / "outbox.sqlite", may_wait=True)


@pytest.mark.parametrize("medium", ["read only"], indirect=True)
def test_a_broken_file_on_a_disk_that_takes_nothing_is_set_aside_when_it_does(medium: Medium) -> None:
    medium.path.write_bytes(b"no database" * 1000)
    medium.take()
    with Outbox(medium.path, may_wait=True) as outbox:
        with pytest.raises(OutboxReadOnlyError):
            outbox.add([motion(1)])
        medium.give()
        outbox.try_disk()
        outbox.add([motion(1)])
        assert outbox.depth == 1
    assert medium.path.with_name("outbox.sqlite.broken-1").exists()
