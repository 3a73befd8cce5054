"""What the name of an ESPHome entity says about its state. Pure.

Units and classes are not on the topic, only a name that its maker chose. So a kind is
taken only from a plain name, and in the unit that ESPHome gives by default; else nothing.
"""

from collections.abc import Iterator

from gateway.adapters import Sort
from gateway.adapters.claims import CALLS, Claim, counted, held, level, state
from gateway.adapters.vocabulary import number, parts, watt_hours, watts
from gateway.messages import Kind

OPENED_MEDICINE = 3.0  # of Kind.MEDICATION
DOORS = frozenset({"door", "window", "gate", "drawer", "cupboard", "fridge", "freezer", "wardrobe", "garage"})
NO_DOOR = frozenset(
    {
        "bell",
        "doorbell",
        "lock",
        "locked",
        "unlocked",
        "button",
        "battery",
        "motion",
        "tamper",
        "light",
        "alarm",
        "press",
    }
)
MOVES = frozenset({"motion", "pir", "movement", "moving"})
SOMEBODY = frozenset({"presence", "occupancy", "occupied", "mmwave", "radar"})
BEDS = frozenset({"bed", "mattress"})
CHAIRS = frozenset({"chair", "sofa", "armchair", "couch", "seat", "recliner"})
FIRE = frozenset({"smoke"})
LEAKS = frozenset({"leak", "flood", "moisture", "wet", "leakage", "spill"})
SHAKES = frozenset({"vibration", "shake", "shock"})
FALLS = frozenset({"fall", "fallen"})
MEDICINES = frozenset({"medication", "medicine", "pill", "pills", "pillbox", "tablets", "dosette"})
PRESSES = frozenset({"button", "pendant", "cord", "press", "pushbutton"}) | CALLS
NOT_OF_THE_HOME = frozenset(
    {"status", "online", "connected", "connection", "update", "restart", "wifi", "ap", "problem", "fault", "enabled"}
)
NOT_OF_THE_ROOM = frozenset(
    {
        "cpu",
        "chip",
        "internal",
        "esp",
        "esp32",
        "esp8266",
        "mcu",
        "soc",
        "board",
        "core",
        "device",
        "processor",
        "heatsink",
    }
    | {"water", "boiler", "flow", "return", "tank", "oven", "freezer", "fridge", "soil", "dew", "point", "target"}
    | {"setpoint", "set", "inverter", "mos", "mosfet", "object", "body", "pool", "pipe", "radiator", "difference"}
)
NO_POWER = frozenset(
    {"factor", "reactive", "apparent", "status", "supply", "limit", "max", "min", "maximum", "minimum", "tx", "peak"}
)
NO_BATTERY = frozenset({"voltage", "current", "power", "temperature", "volt", "capacity", "energy", "raw", "mv", "v"})


def is_button(name: str) -> bool:
    """Whether an "on" of this binary sensor is a press. A bell at the door is rung by visitors."""
    words = set(parts(name))
    return bool(words & PRESSES) and not words & {"doorbell", "bell", "keypad", "lock", "restart"}


def binary_claims(name: str, *, on: bool) -> Iterator[Claim]:
    """Of a binary sensor that is no button."""
    words = set(parts(name))
    if words & NOT_OF_THE_HOME:
        return
    if words & MEDICINES:
        yield Claim(Kind.MEDICATION, OPENED_MEDICINE * on, Sort.HELD)
    elif words & MOVES:
        yield held(Kind.MOTION, on)
    elif words & SHAKES:
        yield held(Kind.VIBRATION, on)
    else:
        yield from _state(words, on=on)


def _state(words: set[str], *, on: bool) -> Iterator[Claim]:
    low_battery = {"battery", "low"} <= words
    kinds = (
        (bool(words & BEDS), Kind.BED),
        (bool(words & CHAIRS), Kind.CHAIR),
        (bool(words & SOMEBODY) and not words & (BEDS | CHAIRS), Kind.PRESENCE),
        (bool(words & FIRE), Kind.SMOKE),
        ("co" in words or {"carbon", "monoxide"} <= words, Kind.CO),
        ("gas" in words, Kind.GAS),
        (bool(words & LEAKS), Kind.LEAK),
        (bool(words & FALLS), Kind.FALL),
        ("tamper" in words, Kind.TAMPER),
        (low_battery, Kind.BATTERY_LOW),
        (bool(words & DOORS) and not words & NO_DOOR, Kind.CONTACT),
    )
    found = [kind for named, kind in kinds if named]
    if len(found) == 1:  # a name that says two things says nothing
        yield state(found[0], on is not bool(found[0] is Kind.CONTACT and words & {"closed", "shut"}))


def sensor_claims(name: str, said: str) -> Iterator[Claim]:
    """Of a sensor with a number: °C, %, lx, W as ESPHome has them; energy only where the name tells the unit."""
    words, value = set(parts(name)), number(said)
    if value is None:
        return
    unit = next((word for word in ("kwh", "wh", "kw") if word in words), None)
    if words & {"temperature", "temp"} and not words & NOT_OF_THE_ROOM:
        yield level(Kind.TEMPERATURE, value)
    elif words & {"humidity", "rh"} and not words & (NOT_OF_THE_ROOM | {"absolute"}):
        yield level(Kind.HUMIDITY, value)
    elif words & {"illuminance", "lux"}:
        yield level(Kind.ILLUMINANCE, value)
    elif words & {"power", "watts", "wattage"} and not words & NO_POWER:
        used = watts(value, "kW" if unit == "kw" else "W")
        yield from [level(Kind.POWER, used)] if used is not None else []
    elif "energy" in words and unit in ("kwh", "wh") and not words & {"yesterday", "today", "daily", "cost"}:
        counter = watt_hours(value, unit)
        yield from [counted(counter)] if counter is not None else []
    elif "battery" in words and not words & NO_BATTERY and (value > 5 or value.is_integer()):
        yield level(Kind.BATTERY, value)
