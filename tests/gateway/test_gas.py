"""Gas that burns is an alarm of its own, whoever reports it."""

import pytest

from gateway.adapters.integrations import ADAPTERS, Every
from gateway.messages import Kind, is_urgent
from tests.gateway.ear import Ear, values


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("zigbee2mqtt/kitchen alarm", {"gas": True, "battery_low": False}),
        ("tele/bridge/SENSOR", {"ZbReceived": {"0x1A2B": {"Device": "0x1A2B", "Gas": 1, "Endpoint": 1}}}),
        ("shellies/shellygas-0A1B2C/sensor/gas", b"heavy"),
        ("esp-kitchen/binary_sensor/gas_alarm/state", b"ON"),
    ],
)
def test_a_gas_alarm_is_a_call_for_help(topic: str, payload: object) -> None:
    ear = Ear(Every(ADAPTERS))
    said = values(ear.hear(topic, payload))
    assert said[Kind.GAS] == 1
    assert is_urgent(Kind.GAS, said[Kind.GAS])


@pytest.mark.parametrize("word", ["none", "test", "unknown"])
def test_no_gas_and_a_test_are_no_alarm(word: str) -> None:
    ear = Ear(Every(ADAPTERS))
    assert values(ear.hear("shellies/shellygas-0A1B2C/sensor/gas", word.encode())).get(Kind.GAS, 0) == 0
