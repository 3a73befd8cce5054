"""What makes say in words of their own, and what stays unclear in them."""

from typing import Any

import pytest

from gateway.adapters.claims import Claim, Pressed
from gateway.adapters.lorawan import Devices, Uplink
from gateway.adapters.lorawan_fields import Decoded, decoded_fields
from gateway.devices import DeviceTable
from gateway.messages import BUTTON_VALUE, Button, Kind
from tests.gateway.ear import NOON, values

PRESS = "press"
RADIO_BRIDGE = {"protocolVersion": 1, "packetCounter": 5}
BROWAN = {"battery": 3.6, "temperatureBoard": 21, "count": 7, "time": 4}
SOS_EVENT = {"type": "Event Status", "measurementValue": [{"id": 7, "eventName": "SOS event"}]}
NEXELEC = {"typeOfProduct": "Origin+ LoRa", "smokeAlarmHush": "Smoke alarm stopped because no smoke anymore"}
NEWEST_FIRST = {"decodingInfo": "values: [t=0, t-1, t-2, ...]"}


def said(decoded: Decoded) -> dict[Kind | str, float]:
    claims = {one.kind: one.value for one in decoded.said if isinstance(one, Claim)}
    return claims | ({PRESS: 1.0} if any(isinstance(one, Pressed) for one in decoded.said) else {})


