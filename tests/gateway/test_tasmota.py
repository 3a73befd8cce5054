"""What Tasmota's messages say: inputs, meters, attached sensors, tags, and Zigbee devices behind it."""

from typing import Any

import pytest

from gateway.adapters import Message
from gateway.adapters.tasmota import Tasmota
from gateway.devices import DeviceTable
from gateway.messages import BUTTON_VALUE, Button, Kind
from tests.gateway.ear import NOON, Ear, by_sensor, values

OK, SOS = BUTTON_VALUE[Button.OK], BUTTON_VALUE[Button.SOS]


def ear(table: dict[str, Any] | None = None) -> Ear:
    return Ear(Tasmota(DeviceTable.model_validate(table or {})))


def zigbee(body: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"ZbReceived": {"0x4A1C": {"Device": "0x4A1C", "Endpoint": 1, "LinkQuality": 70} | body} | more}


@pytest.mark.parametrize("topic", ["tele/plug/SENSOR", "plug/tele/SENSOR", "flat/3/tele/plug/SENSOR"])
def test_the_order_of_prefix_and_device_is_the_owners_own(topic: str) -> None:
    told = ear().hear(topic, {"Time": "2026-03-02T12:00:00", "ENERGY": {"Total": 12.5, "Power": 2100}})
    assert values(told) == {Kind.POWER: 2100, Kind.ENERGY: 12500}
    assert told.alive


@pytest.mark.parametrize(
    "topic", ["cmnd/plug/POWER", "tele/SENSOR", "zigbee2mqtt/tele/contact", "tele/plug/anything", "tele/plug/Power"]
)
def test_what_is_not_of_its_form_is_not_tasmotas(topic: str) -> None:
    assert not Tasmota().owns(Message(topic, b"{}", False, NOON))  # noqa: FBT003 (not retained)


def test_several_channels_of_a_meter_are_one_sum_and_a_garbled_one_is_flagged() -> None:
    assert values(ear().hear("tele/m/SENSOR", {"ENERGY": {"Power": [10, 20.5], "Total": 1}}))[Kind.POWER] == 30.5
    garbled = ear().hear("tele/m/SENSOR", {"ENERGY": {"Power": 42949572, "Total": None}})
    assert values(garbled) == {}
    assert values(garbled, plausible=False) == {Kind.POWER: 42949572}


def test_what_an_input_is_wired_to_only_the_table_knows() -> None:
    message = {"Switch1": "ON", "Switch2": "OFF"}
    assert values(ear().hear("tele/hall/SENSOR", message)) == {}
    wired = ear({"hall/Switch1": {"role": "door", "sensor": "front-door"}, "hall/Switch2": {"role": "door"}})
    assert by_sensor(wired.hear("tele/hall/SENSOR", message)) == {
        "front-door": {Kind.CONTACT: 1},
        "hall:Switch2": {Kind.CONTACT: 0},
    }
    inverted = ear({"hall/Switch1": {"role": "door", "invert": True}})
    assert values(inverted.hear("hall/stat/SWITCH1", {"STATE": "ON"})) == {Kind.CONTACT: 0}
    assert values(inverted.hear("hall/stat/STATUS8", {"StatusSNS": {"Switch1": "OFF"}})) == {Kind.CONTACT: 1}


def test_a_pull_cord_calls_once_however_often_it_is_reported() -> None:
    cord = ear({"bath/Switch1": {"role": "sos"}})
    sent = []
    for word in ("OFF", "ON", "ON", "ON"):
        cord.hear("tele/bath/SENSOR", {"Switch1": word}, after=300)
        sent += [(one.kind, one.value) for one in cord.kept]
    assert sent == [(Kind.BUTTON, SOS)]


def test_a_mat_and_a_detector_on_inputs() -> None:
    house = ear({"bed/Switch1": {"role": "bed"}, "hall/Switch1": {"role": "motion"}})
    assert values(house.hear("tele/bed/SENSOR", {"Switch1": "ON"})) == {Kind.BED: 1}
    assert values(house.hear("stat/hall/RESULT", {"Switch1": {"Action": "ON"}})) == {Kind.MOTION: 1}


def test_a_button_is_pressed_whatever_the_word() -> None:
    told = ear().hear("stat/desk/RESULT", {"Button1": {"Action": "QUINTUPLE"}})
    assert values(told) == {Kind.BUTTON: OK}


def test_attached_and_bluetooth_sensors_are_sensors_of_their_own() -> None:
    told = ear().hear(
        "tele/node/SENSOR",
        {
            "SI7021": {"Temperature": 68.0, "Humidity": 40.5, "DewPoint": 9.1},
            "ATC-0a1b2c": {"Temperature": 77.0, "Humidity": 50, "Battery": 2},
            "ESP32": {"Temperature": 120},
            "TempUnit": "F",
        },
    )
    assert by_sensor(told) == {
        "node:SI7021": {Kind.TEMPERATURE: 20, Kind.HUMIDITY: 40.5},
        "ATC-0a1b2c": {Kind.TEMPERATURE: 25, Kind.HUMIDITY: 50, Kind.BATTERY: 2},
    }
    assert set(told.alive) == {"node", "node:SI7021", "ATC-0a1b2c"}


def test_a_tag_that_is_not_heard_any_more_is_no_absence() -> None:
    house = ear()
    near = {"IBEACON": {"MAC": "C0FFEE001122", "RSSI": -60, "STATE": "ON"}}
    house.hear("tele/node/SENSOR", near)
    assert [(one.sensor, one.kind, one.value) for one in house.kept] == [("C0FFEE001122", Kind.PRESENCE, 1)]
    house.hear("tele/node/SENSOR", {"IBEACON": near["IBEACON"] | {"STATE": "OFF"}})
    assert house.kept == []


