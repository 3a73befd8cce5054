"""What makes and models that were never tuned for have taught, integration by integration."""

from typing import Any

import pytest

from gateway.adapters import Message
from gateway.adapters.esphome import EspHome
from gateway.adapters.ha_template import MISSING, read_template
from gateway.adapters.homeassistant import HomeAssistant
from gateway.adapters.tasmota import Tasmota
from gateway.adapters.zigbee2mqtt import Zigbee2Mqtt
from gateway.messages import BUTTON_VALUE, Button, Kind
from tests.gateway.ear import NOON, Ear, values

OK = BUTTON_VALUE[Button.OK]


def zigbee(payload: Any, topic: str = "zigbee2mqtt/thing") -> dict[Kind, float]:
    return values(Ear(Zigbee2Mqtt()).hear(topic, payload))


@pytest.mark.parametrize("word", ["none", "idle", "unknown", "None", "region_3_enter", "lock", "triple_strike"])
def test_an_action_that_nobody_pressed_is_no_button(word: str) -> None:
    assert Kind.BUTTON not in zigbee({"action": word, "linkquality": 40})
    assert Kind.BUTTON not in zigbee(word.encode(), "zigbee2mqtt/thing/action")


@pytest.mark.parametrize("word", ["off", "toggle", "1_short_release", "fall", "arm_all_zones", "dial_rotate_left"])
def test_an_action_that_says_off_or_falls_is_still_a_press(word: str) -> None:
    assert zigbee({"action": word})[Kind.BUTTON] == OK


@pytest.mark.parametrize("other", ["contact", "smoke", "vibration", "occupancy", "presence"])
def test_a_thermometer_shows_itself_by_tenths_where_a_chip_has_whole_degrees(other: str) -> None:
    assert zigbee({other: False, "temperature": 19.8})[Kind.TEMPERATURE] == 19.8
    assert Kind.TEMPERATURE not in zigbee({other: False, "temperature": 26})


@pytest.mark.parametrize("other", ["power", "device_temperature", "water_leak", "gas", "soil_moisture"])
def test_a_relay_a_pipe_or_a_plant_pot_is_not_the_room(other: str) -> None:
    assert Kind.TEMPERATURE not in zigbee({other: 1, "temperature": 31.96})


@pytest.mark.parametrize(("word", "shut"), [("keypad unlocked", 0), ("manual locked", 1), ("auto_lock", 1)])
def test_a_lock_may_say_it_in_the_past_tense(word: str, shut: float) -> None:
    assert zigbee({"action": word}) == {Kind.LOCK: shut}


@pytest.mark.parametrize(
    ("payload", "kind", "value"),
    [
        ({"smoke_state": "alarm"}, Kind.SMOKE, 1),
        ({"smoke_state": "normal"}, Kind.SMOKE, 0),
        ({"co_state": "alarm", "co": 40}, Kind.CO, 1),
        ({"gas_state": "normal"}, Kind.GAS, 0),
        ({"battery_state": "middle"}, Kind.BATTERY_LOW, 0),
    ],
)
def test_an_alarm_may_be_a_word(payload: dict[str, Any], kind: Kind, value: float) -> None:
    assert zigbee(payload)[kind] == value


@pytest.mark.parametrize("word", ["detecting", "unknown", "self_test", ""])
def test_a_word_that_is_no_alarm_says_nothing(word: str) -> None:
    assert zigbee({"smoke_state": word}) == {}


@pytest.mark.parametrize(("word", "there"), [("none", 0), ("absence", 0), ("presence", 1), ("Moving", 1)])
def test_a_radar_may_tell_presence_in_words_alone(word: str, there: int) -> None:
    assert zigbee({"presence_state": word}) == {Kind.PRESENCE: there}
    assert zigbee({"presence_state": word, "occupancy": True}) == {Kind.MOTION: 1}
    assert zigbee({"state": word}) == {}


@pytest.mark.parametrize("word", ["sensor_close", "", "true"])
def test_a_word_of_a_radar_that_is_not_known_is_not_guessed(word: str) -> None:
    assert zigbee({"presence_state": word}) == {}


def test_a_radar_that_lists_its_words_may_call_them_its_state() -> None:
    exposes = [{"type": "enum", "property": "state", "values": ["none", "presence", "move"]}]
    devices = [{"friendly_name": "thing", "type": "Router", "definition": {"exposes": exposes}}]
    ear = Ear(Zigbee2Mqtt())
    ear.hear("zigbee2mqtt/bridge/devices", devices)
    assert values(ear.hear("zigbee2mqtt/thing", {"state": "move"}))[Kind.PRESENCE] == 1
    assert values(ear.hear("zigbee2mqtt/thing", {"state": "none"}))[Kind.PRESENCE] == 0


def test_a_cube_in_a_hand_uses_no_power() -> None:
    assert Kind.POWER not in zigbee({"action": "rotate_right", "battery": 100, "power": 5491})


@pytest.mark.parametrize("leaf", ["log", "event", "logging", "health"])
def test_what_the_bridge_writes_about_itself_is_its_own_under_any_base_topic(leaf: str) -> None:
    told = Ear(Zigbee2Mqtt()).hear(f"home/bridge/{leaf}", {"type": "x", "message": '{"smoke":true}'})
    assert told.described
    assert told.facts == ()


