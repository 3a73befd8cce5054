"""What a named field means, whoever sends it: for messages whose fields nobody has described. Pure.

Codecs, bridges and firmwares name the same fact in many ways. Names are compared in
`snake_case`, and only those are in here whose sense is the same wherever they are used.
A bare `contact: true` is not (shut in one integration, open in the next); nor is a
`voltage` (of a battery or of the mains), for which the contract has no kind either.
"""

import re
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet

from gateway.adapters import Sort
from gateway.adapters.claims import CALLS, LETS_GO, Claim, Pressed, counted, held, level, state
from gateway.adapters.vocabulary import celsius, locked, number, opened, parts, snake, truth, watt_hours, watts
from gateway.messages import BUTTON_VALUE, Button, Kind

Said = Claim | Pressed

STATES = {
    Kind.SMOKE: "smoke smoke_alarm smoke_detected smoke_status smoke_state fire_alarm",
    Kind.GAS: "gas_alarm gas_detected gas_leak gas_status",
    Kind.CO: "carbon_monoxide co_alarm carbon_monoxide_alarm co_detected carbon_monoxide_detected",
    Kind.LEAK: "water_leak leak flood flooding leakage leak_status water_leak_status leakage_status water_detected"
    " flood_detected leak_detected water_alarm flood_alarm leak_alarm water_leak_detected water_leakage water_present",
    Kind.TAMPER: "tamper tampered tamper_status tamper_alarm tamper_detected tamper_detect tamper_state",
    Kind.BATTERY_LOW: "battery_low low_battery batt_low low_batt lowbatt bat_low battery_low_alarm low_battery_alarm"
    " is_battery_low",
    Kind.PRESENCE: "presence presence_state presence_status human_presence",
    Kind.FALL: "fall fall_detected fall_alarm",
}
MOVEMENTS = {
    Kind.MOTION: "motion occupancy pir pir_status pir_state motion_detected motion_status motion_state movement"
    " occupied occupancy_status pir_trigger occupancy_state",
    Kind.VIBRATION: "vibration shock vibration_detected vibrating vibration_status shock_detected vibration_state",
}
TRUE_IS_OPEN = (
    "open opened is_open door window opening door_open window_open door_opened window_opened door_status door_state"
    " door_open_status window_status window_state garage_door opening_state"
)
SAYS_WHICH = "contact contact_state contact_status magnet_status magnet magnet_state reed reed_state reed_status"
LOCKS = "lock lock_state lock_status locked door_lock door_lock_state"
PRESSES = (
    "action click button button_event button_press press press_type press_event button_status button_state pressed"
    " key_event button_pressed"
)
EVENTS = "event event_type type_of_event alarm_type"
CALLING = "sos sos_flag sos_event sos_alarm sos_status emergency panic panic_alarm emergency_alarm sos_button"
LEVELS = {
    Kind.HUMIDITY: "humidity hum rh relative_humidity humidity_percent air_humidity hum_sht humidity_sht",
    Kind.ILLUMINANCE: "illuminance_lux lux illuminance illumination illuminance_lx light_lux",
    Kind.LINK_QUALITY: "linkquality link_quality lqi",
}
OF_THE_ROOM = "sensor_temperature air_temperature room_temperature ambient_temperature local_temperature temp_c_sht"
MAYBE_OF_THE_ROOM = "temperature temp temperature_c temp_c temperature_celsius"
FAHRENHEIT = "temperature_f temp_f temperature_fahrenheit"
POWERS = "power active_power power_w apower watts act_power power_consumption"
ENERGIES = {"energy_wh": "Wh", "total_energy_wh": "Wh"} | dict.fromkeys(
    ("energy_kwh", "energy_k_wh", "total_energy_kwh", "total_energy_k_wh"), "kWh"
)
PERCENT = (
    "battery_percent battery_percentage battery_pct batt_pct bat_percent battery_level_percent"
    " batt_percent bat_pct battery_remaining battery_level_in_percentage"
)
BATTERY = "battery batt bat battery_level bat_level"
# A device with one of these measures its own chip, case or relay when it says "temperature".
NO_THERMOMETER = frozenset(
    f"state power current energy device_temperature switch relay output apower active_power {LOCKS} {CALLING} {PRESSES}"
    f" {TRUE_IS_OPEN} {SAYS_WHICH} smoke carbon_monoxide gas water_leak leak flood vibration shock".split()
)
# A thermostat that speaks of a window has only guessed it from the temperature.
THERMOSTAT = frozenset(
    {"system_mode", "current_heating_setpoint", "occupied_heating_setpoint", "heating_setpoint", "target_temperature"}
    | {"valve_position", "valve_openness", "motor_position", "temperature_target", "running_state", "valve_opening"}
    | {"setpoint", "set_point", "set_temperature", "target_temp", "temperature_setpoint", "current_valve_position"}
)
_FULL = frozenset({"ok", "good", "normal", "full", "high", "medium", "fine"})
_LOW = frozenset({"low", "critical", "empty", "replace"})
PRESSING = frozenset(
    {"single", "double", "triple", "quadruple", "short", "long", "hold", "press", "pressed", "click", "push", "pushed"}
    | {"tap", "clicked", "many", "button"}
    | CALLS
)
_NO_PRESS = frozenset({"", "none", "idle", "false", "off", "0", "normal", "no", "null", "not_pressed", "unknown"})
_NO_ACTION = frozenset({"", "none", "null", "idle", "unknown", "unavailable"})
_OF_A_RADAR = re.compile(r"region_\d+_\w+")
SHAKEN = frozenset({"vibration", "tilt", "drop", "triple_strike"})
LOCKING = frozenset({"lock", "locked", "unlock", "unlocked"})
_ENDS = frozenset({"stop", "stopped", "end", "ended", "cancel", "cancelled", "canceled", "clear", "cleared", "off"})
"""Of a call for help."""
_ROUTINE = frozenset({"heartbeat", "keepalive", "alive", "periodic", "battery"})
_NEVER = frozenset({"not", "no", "unpressed", "unknown", "invalid"})
MOST_WORDS = 5  # what is longer tells what the device does
LEAST_HPA = 300  # of what is called `press` and is the air's
UNITS = ("temperature_unit", "temp_unit", "temperature_units")
LEAST_MV, MOST_VOLTS = 1500, 5


