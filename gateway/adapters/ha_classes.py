"""What an entity's state means, by Home Assistant's `device_class` first and by its name else. Pure.

The classes are those of Home Assistant's documentation. Its convention for openings is
"on is open", for a lock "on is unlocked".
"""

from collections.abc import Iterator

from gateway.adapters import Sort
from gateway.adapters.claims import Claim, Pressed, counted, held, level, state
from gateway.adapters.fields import action_word, battery_claims, field_claims
from gateway.adapters.vocabulary import celsius, locked, number, opened, parts, snake, watt_hours, watts
from gateway.messages import Kind

OPENINGS = frozenset({"door", "window", "opening", "garage_door"})
STATES = {
    "smoke": Kind.SMOKE,
    "carbon_monoxide": Kind.CO,
    "gas": Kind.GAS,
    "moisture": Kind.LEAK,
    "tamper": Kind.TAMPER,
    "battery": Kind.BATTERY_LOW,
    "presence": Kind.PRESENCE,
}
MOVEMENTS = {"motion": Kind.MOTION, "occupancy": Kind.MOTION, "vibration": Kind.VIBRATION}
NOT_THE_ROOM = frozenset(
    {"device", "chip", "cpu", "processor", "board", "core", "internal", "esp", "soc", "mcu", "target", "setpoint"}
    | {"water", "soil", "flow", "fridge", "freezer", "boiler", "relay"}
)
Said = Claim | Pressed


def binary_claims(device_class: str | None, name: str, on: bool) -> Iterator[Said]:
    """Of a binary sensor. `name`: its field or object id, asked only where there is no class."""
    if device_class in OPENINGS:
        yield state(Kind.CONTACT, on)
    elif device_class == "lock":
        yield state(Kind.LOCK, not on)
    elif device_class in STATES:
        yield state(STATES[device_class], on)
    elif device_class in MOVEMENTS:
        yield held(MOVEMENTS[device_class], on)
    elif device_class is None:
        yield from field_claims({name: on})


def sensor_claims(device_class: str | None, name: str, value: object, unit: object) -> Iterator[Said]:
    """Of a sensor: a measurement in this unit, or where it has no class what its name says."""
    found = number(value)
    if device_class in (None, "enum"):
        yield from _unclassed(name, value)
    elif device_class == "battery":
        yield from battery_claims(found if unit == "%" and found is not None and found > 0 else value)
    elif found is not None:
        yield from _measured(device_class, name, found, unit)


def _unclassed(name: str, value: object) -> Iterator[Said]:
    field = snake(name)
    if parts(field)[-1:] in (["action"], ["click"]):
        word = action_word(value)
        yield from [Pressed(word)] if word else []
    elif field.startswith("power") or not NOT_THE_ROOM & set(parts(field)):
        yield from field_claims({field: value})


def _measured(device_class: str, name: str, value: float, unit: object) -> Iterator[Said]:
    if device_class == "temperature" and not NOT_THE_ROOM & set(parts(name)):
        yield level(Kind.TEMPERATURE, celsius(value, unit))
    elif device_class == "humidity" and not NOT_THE_ROOM & set(parts(name)):
        yield level(Kind.HUMIDITY, value)
    elif device_class == "illuminance" and unit in ("lx", "lux", None):
        yield level(Kind.ILLUMINANCE, value)
    elif device_class == "power":
        used = watts(value, unit or "W")
        yield from [level(Kind.POWER, used)] if used is not None else []
    elif device_class == "energy":
        used = watt_hours(value, unit)
        yield from [counted(used)] if used is not None else []


def lock_claims(value: object) -> Iterator[Said]:
    yes = locked(value)
    if yes is not None:
        yield state(Kind.LOCK, yes)


def cover_claims(device_class: str | None, value: object) -> Iterator[Said]:
    """Of a cover that is a door; a blind is none."""
    yes = opened(value)
    if device_class in {"door", "garage", "gate", "window"} and yes is not None:
        yield state(Kind.CONTACT, yes)


def event_claims(device_class: str | None, kind_of_event: object) -> Iterator[Said]:
    """Of an event entity. A doorbell is pressed by somebody outside."""
    if isinstance(kind_of_event, str) and kind_of_event:
        if device_class == "motion":
            yield Claim(Kind.MOTION, 1.0, Sort.PULSE)
        elif device_class in (None, "button"):
            yield Pressed(kind_of_event)


def by_name(object_id: str) -> str | None:
    """The class that an entity's name ends with, where nothing else tells it."""
    words = parts(object_id)
    ends = {"_".join(words[-2:]), words[-1] if words else ""}
    return next((named for name, named in NAMES.items() if name in ends), None)


NAMES = {
    "contact": "opening",
    "door": "door",
    "window": "window",
    "opening": "opening",
    "motion": "motion",
    "occupancy": "occupancy",
    "presence": "presence",
    "smoke": "smoke",
    "carbon_monoxide": "carbon_monoxide",
    "gas": "gas",
    "water_leak": "moisture",
    "leak": "moisture",
    "flood": "moisture",
    "moisture": "moisture",
    "vibration": "vibration",
    "tamper": "tamper",
    "battery_low": "battery",
    "low_battery": "battery",
    "temperature": "temperature",
    "humidity": "humidity",
    "illuminance": "illuminance",
    "power": "power",
    "battery": "battery",
}