@pytest.mark.parametrize(
    ("model", "fields", "expected"),
    [
        ("TBDW100", BROWAN | {"status": 0}, {Kind.CONTACT: 0}),
        ("TBMS100", BROWAN | {"status": 1}, {Kind.MOTION: 1}),
        ("TBWL100", BROWAN | {"status": 1, "humidity": 40, "temperature": 22}, {Kind.LEAK: 1, Kind.TEMPERATURE: 22}),
        ("TBPB100", BROWAN | {"status": 1}, {PRESS: 1}),
        ("RBS-DWS", RADIO_BRIDGE | {"sensorState": 1}, {Kind.CONTACT: 1}),
        (None, RADIO_BRIDGE | {"waterPresent": True}, {Kind.LEAK: 1}),
        (None, RADIO_BRIDGE | {"buttonEvent": 0}, {PRESS: 1}),
        (None, RADIO_BRIDGE | {"button2Event": 2}, {PRESS: 1}),
        (None, RADIO_BRIDGE | {"tamperState": 0}, {Kind.TAMPER: 1}),
        (None, {"active_power": 7, "power_factor": 44, "power_consumption": 261}, {Kind.POWER: 7, Kind.ENERGY: 261}),
        (None, {"power_W": 1497, "energy_kWh": 5.5, "internalTemperature": 28}, {Kind.POWER: 1497, Kind.ENERGY: 5500}),
        (None, {"detection_status": "fall"}, {Kind.FALL: 1}),
        (None, {"detection_status": "in bed"}, {Kind.BED: 1, Kind.FALL: 0}),
        (None, {"detection_status": "out of bed"}, {Kind.BED: 0}),
        (None, {"detection_status": "vacant"}, {Kind.PRESENCE: 0}),
        (None, {"region_1": "vacant", "region_2": "occupied", "region_3": "vacant"}, {Kind.PRESENCE: 1}),
        (None, {"region_1": "vacant", "region_2": "vacant"}, {Kind.PRESENCE: 0}),
        (None, {"gas_status": "abnormal", "relay": "open"}, {Kind.GAS: 1}),
        (None, {"FireAlarm": "Alarm", "HighTempAlarm": "No alarm"}, {Kind.SMOKE: 1}),
        (None, {"FireAlarm": "No alarm"}, {Kind.SMOKE: 0}),
        (None, {"boxTamper": True, "flood": False, "battery": 3216}, {Kind.TAMPER: 1, Kind.LEAK: 0}),
        (None, {"sosFlag": 1, "temperatureMeasure": 25.3}, {Kind.BUTTON: BUTTON_VALUE[Button.SOS]}),
        (None, {"motion_event_state": 0, "motion_event_count": 3}, {Kind.MOTION: 0}),
        (None, {"smokeAlarm": "Normal", "testButtonPressed": "Pushed"}, {Kind.SMOKE: 0}),
        (None, {"batteryLevelInPercentage": 95}, {Kind.BATTERY: 95}),
        (None, {"batterylevle": "86%", "event_type": "sos_start"}, {Kind.BATTERY: 86, PRESS: 1}),
        (None, {"event": "water_leak_alert"}, {Kind.LEAK: 1}),
        (None, {"moisture": "Wet"}, {Kind.LEAK: 1}),
        (None, {"temperature_chn1": -18.4, "magnet_chn2": "opened"}, {Kind.CONTACT: 1}),
        ("TRACKERD", {"ALARM_status": "TRUE"}, {Kind.BUTTON: BUTTON_VALUE[Button.SOS]}),
        ("R718T", {"Alarm": 1}, {PRESS: 1}),
        (None, {"motion_event_state": 255, "mcu_temperature": 26.1}, {Kind.MOTION: 1}),
        (None, {"Water": True, "Moisture": True, "Dry": False}, {Kind.LEAK: 1}),
        (None, {"Water": False, "Moisture": False, "Dryness": True}, {Kind.LEAK: 0}),
        (None, {"sabotage_contact_state": {"unit": "string", "value": "IDLE"}}, {Kind.TAMPER: 0}),
        (None, {"heating_control": {"room_temperature": {"unit": "°C", "value": "20.5"}}}, {Kind.TEMPERATURE: 20.5}),
        (None, {"setpoint": 21, "window_open": True, "temperature": 20.1}, {Kind.TEMPERATURE: 20.1}),
        (None, {"temperature": 68, "temperature_unit": "F"}, {Kind.TEMPERATURE: 20}),
        (None, {"messages": [{"type": "upload_battery", "battery": 88}]}, {Kind.BATTERY: 88}),
        (None, {"messages": [{"measurementId": 4097, "measurementValue": 21.4}]}, {Kind.TEMPERATURE: 21.4}),
        (None, {"messages": [[SOS_EVENT, {"measurementId": "3000", "measurementValue": 96}]]}, {PRESS: 1}),
        (
            None,
            {"states": {"battery": "100%"}, "values": {"humidity": {"unit": "%", "value": 28}}},
            {Kind.BATTERY: 100},
        ),
        (None, {"batt_level": "87%", "event_type": "SOS Start"}, {Kind.BATTERY: 87, PRESS: 1}),
        (None, {"status": {"smokeAlarm": 1, "batteryLow": 0}}, {Kind.SMOKE: 1, Kind.BATTERY_LOW: 0}),
        (None, {"violation_detection": True}, {Kind.TAMPER: 1}),
        (None, {"TamperDetect": True, "DoorOpen": False}, {Kind.TAMPER: 1, Kind.CONTACT: 0}),
        (None, {"ext_reed_switch_state": "Magnet Absent"}, {Kind.CONTACT: 1}),
        (None, {"reed_state": "Magnet Present"}, {Kind.CONTACT: 0}),
        (None, {"button_pressed": "4", "byte_value": 52}, {PRESS: 1}),
        (None, {"Key_1": 0, "Key_2": 1}, {PRESS: 1}),
        (None, {"bytes": {"type": "Alarm", "alarm": "SOS"}}, {PRESS: 1}),
        (None, {"bytes": {"type": "Alarm", "alarm": "Fall"}}, {Kind.FALL: 1}),
        (None, {"type": "SOS Packet", "speedkmph": 0}, {PRESS: 1}),
        (
            None,
            {"header": {"sos": True, "batteryLevel": 94}},
            {Kind.BUTTON: BUTTON_VALUE[Button.SOS], Kind.BATTERY: 94},
        ),
        (None, {"temperature": "21.5℃", "humidity": "45%"}, {Kind.TEMPERATURE: 21.5, Kind.HUMIDITY: 45}),
        (None, {"temperature": "68 °F", "humidity": "45%"}, {Kind.TEMPERATURE: 20}),
        (None, {"x": 1, "y": 39, "z": 5, "occupancy": 2}, {Kind.MOTION: 1}),
        (None, {"IncenseSmokeAlarm": "Alarm", "HighSoundAlarm": "No Alarm"}, {Kind.SMOKE: 1}),
        (None, {"IncenseSmokeAlarm": "No Alarm", "HighSoundAlarm": "Alarm"}, {Kind.SMOKE: 0}),
        (None, {"real_power": 45.3, "apparent_power": 47}, {Kind.POWER: 45.3}),
        (None, {"luminosity": {"value": 120, "unit": "lux"}, "buttonPress": "Button pressed"}, {PRESS: 1}),
        (None, NEXELEC | {"smokeAlarm": "Local smoke Alarm activated"}, {Kind.SMOKE: 1}),
        (None, NEXELEC | {"smokeAlarm": "Smoke Alarm non-activated"}, {Kind.SMOKE: 0}),
        ("LHT65-PIR", {"Exti_status": "True", "TempC_SHT": 21}, {Kind.MOTION: 1}),
        (None, {"bytes": {"presenceDetectedWhenSending": True}}, {Kind.PRESENCE: 1}),
        (None, {"temperature": {"unit": "°C", "values": [19.7, 18.0]}} | NEWEST_FIRST, {Kind.TEMPERATURE: 19.7}),
    ],
)
def test_what_a_make_says_in_its_own_words(
    model: str | None, fields: dict[str, Any], expected: dict[Kind | str, float]
) -> None:
    assert expected.items() <= said(decoded_fields(fields, model)).items()


