"""What the server says of single sensors: it wins, it holds at once, and it makes no event by itself."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.adapters import Message
from gateway.adapters.integrations import Every, Setup
from gateway.devices import Device, DeviceTable, Role, Setting
from gateway.listener import Listener
from gateway.messages import BUTTON_VALUE, Button, Kind
from gateway.outbox import Kept, Rank
from gateway.sieve import Sieve

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
IEEE = "0x00158d00aa11bb22"
SOS = BUTTON_VALUE[Button.SOS]


class Flat:
    """A listener that is told messages one second apart; `restart` keeps what would be on disk."""

    def __init__(self, table: dict[str, Any] | None = None, *integrations: str) -> None:
        self.table = table or {}
        self.integrations = integrations or ("zigbee2mqtt",)
        self.disk: dict[str, float] = {}
        self.now = NOON
        self.begin()

    def begin(self) -> None:
        adapter = Every(self.integrations, Setup(DeviceTable.model_validate(self.table)))
        sieve = Sieve()
        sieve.recall(self.disk)
        self.listener = Listener(adapter, sieve)
        self.listener.recall()

    def restart(self) -> None:
        self.disk |= self.listener.sieve.changed
        self.begin()

    def use(self, **said: Any) -> None:
        self.listener.use((Setting(sensor=said.pop("sensor", IEEE), **said),))

    def hear(self, topic: str, payload: object) -> list[tuple[str, Kind, float]]:
        self.now += timedelta(seconds=1)
        raw = json.dumps(payload).encode()
        return [_short(one) for one in self.listener.hear(Message(topic, raw, retained=False, at=self.now))]

    def door(self, **body: object) -> list[tuple[str, Kind, float]]:
        return self.hear("zigbee2mqtt/door", body | {"linkquality": 90})

    def knows_door(self) -> None:
        entry = {"friendly_name": "door", "ieee_address": IEEE, "type": "EndDevice", "power_source": "Battery"}
        self.hear("zigbee2mqtt/bridge/devices", [entry | {"definition": {"model": "M", "exposes": []}}])


def _short(one: Kept) -> tuple[str, Kind, float]:
    return one.sensor, one.kind, one.value


def contacts(told: list[tuple[str, Kind, float]]) -> list[float]:
    return [value for _, kind, value in told if kind is Kind.CONTACT]


@pytest.fixture
def flat() -> Flat:
    flat = Flat()
    flat.knows_door()
    return flat


def test_the_server_wins_where_both_say_something_and_the_file_holds_where_it_says_nothing() -> None:
    entry = Device(sensor="front", role=Role.BED, invert=True)
    assert Setting(sensor="front", role=Role.DOOR).over(entry) == Device(sensor="front", role=Role.DOOR, invert=True)
    assert Setting(sensor="front", role="plain", invert=False).over(entry) == Device(sensor="front")
    assert Setting(sensor="front").over(entry) == entry


def test_a_door_called_the_other_way_round_has_not_been_opened_by_that(flat: Flat) -> None:
    assert contacts(flat.door(contact=True)) == [0]
    flat.use(invert=True)
    assert contacts(flat.door(contact=True)) == [], "it was not touched, and is called open now"
    assert contacts(flat.door(contact=False)) == [0]
    assert contacts(flat.door(contact=True)) == [1]


def test_that_a_door_is_shut_after_all_is_told_so_that_nobody_believes_it_open(flat: Flat) -> None:
    assert contacts(flat.door(contact=False)) == [1]
    flat.use(invert=True)
    assert contacts(flat.door(contact=False)) == [0]


def test_a_contact_that_becomes_a_bed_puts_nobody_to_bed(flat: Flat) -> None:
    flat.door(contact=True)
    flat.use(role=Role.BED)
    assert [kind for _, kind, _ in flat.door(contact=True)] == []
    assert flat.door(contact=False) == [(IEEE, Kind.BED, 0)]
    assert flat.door(contact=True) == [(IEEE, Kind.BED, 1)]


def test_the_first_movement_after_a_change_is_no_event_and_the_next_is(flat: Flat) -> None:
    flat.door(occupancy=False)
    flat.use(invert=True)
    assert flat.door(occupancy=True) == []
    flat.door(occupancy=False)
    assert (IEEE, Kind.MOTION, 1) in flat.door(occupancy=True)


def test_a_press_is_a_call_from_the_moment_the_server_says_so(flat: Flat) -> None:
    assert (IEEE, Kind.BUTTON, 1) in flat.door(action="single")
    flat.use(role=Role.SOS)
    assert (IEEE, Kind.BUTTON, SOS) in flat.door(action="double")


def test_an_ignored_sensor_says_nothing_and_is_not_heard_whatever_its_integration(flat: Flat) -> None:
    flat.use(ignore=True)
    assert flat.door(contact=False, battery=50) == []
    assert IEEE not in flat.listener.sensors_at
    own = Flat({}, "own_form")
    own.use(sensor="mat", ignore=True)
    assert own.hear("hearth-device/mat/bed", 1) == []
    assert own.hear("hearth-device/other/bed", 1) == [("other", Kind.BED, 1)]


def test_what_was_opened_while_it_was_ignored_is_not_told_as_opened_now(flat: Flat) -> None:
    flat.door(contact=True)
    flat.use(ignore=True)
    flat.door(contact=False)
    flat.listener.use(())
    assert contacts(flat.door(contact=False)) == []


def test_a_restart_between_the_change_and_the_next_word_makes_no_event_either(flat: Flat) -> None:
    flat.door(contact=True)
    flat.restart()
    flat.knows_door()
    flat.use(invert=True)
    flat.restart()
    flat.knows_door()
    flat.use(invert=True)
    assert contacts(flat.door(contact=True)) == []
    assert contacts(flat.door(contact=False)) == [0]


def test_the_same_settings_again_and_a_restart_under_them_forget_nothing(flat: Flat) -> None:
    flat.use(invert=True)
    flat.door(contact=False)
    for _ in range(2):
        flat.use(invert=True)
        flat.restart()
        flat.knows_door()
    flat.use(invert=True)
    assert contacts(flat.door(contact=True)) == [1]


def test_a_switch_input_is_what_the_server_says_it_is() -> None:
    flat = Flat({}, "tasmota")
    assert flat.hear("tele/hall/SENSOR", {"Switch1": "ON"}) == []
    flat.use(sensor="hall:Switch1", role=Role.DOOR)
    flat.hear("tele/hall/SENSOR", {"Switch1": "OFF"})
    assert flat.hear("tele/hall/SENSOR", {"Switch1": "ON"}) == [("hall:Switch1", Kind.CONTACT, 1)]


def test_an_entry_in_the_homes_file_by_friendly_name_is_overruled_by_sensor_id() -> None:
    flat = Flat({"door": {"role": "bed", "invert": True}})
    flat.knows_door()
    flat.use(role="plain", invert=False)
    flat.door(contact=True)
    assert flat.door(contact=False) == [(IEEE, Kind.CONTACT, 1)]


SETTINGS = st.sampled_from(
    [None, {"invert": True}, {"role": Role.BED}, {"role": Role.DOOR, "invert": True}, {"ignore": True}]
)


@given(st.lists(st.tuples(SETTINGS, st.integers(0, 2)), min_size=1, max_size=8))
def test_a_door_that_nobody_touches_is_never_opened_by_settings(
    changes: list[tuple[dict[str, Any] | None, int]],
) -> None:
    flat = Flat()
    flat.knows_door()
    flat.door(contact=True)
    told = []
    for said, times in changes:
        flat.listener.use(()) if said is None else flat.use(**said)
        for _ in range(times):
            told += flat.door(contact=True)
    assert [one for one in told if one[2] == 1] == []


def smoke(flat: Flat, alarm: bool) -> None:
    flat.door(smoke=alarm)


def test_an_alarm_that_outlasts_a_walk_test_is_told_when_it_is_over(flat: Flat) -> None:
    smoke(flat, alarm=False)
    assert flat.listener.walk_test(flat.now, on=False) == []
    flat.now += timedelta(seconds=1)
    assert flat.listener.walk_test(flat.now, on=True) == []
    smoke(flat, alarm=True)
    flat.door(action="emergency")
    assert flat.listener.walk_test(flat.now, on=True) == []
    (told,) = flat.listener.walk_test(flat.now, on=False)
    assert (told.kind, told.value, told.at, told.rank) == (Kind.SMOKE, 1, flat.now, Rank.URGENT)
    assert flat.listener.walk_test(flat.now, on=False) == []


def test_an_alarm_that_ended_in_a_walk_test_or_was_told_before_it_is_not_told_again(flat: Flat) -> None:
    flat.listener.walk_test(flat.now, on=False)
    flat.door(water_leak=True)
    flat.now += timedelta(seconds=1)
    flat.listener.walk_test(flat.now, on=True)
    smoke(flat, alarm=True)
    smoke(flat, alarm=False)
    assert flat.listener.walk_test(flat.now, on=False) == []


def test_a_restart_in_a_walk_test_hides_no_alarm(flat: Flat) -> None:
    flat.listener.walk_test(flat.now, on=False)
    flat.listener.walk_test(flat.now, on=True)
    smoke(flat, alarm=True)
    flat.restart()
    flat.knows_door()
    flat.listener.walk_test(flat.now, on=True)
    assert [one.kind for one in flat.listener.walk_test(flat.now, on=False)] == [Kind.SMOKE]
