"""What Bluetooth devices say through Theengs Gateway or OpenMQTTGateway."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.adapters import NOTHING, Message, Told, When
from gateway.adapters.theengs import Theengs
from gateway.devices import DeviceTable
from gateway.messages import BUTTON_VALUE, Button, Kind

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MAC = "A4C138010203"
FLAGS = {"acts": True, "cont": True, "model_id": "X-1"}


class House:
    def __init__(self, table: dict[str, Any] | None = None) -> None:
        self.adapter = Theengs(DeviceTable.model_validate(table or {}))
        self.now = NOON

    def hear(self, body: object, *, topic: str = f"home/TG/BTtoMQTT/{MAC}", retained: bool = False) -> Told:
        self.now += timedelta(seconds=1)
        raw = body if isinstance(body, str) else json.dumps(body)
        return self.adapter.hear(Message(topic, raw.encode(), retained, self.now))


def values(told: Told) -> dict[Kind, float]:
    return {fact.kind: fact.value for fact in told.facts}


@pytest.mark.parametrize(
    ("body", "kind", "value"),
    [
        ({"type": "CTMO", "open": True}, Kind.CONTACT, 1),
        ({"type": "CTMO", "open": False}, Kind.CONTACT, 0),
        ({"type": "CTMO", "contact": "close"}, Kind.CONTACT, 0),
        ({"type": "CTMO", "contact": "timeout_not_close"}, Kind.CONTACT, 1),
        ({"motion": True, "lux": 3}, Kind.MOTION, 1),
        ({"move": False}, Kind.MOTION, 0),
        ({"type": "THB", "tempc": 20.1, "tempf": 68.2, "hum": 44}, Kind.TEMPERATURE, 20.1),
        ({"type": "THB", "tempf": 68.0}, Kind.TEMPERATURE, 20.0),
        ({"type": "THB", "tempc": 20.1, "hum": 44.5}, Kind.HUMIDITY, 44.5),
        ({"batt": 66, "volt": 2.9}, Kind.BATTERY, 66),
        ({"lux": 8}, Kind.ILLUMINANCE, 8),
        ({"button": 2}, Kind.BUTTON, BUTTON_VALUE[Button.OK]),
        ({"button": "a new word"}, Kind.BUTTON, BUTTON_VALUE[Button.OK]),
        ({"smoke": True}, Kind.SMOKE, 1),
        ({"leak": True}, Kind.LEAK, 1),
        ({"power": 55.0}, Kind.POWER, 55),
        ({"batt": 2, "lowbatt": True}, Kind.BATTERY_LOW, 1),
        ({"type": "ENRG", "avg": 2.4, "avgu": "kW", "sum": 9, "sumu": "kWh"}, Kind.POWER, 2400),
        ({"type": "ENRG", "avg": 2.4, "avgu": "kW", "sum": 9, "sumu": "kWh"}, Kind.ENERGY, 9000),
    ],
)
def test_what_a_field_means(body: dict[str, Any], kind: Kind, value: float) -> None:
    told = House().hear(FLAGS | body)
    assert values(told)[kind] == pytest.approx(value)
    assert told.alive == (MAC.lower(),)


@pytest.mark.parametrize(
    "body",
    [
        {"contact": True},
        {"button": 0},
        {"type": "BBQ", "tempc": 90},
        {"model_id": "EDDYSTONE_TLM", "tempc": 9},
        {"pres": 1010},
        {"type": "ENRG", "avg": 2.4, "avgu": "m³", "sum": 9, "sumu": "m³"},
        {"type": "UNIQ", "tempc": 34},  # in a tumble dryer
        {"type": "THB", "power": 1},
        {"type": "THBX", "model_id": "TILT", "tempc": 20},  # in a beer
        {"type": "THB", "tempc": 3.4, "extprobe": True},  # in a fridge
        {"type": "THB", "model": "SE TEMP PROBE", "tempc": 20.6},
        {"type": "WCVR", "moving": True, "motion": True, "open": 1},  # a curtain
    ],
)
def test_what_is_not_sure_says_nothing(body: dict[str, Any]) -> None:
    told = House().hear(FLAGS | body)
    assert (told.facts, told.unread, told.alive) == ((), True, (MAC.lower(),))


@pytest.mark.parametrize("leaf", ["SYStoMQTT", "433toMQTT", "LORAtoMQTT"])
def test_what_a_gateway_tells_of_itself_and_bare_radio_codes_are_no_device(leaf: str) -> None:
    topic = f"home/OMG/{leaf}"
    told = House().hear({"value": 1315156, "tempc": 54.2, "uptime": 9}, topic=topic)
    assert (told.facts, told.alive, told.unread, told.described) == ((), (), False, True)
    assert Theengs().owns(Message(topic, b"{}", retained=False, at=NOON))


def test_an_encrypted_device_cannot_be_read_and_is_no_silence() -> None:
    told = House().hear(FLAGS | {"encr": 2, "cipher": "00ff", "ctr": "01", "mic": "02", "batt": 50})
    assert (told.facts, told.unread, told.alive) == ((), True, (MAC.lower(),))


@pytest.mark.parametrize(
    "body",
    [
        {"rssi": -90, "name": "a phone"},
        {"brand": "GENERIC", "model": "iBeacon", "model_id": "IBEACON"},
        {"type": "RMAC", "model_id": "X"},
    ],
)
def test_the_phones_of_passers_by_are_nobodys_sensor(body: dict[str, Any]) -> None:
    assert House().hear(body) == NOTHING


def test_a_tag_is_near_or_not_and_nobody_is_present_or_absent_by_that() -> None:
    house = House()
    near = house.hear({"id": "A4:C1:38:01:02:03", "track": True, "rssi": -60})
    gone = house.hear({"id": "A4:C1:38:01:02:03", "track": True, "presence": "absent"})
    assert (near.facts, near.alive, near.unread) == ((), (MAC.lower(),), False)
    assert (values(gone), gone.alive) == ({Kind.AVAILABLE: 0}, ())


def test_an_advert_heard_twice_is_one_press_and_the_next_is_another() -> None:
    house = House()
    told = [house.hear(FLAGS | {"button": 1, "packet": packet}) for packet in (200, 200, 201, 3)]
    assert [len(one.facts) for one in told] == [1, 0, 1, 1]


def test_the_address_is_the_identity_wherever_it_stands() -> None:
    house = House({"A4:C1:38:01:02:03": {"sensor": "larder"}})
    told = house.hear(FLAGS | {"open": True, "id": "A4:C1:38:01:02:03"}, topic="my/gw/BTtoMQTT")
    assert told.facts[0].sensor == "larder"


def test_while_one_of_two_gateways_lives_the_home_is_heard() -> None:
    house = House()
    house.hear("online", topic="home/attic/LWT")
    house.hear("online", topic="home/hall/LWT")
    assert house.hear("offline", topic="home/attic/LWT", retained=True).bridge is True
    assert house.hear("offline", topic="home/hall/LWT", retained=True).bridge is False


def test_the_last_will_of_a_tasmota_below_home_is_not_ours() -> None:
    assert not Theengs().owns(Message("home/kettle/LWT", b"Online", retained=True, at=NOON))


def test_what_is_retained_is_no_news() -> None:
    told = House().hear(FLAGS | {"open": True}, retained=True)
    assert [fact.when for fact in told.facts] == [When.REPLAYED]
    assert told.alive == ()
