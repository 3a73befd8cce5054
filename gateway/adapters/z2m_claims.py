"""What one Zigbee2MQTT payload claims, property by property. Pure.

Sources of what is odd here: Zigbee2MQTT's own device pages, and messages seen in homes.
"""

from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from gateway.adapters import Sort
from gateway.adapters.claims import CALLS, Claim, Pressed, counted, held, level, state
from gateway.adapters.fields import LOCKING, PRESSING, SHAKEN, action_word
from gateway.adapters.vocabulary import celsius, number, opened, parts, truth, watt_hours
from gateway.adapters.z2m_devices import Description
from gateway.messages import BUTTON_VALUE, Button, Kind

STATES = {
    "smoke": Kind.SMOKE,
    "carbon_monoxide": Kind.CO,
    "gas": Kind.GAS,
    "water_leak": Kind.LEAK,
    "tamper": Kind.TAMPER,
    "battery_low": Kind.BATTERY_LOW,
    "presence": Kind.PRESENCE,
}
# Enumerations of the same, of makes that have no yes or no for it.
STATE_WORDS = {"smoke_state": "smoke", "co_state": "carbon_monoxide", "gas_state": "gas"}
LEVELS = {
    "humidity": Kind.HUMIDITY,
    "power": Kind.POWER,
    "battery": Kind.BATTERY,
    "linkquality": Kind.LINK_QUALITY,
}
# A device with one of these measures its own chip, case or relay when it says "temperature", or a pipe, or the soil.
NO_THERMOMETER = frozenset(
    {"carbon_monoxide", "current", "device_temperature", "energy", "gas", "lock_state", "power", "soil_moisture"}
    | {"state", "water_leak"}
)
# With one of these it is a chip in whole degrees, or a thermometer of the room in tenths or hundredths.
MAYBE_THERMOMETER = frozenset({"action", "click", "contact", "occupancy", "presence", "smoke", "vibration"})
# Where one of these is, an `action` is not the press of a button unless it says so.
NO_BUTTON = frozenset(
    {"action_source", "action_user", "carbon_monoxide", "gas", "lock_state", "occupancy", "presence", "smoke"}
    | {"vibration", "water_leak"}
)
CALLING = ("sos", "emergency", "panic")
FALLEN = {"fall": True, "fallen": True, "none": False}  # "maybe_fall" tells nothing
# Radars that tell presence in words alone; "sensor_close" tells nothing.
PRESENT = dict.fromkeys(("none", "absence"), False) | dict.fromkeys(
    ("presence", "present", "move", "moving", "motion", "stationary", "peaceful", "small_movement", "large_movement"),
    True,
)
BATTERY_STATES = {"low": True, **dict.fromkeys(("medium", "middle", "normal", "high", "full", "charging"), False)}
LOCK_WORDS = {
    "lock_state": {"locked": True, "unlocked": False},
    "state": {"LOCK": True, "UNLOCK": False},
}


def claims(body: Mapping[str, object], device: Description) -> Iterator[Claim | Pressed]:
    """Everything these properties of this device tell. What is null or unreadable tells nothing."""
    known = body.keys() | device.properties.keys()
    for name, kind in STATES.items():
        value = truth(body.get(name), device.on.get(name))
        if value is not None:
            yield state(kind, value)
    for name, same in STATE_WORDS.items():
        alarmed = truth(_word(body, name), device.on.get(name))
        if alarmed is not None and same not in body:
            yield state(STATES[same], alarmed)
    for name, kind, words in (
        ("fall_down_status", Kind.FALL, FALLEN),
        ("battery_state", Kind.BATTERY_LOW, BATTERY_STATES),
    ):
        if _word(body, name) in words:
            yield state(kind, words[_word(body, name)])
    present = PRESENT.get(_word(body, presence_words(known, device) or "").lower())
    if present is not None:
        yield state(Kind.PRESENCE, present)
    yield from _openings(body)
    yield from _movements(body, device)
    yield from _levels(body, device, known)
    yield from _actions(body, known)


def presence_words(known: AbstractSet[str], device: Description) -> str | None:
    """The property of a radar that has only words for presence; some call it `state`, and list the words."""
    if known & {"occupancy", "presence"}:
        return None
    if "presence_state" in known:
        return "presence_state"
    return "state" if "presence" in device.words.get("state", ()) else None


