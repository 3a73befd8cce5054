"""The form for makers is understood as it is documented, and hobby devices where their words are plain."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from gateway.adapters import NOTHING, Fact, Message, Sort, Told, When, own_form
from gateway.adapters.own_form import OwnForm
from gateway.devices import DeviceTable
from gateway.messages import BUTTON_VALUE, Button, Kind

NOON = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
DOCUMENTED = {
    "hall-door": [(Kind.CONTACT, 1.0), (Kind.BATTERY, 88.0), (Kind.CONTACT, 1.0), (Kind.TEMPERATURE, 17.5)],
    "pendant-2": [(Kind.BUTTON, BUTTON_VALUE[Button.SOS])],
    "kettle-plug": [(Kind.POWER, 1940.5)],
    "tablets": [(Kind.MEDICATION, 3.0)],
    "bedroom-mat": [(Kind.BED, 1.0)],
}


class House:
    def __init__(self, table: dict[str, Any] | None = None) -> None:
        self.adapter = OwnForm(DeviceTable.model_validate(table or {}))
        self.now = NOON

    def hear(self, topic: str, payload: Any, *, retained: bool = False) -> Told:
        raw = payload if isinstance(payload, str) else json.dumps(payload)
        return self.adapter.hear(Message(topic, raw.encode(), retained, self.now))

    def event(self, word: str) -> Told:
        return self.hear("lab/box/1", {"device_id": "box-1", "event": word, "timestamp": NOON.isoformat()})


def values(told: Told) -> dict[Kind, float]:
    return {fact.kind: fact.value for fact in told.facts}


def test_the_documented_examples_mean_what_they_say() -> None:
    house = House()
    facts: list[Fact] = []
    for line in (own_form.__doc__ or "").splitlines():
        topic, _, payload = line.strip().partition(" ")
        if topic.startswith(own_form.BASE):
            facts += house.hear(topic, payload.strip()).facts
    heard = {name: [(fact.kind, fact.value) for fact in facts if fact.sensor == name] for name in DOCUMENTED}
    assert heard == DOCUMENTED
    assert {fact.at for fact in facts if fact.kind is Kind.POWER} == {datetime(2026, 3, 2, 7, 58, 1, tzinfo=UTC)}


@pytest.mark.parametrize(
    ("kind", "payload", "value"),
    [
        ("contact", "closed", 0),
        ("contact", "1", 1),
        ("lock", "unlocked", 0),
        ("lock", "true", 1),
        ("motion", "on", 1),
        ("fall", "1", 1),
        ("leak", "false", 0),
        ("button", "cancel the lot", 1),
        ("medication", "missed", 2),
        ("medication", "4", 4),
        ("energy", "1200", 1200),
        ("visit", "17", 17),
    ],
)
def test_what_a_value_means(kind: str, payload: str, value: float) -> None:
    assert values(House().hear(f"hearth-device/d-1/{kind}", payload)) == {Kind(kind): value}


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("hearth-device/d-1/contact", "perhaps"),
        ("hearth-device/d-1/warmth", "20"),
        ("hearth-device/d-1/beat", "1"),
        ("hearth-device/d-1/medication", "taken"),
        ("hearth-device/d-1/medication", "99"),
        ("hearth-device/d-1/power", {"value": None}),
        ("hearth-device/d-1/contact/front", "open"),
        ("hearth-device/d-1", "open"),
        ("hearth-device/d-1/button", "0"),
    ],
)
def test_what_is_not_in_the_form_is_unread_and_a_sign_of_life(topic: str, payload: object) -> None:
    told = House().hear(topic, payload)
    assert (told.facts, told.alive, told.unread) == ((), ("d-1",), True)


def test_an_implausible_value_is_kept_as_such() -> None:
    told = House().hear("hearth-device/d-1/temperature", "654")
    assert [fact.plausible for fact in told.facts] == [False]


def test_a_fact_may_be_one_object() -> None:
    told = House().hear("hearth-device/d-1", {"kind": "bed", "value": 0})
    assert values(told) == {Kind.BED: 0}


def test_a_movement_whose_end_is_never_told_counts_again() -> None:
    assert [fact.sort for fact in House().hear("hearth-device/d-1/motion", "1").facts] == [Sort.HELD_AGAIN]


def test_a_stored_record_keeps_its_time_and_is_no_news() -> None:
    then = NOON - timedelta(hours=5)
    told = House().hear("hearth-device/d-1/contact", {"value": "open", "at": then.isoformat(), "stored": True})
    assert [(fact.at, fact.when) for fact in told.facts] == [(then, When.PAST)]


@pytest.mark.parametrize("at", ["2019-01-01T00:00:00Z", "soon", None, 5, "2026-03-02T08:00:01Z"])
def test_a_clock_that_is_wrong_does_not_move_the_fact(at: object) -> None:
    told = House().hear("hearth-device/d-1/contact", {"value": "open", "at": at})
    assert [fact.at for fact in told.facts] == [NOON]


def test_offline_is_no_sign_of_life() -> None:
    told = House().hear("hearth-device/d-1/online", "false")
    assert (values(told), told.alive) == ({Kind.AVAILABLE: 0}, ())


@pytest.mark.parametrize(
    ("word", "kind", "value"),
    [
        ("pill_taken", Kind.MEDICATION, 3),
        ("lid_opened", Kind.MEDICATION, 3),
        ("dose_missed", Kind.MEDICATION, 2),
        ("dispenser_jammed", Kind.MEDICATION, 5),
        ("compartment empty", Kind.MEDICATION, 4),
        ("sos", Kind.BUTTON, BUTTON_VALUE[Button.SOS]),
        ("button_pressed", Kind.BUTTON, BUTTON_VALUE[Button.OK]),
        ("door_opened", Kind.CONTACT, 1),
        ("motion_detected", Kind.MOTION, 1),
        ("fall_detected", Kind.FALL, 1),
    ],
)
def test_plain_words_of_a_hobby_device_are_understood(word: str, kind: Kind, value: float) -> None:
    told = House().event(word)
    assert values(told) == {kind: value}
    assert told.alive == ("box-1",)


@pytest.mark.parametrize(
    "word", ["alert_started", "dose_missed_then_taken", "sos_test", "no_motion", "lid", "", "box ok"]
)
def test_other_words_are_not_guessed(word: str) -> None:
    assert House().event(word).facts == ()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"deviceId": "mat-7", "motion": True}, {Kind.MOTION: 1}),
        ({"sensor_id": "mat-7", "temperature": 19.5, "humidity": 50}, {Kind.TEMPERATURE: 19.5, Kind.HUMIDITY: 50}),
        ({"device": "mat-7", "door": "open", "ts": 5}, {Kind.CONTACT: 1}),
        ({"device": "mat-7", "contact": True, "x": 1}, {}),
    ],
)
def test_named_values_of_a_hobby_device_are_understood(body: dict[str, Any], expected: dict[Kind, float]) -> None:
    told = House().hear("workshop/1", body)
    assert (values(told), told.alive, told.unread) == (expected, ("mat-7",), not expected)


def test_what_is_retained_is_no_news_and_no_press() -> None:
    house = House()
    door = house.hear("hearth-device/d-1/contact", "open", retained=True)
    press = house.hear("hearth-device/d-1/button", "sos", retained=True)
    assert ([fact.when for fact in door.facts], door.alive, press.facts) == ([When.REPLAYED], (), ())


def test_the_table_names_and_ignores() -> None:
    house = House({"d-1": {"sensor": "larder"}, "d-2": {"ignore": True}})
    assert house.hear("hearth-device/d-1/contact", "open").facts[0].sensor == "larder"
    assert house.hear("hearth-device/d-2/contact", "open") == NOTHING


def test_what_is_too_long_or_nobodys_is_nothing() -> None:
    house = House()
    assert house.hear("hearth-device/d-1/contact", "x" * (own_form.MAX_BYTES + 1)) == NOTHING
    assert house.hear("lab/box/1", {"device_id": 5, "event": "sos"}) == NOTHING
    assert house.hear("lab/box/1", {"id": "box-1", "box1": "11"}) == NOTHING
