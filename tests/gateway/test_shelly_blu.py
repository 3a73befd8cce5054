"""What Shelly BLU devices say through the script of a Shelly."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.adapters import Message, Told, When
from gateway.adapters.shelly_blu import ShellyBlu
from gateway.devices import DeviceTable
from gateway.messages import BUTTON_VALUE, Button, Kind

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MAC = "7c:c6:b6:01:02:03"


class House:
    def __init__(self, table: dict[str, Any] | None = None) -> None:
        self.adapter = ShellyBlu(DeviceTable.model_validate(table or {}))
        self.now = NOON

    def hear(self, *, topic: str = "shelly/ble/hall", retained: bool = False, after: float = 5, **objects: Any) -> Told:
        self.now += timedelta(seconds=after)
        body = {"encryption": False, "BTHome_version": 2, "address": MAC, **objects}
        return self.adapter.hear(Message(topic, json.dumps(body).encode(), retained, self.now))


def values(told: Told) -> dict[Kind, float]:
    return {fact.kind: fact.value for fact in told.facts}


@pytest.mark.parametrize(
    ("objects", "kind", "value"),
    [
        ({"window": 1}, Kind.CONTACT, 1),
        ({"window": 0}, Kind.CONTACT, 0),
        ({"garage_door": 1}, Kind.CONTACT, 1),
        ({"motion": 1}, Kind.MOTION, 1),
        ({"moisture": 1}, Kind.LEAK, 1),
        ({"lock": 1}, Kind.LOCK, 0),
        ({"button": 4}, Kind.BUTTON, BUTTON_VALUE[Button.OK]),
        ({"button": [0, 0, 1, 0]}, Kind.BUTTON, BUTTON_VALUE[Button.OK]),
        ({"button": "never heard of"}, Kind.BUTTON, BUTTON_VALUE[Button.OK]),
        ({"dimmer": {"event": "rotate_left", "steps": 2}}, Kind.BUTTON, BUTTON_VALUE[Button.OK]),
        ({"temperature": [19.5, 40.0], "humidity": 50}, Kind.TEMPERATURE, 19.5),
        ({"illuminance": 12.5}, Kind.ILLUMINANCE, 12.5),
        ({"battery": 33}, Kind.BATTERY, 33),
        ({"energy": 1.5}, Kind.ENERGY, 1500),
    ],
)
def test_what_an_object_means(objects: dict[str, Any], kind: Kind, value: float) -> None:
    told = House().hear(pid=1, **objects)
    assert values(told) == {**values(told), kind: value}
    assert told.alive == ("7cc6b6010203",)


@pytest.mark.parametrize("none", [0, "none", None, [0, 0]])
def test_no_press_is_none(none: object) -> None:
    assert House().hear(pid=1, button=none, rotation=12).facts == ()


def test_an_advert_heard_twice_is_one_press_and_the_next_is_another() -> None:
    house = House()
    told = [house.hear(pid=pid, button=1, after=1) for pid in (8, 8, 9)]
    assert [len(one.facts) for one in told] == [1, 0, 1]


def test_the_same_device_has_the_same_name_however_the_table_spells_it() -> None:
    house = House({MAC.upper(): {"sensor": "front-door"}})
    assert house.hear(pid=1, window=1).facts[0].sensor == "front-door"


def test_a_message_is_known_by_what_is_in_it() -> None:
    assert values(House().hear(topic="any/where", pid=1, window=1)) == {Kind.CONTACT: 1}
    assert not ShellyBlu().owns(Message("any/where", b'{"window": 1}', retained=False, at=NOON))


def test_an_advert_inside_an_event_of_a_shelly_is_read() -> None:
    data = {"encryption": False, "BTHome_version": 2, "pid": 5, "button": 1, "address": MAC}
    body = {"method": "NotifyEvent", "params": {"events": [{"component": "script:1", "event": "x", "data": data}]}}
    told = ShellyBlu().hear(Message("shellyplus1-aa/events/rpc", json.dumps(body).encode(), retained=False, at=NOON))
    assert values(told) == {Kind.BUTTON: BUTTON_VALUE[Button.OK]}


def test_an_encrypted_advert_cannot_be_read_and_is_no_silence() -> None:
    told = House().hear(encryption=True, pid=1)
    assert (told.facts, told.unread, told.alive) == ((), True, ("7cc6b6010203",))


def test_what_is_retained_is_no_news_and_no_press() -> None:
    house = House()
    told = house.hear(pid=1, button=1, window=1, retained=True)
    assert [(fact.kind, fact.when) for fact in told.facts] == [(Kind.CONTACT, When.REPLAYED)]
    assert house.hear(pid=1, button=1).facts, "the live one still counts"
