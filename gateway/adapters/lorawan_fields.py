"""What a codec's object says, whoever wrote the codec. Pure.

The names are those of the vendors' own codecs and of The Things Stack's `normalized_payload`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from gateway.adapters import Sort
from gateway.adapters.claims import CALLS, Claim, Pressed, state
from gateway.adapters.fields import field_claims
from gateway.adapters.lorawan_makes import messages, moved_counts, radar_claims, usual
from gateway.adapters.lorawan_models import SEATS
from gateway.adapters.vocabulary import celsius, number, opened, parts, snake, truth
from gateway.messages import Kind

Said = tuple[Claim | Pressed, ...]
MOST_RECORDS = 200
MOST_FIELDS = 200
LATE = re.compile("back_?log|data_?log|history|stored")
"""In what a message calls its own kind: it tells of earlier, at a time that is not told as one."""
KINDS_OF_MESSAGE = ("msgType", "messageType", "message_type", "msg_type")
HISTORIES = frozenset({"history", "histories", "records", "data_log", "datalog"})
TIMES = ("timestamp", "time", "ts", "datetime")
# Other names for what gateway/adapters/fields.py knows.
ALSO = {
    "occupy": "occupancy",
    "disassembled_alarm": "tamper",
    "humi": "humidity",
    "temp_c_sht41": "temp_c_sht",
    "hum_sht41": "hum_sht",
    "hum_sht31": "hum_sht",
    "ill_lx": "lux",
    "batterylevle": "battery_level_percent",
    "air_light_intensity": "lux",
    "air_temperature": "temperature",
    "th_sensor_temperature": "temperature",
    "th_sensor_humidity": "humidity",
    "room_humidity": "humidity",
    "heating_control_room_temperature": "room_temperature",
    "sabotage_contact_state": "tamper_state",
    "air_relative_humidity": "humidity",
    "action_contact_state": "contact_state",
    "action_motion_detected": "motion",
    "motion_event_state": "motion",
    "acc_motion": "vibration",
    "movement_present": "vibration",
    "box_tamper": "tamper",
    "violation_detection": "tamper",
    "incense_smoke_alarm": "smoke_alarm",
    "real_power": "active_power",
    "ext_reed_switch_state": "reed_state",
    "status_low_battery": "low_battery",
    "presence_detected_when_sending": "presence",
    "active_power_w": "active_power",
    "active_energy_wh": "energy_wh",
    "waterleak": "water_leak",
    "water_leak_alert": "water_leak",
    "reed_switch": "reed",
    "power_consumption": "consumed",  # W or Wh, as the vendor likes
    "daylight_status": "daylight",
}
WRAPPERS = frozenset({"data", "payload", "decoded", "object", "values", "measurements", "telemetry", "sensor", "bytes"})
TOLD_IN_WORDS = ("event", "event_type", "status", "state", "message")
ALARMS = {"leak": Kind.LEAK, "flood": Kind.LEAK, "smoke": Kind.SMOKE, "fall": Kind.FALL}
BESIDE_ALARMS = ALARMS.keys() | {"water", "alert", "alarm", "detected", "detection", "event", "start", "started"}
"""An event of other words too, such as "test", "low" or "cleared", tells of something else."""
A_MESSAGE = frozenset({"packet", "message", "frame", "event", "alert", "uplink", "report"})
ALL_BITS = 255  # of a state: yes
COUNTED = frozenset({"motion", "pir", "vibration"})
"""Some send how often it happened since the last message."""
OF_ITS_STATES = re.compile(r"^(status|states|header)_(?!temp)")
"""Before the name of one of many states that stand together."""
DEGREES = re.compile(r"(-?\d+(?:\.\d+)?) ?(℃|℉|°[CF])")
CELLS = frozenset({"battery", "batt", "bat"})
REGION = re.compile(r"^region_\d+(_occupancy)?$")
"""A radar tells of each part of its room; who is in one of them is in the room."""
KEY = re.compile(r"^key_[1-8]$")
LUX = frozenset({"lx", "lux"})
NEWEST_FIRST = re.compile(r"\[t=0\b")
ON_ITS_PLACE = {"yes": False, "installed": False, "normal": False, "no": True, "uninstalled": True, "removed": True}
NUMBERED = re.compile(
    r"^(door|window|leak|water_leak|reed)_?[12](?=_|$)|(?<=leak)_[12]$|(?<=^magnet)_chn[12]$|^(button)_?[1-8]$"
)
OPENINGS = frozenset({"door_open_times", "open_times", "opening_count", "door_open_count", "open_count"})


@dataclass(frozen=True, slots=True)
class Decoded:
    """What one message says. `records`: stored earlier, each with the time that it names."""

    said: Said = ()
    records: tuple[tuple[object, Said], ...] = ()
    counts: Mapping[str, int] = field(default_factory=dict)
    """How often something moved, by its name: since the last message, or ever since, as the make likes."""
    openings: int | None = None
    """How often the door was opened since the device was made."""
    model: str | None = None
    described: bool = False
    """It tells of the device itself, and nothing of the home."""


def decoded_fields(fields: Mapping[str, object], model: str | None, *, sense_told: bool = False) -> Decoded:
    """`sense_told`: somebody has said what a bare switch's "on" means."""
    if any(LATE.search(snake(str(fields.get(name, ""))[:60])) for name in KINDS_OF_MESSAGE):
        return Decoded(described=True)
    listed, older = _listed(fields)
    body = usual(_joined(_plain({**fields, **listed, **messages(fields)})), model, sense_told=sense_told)
    records = (*_history(fields, model), *((stamp, _said(_joined(_plain(one)), model)) for stamp, one in older))
    openings = next((int(value) for name, value in _counts(body).items() if name in OPENINGS), None)
    return Decoded(_said(body, model), records, moved_counts(body), openings)