@pytest.mark.parametrize(
    "fields",
    [
        BROWAN | {"status": 1},  # of which model
        {"battery": 3},  # volts, as JavaScript writes 3.0
        RADIO_BRIDGE | {"batteryLevel": 3},
        RADIO_BRIDGE | {"sensorState": 1},
        {"historySeqNr": 65535, "door": {"value": True}},
        {"temperature": {"unit": "°C", "values": [19.7, 18.0]}},  # which one is now
        {"detection_status": "a new word"},
        {"targetTemperature": 21, "openWindow": True},
        {"co2": 900, "light_level": 2, "light_intensity": 3},
        {"event_type": "sos_stop"},
        {"button": "not pressed", "button_state": "released"},
        {"button": "unpressed"},
        {"press": 1012},
        {"action": "Close to 0% for 60 minutes and resume normal operation"},
        {"fall_detection": True, "smoke_detection": "on"},  # settings
        {"latitude": 52.1, "longitude": 4.3, "motion": True, "temperature": 31.5},
        {"setpoint": 21, "window_open": True},
        {"power": 1},
        {"battery": "3.05", "battery_level": 3.61},
        {"motion": 1532},
        {"hall_sensor_state": {"unit": "string", "value": "HIGH"}},
        {"messages": [[{"type": "Event Status", "measurementValue": [{"eventName": "Start moving event"}]}]]},
        {"messages": [3, None, [None, {"measurementId": [], "measurementValue": {}}]]},
        {"event": "heartbeat/button"},
        {"event": "smoke_test"},
        {"event": "leak_sensor_battery_low"},
        {"moisture": 30},
        {"status": {"temperature": 35}},
        {"button_pressed": "Unknown button value"},
        {"msgType": "SendBackLogMessage", "temperature": 23.7, "humidity": 61},
        {"Door_status": "OPEN", "EXTI_Trigger": "FALSE"},  # a pin nothing is on
        {"VibrationLevel": 0.2, "temperature": 25},  # of a machine
        {"idle_state": 0, "motion_state": 1},  # a tracker
        {"batteryPercentage": 0, "batteryVoltage": 0},  # it runs on the mains
        {"batteryCapacity": "80-100%"},
        {"ext_reed_switch_state": "Invalid"},
        {"buttonPress": "Button not pressed", "temperature": "Deconnected sensor"},
        {"Key_1": 0, "Key_2": 0},
        {"type": "SOS", "alarm": "Danger Area"},  # the kind of the device
        {"type": "Heartbeat", "alarm": "none", "wearState": "wear", "moveState": "3 Move"},
        {"gpsLong": 4.3, "gpsLat": 52.1, "temp": 10},
        {"posStatus": "NONE", "temp": 26},  # a tracker without a fix
        {"charging_status": "no charging", "device_mode": "Periodic", "device_status": "No", "temperature": "29°C"},
        {"smokeSensorStatus": "Smoke sensor ok", "smokeSensorActivation": "Smoke sensor activate"},
        {"switch_1": "open", "valve_1": "open", "relay": "open"},
        {"magnet": False, "valveState": False},
        {"temperature": "n/a", "humidity": None, "battery": "NaN", "door": [], "motion": {}, "leak": "?"},
    ],
)
def test_what_stays_unclear_stays_unsaid(fields: dict[str, Any]) -> None:
    assert said(decoded_fields(fields, None)) == {}


