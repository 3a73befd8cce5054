"""What a device of Zigbee2MQTT can tell, by what it exposes: before it has said a word. Pure.

Follows gateway/adapters/z2m_claims.py; a test holds the two together.
"""

from collections.abc import Iterator

from gateway.adapters.claims import CALLS
from gateway.adapters.fields import SHAKEN
from gateway.adapters.vocabulary import parts
from gateway.adapters.z2m_claims import CALLING, LEVELS, NO_BUTTON, STATES, is_room_thermometer, presence_words
from gateway.adapters.z2m_devices import Description
from gateway.device_list import MAX_WORDS, DeviceSaid, Power
from gateway.devices import Device
from gateway.messages import Kind

_ONE_FOR_ONE = {
    **STATES,
    **LEVELS,
    **dict.fromkeys(CALLING, Kind.BUTTON),
    "contact": Kind.CONTACT,
    "garage_door_contact": Kind.CONTACT,
    "door_state": Kind.CONTACT,
    "lock_state": Kind.LOCK,
    "occupancy": Kind.MOTION,
    "vibration": Kind.VIBRATION,
    "local_temperature": Kind.TEMPERATURE,
    "illuminance": Kind.ILLUMINANCE,
    "illuminance_lux": Kind.ILLUMINANCE,
    "energy": Kind.ENERGY,
    "consumption": Kind.ENERGY,
    "fall_down_status": Kind.FALL,
}


def said(device: Description, sensor: str, entry: Device) -> DeviceSaid:
    """A device under its sensor id, as it describes itself, and how it is used."""
    kinds = frozenset(_kinds(device))
    return DeviceSaid(
        sensor=sensor,
        name=one_line(device.name),
        make=one_line(device.make),
        model=one_line(device.model),
        kinds=tuple(sorted(kinds)),
        calls=Kind.BUTTON in kinds and _calls(device),
        power=Power.MAINS if device.mains else Power.BATTERY if device.battery else None,
        role=entry.role,
        invert=entry.invert,
        ignore=entry.ignore,
    )


def one_line(words: str | None) -> str | None:
    """What of these words can be told; None: nothing."""
    return "".join(letter for letter in (words or "") if letter.isprintable()).strip()[:MAX_WORDS].strip() or None


def _kinds(device: Description) -> Iterator[Kind]:
    names = device.properties.keys()
    for name in names:
        if name in _ONE_FOR_ONE:
            yield _ONE_FOR_ONE[name]
    if presence_words(names, device):
        yield Kind.PRESENCE
    if "battery_state" in names:
        yield Kind.BATTERY_LOW
    if "temperature" in names and is_room_thermometer(names):
        yield Kind.TEMPERATURE
    words = device.words.get("action", ())
    if SHAKEN & set(words):
        yield Kind.VIBRATION
    only_shakes = bool(words) and set(words) <= SHAKEN
    if {"action", "click"} & names and not only_shakes and (not names & NO_BUTTON or _calls(device)):
        yield Kind.BUTTON


def _calls(device: Description) -> bool:
    """Whether it has a word, or a property, that means a call for help."""
    words = {part for word in device.words.get("action", ()) for part in parts(word)}
    return bool(words & CALLS or set(CALLING) & device.properties.keys())
