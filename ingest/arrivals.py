"""From bytes on a topic to what they say, or why they are refused. Pure.

The fast path is one call of pydantic. Only a message that fails it is looked at with
care, so that what is good in it is kept and each bad part has its reason.
"""

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple, TypeVar

from pydantic import TypeAdapter, ValidationError

from gateway.device_list import DeviceList
from gateway.messages import MAX_MESSAGE_BYTES, MAX_READINGS, Envelope, Id, Kind, Reading, Seq, Status, UtcTime
from ingest.refusals import Reason, Refusal


class Arrived(NamedTuple):
    """One message as it came from the broker."""

    topic: str
    payload: bytes
    received_at: datetime
    mid: int
    connection: int  # counts up with each connection: a mid means something only within one


@dataclass(slots=True)
class Parcel:
    """What one readings message says: `readings` are fit to be stored, `spent` are numbers
    of readings that are not but count as stored, so that they are not sent for ever."""

    arrived: Arrived
    boot: str
    sent_at: datetime
    readings: tuple[Reading, ...]
    spent: tuple[int, ...] = ()

    def numbers(self) -> tuple[int, ...]:
        """All sequence numbers in it, good or bad."""
        return (*self.spent, *(reading.seq for reading in self.readings))


@dataclass(slots=True)
class Opened:
    """The outcome of opening one message."""

    parcel: Parcel | None
    refusals: tuple[Refusal, ...] = ()


T = TypeVar("T")
Whole = TypeVar("Whole", Status, DeviceList)
_boot = TypeAdapter[str](Id)
_seq = TypeAdapter[int](Seq)
_time = TypeAdapter[datetime](UtcTime)
_KINDS = {str(kind) for kind in Kind}


def open_readings(arrived: Arrived, gateway: str) -> Opened:
    """Open a message that came on the readings topic of this gateway."""
    payload = arrived.payload
    if len(payload) <= MAX_MESSAGE_BYTES:
        try:
            envelope = Envelope.model_validate_json(payload)
        except ValidationError as error:
            return _with_care(arrived, gateway, error)
        if envelope.gateway == gateway:
            return Opened(Parcel(arrived, envelope.boot, envelope.sent_at, envelope.readings))
        spent = tuple(reading.seq for reading in envelope.readings)
        return _refused(arrived, Reason.WRONG_GATEWAY, "the envelope names another gateway", envelope.boot, spent)
    return _refused(arrived, Reason.TOO_LARGE, f"more than {MAX_MESSAGE_BYTES} bytes", *_glimpse(payload))


def open_status(arrived: Arrived) -> Status | Refusal:
    """Open a message that came on a status topic."""
    return _open(arrived, Status)


def open_devices(arrived: Arrived) -> DeviceList | Refusal:
    """Open a message that came on a devices topic."""
    return _open(arrived, DeviceList)


def _open(arrived: Arrived, model: type[Whole]) -> Whole | Refusal:
    """A message that is right as a whole or refused as a whole."""
    if len(arrived.payload) > MAX_MESSAGE_BYTES:
        return _refusal(arrived, Reason.TOO_LARGE, f"more than {MAX_MESSAGE_BYTES} bytes")
    try:
        return model.model_validate_json(arrived.payload)
    except ValidationError as error:
        found = _json(arrived)
        return found if isinstance(found, Refusal) else _refusal(arrived, Reason.WRONG_SHAPE, _why(error))


