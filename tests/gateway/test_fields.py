"""Names, words and units that mean the same wherever they are used; and those that are left alone."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.adapters import vocabulary
from gateway.adapters.claims import Claim
from gateway.adapters.fields import field_claims
from gateway.messages import BUTTON_VALUE, Button, Kind

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
OK, SOS = BUTTON_VALUE[Button.OK], BUTTON_VALUE[Button.SOS]


def said(body: dict[str, Any], **more: Any) -> dict[Kind, float]:
    claims = list(field_claims(body, **more))
    return {one.kind if isinstance(one, Claim) else Kind.BUTTON: one.value for one in claims}


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"door": 1}, {Kind.CONTACT: 1}),
        ({"DOOR_OPEN_STATUS": 0}, {Kind.CONTACT: 0}),
        ({"magnet_status": "open"}, {Kind.CONTACT: 1}),
        ({"contact": "closed"}, {Kind.CONTACT: 0}),
        ({"waterLeakStatus": 1}, {Kind.LEAK: 1}),
        ({"leakage_status": "normal"}, {Kind.LEAK: 0}),
        ({"pir": "trigger"}, {Kind.MOTION: 1}),
        ({"occupancy": "vacant"}, {Kind.MOTION: 0}),
        ({"tamper_status": "normal"}, {Kind.TAMPER: 0}),
        ({"lock": "locked"}, {Kind.LOCK: 1}),
        ({"button": "long press"}, {Kind.BUTTON: OK}),
        ({"buttonEvent": "sos"}, {Kind.BUTTON: SOS}),
        ({"press": "something new"}, {Kind.BUTTON: OK}),
        ({"event": "double"}, {Kind.BUTTON: OK}),
        ({"sos": 1, "button": "x"}, {Kind.BUTTON: SOS}),
        ({"fall_detected": True}, {Kind.FALL: 1}),
        ({"Temperature": 21.5, "Hum": 40}, {Kind.TEMPERATURE: 21.5, Kind.HUMIDITY: 40}),
        ({"temp_f": 68}, {Kind.TEMPERATURE: pytest.approx(20)}),
        ({"sensorTemperature": 20.5, "button": "none"}, {Kind.TEMPERATURE: 20.5}),
        ({"battery": 3}, {Kind.BATTERY: 3}),
        ({"batteryLevel": 88, "battery": 3.1}, {Kind.BATTERY: 88}),
        ({"battery": "low"}, {Kind.BATTERY_LOW: 1}),
        ({"energy_kwh": 1.25}, {Kind.ENERGY: 1250}),
    ],
)
def test_what_a_field_means(body: dict[str, Any], expected: dict[Kind, float]) -> None:
    assert said(body) == expected


@pytest.mark.parametrize(
    "body",
    [
        {"contact": True},
        {"voltage": 3.1},
        {"battery": 3.1},
        {"battery": 2965},
        {"event": "alert_started"},
        {"button": "none"},
        {"button": 0},
        {"door": "ajar-ish"},
        {"door": 1, "window": 0},
        {"window_open": True, "target_temperature": 20},
        {"temperature": 40, "switch": "on"},
        {"temperature": None, "door": None},
        {"energy": 5},
        {"lock": True},
        {"motion": 7},
    ],
)
def test_what_a_field_does_not_say(body: dict[str, Any]) -> None:
    assert said(body) == {}


def test_a_bare_contact_means_what_its_integration_says() -> None:
    assert said({"contact": True}, contact_true=True) == {Kind.CONTACT: 1}
    assert said({"contact": True}, contact_true=False) == {Kind.CONTACT: 0}


@given(
    st.dictionaries(st.text(max_size=12), st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9))
)
def test_whatever_the_fields_are_nothing_fails(body: dict[str, Any]) -> None:
    said(body)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-03-02T13:00:00+01:00", NOON),
        ("2026-03-02T12:00:00.000Z", NOON),
        ("2026-03-02T12:00:00.000000000Z", NOON),
        (NOON.timestamp(), NOON),
        (NOON.timestamp() * 1000, NOON),
        (str(int(NOON.timestamp())), NOON),
        (int(NOON.timestamp()) * 10**9, NOON),
        ("2026-03-02T12:00:00", None),
        ("soon", None),
        (0, None),
        (-5, None),
        (True, None),
        (float("inf"), None),
    ],
)
def test_a_time_is_read_in_whatever_unit_and_never_without_a_zone(moment: object, expected: datetime | None) -> None:
    assert vocabulary.moment(moment) == expected


def test_a_record_of_the_future_or_of_long_ago_has_no_time() -> None:
    assert vocabulary.record_time((NOON - timedelta(days=3)).timestamp(), NOON) == NOON - timedelta(days=3)
    assert vocabulary.record_time((NOON + timedelta(hours=1)).timestamp(), NOON) is None
    assert vocabulary.record_time((NOON - timedelta(days=400)).timestamp(), NOON) is None


@pytest.mark.parametrize(
    ("value", "unit", "expected"),
    [
        (1, "kWh", 1000),
        (1, "Wh", 1),
        (1, "mWh", 0.001),
        (1, "MWh", 1e6),
        (60, "Wmin", 1),
        (1, "l", None),
        (1, None, None),
    ],
)
def test_energy_is_told_in_watt_hours_or_not_at_all(value: float, unit: object, expected: float | None) -> None:
    assert vocabulary.watt_hours(value, unit) == pytest.approx(expected)