def _openings(body: Mapping[str, object]) -> Iterator[Claim]:
    contact = body.get("contact", body.get("garage_door_contact"))
    open_, plain = opened(contact), contact.strip().lower() if isinstance(contact, str) else contact
    if open_ is None and plain in (True, False, "true", "false"):  # `contact: true` means that the magnet is there
        open_ = plain in (False, "false")  # another word, such as "on", does not say which
    if open_ is None:
        open_ = opened(body.get("door_state"))  # a lock that knows its door
    if open_ is not None:
        yield state(Kind.CONTACT, open_)
    locked = _locked(body)
    if locked is not None:
        yield state(Kind.LOCK, locked)


def _locked(body: Mapping[str, object]) -> bool | None:
    """By the lock's own state or by its action; some tell only one. A child lock is no lock of a door.

    Where they contradict each other one of them is old, and nobody can tell which.
    """
    told = {words[_word(body, name)] for name, words in LOCK_WORDS.items() if _word(body, name) in words}
    word = _word(body, "action")
    glued = parts(word)
    if glued and glued[-1] in LOCKING and "fail" not in word and "invalid" not in word:
        told.add(glued[-1].startswith("lock"))
    return told.pop() if len(told) == 1 else None


def _movements(body: Mapping[str, object], device: Description) -> Iterator[Claim]:
    moved = truth(body.get("occupancy"), device.on.get("occupancy"))
    if moved is not None:
        yield Claim(Kind.MOTION, float(moved), Sort.HELD_AGAIN if device.says_it_again else Sort.HELD)
    called = [truth(body.get(name), device.on.get(name)) for name in CALLING]
    sure = [one for one in called if one is not None]
    if sure:
        yield Claim(Kind.BUTTON, BUTTON_VALUE[Button.SOS] * any(sure), Sort.HELD)
    if _word(body, "action") in SHAKEN:
        yield Claim(Kind.VIBRATION, 1.0, Sort.PULSE)
    else:
        shaken = truth(body.get("vibration"), device.on.get("vibration"))
        if shaken is not None:
            yield held(Kind.VIBRATION, shaken)


def _levels(body: Mapping[str, object], device: Description, known: AbstractSet[str]) -> Iterator[Claim]:
    remote = {"action", "battery"} <= known  # a cube's "power" is a turn of it
    for name, kind in LEVELS.items():
        value = number(body.get(name))
        never = (kind is Kind.BATTERY and value == 0 and device.mains) or (kind is Kind.POWER and remote)
        if value is not None and not never:
            yield level(kind, value)
    yield from _temperature(body, device, known)
    light = number(body.get("illuminance_lux", None if "illuminance_lux" in known else body.get("illuminance")))
    if light is not None:  # where both are sent, `illuminance` is the raw number
        yield level(Kind.ILLUMINANCE, light)
    yield from _energy(body, device)


def _temperature(body: Mapping[str, object], device: Description, known: AbstractSet[str]) -> Iterator[Claim]:
    """That of the room; a thermostat calls it `local_temperature`."""
    for name in ("temperature", "local_temperature"):
        warm = number(body.get(name))
        if warm is not None and (name != "temperature" or is_room_thermometer(known, warm)):
            yield level(Kind.TEMPERATURE, celsius(warm, device.properties.get(name)))
            return


def _energy(body: Mapping[str, object], device: Description) -> Iterator[Claim]:
    """The counter; some call it `consumption`."""
    name = "energy" if "energy" in body else "consumption"
    used, unit = number(body.get(name)), device.properties.get(name)
    in_wh = watt_hours(used, unit or "kWh") if used is not None else None
    if in_wh is not None:
        yield counted(in_wh)


def is_room_thermometer(known: AbstractSet[str], value: float = 0) -> bool:
    """Whether `temperature` of a device with these properties is that of the room; for some its value tells."""
    if "humidity" in known:
        return True
    return not known & NO_THERMOMETER and not (known & MAYBE_THERMOMETER and float(value).is_integer())


def _actions(body: Mapping[str, object], known: AbstractSet[str]) -> Iterator[Pressed]:
    word = action_word(body.get("action")) or action_word(body.get("click"))
    if word is None:
        return
    said = set(parts(word))
    if not known & NO_BUTTON or said & CALLS or (said & PRESSING and "vibration" not in known):
        yield Pressed(word)  # a call is one whatever else the device is: a keypad also sees who comes near


def _word(body: Mapping[str, object], name: str) -> str:
    word = body.get(name)
    return word.strip() if isinstance(word, str) else ""
