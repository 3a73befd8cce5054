"""Which devices of a network server are of one home, where it stands for many. Pure."""

from gateway.devices import DeviceTable

TTS_PREFIX = "eui-"
"""The Things Stack's own name for a device of which only the address was told."""


def devices_of(table: DeviceTable) -> frozenset[str]:
    """The names and addresses that this table knows and does not ignore, in the one spelling they are compared in."""
    return frozenset(plain_name(name) for name, entry in table.root.items() if not entry.ignore)


def plain_name(name: str) -> str:
    return name.lower().removeprefix(TTS_PREFIX)
