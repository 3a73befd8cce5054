"""Home Assistant's `mqtt_statestream`: the state of each entity on a topic of its own.

No network, no clock, no disk. `<base>/<domain>/<object_id>/state` is the plain state, and
where attributes are published, `…/device_class` and the like hold them as JSON. Without
them an entity is known by what its name ends with.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from gateway.adapters import NOTHING, Fact, Message, Sort, Told, replayed
from gateway.adapters.claims import Claim, Pressed, Sensors, state
from gateway.adapters.ha_classes import binary_claims, by_name, cover_claims, event_claims, lock_claims, sensor_claims
from gateway.adapters.vocabulary import parsed, truth
from gateway.devices import DeviceTable
from gateway.ids import fitting_id
from gateway.messages import Kind

MAX_BYTES = 64 * 1024
MOST_ENTITIES = 5000
BASES = frozenset({"homeassistant", "statestream", "hass", "ha", "home-assistant", "home_assistant"})
DOMAINS = "binary_sensor|sensor|lock|cover|event"
TELLING = frozenset({"device_class", "unit_of_measurement", "event_type"})
ATTRIBUTES = TELLING | {"friendly_name", "last_changed", "last_updated", "state_class", "icon", "event_types"}
_TOPIC = re.compile(rf"(?P<base>.+)/(?P<domain>{DOMAINS})/(?P<object>[a-z0-9_]+)/(?P<leaf>[a-z_]+)")
_OTHER = re.compile(r"[^/]+/(?:[a-z_]+)/[a-z0-9_]+/(?:state|last_changed|last_updated)")


@dataclass(slots=True)
class Known:
    """What its attributes have told of one entity."""

    device_class: str | None = None
    unit: str | None = None


class Statestream:
    def __init__(self, table: DeviceTable | None = None) -> None:
        self.table = table or DeviceTable()
        self.sensors = Sensors(self.table)
        self.bases = set(BASES)
        self.known: dict[str, Known] = {}

    def topics(self) -> tuple[str, ...]:
        return (
            *(f"+/+/+/{leaf}" for leaf in sorted(TELLING)),
            *(f"+/{domain}/+/state" for domain in DOMAINS.split("|")),
        )

    def owns(self, message: Message) -> bool:
        """Other integrations have topics of this form; so the base has to be known, or an attribute to show it."""
        found = _TOPIC.fullmatch(message.topic)
        if found is None:
            base, _, rest = message.topic.partition("/")
            return base in self.bases and bool(rest) and _OTHER.fullmatch(message.topic) is not None
        if found["leaf"] in ATTRIBUTES and message.payload[:1] in (b'"', b"["):
            self.bases.add(found["base"]) if len(self.bases) < MOST_ENTITIES else None
        return found["base"] in self.bases and found["leaf"] in ATTRIBUTES | {"state"}

    def hear(self, message: Message) -> Told:
        found = _TOPIC.fullmatch(message.topic)
        if found is None or len(message.payload) > MAX_BYTES:
            return Told(described=True)
        domain, object_id, leaf = found["domain"], found["object"], found["leaf"]
        name = f"{domain}.{object_id}"
        value = parsed(message.payload)
        if leaf != "state":
            self._learn(name, leaf, value)
        if leaf == "state" or (leaf == "event_type" and domain == "event"):
            return self._hear_state(name, leaf, message)
        return Told(described=True)

    def _learn(self, name: str, leaf: str, value: object) -> None:
        if leaf in TELLING and (name in self.known or len(self.known) < MOST_ENTITIES):
            known = self.known.setdefault(name, Known())
            text = value if isinstance(value, str) and value else None
            if leaf == "device_class":
                known.device_class = text
            elif leaf == "unit_of_measurement":
                known.unit = text

    def _hear_state(self, name: str, leaf: str, message: Message) -> Told:
        entry = self.table.find(name)
        sensor = self.sensors.get(entry.sensor or fitting_id(name), entry)
        if sensor is None or entry.ignore:
            return NOTHING
        text = message.payload.decode(errors="replace").strip().strip('"')  # old versions wrote it as JSON
        if text == "unavailable":
            gone = Told((Fact(sensor.id, Kind.AVAILABLE, 0.0, Sort.STATE, message.at),))
            return replayed(gone) if message.retained else gone
        said = [one for one in self._claims(name, text, leaf) if isinstance(one, Claim) or not message.retained]
        facts = sensor.facts([*said, state(Kind.AVAILABLE, True)], message.at)  # noqa: FBT003 (the value itself)
        told = Told(facts, alive=(sensor.id,), unread=not said)
        return replayed(told) if message.retained else told

    def _claims(self, name: str, text: str, leaf: str) -> Iterator[Claim | Pressed]:
        domain, _, object_id = name.partition(".")
        known = self.known.get(name, Known())
        device_class = known.device_class or by_name(object_id)
        if text in ("unknown", "None", "null", ""):
            return
        if domain == "binary_sensor":
            on = truth(text)
            yield from binary_claims(device_class, object_id, on) if on is not None and device_class else ()
        elif domain == "sensor":
            yield from sensor_claims(device_class, object_id, text, known.unit)
        elif domain == "lock":
            yield from lock_claims(text)
        elif domain == "cover":
            yield from cover_claims(known.device_class, text)
        elif leaf == "event_type":  # the state of an event is only its time
            yield from event_claims(known.device_class, text)