def field_claims(body: Mapping[str, object], *, contact_true: bool | None = None) -> Iterator[Said]:
    """Everything these named fields tell. `contact_true`: whether a bare `contact: true` means open."""
    said = {snake(name): value for name, value in body.items() if value is not None}
    for kind, names in STATES.items():
        yield from (state(kind, yes) for yes in _first(said, names))
    for kind, names in MOVEMENTS.items():
        yield from (held(kind, yes) for yes in _first(said, names))
    yield from _openings(said, contact_true)
    yield from _presses(said)
    yield from _measured(said)
    yield from _battery(said)


def _first(said: Mapping[str, object], names: str) -> list[bool]:
    """What the first of these names says that says anything."""
    answers = (truth(said[name]) for name in names.split() if name in said)
    return [answer for answer in answers if answer is not None][:1]


def _openings(said: Mapping[str, object], contact_true: bool | None) -> Iterator[Said]:
    shut = [locked(said[name]) for name in LOCKS.split() if name in said]
    yield from (state(Kind.LOCK, one) for one in shut[:1] if one is not None)
    if said.keys() & THERMOSTAT:
        return
    found = [opened(said[name]) for name in f"{TRUE_IS_OPEN} {SAYS_WHICH}".split() if name in said]
    found += [truth(said[name]) for name in TRUE_IS_OPEN.split() if name in said]
    bare = truth(said.get("contact"))
    if contact_true is not None and bare is not None:
        found.append(bare is contact_true)
    sure = {one for one in found if one is not None}
    if len(sure) == 1:  # two that contradict each other say nothing
        yield state(Kind.CONTACT, sure.pop())


