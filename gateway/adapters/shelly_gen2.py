"""Shelly Plus, Pro, Gen3 and Gen4: `<prefix>/status/<component>` and `<prefix>/events/rpc`.

Source: Shelly's own documentation (shelly-api-docs.shelly.cloud/gen2). The same news comes
by both ways, the second with only the part that changed; so what is said is said twice,
and the sieve keeps it once. Presses come only as events. The prefix may be renamed, and
may have slashes; it is the identity all the same, since `status` carries no other.
No network, no clock, no disk.
"""

import re
from collections.abc import Mapping, Sequence

from gateway.adapters import NOTHING, Message, Told, replayed
from gateway.adapters.claims import Claim, Pressed, Sensors, state
from gateway.adapters.shelly_components import COMPONENTS, MAINS, OWNERS, component_claims, event_word
from gateway.adapters.vocabulary import device_time, parsed, truth
from gateway.devices import DeviceTable
from gateway.ids import fitting_id
from gateway.messages import Kind

MAX_BYTES = 256 * 1024
FIRST_ADDED = 100
MOST_CHANNELS = 100
NOTIFIES = frozenset({"NotifyStatus", "NotifyFullStatus", "NotifyEvent"})
_STATUS = re.compile(r"^(.+)/status/([a-z0-9_]+)(?::(\d+))?$")
_MAINS = re.compile(r"shelly(?:plus|pro|az)?(?:\d|plug|pm|em|dimmer|rgbw|blugw|walldisplay)")
"""Names, as they are from the factory, of what hangs on the mains and never sleeps."""
_METER = re.compile(r"em\d*(?:g\d)?-")
Said = Claim | Pressed
Events = Sequence[Mapping[str, object]]


