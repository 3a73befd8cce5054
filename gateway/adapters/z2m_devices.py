"""What Zigbee2MQTT tells of its devices on `bridge/devices` and `bridge/groups`. Pure.

Not to be trusted blindly: anything that is not as expected is left out, never an error.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from gateway.ids import fitting_id

# Plain numbers and words in "attribute" output: `<name>/<one of these>`.
ATTRIBUTES = frozenset(
    {
        "action",
        "battery",
        "battery_low",
        "battery_state",
        "carbon_monoxide",
        "click",
        "co_state",
        "consumption",
        "contact",
        "current",
        "device_temperature",
        "door_state",
        "emergency",
        "energy",
        "fall_down_status",
        "garage_door_contact",
        "gas",
        "gas_state",
        "humidity",
        "illuminance",
        "illuminance_lux",
        "last_seen",
        "linkquality",
        "local_temperature",
        "lock_state",
        "occupancy",
        "panic",
        "power",
        "presence",
        "presence_state",
        "smoke",
        "smoke_state",
        "sos",
        "state",
        "tamper",
        "temperature",
        "vibration",
        "voltage",
        "water_leak",
    }
)
# Devices that say "occupancy" again and again while somebody moves, and never the contrary.
SAYS_IT_AGAIN = frozenset({"RTCGQ14LM"})


@dataclass(frozen=True, slots=True)
class Description:
    """One device. `properties` maps what it exposes to its unit (or None)."""

    name: str
    ieee: str | None = None
    make: str | None = None
    model: str | None = None
    mains: bool = False
    battery: bool = False
    properties: dict[str, str | None] = field(default_factory=dict)
    on: dict[str, object] = field(default_factory=dict)
    """Property -> the value that means "on", where that is no boolean."""
    words: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """Property -> the words it may say, where there is a list of them."""

    @property
    def sensor(self) -> str:
        return self.ieee or fitting_id(self.name)

    @property
    def says_it_again(self) -> bool:
        return self.model in SAYS_IT_AGAIN


def describe(devices: object) -> Iterator[Description]:
    """The devices of a `bridge/devices` message; coordinators and disabled ones left out."""
    for entry in devices if isinstance(devices, list) else ():
        if isinstance(entry, dict) and entry.get("type") != "Coordinator" and not entry.get("disabled"):
            name = entry.get("friendly_name")
            if isinstance(name, str) and name:
                yield _description(name, entry)


def _description(name: str, entry: dict[str, object]) -> Description:
    definition = entry.get("definition")
    known = definition if isinstance(definition, dict) else {}
    ieee, make, model = entry.get("ieee_address"), known.get("vendor"), known.get("model")
    source = str(entry.get("power_source", "")).lower()
    properties: dict[str, str | None] = {}
    on: dict[str, object] = {}
    words: dict[str, tuple[str, ...]] = {}
    for expose in _flat(known.get("exposes")):
        called, unit = expose.get("property"), expose.get("unit")
        if isinstance(called, str):
            properties[called] = unit if isinstance(unit, str) else None
            if isinstance(expose.get("value_on"), str):
                on[called] = expose["value_on"]
            values = expose.get("values")
            words[called] = tuple(word for word in values if isinstance(word, str)) if isinstance(values, list) else ()
    return Description(
        name=name,
        ieee=ieee if isinstance(ieee, str) and fitting_id(ieee) == ieee else None,
        make=make if isinstance(make, str) else None,
        model=model if isinstance(model, str) else None,
        mains="mains" in source,
        battery="battery" in source,
        properties=properties,
        on=on,
        words=words,
    )


def _flat(exposes: object, depth: int = 0) -> Iterator[dict[str, object]]:
    """Exposes and the features inside them."""
    for expose in exposes if isinstance(exposes, list) and depth < 4 else ():
        if isinstance(expose, dict):
            yield expose
            yield from _flat(expose.get("features"), depth + 1)


def group_names(groups: object) -> frozenset[str]:
    entries = groups if isinstance(groups, list) else []
    names = (entry.get("friendly_name") for entry in entries if isinstance(entry, dict))
    return frozenset(name for name in names if isinstance(name, str))


class Registry:
    """Which device a topic is about."""

    def __init__(self) -> None:
        self.devices: dict[str, Description] = {}
        self.groups: frozenset[str] = frozenset()

    def learn(self, devices: object) -> None:
        """Take over the whole list; a device that is not in it any more is forgotten."""
        self.devices = {one.name: one for one in describe(devices)}

    def find(self, rest: str) -> tuple[Description, str | None] | None:
        """The device, and the attribute if the topic names one. None: a group, or a command.

        `rest` is the topic below the base topic. Names may have slashes in them.
        """
        head, _, last = rest.rpartition("/")
        if last in ("set", "get") or "/set/" in rest or "/get/" in rest:
            return None
        if rest in self.devices:
            return self.devices[rest], None
        if head in self.devices:
            return self.devices[head], last
        if rest in self.groups or head in self.groups:
            return None
        if head and (last in ATTRIBUTES or last == "availability"):
            return Description(head), last
        return Description(rest), None
