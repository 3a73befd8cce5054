"""Tasmota, with its switch inputs, meters, attached and Bluetooth sensors, and its Zigbee bridge.

No network, no clock, no disk. Topics are `<prefix>/<device>/<LEAF>` in any order of prefix
and device, since owners may change it. What a switch input is wired to nobody can know:
the per-device table says it, under `<device>/Switch1`.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from gateway.adapters import NOTHING, Fact, Message, Sort, Told, When, replayed
from gateway.adapters.claims import Claim, Pressed, Sensors, counted, input_claims, level
from gateway.adapters.fields import TRUE_IS_OPEN, field_claims
from gateway.adapters.tasmota_zigbee import zigbee_claims, zone_of
from gateway.adapters.vocabulary import celsius, device_time, number, parsed, snake, truth
from gateway.devices import DeviceTable
from gateway.ids import fitting_id
from gateway.messages import Kind

PREFIXES = frozenset({"tele", "stat"})
ZIGBEE = ("ZbReceived", "ZigbeeReceived")
MAX_BYTES = 64 * 1024
SLEEPS = "DeepSleep"
# Blocks of a report that are no sensor of the room.
OTHER = frozenset({"ENERGY", "ESP32", "IBEACON", "Wifi", "COUNTER", "DISPLAY", "MARGINS", *ZIGBEE, "ZbInfo"})
# Of what comes by Bluetooth, 1 is open with one make and shut with the next.
NO_SENSE = frozenset(TRUE_IS_OPEN.split())
_LEAF = re.compile(r"[A-Z][A-Z0-9_]*|ZbReceived|[0-9A-F]{12}")  # a report; or a valve's address on Bluetooth
_INPUT = re.compile(r"Switch\d+")
_BUTTON = re.compile(r"Button\d+")
_BLUETOOTH = re.compile(r"[\w-]+-[0-9A-Fa-f]{6}")


class Tasmota:
    def __init__(self, table: DeviceTable | None = None) -> None:
        self.table = table or DeviceTable()
        self.sensors = Sensors(self.table)
        self.sleepers: set[str] = set()
        self.bridges: set[str] = set()
        self.zones: dict[str, str] = {}
        """Zigbee device -> what it gives alarm of."""

    def topics(self) -> tuple[str, ...]:
        return ("tele/#", "stat/#", "+/tele/#", "+/stat/#")

    def owns(self, message: Message) -> bool:
        return _split(message.topic) is not None

    def hear(self, message: Message) -> Told:
        found = _split(message.topic)
        if found is None or len(message.payload) > MAX_BYTES:
            return NOTHING
        device, leaf = found
        if self.table.find(device).ignore:
            return NOTHING
        body = parsed(message.payload)
        if leaf == "LWT":
            told = self._availability(device, body, message)
        else:
            if device.endswith(f"/{ZIGBEE[0]}"):  # with SetOption118 that is in the topic
                device, body = device.removesuffix(f"/{ZIGBEE[0]}"), {ZIGBEE[0]: body}
            told = self._report(device, _unwrapped(leaf, body), message)
        return replayed(told) if message.retained else told

    def _availability(self, device: str, body: object, message: Message) -> Told:
        """One that sleeps is away each time it does: that is no fault."""
        if body not in ("Online", "Offline"):
            return NOTHING
        online = body == "Online"
        sensor = self._id(device)
        facts = () if device in self.sleepers else (Fact(sensor, Kind.AVAILABLE, online, Sort.STATE, message.at),)
        bridge = online if device in self.bridges else None
        return Told(facts, alive=(sensor,) if online else (), bridge=bridge, by=self._by(device))

    def _report(self, device: str, body: Mapping[str, object], message: Message) -> Told:
        sensor = self._id(device)
        at = device_time(body.get("Time"), message.at)
        if SLEEPS in body and len(self.sleepers) < Sensors.MOST:
            self.sleepers.add(device)
        facts: list[Fact] = []
        alive = {sensor: None}
        unread = False
        for name, said, when in self._claims(device, body):
            if not self.table.find(name).ignore:
                found, known = self._facts(name, said, message, at=at, when=when)
                facts += found
                alive |= dict.fromkeys(known)
                unread |= bool(known) and not found
        return Told(tuple(facts), alive=tuple(alive), unread=unread, by=self._by(device))

    def _facts(
        self, name: str, said: Iterable[Claim | Pressed], message: Message, *, at: datetime, when: When
    ) -> tuple[tuple[Fact, ...], tuple[str, ...]]:
        entry = self.table.find(name)
        sensor = self.sensors.get(self._id(name), entry)
        if sensor is None:
            return (), ()
        kept = [one for one in said if isinstance(one, Claim) or not message.retained]
        return sensor.facts(kept, at, arrival=message.at, when=when), (sensor.id,) if when is When.NOW else ()

    def _claims(self, device: str, body: Mapping[str, object]) -> Iterator[tuple[str, Iterable[Claim | Pressed], When]]:
        """Who says what in this report."""
        for key in ZIGBEE:
            near = self._zigbee(device, body.get(key))
            yield from ((name, zigbee_claims(one, self._zone(f"{device} {name}", one)), When.NOW) for name, one in near)
        for name, one in self._zigbee(device, body.get("ZbInfo")):
            yield name, zigbee_claims(one), When.REPLAYED
        if "ENERGY" in body:
            yield device, _meter(body["ENERGY"]), When.NOW
        for name, value in body.items():
            if _INPUT.fullmatch(name):
                key = f"{device}/{name}"
                yield key, input_claims(_is_on(value), self.table.find(key)), When.NOW
            elif _BUTTON.fullmatch(name) and isinstance(value, dict) and isinstance(value.get("Action"), str):
                yield f"{device}/{name}", [Pressed(value["Action"])], When.NOW
            elif isinstance(value, dict) and name not in OTHER and not name.startswith("IBEACON"):
                own = _BLUETOOTH.fullmatch(name)
                said = {key: one for key, one in value.items() if not own or snake(key) not in NO_SENSE}
                yield name if own else f"{device}/{name}", _attached(said, body.get("TempUnit")), When.NOW
        for name, value in body.items():
            if name.startswith("IBEACON"):
                yield from _beacon(value)

    def _zigbee(self, device: str, block: object) -> Iterator[tuple[str, Mapping[str, object]]]:
        if not isinstance(block, dict):
            return
        alone = block.get("Device")  # with SetOption119 it stands there without its address
        for key, one in ((alone, block),) if isinstance(alone, str) else block.items():
            if isinstance(one, dict) and isinstance(key, str):
                if len(self.bridges) < Sensors.MOST:
                    self.bridges.add(device)
                name = one.get("Name")
                yield (name if isinstance(name, str) and name else key), one

    def _zone(self, key: str, one: Mapping[str, object]) -> str | None:
        zone = zone_of(one)
        if zone is not None and (key in self.zones or len(self.zones) < Sensors.MOST):
            self.zones[key] = zone
        return self.zones.get(key)

    def _by(self, device: str) -> str:
        """A Zigbee bridge speaks for its own devices only."""
        return f"tasmota {device}" if device in self.bridges else ""

    def _id(self, name: str) -> str:
        return self.table.find(name).sensor or fitting_id(name.replace("/", ":"))


def _split(topic: str) -> tuple[str, str] | None:
    """The device and the leaf of a topic, wherever the prefix stands."""
    *levels, leaf = topic.split("/")
    place = next((place for place, one in enumerate(levels) if one in PREFIXES), None)
    if place is None or not _LEAF.fullmatch(leaf):
        return None
    device = "/".join(levels[:place] + levels[place + 1 :])
    return (device, leaf) if device else None


def _unwrapped(leaf: str, body: object) -> Mapping[str, object]:
    """The report itself: `STATUS8` has it in a wrapping, `SWITCH1` and `BUTTON1` have one input's state alone."""
    if leaf.startswith("SWITCH"):
        said = body.get("STATE", body.get("Action")) if isinstance(body, dict) else body
        return {leaf.capitalize(): said}
    if leaf.startswith("BUTTON"):
        return {leaf.capitalize(): {"Action": body.get("ACTION")}} if isinstance(body, dict) else {}
    if leaf.upper() == ZIGBEE[0].upper():  # with SetOption118
        return {ZIGBEE[0]: body}
    if not isinstance(body, dict):
        return {}
    inside = body.get("StatusSNS")
    return _wrapped(inside if isinstance(inside, dict) else body)


