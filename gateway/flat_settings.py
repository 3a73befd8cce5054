"""The settings of one flat among many: the environment's, and over them those of the flat's own folder.

A flat's folder is what `python -m gateway setup --folder` has written, with a table of its devices beside
it (`devices.json`); its outbox and all that lies beside that come to be there too.
"""

import os
import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from gateway.adapters.belonging import devices_of
from gateway.assembling import read_table
from gateway.home_settings import HomeSettings
from gateway.set_up import ENV
from gateway.settings import CannotStartError, made, text_of

DEVICES, OUTBOX = "devices.json", "outbox.sqlite"
OWN = {"broker_user": None, "broker_password": None, "page_port": None}
"""What no flat has from the environment, where it does not say so itself."""
PATHS = ("outbox", "devices", "broker_ca", "broker_certificate", "broker_key")
BY_NETWORK = frozenset({"chirpstack", "things_stack"})
MAX_BYTES = 64 * 1024


@dataclass(frozen=True, slots=True)
class Flat:
    """A flat that can be run. `devices`: the names and addresses that are its own."""

    folder: Path
    settings: HomeSettings
    devices: frozenset[str]

    @property
    def own(self) -> Iterator[tuple[str, str]]:
        """What only one flat may have: (what it is, the thing itself)."""
        yield "gateway", self.settings.gateway
        yield from (("device", one) for one in sorted(self.devices))
        broker = f"{self.settings.home_broker_host}:{self.settings.home_broker_port}"
        for name in sorted(set(self.settings.integrations) - BY_NETWORK):
            base = f" below {self.settings.zigbee2mqtt_topic}" if name == "zigbee2mqtt" else ""
            yield "source", f"{name}{base} at {broker}"


def folders_in(folder: Path) -> list[Path]:
    """The flats that are set up in there."""
    return sorted(one for one in folder.iterdir() if os.path.exists(one / ENV))  # noqa: PTH110 (a folder we may not look into is none)


def read_flat(folder: Path) -> Flat:
    """Raises CannotStartError with a sentence that names the file."""
    variables = _variables(folder / ENV)
    own = {name.removeprefix("HEARTH_").lower(): text for name, text in variables.items() if name.startswith("HEARTH_")}
    devices = folder / DEVICES
    given: dict[str, object] = {**OWN, "outbox": OUTBOX, "devices": devices if os.path.exists(devices) else None}  # noqa: PTH110
    given |= {"only_devices": True} | {name: text for name, text in own.items() if name in HomeSettings.model_fields}
    for name, path in own.items():
        field = name.removesuffix("_file")
        if name.endswith("_file") and field in HomeSettings.model_fields:
            given[field] = text_of(f"HEARTH_{name.upper()}", folder / path)
    given |= {name: folder / str(given[name]) for name in PATHS if given.get(name)}
    if "gateway" not in own:
        raise CannotStartError(f"{folder / ENV}: HEARTH_GATEWAY is not there")
    settings = made(HomeSettings, given)
    return Flat(folder, settings, devices_of(read_table(settings)))


def _variables(path: Path) -> Mapping[str, str]:
    """As a shell and systemd read such a file: NAME=value, quoted where it has to be."""
    try:
        with path.open() as file:
            text = file.read(MAX_BYTES)
    except (OSError, UnicodeDecodeError) as error:
        raise CannotStartError(f"{path}: {getattr(error, 'strerror', None) or 'not a text'}") from None
    found = {}
    for number, line in enumerate(text.splitlines(), 1):
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if not name or name.startswith("#"):
            continue
        try:
            words = shlex.split(value, comments=True)
        except ValueError:
            words = ["", ""]
        if not equals or len(words) > 1:
            raise CannotStartError(f"{path}, line {number}: not of the form NAME=value")
        found[name.strip()] = words[0] if words else ""
    return found


def double(flats: Iterable[Flat]) -> str | None:
    """A sentence about the first thing that two flats claim, if there is any."""
    owners: dict[tuple[str, str], Flat] = {}
    for flat in flats:
        for thing in flat.own:
            other = owners.setdefault(thing, flat)
            if other is not flat:
                what, name = thing
                return f"The {what} {name} is in two flats, {other.folder.name} and {flat.folder.name}: {_WHY[what]}"
    return None


_WHY = {
    "gateway": "each needs an identity of its own.",
    "device": "it can live in one only. Take it out of the other's table of devices.",
    "source": "they would hear one another's sensors. Give each its own broker or base topic.",
}