def _with_care(arrived: Arrived, gateway: str, error: ValidationError) -> Opened:
    found = _json(arrived)
    if isinstance(found, Refusal):
        return Opened(None, (found,))
    if not isinstance(found, dict):
        return _refused(arrived, Reason.WRONG_SHAPE, "not an object")
    boot, numbers = _valid(_boot, found.get("boot")), _numbers(found.get("readings"))
    if found.get("v", 1) != 1:
        return _refused(arrived, Reason.WRONG_VERSION, "this ingest knows version 1 only", boot, numbers)
    if isinstance(found.get("gateway"), str) and found["gateway"] != gateway:
        return _refused(arrived, Reason.WRONG_GATEWAY, "the envelope names another gateway", boot, numbers)
    sent_at, items = _valid(_time, found.get("sent_at")), found.get("readings")
    is_envelope = found.keys() <= Envelope.model_fields.keys() and found.get("gateway") == gateway
    if not (is_envelope and boot and sent_at and isinstance(items, list) and 1 <= len(items) <= MAX_READINGS):
        return _refused(arrived, Reason.WRONG_SHAPE, _why(error), boot, numbers)
    return _one_by_one(arrived, boot, sent_at, items)


def _one_by_one(arrived: Arrived, boot: str, sent_at: datetime, items: list[object]) -> Opened:
    """The envelope is sound, some readings are not: they are refused alone."""
    good: list[Reading] = []
    spent: list[int] = []
    refusals: list[Refusal] = []
    for item in items:
        try:
            good.append(Reading.model_validate(item))
        except ValidationError as error:
            spent.extend(_numbers([item]))
            payload = json.dumps(item).encode()
            refusals.append(Refusal(arrived.received_at, arrived.topic, _reason(item), _why(error), payload))
    return Opened(Parcel(arrived, boot, sent_at, tuple(good), tuple(spent)), tuple(refusals))


def _reason(item: object) -> Reason:
    kind = item.get("kind") if isinstance(item, dict) else None
    return Reason.UNKNOWN_KIND if isinstance(kind, str) and kind not in _KINDS else Reason.WRONG_SHAPE


def _json(arrived: Arrived) -> object | Refusal:
    try:
        found: object = json.loads(arrived.payload.decode())
    except UnicodeDecodeError:
        return _refusal(arrived, Reason.NOT_UTF8, "not UTF-8")
    except (ValueError, RecursionError):  # a number of 5,000 digits is no JSON either, nor 10,000 brackets
        return _refusal(arrived, Reason.NOT_JSON, "not JSON")
    return found


def _numbers(items: object) -> tuple[int, ...]:
    """The sequence numbers that can still be read in a list of readings."""
    if not isinstance(items, list):
        return ()
    found = (_valid(_seq, item.get("seq")) for item in items if isinstance(item, dict))
    return tuple(number for number in found if number is not None)


_BOOT_TEXT = re.compile(rb'"boot"\s*:\s*"([A-Za-z0-9][A-Za-z0-9._:-]{0,63})"')
_SEQ_TEXT = re.compile(rb'"seq"\s*:\s*([1-9][0-9]{0,8})\b')


def _glimpse(payload: bytes) -> tuple[str | None, tuple[int, ...]]:
    """Boot and numbers in the beginning of a message of which the rest is thrown away."""
    boot = _BOOT_TEXT.search(payload)
    numbers = tuple(int(number) for number in _SEQ_TEXT.findall(payload))
    return (boot[1].decode(), numbers) if boot else (None, ())


def _valid(adapter: TypeAdapter[T], value: object) -> T | None:
    try:
        return adapter.validate_python(value)
    except ValidationError:
        return None


def _why(error: ValidationError) -> str:
    """Where the first fault is and what it is, without the value: that could be anything."""
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    return f"{'.'.join(str(part) for part in first['loc'])}: {first['type']}"[:200]


def _refusal(arrived: Arrived, reason: Reason, detail: str) -> Refusal:
    return Refusal(arrived.received_at, arrived.topic, reason, detail, arrived.payload)


def _refused(
    arrived: Arrived, reason: Reason, detail: str, boot: str | None = None, spent: tuple[int, ...] = ()
) -> Opened:
    """The whole message is refused; numbers that can be read in it count as stored."""
    parcel = Parcel(arrived, boot, arrived.received_at, (), spent) if boot and spent else None
    return Opened(parcel, (_refusal(arrived, reason, detail),))
