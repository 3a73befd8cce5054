"""Makes and models that nobody had tuned for: what the gateway makes of their messages never contradicts them.

Each line of data/zigbee_and_home_assistant.jsonl names where its form is documented or was
seen; names, addresses and dates are our own. Its parts 1-…, 2-… and 3-… were each written before
the adapters were tried on them.
"""

from pathlib import Path

from simulators.meanings import Grade
from simulators.score import read, score

LINES = Path(__file__).parent / "data" / "zigbee_and_home_assistant.jsonl"
NOT_UNDERSTOOD = {
    "1-101": "a lock's state and its action contradict each other, and either may be the old one",
    "1-163": "a doorbell is pressed by a visitor, which says nothing of who lives there",
    "1-230": "a last will of a node that has never said what it is",
    "1-231": "a log line of a node that has never said what it is",
    "3-027": "a setting on a topic that no discovery message has named",
}


def test_no_message_of_another_make_is_misunderstood_and_each_unknown_one_has_its_reason() -> None:
    lines = score(read(LINES))
    assert [(line.entry["id"], line.said) for line in lines if line.grade is Grade.WRONG] == []
    assert {line.entry["id"] for line in lines if line.grade is Grade.UNKNOWN} == NOT_UNDERSTOOD.keys()


def test_every_line_says_where_it_comes_from_and_has_its_own_id() -> None:
    entries = read(LINES)
    assert all(entry["source"] for entry in entries)
    assert len({entry["id"] for entry in entries}) == len(entries)
    assert len({(entry["vendor"], entry["model"]) for entry in entries}) > 60
