"""What a recorded message means, as its file tells it, against what the gateway makes of it. Pure.

A meaning is an object with `kind` and `value`, and flags: `by_timer` (a bridge's timer made
it), `stale` (an old state repeated), `plausible: false`, `sos: true`, `at` (a record's own
time), `device` (of several in one message). `motion` and `presence` are taken for each
other: both say that somebody is there.
"""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Any

from gateway.adapters import Fact, Sort, Told, When
from gateway.messages import BUTTON_VALUE, Button, Kind
from gateway.outbox import Kept

ALIASES = {
    "linkquality": Kind.LINK_QUALITY,
    "availability": Kind.AVAILABLE,
    "carbon_monoxide": Kind.CO,
    "water_leak": Kind.LEAK,
    "occupancy": Kind.MOTION,
}
WORDS = {
    **dict.fromkeys(("open", "locked", "online", "on", "true", "detected", "wet", "occupied", "yes", "present"), 1.0),
    **dict.fromkeys(("closed", "unlocked", "offline", "off", "false", "clear", "dry", "vacant", "no", "absent"), 0.0),
}
UNCLEAR = frozenset({"unclear", "asleep", "unknown"})  # what the file itself does not know, or must not be told
DISPENSER = {
    "dispensed": 1.0,
    "taken": 1.0,
    "missed": 2.0,
    "lid_opened": 3.0,
    "opened": 3.0,
    "empty": 4.0,
    "fault": 5.0,
}
PER_UNIT = {"kWh": 1000.0, "MWh": 1e6, "kW": 1000.0, "mWh": 0.001, "mW": 0.001}
SOMEBODY = frozenset({Kind.MOTION, Kind.PRESENCE, Kind.CHAIR, Kind.BED})
# Saying one of these when it did not happen is a fault, also where the file does not speak of it.
NEVER_MADE_UP = frozenset(
    {Kind.BUTTON, Kind.SMOKE, Kind.CO, Kind.GAS, Kind.LEAK, Kind.FALL, Kind.VIBRATION, Kind.MEDICATION, Kind.TAMPER}
    | SOMEBODY
)
SAME_TIME = timedelta(seconds=1)


class Grade(IntEnum):
    RIGHT = 0
    UNKNOWN = 1
    WRONG = 2


@dataclass(frozen=True, slots=True)
class Heard:
    """One message's outcome: what the adapter said, what went on, what was said before in its group."""

    told: Told
    kept: list[Kept]
    before: frozenset[tuple[Kind, float]] = frozenset()


@dataclass(frozen=True, slots=True)
class Meant:
    """A meaning in the terms of the contract. `value` None: what the file itself calls unclear."""

    kind: Kind
    value: float | None
    device: str = ""
    at: datetime | None = None
    no_event: bool = False  # by a timer, stale: nothing new may come of it
    implausible: bool = False


def grade(meanings: Iterable[Mapping[str, Any]], heard: Heard) -> Grade:
    """The worst of what there is to say about the line."""
    listed = list(meanings)
    meant = [one for one in map(in_our_terms, listed) if one is not None]
    grades = [_grade_bridge(one, heard) for one in listed if one.get("of") == "bridge"]
    grades += [_grade_one(one, heard) for one in meant]
    kinds = {one.kind for one in meant} | (SOMEBODY if any(one.kind in SOMEBODY for one in meant) else set())
    if any(_is_made_up(reading, kinds) for reading in heard.kept):
        grades.append(Grade.WRONG)
    if not heard.told.by:
        grades.append(Grade.UNKNOWN)  # nobody's message: not even a sign of life
    return max(grades, default=Grade.RIGHT)


def in_our_terms(meaning: Mapping[str, Any]) -> Meant | None:
    """None: the contract has no word for it (a switch, a voltage), or it is about the bridge."""
    word, value = meaning.get("kind"), meaning.get("value")
    kind = ALIASES.get(str(word)) or (Kind(word) if word in set(Kind) else None)
    if kind is None or meaning.get("of") == "bridge":
        return None
    words = DISPENSER if kind is Kind.MEDICATION else WORDS
    if isinstance(value, str) and kind is not Kind.BUTTON and value.lower() not in words.keys() | UNCLEAR:
        return None
    at = meaning.get("at")
    return Meant(
        kind,
        _value(kind, value, meaning),
        device=_plain(str(meaning.get("device", ""))),
        at=datetime.fromisoformat(at) if at else None,
        no_event=bool(meaning.get("by_timer") or meaning.get("stale")),
        implausible=meaning.get("plausible") is False,
    )


def _value(kind: Kind, value: object, meaning: Mapping[str, Any]) -> float | None:
    if kind is Kind.BUTTON:
        return BUTTON_VALUE[Button.SOS if meaning.get("sos") else Button.OK]
    if isinstance(value, str):
        return (DISPENSER if kind is Kind.MEDICATION else WORDS).get(value.lower())
    return float(value) * PER_UNIT.get(str(meaning.get("unit")), 1.0) if isinstance(value, int | float) else None


def _plain(name: str) -> str:
    return "".join(letter for letter in name.lower() if letter.isalnum())


def _grade_bridge(meaning: Mapping[str, Any], heard: Heard) -> Grade:
    if heard.told.bridge is None:
        return Grade.UNKNOWN
    return Grade.RIGHT if heard.told.bridge is (meaning["value"] == "online") else Grade.WRONG


def _grade_one(meant: Meant, heard: Heard) -> Grade:
    same = SOMEBODY if meant.kind in SOMEBODY else {meant.kind}
    facts = [fact for fact in heard.told.facts if fact.kind in same and meant.device in _plain(fact.sensor)]
    kept = [reading for reading in heard.kept if reading.kind in same and meant.device in _plain(reading.sensor)]
    if meant.value is None:
        return Grade.WRONG if kept else Grade.RIGHT
    if meant.implausible:
        return Grade.WRONG if kept else Grade.RIGHT if facts else Grade.UNKNOWN
    if meant.no_event and any(_is_news(reading, meant) for reading in kept):
        return Grade.WRONG
    if not facts:
        over = meant.no_event and meant.kind is Kind.BUTTON  # a press that is over has nothing to say
        return Grade.RIGHT if over or (meant.kind, meant.value) in heard.before else Grade.UNKNOWN
    return Grade.RIGHT if all(_agrees(fact, meant) for fact in facts) else Grade.WRONG


def _is_news(reading: Kept, meant: Meant) -> bool:
    return reading.kind in NEVER_MADE_UP and (reading.value != 0 or reading.value != meant.value)


def _agrees(fact: Fact, meant: Meant) -> bool:
    """Says the same, as something plausible, and of the right time."""
    value = meant.value
    if value is None or not fact.plausible or not math.isclose(fact.value, value, rel_tol=0.005, abs_tol=0.051):
        return False
    if meant.at is not None:
        return fact.when is not When.NOW and abs(fact.at - meant.at) <= SAME_TIME
    return True


def _is_made_up(reading: Kept, meant: set[Kind]) -> bool:
    if reading.kind in meant:
        return False
    # What no line calls the room's temperature is that of a chip, a relay or a case.
    return reading.kind is Kind.TEMPERATURE or (reading.kind in NEVER_MADE_UP and reading.value != 0)


def news(told: Told) -> frozenset[tuple[Kind, float]]:
    """What a later line of the same group need not say again."""
    return frozenset((fact.kind, fact.value) for fact in told.facts if fact.sort is Sort.PULSE)
