"""The gateways of many flats in one process, between two real brokers."""

import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import ClassVar

import pytest

from gateway.assembling import assemble, open_outbox
from gateway.clock import Clock
from gateway.flat_settings import double, read_flat
from gateway.messages import GATEWAY_SENSOR, Status, topic
from gateway.settings import CannotStartError
from simulators.broker import Broker
from tests.conftest import PASSWORDS
from tests.gateway.conftest import Gateway
from tests.gateway.test_lora_gateways import ROOF, conn_state
from tests.gateway.test_process import fill, left_in
from tests.gateway.wire import Ingest, Wire, until

DOORS = {"gw-1": "a840410001020301", "gw-2": "a840410001020302"}
NEW = "a840410001020399"
STATE = f"eu868/gateway/{ROOF}/state/conn"
Start = Callable[..., Gateway]


def set_up(folder: Path, gateway: str, broker: Broker, table: object, **more: str) -> Path:
    """What `python -m gateway setup --folder` writes, and a table of devices."""
    folder.mkdir(parents=True, exist_ok=True)
    settings = {
        "HEARTH_GATEWAY": gateway,
        "HEARTH_BROKER_HOST": "127.0.0.1",
        "HEARTH_BROKER_PORT": str(broker.port),
        "HEARTH_BROKER_PASSWORD_FILE": str(folder / "gateway.password"),
    } | more
    (folder / "gateway.password").write_text(PASSWORDS.get(gateway, "none") + "\n")
    (folder / "devices.json").write_text(json.dumps(table))
    (folder / "gateway.env").write_text("".join(f"{name}={shlex.quote(value)}\n" for name, value in settings.items()))
    return folder


@pytest.fixture
def flats(tmp_path: Path, broker: Broker) -> Path:
    folder = tmp_path / "flats"
    for gateway, device in DOORS.items():
        set_up(folder / f"flat {gateway[-1]}", gateway, broker, {device: {"sensor": "front-door"}})
    return folder


@pytest.fixture
def start(flats: Path, home_broker: Broker, tmp_path: Path) -> Iterator[Start]:
    started: list[Gateway] = []

    def go(**more: str) -> Gateway:
        shared = {
            "HEARTH_HOME_BROKER_PORT": str(home_broker.port),
            "HEARTH_INTEGRATIONS": "chirpstack",
            "HEARTH_BROKER_PASSWORD": "of nobody",
        }
        log = tmp_path / f"flats-{len(started)}.log"
        command = [sys.executable, "-m", "gateway", "flats", str(flats)]
        with log.open("wb") as file:
            started.append(Gateway(subprocess.Popen(command, env=os.environ | shared | more, stderr=file), log))
        return started[-1]

    yield go
    for gateway in started:
        if gateway.process.poll() is None:
            gateway.kill()


@pytest.fixture
def ingests(broker: Broker) -> Iterator[dict[str, Ingest]]:
    found = {gateway: Ingest(broker, gateway) for gateway in DOORS}
    for gateway, wire in found.items():
        wire.subscribe(topic(gateway, "status"))
    yield found
    for wire in found.values():
        wire.close()


@pytest.fixture
def network(home_broker: Broker) -> Iterator[Wire]:
    """The LoRaWAN network server."""
    wire = Wire(home_broker)
    yield wire
    wire.close()


def uplink(network: Wire, device: str, value: int, *, open_: bool = True) -> None:
    body = {"object": {"door": "open" if open_ else "close", "battery": value}, "fPort": 85, "fCnt": value}
    network.publish(f"application/9a/device/{device}/event/up", body | {"rxInfo": [{"gatewayId": ROOF}]})


def is_online(ingest: Ingest) -> bool:
    found = [Status.model_validate_json(payload) for name, payload, _ in ingest.messages if name.endswith("/status")]
    return bool(found) and found[-1].online


def until_heard(network: Wire, ingests: dict[str, Ingest]) -> None:
    """Until what each flat's door says arrives at the server under the flat's own name."""
    for place, gateway in enumerate(DOORS, 1):

        def arrived(gateway: str = gateway, place: int = place) -> bool:
            uplink(network, DOORS[gateway], place)
            return bool(ingests[gateway].values("front-door"))

        until(arrived)