@pytest.mark.parametrize("attribute", ["gas", "panic", "fall_down_status"])
def test_an_alarm_on_a_topic_of_its_own_is_heard(attribute: str) -> None:
    word = b"fall" if attribute == "fall_down_status" else b"true"
    assert zigbee(word, f"zigbee2mqtt/kitchen/{attribute}")


@pytest.mark.parametrize(
    ("template", "message", "value"),
    [
        ("{{ value_json.value == 2 }}", {"value": 2}, True),
        ("{{ value_json.value == 2 }}", {"value": 0}, False),
        ("{{ value_json.state != 'shut' }}", {"state": "open"}, True),
        ("{{ 'ON' if value_json.door == \"open\" else 'OFF' }}", {"door": "open"}, "ON"),
        ("{{ 'ON' if value_json['a'].b == 1 else 'OFF' }}", {"a": {"b": 0}}, "OFF"),
        ("{{ value_json.value == 2 }}", {"other": 2}, MISSING),
    ],
)
def test_a_template_may_ask_whether_a_value_is_this_one(template: str, message: Any, value: object) -> None:
    read = read_template(template)
    assert read is not None
    assert read.render("", message) == value


@pytest.mark.parametrize("template", ["{{ value_json.a == value_json.b }}", "{{ value_json.a > 2 }}", "{{ a == 2 }}"])
def test_a_template_that_asks_more_is_not_read(template: str) -> None:
    assert read_template(template) is None


def test_an_entity_whose_class_is_enum_may_be_a_button() -> None:
    house = Ear(HomeAssistant())
    config = {"state_topic": "r/1", "device_class": "enum", "value_template": "{{ value_json.action }}"}
    house.hear("homeassistant/sensor/r/action/config", config, retained=True)
    assert values(house.hear("r/1", {"action": "off"})) == {Kind.BUTTON: OK}
    assert values(house.hear("r/1", {"action": "manual_unlock"})) == {}
    assert values(house.hear("r/1", {"action": ""})) == {}


def test_whether_a_device_is_there_is_not_read_by_the_template_of_its_value() -> None:
    house = Ear(HomeAssistant())
    config = {
        "~": "mat/1",
        "avty_t": "~/online",
        "stat_t": "~/state",
        "dev_cla": "occupancy",
        "dev": {"ids": ["mat-1"]},
    }
    house.hear("homeassistant/binary_sensor/m/1/config", config | {"val_tpl": "{{ value_json.bed }}"}, retained=True)
    assert values(house.hear("mat/1/online", b"offline")) == {Kind.AVAILABLE: 0}
    assert values(house.hear("mat/1/state", {"bed": "ON"})) == {Kind.MOTION: 1}


def test_an_entity_with_a_template_that_is_not_read_shows_that_its_device_is_alive() -> None:
    house = Ear(HomeAssistant())
    device = {"device": {"identifiers": ["n13"]}}
    words = device | {"state_topic": "z/heat", "value_template": "{{ {0: 'idle', 2: 'hot'}[value_json.value] }}"}
    house.hear("homeassistant/sensor/n13/heat/config", words, retained=True)
    action = device | {"state_topic": "z/action", "value_template": "{{ value_json.action }}"}
    house.hear("homeassistant/sensor/n13/action/config", action, retained=True)
    assert house.hear("z/heat", {"value": 2}).alive == ("n13",)
    assert [fact.sensor for fact in house.hear("z/action", {"action": "single"}).facts] == ["n13"]


def test_a_thermostat_of_esphome_tells_the_room_and_not_what_is_wanted() -> None:
    house = Ear(EspHome())
    assert values(house.hear("heat/climate/hall/current_temperature/state", b"20.5")) == {Kind.TEMPERATURE: 20.5}
    assert values(house.hear("heat/climate/hall/target_temperature/state", b"23.0")) == {}
    assert values(house.hear("heat/climate/hall/mode/state", b"heat")) == {}


def test_rubbish_on_a_discovery_topic_is_nobodys_state() -> None:
    told = Ear(HomeAssistant()).hear("homeassistant/binary_sensor/x/config", b"not json")
    assert told.described
    assert told.facts == ()


def test_an_older_tasmota_tells_its_buttons_on_topics_of_their_own() -> None:
    assert values(Ear(Tasmota()).hear("stat/hall/BUTTON1", {"ACTION": "DOUBLE"})) == {Kind.BUTTON: OK}
    assert values(Ear(Tasmota()).hear("stat/hall/BUTTON1", b"ON")) == {}


