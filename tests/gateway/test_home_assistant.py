"""Devices that describe themselves by discovery, and those that Home Assistant streams."""

from typing import Any

import pytest

from gateway.adapters.ha_template import MISSING, read_template
from gateway.adapters.homeassistant import HomeAssistant
from gateway.devices import DeviceTable
from gateway.messages import BUTTON_VALUE, Button, Kind
from tests.gateway.ear import Ear, by_sensor, values

OK = BUTTON_VALUE[Button.OK]


def described(component: str, config: dict[str, Any], table: dict[str, Any] | None = None) -> Ear:
    house = Ear(HomeAssistant(DeviceTable.model_validate(table or {})))
    full = {"state_topic": "any/where", "unique_id": "u-1", "device": {"identifiers": ["dev-1"]}} | config
    assert house.hear(f"homeassistant/{component}/n1/o1/config", full, retained=True).described
    return house


@pytest.mark.parametrize(
    ("component", "config", "payload", "kind", "value"),
    [
        ("binary_sensor", {"device_class": "door"}, b"ON", Kind.CONTACT, 1),
        ("binary_sensor", {"device_class": "window", "payload_off": "shut"}, b"shut", Kind.CONTACT, 0),
        ("binary_sensor", {"device_class": "lock"}, b"ON", Kind.LOCK, 0),
        ("binary_sensor", {"device_class": "moisture"}, b"ON", Kind.LEAK, 1),
        ("binary_sensor", {"device_class": "tamper", "payload_on": "true", "value_template": "{{ value_json.value }}"},
         {"value": True}, Kind.TAMPER, 1),
        ("binary_sensor", {"device_class": "smoke"}, b"OFF", Kind.SMOKE, 0),
        ("binary_sensor", {"device_class": "carbon_monoxide"}, b"ON", Kind.CO, 1),
        ("binary_sensor", {"device_class": "motion"}, b"ON", Kind.MOTION, 1),
        ("binary_sensor", {"device_class": "battery"}, b"ON", Kind.BATTERY_LOW, 1),
        ("binary_sensor", {"device_class": "tamper"}, b"OFF", Kind.TAMPER, 0),
        ("binary_sensor", {"value_template": "{{ value_json.occupancy }}", "payload_on": True}, {"occupancy": True},
         Kind.MOTION, 1),
        ("sensor", {"device_class": "temperature", "unit_of_measurement": "°F"}, b"68", Kind.TEMPERATURE, 20),
        ("sensor", {"device_class": "power", "unit_of_measurement": "kW"}, b"2.1", Kind.POWER, 2100),
        ("sensor", {"device_class": "energy", "unit_of_measurement": "kWh"}, b"1.5", Kind.ENERGY, 1500),
        ("sensor", {"device_class": "battery", "unit_of_measurement": "%"}, b"87", Kind.BATTERY, 87),
        ("sensor", {"val_tpl": "{{ value_json['lux'] | int }}"}, {"lux": "12"}, Kind.ILLUMINANCE, 12),
        ("sensor", {"value_template": "{{ value_json.action }}"}, {"action": "brushed"}, Kind.BUTTON, OK),
        ("lock", {}, b"LOCKED", Kind.LOCK, 1),
        ("lock", {"state_unlocked": "offen"}, b"offen", Kind.LOCK, 0),
        ("cover", {"device_class": "garage"}, b"open", Kind.CONTACT, 1),
        ("event", {"device_class": "button"}, {"event_type": "double"}, Kind.BUTTON, OK),
        ("device_automation", {"topic": "any/where", "payload": "held"}, b"held", Kind.BUTTON, OK),
    ],
)  # fmt: skip
def test_what_an_entity_says(component: str, config: dict[str, Any], payload: Any, kind: Kind, value: float) -> None:
    told = described(component, config).hear("any/where", payload)
    assert values(told) == {kind: pytest.approx(value)}
    assert told.alive == ("dev-1",)


@pytest.mark.parametrize(
    ("component", "config", "payload"),
    [
        ("binary_sensor", {"device_class": "door"}, b"unavailable"),
        ("binary_sensor", {"device_class": "door"}, b"perhaps"),
        ("binary_sensor", {"device_class": "running"}, b"ON"),
        ("binary_sensor", {"value_template": "{{ value_json.contact }}", "payload_on": True}, {"contact": True}),
        ("binary_sensor", {"device_class": "door", "value_template": "{{ value_json.x }}"}, {"y": "ON"}),
        ("sensor", {"device_class": "temperature", "value_template": "{{ value_json.device_temperature }}"},
         {"device_temperature": 31}),
        ("sensor", {"device_class": "temperature"}, b"unknown"),
        ("sensor", {"device_class": "energy"}, b"5"),
        ("sensor", {"device_class": "voltage", "unit_of_measurement": "V"}, b"3"),
        ("sensor", {"value_template": "{{ value_json.action }}"}, {"action": ""}),
        ("cover", {"device_class": "blind"}, b"open"),
        ("event", {"device_class": "doorbell"}, {"event_type": "press"}),
        ("device_automation", {"topic": "any/where", "payload": "held"}, b"single"),
    ],
)  # fmt: skip
def test_what_an_entity_does_not_say(component: str, config: dict[str, Any], payload: Any) -> None:
    told = described(component, config).hear("any/where", payload)
    assert told.facts == ()
    assert told.unread


