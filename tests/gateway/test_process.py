"""The gateway as a process between two real brokers, and what may happen to each of them."""

import json
import resource
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from gateway.clock import Clock
from gateway.messages import GATEWAY_SENSOR, Kind, Status, topic
from gateway.outbox import Kept, Outbox
from simulators.broker import Broker
from tests.gateway.conftest import Start
from tests.gateway.wire import Ingest, Wire, until

AT = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
STATUS = topic("gw-1", "status")


def left_in(path: Path) -> int:
    """Readings in the outbox of a running gateway."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as file:
        return sum(int(file.execute(f"select count(*) from {name}").fetchone()[0]) for name in ("waiting", "sent"))


def fill(path: Path, count: int) -> None:
    """Readings that are told apart by their value."""
    with Outbox(path) as outbox:
        outbox.add(Kept("pir", Kind.MOTION, float(n), AT + timedelta(seconds=n)) for n in range(count))


@pytest.fixture
def ingest(broker: Broker) -> Iterator[Ingest]:
    wire = Ingest(broker)
    yield wire
    wire.close()


@pytest.fixture
def zigbee(home_broker: Broker) -> Iterator[Wire]:
    wire = Wire(home_broker)
    yield wire
    wire.close()


def statuses(wire: Wire) -> list[Status]:
    return [Status.model_validate_json(payload) for name, payload, _ in wire.messages if name == STATUS]


def wait_until_listening(zigbee: Wire, ingest: Ingest) -> None:
    """Until a press in the home arrives at the ingest."""
    zigbee.publish("zigbee2mqtt/bridge/state", {"state": "online"}, retain=True)

    def pressed() -> bool:
        zigbee.publish("zigbee2mqtt/probe", {"action": f"try_{len(zigbee.reasons)}"})
        return bool(ingest.values("probe"))

    until(pressed)


def test_from_a_door_to_the_ingest_and_out_of_the_outbox(
    start_gateway: Start, ingest: Ingest, zigbee: Wire, outbox_path: Path
) -> None:
    start_gateway()
    wait_until_listening(zigbee, ingest)
    for shut in (True, False, False, True):
        zigbee.publish("zigbee2mqtt/front", {"contact": shut, "linkquality": 90})
    until(lambda: ingest.values("front") == [0, 0, 1, 90])
    until(lambda: left_in(outbox_path) == 0)


def test_the_table_of_devices_names_the_sensor(
    start_gateway: Start, ingest: Ingest, zigbee: Wire, tmp_path: Path
) -> None:
    table = tmp_path / "devices.json"
    table.write_text(json.dumps({"0x00158d0000c0ffee": {"sensor": "pendant", "role": "sos"}}))
    device = {"friendly_name": "Peter's pendant", "ieee_address": "0x00158d0000c0ffee", "type": "EndDevice"}
    zigbee.publish("zigbee2mqtt/bridge/devices", [device], retain=True)
    start_gateway(HEARTH_DEVICES=str(table))
    wait_until_listening(zigbee, ingest)
    zigbee.publish("zigbee2mqtt/Peter's pendant", {"action": "single"})
    until(lambda: ingest.values("pendant") == [2])


def test_a_broker_that_dies_and_forgets_its_queue_loses_nothing(
    start_gateway: Start, broker: Broker, ingest: Ingest, outbox_path: Path
) -> None:
    fill(outbox_path, 20_000)
    start_gateway()
    for share in (3_000, 9_000):
        until(lambda share=share: len(ingest.keys) > share)  # type: ignore[misc]
        broker.kill(lose_queue=True)
        broker.start()
    until(lambda: left_in(outbox_path) == 0, 60)
    assert ingest.values("pir") == list(range(20_000)), "each reading has one key"


def test_a_gateway_killed_again_and_again_loses_nothing(
    start_gateway: Start, ingest: Ingest, outbox_path: Path
) -> None:
    fill(outbox_path, 20_000)
    for share in (1_000, 5_000, 9_000):
        gateway = start_gateway()
        until(lambda share=share: len(ingest.keys) > share)  # type: ignore[misc]
        gateway.kill()
    start_gateway()
    until(lambda: left_in(outbox_path) == 0, 60)
    assert ingest.values("pir") == list(range(20_000))


def test_a_gateway_killed_while_the_home_speaks_loses_no_message_of_qos_1(
    start_gateway: Start, ingest: Ingest, zigbee: Wire, outbox_path: Path
) -> None:
    gateway = start_gateway()
    wait_until_listening(zigbee, ingest)
    for door in range(400):
        zigbee.publish(f"zigbee2mqtt/door-{door}", {"contact": False})
        if door in (100, 200, 300):
            gateway.kill()
            gateway = start_gateway()
    wanted = {f"door-{door}" for door in range(400)}
    until(lambda: wanted <= {sensor for sensor, _, _ in ingest.keys.values()}, 40)
    until(lambda: left_in(outbox_path) == 0)
    arrived = [sensor for sensor, kind, _ in ingest.keys.values() if kind == Kind.CONTACT]
    assert len(arrived) == 400, "what the broker delivers again is no news"


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="needs Linux's limits of another process")
def test_a_full_disk_is_survived_and_what_came_meanwhile_arrives(
    start_gateway: Start, ingest: Ingest, zigbee: Wire, outbox_path: Path
) -> None:
    gateway = start_gateway()
    wait_until_listening(zigbee, ingest)
    limits = resource.prlimit(gateway.process.pid, resource.RLIMIT_FSIZE)
    resource.prlimit(gateway.process.pid, resource.RLIMIT_FSIZE, (4096, limits[1]))
    for door in range(50):
        zigbee.publish(f"zigbee2mqtt/door-{door}", {"contact": False})
    until(lambda: "disk_full" in gateway.log.read_text())
    resource.prlimit(gateway.process.pid, resource.RLIMIT_FSIZE, limits)
    wanted = {f"door-{door}" for door in range(50)}
    until(lambda: wanted <= {sensor for sensor, _, _ in ingest.keys.values()})
    until(lambda: left_in(outbox_path) == 0)
    assert sum(kind == Kind.CONTACT for _, kind, _ in ingest.keys.values()) == 50


GARBAGE: list[object] = [
    b"",
    b"\xff\xfe",
    b"[" * 50_000,
    b"x" * 1_000_000,
    [1, 2],
    {"contact": {"a": 1}},
    {"action": [1]},
]


def test_garbage_in_the_home_stops_nothing(start_gateway: Start, ingest: Ingest, zigbee: Wire) -> None:
    gateway = start_gateway()
    wait_until_listening(zigbee, ingest)
    for leaf in ("bridge/devices", "bridge/groups", "bridge/info", "front", "front/contact", "a/b/c/availability"):
        for payload in GARBAGE:
            zigbee.publish(f"zigbee2mqtt/{leaf}", payload)
    zigbee.publish("zigbee2mqtt/front", {"contact": False})
    until(lambda: ingest.values("front") == [1])
    assert "fault" not in gateway.log.read_text()


def test_without_anybody_to_take_them_readings_are_kept(
    start_gateway: Start, broker: Broker, outbox_path: Path
) -> None:
    fill(outbox_path, 1_200)
    gateway = start_gateway()
    until(lambda: "publish_refused reason=16" in gateway.log.read_text())
    assert left_in(outbox_path) >= 1_200
    ingest = Ingest(broker)
    try:
        until(lambda: left_in(outbox_path) == 0, 40)
        assert ingest.values("pir") == list(range(1_200))
    finally:
        ingest.close()


def test_a_home_that_cannot_be_seen_gets_no_beat(
    start_gateway: Start, ingest: Ingest, zigbee: Wire, home_broker: Broker
) -> None:
    clock = Clock.parse(f"2026-03-02T07:30:00Z@{Clock().now().timestamp()}x600")
    zigbee.publish("zigbee2mqtt/bridge/state", b"offline", retain=True)
    start_gateway(HEARTH_CLOCK=str(clock))
    ingest.subscribe(STATUS)
    until(lambda: statuses(ingest))
    started = clock.now()
    until(lambda: clock.now() - started > timedelta(minutes=15))
    assert ingest.values(GATEWAY_SENSOR) == []
    zigbee.publish("zigbee2mqtt/bridge/state", {"state": "online"}, retain=True)
    until(lambda: len(ingest.values(GATEWAY_SENSOR)) >= 3)
    home_broker.kill()
    died = clock.now()
    until(lambda: clock.now() - died > timedelta(minutes=4))
    beats = len(ingest.values(GATEWAY_SENSOR))
    until(lambda: clock.now() - died > timedelta(minutes=20))
    assert len(ingest.values(GATEWAY_SENSOR)) <= beats + 1, "none after the home's broker went"


def test_the_status_says_online_and_a_clean_end_says_offline(
    start_gateway: Start, ingest: Ingest, zigbee: Wire, broker: Broker
) -> None:
    gateway = start_gateway()
    ingest.subscribe(STATUS)
    wait_until_listening(zigbee, ingest)
    until(lambda: statuses(ingest))
    assert statuses(ingest)[-1].online
    assert gateway.end() == 0
    until(lambda: not statuses(ingest)[-1].online)
    late = Wire(broker, "ingest", "pw-ingest")
    late.subscribe(STATUS)
    until(lambda: late.messages)
    assert late.messages[0][2], "the status is retained"
    assert not statuses(late)[0].online
    late.close()


def test_the_last_will_speaks_for_a_killed_gateway(start_gateway: Start, ingest: Ingest) -> None:
    ingest.subscribe(STATUS)
    gateway = start_gateway()
    until(lambda: statuses(ingest))
    gateway.kill()
    until(lambda: not statuses(ingest)[-1].online)


def test_sigint_ends_it_too_even_when_no_broker_answers(
    start_gateway: Start, broker: Broker, home_broker: Broker
) -> None:
    broker.stop()
    home_broker.stop()
    gateway = start_gateway()
    until(lambda: "link_down" in gateway.log.read_text())
    gateway.process.send_signal(signal.SIGINT)
    assert gateway.process.wait(5) == 0


def test_a_second_gateway_on_the_same_outbox_is_refused(start_gateway: Start, ingest: Ingest) -> None:
    ingest.subscribe(STATUS)
    start_gateway()
    until(lambda: statuses(ingest))
    second = start_gateway()
    assert second.process.wait(10) == 2
    assert "HEARTH_OUTBOX" in second.log.read_text()


def test_it_carries_on_with_a_new_file_when_the_old_one_cannot_be_read(
    start_gateway: Start, ingest: Ingest, zigbee: Wire, outbox_path: Path
) -> None:
    outbox_path.write_bytes(b"no database" * 1000)
    start_gateway()
    wait_until_listening(zigbee, ingest)
    assert outbox_path.with_name("outbox.sqlite.broken-1").exists()


def test_it_starts_with_what_a_gateway_has_and_nothing_more() -> None:
    """No package of the server is imported, not even by accident."""
    program = (
        "import sys, gateway.main, gateway.adapters.zigbee2mqtt;"
        "print([name for name in sys.modules if name.partition('.')[0] in"
        " {'psycopg', 'sqlalchemy', 'fastapi', 'twilio', 'ingest', 'alerts', 'api', 'simulators'}])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
