"""What a gateway tells of its devices, retained on `devices`: also of those that have not spoken yet. Pure.

Sent when it changes. It holds what the devices say of themselves and how the gateway uses each;
never what they measured.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from gateway.devices import Role
from gateway.messages import Id, Kind, Message

MOST_DEVICES = 200
MAX_WORDS = 48

Words = Annotated[str, Field(min_length=1, max_length=MAX_WORDS, pattern=r"^[^\x00-\x1f\x7f]+$")]
"""One line of a maker's or a person's words."""


class Power(StrEnum):
    MAINS = "mains"
    BATTERY = "battery"


class DeviceSaid(Message):
    """One sensor. What nobody has told is left out."""

    sensor: Id
    """Its id in readings."""
    name: Words | None = None
    """What it is called in the home."""
    make: Words | None = None
    model: Words | None = None
    kinds: Annotated[tuple[Kind, ...], Field(max_length=len(Kind))] = ()
    """What it can tell."""
    calls: bool = False
    """It is a button that says itself that a press is a call for help."""
    power: Power | None = None
    role: Role | None = None
    """What it is used as, by the server's settings or by those in the home."""
    invert: bool = False
    ignore: bool = False


class DeviceList(Message):
    """All of them; of too many the first. Retained."""

    v: Literal[1] = 1
    devices: Annotated[tuple[DeviceSaid, ...], Field(max_length=MOST_DEVICES)] = ()
    left_out: Annotated[int, Field(ge=0, lt=2**31)] = 0
