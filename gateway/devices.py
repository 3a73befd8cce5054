"""The per-device table: what a person has to say about single devices.

A JSON object: the device's IEEE address or friendly name -> an entry. Optional; a device
without an entry is mapped by what it says of itself. Over it goes what the server says of
single sensors (`Setting`, in the config), which may change while the gateway runs.
"""

import json
from collections.abc import Iterable
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PrivateAttr, RootModel, ValidationError

from gateway.ids import fitting_id
from gateway.messages import Id


class Role(StrEnum):
    """What a device is used as, where it cannot say so itself."""

    SOS = "sos"  # every press calls for help
    CANCEL = "cancel"  # every press cancels
    BED = "bed"  # a mat or contact whose closed circuit means: somebody is in bed
    CHAIR = "chair"
    DOOR = "door"  # a switch input at a door: on is open, unless inverted
    MOTION = "motion"  # a switch input at a motion detector: on is a movement


class Device(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    sensor: Id | None = None
    """Its sensor id on the wire; else the device's own address or name."""
    invert: bool = False
    """Its contact says the opposite of what others say."""
    role: Role | None = None
    ignore: bool = False


class Setting(BaseModel):
    """What the server says of one sensor. What it does not say (None) is as the table has it."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    sensor: Id
    role: Role | Literal["plain"] | None = None
    """`plain`: what it says of itself, whatever the table has."""
    invert: bool | None = None
    ignore: bool | None = None

    def number(self) -> float:
        """Another for each other thing to say; 0: nothing is said."""
        roles = (None, "plain", *Role)
        said = {None: 0, False: 1, True: 2}
        return float(roles.index(self.role) * 9 + said[self.invert] * 3 + said[self.ignore])

    def over(self, entry: Device) -> Device:
        """The entry with this put over it."""
        role = entry.role if self.role is None else None if self.role == "plain" else self.role
        return Device(
            sensor=entry.sensor,
            role=role,
            invert=entry.invert if self.invert is None else self.invert,
            ignore=entry.ignore if self.ignore is None else self.ignore,
        )


class DeviceTable(RootModel[dict[Annotated[str, Field(min_length=1, max_length=256)], Device]]):
    """Entries by IEEE address or friendly name; and the server's settings by sensor id."""

    model_config = ConfigDict(frozen=True)
    root: dict[Annotated[str, Field(min_length=1, max_length=256)], Device] = Field(default_factory=dict)
    _settings: dict[str, Setting] = PrivateAttr(default_factory=dict)

    def use(self, settings: Iterable[Setting]) -> None:
        """From now on the server says this, and nothing else."""
        self._settings = {one.sensor: one for one in settings}

    def find(self, *names: str | None) -> Device:
        """The entry of the first of these names that has one; else one that says nothing.

        With the server's setting, where the first name is that of the sensor: what a switch input is
        used as must be known before there is a sensor. `of` is the last word.
        """
        entry = next((self.root[name] for name in names if name is not None and name in self.root), NOTHING_SAID)
        if not self._settings:
            return entry
        first = next((name for name in names if name is not None), "")
        likely = (entry.sensor, *(fitting_id(first.replace("/", mark)) for mark in "/:."))
        said = next((self._settings[one] for one in likely if one is not None and one in self._settings), None)
        return said.over(entry) if said else entry

    def of(self, sensor: str, entry: Device) -> Device:
        """The entry of a sensor by its id, with what the server says of it."""
        said = self._settings.get(sensor)
        return said.over(entry) if said else entry

    def ignores(self, sensor: str) -> bool:
        """Whether the server wants it ignored."""
        said = self._settings.get(sensor)
        return said is not None and said.ignore is True


NOTHING_SAID = Device()


class DeviceTableError(Exception):
    """Says in a sentence what is wrong with the file."""


def read_devices(path: Path | None) -> DeviceTable:
    """The table in this file; raises DeviceTableError."""
    if path is None:
        return DeviceTable()
    try:
        return DeviceTable.model_validate(json.loads(path.read_text()))
    except OSError as error:
        raise DeviceTableError(f"{path}: {error.strerror}") from None
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise DeviceTableError(f"{path}, {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    except ValueError as error:  # not JSON, or not text
        raise DeviceTableError(f"{path}: {error}") from None
