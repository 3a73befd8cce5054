"""Elsys' bytes: type, value, again and again, on port 5. Pure.

Source: Elsys' public payload table. They are taken for theirs only if every byte is
understood and a battery's voltage is among them.
What a switch of theirs is wired to is not known from the bytes.
"""

from collections.abc import Iterator
from dataclasses import replace

from gateway.adapters import Sort
from gateway.adapters.claims import Claim, held, level, state
from gateway.adapters.lorawan_fields import Decoded
from gateway.messages import Kind

PORT = 5
LENGTHS = (
    {
        0x01: 2,
        0x02: 1,
        0x03: 3,
        0x04: 2,
        0x05: 1,
        0x06: 2,
        0x07: 2,
        0x08: 2,
        0x09: 6,
        0x0A: 2,
        0x0B: 4,
        0x0C: 2,
        0x0D: 1,
    }
    | {0x0E: 2, 0x0F: 1, 0x10: 4, 0x11: 1, 0x12: 1, 0x14: 4, 0x15: 2, 0x16: 2, 0x17: 4, 0x18: 2, 0x19: 2, 0x1A: 1}
    | {0x1B: 4, 0x1C: 2}
)
BATTERY_MV = (2000, 3900)
VACANT, OCCUPIED = 0, 2  # between them: somebody is coming or going


def decoded_elsys(raw: bytes) -> Decoded:
    items = dict(_items(raw))
    millivolts = int.from_bytes(items.get(0x07, b""), "big")
    whole = sum(1 + len(value) for value in items.values()) == len(raw)
    if not whole or not BATTERY_MV[0] <= millivolts <= BATTERY_MV[1]:
        return Decoded()
    said = tuple(_claims(items))
    return Decoded(said, described=not said)


def _items(raw: bytes) -> Iterator[tuple[int, bytes]]:
    place = 0
    while place < len(raw):
        length = LENGTHS.get(raw[place])
        if length is None or place + 1 + length > len(raw):
            return
        yield raw[place], raw[place + 1 : place + 1 + length]
        place += 1 + length


def _claims(items: dict[int, bytes]) -> Iterator[Claim]:
    numbers = {kind: int.from_bytes(value, "big") for kind, value in items.items()}
    if 0x01 in items:
        yield level(Kind.TEMPERATURE, int.from_bytes(items[0x01], "big", signed=True) / 10)
    if 0x02 in items:
        yield level(Kind.HUMIDITY, float(numbers[0x02]))
    if 0x04 in items:
        yield level(Kind.ILLUMINANCE, float(numbers[0x04]))
    moved = numbers.get(0x05)
    occupied = {VACANT: False, OCCUPIED: True}.get(numbers.get(0x11, -1))
    if moved or occupied:
        yield replace(held(Kind.MOTION, value=True), sort=Sort.HELD_AGAIN)
    elif moved == 0 or occupied is False:
        yield held(Kind.MOTION, value=False)
    if numbers.get(0x0F):
        yield held(Kind.VIBRATION, value=True)
    if numbers.get(0x12) in (0, 1):
        yield state(Kind.LEAK, numbers[0x12] == 1)
