"""The form for makers: what anybody's device can send to be understood. No network, no clock, no disk.

One topic a fact, `hearth-device/<device>/<kind>`, with the bare value or a JSON object:

    hearth-device/hall-door/contact          open
    hearth-device/hall-door/battery          88
    hearth-device/pendant-2/button           sos
    hearth-device/kettle-plug/power          {"value": 1940.5, "at": "2026-03-02T07:58:01Z"}
    hearth-device/tablets/medication         opened
    hearth-device/bedroom-mat/bed            1

or several at once, on `hearth-device/<device>`:

    hearth-device/hall-door                  {"contact": "open", "temperature": 17.5, "at": "2026-03-02T07:58:01Z"}

`<device>` is its own lasting id (a serial number or an address), not the name of a room.
`<kind>` is one of the contract's kinds, in its unit (gateway/messages.py): `power` in W,
`temperature` in °C, `contact` 1 or `open`, `lock` 1 or `locked`, yes and no as `1`, `true`
or `on` and their contraries. `energy` is a counter in Wh that only rises. `at` (optional,
ISO 8601 with a zone, or seconds since 1970) is believed for two minutes; with
`"stored": true` it is a record that comes late, and is kept with its own time. A message
without `at` happened when it arrives. Send a press, a movement or a fall when it happens,
a state when it changes and once an hour; do not retain. `hearth-device/<device>/online`
says `true` or `false`.

Tolerated besides, on any topic that no other integration owns: a hobby device's JSON
object that names its device (`device_id`, `sensorId`, `device` …), with an `event` in
plain words or fields whose names are plain. A device that says that a pill was taken
knows that its lid was opened, and only that is passed on.
"""

from collections.abc import Iterator, Mapping

from gateway.adapters import NOTHING, Message, Told, When, replayed
from gateway.adapters.claims import Claim, Pressed, Sensors, state
from gateway.adapters.own_values import named_values, own_claim, plain_event
from gateway.adapters.vocabulary import device_time, parsed, record_time, truth
from gateway.devices import DeviceTable
from gateway.ids import fitting_id
from gateway.messages import Kind

BASE = "hearth-device/"
MAX_BYTES = 64 * 1024
MAX_HOBBY = 4096
MOST_FIELDS = 64
NAMES = ("device_id", "deviceId", "sensor_id", "sensorId", "device")
MARKS = tuple(f'"{name}"'.encode() for name in NAMES)
HOBBY = "values of a hobby device"
EVENTS = ("event", "event_type", "eventType")
TIMES = ("at", "timestamp", "time", "ts")
Said = Claim | Pressed


class OwnForm:
    """`hear` turns each message into what it says."""

    def __init__(self, table: DeviceTable | None = None) -> None:
        self.table = table or DeviceTable()
        self.sensors = Sensors(self.table)

    def topics(self) -> tuple[str, ...]:
        return (f"{BASE}#",)

    def owns(self, message: Message) -> bool:
        return message.topic.startswith(BASE) or any(mark in message.payload[:MAX_HOBBY] for mark in MARKS)

    def hear(self, message: Message) -> Told:
        if len(message.payload) > MAX_BYTES or not self.owns(message):
            return NOTHING
        body = parsed(message.payload)
        if message.topic.startswith(BASE):
            _, device, *kind = message.topic.split("/")
            fields = _fields(kind, body)
        else:
            device, fields = _hobby(body)
        if not device:
            return NOTHING
        told = self._told(device, fields, message)
        return replayed(told) if message.retained else told

    def _told(self, device: str, fields: Mapping[str, object], message: Message) -> Told:
        entry = self.table.find(device)
        sensor = None if entry.ignore else self.sensors.get(entry.sensor or fitting_id(device), entry)
        if sensor is None:
            return NOTHING
        said = list(_claims(fields))
        stamp = next((fields[name] for name in TIMES if name in fields), None)
        gone = any(isinstance(one, Claim) and one.kind is Kind.AVAILABLE and not one.value for one in said)
        if fields.get("stored") is True:
            at = record_time(stamp, message.at)
            facts = sensor.facts(said, at, when=When.PAST) if at else ()
        else:
            facts = sensor.facts(said, device_time(stamp, message.at), arrival=message.at)
        return Told(facts, alive=() if gone else (sensor.id,), unread=not facts)


def _fields(kind: list[str], body: object) -> dict[str, object]:
    """Kind -> value, and the time; whether the kind is in the topic or in the object."""
    if not kind:
        return dict(list(body.items())[:MOST_FIELDS]) if isinstance(body, dict) else {}
    if len(kind) > 1:
        return {}
    if isinstance(body, dict):
        return {kind[0]: body.get("value"), **{name: body[name] for name in (*TIMES, "stored") if name in body}}
    return {kind[0]: body}


def _claims(fields: Mapping[str, object]) -> Iterator[Said]:
    if "kind" in fields:
        fields = {str(fields["kind"]): fields.get("value")}
    for name, value in fields.items():
        if name == "event":
            yield from plain_event(value)
        elif name == HOBBY and isinstance(value, dict):
            yield from named_values(value)
        elif name == "online":
            online = truth(value)
            yield from [] if online is None else [state(Kind.AVAILABLE, online)]
        elif name not in TIMES:
            yield from own_claim(name, value)


def _hobby(body: object) -> tuple[str, dict[str, object]]:
    """The device, and what it says: one event, or named values."""
    if not isinstance(body, dict) or len(body) > MOST_FIELDS:
        return "", {}
    device = next((body[name] for name in NAMES if isinstance(body.get(name), str)), "")
    event = next((body[name] for name in EVENTS if isinstance(body.get(name), str)), None)
    kept = {name: body[name] for name in TIMES if name in body}
    if event is not None:
        return device, {"event": event, **kept}
    named = {name: value for name, value in body.items() if name not in NAMES + TIMES}
    return device, {HOBBY: named, **kept}