@pytest.mark.parametrize(
    ("body", "kind", "value"),
    [
        ({"Occupancy": 1}, Kind.MOTION, 1),
        ({"Contact": 1, "ZoneStatusChange": 1}, Kind.CONTACT, 1),
        ({"Contact": 0}, Kind.CONTACT, 0),
        ({"Water": 1}, Kind.LEAK, 1),
        ({"Fire": 0}, Kind.SMOKE, 0),
        ({"CO": 1}, Kind.CO, 1),
        ({"PersonalAlarm": 1}, Kind.BUTTON, SOS),
        ({"Movement": 1}, Kind.VIBRATION, 1),
        ({"AqaraVibrationMode": "drop"}, Kind.VIBRATION, 1),
        ({"LockState": 2}, Kind.LOCK, 0),
        ({"LockState": 1}, Kind.LOCK, 1),
        ({"Click": "double"}, Kind.BUTTON, OK),
        ({"0006!02": ""}, Kind.BUTTON, OK),
        ({"0501!02": ""}, Kind.BUTTON, SOS),
        ({"0006!42": "00B4000000", "Power": 1}, Kind.MOTION, 1),
        ({"ActivePower": 35}, Kind.POWER, 35),
        ({"Temperature": 19.5, "Humidity": 55}, Kind.TEMPERATURE, 19.5),
        ({"BatteryPercentage": 40}, Kind.BATTERY, 40),
    ],
)
def test_what_a_zigbee_attribute_means(body: dict[str, Any], kind: Kind, value: float) -> None:
    told = ear().hear("tele/bridge/SENSOR", zigbee(body))
    assert by_sensor(told)["0x4A1C"] == {kind: value, Kind.LINK_QUALITY: 70} | (
        {Kind.HUMIDITY: 55.0} if "Humidity" in body else {}
    )


def test_a_door_heard_by_bluetooth_has_no_known_sense() -> None:
    told = ear().hear("tele/node/SENSOR", {"MCCGQ02-0a0b0c": {"Door": 1, "Battery": 90}})
    assert values(told) == {Kind.BATTERY: 90}


@pytest.mark.parametrize(
    ("topic", "body"),
    [
        ("tele/bridge/SENSOR", {"ZbReceived": {"0x11": {"Device": "0x11", "Contact": 1}}}),
        ("tele/bridge/11/SENSOR", {"ZbReceived": {"Device": "0x11", "Contact": 1}}),
        ("tele/bridge/ZbReceived/SENSOR", {"0x11": {"Device": "0x11", "Contact": 1}}),
        ("tele/bridge/SENSOR", {"ZigbeeReceived": {"0x11": {"Contact": 1}}}),
    ],
)
def test_a_zigbee_device_is_found_wherever_the_options_put_it(topic: str, body: dict[str, Any]) -> None:
    assert by_sensor(ear().hear(topic, body)) == {"0x11": {Kind.CONTACT: 1}}


@pytest.mark.parametrize("body", [{"Power": 1}, {"LockState": 0}, {"Power": 1, "Temperature": 44}, {"Illuminance": 9}])
def test_what_a_zigbee_attribute_does_not_mean(body: dict[str, Any]) -> None:
    assert values(ear().hear("tele/bridge/SENSOR", zigbee(body))) == {Kind.LINK_QUALITY: 70}


def test_what_a_bridge_only_remembers_is_never_sent_and_no_sign_of_life() -> None:
    house = ear()
    told = house.hear("tele/b/SENSOR", {"ZbInfo": {"Loo": {"Name": "Loo", "Temperature": 21, "LastSeen": 900}}})
    assert values(told) == {Kind.TEMPERATURE: 21}
    assert house.kept == []
    assert "Loo" not in told.alive


def test_a_retained_report_is_no_news() -> None:
    house = ear({"hall/Switch1": {"role": "door"}})
    told = house.hear("tele/hall/SENSOR", {"Switch1": "ON"}, retained=True)
    assert (house.kept, told.alive) == ([], ())
    house.hear("tele/hall/SENSOR", {"Switch1": "ON"})
    assert [one.value for one in house.kept] == [1]


def test_a_node_that_sleeps_is_not_gone_each_time_it_does() -> None:
    house = ear()
    assert values(house.hear("tele/node/LWT", b"Offline")) == {Kind.AVAILABLE: 0}
    house.hear("tele/node/SENSOR", {"Time": "2026-03-02T11:59:00Z", "DeepSleep": {"Time": "x"}})
    assert values(house.hear("tele/node/LWT", b"Offline")) == {}


def test_a_zigbee_bridge_that_is_gone_speaks_for_its_devices_only() -> None:
    house = ear()
    heard = house.hear("tele/bridge/SENSOR", zigbee({"Occupancy": 1}))
    gone = house.hear("tele/bridge/LWT", b"Offline")
    assert gone.bridge is False
    assert gone.by == heard.by != house.hear("tele/plug/STATE", {"POWER": "ON"}).by


def test_an_ignored_device_says_nothing() -> None:
    house = ear({"0x4A1C": {"ignore": True}, "plug": {"ignore": True}})
    assert house.hear("tele/bridge/SENSOR", zigbee({"Occupancy": 1})).facts == ()
    assert house.hear("tele/plug/STATE", {"POWER": "ON"}).alive == ()
