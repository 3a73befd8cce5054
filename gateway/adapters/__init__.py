"""The seam for integrations: a message in, what it says out. No network, no clock, no disk.

An adapter translates one integration's messages into facts; what is worth keeping of
them is decided elsewhere (gateway/sieve.py), the same for all integrations.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Protocol

from gateway.messages import Kind


class Sort(Enum):
    """How a fact behaves, which decides what of it is worth keeping."""

    STATE = auto()  # holds until it changes: a door, a lock
    PULSE = auto()  # happens once: a press
    HELD = auto()  # on is an event; off is only a timer and says nothing
    HELD_AGAIN = auto()  # the same, and being told "on" again means that it happened again
    LEVEL = auto()  # a measurement
    COUNT = auto()  # a counter that only rises; its differences are the readings


@dataclass(frozen=True, slots=True)
class Message:
    """As it came from the home's broker. `at`: when it arrived."""

    topic: str
    payload: bytes
    retained: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing that a message says. `value` in the unit of its kind (COUNT: the counter)."""

    sensor: str
    kind: Kind
    value: float
    sort: Sort
    at: datetime
    plausible: bool = True


@dataclass(frozen=True, slots=True)
class Told:
    """What a message says: facts, who showed that it is alive, and whether the bridge is up."""

    facts: tuple[Fact, ...] = ()
    alive: str | None = None
    bridge: bool | None = None
    unread: bool = False
    """It came from a device, and nothing could be made of it."""


NOTHING = Told()


class Adapter(Protocol):
    def topics(self) -> tuple[str, ...]:
        """What to subscribe to; what describes the devices comes first."""

    def hear(self, message: Message) -> Told: ...
