"""Zigbee2MQTT, 1.x and 2.x. No network, no clock, no disk.

A state message is a snapshot of everything that Zigbee2MQTT remembers of a device, old
and new alike; so it is turned into facts, and the sieve looks for what changed in them.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from gateway.adapters import NOTHING, Fact, Message, Sort, Told
from gateway.adapters.z2m_claims import Claim, Pressed, claims, number
from gateway.adapters.z2m_devices import Description, Registry, group_names
from gateway.devices import Device, DeviceTable, Role
from gateway.messages import BUTTON_VALUE, Button, Kind

TRUSTED_DELAY = timedelta(minutes=2)
"""A device time is believed if it is at most so long before the arrival, and not after it."""
SAME_PRESS = timedelta(seconds=2)
RELEASE_OF = timedelta(seconds=30)
MAX_BYTES = 1024 * 1024
MOST_DEVICES = 2000  # no home has so many; names that are made up must not fill the memory
OCCUPIES = {Role.BED: Kind.BED, Role.CHAIR: Kind.CHAIR}
PRESSES = {Role.SOS: Button.SOS, Role.CANCEL: Button.CANCEL}
# What may change in a repeated "occupancy" because of the movement itself.
MOVES_ALONG = frozenset({"illuminance", "illuminance_lux", "illumination", "last_seen", "linkquality", "elapsed"})


@dataclass(slots=True)
class Memory:
    """Of one device, what the next message has to be compared with."""

    word: str = ""
    pressed_at: datetime | None = None
    was_ever_free: bool = False  # has said `occupancy: false`
    rest: dict[str, object] = field(default_factory=dict)


class Zigbee2Mqtt:
    """`hear` turns each message into what it says."""

    def __init__(self, base: str = "zigbee2mqtt", table: DeviceTable | None = None) -> None:
        self.base = base
        self.table = table or DeviceTable()
        self.registry = Registry()
        self.memories: dict[str, Memory] = {}

    def topics(self) -> tuple[str, ...]:
        """A broker replays what is retained in this order, so devices have names before they speak."""
        described = (f"{self.base}/bridge/{leaf}" for leaf in ("state", "devices", "groups"))
        return (*described, f"{self.base}/#")

    def hear(self, message: Message) -> Told:
        if not message.topic.startswith(self.base + "/") or len(message.payload) > MAX_BYTES:
            return NOTHING
        rest = message.topic[len(self.base) + 1 :]
        if rest.startswith("bridge/"):
            return self._hear_bridge(rest.removeprefix("bridge/"), message)
        found = self.registry.find(rest)
        if message.retained or found is None:
            return NOTHING  # retained: an old message played again
        device, attribute = found
        body = _parsed(message.payload)
        entry = self.table.find(device.ieee, device.name)
        if entry.ignore:
            return NOTHING
        if attribute == "availability":
            return _availability(body, _sensor(device, entry), message.at)
        return self._hear_device(device, entry, {attribute: body} if attribute else body, message.at)

    def _hear_bridge(self, leaf: str, message: Message) -> Told:
        """Its lists and its state hold whether they are retained or not."""
        body = _parsed(message.payload)
        if leaf == "devices":
            self.registry.learn(body)
        elif leaf == "groups":
            self.registry.groups = group_names(body)
        elif leaf == "state":
            word = body.get("state") if isinstance(body, dict) else body
            return Told(bridge=word == "online")
        return NOTHING

    def _hear_device(self, device: Description, entry: Device, body: object, at: datetime) -> Told:
        device, entry = self._with_address(device, entry, body)
        sensor = _sensor(device, entry)
        if not isinstance(body, dict):
            return NOTHING if device.name not in self.registry.devices else Told(alive=sensor, unread=True)
        if sensor not in self.memories and len(self.memories) >= MOST_DEVICES:
            return NOTHING
        memory = self.memories.setdefault(sensor, Memory())
        when = device_time(body.get("last_seen"), at)
        facts = []
        for claim in claims(body, device):
            if isinstance(claim, Pressed):
                facts += _press(claim, entry, memory, Fact(sensor, Kind.BUTTON, claim.value, Sort.PULSE, at))
            else:
                facts.append(_fact(self._heard_again(claim, memory, body), entry, sensor, when))
        memory.rest = {**memory.rest, **{name: value for name, value in body.items() if name not in MOVES_ALONG}}
        return Told(tuple(facts), alive=sensor, unread=not facts and not body.keys() & device.properties.keys())

    def _with_address(self, device: Description, entry: Device, body: object) -> tuple[Description, Device]:
        """With `include_device_information` the address is in the message itself."""
        inside = body.get("device") if isinstance(body, dict) else None
        if device.ieee is None and isinstance(inside, dict):
            address = inside.get("ieeeAddr")
            if isinstance(address, str) and address.startswith("0x") and address.isalnum() and len(address) == 18:
                device = Description(device.name, ieee=address)
                entry = self.table.find(address, device.name)
        return device, entry

    def _heard_again(self, claim: Claim, memory: Memory, body: dict[str, object]) -> Claim:
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


def _parsed(payload: bytes) -> object:
    """The JSON value; else the text as it stands; None where it is neither."""
    try:
        text = payload.decode()
    except UnicodeDecodeError:
        return None
    try:
        return json.loads(text, parse_constant=lambda _: None)
    except (ValueError, RecursionError):
        return text.strip()


def _sensor(device: Description, entry: Device) -> str:
    return entry.sensor or device.sensor


def _availability(body: object, sensor: str, at: datetime) -> Told:
    """The bridge's word about a device: "offline" is no sign of life of it."""
    word = body.get("state") if isinstance(body, dict) else body
    if word not in ("online", "offline"):
        return NOTHING
    online = word == "online"
    fact = Fact(sensor, Kind.AVAILABLE, float(online), Sort.STATE, at)
    return Told((fact,), alive=sensor if online else None)


