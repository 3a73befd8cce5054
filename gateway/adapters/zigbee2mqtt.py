"""Zigbee2MQTT, 1.x and 2.x, under any base topic. No network, no clock, no disk.

A state message is a snapshot of everything that Zigbee2MQTT remembers of a device, old
and new alike; so it is turned into facts, and the sieve looks for what changed in them.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from gateway.adapters import NOTHING, Fact, Message, Sort, Told, replayed
from gateway.adapters.claims import Claim, Sensors
from gateway.adapters.vocabulary import device_time, parsed
from gateway.adapters.z2m_claims import claims
from gateway.adapters.z2m_devices import Description, Registry, group_names
from gateway.adapters.z2m_kinds import said
from gateway.device_list import DeviceSaid
from gateway.devices import Device, DeviceTable
from gateway.messages import Kind

MAX_BYTES = 1024 * 1024
MOST_BASES = 16
BRIDGES = frozenset({"state", "devices", "groups", "info", "logging", "log", "event", "health"})
# Names that nobody else uses: by them its messages are known under a base topic that we were not told.
MARKED = frozenset({"device_temperature", "linkquality", "power_outage_count", "update_available"})
MARKS = [f'"{name}"'.encode() for name in sorted(MARKED)]
# What may change in a repeated "occupancy" because of the movement itself.
MOVES_ALONG = frozenset({"illuminance", "illuminance_lux", "illumination", "last_seen", "linkquality", "elapsed"})


@dataclass(slots=True)
class Memory:
    """Of one device, what the next message has to be compared with."""

    was_ever_free: bool = False  # has said `occupancy: false`
    rest: dict[str, object] = field(default_factory=dict)


class Zigbee2Mqtt:
    """`hear` turns each message into what it says."""

    def __init__(self, base: str = "zigbee2mqtt", table: DeviceTable | None = None) -> None:
        self.base = base
        self.table = table or DeviceTable()
        self.registries: dict[str, Registry] = {base: Registry()}
        self.sensors = Sensors(self.table)
        self.memories: dict[str, Memory] = {}

    def topics(self) -> tuple[str, ...]:
        """A broker replays what is retained in this order, so devices have names before they speak."""
        described = (f"{self.base}/bridge/{leaf}" for leaf in ("state", "devices", "groups"))
        return (*described, f"{self.base}/#")

    def owns(self, message: Message) -> bool:
        return self._base(message) is not None

    def hear(self, message: Message) -> Told:
        base = self._base(message)
        if base is None or len(message.payload) > MAX_BYTES:
            return NOTHING
        registry = self.registries.setdefault(base, Registry())
        rest = message.topic[len(base) + 1 :]
        if rest.startswith("bridge/"):
            return _hear_bridge(registry, rest.removeprefix("bridge/"), message)
        found = registry.find(rest)
        if found is None:
            return NOTHING
        device, attribute = found
        body = parsed(message.payload)
        if attribute and attribute != "availability" and isinstance(body, dict) and device.name not in registry.devices:
            device, attribute = Description(rest), None  # a device that is called like an attribute
        device, entry = self._with_address(device, body)
        if entry.ignore:
            return NOTHING
        if attribute == "availability":
            return _availability(body, _id(device, entry), message)
        whole = {attribute: body} if attribute else body
        if message.retained:
            return self._hear_old(device, entry, whole, message)
        return self._hear_device(device, entry, whole, message, known=device.name in registry.devices)

    def tell_devices(self) -> Iterator[DeviceSaid]:
        """What its bridges describe, also of devices that have not spoken yet."""
        for registry in self.registries.values():
            for device in registry.devices.values():
                entry = self.table.find(device.ieee, device.name)
                sensor = _id(device, entry)
                yield said(device, sensor, self.table.of(sensor, entry))

    def _base(self, message: Message) -> str | None:
        """The base topic of a message of Zigbee2MQTT: the one we were told, one that has shown a
        bridge, or one whose message could be no other's."""
        topic = message.topic
        for base in self.registries:
            if topic.startswith(base + "/"):
                return base
        if len(self.registries) > MOST_BASES:
            return None
        above, bridge, leaf = topic.rpartition("/bridge/")
        if bridge and above and leaf in BRIDGES:
            return above
        first, slash, _ = topic.partition("/")
        if not slash or not first:
            return None
        return first if first.startswith("zigbee2mqtt") or _is_snapshot(message.payload) else None

    def _with_address(self, device: Description, body: object) -> tuple[Description, Device]:
        """With `include_device_information` the address is in the message itself."""
        inside = body.get("device") if isinstance(body, dict) else None
        if device.ieee is None and isinstance(inside, dict):
            address = inside.get("ieeeAddr")
            if isinstance(address, str) and address.startswith("0x") and address.isalnum() and len(address) == 18:
                device = Description(device.name, ieee=address)
        return device, self.table.find(device.ieee, device.name)

    def _hear_old(self, device: Description, entry: Device, body: object, message: Message) -> Told:
        sensor = self.sensors.get(_id(device, entry), entry)
        if not isinstance(body, dict) or sensor is None:
            return NOTHING
        old = [one for one in claims(body, device) if isinstance(one, Claim)]
        return replayed(Told(sensor.facts(old, device_time(body.get("last_seen"), message.at))))

    def _hear_device(self, device: Description, entry: Device, body: object, message: Message, *, known: bool) -> Told:
        sensor = self.sensors.get(_id(device, entry), entry)
        if sensor is None:
            return NOTHING
        if not isinstance(body, dict):
            return Told(alive=(sensor.id,), unread=True) if known else NOTHING
        memory = self.memories.setdefault(sensor.id, Memory())
        news = [_heard_again(one, memory, body) if isinstance(one, Claim) else one for one in claims(body, device)]
        facts = sensor.facts(news, device_time(body.get("last_seen"), message.at), arrival=message.at)
        memory.rest = {**memory.rest, **{name: value for name, value in body.items() if name not in MOVES_ALONG}}
        unread = not news and len(body) > 1 and not body.keys() & device.properties.keys()
        return Told(facts, alive=(sensor.id,), unread=unread)


