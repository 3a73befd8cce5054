"""The MQTT contract, version 1: topics, kinds, and the shapes of every message.

Owned by the gateway because the gateway is the part that other people build.
Everything else imports it from here. Pure: no network, no clock.

Times are RFC 3339 in UTC. The key of a reading is (gateway, boot, seq). The same for people who
build gateways, as JSON Schema with rules and examples: `python -m gateway contract`.
"""

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

VERSION = 1
MAX_MESSAGE_BYTES = 64 * 1024
MAX_READINGS = 500
BEAT_EVERY_S = 300
"""A beat at T says: this gateway was running and listening for the whole of the
BEAT_EVERY_S seconds before T. It may be sent more often, never more rarely."""

GATEWAY_SENSOR = "gateway"
"""The sensor id under which a gateway reports about itself (beat, mains)."""


class Kind(StrEnum):
    """What a reading tells. A closed list: an unknown kind goes to quarantine."""

    CONTACT = "contact"  # 1 open, 0 shut
    MOTION = "motion"  # 1
    PRESENCE = "presence"  # 0/1
    BED = "bed"  # 0/1, occupancy
    CHAIR = "chair"  # 0/1, occupancy
    POWER = "power"  # W
    TEMPERATURE = "temperature"  # degrees Celsius
    HUMIDITY = "humidity"  # %
    ILLUMINANCE = "illuminance"  # lx
    BUTTON = "button"  # 1 ok, 2 sos, 3 cancel
    SMOKE = "smoke"  # 0/1
    CO = "co"  # 0/1
    GAS = "gas"  # 0/1, gas that burns
    LEAK = "leak"  # 0/1
    FALL = "fall"  # 0/1
    VIBRATION = "vibration"  # 1
    LOCK = "lock"  # 1 locked, 0 unlocked
    MEDICATION = "medication"  # 1 dispensed, 2 missed, 3 opened, 4 empty, 5 fault
    REMINDER = "reminder"  # 1 shown, 2 done, 3 skipped, 4 expired
    VISIT = "visit"  # the number of the visitor's tag
    ENERGY = "energy"  # Wh since the last report
    BEAT = "beat"  # outbox depth, readings
    MAINS = "mains"  # 0/1
    BATTERY = "battery"  # %
    BATTERY_LOW = "battery_low"  # 0/1
    LINK_QUALITY = "link_quality"  # 0 to 255
    TAMPER = "tamper"  # 0/1
    AVAILABLE = "available"  # 0/1


class Button(StrEnum):
    """What a press means; the number on the wire is BUTTON_VALUE[press]."""

    OK = "ok"
    SOS = "sos"
    CANCEL = "cancel"


BUTTON_VALUE = {Button.OK: 1.0, Button.SOS: 2.0, Button.CANCEL: 3.0}


ALARMS = frozenset({Kind.SMOKE, Kind.CO, Kind.GAS, Kind.LEAK, Kind.FALL})
"""Devices that call for help by themselves."""


def is_urgent(kind: Kind, value: float) -> bool:
    """A call for help: never dropped from an outbox, judged at once, raised however late."""
    if kind is Kind.BUTTON:
        return value == BUTTON_VALUE[Button.SOS]
    return kind in ALARMS and value == 1


def _in_utc(at: datetime) -> datetime:
    return at.astimezone(UTC)


UtcTime = Annotated[AwareDatetime, AfterValidator(_in_utc)]
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$")]
Seq = Annotated[int, Field(ge=1, lt=2**31)]


class Message(BaseModel):
    """Base of all messages: immutable, and a field nobody knows is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Reading(Message):
    """One fact from one sensor. `at` is when it happened in the home."""

    seq: Seq
    sensor: Id
    kind: Kind
    value: Annotated[float, Field(ge=-1e9, le=1e9)]
    at: UtcTime


class Envelope(Message):
    """1 to 500 readings of one gateway and boot, in rising `seq`."""

    v: Literal[1] = 1
    gateway: Id
    boot: Id
    sent_at: UtcTime
    readings: Annotated[tuple[Reading, ...], Field(min_length=1, max_length=MAX_READINGS)]


class Stored(Message):
    """From the ingest: every reading of this boot up to `seq` is committed."""

    v: Literal[1] = 1
    boot: Id
    seq: Annotated[int, Field(ge=0, lt=2**31)]


class Status(Message):
    """Retained, by the gateway about itself; the last will says online: false."""

    v: Literal[1] = 1
    online: bool
    at: UtcTime | None = None
    boot: Id | None = None
    version: str | None = Field(default=None, max_length=32)
    outbox: int | None = Field(default=None, ge=0)
    dropped: int | None = Field(default=None, ge=0)
    """Readings thrown away since the outbox was made because the disk allowance was full."""
    sensors_at: dict[Id, UtcTime] = Field(default_factory=dict, max_length=500)
    """Last sign of life of each sensor, whatever it said."""
    faulty: tuple[Id, ...] = Field(default=(), max_length=50)
    """Sensors that change their mind too often to be believed; they are not forwarded until they are calm."""
    unread: tuple[Id, ...] = Field(default=(), max_length=50)
    """Sensors that speak and cannot be understood: encrypted, or of an unknown make."""
    config: int | None = Field(default=None, ge=1)
    """The version of the config in force (gateway/config.py)."""
    missing: tuple[str, ...] = Field(default=(), max_length=60)
    """Pictures and sounds of that config that are not here, by SHA-256: please send them."""
    voice: bool | None = None
    """Whether reminders without a sound of their own can be spoken here; null: there is no page in this home."""
    paused_until: UtcTime | None = None
    """The resident has paused monitoring: but calls for help and reminders nothing is forwarded until then."""
    walk_test_until: UtcTime | None = None
    """Until then this status follows each sensor within seconds."""
    problems: tuple[Id, ...] = Field(default=(), max_length=30)
    """What is wrong with the gateway, or was within the last hour: the words of gateway/health.py, or a maker's own."""
    clock: Literal["known", "unsure", "unset"] | None = None
    """Whether a time source has set the clock; `unset`: it is certainly wrong, so that readings wait for it."""


Leaf = Literal["readings", "stored", "status", "devices", "config", "assets", "commands"]


def topic(gateway: str, leaf: Leaf) -> str:
    return f"hearth/{VERSION}/{gateway}/{leaf}"


def gateway_of(topic_name: str) -> str:
    """The gateway id in a topic, which the broker's rules vouch for.

    Raises ValueError where the topic is not one of the contract's.
    """
    parts = topic_name.split("/")
    if len(parts) != 4 or parts[:2] != ["hearth", str(VERSION)]:
        raise ValueError("not a topic of the contract")
    return parts[2]
