"""Messages that real devices sent: what the gateway makes of them never contradicts what they mean."""

from collections import Counter
from pathlib import Path

from simulators.meanings import Grade
from simulators.score import MOST_UNKNOWN, read, score


def test_no_recorded_message_is_misunderstood_and_few_are_not_understood(data: Path) -> None:
    lines = score(read(data / "payloads" / "payloads.jsonl"))
    wrong = [(line.entry["id"], line.said) for line in lines if line.grade is Grade.WRONG]
    unknown = [(line.entry["id"], line.said) for line in lines if line.grade is Grade.UNKNOWN]
    assert wrong == []
    assert len(unknown) <= MOST_UNKNOWN * len(lines), unknown


def test_every_message_of_zigbee2mqtt_and_tasmota_in_the_recording_is_understood(data: Path) -> None:
    lines = score(read(data / "payloads" / "payloads.jsonl"))
    named = {"zigbee2mqtt", "tasmota", "homeassistant-discovery"}
    grades = Counter(line.grade for line in lines if line.entry["integration"] in named)
    assert set(grades) == {Grade.RIGHT}
