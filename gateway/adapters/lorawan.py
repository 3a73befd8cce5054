"""What all LoRaWAN network servers have in common: an uplink of a device becomes facts. Pure.

A device says bytes. What they mean is known from the codec that the network's owner has
set (`fields`), or by our own decoders (lorawan_milesight.py, lorawan_bytes.py) where the
device's make can be told: by its profile, by the per-device table's name for it, by its
address, or by bytes that no other make sends. Otherwise they are unread, never guessed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from gateway.adapters import NOTHING, Fact, Sort, Told, When
from gateway.adapters.claims import Claim, Pressed, Sensor, Sensors, held, level, state
from gateway.adapters.lorawan_bytes import decoded_bytes
from gateway.adapters.lorawan_fields import Decoded, Said, decoded_fields, press_counts
from gateway.adapters.lorawan_models import calls_for_help, model_in, model_of_address
from gateway.adapters.lorawan_omitted import Layouts
from gateway.adapters.vocabulary import record_time
from gateway.devices import Device, DeviceTable
from gateway.messages import Kind

OPENED_MEANWHILE = timedelta(minutes=15)
"""A counter that rose tells of lost messages; for so long the opening is still news."""
MOST_MISSED = 100  # a counter that rose by more was set anew
MOST_COUNTERS = 32
NOTHING_SAID = Decoded()
NAMES_ITSELF = ("Device", "device", "model", "device_model", "deviceModel", "genericModel")


@dataclass(frozen=True, slots=True)
class Uplink:
    """One message of a device. `at`: when a LoRa gateway received it; `arrival`: when we did."""

    eui: str
    at: datetime
    arrival: datetime
    port: int | None = None
    raw: bytes = b""
    fields: Mapping[str, object] = field(default_factory=dict)
    common: Mapping[str, object] = field(default_factory=dict)
    """The same in words common to all makes. Some codecs tell these wrong: their own count first."""
    hints: tuple[str, ...] = ()
    """Where people or the network name the model: the device's profile, its name, its tags."""
    frame: int | None = None
    """The device's own number of the message."""
    percent: float | None = None
    """Its battery, where the network's own protocol told it."""
    omits_zeros: bool = False
    """Fields that are zero, false or empty were left out on the way."""


@dataclass(slots=True)
class Memory:
    """Of one device, what the next message has to be compared with."""

    model: str | None = None
    last: tuple[int, bytes] | None = None
    counts: dict[str, int] = field(default_factory=dict)
    moves: dict[str, int] = field(default_factory=dict)
    contact: float | None = None
    heard: datetime | None = None
    layouts: Layouts = field(default_factory=Layouts)


class Devices:
    """The devices of a network server: of one home, or of a whole house of flats."""

    def __init__(self, table: DeviceTable) -> None:
        self.table = table
        self.sensors = Sensors(self.table)
        self.memories: dict[str, Memory] = {}

    def find(self, eui: str, *names: str) -> Sensor | None:
        """The sensor under its address, its entry by address in any spelling. None: to be ignored."""
        entry = self.table.find(eui, eui.upper(), *names)
        return None if entry.ignore else self.sensors.get(entry.sensor or eui, entry)

    def joined(self, eui: str) -> Told:
        """It has started anew, with a new battery as a rule; its counters begin again."""
        sensor = self.find(eui)
        if sensor is None:
            return NOTHING
        self.memories.pop(sensor.id, None)
        return Told(alive=(sensor.id,), described=True)

    def battery(self, eui: str, percent: float | None, at: datetime, *, mains: bool = False) -> Told:
        """What the network's own question about the battery brought."""
        sensor = self.find(eui)
        if sensor is None:
            return NOTHING
        said = [] if percent is None else [level(Kind.BATTERY, percent)]
        said += [state(Kind.MAINS, value=True)] if mains else []
        return Told(sensor.facts(said, at), alive=(sensor.id,), described=not said)

    def hear(self, uplink: Uplink) -> Told:
        sensor = self.find(uplink.eui)
        if sensor is None:
            return NOTHING
        memory = self.memories.setdefault(sensor.id, Memory())
        decoded = _decoded(uplink, sensor.entry, memory)
        said = list(decoded.said)
        if uplink.percent is not None and not any(one.kind is Kind.BATTERY for one in said if isinstance(one, Claim)):
            said.append(level(Kind.BATTERY, uplink.percent))
        said = _only_once(uplink, memory, said)
        said = _missed(uplink, memory, decoded, said)
        said += _counted(memory, decoded, said)
        if calls_for_help(uplink.hints):
            said = [Pressed(f"sos {one.word}") if isinstance(one, Pressed) else one for one in said]
        memory.heard = uplink.arrival
        facts = sensor.facts(said, uplink.at, arrival=uplink.arrival) + _records(uplink, sensor, decoded)
        return Told(facts, alive=(sensor.id,), unread=not facts and not decoded.described, described=decoded.described)


