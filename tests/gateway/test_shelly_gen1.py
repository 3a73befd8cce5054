"""What Shellys of the first generation say, and what they only seem to say."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.adapters import Message, Told, When
from gateway.adapters.shelly_gen1 import ShellyGen1
from gateway.devices import DeviceTable
from gateway.messages import BUTTON_VALUE, Button, Kind

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class House:
    def __init__(self, table: dict[str, Any] | None = None) -> None:
        self.adapter = ShellyGen1(DeviceTable.model_validate(table or {}))
        self.now = NOON

    def hear(self, rest: str, payload: Any, *, retained: bool = False, after: float = 5) -> Told:
        self.now += timedelta(seconds=after)
        raw = payload if isinstance(payload, str) else json.dumps(payload)
        return self.adapter.hear(Message(f"shellies/{rest}", raw.encode(), retained, self.now))


def values(told: Told) -> dict[Kind, float]:
    return {fact.kind: fact.value for fact in told.facts}


@pytest.mark.parametrize(
    ("rest", "payload", "kind", "value"),
    [
        ("shellydw2-AA11BB/sensor/state", "open", Kind.CONTACT, 1),
        ("shellydw2-AA11BB/sensor/state", "close", Kind.CONTACT, 0),
        ("shellydw2-AA11BB/sensor/vibration", "1", Kind.VIBRATION, 1),
        ("shellydw2-AA11BB/sensor/lux", "31", Kind.ILLUMINANCE, 31),
        ("shellyht-77CC88/sensor/temperature", "18.50", Kind.TEMPERATURE, 18.5),
        ("shellyht-77CC88/sensor/humidity", "61.0", Kind.HUMIDITY, 61),
        ("shellyflood-12AB34/sensor/flood", "true", Kind.LEAK, 1),
        ("shellysmoke-12AB34/sensor/smoke", "false", Kind.SMOKE, 0),
        ("shellyflood-12AB34/sensor/battery", "88", Kind.BATTERY, 88),
        ("shelly1pm-A1B2C3/relay/0/power", "1840.55", Kind.POWER, 1840.55),
        ("shellybulb-A1B2C3/color/0/status", {"ison": True, "temp": 4000, "power": 9.1}, Kind.POWER, 9.1),
        ("shelly1pm-A1B2C3/relay/0/energy", "1200", Kind.ENERGY, 20),
        ("shellyem-A1B2C3/emeter/0/total", "512.4", Kind.ENERGY, 512.4),
        ("shelly25-A1B2C3/roller/0/power", "95", Kind.POWER, 95),
        ("shellyix3-A1B2C3/input_event/0", {"event": "S", "event_cnt": 4}, Kind.BUTTON, BUTTON_VALUE[Button.OK]),
        ("shellybutton1-A1B2/input_event/0", {"event": "??", "event_cnt": 4}, Kind.BUTTON, BUTTON_VALUE[Button.OK]),
        ("shellymotionsensor-60/status", {"motion": True, "lux": 4, "bat": 71}, Kind.MOTION, 1),
        ("shellymotion2-58/info", {"lux": {"value": 9, "is_valid": True}}, Kind.ILLUMINANCE, 9),
        ("shellymotion2-58/info", {"tmp": {"value": 68, "units": "F", "is_valid": True}}, Kind.TEMPERATURE, 20),
        (
            "shellytrv-60/info",
            {"thermostats": [{"target_t": {"value": 22}, "tmp": {"value": 19.6, "units": "C", "is_valid": True}}]},
            Kind.TEMPERATURE,
            19.6,
        ),
        ("shelly1pm-A1/info", {"meters": [{"power": 7, "total": 60, "is_valid": True}]}, Kind.ENERGY, 1),
    ],
)
def test_what_a_topic_means(rest: str, payload: Any, kind: Kind, value: float) -> None:
    told = House().hear(rest, payload)
    assert values(told)[kind] == pytest.approx(value)
    assert told.alive == (rest.partition("/")[0],)


@pytest.mark.parametrize(
    ("rest", "payload"),
    [
        ("shelly1pm-A1B2C3/temperature", "61.2"),
        ("shelly1-A1B2C3/relay/0", "on"),
        ("shelly1-A1B2C3/input/0", "1"),
        ("shellygas-A1B2C3/sensor/gas", "heavy"),
        ("shellydw2-AA11BB/sensor/state", "unknown"),
        ("shellyem-A1B2C3/emeter/0/energy", "500"),
        ("shellymotion2-58/info", {"tmp": {"value": 41, "is_valid": True}, "lux": {"value": 30000}, "x": 1}),
    ],
)
def test_what_has_no_kind_or_no_sure_sense_says_nothing(rest: str, payload: Any) -> None:
    told = House().hear(rest, payload)
    assert {Kind.TEMPERATURE, Kind.CONTACT, Kind.CO, Kind.BUTTON, Kind.ENERGY}.isdisjoint(values(told))
    assert told.alive


def test_a_sleeping_battery_device_is_not_offline() -> None:
    house = House()
    assert values(house.hear("shellydw-F3/online", "true")) == {Kind.AVAILABLE: 1}
    assert house.hear("shellydw-F3/online", "false").facts == ()


def test_a_plug_that_is_cut_off_is_offline() -> None:
    house = House()
    house.hear("shellyplug-s-A1/relay/0/power", "3.1")
    gone = house.hear("shellyplug-s-A1/online", "false")
    assert values(gone) == {Kind.AVAILABLE: 0}
    assert gone.alive == ()


def test_a_press_that_is_repeated_with_each_report_is_one_press() -> None:
    house = House()
    first = house.hear("shellyix3-A1/input_event/0", {"event": "S", "event_cnt": 4})
    again = house.hear("shellyix3-A1/input_event/0", {"event": "S", "event_cnt": 4}, after=30)
    second = house.hear("shellyix3-A1/input_event/0", {"event": "S", "event_cnt": 5}, after=30)
    assert [len(told.facts) for told in (first, again, second)] == [1, 0, 1]


def test_a_button_without_a_press_since_its_start_has_not_been_pressed() -> None:
    assert House().hear("shellyix3-A1/input_event/0", {"event": "", "event_cnt": 0}).facts == ()


def test_each_channel_is_a_sensor_of_its_own() -> None:
    house = House({"shelly25-A1:1": {"sensor": "kettle"}})
    first = house.hear("shelly25-A1/relay/0/power", "4")
    second = house.hear("shelly25-A1/relay/1/power", "2000")
    assert [fact.sensor for fact in (*first.facts, *second.facts)] == ["shelly25-A1", "kettle"]


def test_movement_is_told_at_the_devices_own_time() -> None:
    then = NOON - timedelta(seconds=20)
    told = House().hear("shellymotionsensor-60/status", {"motion": True, "timestamp": then.timestamp()})
    assert [fact.at for fact in told.facts] == [then]


def test_a_retained_door_or_press_is_no_news() -> None:
    house = House()
    door = house.hear("shellydw-F3/sensor/state", "open", retained=True)
    press = house.hear("shellybutton1-A1/input_event/0", {"event": "L", "event_cnt": 2}, retained=True)
    assert [fact.when for fact in door.facts] == [When.REPLAYED]
    assert press.facts == ()
    assert door.alive == press.alive == ()


def test_a_command_to_a_device_is_no_word_of_it() -> None:
    assert House().hear("shelly1-A1/relay/0/command", "on") == Told()


def test_an_announcement_describes() -> None:
    house = House()
    assert house.hear("shellyht-77/announce", {"id": "shellyht-77", "mac": "AA"}).described
    assert house.hear("announce", {"id": "shellyht-77", "mac": "AA"}).described
