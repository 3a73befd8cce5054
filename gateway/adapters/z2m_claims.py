"""What one Zigbee2MQTT payload claims, property by property. Pure.

Sources of what is odd here: Zigbee2MQTT's own device pages, and messages seen in homes.
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from gateway.adapters import Sort
from gateway.adapters.z2m_devices import Description
from gateway.messages import BUTTON_VALUE, Button, Kind

# What fits a home. Outside of it a sensor is broken or its value was misread.
PLAUSIBLE = {
    Kind.TEMPERATURE: (-40.0, 60.0),
    Kind.HUMIDITY: (0.0, 100.0),
    Kind.ILLUMINANCE: (0.0, 200_000.0),
    Kind.POWER: (0.0, 25_000.0),
    Kind.ENERGY: (0.0, 1e9),
    Kind.BATTERY: (0.0, 100.0),
    Kind.LINK_QUALITY: (0.0, 255.0),
}
STATES = {
    "smoke": Kind.SMOKE,
    "carbon_monoxide": Kind.CO,
    "water_leak": Kind.LEAK,
    "tamper": Kind.TAMPER,
    "battery_low": Kind.BATTERY_LOW,
    "presence": Kind.PRESENCE,
}
LEVELS = {
    "humidity": Kind.HUMIDITY,
    "power": Kind.POWER,
    "battery": Kind.BATTERY,
    "linkquality": Kind.LINK_QUALITY,
}
# A device with one of these measures its own chip, case or relay when it says "temperature".
NO_THERMOMETER = frozenset(
    {
        "action",
        "carbon_monoxide",
        "click",
        "contact",
        "current",
        "energy",
        "gas",
        "lock_state",
        "power",
        "smoke",
        "state",
        "vibration",
        "water_leak",
    }
)
WATT_HOURS = {"Wh": 1.0, "kWh": 1000.0, "mWh": 0.001, None: 1000.0}
SHAKEN = frozenset({"vibration", "tilt", "drop"})
LOCKING = frozenset({"lock", "unlock"})
CALLS = frozenset({"sos", "emergency", "panic"})
_TRUE = {"true": True, "on": True, "false": False, "off": False}


@dataclass(frozen=True, slots=True)
class Claim:
    kind: Kind
    value: float
    sort: Sort
    plausible: bool = True


@dataclass(frozen=True, slots=True)
class Pressed:
    """A word on `action` (or the older `click`) that no other kind explains."""

    word: str

    @property
    def button(self) -> Button:
        """Whoever presses something we do not know is still somebody who pressed."""
        return Button.SOS if CALLS & set(_parts(self.word)) else Button.OK

    @property
    def value(self) -> float:
        return BUTTON_VALUE[self.button]

    @property
    def is_release(self) -> bool:
        return "release" in self.word.lower()


def claims(body: Mapping[str, object], device: Description) -> Iterator[Claim | Pressed]:
    """Everything these properties of this device tell. What is null or unreadable tells nothing."""
    known = body.keys() | device.properties.keys()
    for name, kind in STATES.items():
        value = truth(body.get(name), device.on.get(name))
        if value is not None:
            yield Claim(kind, float(value), Sort.STATE)
    yield from _openings(body)
    yield from _movements(body, device)
    yield from _levels(body, device, known)
    yield from _actions(body, known)


def _openings(body: Mapping[str, object]) -> Iterator[Claim]:
    shut = truth(body.get("contact"))
    if shut is not None:  # `contact: true` means that the magnet is there
        yield Claim(Kind.CONTACT, float(not shut), Sort.STATE)
    locked = _locked(body)
    if locked is not None:
        yield Claim(Kind.LOCK, float(locked), Sort.STATE)


def _locked(body: Mapping[str, object]) -> bool | None:
    """The lock's own state first; some only tell by an action. A child lock is no lock of a door."""
    for name, words in (("lock_state", ("locked", "unlocked")), ("state", ("LOCK", "UNLOCK"))):
        if body.get(name) in words:
            return body[name] == words[0]
    word = _word(body, "action")
    if "lock_state" not in body and "fail" not in word and "invalid" not in word:
        last = _parts(word)[-1]
        return last == "lock" if last in LOCKING else None
    return None


def _movements(body: Mapping[str, object], device: Description) -> Iterator[Claim]:
    moved = truth(body.get("occupancy"), device.on.get("occupancy"))
    if moved is not None:
        yield Claim(Kind.MOTION, float(moved), Sort.HELD_AGAIN if device.says_it_again else Sort.HELD)
    called = truth(body.get("sos"), device.on.get("sos"))
    if called is not None:
        yield Claim(Kind.BUTTON, BUTTON_VALUE[Button.SOS] * called, Sort.HELD)
    if _word(body, "action") in SHAKEN:
        yield Claim(Kind.VIBRATION, 1.0, Sort.PULSE)
    else:
        shaken = truth(body.get("vibration"), device.on.get("vibration"))
        if shaken is not None:
            yield Claim(Kind.VIBRATION, float(shaken), Sort.HELD)


def _levels(body: Mapping[str, object], device: Description, known: "set[str]") -> Iterator[Claim]:
    for name, kind in LEVELS.items():
        value = number(body.get(name))
        if value is not None and not (kind is Kind.BATTERY and value == 0 and device.mains):
            yield _level(kind, value)
    warm = number(body.get("temperature"))
    if warm is not None and is_room_thermometer(known):
        yield _level(Kind.TEMPERATURE, warm)
    light = number(body.get("illuminance_lux", None if "illuminance_lux" in known else body.get("illuminance")))
    if light is not None:  # where both are sent, `illuminance` is the raw number
        yield _level(Kind.ILLUMINANCE, light)
    used, unit = number(body.get("energy")), device.properties.get("energy")
    if used is not None and unit in WATT_HOURS:
        watt_hours = used * WATT_HOURS[unit]
        yield Claim(Kind.ENERGY, watt_hours, Sort.COUNT, _is_plausible(Kind.ENERGY, watt_hours))


def _level(kind: Kind, value: float) -> Claim:
    return Claim(kind, value, Sort.LEVEL, _is_plausible(kind, value))


def _is_plausible(kind: Kind, value: float) -> bool:
    lowest, highest = PLAUSIBLE[kind]
    return lowest <= value <= highest


def is_room_thermometer(known: "set[str]") -> bool:
    """Whether `temperature` of a device with these properties is that of the room."""
    return "humidity" in known or not known & NO_THERMOMETER


def _actions(body: Mapping[str, object], known: "set[str]") -> Iterator[Pressed]:
    word = _word(body, "action") or _word(body, "click")
    if not word or word in SHAKEN or LOCKING & set(_parts(word)):
        return
    if not known & {"presence", "occupancy", "lock_state"}:  # there an action is no press
        yield Pressed(word)


def _parts(word: str) -> list[str]:
    return re.split(r"[^a-z]+", word.lower())


def _word(body: Mapping[str, object], name: str) -> str:
    word = body.get(name)
    return word.strip() if isinstance(word, str) else ""


def truth(value: object, on: object = None) -> bool | None:
    """Yes, no, or nothing said."""
    if isinstance(value, bool):
        return value
    if isinstance(value, str):
        if isinstance(on, str):
            return value == on
        return _TRUE.get(value.strip().lower())
    return bool(value) if value in (0, 1) else None


def number(value: object) -> float | None:
    """A finite number, also where it is written as a text; None says that it was never read."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = float(value)
    except (ValueError, OverflowError):
        return None
    return found if math.isfinite(found) else None
