"""What some makes' codecs say in words of their own, put into the usual ones. Pure.

A make is known by names that only its codec has. Sources: the decoders that Elsys, Radio
Bridge, Sensative, Browan and Milesight publish, and those of The Things Network's device
repository. What stays unclear there stays unsaid here.
"""

from collections.abc import Callable, Iterator, Mapping

from gateway.adapters.claims import Claim, state
from gateway.adapters.vocabulary import number, snake, truth
from gateway.messages import Kind

Body = dict[str, object]
BATTERIES = ("battery", "batt", "bat", "battery_level", "bat_level")
MOST_VOLTS = 5
STATUS = {"TBDW100": "door", "TBMS100": "occupancy", "TBWL100": "water_leak", "TBPB100": "button"}
"""What Browan's bare `status` is about."""
ALARM_IS = {"CALL": "sos_alarm", "TRACKERD": "sos_alarm", "R718T": "button"}
"""What a bare `alarm` is: the button that was pressed."""
COUNTS = ("motion_count", "motion_event_count", "pir_count")
"""How often it happened since the last message. Where the state is told too, that one counts."""
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
    if "temperature_board" in body and model in STATUS:
        body = _without(body, "status") | {STATUS[model]: body.get("status")}
    if model == "RBS-DWS" and "sensor_state" in body:
        body = body | {"door": body["sensor_state"]}
    alarm = body.get("alarm", body.get("alarm_status"))
    if model in ALARM_IS and truth(alarm) is not None:
        body = body | {ALARM_IS[model]: truth(alarm)}
    if isinstance(body.get("moisture"), str):  # a word; a number is that of a flower pot
        body = body | {"water_leak": body["moisture"]}
    return _without(_counted(body), *(name for name in BATTERIES if _may_be_volts(body.get(name))))


def _without(body: Body, *names: str) -> Body:
    return {name: value for name, value in body.items() if name not in names}


def _may_be_volts(value: object) -> bool:
    """JavaScript writes 3.0 V as 3. A battery in percent has said a greater number long before."""
    said = number(value)
    return said is not None and 0 < said < MOST_VOLTS


def _counted(body: Body) -> Body:
    for name in COUNTS:
        count = number(body.get(name))
        if count is not None and "motion" not in body and "pir" not in body:
            return body | {"motion": count > 0}
    return body


def _elsys(body: Body) -> Body:
    """Their `light` is in lx, and their `occupancy` 0, 1 (coming or going) or 2."""
    said = number(body.get("occupancy"))
    occupied = None if said not in (0, 2) else said == 2
    return body | {"lux": body.get("light", body.get("lux")), "occupancy": occupied}


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


def _milesight_plug(body: Body) -> Body:
    return body | {"energy_wh": body["consumed"]}


MAKES: Mapping[frozenset[str], Callable[[Body], Body]] = {
    frozenset({"vdd"}): _elsys,
    frozenset({"protocol_version", "packet_counter"}): _radio_bridge,
    frozenset({"active_power", "power_factor", "consumed"}): _milesight_plug,
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
