"""Bytes of some common LoRaWAN devices that come without a codec. Pure.

Sources: the public payload tables of Dragino, Browan and Netvox; Milesight and Elsys have
files of their own. Browan gives each model its own port, and Netvox writes the model into
the bytes; with Dragino's older door and leak sensors the bytes themselves say which it is.
Everything else needs the model.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

from gateway.adapters import Sort
from gateway.adapters.claims import Claim, Pressed, held, level, state
from gateway.adapters.lorawan_elsys import PORT as ELSYS_PORT
from gateway.adapters.lorawan_elsys import decoded_elsys
from gateway.adapters.lorawan_fields import Decoded, Said
from gateway.adapters.lorawan_milesight import PORT, SWITCHES, decoded_milesight
from gateway.messages import Kind

MAX_BYTES = 256
NOTHING_SAID = Decoded()
BROWAN = {100: ("TBDW100", 8), 102: ("TBMS100", 8), 103: ("TBHV110", 11), 106: ("TBWL100", 7), 147: ("TBPB100", 3)}
BROWAN_LEAST = {"TBDW100": 8, "TBMS100": 8, "TBHV110": 11, "TBWL100": 5, "TBPB100": 3}
BROWAN_ZERO_DEGREES = 32
NETVOX_PORT, NETVOX_LENGTH = 6, 11
NETVOX_SWITCHES = frozenset({2, 29, 125})  # R311A, R718F, R730F
NETVOX_LEAKS = {6: 2, 50: 1, 18: 1}  # R311W, R718WA, R718WB: how many cables
NETVOX_CLIMATES = frozenset({1, 11, 19, 110})  # R711, R718A, R718AB, R720A
NETVOX_LIGHTS = frozenset({4, 75})  # R311G, R311B
NETVOX_CALLS = frozenset({16, 77})  # RB02I, R312A: emergency buttons
NETVOX_BUTTONS = frozenset({49})  # R718T
NETVOX_RB11E = 3
NETVOX_KNOWN = (
    NETVOX_SWITCHES
    | NETVOX_LEAKS.keys()
    | NETVOX_CLIMATES
    | NETVOX_LIGHTS
    | NETVOX_CALLS
    | NETVOX_BUTTONS
    | {NETVOX_RB11E}
)
NETVOX_LOW = 0x80
LHT65_PIN, LHT65_PROBE_ID = 4, 15
LHT65_TIMES = range(1_500_000_000, 2_000_000_000)
DRAGINO_DOORS = {0x0A: "LDS03A", 0x1B: "LDS03A", 0x14: "LWL03A", 0x35: "PB01"}
"""How they name themselves on port 5."""


def decoded_bytes(port: int | None, raw: bytes, model: str | None, *, sense_told: bool = False) -> Decoded:
    """`sense_told`: somebody has said whether a bare switch's "on" is open (it is taken for that) or inverted."""
    if not raw or len(raw) > MAX_BYTES or port is None:
        return NOTHING_SAID
    if port == PORT or model in SWITCHES:
        return decoded_milesight(raw, model)
    if port in BROWAN:
        return _browan(port, raw, model)
    if port == NETVOX_PORT:
        return Decoded(tuple(_netvox(raw, sense_told=sense_told)))
    if port == ELSYS_PORT and raw[0] not in DRAGINO_DOORS:
        return decoded_elsys(raw)
    return _dragino(port, raw, model)


def _moved(*, on: bool) -> Claim:
    """Messages get lost on the air, also the one that says "no more"; so being told again counts."""
    return replace(held(Kind.MOTION, on), sort=Sort.HELD_AGAIN)


def _browan(port: int, raw: bytes, named: str | None) -> Decoded:
    """Status, battery and the board's temperature; unless it is named, of a length and with spare bits as
    only they have them. Later ones use the battery's spare bits too, and have more bytes or fewer."""
    model, length = BROWAN[port]
    as_only_they = len(raw) == length and not raw[1] & 0xF0 and not raw[2] & 0x80 and any(raw)
    if not as_only_they and (named != model or len(raw) < BROWAN_LEAST[model]):
        return NOTHING_SAID
    on = bool(raw[0] & 1)
    said: dict[str, Callable[[], Said]] = {
        "TBDW100": lambda: (state(Kind.CONTACT, on),),
        "TBMS100": lambda: (_moved(on=on),),
        "TBPB100": lambda: (Pressed("push"),) if on else (),
        "TBWL100": lambda: (state(Kind.LEAK, on), *_browan_climate(raw[4], raw[3])),
        "TBHV110": lambda: _browan_climate(raw[10], raw[3]),
    }
    return Decoded(said[model](), model=model, described=model == "TBPB100" and not on)


def _browan_climate(warm: int, damp: int) -> Said:
    return level(Kind.TEMPERATURE, (warm & 0x7F) - BROWAN_ZERO_DEGREES), level(Kind.HUMIDITY, damp & 0x7F)


