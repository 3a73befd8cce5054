"""The score tells right from unknown from wrong, and is not flattered by silence."""

import json
from pathlib import Path
from typing import Any

import pytest

from simulators.meanings import Grade
from simulators.score import groups, main, score

DOOR = "zigbee2mqtt/Back door"


def line(payload: Any, *meaning: dict[str, Any], topic: str = DOOR, **more: Any) -> dict[str, Any]:
    return {"id": "t-1", "integration": "test", "topic": topic, "payload": payload, "meaning": list(meaning)} | more


def graded(*lines: dict[str, Any]) -> list[Grade]:
    return [one.grade for one in score(lines)]


OPEN = {"kind": "contact", "value": "open"}
SHUT = {"kind": "contact", "value": "closed"}


def test_what_is_said_as_meant_is_right() -> None:
    assert graded(line({"contact": False, "linkquality": 9}, OPEN, {"kind": "linkquality", "value": 9})) == [
        Grade.RIGHT
    ]


def test_the_contrary_is_wrong() -> None:
    assert graded(line({"contact": False}, SHUT)) == [Grade.WRONG]


def test_what_is_not_said_is_unknown_also_where_something_else_is_right() -> None:
    assert graded(line({"contact": False}, OPEN, {"kind": "smoke", "value": False})) == [Grade.UNKNOWN]


def test_a_message_that_is_nobodys_is_unknown_even_if_nothing_was_meant() -> None:
    assert graded(line({"some": "thing"}, topic="nobody/knows")) == [Grade.UNKNOWN]


def test_an_event_that_nobody_meant_is_wrong() -> None:
    assert graded(line({"action": "single"}), line({"occupancy": True})) == [Grade.WRONG, Grade.WRONG]


def test_a_temperature_that_nobody_calls_that_of_the_room_is_wrong() -> None:
    assert graded(line({"temperature": 20.5})) == [Grade.WRONG]


@pytest.mark.parametrize(
    ("payload", "meaning"),
    [
        ({"humidity": 655}, {"kind": "humidity", "value": 655, "plausible": False}),
        ({"occupancy": False}, {"kind": "motion", "value": False, "by_timer": True}),
        ({"action": "panic"}, {"kind": "button", "value": "panic", "sos": True}),
        ({"energy": 1.5, "power": 3}, {"kind": "energy", "value": 1.5, "unit": "kWh"}),
        ({"state": "ON", "power": 3}, {"kind": "switch", "value": "on"}),
    ],
)
def test_flags_and_units_are_understood(payload: dict[str, Any], meaning: dict[str, Any]) -> None:
    assert graded(line(payload, meaning)) == [Grade.RIGHT]


def test_a_call_for_help_that_is_taken_for_a_press_or_the_contrary_is_wrong() -> None:
    assert graded(line({"action": "single"}, {"kind": "button", "value": "x", "sos": True})) == [Grade.WRONG]
    assert graded(line({"action": "emergency"}, {"kind": "button", "value": "x"})) == [Grade.WRONG]


def test_messages_of_one_sequence_meet_the_same_gateway() -> None:
    pressed = {"kind": "button", "value": "single"}
    first = line({"action": "single"}, pressed, seq="b#1")
    again = line("single", pressed, seq="b#2", topic=DOOR + "/action")
    assert [len(group) for group in groups([first, again, line({})])] == [2, 1]
    assert graded(first, again) == [Grade.RIGHT, Grade.RIGHT], "one press told twice is no second press, and known"


def test_a_bridge_that_is_gone_is_asked_for() -> None:
    meant = {"kind": "availability", "value": "offline", "of": "bridge"}
    topic = "zigbee2mqtt/bridge/state"
    assert graded(line({"state": "offline"}, meant, topic=topic), line({"state": "online"}, meant, topic=topic)) == [
        Grade.RIGHT,
        Grade.WRONG,
    ]


def test_a_description_is_right_only_if_it_can_be_used() -> None:
    config = {"state_topic": "x/y", "device_class": "door", "payload_on": False, "payload_off": True}
    meant = {"kind": "discovery", "value": "contact", "state_topic": "x/y", "field": "shut", "open_when": False}
    topic = "homeassistant/binary_sensor/n1/door/config"
    used = line(config | {"value_template": "{{ value_json.shut }}"}, meant, topic=topic, retained=True)
    unread = line(config | {"value_template": "{% if 1 %}ON{% endif %}"}, meant, topic=topic, retained=True)
    assert graded(used, unread) == [Grade.RIGHT, Grade.UNKNOWN]


def test_a_description_of_a_measurement_is_tried_with_one_and_others_are_left() -> None:
    config = {"state_topic": "x/y", "device_class": "power", "unit_of_measurement": "kW"}
    topic = "homeassistant/sensor/n1/power/config"
    power = {"kind": "discovery", "value": "power", "state_topic": "x/y", "field": "p"}
    assert graded(line(config | {"value_template": "{{ value_json.p }}"}, power, topic=topic)) == [Grade.RIGHT]
    assert graded(line(config, power | {"value": "switch"}, topic=topic)) == [Grade.RIGHT]


def test_a_word_that_nobody_knows_is_not_judged() -> None:
    assert graded(line({"battery": 50}, {"kind": "battery", "value": "medium"})) == [Grade.RIGHT]


def test_what_the_file_calls_unclear_must_not_be_told() -> None:
    assert graded(line({"contact": True}, {"kind": "contact", "value": "unclear"})) == [Grade.WRONG]


def test_the_command_names_each_wrong_line_and_what_was_expected(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text(
        "\n".join(json.dumps(one) for one in (line({"contact": False}, SHUT), line({"contact": True}, SHUT)))
    )
    assert main([str(path)]) == 1
    shown = capsys.readouterr().out
    assert "wrong t-1" in shown
    assert "expected kind=contact value=closed" in shown
    assert shown.splitlines()[-1].split() == ["all", "1", "0", "1"]


@pytest.mark.parametrize("text", ["{", '{"id": 1}', "[]"])
def test_a_file_of_another_form_is_refused_with_a_sentence(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "lines.jsonl"
    path.write_text(text)
    assert main([str(path)]) == 2
    assert "cannot be read" in capsys.readouterr().err
