"""What some makes' codecs say in words of their own, put into the usual ones. Pure.

A make is known by names that only its codec has. Sources: the decoders that Elsys, Radio
Bridge, Sensative, Browan and Milesight publish, and those of The Things Network's device
repository. What stays unclear there stays unsaid here.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TypeGuard

from gateway.adapters.claims import Claim, state
from gateway.adapters.vocabulary import number, parts, snake, truth
from gateway.messages import Kind

Body = dict[str, object]
BATTERIES = ("battery", "batt", "bat", "battery_level", "bat_level")
SHARES = ("battery_percent", "battery_percentage")
MOST_VOLTS = 5
STATUS = {"TBDW100": "door", "TBMS100": "occupancy", "TBWL100": "water_leak", "TBPB100": "button"}
"""What Browan's bare `status` is about."""
ALARM_IS = {"CALL": "sos_alarm", "TRACKERD": "sos_alarm", "R718T": "button"}
"""What a bare `alarm` is: the button that was pressed."""
COUNTS = ("motion_count", "motion_event_count", "pir_count", "activity_counter", "vibration_count")
POSITION = frozenset(
    {"latitude", "lat", "gps_latitude", "longitude", "lon", "lng", "long", "gps_longitude"}
    | {"gps_lat", "gps_long", "gps_lon"}
)
CARRIED = POSITION | {"idle_state", "man_down", "pos_type", "pos_status", "fix_type", "gps_fix"}
"""One of these names, and it is a thing that somebody carries."""
OF_A_PLACE = frozenset(
    {"motion", "motion_state", "motion_status", "movement", "occupancy", "occupied", "vibration", "temperature", "temp"}
)
METERED = frozenset(
    {"voltage", "volt", "vol", "current", "ac_voltage", "energy", "energy_wh", "consumed", "power_factor"}
)
MEASURED = {4097: "temperature", 4098: "humidity", 4099: "lux", 3000: "battery_percent"}
"""SenseCAP's numbers of what was measured."""
MOST_MESSAGES = 50
RADIO_BRIDGE_BUTTONS = ("button_event", "button1_event", "button2_event", "button_both_event")
RADIO_BRIDGE_PRESSES = {0: "pressed", 1: "released", 2: "hold"}
LIES_IN_BED = {"in_bed": True, "out_of_bed": False}


def usual(said: Body, model: str | None, *, sense_told: bool) -> Body:
    """`sense_told`: somebody has said what a bare switch's "on" means."""
    body = said
    for names, mend in MAKES.items():
        if names <= body.keys():
            body = mend(body)
    if not sense_told and "history_seq_nr" in body:
        body = _without(body, "door")  # Sensative: true is open in one kind of message, shut in another
    return _of_one_sense(_by_model(body, model))


def _by_model(body: Body, model: str | None) -> Body:
    if "temperature_board" in body and model in STATUS:
        body = _without(body, "status") | {STATUS[model]: body.get("status")}
    if model == "RBS-DWS" and "sensor_state" in body:
        body = body | {"door": body["sensor_state"]}
    if model == "LHT65-PIR" and truth(body.get("exti_status")):
        body = body | {"motion": True}
    alarm = truth(body.get("alarm", body.get("alarm_status")))
    return body | {ALARM_IS[model]: alarm} if model in ALARM_IS and alarm is not None else body


def _of_one_sense(body: Body) -> Body:
    """Without what a name says that stands for two things."""
    if isinstance(body.get("moisture"), str):  # a word; a number is that of a flower pot
        body = body | {"water_leak": body["moisture"]}
    wet = [body[name] for name in ("water", "moisture") if isinstance(body.get(name), bool)]
    if wet:
        body = body | {"water_leak": any(wet)}
    if CARRIED & body.keys():  # what it feels is its own
        body = _without(body, *OF_A_PLACE)
    if number(body.get("power")) in (0, 1) and not METERED & body.keys():
        body = _without(body, "power")  # whether there is some
    if number(body.get("battery_voltage")) == 0:  # it has no battery
        body = _without(body, "battery_voltage", *BATTERIES, *SHARES)
    return _without(body, *(name for name in BATTERIES if _may_be_volts(body.get(name))))


def _without(body: Body, *names: str) -> Body:
    return {name: value for name, value in body.items() if name not in names}


def _may_be_volts(value: object) -> bool:
    """JavaScript writes 3.0 V as 3. A battery in percent has said a greater number long before."""
    said = number(value)
    return said is not None and 0 < said < MOST_VOLTS


