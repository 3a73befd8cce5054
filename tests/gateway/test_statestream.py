"""What Home Assistant streams of its entities."""

import pytest

from gateway.adapters import Message
from gateway.adapters.statestream import Statestream
from gateway.messages import BUTTON_VALUE, Button, Kind
from tests.gateway.ear import NOON, Ear, values


def said(ear: Ear, entity: str, state: bytes, base: str = "homeassistant") -> dict[Kind, float]:
    told = ear.hear(f"{base}/{entity.replace('.', '/')}/state", state)
    return {kind: value for kind, value in values(told).items() if kind is not Kind.AVAILABLE}


@pytest.mark.parametrize(
    ("entity", "state", "expected"),
    [
        ("binary_sensor.hall_motion", b"on", {Kind.MOTION: 1}),
        ("binary_sensor.front_door", b"on", {Kind.CONTACT: 1}),
        ("binary_sensor.bath_water_leak", b"off", {Kind.LEAK: 0}),
        ("binary_sensor.hall_motion", b'"on"', {Kind.MOTION: 1}),
        ("binary_sensor.something", b"on", {}),
        ("binary_sensor.hall_motion", b"unknown", {}),
        ("sensor.loo_temperature", b"19.5", {Kind.TEMPERATURE: 19.5}),
        ("sensor.plug_device_temperature", b"44", {}),
        ("sensor.kettle_power", b"1990", {Kind.POWER: 1990}),
        ("sensor.kettle_energy", b"3.5", {}),
        ("lock.front", b"unlocked", {Kind.LOCK: 0}),
        ("lock.front", b"jammed", {}),
        ("cover.blind", b"open", {}),
    ],
)
def test_without_attributes_the_name_tells(entity: str, state: bytes, expected: dict[Kind, float]) -> None:
    assert said(Ear(Statestream()), entity, state) == expected


def test_attributes_tell_better() -> None:
    ear = Ear(Statestream())
    for entity, leaf, value in (
        ("binary_sensor/thing", "device_class", "smoke"),
        ("sensor/kettle_energy", "device_class", "energy"),
        ("sensor/kettle_energy", "unit_of_measurement", "kWh"),
        ("sensor/loo_temperature", "unit_of_measurement", "°F"),
        ("cover/gate", "device_class", "garage"),
    ):
        ear.hear(f"flat9/{entity}/{leaf}", value, retained=True)
    assert said(ear, "binary_sensor.thing", b"on", "flat9") == {Kind.SMOKE: 1}
    assert said(ear, "sensor.kettle_energy", b"3.5", "flat9") == {Kind.ENERGY: 3500}
    assert said(ear, "sensor.loo_temperature", b"68", "flat9") == {Kind.TEMPERATURE: pytest.approx(20)}
    assert said(ear, "cover.gate", b"open", "flat9") == {Kind.CONTACT: 1}


def test_an_event_is_told_by_its_type_and_not_by_its_time() -> None:
    ear = Ear(Statestream())
    ear.hear("homeassistant/event/bedside/device_class", "button")
    assert said(ear, "event.bedside", b"2026-03-02T12:00:00+00:00") == {}
    told = ear.hear("homeassistant/event/bedside/event_type", "sos")
    assert values(told)[Kind.BUTTON] == BUTTON_VALUE[Button.SOS]
    assert Kind.BUTTON not in values(ear.hear("homeassistant/event/bedside/event_type", "sos", retained=True))


def test_unavailable_is_no_sign_of_life() -> None:
    told = Ear(Statestream()).hear("homeassistant/binary_sensor/front_door/state", b"unavailable")
    assert values(told) == {Kind.AVAILABLE: 0}
    assert told.alive == ()


def test_topics_of_the_same_form_under_an_unknown_base_are_left_to_others() -> None:
    message = Message("kitchen-node/binary_sensor/door/state", b"ON", False, NOON)  # noqa: FBT003 (not retained)
    assert not Statestream().owns(message)
