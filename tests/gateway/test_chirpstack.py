"""What LoRaWAN devices say through ChirpStack: the envelope, histories, counters, many flats."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.adapters import NOTHING, Message, Told, When
from gateway.adapters.chirpstack import ChirpStack
from gateway.devices import DeviceTable
from gateway.messages import BUTTON_VALUE, Button, Kind

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
EUI = "a840410001020304"


class House:
    def __init__(self, table: dict[str, Any] | None = None) -> None:
        self.adapter = ChirpStack(DeviceTable.model_validate(table or {}))
        self.now = NOON
        self.frame = 0

    def hear(self, what: str, body: dict[str, Any], *, eui: str = EUI, retained: bool = False) -> Told:
        topic = f"application/9a/device/{eui}/event/{what}"
        return self.adapter.hear(Message(topic, json.dumps(body).encode(), retained, self.now))

    def up(
        self,
        fields: dict[str, Any] | None = None,
        *,
        raw: str = "",
        port: int = 85,
        eui: str = EUI,
        after: float = 60,
        **info: Any,
    ) -> Told:
        """`fields` of a codec, or `raw` bytes in hex; `info`: what the network says of the device."""
        self.now += timedelta(seconds=after)
        self.frame += 1
        data = base64.b64encode(bytes.fromhex(raw)).decode()
        body = {"time": self.now.isoformat(), "deviceInfo": info, "fPort": port, "fCnt": self.frame, "data": data}
        return self.hear("up", body | ({"object": fields} if fields else {}), eui=eui)


def values(told: Told) -> dict[Kind, float]:
    return {fact.kind: fact.value for fact in told.facts}


@pytest.mark.parametrize(
    ("fields", "kind", "value"),
    [
        ({"magnet_status": "open"}, Kind.CONTACT, 1),
        ({"magnet_status": "close"}, Kind.CONTACT, 0),
        ({"door": "open"}, Kind.CONTACT, 1),
        ({"DOOR_OPEN_STATUS": 1, "BAT_V": 3.1}, Kind.CONTACT, 1),
        ({"door1_open_status": "CLOSE"}, Kind.CONTACT, 0),
        ({"event": "Door opened"}, Kind.CONTACT, 1),
        ({"pir": "trigger", "daylight": "dark"}, Kind.MOTION, 1),
        ({"pir": "normal"}, Kind.MOTION, 0),
        ({"occupancy": "occupied"}, Kind.MOTION, 1),
        ({"motion": 7, "vdd": 3600}, Kind.MOTION, 1),
        ({"Occupy": 1, "Volt": 3.1}, Kind.MOTION, 1),
        ({"leakage_status": "leak"}, Kind.LEAK, 1),
        ({"WaterLeak": "NoLeak"}, Kind.LEAK, 0),
        ({"WATER_LEAK_STATUS": "NO LEAK"}, Kind.LEAK, 0),
        ({"tamper_status": "uninstalled"}, Kind.TAMPER, 1),
        ({"install": "yes"}, Kind.TAMPER, 0),
        ({"press": "double"}, Kind.BUTTON, BUTTON_VALUE[Button.OK]),
        ({"button": "never heard of"}, Kind.BUTTON, BUTTON_VALUE[Button.OK]),
        ({"pressEvent": 1}, Kind.BUTTON, BUTTON_VALUE[Button.OK]),
        ({"sos_event": True}, Kind.BUTTON, BUTTON_VALUE[Button.SOS]),
        ({"TempC_SHT": 18.25, "Hum_SHT": 44.0, "BatV": 3.0}, Kind.TEMPERATURE, 18.25),
        ({"temperature": {"value": 68.0, "unit": "°F"}, "humidity": {"value": 40}}, Kind.TEMPERATURE, 20),
        ({"data": {"temperature": 21, "humidity": 45}}, Kind.HUMIDITY, 45),
        ({"ILL_lx": 300}, Kind.ILLUMINANCE, 300),
        ({"battery": 77}, Kind.BATTERY, 77),
        ({"smoke": "alarm"}, Kind.SMOKE, 1),
        ({"light": 120, "motion": 0, "vdd": 3600}, Kind.ILLUMINANCE, 120),
        ({"occupancy": 2, "vdd": 3600}, Kind.MOTION, 1),
        ({"WaterLeak_1": "NoLeak", "WaterLeak_2": "Leak"}, Kind.LEAK, 1),
        ({"button_1": 0, "button_2": 1, "button_3": 0}, Kind.BUTTON, BUTTON_VALUE[Button.OK]),
    ],
)
def test_what_a_codecs_field_means(fields: dict[str, Any], kind: Kind, value: float) -> None:
    told = House().up(fields)
    assert values(told)[kind] == pytest.approx(value)
    assert told.alive == (EUI,)


@pytest.mark.parametrize(
    "fields",
    [
        {"contact": True},
        {"reed_state": 1},
        {"battery": 3.6},
        {"pressEvent": 0},
        {"temperatureBoard": 30},
        {"status": 1},
        {"magnet": 1},
        {"power_consumption": 5300},
        {"occupancy": 1, "vdd": 3600},
    ],
)
def test_what_is_not_sure_is_unread_and_still_a_sign_of_life(fields: dict[str, Any]) -> None:
    told = House().up(fields)
    assert (told.facts, told.unread, told.alive) == ((), True, (EUI,))


def test_a_history_has_its_own_times_and_is_no_news() -> None:
    then = NOON - timedelta(hours=3)
    house = House()
    told = house.up({"history": [{"timestamp": int(then.timestamp()), "magnet_status": "open"}]})
    assert [(fact.kind, fact.at, fact.when) for fact in told.facts] == [(Kind.CONTACT, then, When.PAST)]


@pytest.mark.parametrize("stamp", [None, 0, "yesterday", int((NOON + timedelta(days=1)).timestamp())])
def test_a_record_whose_time_cannot_be_true_is_left_out(stamp: object) -> None:
    told = House().up({"history": [{"timestamp": stamp, "magnet_status": "open"}], "battery": 50})
    assert values(told) == {Kind.BATTERY: 50}


def test_a_message_delivered_twice_is_one_press() -> None:
    house = House()
    first = house.up({"press": "short"})
    house.frame -= 1
    assert (len(first.facts), house.up({"press": "short"}).facts) == (1, ())


def test_a_press_whose_message_was_lost_is_told_by_the_counter() -> None:
    house = House({EUI: {"role": "sos"}})
    house.up({"pressEvent": 0, "singlePressEventCounter": 4})
    told = house.up({"pressEvent": 0, "singlePressEventCounter": 5})
    assert values(told) == {Kind.BUTTON: BUTTON_VALUE[Button.SOS]}
    assert house.up({"pressEvent": 0, "singlePressEventCounter": 5}).facts == ()


def test_a_battery_change_sets_counters_anew_and_is_no_press() -> None:
    house = House()
    house.up({"singlePressEventCounter": 4})
    joined = house.hear("join", {"devAddr": "00"})
    assert (joined.facts, joined.alive, joined.unread) == ((), (EUI,), False)
    assert house.up({"singlePressEventCounter": 6}).facts == ()


@pytest.mark.parametrize(("after", "said"), [(120, [1, 0]), (7200, [0])])
def test_an_opening_whose_messages_were_lost_is_told_while_it_is_news(after: float, said: list[float]) -> None:
    house = House()
    house.up(raw="0bb8 01 000005 000000 00", port=10)
    told = house.up(raw="0bb8 01 000006 000001 00", port=10, after=after)
    assert [fact.value for fact in told.facts if fact.kind is Kind.CONTACT] == said


def test_each_flats_device_is_a_sensor_of_its_own() -> None:
    house = House({EUI.upper(): {"sensor": "flat-3-door"}})
    first = house.up({"door": "open"})
    second = house.up({"door": "open"}, eui="a840410001020305", deviceName="flat 4")
    assert [told.facts[0].sensor for told in (first, second)] == ["flat-3-door", "a840410001020305"]


def test_the_name_in_the_table_may_tell_the_model() -> None:
    raw = "030001 040000"
    assert Kind.CONTACT not in values(House().up(raw=raw))
    assert values(House({EUI: {"sensor": "flat-3-door-ws301"}}).up(raw=raw))[Kind.CONTACT] == 1
    assert values(House().up(raw=raw, deviceProfileName="Milesight WS202"))[Kind.MOTION] == 1


def test_the_networks_own_question_tells_the_battery() -> None:
    house = House()
    assert values(house.hear("status", {"batteryLevel": 61.5, "margin": 8})) == {Kind.BATTERY: 61.5}
    mains = house.hear("status", {"batteryLevel": 0, "externalPowerSource": True})
    assert (values(mains), mains.alive) == ({Kind.MAINS: 1}, (EUI,))


def test_an_answer_is_a_sign_of_life_and_the_networks_own_words_are_not() -> None:
    house = House()
    assert house.hear("ack", {"acknowledged": True}).alive == (EUI,)
    assert house.hear("txack", {}) == NOTHING
    assert house.hear("log", {"level": "ERROR", "code": "DOWNLINK_PAYLOAD_SIZE"}) == NOTHING


def test_what_is_retained_is_no_news() -> None:
    house = House()
    told = house.hear("up", {"object": {"door": "open", "press": "short"}}, retained=True)
    assert [(fact.kind, fact.when) for fact in told.facts] == [(Kind.CONTACT, When.REPLAYED)]
    assert house.hear("join", {}, retained=True) == NOTHING


def test_the_time_is_that_of_the_radio_if_it_can_be_true() -> None:
    house = House()
    told = house.hear("up", {"time": (NOON - timedelta(seconds=4)).isoformat(), "object": {"door": "open"}})
    late = house.hear("up", {"time": "1970-01-01T00:00:00Z", "object": {"door": "open"}})
    assert [one.facts[0].at for one in (told, late)] == [NOON - timedelta(seconds=4), NOON]


@pytest.mark.parametrize("data", ["", "not base64", None, 7, "AAAA", "AQI="])
def test_bytes_of_nobody_are_unread(data: object) -> None:
    told = House().hear("up", {"fPort": 85, "data": data})
    assert (told.facts, told.unread, told.alive) == ((), True, (EUI,))
