"""Messages that real devices sent: what the gateway makes of them never contradicts what they mean."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.adapters import Message
from gateway.adapters.zigbee2mqtt import Zigbee2Mqtt
from gateway.messages import BUTTON_VALUE, Button, Kind
from gateway.outbox import Kept
from gateway.sieve import Sieve

NOT_OURS = {"battery_voltage", "voltage", "switch"}  # no kind of the contract tells these
KINDS = {"linkquality": Kind.LINK_QUALITY, "availability": Kind.AVAILABLE}
WORDS = {"open": 1.0, "closed": 0.0, "locked": 1.0, "unlocked": 0.0, "online": 1.0, "offline": 0.0}
SHARE_KNOWN = 0.75


def groups(path: Path) -> Iterator[list[dict[str, Any]]]:
    """Messages that belong together, in order; each of the others alone."""
    together: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for line in path.read_text().splitlines():
        entry = json.loads(line)
        if entry["integration"] == "zigbee2mqtt":
            together[entry.get("seq", entry["id"]).partition("#")[0]].append(entry)
    yield from together.values()


def as_message(entry: dict[str, Any], place: int) -> Message:
    payload = entry["payload"]
    text = payload if isinstance(payload, str) else json.dumps(payload)
    observed = entry.get("observed_at")
    at = datetime.fromisoformat(observed) if observed else datetime(2026, 5, 4, 8, tzinfo=UTC)
    arrival = at + timedelta(milliseconds=300 * (place + 1))
    return Message(entry["topic"], text.encode(), bool(entry.get("retained")), arrival)


def expected(meaning: dict[str, Any]) -> tuple[Kind, float | None] | None:
    """What should be sent; value None: nothing of this kind may be, or only a zero."""
    word, value = meaning["kind"], meaning["value"]
    if word in NOT_OURS or meaning.get("of") == "bridge":
        return None
    kind = KINDS.get(word) or Kind(word)
    if meaning.get("by_timer") or meaning.get("stale") or meaning.get("plausible") is False:
        return kind, None
    if kind is Kind.BUTTON:
        return kind, BUTTON_VALUE[Button.SOS if meaning.get("sos") else Button.OK]
    if kind in (Kind.MOTION, Kind.VIBRATION) and value is False:
        return kind, None
    if kind is Kind.ENERGY:
        return None  # a counter; only its differences are sent
    return kind, WORDS[value] if isinstance(value, str) else float(value)


def judge(entry: dict[str, Any], sent: list[Kept], said_before: dict[Kind, float]) -> Counter[str]:
    """How often this message was right, repeated (said before, so not sent again), unknown or wrong."""
    score: Counter[str] = Counter()
    by_kind = {reading.kind: reading.value for reading in sent}
    meant = [found for meaning in entry["meaning"] if (found := expected(meaning))]
    for kind, value in meant:
        got = by_kind.pop(kind, None)
        if value is None:
            score["wrong" if got else "right"] += 1
        elif got is None:
            close = kind is Kind.LINK_QUALITY and kind in said_before  # it wavers with each message
            score["repeated" if close or said_before.get(kind) == value else "unknown"] += 1
        else:
            score["right" if got == pytest.approx(value, abs=0.01) else "wrong"] += 1
    if Kind.TEMPERATURE in by_kind:  # a chip's or a breaker's
        score["wrong"] += 1
    return score


def test_no_recorded_message_is_misunderstood(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    total: Counter[str] = Counter()
    lines: Counter[str] = Counter()
    troubles = []
    for group in groups(data / "payloads" / "payloads.jsonl"):
        adapter = Zigbee2Mqtt(group[0]["topic"].partition("/")[0])
        sieve = Sieve()
        said: dict[Kind, float] = {}
        for place, entry in enumerate(group):
            told = adapter.hear(as_message(entry, place))
            sent = sieve.keep(told.facts)
            score = judge(entry, sent, said)
            said |= {reading.kind: reading.value for reading in sent}
            total += score
            worst = next((word for word in ("wrong", "unknown") if score[word]), "right")
            lines[worst] += 1
            if worst != "right":
                troubles.append((entry["id"], worst, sent))
    with capsys.disabled():
        print(f"\nrecorded Zigbee2MQTT messages: {dict(lines)}; facts in them: {dict(total)}")
    assert not total["wrong"], [trouble for trouble in troubles if trouble[1] == "wrong"]
    assert lines["right"] >= SHARE_KNOWN * lines.total(), troubles


def test_recorded_bridge_states_are_understood(data: Path) -> None:
    for group in groups(data / "payloads" / "payloads.jsonl"):
        for place, entry in enumerate(group):
            states = [meaning["value"] for meaning in entry["meaning"] if meaning.get("of") == "bridge"]
            if states:
                told = Zigbee2Mqtt().hear(as_message(entry, place))
                assert told.bridge is (states[0] == "online")