class ShellyGen2:
    """`hear` turns each message into what it says."""

    def __init__(self, table: DeviceTable | None = None) -> None:
        self.table = table or DeviceTable()
        self.sensors = Sensors(self.table)
        self.prefixes: set[str] = set()
        """Prefixes that have shown to be Shellys, whatever they are called."""
        self.mains: set[str] = set()
        self.rooms: set[str] = set()
        """Prefixes that measure humidity, and so the temperature of the room."""
        self.blu: set[str] = set()

    def topics(self) -> tuple[str, ...]:
        return ("+/events/rpc", "+/status/+", "+/online", "+/+/events/rpc", "+/+/status/+")

    def owns(self, message: Message) -> bool:
        return self._prefix(message) is not None

    def _prefix(self, message: Message) -> str | None:
        prefix, _, leaf = message.topic.rpartition("/")
        if message.topic.endswith("/events/rpc"):
            return message.topic.removesuffix("/events/rpc") if b'"Notify' in message.payload else None
        found = _STATUS.match(message.topic)
        if found and found[2] in COMPONENTS and message.payload[:1] == b"{":
            return found[1]
        known = prefix in self.prefixes or (prefix.startswith("shelly") and "/" not in prefix)
        return prefix if leaf == "online" and known else None

    def hear(self, message: Message) -> Told:
        prefix = self._prefix(message)
        if prefix is None or len(message.payload) > MAX_BYTES:
            return NOTHING
        body = parsed(message.payload)
        self._remember(prefix)
        if message.topic.endswith("/online"):
            told = self._online(prefix, body, message)
        elif message.topic.endswith("/events/rpc"):
            told = self._notified(prefix, body, message)
        else:
            component = message.topic.removeprefix(f"{prefix}/status/")
            told = self._told(prefix, {component: body}, (), message)
        return replayed(told) if message.retained else told

    def _remember(self, prefix: str) -> None:
        if len(self.prefixes) < Sensors.MOST:
            self.prefixes.add(prefix)

    def _online(self, prefix: str, body: object, message: Message) -> Told:
        """A device on batteries is "offline" whenever it sleeps, which says nothing."""
        online = truth(body)
        if online is None or (not online and prefix not in self.mains and not _MAINS.match(prefix)):
            return NOTHING
        return self._say(prefix, "", [state(Kind.AVAILABLE, online)], message, None, alive=online)

    def _notified(self, prefix: str, body: object, message: Message) -> Told:
        params = body.get("params") if isinstance(body, dict) else None
        if not isinstance(body, dict) or str(body.get("method")) not in NOTIFIES or not isinstance(params, dict):
            return NOTHING
        events = params.get("events") if body["method"] == "NotifyEvent" else None
        listed = [one for one in events if isinstance(one, dict)] if isinstance(events, list) else []
        return self._told(prefix, params, listed[:50], message)

    def _told(self, prefix: str, components: Mapping[str, object], events: Events, message: Message) -> Told:
        """What these components and events say, each under the sensor of its channel."""
        said: dict[str, list[Said]] = {"": []}
        for name, body in components.items():
            kind, _, number = name.partition(":")
            if isinstance(body, dict) and kind in COMPONENTS and len(said) < MOST_CHANNELS:
                self._learn(prefix, kind)
                if kind not in OWNERS and not (kind == "temperature" and self._is_chip(prefix, number)):
                    said.setdefault(_channel(kind, number), []).extend(component_claims(kind, body))
        for event in events:
            channel, word = self._pressed(prefix, event)
            if word and len(said) < MOST_CHANNELS:
                said.setdefault(channel, []).append(Pressed(word))
        ts = components.get("ts")
        told = [self._say(prefix, channel, claims, message, ts) for channel, claims in said.items()]
        facts = tuple(fact for one in told for fact in one.facts)
        return Told(facts, alive=tuple(name for one in told for name in one.alive), described=not facts)

    def _learn(self, prefix: str, kind: str) -> None:
        if len(self.mains) < Sensors.MOST and kind in MAINS:
            self.mains.add(prefix)
        if len(self.rooms) < Sensors.MOST and kind == "humidity":
            self.rooms.add(prefix)

    def _is_chip(self, prefix: str, number: str) -> bool:
        """A meter's own temperature, unless it measures humidity too. Probes have numbers from 100 on."""
        probe = number.isdigit() and int(number) >= FIRST_ADDED
        metering = prefix in self.mains or bool(_METER.search(prefix))
        return metering and prefix not in self.rooms and not probe

    def _pressed(self, prefix: str, event: Mapping[str, object]) -> tuple[str, str | None]:
        """Where and what was pressed. A Bluetooth button is told of by its device and by its sensor:
        where the device has spoken, the sensor says nothing new."""
        kind, _, number = str(event.get("component")).partition(":")
        word = event_word(event)
        if kind == "bthomedevice" and word and len(self.blu) < Sensors.MOST:
            self.blu.add(prefix)
        if kind == "bthomesensor" and prefix in self.blu:
            return "", None
        return _channel(kind, number), word

    def _say(
        self, prefix: str, channel: str, said: list[Said], message: Message, ts: object, *, alive: bool = True
    ) -> Told:
        name = f"{prefix}:{channel}" if channel else prefix
        entry = self.table.find(name, prefix)
        shared = entry.sensor and channel and name not in self.table.root  # the entry is that of the whole device
        sensor_id = fitting_id(f"{entry.sensor}:{channel}") if shared else entry.sensor or fitting_id(name)
        sensor = None if entry.ignore else self.sensors.get(sensor_id, entry)
        if sensor is None:
            return NOTHING
        facts = sensor.facts(said, device_time(ts, message.at), arrival=message.at)
        return Told(facts, alive=(sensor.id,) if alive else ())


def _channel(kind: str, number: str) -> str:
    """Which sensor of the device a component is: "" the device itself, else a further channel of it.

    From 100 on are probes, and devices on Bluetooth that it speaks for.
    """
    if not number.isdigit() or int(number) == 0:
        return ""
    return f"{kind}:{number}" if int(number) >= FIRST_ADDED else number
