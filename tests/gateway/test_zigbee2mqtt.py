"""What Zigbee2MQTT's messages say, and what they only seem to say."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.adapters import Message, Sort, Told
from gateway.adapters.vocabulary import device_time
from gateway.adapters.zigbee2mqtt import Zigbee2Mqtt
from gateway.devices import DeviceTable
from gateway.ids import fitting_id
from gateway.messages import BUTTON_VALUE, Button, Kind
from gateway.sieve import Sieve
from tests.gateway.ear import Ear

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
IEEE = "0x00158d00aa11bb22"


class House:
    """An adapter that is told messages one second apart."""

    def __init__(self, table: dict[str, Any] | None = None) -> None:
        self.adapter = Zigbee2Mqtt(table=DeviceTable.model_validate(table or {}))
        self.now = NOON

    def hear(self, rest: str, payload: Any, *, retained: bool = False, after: float = 1) -> Told:
        self.now += timedelta(seconds=after)
        raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        return self.adapter.hear(Message(f"zigbee2mqtt/{rest}", raw, retained, self.now))

    def knows(self, name: str, *exposes: dict[str, Any], model: str = "M-1", **more: Any) -> None:
        entry = {"friendly_name": name, "ieee_address": IEEE, "type": "EndDevice", **more}
        self.hear("bridge/devices", [entry | {"definition": {"model": model, "exposes": list(exposes)}}], retained=True)


def values(told: Told, *, plausible: bool = True) -> dict[Kind, float]:
    return {fact.kind: fact.value for fact in told.facts if fact.plausible is plausible}


@pytest.mark.parametrize(
    ("payload", "kind", "value"),
    [
        ({"contact": True}, Kind.CONTACT, 0),
        ({"contact": False}, Kind.CONTACT, 1),
        ({"presence": True}, Kind.PRESENCE, 1),
        ({"smoke": True}, Kind.SMOKE, 1),
        ({"carbon_monoxide": True}, Kind.CO, 1),
        ({"water_leak": True}, Kind.LEAK, 1),
        ({"tamper": False}, Kind.TAMPER, 0),
        ({"battery": "99.50"}, Kind.BATTERY, 99.5),
        ({"battery_low": True}, Kind.BATTERY_LOW, 1),
        ({"power": 1980.5}, Kind.POWER, 1980.5),
        ({"energy": 1.25, "power": 3}, Kind.ENERGY, 1250),
        ({"temperature": 19.5}, Kind.TEMPERATURE, 19.5),
        ({"temperature": -1.25, "humidity": None}, Kind.TEMPERATURE, -1.25),
        ({"illuminance": 7000, "illuminance_lux": 5}, Kind.ILLUMINANCE, 5),
        ({"illuminance": 12}, Kind.ILLUMINANCE, 12),
        ({"lock_state": "locked"}, Kind.LOCK, 1),
        ({"state": "UNLOCK"}, Kind.LOCK, 0),
        ({"action": "manual_unlock"}, Kind.LOCK, 0),
        ({"action": "tilt"}, Kind.VIBRATION, 1),
        ({"action": "emergency", "occupancy": False}, Kind.BUTTON, BUTTON_VALUE[Button.SOS]),
        ({"action": "single", "presence": True}, Kind.BUTTON, BUTTON_VALUE[Button.OK]),
        ({"panic": True}, Kind.BUTTON, BUTTON_VALUE[Button.SOS]),
        ({"fall_down_status": "fall", "presence": True}, Kind.FALL, 1),
        ({"battery_state": "low"}, Kind.BATTERY_LOW, 1),
        ({"door_state": "open", "lock_state": "unlocked"}, Kind.CONTACT, 1),
        ({"local_temperature": 18.5, "system_mode": "heat"}, Kind.TEMPERATURE, 18.5),
        ({"consumption": 2.5}, Kind.ENERGY, 2500),
        ({"linkquality": 80}, Kind.LINK_QUALITY, 80),
    ],
)
def test_what_a_property_means(payload: dict[str, Any], kind: Kind, value: float) -> None:
    assert values(House().hear("thing", payload))[kind] == value


@pytest.mark.parametrize(
    ("payload", "kind"),
    [
        ({"contact": True, "device_temperature": 30}, Kind.TEMPERATURE),
        ({"power": 5, "temperature": 40, "state": "ON"}, Kind.TEMPERATURE),
        ({"water_leak": False, "temperature": 27}, Kind.TEMPERATURE),
        ({"battery": None, "voltage": 2900}, Kind.BATTERY),
        ({"child_lock": "UNLOCK", "state": "ON"}, Kind.LOCK),
        ({"action": "lock_failure_invalid_pin_or_id"}, Kind.LOCK),
        ({"action": "manual_unlock", "lock_state": "locked", "state": "LOCK"}, Kind.LOCK),
        ({"action": ""}, Kind.BUTTON),
        ({"action": None}, Kind.BUTTON),
        ({"state": "ON", "voltage": 230}, Kind.POWER),
        ({"temperature": "warm"}, Kind.TEMPERATURE),
        ({"temperature": 14, "soil_moisture": 30}, Kind.TEMPERATURE),
        ({"action": "region_1_enter", "presence": True}, Kind.BUTTON),
        ({"action": "triple_strike", "vibration": True}, Kind.BUTTON),
        ({"action": "keypad_unlock", "action_user": 3}, Kind.BUTTON),
        ({"fall_down_status": "maybe_fall"}, Kind.FALL),
        ({"window": "OPEN", "current_heating_setpoint": 20}, Kind.CONTACT),
        ({"state": "OPEN", "position": 100}, Kind.CONTACT),
        ({"temperature": True}, Kind.TEMPERATURE),
        ({"contact": "maybe"}, Kind.CONTACT),
    ],
)
def test_what_a_property_does_not_mean(payload: dict[str, Any], kind: Kind) -> None:
    assert kind not in values(House().hear("thing", payload))


@pytest.mark.parametrize("payload", [{"humidity": 640}, {"temperature": -100}, {"battery": 255}, {"power": -4}])
def test_a_value_that_cannot_be_is_flagged(payload: dict[str, Any]) -> None:
    told = House().hear("thing", payload)
    assert values(told) == {}
    assert len(values(told, plausible=False)) == 1


def test_a_retained_message_is_no_event_and_no_sign_of_life() -> None:
    told = House().hear("front", {"contact": False}, retained=True)
    assert Sieve().keep(told.facts) == []
    assert told.alive == ()


@pytest.mark.parametrize(("payload", "up"), [({"state": "online"}, True), ({"state": "offline"}, False)])
def test_the_bridge_says_whether_it_is_there(payload: dict[str, str], up: bool) -> None:
    house = House()
    assert house.hear("bridge/state", payload, retained=True).bridge is up
    assert house.hear("bridge/state", payload["state"].encode()).bridge is up


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("zigbee2mqtt-flat2/door", {"contact": False}),
        ("flat2/hall/door", {"contact": False, "linkquality": 90}),
        ("flat2/hall/door", {"contact": False, "device_temperature": 22}),
    ],
)
def test_a_base_topic_that_nobody_told_is_known_by_what_is_sent(topic: str, payload: dict[str, Any]) -> None:
    ear = Ear(Zigbee2Mqtt())
    assert values(ear.hear(topic, payload))[Kind.CONTACT] == 1


def test_another_base_is_known_by_its_bridge_and_has_devices_of_its_own() -> None:
    ear = Ear(Zigbee2Mqtt())
    device = {"friendly_name": "hall/door", "ieee_address": IEEE, "type": "EndDevice"}
    ear.hear("home/flat2/bridge/devices", [device], retained=True)
    assert ear.hear("home/flat2/hall/door", {"contact": False}).alive == (IEEE,)
    assert ear.hear("zigbee2mqtt/hall/door", {"contact": False}).alive == (fitting_id("hall/door"),)


def test_what_is_of_no_known_form_is_left_to_others() -> None:
    assert not Zigbee2Mqtt().owns(Message("flat2/hall/door", b'{"contact": false}', retained=False, at=NOON))


def test_a_device_that_is_called_like_an_attribute_is_one() -> None:
    told = House().hear("hall/contact", {"contact": False, "battery": 80})
    assert values(told) == {Kind.CONTACT: 1, Kind.BATTERY: 80}


def test_a_device_is_known_by_its_address_and_by_a_fitting_name_without_one() -> None:
    house = House()
    house.knows("Küche/Tür")
    assert house.hear("Küche/Tür", {"contact": True}).alive == (IEEE,)
    assert house.hear("plain-name", {"contact": True}).alive == ("plain-name",)
    assert fitting_id("Küche") != fitting_id("Kuche")
    inside = {"contact": True, "device": {"ieeeAddr": "0x00158d0000000009"}}
    assert house.hear("elsewhere", inside).alive == ("0x00158d0000000009",)


@given(st.text(min_size=1, max_size=300))
def test_any_name_becomes_an_id_of_the_contract(name: str) -> None:
    assert fitting_id(fitting_id(name)) == fitting_id(name)


def test_attribute_topics_say_the_same_as_a_snapshot() -> None:
    house = House()
    house.knows("Hall/lamp plug")
    assert values(house.hear("Hall/lamp plug/power", b"12.5")) == {Kind.POWER: 12.5}
    assert values(house.hear("Unknown thing/contact", b"false")) == {Kind.CONTACT: 1}
    assert house.hear("Unknown thing/contact", b"false").alive == (fitting_id("Unknown thing"),)
    assert house.hear("Hall/lamp plug/set", {"state": "ON"}).alive == (), "a command is no word of the device"


def test_groups_are_no_devices() -> None:
    house = House()
    house.hear("bridge/groups", [{"friendly_name": "all lamps"}], retained=True)
    assert house.hear("all lamps", {"state": "ON"}).alive == ()


def test_availability_is_the_word_of_the_bridge() -> None:
    house = House()
    offline = house.hear("front/availability", {"state": "offline"})
    assert values(offline) == {Kind.AVAILABLE: 0}
    assert offline.alive == ()
    assert values(house.hear("front/availability", b"online")) == {Kind.AVAILABLE: 1}
    assert Sieve().keep(house.hear("front/availability", b"online", retained=True).facts) == []


def presses(*told: Told) -> list[float]:
    return [fact.value for one in told for fact in one.facts if fact.kind is Kind.BUTTON]


def test_one_press_told_three_times_is_one_press() -> None:
    house = House()
    told = (
        house.hear("pendant", {"action": "sos", "battery": None}),
        house.hear("pendant", {"action": "", "battery": None}, after=0.05),
        house.hear("pendant/action", b"sos", after=0.05),
    )
    assert presses(*told) == [BUTTON_VALUE[Button.SOS]]


def test_holding_and_letting_go_is_one_press_and_a_later_one_another() -> None:
    house = House()
    assert presses(house.hear("b", {"action": "hold"}), house.hear("b", {"action": "release"})) == [1]
    assert presses(house.hear("b", {"action": "single"}, after=60)) == [1]
    assert presses(house.hear("b", {"action": "release"}, after=60)) == [1], "a lost hold: somebody pressed"


@pytest.mark.parametrize("word", ["emergency", "SOS", "panic", "button_1_sos", "emergency-single"])
def test_words_of_vendors_that_call_for_help(word: str) -> None:
    assert presses(House().hear("b", {"action": word})) == [BUTTON_VALUE[Button.SOS]]


@pytest.mark.parametrize("word", ["single", "button_1_double", "somersault", "cross", "isosceles", "rotate_clockwise"])
def test_any_other_word_still_means_that_somebody_pressed(word: str) -> None:
    assert presses(House().hear("b", {"click": word})) == [BUTTON_VALUE[Button.OK]]


def test_a_plain_button_can_be_made_to_call_for_help() -> None:
    house = House({"bedside": {"sensor": "bedside-button", "role": "sos"}, "desk": {"role": "cancel"}})
    told = house.hear("bedside", {"action": "single"})
    assert presses(told) == [BUTTON_VALUE[Button.SOS]]
    assert told.alive == ("bedside-button",)
    assert presses(house.hear("desk", {"action": "single"})) == [BUTTON_VALUE[Button.CANCEL]]


def test_the_table_inverts_ignores_and_names_by_address() -> None:
    house = House({IEEE: {"sensor": "back-door", "invert": True}, "telly": {"ignore": True}})
    house.knows("Back door")
    told = house.hear("Back door", {"contact": True})
    assert told.alive == ("back-door",)
    assert values(told) == {Kind.CONTACT: 1}
    assert house.hear("telly", {"state": "ON"}) == Told()


def test_a_mat_under_the_mattress_tells_of_the_bed_and_of_both_sides() -> None:
    house = House({"mat": {"role": "bed"}})
    lying, gone = house.hear("mat", {"contact": True}), house.hear("mat", {"contact": False})
    assert values(lying) == {Kind.BED: 1}
    assert values(gone) == {Kind.BED: 0}
    assert {fact.sort for fact in (*lying.facts, *gone.facts)} == {Sort.STATE}


def movement(told: Told) -> Sort:
    return next(fact.sort for fact in told.facts if fact.kind is Kind.MOTION)


def test_a_device_that_never_says_free_says_occupied_again_when_somebody_moves_again() -> None:
    house = House()
    house.knows("p1", model="RTCGQ14LM")
    assert movement(house.hear("p1", {"occupancy": True, "battery": 80})) is Sort.HELD_AGAIN
    assert movement(house.hear("unknown", {"occupancy": True, "battery": 80})) is Sort.HELD_AGAIN


def test_a_repeated_occupied_is_no_movement_if_something_else_made_the_message() -> None:
    house = House()
    house.hear("pir", {"occupancy": True, "battery": 80})
    assert movement(house.hear("pir", {"occupancy": True, "battery": 79})) is Sort.HELD
    house.hear("pir", {"occupancy": False, "battery": 79})
    assert movement(house.hear("pir", {"occupancy": True, "battery": 79})) is Sort.HELD


def test_exposes_tell_units_words_and_mains() -> None:
    house = House()
    house.knows(
        "oven",
        {"property": "energy", "unit": "Wh"},
        {"type": "specific", "features": [{"property": "smoke", "value_on": "ALARM", "value_off": "OK"}]},
        power_source="Mains (single phase)",
    )
    told = house.hear("oven", {"energy": 7, "smoke": "ALARM", "battery": 0})
    assert values(told) == {Kind.ENERGY: 7, Kind.SMOKE: 1}


def test_a_device_time_is_believed_only_within_two_minutes_before_the_arrival() -> None:
    def said(seconds: float) -> datetime:
        return device_time((NOON + timedelta(seconds=seconds)).isoformat(), NOON)

    assert said(-90) == NOON - timedelta(seconds=90)
    assert said(-121) == said(1) == said(-1e9) == NOON
    assert device_time("2026-03-02T12:59:30+01:00", NOON) == NOON - timedelta(seconds=30)
    assert device_time((NOON.timestamp() - 3) * 1000, NOON) == NOON - timedelta(seconds=3)
    nonsense: object
    for nonsense in (None, "", "yesterday", "2026-03-02T11:59:30", True, 1e300, [], NOON.timestamp()):
        assert device_time(nonsense, NOON) == NOON


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.text(max_size=8), inside, max_size=3),
    max_leaves=8,
)
NAMES = ["contact", "occupancy", "action", "battery", "last_seen", "energy", "state", "device", "temperature", "smoke"]


@given(
    leaf=st.sampled_from(
        ["bridge/devices", "bridge/groups", "bridge/state", "a", "a/availability", "a/action", "/", ""]
    ),
    body=st.dictionaries(st.sampled_from(NAMES), json_values) | json_values,
)
def test_no_message_however_odd_is_an_error(leaf: str, body: Any) -> None:
    house = House()
    house.hear(leaf, body)
    house.hear(leaf, [{"friendly_name": "a", "definition": body, "ieee_address": body}, body])


@given(st.binary(max_size=200))
def test_no_bytes_are_an_error(payload: bytes) -> None:
    House().hear("thing", payload)
    House().hear("bridge/devices", payload)


def test_deep_nesting_and_a_huge_number_are_survived() -> None:
    assert House().hear("thing", b"[" * 100_000).facts == ()
    assert House().hear("thing", b'{"power": 1' + b"0" * 5000 + b"}").facts == ()
