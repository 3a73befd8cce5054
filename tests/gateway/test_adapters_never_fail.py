"""Whatever is on the home's broker, no adapter of any integration fails on it, or makes a press of what is retained."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.adapters import Message, Sort, When
from gateway.adapters.integrations import ADAPTERS, Every
from gateway.messages import Kind

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TOPICS = (
    "shellies/shellyht-1/sensor/temperature",
    "shellies/shellyix3-1/input_event/0",
    "shellies/x/info",
    "shellies/x/relay/9999999999/power",
    "shellyplus1-1/status/switch:0",
    "shellyplus1-1/status/devicepower:²",
    "shellyplus1-1/events/rpc",
    "shelly/ble/door",
    "home/gw/BTtoMQTT/A4C138010203",
    "home/gw/LWT",
    "application/1/device/a840410001020304/event/up",
    "application/1/device/a840410001020304/event/status",
    "v3/a@b/devices/c/up",
    "node/binary_sensor/front_door/state",
    "node/event/button/state",
    "hearth-device/d/button",
    "hearth-device/d",
    "lab/d",
)
NAMES = st.sampled_from(
    [
        "events",
        "params",
        "method",
        "component",
        "event",
        "event_cnt",
        "motion",
        "timestamp",
        "lux",
        "bat",
        "tmp",
        "value",
        "is_valid",
        "meters",
        "switch:0",
        "apower",
        "aenergy",
        "total",
        "battery",
        "percent",
        "external",
        "present",
        "button",
        "window",
        "pid",
        "address",
        "BTHome_version",
        "open",
        "model_id",
        "packet",
        "uplink_message",
        "decoded_payload",
        "normalized_payload",
        "f_port",
        "frm_payload",
        "end_device_ids",
        "dev_eui",
        "object",
        "history",
        "data",
        "deviceInfo",
        "tags",
        "fPort",
        "fCnt",
        "time",
        "kind",
        "at",
        "stored",
        "device_id",
        "event_type",
        "messages",
        "measurementId",
        "measurementValue",
        "type",
        "label",
        "values",
        "unit",
        "decodingInfo",
        "msgType",
        "status",
        "thermostats",
        "detection_status",
        "motion_count",
    ]
)
SIMPLE = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.sampled_from(["NotifyEvent", "AXVk"])
)
JSON = st.recursive(SIMPLE, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(NAMES, inner, max_size=5))


@given(st.lists(st.tuples(st.sampled_from(TOPICS), JSON, st.booleans()), max_size=6))
def test_no_message_is_an_error(messages: list[tuple[str, Any, bool]]) -> None:
    every = Every(ADAPTERS)
    for topic, body, retained in messages:
        told = every.hear(Message(topic, json.dumps(body).encode(), retained, NOON))
        assert not retained or not told.alive
        assert not retained or all(fact.when is not When.NOW and fact.sort is not Sort.PULSE for fact in told.facts)
        assert all(fact.at <= NOON for fact in told.facts)


@pytest.mark.parametrize("topic", TOPICS)
@pytest.mark.parametrize("payload", [b"", b"\xff\xfe", b"[" * 5000, b"{}" * 200_000, b'"NaN"', b"1e999"])
def test_no_bytes_are_an_error_and_only_a_button_needs_no_known_word(topic: str, payload: bytes) -> None:
    told = Every(ADAPTERS).hear(Message(topic, payload, retained=False, at=NOON))
    assert {fact.kind for fact in told.facts} <= ({Kind.BUTTON} if "button" in topic else set())