def moved_counts(body: Body) -> dict[str, int]:
    """Counters of movement. Where the state is told too, that one counts."""
    known = {} if {"motion", "pir"} & body.keys() else {name: number(body.get(name)) for name in COUNTS}
    return {name: int(count) for name, count in known.items() if count is not None and 0 <= count < 2**32}


def messages(fields: Mapping[str, object]) -> Body:
    """SenseCAP's list of messages, or list of lists: each a measurement or an event, by number or by name."""
    listed = fields.get("messages")
    flat = [one for part in listed for one in (part if isinstance(part, list) else [part])] if _is_list(listed) else []
    found: Body = {}
    for one in flat[:MOST_MESSAGES]:
        if isinstance(one, dict):
            found |= _message(one)
    return _without(found, *OF_A_PLACE) if "event" in found else found


def _message(one: Mapping[str, object]) -> Body:
    kind, value = number(one.get("measurementId")), one.get("measurementValue")
    if one.get("type") == "upload_battery":
        return {"battery_percent": one.get("battery")}
    if one.get("type") == "Event Status" and isinstance(value, list):
        names = [event.get("eventName") for event in value if isinstance(event, dict)]
        return {"event": " ".join(name for name in names if isinstance(name, str))[:100]}
    return {MEASURED[int(kind)]: value} if kind in MEASURED else {}


def _is_list(value: object) -> TypeGuard[list[object]]:
    return isinstance(value, list)


def _elsys(body: Body) -> Body:
    """Their `light` is in lx, and their `occupancy` 0, 1 (coming or going) or 2."""
    said = number(body.get("occupancy"))
    occupied = None if said not in (0, 2) else said == 2
    moved = {"motion": True} if number(body.get("motion_count")) else {}
    return body | {"lux": body.get("light", body.get("lux")), "occupancy": occupied} | moved


def _radio_bridge(body: Body) -> Body:
    """The battery in volts; a press is 0; and a tamper message says 0 where the lid is open, a check 1."""
    body = _without(body, "battery_level")
    tampered = truth(body.get("tamper_state"))
    if tampered is not None and "accumulation_count" not in body:
        body = body | {"tamper_state": not tampered}
    for name in RADIO_BRIDGE_BUTTONS:
        said = number(body.get(name))
        if said is not None:
            body = _without(body, name) | {"button_event": RADIO_BRIDGE_PRESSES.get(int(said), "pressed")}
    return body


def _nexelec(body: Body) -> Body:
    """ "Local smoke Alarm activated", "Smoke Alarm non-activated"."""
    words = parts(str(body["smoke_alarm"])[:60])
    return body | {"smoke_alarm": "activated" in words and "non" not in words} if "activated" in words else body


def _pin(body: Body) -> Body:
    """Dragino's general nodes call a pin the door, also where nothing is on it."""
    return _without(body, "door_status")


def _of_a_thing(body: Body) -> Body:
    """A machine, or the box of a valve, is not as warm as the room."""
    return _without(body, "temperature")


def _milesight_plug(body: Body) -> Body:
    return body | {"energy_wh": body["consumed"]}


MAKES: Mapping[frozenset[str], Callable[[Body], Body]] = {
    frozenset({"vdd"}): _elsys,
    frozenset({"x", "y", "z", "occupancy"}): _elsys,
    frozenset({"protocol_version", "packet_counter"}): _radio_bridge,
    frozenset({"active_power", "power_factor", "consumed"}): _milesight_plug,
    frozenset({"type_of_product", "smoke_alarm"}): _nexelec,
    frozenset({"door_status", "exti_trigger"}): _pin,
    frozenset({"vibration_level"}): _of_a_thing,
    frozenset({"device_mode", "device_status", "charging_status"}): _of_a_thing,  # MOKO, worn
    frozenset({"valve", "leakage", "hygrometry"}): _of_a_thing,  # Strega
}


def radar_claims(body: Mapping[str, object]) -> Iterator[Claim]:
    """A radar that watches a room: one word for lying, being away and having fallen."""
    word = snake(str(body.get("detection_status", "")))
    if word in ("normal", "vacant", "fall", *LIES_IN_BED):
        yield state(Kind.FALL, word == "fall")
    if word in LIES_IN_BED:
        yield state(Kind.BED, LIES_IN_BED[word])
    if word == "vacant":
        yield state(Kind.PRESENCE, value=False)
