"""What the home said is kept for some days, and can be read again when a mapping was mended."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gateway.adapters import Message
from gateway.adapters.integrations import Every, Setup
from gateway.devices import DeviceTable
from gateway.messages import Kind
from gateway.outbox import Kept
from gateway.raw import FLUSH_EVERY, RawLog, ToldAgain, read_raw
from gateway.reread import reread
from gateway.sieve import Sieve

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def message(payload: Any, at: datetime = NOON, topic: str = "tele/hall/SENSOR", *, retained: bool = False) -> Message:
    return Message(topic, payload if isinstance(payload, bytes) else json.dumps(payload).encode(), retained, at)


def adapter(table: dict[str, Any] | None = None) -> Every:
    return Every(["tasmota"], Setup(DeviceTable.model_validate(table or {})))


def lived(folder: Path, messages: list[Message], table: dict[str, Any] | None = None) -> list[Kept]:
    """A gateway that heard these, kept them raw, and sent what it could make of them."""
    raw, every, sieve, sent = RawLog(folder, days=7), adapter(table), Sieve(), []
    for one in messages:
        kept = sieve.keep(every.hear(one).facts)
        raw.note(one, kept)
        sent += kept
    raw.flush(messages[-1].at)
    return sent


DOOR = {"hall/Switch1": {"role": "door"}}


def test_every_message_comes_back_as_it_was_in_order(tmp_path: Path) -> None:
    said = [message({"a": 1}), message(b"\xff\x00", retained=True), message("Ä", NOON + MINUTE, topic="b/c")]
    lived(tmp_path, said)
    lived(tmp_path, [message({"later": 1}, NOON + 2 * MINUTE)])
    assert [raw.message for raw in read_raw(tmp_path)] == [*said, message({"later": 1}, NOON + 2 * MINUTE)]


@pytest.mark.parametrize(
    ("topic", "payload"),
    [
        ("zigbee2mqtt/lock", '{"state": "LOCK", "users": {"1": {"status": "enabled", "pin_code": 481516}}, "n": 1}'),
        ("zigbee2mqtt/lock", '{"pin_code": {"user": 1, "pin_code": "481516"}, "action": "unlock"}'),
        ("zigbee2mqtt/keypad", '{"action":"disarm","action_code":"481516","last_used_pincode" : "481516"}'),
        ("zigbee2mqtt/keypad/action_code", "481516"),
        ("zigbee2mqtt/bridge/info", '{"network_key": [4, 8, 15, 16], "mqtt": {"password": "a\\"481516"}}'),
    ],
)
def test_no_code_and_no_password_is_kept(topic: str, payload: str, tmp_path: Path) -> None:
    lived(tmp_path, [message(payload.encode(), topic=topic)])
    (kept,) = read_raw(tmp_path)
    text = kept.message.payload.decode()
    assert "481516" not in text
    assert "15, 16" not in text
    assert (json.loads(text) or {}).keys() == (json.loads(payload) if payload.startswith("{") else {}).keys()


def test_a_mended_table_finds_what_was_not_understood_at_the_time_it_happened(tmp_path: Path) -> None:
    opened = message({"Switch1": "ON"}, NOON + MINUTE)
    assert lived(tmp_path, [message({"Switch1": "OFF"}), opened]) == []
    found = reread(read_raw(tmp_path), adapter(DOOR))
    assert [(one.kind, one.value, one.at) for one in found.readings] == [
        (Kind.CONTACT, 0, NOON),
        (Kind.CONTACT, 1, opened.at),
    ]


def test_what_was_told_is_not_told_again(tmp_path: Path) -> None:
    said = [
        message({"Switch1": word, "SI7021": {"Humidity": 40}}, NOON + n * MINUTE)
        for n, word in enumerate(("ON", "OFF"))
    ]
    assert lived(tmp_path, said, DOOR)
    assert reread(read_raw(tmp_path), adapter(DOOR)).readings == []


def test_reading_again_twice_sends_nothing_twice(tmp_path: Path) -> None:
    lived(tmp_path, [message({"Switch1": "ON"})])
    first = reread(read_raw(tmp_path), adapter(DOOR), ToldAgain(tmp_path).keys)
    ToldAgain(tmp_path).note(first.readings)
    assert len(first.readings) == 1
    assert reread(read_raw(tmp_path), adapter(DOOR), ToldAgain(tmp_path).keys).readings == []


def test_a_call_for_help_that_is_found_too_late_wakes_nobody(tmp_path: Path) -> None:
    lived(tmp_path, [message({"Switch1": "ON"})])
    found = reread(read_raw(tmp_path), adapter({"hall/Switch1": {"role": "sos"}}))
    assert (found.readings, found.calls) == ([], 1)
    assert "calls for help not sent: 1" in found.summary()


@pytest.mark.parametrize("torn", [1, 7, 40])
def test_a_power_cut_costs_what_was_written_last_and_nothing_else(torn: int, tmp_path: Path) -> None:
    raw = RawLog(tmp_path, days=7)
    for n in range(2):
        raw.note(message({"n": n}, NOON + n * MINUTE), [])
        raw.flush(NOON + n * MINUTE)
    file = next(tmp_path.glob("*.gz"))
    file.write_bytes(file.read_bytes()[:-torn])
    lived(tmp_path, [message({"n": 9}, NOON + 9 * MINUTE)])
    kept = [json.loads(one.message.payload)["n"] for one in read_raw(tmp_path)]
    assert [n for n in kept if n != 1] == [0, 9]


@given(st.binary(max_size=200))
def test_a_file_that_is_not_ours_stops_nobody(tmp_path_factory: pytest.TempPathFactory, data: bytes) -> None:
    folder = tmp_path_factory.mktemp("raw")
    (folder / "2026-01-01.000001.jsonl.gz").write_bytes(data)
    assert list(read_raw(folder)) == []


def test_old_days_go_and_what_waits_is_written_in_time(tmp_path: Path) -> None:
    raw = RawLog(tmp_path, days=2)
    for day in range(5):
        at = NOON + timedelta(days=day)
        raw.note(message({"day": day}, at), [])
        raw.tick(at)
        raw.tick(at + FLUSH_EVERY)
    assert [json.loads(one.message.payload)["day"] for one in read_raw(tmp_path)] == [2, 3, 4]


def test_no_days_keep_nothing_and_a_folder_that_cannot_be_stops_nobody(tmp_path: Path) -> None:
    none = RawLog(tmp_path / "none", days=0)
    none.note(message({}), [])
    none.flush(NOON)
    assert not (tmp_path / "none").exists()
    (tmp_path / "file").write_text("")
    blocked = RawLog(tmp_path / "file" / "raw", days=1)
    blocked.note(message({}), [])
    blocked.flush(NOON)
    assert list(read_raw(tmp_path / "file" / "raw")) == []
