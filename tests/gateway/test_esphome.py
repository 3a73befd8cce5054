"""What ESPHome nodes say, by the names that people give their entities."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.adapters import NOTHING, Message, Sort, Told, When
from gateway.adapters.esphome import EspHome
from gateway.devices import DeviceTable
from gateway.messages import BUTTON_VALUE, Button, Kind

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class House:
    def __init__(self, table: dict[str, Any] | None = None) -> None:
        self.adapter = EspHome(DeviceTable.model_validate(table or {}))
        self.now = NOON

    def hear(self, rest: str, payload: str, *, retained: bool = False) -> Told:
        self.now += timedelta(seconds=5)
        return self.adapter.hear(Message(f"flat/{rest}", payload.encode(), retained, self.now))


def values(told: Told) -> dict[Kind, float]:
    return {fact.kind: fact.value for fact in told.facts}


@pytest.mark.parametrize(
    ("rest", "payload", "kind", "value"),
    [
        ("binary_sensor/front_door/state", "ON", Kind.CONTACT, 1),
        ("binary_sensor/larder_door_contact/state", "OFF", Kind.CONTACT, 0),
        ("binary_sensor/window_closed/state", "ON", Kind.CONTACT, 0),
        ("binary_sensor/hall_motion/state", "ON", Kind.MOTION, 1),
        ("binary_sensor/under_bed_pir/state", "ON", Kind.MOTION, 1),
        ("binary_sensor/bed_presence/state", "OFF", Kind.BED, 0),
        ("binary_sensor/armchair/state", "ON", Kind.CHAIR, 1),
        ("binary_sensor/living_room_presence/state", "ON", Kind.PRESENCE, 1),
        ("binary_sensor/kitchen_smoke/state", "ON", Kind.SMOKE, 1),
        ("binary_sensor/sink_leak/state", "OFF", Kind.LEAK, 0),
        ("binary_sensor/call_button/state", "ON", Kind.BUTTON, BUTTON_VALUE[Button.OK]),
        ("binary_sensor/sos_cord/state", "ON", Kind.BUTTON, BUTTON_VALUE[Button.SOS]),
        ("binary_sensor/pill_box/state", "ON", Kind.MEDICATION, 3),
        ("sensor/bedroom_temperature/state", "18.4", Kind.TEMPERATURE, 18.4),
        ("sensor/bathroom_humidity/state", "71", Kind.HUMIDITY, 71),
        ("sensor/desk_lux/state", "120", Kind.ILLUMINANCE, 120),
        ("sensor/kettle_power/state", "1980.2", Kind.POWER, 1980.2),
        ("sensor/heater_power_kw/state", "1.5", Kind.POWER, 1500),
        ("sensor/total_energy_kwh/state", "2.5", Kind.ENERGY, 2500),
        ("sensor/battery_level/state", "80", Kind.BATTERY, 80),
        ("lock/front_door/state", "LOCKED", Kind.LOCK, 1),
        ("event/bedside_button/state", '{"event_type": "double_click"}', Kind.BUTTON, BUTTON_VALUE[Button.OK]),
    ],
)
def test_what_a_plain_name_says(rest: str, payload: str, kind: Kind, value: float) -> None:
    assert values(House().hear(rest, payload)) == {kind: pytest.approx(value)}


@pytest.mark.parametrize(
    ("rest", "payload"),
    [
        ("binary_sensor/gpio_4/state", "ON"),
        ("binary_sensor/doorbell/state", "ON"),
        ("binary_sensor/contact/state", "ON"),
        ("binary_sensor/smoke_leak/state", "ON"),
        ("binary_sensor/front_door/state", "unknown"),
        ("sensor/esp32_temperature/state", "52.1"),
        ("sensor/water_temperature/state", "45"),
        ("sensor/power_factor/state", "0.9"),
        ("sensor/energy_today/state", "3"),
        ("sensor/battery_voltage/state", "3.9"),
        ("sensor/battery/state", "3.9"),
        ("sensor/bedroom_temperature/state", "nan"),
        ("sensor/wifi_signal/state", "-61"),
        ("switch/kettle/state", "ON"),
        ("text_sensor/version/state", "2026.2"),
    ],
)
def test_what_a_name_does_not_say_is_not_guessed(rest: str, payload: str) -> None:
    told = House().hear(rest, payload)
    assert (told.facts, told.alive) == ((), ("flat",))


def test_a_node_is_one_chip_so_all_its_sensors_are_alive() -> None:
    house = House()
    house.hear("binary_sensor/front_door/state", "OFF")
    assert set(house.hear("sensor/wifi_signal/state", "-60").alive) == {
        "flat",
        house.adapter.nodes["flat"].popitem()[0],
    }


def test_two_doors_of_a_node_are_two_sensors_and_the_table_may_name_them() -> None:
    house = House({"flat/back_door": {"sensor": "back", "invert": True}})
    front, back = (house.hear(f"binary_sensor/{name}_door/state", "ON").facts[0] for name in ("front", "back"))
    assert (front.sensor, front.value) == ("flat.front_door", 1)
    assert (back.sensor, back.value) == ("back", 0)


def test_a_button_that_is_still_down_after_a_new_connection_is_not_pressed_again() -> None:
    house = House()
    told = [house.hear("binary_sensor/sos_button/state", word) for word in ("ON", "ON", "OFF", "ON")]
    assert [len(one.facts) for one in told] == [1, 0, 0, 1]


def test_a_movement_ends_by_a_timer() -> None:
    assert [fact.sort for fact in House().hear("binary_sensor/hall_motion/state", "OFF").facts] == [Sort.HELD]


def test_retained_states_are_no_news_and_no_press() -> None:
    house = House()
    door = house.hear("binary_sensor/front_door/state", "ON", retained=True)
    press = house.hear("binary_sensor/sos_button/state", "ON", retained=True)
    assert ([fact.when for fact in door.facts], door.alive) == ([When.REPLAYED], ())
    assert press == NOTHING
    assert house.hear("binary_sensor/sos_button/state", "ON").facts, "a live one counts"


def test_a_nodes_last_will_is_about_the_node() -> None:
    house = House()
    assert not house.adapter.owns(Message("flat/status", b"online", retained=False, at=NOON)), "nobody we know"
    house.hear("sensor/bedroom_temperature/state", "18")
    assert values(house.hear("status", "offline")) == {Kind.AVAILABLE: 0}
    assert house.hear("status", "offline").alive == ()
    assert "flat" in house.hear("status", "online").alive