def _said(body: Mapping[str, object], model: str | None) -> Said:
    """Messages get lost on the air, also the one that says "no more"; so being told again counts."""
    named = {("presence" if model in SEATS and name == "occupancy" else name): value for name, value in body.items()}
    mended = [
        replace(one, sort=Sort.HELD_AGAIN) if isinstance(one, Claim) and one.kind is Kind.MOTION else one
        for one in field_claims(named)
    ]
    mended += radar_claims(body)
    in_place = ON_ITS_PLACE.get(str(body.get("install", body.get("tamper_status"))).lower())
    if in_place is not None and not any(isinstance(one, Claim) and one.kind is Kind.TAMPER for one in mended):
        mended.append(state(Kind.TAMPER, in_place))
    alarm = _alarm_in_words(body)
    if alarm is not None and not any(isinstance(one, Claim) and one.kind is alarm for one in mended):
        mended.append(state(alarm, value=True))
    if _called(body) and not any(_is_press(one) for one in mended):
        mended.append(Pressed("sos"))
    stands = _door_in_words(body)
    if stands is not None and not any(isinstance(one, Claim) and one.kind is Kind.CONTACT for one in mended):
        mended.append(state(Kind.CONTACT, stands))
    return tuple(mended)


def _is_press(one: Claim | Pressed) -> bool:
    return isinstance(one, Pressed) or (one.kind is Kind.BUTTON and one.value > 0)


def _door_in_words(body: Mapping[str, object]) -> bool | None:
    """ "Door opened", "window closed": an event that names the door."""
    for name in TOLD_IN_WORDS:
        words = parts(str(body.get(name, "")))[:6]
        if {"door", "window", "contact"} & set(words):
            return next((stands for stands in map(opened, words) if stands is not None), None)
    return None


def _called(body: Mapping[str, object]) -> bool:
    """ "alarm": "SOS", or a message of the kind "SOS packet". A device of the kind "SOS" is not calling."""
    alarm = parts(str(body.get("alarm", ""))[:40])
    kinds = (parts(str(body.get(name, ""))[:40]) for name in ("type", "pack_type", "msg_type", "message_type"))
    of_a_message = any(CALLS & set(words) and A_MESSAGE & set(words) and len(words) == 2 for words in kinds)
    return of_a_message or (len(alarm) == 1 and alarm[0] in CALLS)


def _alarm_in_words(body: Mapping[str, object]) -> Kind | None:
    """ "water_leak_alert": an event that names what is alarming; or an alarm that does."""
    alone = parts(str(body.get("alarm", ""))[:40])
    if len(alone) == 1 and alone[0] in ALARMS:
        return ALARMS[alone[0]]
    for name in TOLD_IN_WORDS[:2]:
        words = parts(str(body.get(name, "")))[:6]
        named = [ALARMS[word] for word in words if word in ALARMS]
        if named and len(words) > 1 and BESIDE_ALARMS.issuperset(words):
            return named[0]
    return None