def _wrapped(body: dict[str, object]) -> Mapping[str, object]:
    """The same with Zigbee devices in their wrapping: with SetOption100 they stand there bare."""
    if _is_zigbee(body):
        return {ZIGBEE[0]: body}
    bare = {name: one for name, one in body.items() if not name.startswith("Zb") and _is_zigbee(one)}
    rest = {name: one for name, one in body.items() if name not in bare}
    return {**rest, ZIGBEE[0]: bare} if bare else body


def _is_zigbee(block: object) -> bool:
    return isinstance(block, dict) and str(block.get("Device", "")).startswith("0x")


def _is_on(value: object) -> bool | None:
    said = value.get("Action") if isinstance(value, dict) else value
    return truth(said)


def _meter(block: object) -> Iterator[Claim]:
    """Watts, and the counter in kWh; of several channels their sum."""
    if not isinstance(block, dict):
        return
    power, total = _sum(block.get("Power")), _sum(block.get("Total"))
    if power is not None:
        yield level(Kind.POWER, power)
    if total is not None:
        yield counted(total * 1000)


def _sum(value: object) -> float | None:
    found = [number(one) for one in (value if isinstance(value, list) else [value])]
    known = [one for one in found if one is not None]
    return sum(known) if known and len(known) == len(found) else None


def _attached(block: Mapping[str, object], unit: object) -> Iterator[Claim | Pressed]:
    """A sensor on a pin or heard by Bluetooth. An `Id` in it is no reading."""
    warm = number(block.get("Temperature"))
    said = dict(block)
    if warm is not None:
        said["Temperature"] = celsius(warm, unit)
    yield from field_claims(said)
    inside = [one for one in block.values() if isinstance(one, dict) and {"Power", "Energy"} <= one.keys()]
    if len(inside) == 1:  # a clamp around a wire
        yield from _meter({"Power": inside[0]["Power"], "Total": inside[0]["Energy"]})


def _beacon(block: object) -> Iterator[tuple[str, Iterable[Claim], When]]:
    """A worn tag near the receiver. Its "off" is a timer."""
    name = block.get("MAC", block.get("UID")) if isinstance(block, dict) else None
    if isinstance(block, dict) and isinstance(name, str):
        near = truth(block.get("STATE"))
        said = [] if near is None else [Claim(Kind.PRESENCE, float(near), Sort.HELD)]
        yield name, said, When.NOW
