"""Readings on their way: what waits, and what has a number. Pure."""

from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum

from gateway.messages import Kind


class Rank(IntEnum):
    """What goes first when the disk allowance is full (lowest), and last."""

    REPEAT = 0  # measurements, repeats
    EVENT = 1
    URGENT = 2  # never dropped


@dataclass(frozen=True, slots=True)
class Kept:
    """A reading that waits to be sent. `at` is aware; `sensor` fits messages.Id."""

    sensor: str
    kind: Kind
    value: float
    at: datetime
    rank: Rank = Rank.EVENT


@dataclass(frozen=True, slots=True)
class Numbered:
    """A reading with its key. `at_us` is microseconds since 1970, UTC."""

    boot_number: int
    boot: str
    seq: int
    rank: Rank
    sensor: str
    kind: str
    value: float
    at_us: int
