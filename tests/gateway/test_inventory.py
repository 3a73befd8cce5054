"""The list of devices: what there is, also before it speaks, sent when it changes."""

import json
from contextlib import closing
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.adapters import Message
from gateway.adapters.z2m_claims import claims
from gateway.adapters.z2m_devices import Description
from gateway.adapters.z2m_kinds import one_line, said
from gateway.adapters.zigbee2mqtt import Zigbee2Mqtt
from gateway.config import Config
from gateway.device_list import MOST_DEVICES, DeviceList, DeviceSaid, Power
from gateway.devices import Device, DeviceTable, Role, Setting
from gateway.inventory import SOONEST_S, Inventory, fitting
from gateway.messages import MAX_MESSAGE_BYTES, Kind, topic
from simulators.broker import Broker
from tests.gateway.conftest import Start
from tests.gateway.wire import Ingest, Wire, until

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DOOR = {
    "friendly_name": "front door",
    "ieee_address": "0x00158d00aa11bb22",
    "type": "EndDevice",
    "power_source": "Battery",
    "definition": {
        "vendor": "Aqara",
        "model": "MCCGQ11LM",
        "exposes": [{"property": "contact"}, {"property": "battery", "unit": "%"}],
    },
}
REMOTE = {
    "friendly_name": "pendant",
    "ieee_address": "0x00158d00aa11bb33",
    "type": "EndDevice",
    "power_source": "Battery",
    "definition": {"vendor": "Heiman", "model": "HS2SS", "exposes": [{"property": "action", "values": ["emergency"]}]},
}


class Line:
    """Stands for a connection."""

    def __init__(self) -> None:
        self.sent: list[DeviceList] = []

    def publish(self, topic: str, payload: bytes, /, *, retain: bool = False) -> int:
        assert (topic, retain) == ("hearth/1/gw-1/devices", True)
        self.sent.append(DeviceList.model_validate_json(payload))
        return len(self.sent)


def told(adapter: Zigbee2Mqtt, inventory: Inventory, rest: str, body: Any) -> None:
    inventory.note(adapter.hear(Message(f"zigbee2mqtt/{rest}", json.dumps(body).encode(), retained=False, at=NOON)))


def test_a_device_is_listed_as_it_describes_itself_before_it_has_spoken() -> None:
    adapter = Zigbee2Mqtt(table=DeviceTable.model_validate({"pendant": {"role": "cancel"}}))
    inventory = Inventory(adapter)
    told(adapter, inventory, "bridge/devices", [DOOR, REMOTE])
    door, remote = inventory.devices().devices
    assert door == DeviceSaid(
        sensor="0x00158d00aa11bb22",
        name="front door",
        make="Aqara",
        model="MCCGQ11LM",
        kinds=(Kind.BATTERY, Kind.CONTACT),
        power=Power.BATTERY,
    )
    assert (remote.calls, remote.role, remote.kinds) == (True, Role.CANCEL, (Kind.BUTTON,))


def test_what_nobody_describes_is_listed_by_what_it_said() -> None:
    adapter = Zigbee2Mqtt()
    inventory = Inventory(adapter)
    told(adapter, inventory, "mat", {"occupancy": True, "linkquality": 80})
    (mat,) = inventory.devices().devices
    assert (mat.sensor, mat.kinds) == ("mat", (Kind.LINK_QUALITY, Kind.MOTION))


def test_it_is_sent_on_connecting_and_when_it_changes_and_not_otherwise() -> None:
    adapter, line = Zigbee2Mqtt(), Line()
    inventory = Inventory(adapter)
    told(adapter, inventory, "bridge/devices", [DOOR])
    for wall in (0.0, 10.0, 20.0):
        inventory.tell("gw-1", line, wall)
    assert len(line.sent) == 1
    told(adapter, inventory, "bridge/devices", [DOOR])
    inventory.tell("gw-1", line, 30.0)
    assert len(line.sent) == 1, "the same again is no news"
    told(adapter, inventory, "bridge/devices", [DOOR, REMOTE])
    inventory.tell("gw-1", line, 30.0 + SOONEST_S / 2)
    inventory.tell("gw-1", line, 30.0 + SOONEST_S)
    assert [len(one.devices) for one in line.sent] == [1, 2]
    again = Line()
    inventory.tell("gw-1", again, 60.0)
    assert len(again.sent) == 1


