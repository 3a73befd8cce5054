"""Devices that describe themselves by Home Assistant's MQTT discovery. No network, no clock, no disk.

A description says where an entity speaks and what its words mean; then its messages can be
read, whatever integration they come from. It is asked after all who know their messages
better. It has to hear every topic of the home's broker: which ones matter it learns only then.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from gateway.adapters import NOTHING, Fact, Message, Sort, Told, replayed
from gateway.adapters.claims import Claim, Pressed, Sensors
from gateway.adapters.ha_classes import binary_claims, cover_claims, event_claims, lock_claims, sensor_claims
from gateway.adapters.ha_discovery import Availability, Entity, component_of, entities
from gateway.adapters.ha_template import MISSING, UNREADABLE
from gateway.adapters.vocabulary import parsed
from gateway.devices import DeviceTable
from gateway.ids import fitting_id
from gateway.messages import Kind

MAX_BYTES = 256 * 1024
MOST_ENTITIES = 5000


class HomeAssistant:
    def __init__(self, table: DeviceTable | None = None) -> None:
        self.table = table or DeviceTable()
        self.sensors = Sensors(self.table)
        self.described: dict[str, tuple[Entity, ...]] = {}  # by discovery topic
        self.sorted = True  # whether what follows is made from all of them
        self.by_topic: dict[str, list[Entity]] = {}
        self.watched: dict[str, list[tuple[Entity, Availability]]] = {}
        self.alike: Counter[tuple[str, str, str | None]] = Counter()

    def topics(self) -> tuple[str, ...]:
        return ("homeassistant/+/+/config", "homeassistant/+/+/+/config", "#")

    def owns(self, message: Message) -> bool:
        topic = message.topic
        if topic.endswith("/config") and component_of(topic) is not None:
            ours = topic in self.described or topic.startswith("homeassistant/")
            return ours or not message.payload or message.payload.lstrip()[:1] == b"{"
        self._sort()
        return topic in self.by_topic or topic in self.watched

    def hear(self, message: Message) -> Told:
        if len(message.payload) > MAX_BYTES:
            return NOTHING
        body = parsed(message.payload)
        if component_of(message.topic) is not None:
            self._learn(message.topic, body)
            return Told(described=True)
        self._sort()
        told = self._hear_states(message, body)
        return replayed(told) if message.retained else told

    def _learn(self, topic: str, body: object) -> None:
        """Take over what this topic describes; an empty message takes it back."""
        found = tuple(entities(topic, body))
        if found != self.described.get(topic, ()) and len(self.described) < MOST_ENTITIES:
            self.described[topic] = found
            self.sorted = False

    def _sort(self) -> None:
        """Which entities speak on which topic; not for each description anew, since they come in hundreds."""
        if self.sorted:
            return
        self.sorted = True
        states: dict[str, list[Entity]] = defaultdict(list)
        watched: dict[str, list[tuple[Entity, Availability]]] = defaultdict(list)
        every = [entity for several in self.described.values() for entity in several]
        for entity in every:
            states[entity.topic].append(entity)
            for one in entity.availability:
                watched[one.topic].append((entity, one))
        self.by_topic, self.watched = dict(states), dict(watched)
        read = (one for one in every if one.template is not UNREADABLE)
        self.alike = Counter((one.device, one.component, one.device_class) for one in read)

    def _hear_states(self, message: Message, body: object) -> Told:
        facts: list[Fact] = []
        alive: dict[str, None] = {}
        text = message.payload.decode(errors="replace").strip()
        entities_here = self.by_topic.get(message.topic, ())
        for entity in entities_here:
            entry = self.table.find(entity.key, entity.device)
            sensor = self.sensors.get(self._id(entity), entry)
            if sensor is not None and not entry.ignore:
                alive[sensor.id] = None
                said = [one for one in _claims(entity, text, body) if isinstance(one, Claim) or not message.retained]
                facts += sensor.facts(said, message.at)
        told = self._availability(message, text, body)
        unread = bool(entities_here) and not facts
        return Told((*facts, *told.facts), alive=(*alive, *told.alive), bridge=told.bridge, by=told.by, unread=unread)

    def _id(self, entity: Entity) -> str:
        """The device's own id; where it has several entities of one sort, each has its own."""
        several = self.alike[entity.device, entity.component, entity.device_class] > 1
        name = entity.key if several and entity.template is not UNREADABLE else entity.device
        return self.table.find(entity.key, entity.device).sensor or fitting_id(name)

    def _availability(self, message: Message, text: str, body: object) -> Told:
        """A topic that speaks for several devices is that of their bridge."""
        watched = self.watched.get(message.topic, ())
        online = next((yes for _, one in watched if (yes := _online(one, text, body)) is not None), None)
        if online is None:
            return NOTHING
        if len({entity.device for entity, _ in watched}) > 1:
            return Told(bridge=online, by=f"homeassistant {message.topic}")
        names = {self._id(entity) for entity, _ in watched}
        facts = tuple(Fact(name, Kind.AVAILABLE, float(online), Sort.STATE, message.at) for name in sorted(names))
        return Told(facts, alive=tuple(sorted(names)) if online else ())


def _claims(entity: Entity, text: str, body: object) -> Iterable[Claim | Pressed]:
    value = entity.template.render(text, body)
    if value is MISSING or value is None or value in ("unavailable", "unknown", "None", ""):
        return ()
    return _of_component(entity, value, body)


def _of_component(entity: Entity, value: object, body: object) -> Iterator[Claim | Pressed]:
    if entity.component == "binary_sensor":
        on = _either(value, entity.on, entity.off)
        yield from binary_claims(entity.device_class, entity.name, on) if on is not None else ()
    elif entity.component == "sensor":
        yield from sensor_claims(entity.device_class, entity.name, value, entity.unit)
    elif entity.component == "lock":
        shut = _either(value, entity.on, entity.off)
        yield from lock_claims(value if shut is None else "locked" if shut else "unlocked")
    elif entity.component == "cover":
        yield from cover_claims(entity.device_class, value)
    elif entity.component == "event":
        yield from event_claims(entity.device_class, body.get("event_type") if isinstance(body, dict) else None)
    elif entity.payload is None or _same(value, entity.payload):  # device_automation
        yield Pressed(str(value))


def _either(value: object, on: object, off: object) -> bool | None:
    return True if _same(value, on) else False if _same(value, off) else None


def _same(value: object, word: object) -> bool:
    """As Home Assistant compares, by what is written; how true and false are written differs."""
    if isinstance(value, bool) or isinstance(word, bool):
        return str(value).lower() == str(word).lower()
    return value == word or str(value) == str(word)


def _online(one: Availability, text: str, body: object) -> bool | None:
    value = one.template.render(text, body)
    return None if value is MISSING else _either(value, one.online, one.offline)