def _fact(claim: Claim, entry: Device, sensor: str, at: datetime) -> Fact:
    kind, value, sort = claim.kind, claim.value, claim.sort
    if kind is Kind.CONTACT and entry.invert:
        value = 1.0 - value
    occupies = OCCUPIES.get(entry.role) if entry.role else None
    if occupies and kind in (Kind.CONTACT, Kind.PRESENCE, Kind.MOTION):
        value = 1.0 - value if kind is Kind.CONTACT else value  # a closed circuit: somebody is there
        kind, sort = occupies, Sort.STATE
    return Fact(sensor, kind, value, sort, at, claim.plausible)


def _press(pressed: Pressed, entry: Device, memory: Memory, fact: Fact) -> list[Fact]:
    """One press, whether it is told once, by a second topic, or again on letting go."""
    ago = fact.at - memory.pressed_at if memory.pressed_at else timedelta.max
    same = ago <= SAME_PRESS and pressed.word == memory.word
    let_go = pressed.is_release and ago <= RELEASE_OF
    if same or let_go:
        return []
    memory.word, memory.pressed_at = pressed.word, fact.at
    button = PRESSES.get(entry.role) if entry.role else None
    value = BUTTON_VALUE[button] if button else fact.value
    return [Fact(fact.sensor, fact.kind, value, fact.sort, fact.at)]


def device_time(said: object, arrival: datetime) -> datetime:
    """When it happened: the device's own word if it can be true, else the arrival.

    `said` is `last_seen`: ISO 8601 with a zone, or milliseconds since 1970.
    """
    then = _moment(said)
    if then is None or not arrival - TRUSTED_DELAY <= then <= arrival:
        return arrival
    return then


def _moment(said: object) -> datetime | None:
    try:
        if isinstance(said, str):
            then = datetime.fromisoformat(said)
            return then.astimezone(UTC) if then.tzinfo else None
        since = number(said)
        return datetime.fromtimestamp(since / 1000, UTC) if since else None
    except (ValueError, OverflowError, OSError):
        return None
