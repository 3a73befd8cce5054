"""The devices of a home as Zigbee2MQTT reports them. Pure: events in, messages out.

Shaped like the real thing, with its traps: every message is the whole state again, some
come twice, `occupancy: false` is a timer's, contact `true` means shut, and availability is
retained. Ids are invented.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any, Literal

from gateway.clock import EPOCH
from gateway.messages import Kind
from simulators.street.days import Event
from simulators.street.people import Resident

OCCUPIED_S = 60
"""After this long the bridge's timer says `occupancy: false`; just before the sensor may speak again."""

Role = Literal["room", "outside_door", "fridge_door"]


@dataclass(frozen=True, slots=True)
class Device:
    """One sensor: where it is, what it is for, and its Zigbee address."""

    place: str
    role: Role
    address: str

    @property
    def name(self) -> str:
        """Its friendly name, which is also its topic."""
        return f"{self.place} {'motion' if self.role == 'room' else 'contact'}"

    @property
    def kind(self) -> Kind:
        return Kind.MOTION if self.role == "room" else Kind.CONTACT

    def described(self) -> dict[str, Any]:
        """Its entry in `bridge/devices`."""
        return {
            "ieee_address": self.address,
            "friendly_name": self.name,
            "type": "EndDevice",
            "supported": True,
            "disabled": False,
            "interview_completed": True,
            "power_source": "Battery",
            "definition": {
                "model": "HL-MOTION" if self.role == "room" else "HL-CONTACT",
                "vendor": "Hearthlight street",
                "description": "Motion sensor" if self.role == "room" else "Contact sensor",
                "exposes": [_exposed(self.role), _BATTERY, _LINK],
            },
        }


def _exposed(role: Role) -> dict[str, Any]:
    if role == "room":
        return {"type": "binary", "name": "occupancy", "property": "occupancy", "value_on": True, "value_off": False}
    return {"type": "binary", "name": "contact", "property": "contact", "value_on": False, "value_off": True}


_BATTERY = {"type": "numeric", "name": "battery", "property": "battery", "unit": "%", "value_min": 0, "value_max": 100}
_LINK = {"type": "numeric", "name": "linkquality", "property": "linkquality", "unit": "lqi"}

_FITTED: tuple[tuple[str, Role], ...] = (
    ("kitchen", "room"),
    ("bathroom", "room"),
    ("bedroom", "room"),
    ("lounge", "room"),
    ("hallway", "room"),
    ("front door", "outside_door"),
    ("back door", "outside_door"),
    ("fridge", "fridge_door"),
)


def devices_of(resident: Resident) -> tuple[Device, ...]:
    """What is fitted in this resident's home."""
    return tuple(Device(place, role, _address(f"{resident.key}/{place}")) for place, role in _FITTED)


def _address(seed: str) -> str:
    return "0x7e57" + hashlib.sha256(seed.encode()).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class Publish:
    """One message for the home's broker; the topic is below the home's base topic."""

    topic: str
    payload: str
    at: datetime = EPOCH
    retain: bool = False


def introductions(devices: Iterable[Device]) -> list[Publish]:
    """What Zigbee2MQTT says when it starts; all retained."""
    devices = list(devices)
    described = [{"ieee_address": _address("coordinator"), "type": "Coordinator", "definition": None}]
    described += [device.described() for device in devices]
    online = json.dumps({"state": "online"})
    return [
        Publish("bridge/devices", json.dumps(described), retain=True),
        *(Publish(f"{device.name}/availability", online, retain=True) for device in devices),
        Publish("bridge/state", online, retain=True),
    ]


def reports(device: Device, events: Iterable[Event], dice: Random) -> Iterator[Publish]:
    """The messages of one device for its events of a day, in order of time.

    Now and then a report of the battery repeats the state, and a message comes twice.
    """
    battery = dice.randint(55, 100)
    for event in events:
        state = _state(device, event.value)
        yield from _said(device, event.at, state, battery, dice)
        if device.role == "room":
            yield from _said(device, event.at + timedelta(seconds=OCCUPIED_S), _state(device, 0), battery, dice)
        elif dice.random() < 0.1:
            yield _report(device, event.at + timedelta(milliseconds=400), state, battery, dice)


def _state(device: Device, value: int) -> dict[str, bool]:
    return {"occupancy": value == 1} if device.role == "room" else {"contact": value == 0}


def _said(device: Device, at: datetime, state: dict[str, bool], battery: int, dice: Random) -> Iterator[Publish]:
    yield _report(device, at, state, battery, dice)
    if dice.random() < 0.1:  # the same again within the second, as real devices do
        yield _report(device, at + timedelta(milliseconds=150), state, battery, dice)


def _report(device: Device, at: datetime, state: dict[str, bool], battery: int, dice: Random) -> Publish:
    seen = f"{at:%Y-%m-%dT%H:%M:%S}.{at.microsecond // 1000:03}Z"
    whole = {
        **state,
        "battery": battery,
        "linkquality": dice.randint(60, 220),
        "voltage": 2900 + battery,
        "last_seen": seen,
    }
    return Publish(device.name, json.dumps(whole), at)
