"""What a Zigbee device says through a Tasmota bridge (`ZbReceived`): only what has just changed. Pure.

The attribute names are Tasmota's own; its documentation and messages of homes are the source.
"""

import re
from collections.abc import Iterator, Mapping

from gateway.adapters import Sort
from gateway.adapters.claims import Claim, Pressed, held, level, state
from gateway.adapters.fields import is_room_thermometer
from gateway.adapters.vocabulary import number, snake, truth
from gateway.messages import BUTTON_VALUE, Button, Kind

STATES = {
    "Contact": Kind.CONTACT,  # 1 is open, unlike the `contact` of Zigbee2MQTT
    "Fire": Kind.SMOKE,
    "Smoke": Kind.SMOKE,
    "CO": Kind.CO,
    "Gas": Kind.GAS,
    "Water": Kind.LEAK,
}
MOVEMENTS = {"Occupancy": Kind.MOTION, "Movement": Kind.VIBRATION, "Vibration": Kind.VIBRATION}
LEVELS = {
    "Humidity": Kind.HUMIDITY,
    "ActivePower": Kind.POWER,  # `Power` is the relay
    "BatteryPercentage": Kind.BATTERY,
    "LinkQuality": Kind.LINK_QUALITY,
}
ZONES = ("Contact", "Occupancy", "Fire", "Water", "CO", "Gas")  # what the alarm of a device can be about
ZONE_TYPES = {0x0D: "Occupancy", 0x15: "Contact", 0x28: "Fire", 0x2A: "Water", 0x2B: "CO"}  # Zigbee Cluster Library
LOCK = {1: True, 2: False}  # 0: not fully locked
DOOR = {0: True, 1: False}  # of a lock: 0 is open
CLICKS = ("Click", "click", "Action", "action", "ArrowClick", "ArrowHold", "TuyaButton")
ALARM_PANEL = {"0501!02": "emergency", "0501!03": "fire", "0501!04": "panic"}
MOVED = "0006!42"  # "on, and off again after a while": what motion sensors say to a lamp
_REMOTE = re.compile(r"(?:0005|0006|0008|0102|0300|0501)![0-9A-F]{2}")  # a command from it: it is a remote


def zone_of(body: Mapping[str, object]) -> str | None:
    """What this device gives alarm of, if it says so."""
    kind = body.get("ZoneType")
    return next((name for name in ZONES if name in body), ZONE_TYPES.get(kind) if isinstance(kind, int) else None)


def zigbee_claims(body: Mapping[str, object], zone: str | None = None) -> Iterator[Claim | Pressed]:
    """`zone`: what an alarm that does not say it is about, as this device has told before."""
    alarm = body.get("ZoneStatusChange")
    if zone is not None and zone not in body and isinstance(alarm, int):
        bits = 0b01 if zone in ("Contact", "Occupancy") else 0b11
        body = {**body, zone: bool(alarm & bits)}
    for name, kind in STATES.items():
        yes = truth(body.get(name))
        if yes is not None:
            yield state(kind, yes)
    for name, kind in MOVEMENTS.items():
        yes = truth(body.get(name))
        if yes is not None:
            yield held(kind, yes)
    if MOVED in body:
        yield Claim(Kind.MOTION, 1.0, Sort.PULSE)
    called = truth(body.get("PersonalAlarm"))
    if called is not None:
        yield Claim(Kind.BUTTON, BUTTON_VALUE[Button.SOS] * called, Sort.HELD)
    if isinstance(body.get("AqaraVibrationMode"), str):
        yield Claim(Kind.VIBRATION, 1.0, Sort.PULSE)
    yield from _enumerated(body)
    yield from _measured(body)
    yield from _presses(body)


def _enumerated(body: Mapping[str, object]) -> Iterator[Claim]:
    for name, kind, meanings in (("LockState", Kind.LOCK, LOCK), ("DoorState", Kind.CONTACT, DOOR)):
        said = body.get(name)
        if isinstance(said, int) and said in meanings:
            yield state(kind, meanings[said])


def _measured(body: Mapping[str, object]) -> Iterator[Claim]:
    for name, kind in LEVELS.items():
        value = number(body.get(name))
        if value is not None:
            yield level(kind, value)
    warm = number(body.get("Temperature"))
    if warm is not None and is_room_thermometer({snake(name) for name in body}):
        yield level(Kind.TEMPERATURE, warm)


def _presses(body: Mapping[str, object]) -> Iterator[Pressed]:
    for name in CLICKS:
        word = body.get(name)
        if isinstance(word, str) and word:
            yield Pressed(word)
            return
    for name in body:
        if _REMOTE.fullmatch(name) and name != MOVED:
            yield Pressed(ALARM_PANEL.get(name, name))
            return