def _plain(fields: Mapping[str, object], above: str = "") -> Iterator[tuple[str, object]]:
    """The fields in one level, under their usual names and words."""
    for said_name, value in list(fields.items())[:MOST_FIELDS]:
        name = snake(f"{above}_{said_name}" if above else said_name)
        if isinstance(value, dict) and "value" in value:
            yield from _with_unit(name, value)
        elif isinstance(value, dict) and isinstance(value.get("values"), list):
            yield from _newest(name, value, fields)
        elif isinstance(value, dict) and above.count("_") <= 1:
            yield from _plain(value, "" if name in WRAPPERS and not above else name)
        elif isinstance(value, bool | int | float | str):
            yield from _renamed(name, value)


def _joined(fields: Iterator[tuple[str, object]]) -> dict[str, object]:
    """Of two leaks, doors or keys under one name the one that says yes."""
    body: dict[str, object] = {}
    for name, value in fields:
        said_yes = name in body and (truth(body[name]) or opened(body[name]))
        if not said_yes:
            body[name] = value
    return body


def _with_unit(name: str, said: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    value, unit = said.get("value"), said.get("unit")
    measured = number(value)
    if measured is not None and "temp" in name and unit is not None:
        value = celsius(measured, unit)
    if str(unit).lower() in LUX:
        name = "lux"
    if isinstance(value, bool | int | float | str):
        yield from _renamed(name, value)


def _newest(name: str, said: Mapping[str, object], beside: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """Of several values the newest, where the codec says that it is the first."""
    values = said.get("values")
    if isinstance(values, list) and values and NEWEST_FIRST.search(str(beside.get("decodingInfo"))[:200]):
        yield from _with_unit(name, {"value": values[0], "unit": said.get("unit")})


def _renamed(name: str, value: object) -> Iterator[tuple[str, object]]:
    value = True if value == ALL_BITS and name.endswith("_state") else value
    name = OF_ITS_STATES.sub("", name)
    written = DEGREES.fullmatch(value[:20]) if isinstance(value, str) else None
    if written:
        value = celsius(float(written[1]), {"℃": "C", "℉": "F"}.get(written[2], written[2]))
    if isinstance(value, str) and value.endswith("%") and CELLS & set(parts(name)):
        name = "battery_percent"
    name = ALSO.get(name, name)
    name = "presence" if REGION.match(name) else "button" if KEY.match(name) else name
    name = NUMBERED.sub(lambda found: found[1] or found[2] or "", name)
    if name in COUNTED and (number(value) or 0) > 1:
        name = f"{name}_count"
    if isinstance(value, str) and len(parts(value)) <= 3:
        value = snake(value) if truth(snake(value)) is not None else value
    yield name, value


def _history(fields: Mapping[str, object], model: str | None) -> Iterator[tuple[object, Said]]:
    for name, listed in fields.items():
        if snake(name) in HISTORIES and isinstance(listed, list):
            for record in listed[:MOST_RECORDS]:
                if isinstance(record, dict):
                    stamp = next((record[key] for key in TIMES if key in record), None)
                    rest = {key: value for key, value in record.items() if key not in TIMES}
                    yield stamp, _said(_joined(_plain(rest)), model)


def _listed(fields: Mapping[str, object]) -> tuple[dict[str, object], list[tuple[object, dict[str, object]]]]:
    """A list of `{"label": …, "value": …, "date": …}`: the newest of each label, and what is older."""
    newest: dict[str, tuple[str, object]] = {}
    older: list[tuple[object, dict[str, object]]] = []
    listed = fields.get("data")
    for one in listed[:MOST_RECORDS] if isinstance(listed, list) else ():
        label = one.get("label", one.get("variable")) if isinstance(one, dict) else None
        if not isinstance(label, str) or "value" not in one:
            continue
        this = (str(one.get("date", "")), one["value"])
        before = newest.get(label)
        newest[label] = this if before is None or this[0] >= before[0] else before
        if before is not None:
            stamp, value = before if newest[label] is this else this
            older.append((stamp, {label: value}))
    return {label: value for label, (_, value) in newest.items()}, older


def _counts(body: Mapping[str, object]) -> dict[str, int]:
    found = {name: number(value) for name, value in body.items() if not isinstance(value, bool)}
    return {name: int(value) for name, value in found.items() if value is not None and 0 <= value < 2**32}


def press_counts(fields: Mapping[str, object]) -> dict[str, int]:
    """Counters of presses, by their names: `singlePressEventCounter`, `press_count`."""
    counts = _counts({snake(name): value for name, value in list(fields.items())[:MOST_FIELDS]})
    return {
        name: count
        for name, count in counts.items()
        if {"press", "presses", "push", "button", "click"} & set(parts(name))
        and {"counter", "count", "times"} & set(parts(name))
    }