@pytest.mark.parametrize(
    ("topic", "body"),
    [
        ("tele/zb/207F/SENSOR", {"0x207F": {"Device": "0x207F", "Power": 1, "Contact": 1, "Endpoint": 1}}),
        ("tele/zb/SENSOR", {"Time": "2026-03-02T12:00:00", "door": {"Device": "0x207F", "Name": "door", "Contact": 1}}),
        ("tele/zb/door/SENSOR", {"Device": "0x207F", "Name": "door", "Contact": 1, "Endpoint": 1}),
        ("tele/zb/207F/ZbReceived", {"0x207F": {"Device": "0x207F", "Contact": 1}}),
        ("tele/zb/207F/ZBRECEIVED", {"Device": "0x207F", "Contact": 1}),
    ],
)
def test_a_zigbee_device_without_its_wrapping_is_still_one(topic: str, body: dict[str, Any]) -> None:
    assert values(Ear(Tasmota()).hear(topic, body)) == {Kind.CONTACT: 1}


def test_what_a_zigbee_bridge_answers_is_no_device() -> None:
    answer = {"ZbResponse": {"Device": "0x5ADF", "Name": "lamp", "Command": "0004!04", "Status": 0, "Endpoint": 1}}
    assert Ear(Tasmota()).hear("tele/zb/SENSOR", answer).facts == ()


def test_a_clamp_around_a_wire_is_a_meter() -> None:
    clamp = {"CTEnergy1": {"Energy": 0.5, "Power": 2300, "Voltage": 230, "Current": 10}}
    assert values(Ear(Tasmota()).hear("tele/a/SENSOR", {"ANALOG": clamp})) == {Kind.POWER: 2300, Kind.ENERGY: 500}
    two = {"CTEnergy1": {"Energy": 1, "Power": 1}, "CTEnergy2": {"Energy": 1, "Power": 1}}
    assert values(Ear(Tasmota()).hear("tele/a/SENSOR", {"ANALOG": two})) == {}


def test_a_valve_heard_by_bluetooth_shows_only_that_it_is_alive() -> None:
    valve = {"MAC": "001A22000001", "temp": 21.0, "window": "open", "state": "unlocked", "battery": "GOOD"}
    told = Ear(Tasmota()).hear("stat/ble/EQ3/001A22000001", valve)
    assert told.facts == ()
    assert told.alive


@pytest.mark.parametrize(
    ("first", "kind"),
    [({"Water": 0}, Kind.LEAK), ({"ZoneType": 42}, Kind.LEAK), ({"ZoneType": 40}, Kind.SMOKE), ({"CO": 0}, Kind.CO)],
)
def test_a_bare_alarm_behind_tasmota_is_what_the_device_has_told_of_before(first: dict[str, int], kind: Kind) -> None:
    house = Ear(Tasmota())
    house.hear("tele/zb/SENSOR", {"ZbReceived": {"0x898E": first | {"LinkQuality": 90}}})
    alarm = {"ZbReceived": {"0x898E": {"0500<00": "010000FF0000", "ZoneStatusChange": 1}}}
    assert values(house.hear("tele/zb/SENSOR", alarm)) == {kind: 1}
    assert [one.kind for one in house.kept] == [kind]
    clear = {"ZbReceived": {"0x898E": {"ZoneStatusChange": 0}}}
    assert values(house.hear("tele/zb/SENSOR", clear)) == {kind: 0}


def test_an_alarm_of_unknown_sort_is_not_guessed() -> None:
    told = Ear(Tasmota()).hear("tele/zb/SENSOR", {"ZbReceived": {"0xAA75": {"ZoneStatusChange": 1}}})
    assert told.facts == ()
    assert told.unread
    assert not Zigbee2Mqtt().owns(Message("tele/zb/SENSOR", b"{}", False, NOON))  # noqa: FBT003 (not retained)


ODD = [
    None,
    -1,
    2,
    255,
    1e308,
    3.7,
    "",
    "NaN",
    "ÄÖ",
    "a/b",
    "unknown",
    "12,5",
    [],
    [True],
    {},
    {"state": "ON"},
    "x" * 5000,
]
EVENTS = [
    "contact",
    "occupancy",
    "presence",
    "smoke",
    "water_leak",
    "gas",
    "carbon_monoxide",
    "vibration",
    "tamper",
    "sos",
]


@pytest.mark.parametrize("odd", ODD, ids=lambda odd: str(odd)[:12])
@pytest.mark.parametrize("name", [*EVENTS, "lock_state", "fall_down_status", "smoke_state", "temperature", "battery"])
def test_an_oddly_typed_value_is_no_event(name: str, odd: object) -> None:
    house = Ear(Zigbee2Mqtt())
    house.hear("zigbee2mqtt/thing", {name: odd, "linkquality": 3})
    assert not {one.kind for one in house.kept} - {Kind.LINK_QUALITY, Kind.TEMPERATURE, Kind.BATTERY}


@pytest.mark.parametrize("word", ["on", "alarm", "detected", "home", "none", "clear"])
def test_a_contact_that_does_not_say_which_way_is_not_guessed(word: str) -> None:
    assert Kind.CONTACT not in zigbee({"contact": word})


def test_numbers_that_json_does_not_know_say_nothing_and_hide_nothing() -> None:
    raw = b'{"temperature": NaN, "battery": Infinity, "power": 1e999, "contact": false}'
    assert zigbee({"contact": False}) == {Kind.CONTACT: 1}
    assert values(Ear(Zigbee2Mqtt()).hear("zigbee2mqtt/thing", raw)) == {Kind.CONTACT: 1}