def test_each_flat_sends_what_its_own_devices_say_and_nothing_of_another(
    start: Start, flats: Path, ingests: dict[str, Ingest], network: Wire
) -> None:
    gateway = start()
    until(lambda: all(is_online(one) for one in ingests.values()))
    until_heard(network, ingests)
    for place in range(40):
        for device in DOORS.values():
            uplink(network, device, 50, open_=place % 2 == 0)
        uplink(network, NEW, 7)
    until(lambda: all(left_in(flats / f"flat {name[-1]}" / "outbox.sqlite") == 0 for name in DOORS))
    until(lambda: all(len(one.values("front-door")) >= 40 for one in ingests.values()))
    for name, ingest in ingests.items():
        assert {sensor for sensor, _, _ in ingest.keys.values()} == {"front-door"}
        assert len({boot for boot, _ in ingest.keys}) == 1
        batteries = {value for _, kind, value in ingest.keys.values() if kind == "battery"}
        assert batteries <= {float(name[-1]), 50.0}, "the door of the other flat said another percentage"
        raw = b"".join(file.read_bytes() for file in (flats / f"flat {name[-1]}").rglob("*.jsonl*"))
        assert DOORS["gw-2" if name == "gw-1" else "gw-1"].encode() not in raw
    assert gateway.log.read_text().count(NEW) == 2, "a new device is named once: in the sentence and by its word"
    assert gateway.end() == 0
    until(lambda: not any(is_online(one) for one in ingests.values()))


def test_the_same_holds_at_the_things_stack(start: Start, ingests: dict[str, Ingest], network: Wire) -> None:
    gateway = start(HEARTH_INTEGRATIONS="things_stack")
    until(lambda: all(is_online(one) for one in ingests.values()))

    def said(device: str) -> None:
        body = {"end_device_ids": {"dev_eui": device.upper()}, "uplink_message": {"decoded_payload": {"door": "open"}}}
        network.publish(f"v3/house@ttn/devices/eui-{device}/up", body)

    def arrived() -> bool:
        for device in (*DOORS.values(), NEW):
            said(device)
        return all(one.values("front-door") for one in ingests.values())

    until(arrived)
    assert {sensor for one in ingests.values() for sensor, _, _ in one.keys.values()} == {"front-door"}
    until(lambda: gateway.log.read_text().count(NEW) == 2)


def test_a_device_in_two_flats_refuses_the_start(start: Start, flats: Path) -> None:
    (flats / "flat 2" / "devices.json").write_text(json.dumps({DOORS["gw-1"].upper(): {}, DOORS["gw-2"]: {}}))
    gateway = start()
    assert gateway.process.wait(20) == 2
    said = gateway.log.read_text()
    assert f"The device {DOORS['gw-1']} is in two flats, flat 1 and flat 2" in said
    assert said.count("\n") == 1


def test_a_flat_that_is_broken_does_not_stop_another_and_runs_when_it_is_mended(
    start: Start, flats: Path, ingests: dict[str, Ingest], network: Wire
) -> None:
    env = flats / "flat 1" / "gateway.env"
    sound = env.read_text()
    env.write_text("HEARTH_GATEWAY='gw-1\n")
    outbox = flats / "flat 2" / "outbox.sqlite"
    outbox.write_bytes(b"no database" * 1000)
    gateway = start()
    until(lambda: is_online(ingests["gw-2"]))
    until(lambda: "flat_broken" in gateway.log.read_text())
    assert gateway.process.poll() is None
    env.write_text(sound)
    until_heard(network, ingests)
    assert outbox.with_name("outbox.sqlite.broken-1").exists()
    assert gateway.log.read_text().count("flat_broken") == 1


def test_a_new_flat_and_another_table_are_taken_up_while_it_runs(
    start: Start, flats: Path, ingests: dict[str, Ingest], network: Wire
) -> None:
    flat = flats / "flat 2"
    kept = flat.rename(flats.parent / "later")
    gateway = start()
    until(lambda: is_online(ingests["gw-1"]))
    kept.rename(flat)
    until_heard(network, ingests)
    table = flat / "devices.json"
    table.write_text(json.dumps({DOORS["gw-2"]: {"sensor": "front-door"}, NEW: {"sensor": "kitchen"}}))

    def heard() -> bool:
        uplink(network, NEW, 7)
        return bool(ingests["gw-2"].values("kitchen"))

    until(heard)
    table.write_text('{"a slip of the pen"')
    until(lambda: "flat_broken" in gateway.log.read_text())
    before = len(ingests["gw-2"].keys)

    def still_heard() -> bool:
        uplink(network, DOORS["gw-2"], 2, open_=len(network.reasons) % 2 == 0)
        return len(ingests["gw-2"].keys) > before

    until(still_heard)
    assert gateway.end() == 0


class BrokenClock(Clock):
    """Tells the time so often, then ends what asks it."""

    left: ClassVar = [20]

    def now(self) -> datetime:
        self.left[0] -= 1
        if self.left[0] < 0:
            raise RuntimeError("no time")
        return super().now()