def _netvox(raw: bytes, *, sense_told: bool) -> Iterator[Claim | Pressed]:
    """Version 1, the device's type, report type 1, the battery in tenths of a volt, then its values."""
    if len(raw) != NETVOX_LENGTH or raw[0] != 1 or raw[2] != 1:
        return
    kind, value = raw[1], raw[4:]
    if kind in NETVOX_KNOWN:  # others have something else there
        yield state(Kind.BATTERY_LOW, bool(raw[3] & NETVOX_LOW))
    if kind in NETVOX_SWITCHES and sense_told:
        yield state(Kind.CONTACT, bool(value[0]))
    elif kind in NETVOX_LEAKS:
        yield state(Kind.LEAK, any(value[: NETVOX_LEAKS[kind]]))
    elif kind in NETVOX_CLIMATES:
        yield level(Kind.TEMPERATURE, int.from_bytes(value[:2], "big", signed=True) / 100)
        yield level(Kind.HUMIDITY, int.from_bytes(value[2:4], "big") / 100)
    elif kind in NETVOX_LIGHTS:
        yield level(Kind.ILLUMINANCE, float(int.from_bytes(value[:2], "big")))
    elif kind in NETVOX_CALLS | NETVOX_BUTTONS and value[0]:
        yield Pressed("emergency" if kind in NETVOX_CALLS else "push")
    elif kind == NETVOX_RB11E and len(value) >= 6:
        yield level(Kind.TEMPERATURE, int.from_bytes(value[:2], "big", signed=True) / 100)
        yield level(Kind.ILLUMINANCE, float(int.from_bytes(value[2:4], "big")))
        yield _moved(on=bool(value[4]))
        yield state(Kind.TAMPER, bool(value[5]))


def _dragino(port: int, raw: bytes, model: str | None) -> Decoded:
    if port == 10 and len(raw) == 10:
        return _dragino_door(raw)
    if port == 5 and len(raw) == 7 and raw[0] in DRAGINO_DOORS:
        return Decoded(model=DRAGINO_DOORS[raw[0]], described=True)
    if model in ("LDS03A", "LWL03A") and port in (2, 3) and len(raw) >= 11:
        return _dragino_records(port, raw, model)
    if model == "PB01" and port == 2 and len(raw) == 8:
        pressed = (Pressed("push"),) if raw[3] & 1 else ()
        return Decoded((*pressed, *_tenths(raw[4:6], raw[6:8])), model=model)
    if model in ("LHT52", "LHT65", "LHT65-PIR") and port == 2 and len(raw) == 11:
        return _dragino_room(raw, model)
    return NOTHING_SAID


def _dragino_room(raw: bytes, model: str) -> Decoded:
    """LHT65 and LHT65N: the battery first, and a byte that says what is plugged in. LHT52: neither."""
    place = 0 if model == "LHT52" else 2
    plugged, sent_late = raw[6] & 0x0F, bool(raw[6] & 0x80)
    if place and plugged == LHT65_PROBE_ID:
        return Decoded(model=model, described=True)
    warm = int.from_bytes(raw[place : place + 2], "big", signed=True) / 100
    damp = int.from_bytes(raw[place + 2 : place + 4], "big") & 0x0FFF
    said = (level(Kind.TEMPERATURE, warm), level(Kind.HUMIDITY, damp / 10))
    at = int.from_bytes(raw[7:11], "big")
    if place and sent_late and at in LHT65_TIMES:
        return Decoded(records=((at, said),), model=model)
    moved = (_moved(on=True),) if model == "LHT65-PIR" and plugged == LHT65_PIN and raw[8] else ()
    return Decoded((*said, *moved), model=model)


def _dragino_door(raw: bytes) -> Decoded:
    """LDS01, LDS02, LWL01, LWL02: the third byte says whether it is a door's, a leak's or both."""
    volts, mode = (int.from_bytes(raw[:2], "big") & 0x3FFF) / 1000, raw[2]
    if mode not in (1, 2, 3) or not 1.8 <= volts <= 4.0:
        return NOTHING_SAID
    door, leak = state(Kind.CONTACT, bool(raw[0] & 0x80)), state(Kind.LEAK, bool(raw[0] & 0x40))
    said = {1: (door,), 2: (leak,), 3: (door, leak)}[mode]
    return Decoded(said, openings=int.from_bytes(raw[3:6], "big") if mode == 1 else None, model="LDS02")


def _dragino_records(port: int, raw: bytes, model: str) -> Decoded:
    """11 bytes: what is so, how often it was, for how long the last time, and when. On port 3 stored ones."""
    kind = Kind.CONTACT if model == "LDS03A" else Kind.LEAK
    if port == 2:
        openings = int.from_bytes(raw[1:4], "big") if kind is Kind.CONTACT else None
        return Decoded((state(kind, bool(raw[0] & 1)),), openings=openings, model=model)
    parts = [raw[place : place + 11] for place in range(0, len(raw) - 10, 11)]
    records = tuple((int.from_bytes(one[7:11], "big"), (state(kind, bool(one[0] & 1)),)) for one in parts)
    return Decoded(records=records, model=model)


def _tenths(warm: bytes, damp: bytes) -> Said:
    celsius = int.from_bytes(warm, "big", signed=True) / 10
    return level(Kind.TEMPERATURE, celsius), level(Kind.HUMIDITY, int.from_bytes(damp, "big") / 10)
