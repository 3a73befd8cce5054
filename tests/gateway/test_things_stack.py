"""What LoRaWAN devices say through The Things Stack, and what it leaves out."""

import base64
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.adapters import NOTHING, Message, Told, When
from gateway.adapters.things_stack import ThingsStack
from gateway.devices import DeviceTable
from gateway.messages import BUTTON_VALUE, Button, Kind

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
EUI = "70b3d50001020304"


class House:
    def __init__(self, table: dict[str, Any] | None = None) -> None:
        self.adapter = ThingsStack(DeviceTable.model_validate(table or {}))
        self.now = NOON
        self.frame = 0

    def hear(self, leaf: str, body: dict[str, Any], *, retained: bool = False) -> Told:
        ids = {"end_device_ids": {"device_id": "hall", "dev_eui": EUI.upper()}}
        topic = f"v3/flats@ttn/devices/hall/{leaf}"
        return self.adapter.hear(Message(topic, json.dumps(ids | body).encode(), retained, self.now))

    def up(self, decoded: dict[str, Any] | None = None, *, raw: str = "00", port: int = 3, **more: Any) -> Told:
        self.now += timedelta(seconds=60)
        self.frame += 1
        body = {"f_port": port, "f_cnt": self.frame, "frm_payload": base64.b64encode(bytes.fromhex(raw)).decode()}
        body["received_at"] = self.now.strftime("%Y-%m-%dT%H:%M:%S.123456789Z").replace(".123456789", ".000000001")
        return self.hear("up", {"uplink_message": body | more | ({"decoded_payload": decoded} if decoded else {})})


def values(told: Told) -> dict[Kind, float]:
    return {fact.kind: fact.value for fact in told.facts}


def test_the_address_is_the_identity_and_the_time_has_nanoseconds() -> None:
    house = House()
    told = house.up({"door": "open"})
    assert [(fact.sensor, fact.kind, fact.value, fact.at) for fact in told.facts] == [(EUI, Kind.CONTACT, 1, house.now)]
    assert told.alive == (EUI,)


def test_the_common_words_are_understood() -> None:
    common = [
        {
            "action": {"contactState": "closed", "motion": {"detected": True, "count": 3}},
            "air": {"temperature": 20.5, "relativeHumidity": 41, "lightIntensity": 9},
            "water": {"leak": False},
            "battery": 3.6,
        }
    ]
    assert values(House().up(normalized_payload=common)) == {
        Kind.CONTACT: 0,
        Kind.MOTION: 1,
        Kind.TEMPERATURE: 20.5,
        Kind.HUMIDITY: 41,
        Kind.ILLUMINANCE: 9,
        Kind.LEAK: 0,
    }


def test_common_words_in_several_entries_are_one_message_unless_they_have_times_of_their_own() -> None:
    entries: list[dict[str, Any]] = [{"air": {"temperature": 20.5}}, {"air": {"relativeHumidity": 41}}]
    assert values(House().up(normalized_payload=entries)) == {Kind.TEMPERATURE: 20.5, Kind.HUMIDITY: 41}
    entries = [{"air": {"temperature": 20.5}, "time": "x"}, {"air": {"temperature": 9}, "time": "y"}]
    assert values(House().up(normalized_payload=entries)) == {Kind.TEMPERATURE: 20.5}


def test_where_the_common_words_contradict_the_codecs_own_these_count() -> None:
    """Dragino's codec for the LWL03A tells "NO LEAK", and in the common words a leak."""
    common = [{"water": {"leak": True}, "air": {"relativeHumidity": 41}}]
    told = House().up({"WATER_LEAK_STATUS": "NO LEAK"}, normalized_payload=common)
    assert values(told) == {Kind.LEAK: 0, Kind.HUMIDITY: 41}


def test_a_door_that_was_shut_is_shut_though_the_network_left_that_out() -> None:
    house = House()
    assert values(house.up({"open": True, "battery": 80}, raw="0150"))[Kind.CONTACT] == 1
    assert values(house.up({"battery": 80}, raw="0050"))[Kind.CONTACT] == 0


@pytest.mark.parametrize(
    ("decoded", "raw", "port"),
    [
        ({"battery": 80}, "50", 3),  # shorter: a message of another form
        ({"battery": 80}, "0050", 4),  # another port
        ({"battery": 80, "uptime": 9}, "0050", 3),  # it has what the other did not have
    ],
)
def test_what_was_not_left_out_is_not_made_up(decoded: dict[str, Any], raw: str, port: int) -> None:
    house = House()
    house.up({"open": True, "battery": 80}, raw="0150")
    assert Kind.CONTACT not in values(house.up(decoded, raw=raw, port=port))


def test_the_bytes_tell_what_was_left_out_where_the_make_is_known() -> None:
    told = House().up({"BAT_V": 3.0, "MOD": 1}, raw="0bb8 01 000005 000000 00", port=10)
    assert values(told) == {Kind.CONTACT: 0}


def test_the_model_may_be_that_of_the_device_repository() -> None:
    told = House().up(
        raw="01755a 030001 040000", port=85, version_ids={"brand_id": "milesight-iot", "model_id": "ws301"}
    )
    assert values(told) == {Kind.BATTERY: 90, Kind.CONTACT: 1, Kind.TAMPER: 0}


def test_the_networks_battery_is_taken_where_the_device_tells_none() -> None:
    told = House().up({"pressEvent": 2}, last_battery_percentage={"value": 88.5})
    assert values(told) == {Kind.BUTTON: BUTTON_VALUE[Button.OK], Kind.BATTERY: 88.5}


def test_a_switch_is_told_once_the_table_says_what_on_means() -> None:
    raw = "01 02 01 1c 01 00000000 0000"
    assert Kind.CONTACT not in values(House().up(raw=raw, port=6))
    assert values(House({EUI: {"invert": False}}).up(raw=raw, port=6))[Kind.CONTACT] == 1
    assert values(House({EUI: {"invert": True}}).up(raw=raw, port=6))[Kind.CONTACT] == 0


def test_joining_is_a_sign_of_life_and_nothing_else() -> None:
    told = House().hear("join", {"join_accept": {}})
    assert (told.facts, told.alive, told.unread) == ((), (EUI,), False)


def test_bytes_that_nobody_can_read_are_a_sign_of_life() -> None:
    told = House().up(raw="c0ffee", port=77)
    assert (told.facts, told.alive, told.unread) == ((), (EUI,), True)


def test_what_is_retained_or_no_uplink_is_no_news() -> None:
    house = House()
    told = house.hear("up", {"uplink_message": {"decoded_payload": {"door": "open"}}}, retained=True)
    assert [fact.when for fact in told.facts] == [When.REPLAYED]
    assert house.hear("up", {"simulated": True}) == NOTHING
    assert not house.adapter.owns(Message("v3/a@b/devices/x/location/solved", b"{}", retained=False, at=NOON))