def test_a_template_that_is_a_programme_is_never_run() -> None:
    config = {"device_class": "door", "value_template": "{{ ''.__class__.__mro__ }}"}
    told = described("binary_sensor", config).hear("any/where", b"ON")
    assert told.facts == ()
    assert told.unread
    assert told.alive == ("dev-1",)


@pytest.mark.parametrize(
    ("source", "value"),
    [
        (None, "text"),
        ("{{ value }}", "text"),
        ("{{ value | upper }}", "TEXT"),
        ("{{value_json.a.b}}", 3),
        ("{{ value_json['a']['b'] | float | round(1) }}", 3),
        ('{{- value_json["l"][1] -}}', "y"),
        ("{{ value_json.n | float(0) }}", 2.5),
        ("{{ value_json.gone | is_defined }}", MISSING),
        ("{{ value_json.gone | int(0) }}", MISSING),
        ("{{ value_json.word | float }}", MISSING),
        ("{{ 'open' if value_json.flag else 'shut' }}", "open"),
    ],
)
def test_a_simple_template_is_read(source: str | None, value: object) -> None:
    template = read_template(source)
    assert template is not None
    body = {"a": {"b": 3}, "l": ["x", "y"], "n": "2.5", "word": "warm", "flag": True}
    assert template.render("text", body) == value


@pytest.mark.parametrize(
    "source",
    [
        "{% if value %}ON{% endif %}",
        "{{ value_json.a + 1 }}",
        "{{ value_json.a() }}",
        "{{ states('x.y') }}",
        "{{ value_json.a | regex_replace('a', 'b') }}",
        "{{ value_json.a > 1 }}",
        "{{ value.__class__ }}",
        "plain",
        "{{ value }}" * 2,
        "{{ value_json" + ".a" * 400 + " }}",
        7,
    ],
)
def test_any_other_template_is_not_read(source: object) -> None:
    assert read_template(source) is None


def test_a_field_that_is_only_called_value_is_known_by_its_entity() -> None:
    house = Ear(HomeAssistant())
    config = {"state_topic": "zwave/loo/113", "value_template": "{{ value_json.value }}", "payload_on": True}
    house.hear("homeassistant/binary_sensor/loo/water_leak/config", config, retained=True)
    assert values(house.hear("zwave/loo/113", {"time": 1, "value": True})) == {Kind.LEAK: 1}


def test_short_names_and_a_base_topic_are_understood() -> None:
    house = Ear(HomeAssistant())
    short = {"~": "flat/door", "stat_t": "~/state", "dev_cla": "door", "dev": {"ids": "d-9"}, "uniq_id": "u"}
    house.hear("homeassistant/binary_sensor/o1/config", short, retained=True)
    assert by_sensor(house.hear("flat/door/state", b"ON")) == {"d-9": {Kind.CONTACT: 1}}


def test_a_whole_device_is_described_by_one_message_and_taken_back_by_an_empty_one() -> None:
    house = Ear(HomeAssistant())
    parts = {
        "m": {"p": "binary_sensor", "device_class": "motion", "state_topic": "n/m"},
        "t": {"p": "sensor", "device_class": "temperature", "unit_of_measurement": "°C", "state_topic": "n/t"},
    }
    house.hear("homeassistant/device/n/config", {"dev": {"ids": ["n-1"]}, "cmps": parts}, retained=True)
    assert by_sensor(house.hear("n/m", b"ON")) == {"n-1": {Kind.MOTION: 1}}
    assert by_sensor(house.hear("n/t", b"20.5")) == {"n-1": {Kind.TEMPERATURE: 20.5}}
    house.hear("homeassistant/device/n/config", b"")
    assert house.hear("n/m", b"ON").facts == ()


def test_two_doors_of_one_device_are_two_sensors() -> None:
    house = Ear(HomeAssistant())
    for name in ("a", "b"):
        config = {"device_class": "door", "state_topic": f"n/{name}", "device": {"ids": ["n-1"]}, "unique_id": name}
        house.hear(f"homeassistant/binary_sensor/n/{name}/config", config, retained=True)
    assert house.hear("n/a", b"ON").alive == ("a",)
    assert house.hear("n/b", b"OFF").alive == ("b",)


def test_what_is_replayed_at_a_reconnect_opens_nothing() -> None:
    house = described("binary_sensor", {"device_class": "door"})
    told = house.hear("any/where", b"ON", retained=True)
    assert (house.kept, told.alive) == ([], ())


def test_availability_of_one_device_is_its_own_and_a_shared_one_is_the_bridges() -> None:
    own = described("binary_sensor", {"device_class": "door", "availability_topic": "dev/lwt"})
    assert values(own.hear("dev/lwt", b"offline")) == {Kind.AVAILABLE: 0}
    shared = Ear(HomeAssistant())
    for name in ("a", "b"):
        config = {"device_class": "door", "state_topic": name, "avty": [{"t": "br/state"}], "device": {"ids": [name]}}
        shared.hear(f"homeassistant/binary_sensor/{name}/d/config", config, retained=True)
    gone = shared.hear("br/state", b"offline")
    assert (gone.bridge, gone.facts) == (False, ())


def test_a_table_entry_names_and_turns_a_device() -> None:
    table = {"dev-1": {"sensor": "back-door", "invert": True}}
    told = described("binary_sensor", {"device_class": "door"}, table).hear("any/where", b"ON")
    assert by_sensor(told) == {"back-door": {Kind.CONTACT: 0}}
