"""All integrations together: each message goes to the one it belongs to, and garbage stops none."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import gateway.adapters
from gateway.adapters import Adapter, Message, Sort, When
from gateway.adapters.integrations import ADAPTERS, Every, Setup
from gateway.sieve import Sieve
from tests.gateway.ear import NOON, Ear

LEVELS = [
    *("zigbee2mqtt", "tele", "stat", "shellies", "homeassistant", "binary_sensor", "sensor", "application", "v3"),
    *("status", "events", "rpc", "SENSOR", "config", "state", "device", "devices", "event", "up", "home", "BTtoMQTT"),
    *("bridge", "availability", "contact", "0x01", "shellyplus1-aa", "switch:0", "online", "LWT", "esp", "Ä b"),
]
WORDS = ["ON", "open", "true", "", "single", "12", "-", "unavailable", "2026-03-02T12:00:00Z", "AXVkAwAB"]
NAMES = [
    *("contact", "occupancy", "action", "temperature", "battery", "last_seen", "ENERGY", "ZbReceived", "Power", "data"),
    *("object", "uplink_message", "decoded_payload", "params", "method", "switch:0", "state_topic", "device", "mac"),
    *(
        "value_template",
        "device_class",
        "lux",
        "button",
        "Switch1",
        "IBEACON",
        "StatusSNS",
        "history",
        "time",
        "deviceInfo",
    ),
]
values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=True)
    | st.sampled_from(WORDS)
    | st.text(max_size=8),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inside, max_size=5),
    max_leaves=12,
)
topics = st.lists(st.sampled_from(LEVELS), min_size=1, max_size=6).map("/".join)


def test_each_integration_has_an_adapter_that_can_be_subscribed() -> None:
    for make in ADAPTERS.values():
        adapter: Adapter = make(Setup())
        assert adapter.topics()
        assert all(topic == "#" or not topic.startswith("#") for topic in adapter.topics())


@given(st.lists(st.tuples(topics, values, st.booleans()), max_size=8))
def test_garbage_stops_nobody_and_makes_nothing_urgent_from_what_is_replayed(said: list[Any]) -> None:
    every, sieve = Every(ADAPTERS), Sieve()
    for topic, value, retained in said:
        told = every.hear(Message(topic, json.dumps(value).encode(), retained, NOON))
        kept = sieve.keep(told.facts)
        if retained:
            assert kept == [] or all(fact.when is When.PAST for fact in told.facts)
            assert told.alive == ()
            assert all(fact.sort is not Sort.PULSE or fact.when is When.PAST for fact in told.facts)


@pytest.mark.parametrize(
    "payload", [b"", b"\xff\xfe", b"{", b"[[[[", b"null", b"1e999", b'"\\ud800"', b"x" * 2_000_000]
)
@pytest.mark.parametrize(
    "topic", ["zigbee2mqtt/a", "tele/a/SENSOR", "homeassistant/sensor/a/config", "shellies/a/info", "a/events/rpc"]
)
def test_bytes_that_are_nothing_stop_nobody(topic: str, payload: bytes) -> None:
    told = Every(ADAPTERS).hear(Message(topic, payload, False, NOON))  # noqa: FBT003 (not retained)
    assert told.facts == ()


def test_a_message_says_by_whom_it_was_understood() -> None:
    ear = Ear(Every(["tasmota", "zigbee2mqtt"]))
    assert ear.hear("zigbee2mqtt/door", {"contact": True}).by == "zigbee2mqtt"
    assert ear.hear("tele/plug/SENSOR", {"ENERGY": {"Power": 1}}).by == "tasmota"
    assert ear.hear("nobody/knows", {"contact": True}).by == ""


def test_only_the_chosen_ones_are_asked_and_subscribed() -> None:
    every = Every(["zigbee2mqtt"], Setup(zigbee2mqtt_topic="z"), more_topics=("flat/#",))
    assert every.topics() == ("z/bridge/state", "z/bridge/devices", "z/bridge/groups", "z/#", "flat/#")
    assert Ear(every).hear("tele/plug/SENSOR", {"ENERGY": {"Power": 1}}).facts == ()


def test_what_is_heard_twice_because_of_two_filters_is_not_asked_for() -> None:
    wanted = Every(["zigbee2mqtt", "homeassistant"]).topics()
    assert [topic for topic in wanted if topic.endswith("#")] == ["#"]


def test_what_the_gateway_itself_publishes_is_nobodys() -> None:
    assert Ear(Every(ADAPTERS)).hear("hearth/1/gw/readings", {"contact": True, "linkquality": 1}).by == ""


def test_a_native_adapter_comes_before_the_description_of_the_same_device() -> None:
    ear = Ear(Every(["zigbee2mqtt", "homeassistant"]))
    config = {"state_topic": "zigbee2mqtt/door", "value_template": "{{ value_json.contact }}", "device_class": "door"}
    ear.hear("homeassistant/binary_sensor/0x1/contact/config", config | {"payload_on": False}, retained=True)
    told = ear.hear("zigbee2mqtt/door", {"contact": False})
    assert (told.by, len(told.facts)) == ("zigbee2mqtt", 1)


def test_the_table_in_the_documentation_lists_every_integration() -> None:
    listed = (gateway.adapters.__doc__ or "").partition("known by\n")[2]
    assert [name for name in ADAPTERS if f"\n    {name} " not in "\n" + listed] == []
