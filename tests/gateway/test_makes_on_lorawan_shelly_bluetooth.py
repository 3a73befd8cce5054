"""LoRaWAN, Shelly and Bluetooth makes that nobody had tuned for: what is made of their messages never contradicts them.

Each line of data/lorawan_shelly_and_bluetooth.jsonl names where its form is documented or was
seen; addresses, names and dates are our own. Its parts, 1-… to 7-…, were written one after
the other, each before the adapters were tried on it; the third has the traps of names that
mean two things.
"""

from pathlib import Path

from simulators.meanings import Grade
from simulators.score import read, score

LINES = Path(__file__).parent / "data" / "lorawan_shelly_and_bluetooth.jsonl"
NOT_UNDERSTOOD = {
    "1-152": "a leak strip may mean its own temperature",
    "1-155": "whether its counter of movements begins anew with each message shows only in the next one",
    "1-206": "the temperature beside a door contact is that of its board, in the same common words",
    "2-011": "bytes that look like nobody's",
    "2-018": "its bare status 1 is not explained",
    "2-083": "what is heard on 433 MHz may be a neighbour's",
    "2-084": "what is heard on 433 MHz may be a neighbour's",
    "2-085": "what is heard on 433 MHz may be a neighbour's",
    "3-015": "numbers and their names in lists beside each other",
    "3-049": "the answer to a question that was not ours",
    "6-028": "what somebody tells a device to do, which we do not listen to",
    "6-029": "what somebody tells a device to do, which we do not listen to",
}


def test_no_message_of_another_make_is_misunderstood_and_each_unknown_one_has_its_reason() -> None:
    lines = score(read(LINES))
    assert [(line.entry["id"], line.said) for line in lines if line.grade is Grade.WRONG] == []
    assert {line.entry["id"] for line in lines if line.grade is Grade.UNKNOWN} == NOT_UNDERSTOOD.keys()


def test_every_line_says_where_it_comes_from_and_has_its_own_id() -> None:
    entries = read(LINES)
    assert all(entry["source"] for entry in entries)
    assert len({entry["id"] for entry in entries}) == len(entries)
    assert len({(entry["vendor"], entry["model"]) for entry in entries}) > 150