@pytest.mark.parametrize(
    ("counts", "moved"),
    [
        ([1532, 1532, 1534, 1534], [False, False, True, False]),  # ever since it was made
        ([3, 0, 2, 5], [False, False, True, True]),  # since the last message
        ([1532, 0, 4], [False, False, True]),  # begun anew
    ],
)
def test_a_counter_of_movements_tells_of_one_once_it_has_changed(counts: list[int], moved: list[bool]) -> None:
    devices = Devices(DeviceTable())
    told = [devices.hear(Uplink("a1", NOON, NOON, fields={"motion_count": count}, frame=count)) for count in counts]
    assert [values(one).get(Kind.MOTION) == 1 for one in told] == moved


def test_a_door_of_two_senses_is_told_once_somebody_has_said_which() -> None:
    fields = {"historySeqNr": 65535, "door": {"value": True}}
    assert said(decoded_fields(fields, None, sense_told=True)) == {Kind.CONTACT: 1}


def test_of_a_list_of_readings_the_newest_is_so_now_and_the_others_were() -> None:
    listed = [
        {"label": "temperature", "value": 20.5, "date": "2026-03-02T11:59:00Z"},
        {"label": "temperature", "value": 19.0, "date": "2026-03-02T11:50:00Z"},
        {"label": "humidity", "value": 40, "date": "2026-03-02T11:59:00Z"},
        {"value": 3},
        "nothing",
    ]
    decoded = decoded_fields({"data": listed}, None)
    assert said(decoded) == {Kind.TEMPERATURE: 20.5, Kind.HUMIDITY: 40}
    assert [(stamp, said(Decoded(one))) for stamp, one in decoded.records] == [
        ("2026-03-02T11:50:00Z", {Kind.TEMPERATURE: 19})
    ]


@pytest.mark.parametrize(
    ("hints", "fields", "button"),
    [
        (("Milesight WS101-SOS",), {"press": "short"}, Button.SOS),
        (("panic-button-hall",), {"press": "short"}, Button.SOS),
        (("Milesight WS101",), {"press": "short"}, Button.OK),
        ((), {"Device": "R312A", "Alarm": 1}, Button.SOS),
    ],
)
def test_a_press_of_what_is_sold_or_named_for_calling_help_is_a_call(
    hints: tuple[str, ...], fields: dict[str, Any], button: Button
) -> None:
    told = Devices(DeviceTable()).hear(Uplink("a1", NOON, NOON, fields=fields, hints=hints))
    assert values(told)[Kind.BUTTON] == BUTTON_VALUE[button]


def test_a_door_called_emergency_exit_calls_nobody() -> None:
    told = Devices(DeviceTable()).hear(Uplink("a1", NOON, NOON, fields={"door": "open"}, hints=("Emergency exit",)))
    assert values(told) == {Kind.CONTACT: 1}


def test_what_is_named_a_probe_tells_no_rooms_temperature() -> None:
    devices = Devices(DeviceTable())
    told = devices.hear(Uplink("e1", NOON, NOON, fields={"battery": 92, "temperature": 3.1}, hints=("em500-pt100",)))
    assert values(told) == {Kind.BATTERY: 92}
