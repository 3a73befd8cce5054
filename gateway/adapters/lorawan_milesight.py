"""Milesight's bytes: channel, type, value, again and again, on port 85. Pure.

Source: the payload tables in Milesight's public decoders. The type says how long a value
is and what is measured; what a plain 0 or 1 (type 00) means depends on the model, and
several models use the same channel for a door, a movement, a seat and a leak.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from gateway.adapters import Sort
from gateway.adapters.claims import Claim, Pressed, counted, held, level, state
from gateway.adapters.lorawan_fields import Decoded, Said
from gateway.messages import Kind

PORT = 85
LENGTHS = {
    0x00: 1,
    0x67: 2,
    0x68: 1,
    0x70: 1,
    0x73: 2,
    0x74: 2,
    0x75: 1,
    0x7D: 2,
    0x82: 2,
    0x8E: 1,
    0x80: 4,
    0x81: 1,
    0x83: 4,
    0xC9: 2,
    0xCB: 1,
    0xFD: 2,
}
ABOUT_ITSELF = {0x01: 1, 0x09: 2, 0x0A: 2, 0x0B: 1, 0x0F: 1, 0x16: 8, 0xFE: 1, 0xFF: 2}  # on channel FF
PRESSES = {0x2E: 1, 0x34: 3}  # on channel FF too
WORDS = {1: "short", 2: "long", 3: "double"}
ALARMED = {(0x83, 0x67): 3, (0x84, 0x68): 2}  # a value, and whether it passed a limit
ODD = {(0x05, 0x6A): 2, (0x06, 0x65): 6}
"""A movement level; light, with infrared beside it."""
HISTORY = (0x20, 0xCE)
SWITCHES = {
    "WS301": {0x03: Kind.CONTACT, 0x04: Kind.TAMPER},
    "WS202": {0x03: Kind.MOTION},
    "WS203": {0x05: Kind.MOTION},
    "WS303": {0x03: Kind.LEAK},
    "VS340": {0x03: Kind.PRESENCE},
    "AM300": {0x05: Kind.MOTION},
    "EM300-MCS": {0x06: Kind.CONTACT},
    "EM300-LD": {0x05: Kind.LEAK},
}
FAILED = {b"\xff\xff", b"\xff"}


@dataclass(frozen=True, slots=True)
class Item:
    channel: int
    type: int
    value: bytes

    @property
    def key(self) -> tuple[int, int]:
        return self.channel, self.type

    @property
    def unsigned(self) -> int:
        return int.from_bytes(self.value, "little")

    @property
    def signed(self) -> int:
        return int.from_bytes(self.value, "little", signed=True)


def decoded_milesight(raw: bytes, model: str | None) -> Decoded:
    """Up to the first value whose length is not known."""
    items = list(_items(raw, model))
    model = model or _betrayed(items, raw)
    said = tuple(one for item in items for one in _claims(item, model))
    records = tuple(_record(item.value, model) for item in items if item.key == HISTORY)
    return Decoded(said, records, described=bool(items) and all(item.channel == 0xFF for item in items) and not said)


def _items(raw: bytes, model: str | None) -> Iterator[Item]:
    place = 0
    while place + 2 < len(raw):
        channel, kind = raw[place], raw[place + 1]
        length = _length(channel, kind, model)
        value = raw[place + 2 : place + 2 + (length or 0)]
        if length is None or len(value) < length:
            return
        yield Item(channel, kind, value)
        place += 2 + length


def _length(channel: int, kind: int, model: str | None) -> int | None:
    if channel == 0xFF:
        return ABOUT_ITSELF.get(kind) or PRESSES.get(kind)
    if (channel, kind) == HISTORY:
        return {"WS203": 9, "EM300-MCS": 8, "EM300-LD": 8, "EM300-TH": 7}.get(model or "")
    return ALARMED.get((channel, kind)) or ODD.get((channel, kind)) or LENGTHS.get(kind)


def _betrayed(items: list[Item], raw: bytes) -> str | None:
    """The model, where no other sends just these values. All bytes must have been read."""
    keys = {item.key for item in items}
    if sum(2 + len(item.value) for item in items) != len(raw):
        return None
    if keys == {(0x01, 0x75), (0x05, 0x00)}:
        return "EM300-LD"  # the one with a leak cable only
    if keys - {(0x01, 0x75)} == {(0x03, 0x67), (0x04, 0x68), (0x06, 0x00)}:
        return "EM300-MCS"
    if {(0x03, 0x67), (0x04, 0x68), (0x05, 0x00), (0x06, 0xCB)} <= keys:
        return "AM300"
    return None


def _claims(item: Item, model: str | None) -> Iterator[Claim | Pressed]:
    """What one value says."""
    if item.key == (0x01, 0x75):
        yield level(Kind.BATTERY, float(item.unsigned))
    elif item.channel == 0xFF and item.type in PRESSES:
        yield Pressed(WORDS.get(item.unsigned, f"press {item.value.hex()}"))
    elif item.type == 0x00:
        kind = SWITCHES.get(model or "", {}).get(item.channel)
        if kind is not None and item.unsigned in (0, 1):
            yield _switched(kind, on=bool(item.unsigned))
    elif item.value not in FAILED:
        yield from _measured(item)


def _switched(kind: Kind, *, on: bool) -> Claim:
    """Messages get lost on the air, also the one that says "no more"; so being told again counts."""
    return replace(held(kind, on), sort=Sort.HELD_AGAIN) if kind is Kind.MOTION else state(kind, on)


def _measured(item: Item) -> Iterator[Claim]:
    if item.key in {(0x03, 0x67), (0x83, 0x67)}:
        yield level(Kind.TEMPERATURE, int.from_bytes(item.value[:2], "little", signed=True) / 10)
    elif item.key in {(0x04, 0x68), (0x84, 0x68)}:
        yield level(Kind.HUMIDITY, item.value[0] / 2)
    elif item.key == (0x04, 0x80):
        yield level(Kind.POWER, float(item.unsigned))
    elif item.key == (0x06, 0x83):
        yield counted(float(item.unsigned))  # Wh
    elif item.key == (0x06, 0x65):
        yield level(Kind.ILLUMINANCE, float(int.from_bytes(item.value[:2], "little")))
    elif item.key == (0x05, 0xFD):
        yield state(Kind.PRESENCE, item.unsigned > 0)  # people seen
    elif item.key == (0x03, 0x8E) and item.unsigned in (0, 1):
        yield state(Kind.PRESENCE, bool(item.unsigned))  # a toilet's or desk's radar


def _record(value: bytes, model: str | None) -> tuple[object, Said]:
    """A stored measurement: its time, and what was so then."""
    stamp = int.from_bytes(value[:4], "little")
    if model == "WS203":
        occupied, warm, damp = value[5], value[6:8], value[8]
        return stamp, (_switched(Kind.MOTION, on=bool(occupied)), *_climate(warm, damp))
    if model == "EM300-MCS":
        return stamp, (*_climate(value[4:6], value[6]), state(Kind.CONTACT, bool(value[7])))
    if model == "EM300-LD":
        return stamp, (state(Kind.LEAK, bool(value[7])),)
    return stamp, _climate(value[4:6], value[6])


def _climate(warm: bytes, damp: int) -> tuple[Claim, Claim]:
    celsius = int.from_bytes(warm, "little", signed=True) / 10
    return level(Kind.TEMPERATURE, celsius), level(Kind.HUMIDITY, damp / 2)