def _presses(said: Mapping[str, object]) -> Iterator[Said]:
    called = _first(said, CALLING)
    yield from (Claim(Kind.BUTTON, BUTTON_VALUE[Button.SOS] * yes, Sort.HELD) for yes in called)
    if any(called):
        return
    for name in f"{PRESSES} {EVENTS}".split():
        word = press_word(name, said.get(name))
        if word:
            yield Pressed(word)
            return


def press_word(name: str, value: object) -> str | None:
    """The word of a press in this field; None if there was none.

    What is called an action is one, whatever it is called; an event may be of another sort.
    """
    if isinstance(value, str):
        word, words = value.strip(), set(parts(value))
        ended = words & CALLS and words & _ENDS
        routine = name in EVENTS.split() and words & _ROUTINE
        let_go = name not in ("action", "click") and words & LETS_GO  # its press was told before
        if ended or routine or let_go or words & _NEVER or len(parts(value)) > MOST_WORDS:
            return None
        known = bool(PRESSING & words)
        return word if known or (name not in EVENTS.split() and word.lower() not in _NO_PRESS) else None
    pressed = name not in EVENTS.split() and (value is True or (isinstance(value, int) and 0 < value < LEAST_HPA))
    return f"{name} {value}" if pressed else None


def action_word(value: object) -> str | None:
    """The word of an `action`, where that is a press: "off" is one; what a lock, a knock or a radar does is none."""
    word = value.strip() if isinstance(value, str) else ""
    other = word in SHAKEN or LOCKING & set(parts(word)) or _OF_A_RADAR.fullmatch(word)
    return None if other or word.lower() in _NO_ACTION else word


def _measured(said: Mapping[str, object]) -> Iterator[Said]:
    for kind, names in LEVELS.items():
        yield from (level(kind, value) for value in _numbers(said, names))
    warm = _numbers(said, OF_THE_ROOM)
    if not warm and is_room_thermometer(said.keys()):
        warm = _numbers(said, MAYBE_OF_THE_ROOM)
        if not warm:
            yield from (level(Kind.TEMPERATURE, celsius(hot, "F")) for hot in _numbers(said, FAHRENHEIT))
    unit = next((said[name] for name in UNITS if name in said), None)
    yield from (level(Kind.TEMPERATURE, celsius(value, unit)) for value in warm)
    yield from (level(Kind.POWER, value) for value in _numbers(said, POWERS) if watts(value) is not None)
    for name, unit in ENERGIES.items():
        used = number(said.get(name))
        in_wh = watt_hours(used, unit) if used is not None else None
        if in_wh is not None:
            yield counted(in_wh)
            return


def _numbers(said: Mapping[str, object], names: str) -> list[float]:
    """What the first of these names says that says a number."""
    values = (number(said[name]) for name in names.split() if name in said)
    return [value for value in values if value is not None][:1]


def is_room_thermometer(known: AbstractSet[str]) -> bool:
    """Whether `temperature` of a device with these fields is that of the room."""
    return bool(known & set(LEVELS[Kind.HUMIDITY].split()) or known & THERMOSTAT) or not known & NO_THERMOMETER


def _battery(said: Mapping[str, object]) -> Iterator[Said]:
    percent = _numbers(said, PERCENT)
    if percent:
        yield level(Kind.BATTERY, percent[0])
        return
    answers = (list(battery_claims(said[name])) for name in BATTERY.split() if name in said)
    yield from next((answer for answer in answers if answer), [])


def battery_claims(value: object) -> Iterator[Said]:
    """A `battery` of unknown unit: percent, or a word. What may be volts or millivolts tells nothing."""
    word = value.strip().lower() if isinstance(value, str) else ""
    if word in _FULL or word in _LOW:
        yield state(Kind.BATTERY_LOW, word in _LOW)
        return
    share = number(value)
    has_point = isinstance(value, float) or "." in str(value)
    if share is None or share >= LEAST_MV or (has_point and 0 < share < MOST_VOLTS):
        return
    yield level(Kind.BATTERY, share)
