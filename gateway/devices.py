"""The per-device table: what a person has to say about single devices.

A JSON object: the device's IEEE address or friendly name -> an entry. Optional; a device
without an entry is mapped by what it says of itself.
"""

import json
from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, RootModel, ValidationError

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


class DeviceTable(RootModel[dict[Annotated[str, Field(min_length=1, max_length=256)], Device]]):
    """Entries by IEEE address or friendly name."""

    model_config = ConfigDict(frozen=True)
    root: dict[Annotated[str, Field(min_length=1, max_length=256)], Device] = Field(default_factory=dict)

    def find(self, *names: str | None) -> Device:
        """The entry of the first of these names that has one; else one that says nothing."""
        return next((self.root[name] for name in names if name is not None and name in self.root), NOTHING_SAID)


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