def test_a_gateway_that_a_fault_has_ended_lets_go_of_its_outbox(tmp_path: Path, broker: Broker) -> None:
    settings = read_flat(set_up(tmp_path / "a", "gw-1", broker, {})).settings
    home = assemble(settings.model_copy(update={"clock": BrokenClock()}))
    with pytest.raises(RuntimeError):
        home.run()
    open_outbox(settings, may_wait=True).close()


def test_killed_while_all_flats_send_nothing_is_lost_or_doubled(
    start: Start, flats: Path, ingests: dict[str, Ingest]
) -> None:
    for gateway in DOORS:
        fill(flats / f"flat {gateway[-1]}" / "outbox.sqlite", 3000)
    for share in (500, 1500):
        process = start()
        until(lambda share=share: all(len(one.keys) > share for one in ingests.values()))  # type: ignore[misc]
        process.process.send_signal(signal.SIGKILL)
        process.process.wait(10)
    start()
    until(lambda: all(left_in(flats / f"flat {name[-1]}" / "outbox.sqlite") == 0 for name in DOORS), 60)
    for ingest in ingests.values():
        assert ingest.values("pir") == list(range(3000))


def test_beats_come_while_no_door_moves_and_end_when_the_lora_gateway_dies(
    start: Start, ingests: dict[str, Ingest], network: Wire
) -> None:
    clock = Clock.parse(f"2026-03-02T07:30:00Z@{Clock().now().timestamp()}x300")
    network.publish(STATE, conn_state(ROOF, online=True), retain=True)
    gateway = start(HEARTH_CLOCK=str(clock))

    def beats() -> list[int]:
        return [len(one.values(GATEWAY_SENSOR)) for one in ingests.values()]

    until(lambda: min(beats()) >= 2, 40)
    network.publish(STATE, conn_state(ROOF, online=False), retain=True)
    died = clock.now()
    until(lambda: clock.now() - died > timedelta(minutes=6))
    before = beats()
    until(lambda: clock.now() - died > timedelta(minutes=30))
    assert beats() == before, "none once the LoRa gateway is gone"
    assert gateway.log.read_text().count("home_unseen") == len(DOORS)
    network.publish(STATE, conn_state(ROOF, online=True), retain=True)
    until(lambda: min(beats()) > max(before), 40)


# -- settings


def test_a_flat_has_the_shared_settings_and_its_own_over_them(
    tmp_path: Path, broker: Broker, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in {"INTEGRATIONS": "things_stack", "BEAT_S": "60", "OUTBOX": "/x", "BROKER_PASSWORD": "x"}.items():
        monkeypatch.setenv(f"HEARTH_{name}", value)
    flat = read_flat(set_up(tmp_path / "a", "gw-1", broker, {"Eui-A840410001020301": {}}, HEARTH_BEAT_S="120"))
    settings = flat.settings
    assert (settings.integrations, settings.beat_s) == (("things_stack",), 120)
    assert settings.outbox == tmp_path / "a" / "outbox.sqlite"
    assert settings.broker_password
    assert settings.broker_password.get_secret_value() == PASSWORDS["gw-1"]
    assert flat.devices == {"a840410001020301"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "HEARTH_GATEWAY is not there"),
        ("HEARTH_GATEWAY='x", "line 1"),
        ("\n# so\nrm -r x", "line 3"),
        ("HEARTH_GATEWAY=gw-1\nHEARTH_BEAT_S=soon", "HEARTH_BEAT_S"),
        ("HEARTH_GATEWAY=gw-1\nHEARTH_BROKER_PASSWORD_FILE=none", "HEARTH_BROKER_PASSWORD_FILE"),
    ],
)
def test_what_is_wrong_with_a_flat_s_file_is_said_in_a_sentence(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "gateway.env").write_text(text)
    with pytest.raises(CannotStartError, match=said):
        read_flat(tmp_path)


def test_flats_that_would_hear_one_another_are_refused(tmp_path: Path, broker: Broker) -> None:
    flats = [
        read_flat(set_up(tmp_path / name, name, broker, {}, HEARTH_INTEGRATIONS="zigbee2mqtt"))
        for name in ("gw-1", "gw-2")
    ]
    assert "zigbee2mqtt below zigbee2mqtt" in (double(flats) or "")
    set_up(tmp_path / "gw-2", "gw-2", broker, {}, HEARTH_ZIGBEE2MQTT_TOPIC="flat-2")
    assert double([flats[0], read_flat(tmp_path / "gw-2")]) is None
    assert "The gateway gw-1 is in two flats" in (double([flats[0], read_flat(tmp_path / "gw-1")]) or "")
