"""`python -m simulators score FILE.jsonl`: recorded messages through all adapters, and how well they are understood.

A line is an object with `id`, `topic`, `payload` (an object, or a string that is the exact
text), `meaning` (a list, see simulators/meanings.py), and optionally `retained`,
`observed_at` (UTC) and `seq` (name#n). Messages of one `seq` belong together, in order;
each other message meets a gateway that has heard nothing yet.

right: everything meant was said, nothing else was made up. unknown: something was not said,
nothing was false. wrong: something false was said.
"""

import argparse
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from gateway.adapters import Message, Told
from gateway.adapters.integrations import ADAPTERS, Every
from gateway.sieve import Sieve
from simulators.meanings import Grade, Heard, grade, in_our_terms, news

Entry = Mapping[str, Any]
SOME_DAY = datetime(2026, 5, 4, 8, tzinfo=UTC)
BETWEEN = timedelta(milliseconds=300)
MOST_UNKNOWN = 0.10
PROBE = 20  # a value that fits whatever is measured
MEASURED = frozenset({"battery", "energy", "humidity", "illuminance", "linkquality", "power", "temperature"})
NEEDED = frozenset({"id", "topic", "payload", "meaning"})


@dataclass(frozen=True, slots=True)
class Graded:
    entry: Entry
    grade: Grade
    said: str


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m simulators score", description=(__doc__ or "").partition("\n")[2])
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("file", type=Path, help="messages, one JSON object a line")
    parser.add_argument("--unknown", action="store_true", help="show the unknown lines too")
    asked = parser.parse_args(argv)
    try:
        lines = score(read(asked.file))
    except (OSError, ValueError) as error:
        print(f"{asked.file} cannot be read: {error}", file=sys.stderr)
        return 2
    show(lines, unknown=asked.unknown)
    return int(any(line.grade is Grade.WRONG for line in lines))


def read(path: Path) -> list[Entry]:
    """The lines of the file; raises ValueError where one is not of the form above."""
    entries = [json.loads(line) for line in path.read_text().splitlines() if line.strip()]
    for place, entry in enumerate(entries, start=1):
        missing = NEEDED - entry.keys() if isinstance(entry, dict) else NEEDED
        if missing:
            raise ValueError(f"line {place} has no {', '.join(sorted(missing))}")
    return entries


def groups(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    """Messages that belong together, in order; each of the others alone."""
    together: dict[object, list[Entry]] = defaultdict(list)
    for place, entry in enumerate(entries):
        together[str(entry["seq"]).partition("#")[0] if entry.get("seq") else place].append(entry)
    yield from together.values()


def score(entries: Iterable[Entry]) -> list[Graded]:
    return [graded for group in groups(entries) for graded in _score_group(group)]


def _score_group(group: list[Entry]) -> Iterator[Graded]:
    adapter, sieve = Every(ADAPTERS), Sieve()
    before: frozenset[tuple[Any, float]] = frozenset()
    for place, entry in enumerate(group):
        told = adapter.hear(as_message(entry, place))
        kept = sieve.keep(told.facts)
        found = max(grade(entry["meaning"], Heard(told, kept, before)), _discovered(entry))
        before |= news(told)
        yield Graded(entry, found, _in_words(told))


def as_message(entry: Entry, place: int = 0) -> Message:
    """As it would have arrived, soon after the time which it tells."""
    payload = entry["payload"]
    text = payload if isinstance(payload, str) else json.dumps(payload)
    told = entry.get("observed_at") or max((one["at"] for one in entry["meaning"] if "at" in one), default=None)
    at = datetime.fromisoformat(told) if told else SOME_DAY
    return Message(entry["topic"], text.encode(), bool(entry.get("retained")), at + BETWEEN * (place + 1))


def _discovered(entry: Entry) -> Grade:
    """Of a description: whether a message as it describes would be understood by it alone."""
    asked = [one for one in entry["meaning"] if one["kind"] == "discovery" and "state_topic" in one]
    return max((_probed(entry, meaning) for meaning in asked), default=Grade.RIGHT)


def _probed(entry: Entry, meaning: Entry) -> Grade:
    """`meaning`: what is described (`value`), the topic, and the field if it has one."""
    measured = meaning["value"] in MEASURED
    open_when = meaning.get("open_when", True)
    value = PROBE if measured else "single" if meaning["value"] == "button" else open_when
    said = {"kind": meaning["value"], "value": PROBE if measured else "open" if "open_when" in meaning else True}
    if in_our_terms(said) is None:
        return Grade.RIGHT  # a description of something that we do not tell
    payload = {meaning["field"]: value} if "field" in meaning else value
    adapter = Every(["homeassistant"])
    adapter.hear(as_message(entry))
    text = payload if isinstance(payload, str) else json.dumps(payload)
    told = adapter.hear(as_message({"topic": meaning["state_topic"], "payload": text, "meaning": ()}, place=1))
    unit = entry["payload"].get("unit_of_measurement") if isinstance(entry["payload"], dict) else None
    return grade([said | ({"unit": unit} if unit else {})], Heard(told, Sieve().keep(told.facts)))


def _in_words(told: Told) -> str:
    said = ", ".join(f"{fact.kind} {fact.value:g}{'' if fact.plausible else ' (cannot be)'}" for fact in told.facts)
    return f"{told.by or 'nobody'}: {said or ('unread' if told.unread else 'nothing')}"


def show(lines: list[Graded], *, unknown: bool) -> None:
    """The totals, by integration too, and the lines that are wrong."""
    for line in lines:
        if line.grade is Grade.WRONG or (unknown and line.grade is Grade.UNKNOWN):
            meant = "; ".join(
                " ".join(f"{name}={value}" for name, value in one.items()) for one in line.entry["meaning"]
            )
            print(f"{line.grade.name.lower()} {line.entry['id']} ({line.entry.get('model', '')})")
            print(f"  expected {meant or 'nothing for care'}\n  said     {line.said}")
    by: dict[str, Counter[Grade]] = defaultdict(Counter)
    for line in lines:
        by[str(line.entry.get("integration", "?"))][line.grade] += 1
        by["all"][line.grade] += 1
    print(f"{'':24} right unknown wrong")
    for name, count in sorted(by.items(), key=lambda one: (one[0] == "all", one[0])):
        print(f"{name:24} {count[Grade.RIGHT]:5} {count[Grade.UNKNOWN]:7} {count[Grade.WRONG]:5}")
