"""Shelly's first generation: `shellies/<id>/…`, plain words or JSON. No network, no clock, no disk.

Source: Shelly's own documentation of Gen1 devices (shelly-api-docs.shelly.cloud/gen1).
Loads: `power` in W, `energy` in watt-minutes, an energy meter's `total` in Wh. Doors say
`open` and `close`. A device on batteries sleeps again seconds after each report and is
then "not online": that is no fault. The `temperature` of a relay is that of its chip.
"""

import re
from collections.abc import Iterator, Mapping

from gateway.adapters import NOTHING, Message, Told, replayed
from gateway.adapters.claims import Claim, Pressed, Sensors, counted, held, level, state
from gateway.adapters.shelly_status import status_claims
from gateway.adapters.vocabulary import device_time, number, opened, parsed, truth
from gateway.devices import DeviceTable
from gateway.ids import fitting_id
from gateway.messages import Kind

BASE = "shellies/"
WATT_HOURS_PER_WATT_MINUTE = 1 / 60
MAX_BYTES = 64 * 1024
LOADS = frozenset({"relay", "roller", "light", "white", "color", "emeter"})
CHANNELS = LOADS | {"input_event"}
LEVELS = {
    "temperature": Kind.TEMPERATURE,
    "humidity": Kind.HUMIDITY,
    "lux": Kind.ILLUMINANCE,
    "battery": Kind.BATTERY,
}
GAS_WORDS = {"none": False, "mild": True, "heavy": True}
STATES = {"flood": Kind.LEAK, "smoke": Kind.SMOKE}
MOVEMENTS = {"motion": Kind.MOTION, "vibration": Kind.VIBRATION}
HARMLESS = frozenset({"announce", "input", "longpush", "input_event", "voltage", "temperature", "overtemperature"})
Said = Claim | Pressed


class ShellyGen1:
    """`hear` turns each message into what it says."""

    def __init__(self, table: DeviceTable | None = None) -> None:
        self.table = table or DeviceTable()
        self.sensors = Sensors(self.table)
        self.mains: set[str] = set()
        """Ids that have shown a relay, a dimmer or a meter: those never sleep."""
        self.presses: dict[str, tuple[str, object]] = {}

    def topics(self) -> tuple[str, ...]:
        return (f"{BASE}#",)

    def owns(self, message: Message) -> bool:
        return message.topic.startswith(BASE)

    def hear(self, message: Message) -> Told:
        """One topic a value; `status`, `info` and `input_event` are JSON."""
        if not self.owns(message) or len(message.payload) > MAX_BYTES:
            return NOTHING
        _, device, *leaf = message.topic.split("/")
        if device == "command" or not leaf or leaf[-1] in ("command", "set"):
            return Told(described=device == "announce")  # or what somebody tells the device
        if leaf[0] in LOADS:
            self.mains.add(device)
        body = parsed(message.payload)
        if leaf == ["announce"]:
            return Told(described=True)
        told = self._told(device, leaf, body, message)
        return replayed(told) if message.retained else told

    def _told(self, device: str, leaf: list[str], body: object, message: Message) -> Told:
        name = f"{device}:{leaf[1]}" if len(leaf) > 1 and leaf[0] in CHANNELS and leaf[1] not in ("", "0") else device
        entry = self.table.find(name, device)
        if entry.ignore:
            return NOTHING
        sensor = self.sensors.get(entry.sensor or fitting_id(name), entry)
        if sensor is None:
            return NOTHING
        if leaf == ["online"]:
            return self._online(device, sensor.id, body, message)
        said = list(self._claims(device, leaf, body, retained=message.retained))
        at = device_time(body.get("timestamp"), message.at) if isinstance(body, dict) else message.at
        facts = sensor.facts(said, at, arrival=message.at)
        return Told(facts, alive=(sensor.id,), unread=not said and leaf[0] not in HARMLESS | LOADS)

    def _online(self, device: str, sensor: str, body: object, message: Message) -> Told:
        """ "false" is a fault only of what never sleeps."""
        online = truth(body)
        if online is None or (not online and device not in self.mains):
            return NOTHING
        facts = self.sensors.known[sensor].facts([state(Kind.AVAILABLE, online)], message.at)
        return Told(facts, alive=(sensor,) if online else ())

    def _claims(self, device: str, leaf: list[str], body: object, *, retained: bool) -> Iterator[Said]:
        if leaf[0] == "sensor" and len(leaf) == 2:
            yield from sensor_claims(leaf[1], body)
        elif leaf in (["status"], ["info"]) and isinstance(body, dict):
            yield from status_claims(body)
        elif leaf[0] in LOADS:
            yield from _load_claims(leaf, body)
        elif leaf[0] == "input_event" and isinstance(body, dict) and not retained:
            yield from self._press(f"{device}/{leaf[-1]}", body)

    def _press(self, which: str, body: Mapping[str, object]) -> Iterator[Said]:
        """Mains devices repeat the last press twice a minute; its counter tells it from a new one."""
        word, count = body.get("event"), body.get("event_cnt")
        if not isinstance(word, str) or not word:
            return
        told = (word, count)
        if count is None or self.presses.get(which) != told:
            yield Pressed(f"{word} {count}")
        if len(self.presses) < Sensors.MOST or which in self.presses:
            self.presses[which] = told


def sensor_claims(name: str, body: object) -> Iterator[Said]:
    """What `…/sensor/<name>` says. A gas alarm's test is no alarm."""
    value, yes = number(body), truth(body)
    if name in LEVELS and value is not None:
        yield level(LEVELS[name], value)
    elif name in STATES and yes is not None:
        yield state(STATES[name], yes)
    elif name in MOVEMENTS and yes is not None:
        yield held(MOVEMENTS[name], yes)
    elif name == "gas" and isinstance(body, str) and body in GAS_WORDS:
        yield state(Kind.GAS, GAS_WORDS[body])
    elif name == "state":
        stands = opened(body)
        if stands is not None:
            yield state(Kind.CONTACT, stands)


def _load_claims(leaf: list[str], body: object) -> Iterator[Said]:
    """`relay/0/power`, `emeter/1/total`, and what a roller or dimmer says in the same way; a lamp all at once."""
    if isinstance(body, dict) and leaf[2:] == ["status"]:
        body, leaf = body.get("power"), [*leaf[:2], "power"]
    value = number(body)
    if value is None or len(leaf) != 3 or not re.fullmatch(r"\d+", leaf[1]):
        return
    if leaf[2] == "power":
        yield level(Kind.POWER, value)
    elif leaf[0] == "emeter" and leaf[2] == "total":
        yield counted(value)
    elif leaf[0] != "emeter" and leaf[2] == "energy":
        yield counted(value * WATT_HOURS_PER_WATT_MINUTE)