def _is_snapshot(payload: bytes) -> bool:
    """Whether this is the state of a device as only Zigbee2MQTT writes it."""
    if len(payload) > MAX_BYTES or not any(mark in payload for mark in MARKS):
        return False
    body = parsed(payload)
    return isinstance(body, dict) and not body.keys().isdisjoint(MARKED)


def _hear_bridge(registry: Registry, leaf: str, message: Message) -> Told:
    """Its lists and its state hold whether they are retained or not."""
    body = parsed(message.payload)
    if leaf == "devices":
        registry.learn(body)
    elif leaf == "groups":
        registry.groups = group_names(body)
    elif leaf == "state":
        word = body.get("state") if isinstance(body, dict) else body
        return Told(bridge=word == "online", described=True)
    return Told(described=True)


def _heard_again(claim: Claim, memory: Memory, body: dict[str, object]) -> Claim:
    """Whether a repeated "occupied" is a new movement, of a device that never says "free".

    Not if anything else changed in the message: then that is why it was sent.
    """
    if claim.kind is not Kind.MOTION or claim.sort is not Sort.HELD:
        return claim
    memory.was_ever_free |= claim.value == 0
    steady = all(memory.rest.get(name, value) == value for name, value in body.items() if name not in MOVES_ALONG)
    if memory.was_ever_free or not steady or len(body) == 1:
        return claim
    return Claim(claim.kind, claim.value, Sort.HELD_AGAIN)


def _id(device: Description, entry: Device) -> str:
    return entry.sensor or device.sensor


def _availability(body: object, sensor: str, message: Message) -> Told:
    """The bridge's word about a device: "offline" is no sign of life of it."""
    word = body.get("state") if isinstance(body, dict) else body
    if word not in ("online", "offline"):
        return NOTHING
    online = word == "online"
    told = Told((Fact(sensor, Kind.AVAILABLE, float(online), Sort.STATE, message.at),))
    if message.retained:
        return replayed(told)
    return Told(told.facts, alive=(sensor,) if online else ())
