"""ESPHome's own MQTT: `<prefix>/<type>/<name>/state`. No network, no clock, no disk.

Source: esphome.io's description of its MQTT component. States are retained by default;
`binary_sensor` says `ON` or `OFF`, `sensor` a number without its unit. A node is one chip:
whatever it says, all of its sensors are alive.
"""

import re

from gateway.adapters import NOTHING, Message, Told, replayed
from gateway.adapters.claims import Claim, Pressed, Sensor, Sensors, state
from gateway.adapters.esphome_names import binary_claims, is_button, sensor_claims
from gateway.adapters.vocabulary import locked, parsed
from gateway.devices import DeviceTable
from gateway.ids import fitting_id
from gateway.messages import Kind

MAX_BYTES = 16 * 1024
MOST_OF_A_NODE = 64
TYPES = (
    "binary_sensor|sensor|switch|text_sensor|lock|event|light|fan|cover|climate|number|select|text|button|valve|update"
)
_STATE = re.compile(rf"^(?P<prefix>.+)/(?P<type>{TYPES})/(?P<name>[^/]+)/state$")
_CLIMATE = re.compile(r"^(?P<prefix>.+)/(?P<type>climate)/(?P<name>[^/]+)/(?P<part>[a-z_]+)/state$")
NO_STATE = frozenset({"", "nan", "unknown", "unavailable", "none"})
Said = Claim | Pressed


class EspHome:
    """`hear` turns each message into what it says."""

    def __init__(self, table: DeviceTable | None = None) -> None:
        self.table = table or DeviceTable()
        self.sensors = Sensors(self.table)
        self.nodes: dict[str, dict[str, None]] = {}
        """Prefix -> the ids of its sensors."""
        self.buttons: dict[str, str] = {}

    def topics(self) -> tuple[str, ...]:
        return ("+/+/+/state", "+/+/+/+/state", "+/status")

    def owns(self, message: Message) -> bool:
        node, slash, leaf = message.topic.rpartition("/")
        is_status = bool(slash) and leaf == "status" and node in self.nodes
        return is_status or _split(message.topic) is not None

    def hear(self, message: Message) -> Told:
        found = _split(message.topic)
        if len(message.payload) > MAX_BYTES:
            return NOTHING
        if found is None:
            return self._hear_status(message) if self.owns(message) else NOTHING
        prefix, kind, name = found
        if prefix not in self.nodes and len(self.nodes) >= Sensors.MOST:
            return NOTHING
        known = self.nodes.setdefault(prefix, {fitting_id(prefix): None})
        body = parsed(message.payload)
        said = self._claims(f"{prefix}/{name}", kind, name, body, retained=message.retained)
        sensor = self._sensor(prefix, name) if said else None
        if sensor is None:
            return NOTHING if message.retained else Told(alive=tuple(known), unread=kind in ("binary_sensor", "sensor"))
        if len(known) < MOST_OF_A_NODE:
            known[sensor.id] = None
        told = Told(sensor.facts(said, message.at), alive=tuple(dict.fromkeys((sensor.id, *known))))
        return replayed(told) if message.retained else told

    def _sensor(self, prefix: str, name: str) -> Sensor | None:
        """Each entity is a sensor of its own: a node may watch two doors. There is no address; the
        node's prefix and the entity's id are what it is known by."""
        key = f"{prefix}/{name}"
        entry = self.table.find(key)
        return None if entry.ignore else self.sensors.get(entry.sensor or fitting_id(f"{prefix}.{name}"), entry)

    def _hear_status(self, message: Message) -> Told:
        """Its birth message and last will, about all that it watches."""
        word, prefix = parsed(message.payload), message.topic.rpartition("/")[0]
        if word not in ("online", "offline"):
            return NOTHING
        online = word == "online"
        node = self.sensors.get(fitting_id(prefix), self.table.find(prefix))
        if node is None:
            return NOTHING
        alive = tuple(self.nodes.get(prefix, ())) if online else ()
        told = Told(node.facts([state(Kind.AVAILABLE, online)], message.at), alive=alive)
        return replayed(told) if message.retained else told

    def _claims(self, key: str, kind: str, name: str, body: object, *, retained: bool) -> list[Said]:
        word = "" if body is None or isinstance(body, dict | list) else str(body)
        if word.lower() in NO_STATE and kind != "event":
            return []
        if kind == "binary_sensor" and word in ("ON", "OFF"):
            if is_button(name):
                return self._press(key, name, word, retained=retained)
            return list(binary_claims(name, on=word == "ON"))
        if kind == "sensor":
            return list(sensor_claims(name, word))
        if kind == "current_temperature":
            return list(sensor_claims("temperature", word))
        if kind == "lock":
            shut = locked(word)
            return [] if shut is None else [state(Kind.LOCK, shut)]
        if kind == "event" and not retained:
            event = body.get("event_type") if isinstance(body, dict) else word
            return [Pressed(event[:64])] if isinstance(event, str) and event and is_button(name) else []
        return []

    def _press(self, key: str, name: str, word: str, *, retained: bool) -> list[Said]:
        """From off to on. A state that a node repeats when it connects anew is no press."""
        if retained:
            return []
        before = self.buttons.get(key)
        if before is not None or len(self.buttons) < Sensors.MOST:
            self.buttons[key] = word
        return [Pressed(name)] if word == "ON" and before != "ON" else []


def _split(topic: str) -> tuple[str, str, str] | None:
    """Prefix, type and name; the type of what a thermostat tells is that part of it."""
    found = _STATE.match(topic) or _CLIMATE.match(topic)
    return (found["prefix"], found.groupdict().get("part") or found["type"], found["name"]) if found else None