def test_of_too_many_the_first_are_told_and_how_many_were_left_out() -> None:
    long = "\u0939" * 48
    many = [DeviceSaid(sensor=f"{n:064d}", name=long, make=long, model=long, kinds=tuple(Kind)) for n in range(250)]
    found = fitting(many)
    assert len(found.model_dump_json(exclude_defaults=True).encode()) <= MAX_MESSAGE_BYTES
    assert found.left_out + len(found.devices) == 250
    assert 0 < len(found.devices) <= MOST_DEVICES


@given(st.text())
def test_whatever_a_maker_writes_fits_one_line_or_is_left_out(words: str) -> None:
    line = one_line(words)
    assert line is None or DeviceSaid(sensor="s", make=line).make == line


BODIES: list[dict[str, object]] = [
    {"contact": True, "battery": 80, "linkquality": 3},
    {"occupancy": True, "illuminance": 30},
    {"presence": True, "illuminance_lux": 30},
    {"temperature": 20, "humidity": 40},
    {"action": "single", "battery_low": False},
    {"action": "vibration"},
    {"action": "lock", "lock_state": "locked", "door_state": "open"},
    {"sos": True, "tamper": False},
    {"smoke": True, "temperature": 20},
    {"power": 3, "energy": 1, "state": "ON"},
    {"vibration": True, "fall_down_status": "fall", "battery_state": "low"},
    {"local_temperature": 20, "gas": False, "carbon_monoxide": False, "water_leak": True, "consumption": 2},
]


@pytest.mark.parametrize("body", BODIES)
def test_nothing_is_told_by_a_device_that_was_not_foreseen_by_what_it_exposes(body: dict[str, object]) -> None:
    device = Description("x", properties=dict.fromkeys(body), words={"action": (str(body.get("action", "")),)})
    claimed = {getattr(one, "kind", Kind.BUTTON) for one in claims(body, device)}
    assert claimed <= set(said(device, "x", Device()).kinds)


def test_the_server_hears_of_devices_and_sets_them_and_the_gateway_confirms_without_a_restart(
    start_gateway: Start, broker: Broker, home_broker: Broker
) -> None:
    with closing(Ingest(broker)) as ingest, closing(Wire(home_broker)) as home:
        for leaf in ("devices", "status"):
            ingest.subscribe(f"hearth/1/gw-1/{leaf}")
        home.publish("zigbee2mqtt/bridge/state", {"state": "online"}, retain=True)
        home.publish("zigbee2mqtt/bridge/devices", [DOOR, REMOTE], retain=True)
        start_gateway(HEARTH_INTEGRATIONS="zigbee2mqtt")
        until(lambda: {one.name for last in lists(ingest)[-1:] for one in last.devices} == {"front door", "pendant"})
        setting = Setting(sensor="0x00158d00aa11bb22", role=Role.BED)
        config = Config(version=4, made_at=NOON, devices=(setting,), beat_s=60)
        ingest.publish(topic("gw-1", "config"), config.model_dump_json(exclude_none=True).encode(), retain=True)
        until(lambda: any(b'"config":4' in payload for _, payload, _ in ingest.messages))
        until(lambda: [one.role for one in lists(ingest)[-1].devices] == [Role.BED, None])
        home.publish("zigbee2mqtt/front door", {"contact": False, "linkquality": 9})
        home.publish("zigbee2mqtt/front door", {"contact": True, "linkquality": 9})
        until(lambda: ("0x00158d00aa11bb22", "bed", 1.0) in ingest.keys.values())
        assert "contact" not in {kind for _, kind, _ in ingest.keys.values()}


def lists(ingest: Ingest) -> list[DeviceList]:
    found = [payload for name, payload, _ in ingest.messages if name == topic("gw-1", "devices")]
    return [DeviceList.model_validate_json(payload) for payload in found]
