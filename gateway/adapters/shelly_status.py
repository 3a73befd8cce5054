"""The JSON that Gen1 Shellys send as `status` and `info`. Pure.

A motion sensor's is flat (`"motion": true, "lux": 20, "bat": 97`); `info` is what the
device's web page shows, nested (`"bat": {"value": 97}, "lux": {"value": 20}`).
"""

from collections.abc import Iterator, Mapping

from gateway.adapters.claims import Claim, counted, held, level, state
from gateway.adapters.vocabulary import celsius, number, opened, truth
from gateway.messages import Kind

WATT_HOURS_PER_WATT_MINUTE = 1 / 60
SUNLIT_LX = 5000.0
"""So bright is only the sun itself; a sensor that it shines on is hotter than its room."""


def status_claims(body: Mapping[str, object]) -> Iterator[Claim]:
    """What is not valid, or has no kind, tells nothing."""
    inner = body.get("sensor")
    said = {**body, **inner} if isinstance(inner, dict) else dict(body)
    for name, kind in (("motion", Kind.MOTION), ("vibration", Kind.VIBRATION)):
        moved = truth(said.get(name))
        if moved is not None:
            yield held(kind, moved)
    shaken = _inside(body, "accel", "vibration")
    if shaken in (0, 1):
        yield held(Kind.VIBRATION, bool(shaken))
    for name, kind in (("flood", Kind.LEAK), ("smoke", Kind.SMOKE)):
        found = truth(said.get(name))
        if found is not None:
            yield state(kind, found)
    stands = opened(said.get("state"))
    if stands is not None:
        yield state(Kind.CONTACT, stands)
    yield from _measured(body)
    yield from _metered(body)


def _measured(body: Mapping[str, object]) -> Iterator[Claim]:
    light, battery, damp = (_value(body, name) for name in ("lux", "bat", "hum"))
    if light is not None:
        yield level(Kind.ILLUMINANCE, light)
    if battery is not None:
        yield level(Kind.BATTERY, battery)
    if damp is not None:
        yield level(Kind.HUMIDITY, damp)
    valves = body.get("thermostats")
    place = valves[0] if isinstance(valves, list) and valves and isinstance(valves[0], dict) else body
    warm = _value(place, "tmp")
    if warm is not None and (light or 0) < SUNLIT_LX and not _has_relay(body):
        units = _inside(place, "tmp", "units")
        yield level(Kind.TEMPERATURE, celsius(warm, units))


def _metered(body: Mapping[str, object]) -> Iterator[Claim]:
    """The first meter only: `info` repeats what each channel's own topics say."""
    for name, per_unit in (("meters", WATT_HOURS_PER_WATT_MINUTE), ("emeters", 1.0)):
        meters = body.get(name)
        if isinstance(meters, list) and meters and isinstance(meters[0], dict) and meters[0].get("is_valid") is True:
            power, total = number(meters[0].get("power")), number(meters[0].get("total"))
            if power is not None:
                yield level(Kind.POWER, power)
            if total is not None:
                yield counted(total * per_unit)


def _has_relay(body: Mapping[str, object]) -> bool:
    return any(name in body for name in ("relays", "rollers", "lights", "meters", "emeters"))


def _value(body: Mapping[str, object], name: str) -> float | None:
    """`"lux": 20` or `"lux": {"value": 20, "is_valid": true}`; -1 and the like stand for "not measured"."""
    said = body.get(name)
    if isinstance(said, dict):
        return number(said.get("value")) if said.get("is_valid") is not False else None
    value = number(said)
    return None if value is not None and name in ("lux", "bat") and value < 0 else value


def _inside(body: Mapping[str, object], name: str, inner: str) -> object:
    said = body.get(name)
    return said.get(inner) if isinstance(said, dict) else None
