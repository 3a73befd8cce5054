"""What Shellys of the second generation and later say, and what they only seem to say."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.adapters import Message, Told, When
from gateway.adapters.shelly_gen2 import ShellyGen2
from gateway.devices import DeviceTable
from gateway.messages import BUTTON_VALUE, Button, Kind

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PLUG = "shellyplusplugs-aabb"


class House:
    def __init__(self, table: dict[str, Any] | None = None) -> None:
        self.adapter = ShellyGen2(DeviceTable.model_validate(table or {}))
        self.now = NOON

    def hear(self, topic: str, payload: Any, *, retained: bool = False) -> Told:
        self.now += timedelta(seconds=5)
        raw = payload if isinstance(payload, str) else json.dumps(payload)
        return self.adapter.hear(Message(topic, raw.encode(), retained, self.now))

    def notified(self, prefix: str, params: dict[str, Any], method: str = "NotifyStatus") -> Told:
        return self.hear(f"{prefix}/events/rpc", {"src": prefix, "method": method, "params": params})

    def pressed(self, prefix: str, component: str, event: str) -> Told:
        params = {"ts": self.now.timestamp(), "events": [{"component": component, "id": 0, "event": event}]}
        return self.notified(prefix, params, "NotifyEvent")


def values(told: Told) -> dict[Kind, float]:
    return {fact.kind: fact.value for fact in told.facts}


@pytest.mark.parametrize(
    ("component", "body", "kind", "value"),
    [
        ("switch:0", {"id": 0, "apower": 812.5}, Kind.POWER, 812.5),
        ("switch:0", {"id": 0, "aenergy": {"total": 1200.25, "by_minute": [9.0]}}, Kind.ENERGY, 1200.25),
        ("cover:0", {"apower": 88}, Kind.POWER, 88),
        ("pm1:0", {"apower": 14.2}, Kind.POWER, 14.2),
        ("em:0", {"total_act_power": 410.0, "a_act_power": 100.0}, Kind.POWER, 410),
        ("em1data:0", {"total_act_energy": 77.7}, Kind.ENERGY, 77.7),
        ("temperature:0", {"id": 0, "tC": 17.4, "tF": 63.3}, Kind.TEMPERATURE, 17.4),
        ("humidity:0", {"id": 0, "rh": 48.0}, Kind.HUMIDITY, 48),
        ("illuminance:0", {"id": 0, "lux": 51, "illumination": "dark"}, Kind.ILLUMINANCE, 51),
        ("devicepower:0", {"battery": {"V": 5.1, "percent": 43}, "external": {"present": False}}, Kind.BATTERY, 43),
        ("smoke:0", {"id": 0, "alarm": True, "mute": False}, Kind.SMOKE, 1),
        ("flood:0", {"id": 0, "alarm": False}, Kind.LEAK, 0),
        ("presence:0", {"id": 0, "state": True}, Kind.PRESENCE, 1),
        ("bthomedevice:200", {"id": 200, "rssi": -60, "battery": 71}, Kind.BATTERY, 71),
        ("blutrv:200", {"id": 200, "target_C": 21, "current_C": 19.1, "battery": 44}, Kind.TEMPERATURE, 19.1),
        ("blutrv:200", {"id": 200, "target_C": 21, "current_C": 19.1, "battery": 44}, Kind.BATTERY, 44),
        ("thermostat:0", {"id": 0, "target_C": 21, "current_C": 19.6, "output": True}, Kind.TEMPERATURE, 19.6),
        ("thermostat:0", {"id": 0, "target_humidity": 50, "current_humidity": 44}, Kind.HUMIDITY, 44),
    ],
)
def test_what_a_component_means_by_both_ways(component: str, body: dict[str, Any], kind: Kind, value: float) -> None:
    for told in (
        House().hear(f"shellything-aabb/status/{component}", body),
        House().notified("shellything-aabb", {"ts": NOON.timestamp(), component: body}),
    ):
        assert values(told)[kind] == value
        assert "shellything-aabb" in told.alive[0]


@pytest.mark.parametrize("word", ["single_push", "double_push", "triple_push", "long_push", "something_new"])
def test_every_push_counts(word: str) -> None:
    assert values(House().pressed("shellyplusi4-aabb", "input:0", word)) == {Kind.BUTTON: BUTTON_VALUE[Button.OK]}


@pytest.mark.parametrize("component", ["number:201", "boolean:200", "matter", "ht_ui"])
def test_what_only_the_configuration_explains_is_a_sign_of_life(component: str) -> None:
    told = House().hear(f"st-802-aabb/status/{component}", {"value": 25.1})
    assert (told.facts, told.alive, told.unread) == ((), ("st-802-aabb",), False)


def test_the_way_down_and_up_of_a_push_is_not_another_push() -> None:
    house = House()
    words = ["btn_down", "btn_up", "single_push", "config_changed"]
    assert sum(len(house.pressed("shellyplusi4-aabb", "input:0", word).facts) for word in words) == 1


def test_a_bluetooth_button_told_of_twice_is_pressed_once() -> None:
    house = House()
    house.pressed("shellyplus1-aabb", "bthomedevice:200", "single_push")
    assert house.pressed("shellyplus1-aabb", "bthomesensor:201", "single_push").facts == ()
    assert house.pressed("shellyplus1-aabb", "bthomedevice:200", "single_push").facts


def test_an_input_of_a_table_calls_for_help() -> None:
    house = House({"shellyplusi4-aabb:2": {"role": "sos", "sensor": "cord"}})
    fact = house.pressed("shellyplusi4-aabb", "input:2", "single_push").facts[0]
    assert (fact.sensor, fact.value) == ("cord", BUTTON_VALUE[Button.SOS])


def test_a_battery_that_is_not_there_is_not_empty() -> None:
    body = {"battery": {"V": 0.4, "percent": 0}, "external": {"present": True}}
    assert values(House().hear("shellyplusht-aabb/status/devicepower:0", body)) == {Kind.MAINS: 1}


def test_the_heat_of_a_relay_or_meter_is_not_that_of_the_room() -> None:
    house = House()
    relay = house.hear(f"{PLUG}/status/switch:0", {"apower": 1.0, "temperature": {"tC": 51.0}})
    meter = house.hear("shellypro3em-aabb/status/temperature:0", {"id": 0, "tC": 44.0})
    assert Kind.TEMPERATURE not in {**values(relay), **values(meter)}


def test_a_wall_display_measures_its_room_though_it_has_a_relay() -> None:
    house = House()
    house.hear("shellywalldisplay-aabb/status/switch:0", {"output": False})
    house.hear("shellywalldisplay-aabb/status/humidity:0", {"rh": 40})
    assert values(house.hear("shellywalldisplay-aabb/status/temperature:0", {"tC": 21.5})) == {Kind.TEMPERATURE: 21.5}


def test_each_channel_is_a_sensor_of_its_own_also_where_the_device_has_a_name() -> None:
    house = House({"kitchen": {"sensor": "kitchen-plugs"}})
    told = house.notified("kitchen", {"switch:0": {"apower": 1}, "switch:1": {"apower": 2}})
    assert {fact.sensor: fact.value for fact in told.facts} == {"kitchen-plugs": 1, "kitchen-plugs:1": 2}


def test_a_renamed_prefix_is_known_by_the_form_of_its_messages() -> None:
    house = House()
    told = house.hear("upstairs/plug/status/switch:0", {"id": 0, "apower": 3.0})
    assert [fact.sensor.partition("-plug")[0] for fact in told.facts] == ["upstairs"]
    assert house.adapter.owns(Message("upstairs/plug/online", b"true", retained=False, at=NOON))
    assert not house.adapter.owns(Message("downstairs/online", b"true", retained=False, at=NOON))


@pytest.mark.parametrize(("topic", "payload"), [("x/status/alarm", "{}"), ("x/status/switch:0", "on"), ("x/y", "{}")])
def test_what_is_none_of_ours_is_left_to_others(topic: str, payload: str) -> None:
    assert not ShellyGen2().owns(Message(topic, payload.encode(), retained=False, at=NOON))


def test_only_what_never_sleeps_can_be_offline() -> None:
    house = House()
    house.hear(f"{PLUG}/status/switch:0", {"apower": 1.0})
    assert values(house.hear(f"{PLUG}/online", "false")) == {Kind.AVAILABLE: 0}
    assert house.hear("shellyplusht-aabb/online", "false").facts == ()
    for name in ("shelly1pmminig4-aabb", "shellyplugsg3-aabb", "shellypro3em-aabb", "shellyplusplugs-ccdd"):
        assert values(house.hear(f"{name}/online", "false")) == {Kind.AVAILABLE: 0}, name
    for name in ("shellyhtg3-aabb", "shellyplussmoke-aabb", "shellyfloodg4-aabb"):
        assert house.hear(f"{name}/online", "false").facts == (), name


def test_the_state_of_its_connection_is_a_sign_of_life_and_nothing_else() -> None:
    told = House().hear(f"{PLUG}/status/mqtt", {"connected": True})
    assert (told.facts, told.alive, told.unread) == ((), (PLUG,), False)


def test_what_is_retained_is_no_news() -> None:
    told = House().hear("shellysmoke-aabb/status/smoke:0", {"alarm": True}, retained=True)
    assert [fact.when for fact in told.facts] == [When.REPLAYED]
    assert told.alive == ()
