"""Objects of BTHome, by the names that decoders give them. Pure.

Source: the BTHome format, version 2 (bthome.io/format). Every binary sensor has a fixed
sense there: 1 is open, wet, moving, unlocked.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from gateway.adapters import Sort
from gateway.adapters.claims import Claim, Pressed, counted, held, level, state
from gateway.adapters.vocabulary import number, opened, truth
from gateway.messages import Kind

OPENINGS = ("window", "door", "opening", "garage_door")
STATES = {
    "smoke": Kind.SMOKE,
    "carbon_monoxide": Kind.CO,
    "gas": Kind.GAS,
    "moisture": Kind.LEAK,
    "water_leak": Kind.LEAK,
    "tamper": Kind.TAMPER,
    "battery_low": Kind.BATTERY_LOW,
    "low_battery": Kind.BATTERY_LOW,
    "presence": Kind.PRESENCE,
}
MOVEMENTS = {"motion": Kind.MOTION, "moving": Kind.MOTION, "occupancy": Kind.MOTION, "vibration": Kind.VIBRATION}
LEVELS = {
    "temperature": Kind.TEMPERATURE,
    "humidity": Kind.HUMIDITY,
    "illuminance": Kind.ILLUMINANCE,
    "battery": Kind.BATTERY,
    "power": Kind.POWER,
}
NO_PRESS = frozenset({"", "none", "0"})
WATT_HOURS_PER_KWH = 1000.0


def bthome_claims(body: Mapping[str, object]) -> Iterator[Claim | Pressed]:
    """Everything these objects tell. An object sent twice in one advert (two probes) is a list: its first."""
    said = {name: _first(value) for name, value in body.items()}
    yield from _states(said)
    for name, kind in LEVELS.items():
        value = number(said.get(name))
        if value is not None:
            yield level(kind, value)
    used = number(said.get("energy"))
    if used is not None:
        yield counted(used * WATT_HOURS_PER_KWH)
    yield from _presses(body)


def _states(said: Mapping[str, object]) -> Iterator[Claim]:
    openings = [stands for stands in (_open(said.get(name)) for name in OPENINGS) if stands is not None]
    yield from (state(Kind.CONTACT, stands) for stands in openings[:1])
    for name, kind in STATES.items():
        yes = truth(said.get(name))
        if yes is not None:
            yield state(kind, yes)
    for name, kind in MOVEMENTS.items():
        yes = truth(said.get(name))
        if yes is not None:  # the advert that says "no more" may be lost
            yield replace(held(kind, yes), sort=Sort.HELD_AGAIN)
    unlocked = truth(said.get("lock"))
    if unlocked is not None:
        yield state(Kind.LOCK, not unlocked)


def _first(value: object) -> object:
    return value[0] if isinstance(value, list) and value else value


def _open(value: object) -> bool | None:
    stands = opened(value)
    return truth(value) if stands is None else stands


def _presses(body: Mapping[str, object]) -> Iterator[Pressed]:
    """`button`: 0 none, 1 press, 2 double, 3 triple, 4 and above long ones; one for each key.

    A turned dial is somebody's hand too.
    """
    for name in ("button", "dimmer"):
        said = body.get(name)
        for key, value in enumerate(said[:16] if isinstance(said, list) else [said]):
            word = value.get("event", value.get("steps")) if isinstance(value, dict) else value
            if word is not None and not isinstance(word, bool) and str(word).strip().lower() not in NO_PRESS:
                yield Pressed(f"{name} {key} {str(word)[:64]} {body.get('pid', '')}")
