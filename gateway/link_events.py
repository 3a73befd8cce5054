"""What passes between a connection and who uses it: where to, on which terms, and what happened."""

import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gateway.health import Problem

if TYPE_CHECKING:
    from gateway.link import Session


@dataclass(frozen=True, slots=True)
class Address:
    """Where a broker is, and as whom to speak to it."""

    host: str
    port: int
    client_id: str
    user: str | None = None
    password: str | None = None
    tls: ssl.SSLContext | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What a connection is for. `keeps_s`: how long the broker keeps messages for us while we are away."""

    topics: tuple[str, ...]
    will: tuple[str, bytes] | None = None
    or_not: tuple[str, ...] = ()
    """Topics that a broker may refuse us without harm."""
    keeps_s: int = 0
    manual_ack: bool = False
    waiting: threading.Semaphore | None = None
    """Taken for each message received; whoever has dealt with one gives it back."""


@dataclass(frozen=True, slots=True, eq=False)
class Up:
    session: "Session"


@dataclass(frozen=True, slots=True, eq=False)
class Down:
    """The connection is over, or never came to be. `code`: MQTT 5 reason, 0 for a network fault."""

    session: "Session"
    code: int
    why: str
    problem: Problem | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Came:
    session: "Session"
    topic: str
    payload: bytes
    retained: bool
    mid: int
    qos: int


@dataclass(frozen=True, slots=True, eq=False)
class Acknowledged:
    session: "Session"
    mid: int
    code: int


Event = Up | Down | Came | Acknowledged
Emit = Callable[[Event], None]
