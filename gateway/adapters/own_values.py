"""Values of the form for makers, and events in plain words. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from gateway.adapters import Sort
from gateway.adapters.claims import CALLS, PLAUSIBLE, Claim, Pressed, counted, held, level, state
from gateway.adapters.fields import field_claims
from gateway.adapters.vocabulary import locked, number, opened, parts, truth
from gateway.messages import Kind

MEDICATION = {"dispensed": 1.0, "missed": 2.0, "opened": 3.0, "empty": 4.0, "fault": 5.0}
STATES = frozenset(
    {
        Kind.PRESENCE,
        Kind.BED,
        Kind.CHAIR,
        Kind.SMOKE,
        Kind.CO,
        Kind.GAS,
        Kind.LEAK,
        Kind.TAMPER,
        Kind.BATTERY_LOW,
        Kind.MAINS,
    }
    | {Kind.AVAILABLE}
)
MOVEMENTS = frozenset({Kind.MOTION, Kind.VIBRATION, Kind.FALL})
NO_PRESS = frozenset({"", "0", "false", "none", "off"})
NOT_OURS = frozenset({Kind.BEAT, Kind.REMINDER})
PRESSING = {"button", "pressed", "press", "click", "clicked", "pushed"}
NOT_NOW = frozenset({"no", "not", "clear", "cleared", "ended", "end", "stopped", "off", "test", "false", "cancelled"})
LIDS = frozenset(
    {"pill", "pills", "lid", "box", "medication", "medicine", "dose", "compartment", "tablet", "dispenser"}
)


def own_claim(name: str, value: object) -> Iterator[Claim | Pressed]:
    """What this value of a kind of the contract says; nothing where it is no such kind or value."""
    kind = next((one for one in Kind if one.value == name and one not in NOT_OURS), None)
    if kind is Kind.BUTTON:
        word = str(value).strip()[:64]
        yield from [] if value is None or word.lower() in NO_PRESS else [Pressed(word)]
    elif kind is Kind.MEDICATION:
        yield from _medication(value)
    elif kind is not None:
        yield from _measured(kind, value)


def _medication(value: object) -> Iterator[Claim]:
    told = MEDICATION.get(value.strip().lower()) if isinstance(value, str) else None
    found = number(value) if told is None else told
    if found in MEDICATION.values():
        yield Claim(Kind.MEDICATION, found or 0.0, Sort.PULSE)


def _measured(kind: Kind, value: object) -> Iterator[Claim]:
    yes, found = truth(value), number(value)
    if kind in (Kind.CONTACT, Kind.LOCK):
        word = opened(value) if kind is Kind.CONTACT else locked(value)
        stands = yes if word is None else word
        yield from [] if stands is None else [state(kind, stands)]
    elif kind in STATES:
        yield from [] if yes is None else [state(kind, yes)]
    elif kind in MOVEMENTS:
        # a maker may never send the end of it: being told again is a new one
        yield from [] if yes is None else [replace(held(kind, yes), sort=Sort.HELD_AGAIN)]
    elif kind is Kind.ENERGY:
        yield from [] if found is None else [counted(found)]
    elif kind is Kind.VISIT:
        yield from [] if found is None else [Claim(kind, found, Sort.PULSE)]
    elif kind in PLAUSIBLE and found is not None:
        yield level(kind, found)


def plain_event(said: object) -> Iterator[Claim | Pressed]:
    """What an event's own words say, where they can mean only one thing.

    "pill_taken" is a lid that was opened: nobody knows more.
    """
    words = set(parts(said)) if isinstance(said, str) else set()
    if not words or words & NOT_NOW:
        return
    if words & LIDS:
        yield from _dispenser(words)
    elif words & CALLS or words & PRESSING:
        yield Pressed(str(said)[:64])
    elif words & {"door", "window"}:
        stands = [one for one in map(opened, words) if one is not None]
        yield from [state(Kind.CONTACT, stands[0])] if len(stands) == 1 else []
    else:
        kinds = {"motion": Kind.MOTION, "movement": Kind.MOTION, "fall": Kind.FALL, "fallen": Kind.FALL}
        yield from [Claim(kinds[word], 1.0, Sort.PULSE) for word in sorted(words & kinds.keys())][:1]


def named_values(body: Mapping[str, object]) -> Iterator[Claim | Pressed]:
    """What fields with plain names say. The end of a movement may never be told."""
    for one in field_claims(body):
        is_movement = isinstance(one, Claim) and one.kind in MOVEMENTS and one.sort is Sort.HELD
        yield replace(one, sort=Sort.HELD_AGAIN) if isinstance(one, Claim) and is_movement else one


def _dispenser(words: set[str]) -> Iterator[Claim]:
    found = [
        kind
        for kind, named in (
            ("missed", {"missed", "skipped", "forgotten"}),
            ("fault", {"fault", "jam", "jammed", "error", "blocked"}),
            ("empty", {"empty"}),
            ("dispensed", {"dispensed"}),
            ("opened", {"taken", "opened", "open"}),
        )
        if words & named
    ]
    if len(found) == 1:
        yield Claim(Kind.MEDICATION, MEDICATION[found[0]], Sort.PULSE)