def _decoded(uplink: Uplink, entry: Device, memory: Memory) -> Decoded:
    """By the owner's codec first; what it does not tell, by our own decoders."""
    names = (*uplink.hints, *_own_names(uplink.fields), entry.sensor or "")
    memory.model = model_in(names) or model_of_address(uplink.eui) or memory.model
    own = decoded_bytes(uplink.port, uplink.raw, memory.model, sense_told=_sense_told(entry))
    memory.model = own.model or memory.model
    fields = uplink.fields
    if uplink.omits_zeros:
        fields = memory.layouts.completed(uplink.port, len(uplink.raw), fields)
    codec = decoded_fields(fields, memory.model, sense_told=_sense_told(entry))
    common = decoded_fields(uplink.common, memory.model) if uplink.common else NOTHING_SAID
    said = _each_kind_once(codec.said, common.said, own.said)
    if memory.model == "PROBE":
        said = tuple(one for one in said if _kind(one) is not Kind.TEMPERATURE)
    return Decoded(
        said=said,
        records=codec.records or own.records,
        counts=codec.counts,
        openings=codec.openings if codec.openings is not None else own.openings,
        described=codec.described or (own.described and not codec.said),
    )


def _each_kind_once(*tellings: Said) -> Said:
    """Each kind from the first that tells of it."""
    said: Said = ()
    for telling in tellings:
        kinds = {_kind(one) for one in said}
        said += tuple(one for one in telling if _kind(one) not in kinds)
    return said


def _own_names(fields: Mapping[str, object]) -> tuple[str, ...]:
    """What the device itself, or its codec, calls its model."""
    return tuple(name for name in (fields.get(key) for key in NAMES_ITSELF) if isinstance(name, str))


def _sense_told(entry: Device) -> bool:
    """Whether somebody has said what a bare switch's "on" means: `invert` is given, as true or false."""
    return "invert" in entry.model_fields_set


def _kind(one: Claim | Pressed) -> Kind:
    return one.kind if isinstance(one, Claim) else Kind.BUTTON


def _only_once(uplink: Uplink, memory: Memory, said: list[Claim | Pressed]) -> list[Claim | Pressed]:
    """A message that the network delivers twice is one press."""
    this = (uplink.frame, uplink.raw) if uplink.frame is not None else None
    if this is not None and this == memory.last:
        return [one for one in said if not isinstance(one, Pressed)]
    memory.last = this
    return said


def _missed(uplink: Uplink, memory: Memory, decoded: Decoded, said: list[Claim | Pressed]) -> list[Claim | Pressed]:
    """Presses and openings whose own messages were lost, as the device's counters show."""
    presses = press_counts(uplink.fields)
    pressed = any(_rose(memory, name, count) for name, count in presses.items())
    if pressed and not any(isinstance(one, Pressed) for one in said):
        said = [*said, Pressed("counted")]
    stands = next((one.value for one in said if isinstance(one, Claim) and one.kind is Kind.CONTACT), None)
    opened = decoded.openings is not None and _rose(memory, "openings", decoded.openings)
    recent = memory.heard is not None and uplink.arrival - memory.heard <= OPENED_MEANWHILE
    if opened and recent and stands is not None and stands == memory.contact:
        said = [state(Kind.CONTACT, not stands), *said]
    memory.contact = stands if stands is not None else memory.contact
    return said


def _counted(memory: Memory, decoded: Decoded, said: list[Claim | Pressed]) -> list[Claim]:
    """Movements that a counter tells of, whether it began anew with each message or never does.

    The first count of all may be of long ago.
    """
    found: dict[Kind, Claim] = {}
    for name, count in decoded.counts.items():
        before = memory.moves.get(name)
        kind = Kind.VIBRATION if name.startswith("vibration") else Kind.MOTION
        if count and before not in (None, count) and not any(_kind(one) is kind for one in said):
            found[kind] = replace(held(kind, value=True), sort=Sort.HELD_AGAIN)
        memory.moves[name] = count
    return list(found.values())


def _rose(memory: Memory, name: str, count: int) -> bool:
    before = memory.counts.get(name)
    if before is not None or len(memory.counts) < MOST_COUNTERS:
        memory.counts[name] = count
    return before is not None and 0 < count - before <= MOST_MISSED


def _records(uplink: Uplink, sensor: Sensor, decoded: Decoded) -> tuple[Fact, ...]:
    """Stored by the device and sent late, each with its own time. Without one that can be true: left out."""
    facts: tuple[Fact, ...] = ()
    for stamp, said in decoded.records:
        at = record_time(stamp, uplink.arrival)
        if at is not None:
            facts += sensor.facts(said, at, when=When.PAST)
    return facts
