"""Whether a home whose devices speak LoRaWAN can be seen: the connection, and the LoRa gateways that carry them."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from gateway.adapters import Message
from gateway.adapters.belonging import devices_of
from gateway.adapters.chirpstack import ChirpStack
from gateway.adapters.integrations import Every, Setup
from gateway.adapters.lora_gateways import state_of
from gateway.adapters.things_stack import ThingsStack
from gateway.devices import DeviceTable
from gateway.listener import Listener
from gateway.sieve import Sieve

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
DOOR, BED = "a840410001020304", "a840410001020305"
ROOF, CELLAR = "0016c001f153a14c", "0016c001f153a14d"
TABLE = {DOOR: {"sensor": "front-door"}, BED.upper(): {"sensor": "bed"}, "ffff410001020305": {"ignore": True}}


def conn_state(gateway: str, *, online: bool) -> bytes:
    """As ChirpStack's forwarders write it: field 3 the id, field 2 the state, which is left out for offline."""
    return (b"\x10\x01" if online else b"") + b"\x1a\x10" + gateway.encode()


class House:
    def __init__(self, table: dict[str, Any] | None = None) -> None:
        found = DeviceTable.model_validate(table or {})
        only = devices_of(found) if table else None
        self.every = Every(("chirpstack", "things_stack"), Setup(found, only=only))
        self.listener = Listener(self.every, Sieve(), steady=self.every.steady())
        self.listener.connected()

    def state(self, gateway: str, payload: bytes, *, retained: bool = True) -> None:
        self.listener.hear(Message(f"eu868/gateway/{gateway}/state/conn", payload, retained, NOON))

    def up(self, device: str, *gateways: str) -> None:
        body = {"object": {"door": "open"}, "fPort": 85, "rxInfo": [{"gatewayId": one} for one in gateways]}
        topic = f"application/9a/device/{device}/event/up"
        self.listener.hear(Message(topic, json.dumps(body).encode(), retained=False, at=NOON))

    def is_seen(self) -> bool:
        return self.listener.listening


def test_a_home_is_seen_as_soon_as_the_network_server_is_reached_though_no_door_has_opened_yet() -> None:
    house = House()
    assert house.is_seen()
    house.listener.disconnected()
    assert not house.is_seen()
    house.listener.connected()
    assert house.is_seen()


def test_a_dead_lora_gateway_ends_the_seeing_and_its_return_brings_it_back() -> None:
    house = House(TABLE)
    house.state(ROOF, conn_state(ROOF, online=True))
    assert house.is_seen()
    house.state(ROOF, conn_state(ROOF, online=False), retained=False)
    assert not house.is_seen()
    house.state(ROOF, conn_state(ROOF, online=True), retained=False)
    assert house.is_seen()


def test_a_gateway_that_carries_none_of_our_devices_is_no_matter_of_ours_once_that_is_known() -> None:
    house = House(TABLE)
    house.state(ROOF, conn_state(ROOF, online=True))
    house.state(CELLAR, conn_state(CELLAR, online=False))
    assert not house.is_seen(), "nobody knows yet which of them carries what"
    house.up(DOOR, ROOF)
    assert not house.is_seen(), "of the bed it is not known yet"
    house.up(BED, ROOF)
    assert house.is_seen()
    house.up(BED, CELLAR)
    assert not house.is_seen(), "the bed was heard by the cellar's alone"
    house.up(BED, CELLAR, ROOF)
    assert house.is_seen()


def test_a_gateway_that_the_broker_has_forgotten_is_gone_for_good() -> None:
    house = House(TABLE)
    house.state(CELLAR, conn_state(CELLAR, online=False))
    assert not house.is_seen()
    house.state(CELLAR, b"", retained=False)
    assert house.is_seen()


@pytest.mark.parametrize(
    ("payload", "online"),
    [
        (conn_state(ROOF, online=True), True),
        (conn_state(ROOF, online=False), False),
        (b"\x0a\x08\x00\x16\xc0\x01\xf1\x53\xa1\x4c\x10\x01", True),
        (b'{"gatewayId": "0016c001f153a14c", "state": "ONLINE"}', True),
        (b'{"gatewayId": "0016c001f153a14c", "state": "OFFLINE"}', False),
        (b'{"gatewayId": "0016c001f153a14c"}', False),
        (b'{"state": "NEW_WORD"}', None),
        (b"\xff\xff\xff", None),
        (b"online", None),
    ],
)
def test_the_state_of_a_lora_gateway_is_read_in_both_forms(payload: bytes, online: bool | None) -> None:
    assert state_of(payload) is online


def test_a_state_that_cannot_be_read_changes_nothing() -> None:
    house = House(TABLE)
    for payload in (b"\xff" * 20, b"[" * 5000, b"offline"):
        house.state(ROOF, payload)
    assert house.is_seen()


def test_of_a_network_for_many_only_the_own_devices_are_subscribed_to_and_heard() -> None:
    table = DeviceTable.model_validate(TABLE | {"hall-door": {}})
    chirpstack, things = ChirpStack(table, devices_of(table)), ThingsStack(table, devices_of(table))
    assert chirpstack.topics() == (f"application/+/device/{DOOR}/event/+", f"application/+/device/{BED}/event/+")
    assert set(things.topics()) == {
        f"v3/+/devices/{name}/{what}"
        for name in (f"eui-{DOOR}", f"eui-{BED}", "hall-door")
        for what in ("up", "join", "down/ack")
    }
    stranger = Message(
        "application/9a/device/a840410001020399/event/up", b'{"object": {"door": "open"}}', retained=False, at=NOON
    )
    assert not chirpstack.hear(stranger).alive
    ignored = Message(
        "application/9a/device/ffff410001020305/event/up", b'{"object": {"door": "open"}}', retained=False, at=NOON
    )
    assert not chirpstack.hear(ignored).alive


def test_the_things_stack_s_own_name_of_a_device_will_do_in_the_table() -> None:
    table = DeviceTable.model_validate({"hall-door": {"sensor": "front-door"}})
    body = {"end_device_ids": {"dev_eui": DOOR.upper()}, "uplink_message": {"decoded_payload": {"door": "open"}}}
    message = Message("v3/house@ttn/devices/hall-door/up", json.dumps(body).encode(), retained=False, at=NOON)
    assert ThingsStack(table, devices_of(table)).hear(message).alive == ("front-door",)
