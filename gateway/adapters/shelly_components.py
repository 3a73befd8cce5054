"""What one component of a Shelly Gen2 or later says of itself. Pure.

Source: the components' pages of Shelly's own documentation. Power is in W, energy in Wh
(`by_minute` in mWh, which nobody needs here), temperature in °C and °F side by side.
"""

from collections.abc import Iterator, Mapping

from gateway.adapters.claims import Claim, counted, held, level, state
from gateway.adapters.vocabulary import number, truth
from gateway.messages import Kind

LOADS = frozenset({"switch", "light", "cover", "pm1", "rgb", "rgbw", "cct", "rgbcct"})
METERS = frozenset({"em", "em1", "emdata", "em1data"})
ALARMS = {"smoke": Kind.SMOKE, "flood": Kind.LEAK}
LEVELS = {
    "temperature": {"tC": Kind.TEMPERATURE},
    "humidity": {"rh": Kind.HUMIDITY},
    "illuminance": {"lux": Kind.ILLUMINANCE},
    "thermostat": {"current_C": Kind.TEMPERATURE, "current_humidity": Kind.HUMIDITY},  # the targets are wishes
    "blutrv": {"current_C": Kind.TEMPERATURE, "battery": Kind.BATTERY},
    "bthomedevice": {"battery": Kind.BATTERY},
    "em": {"total_act_power": Kind.POWER},
    "em1": {"act_power": Kind.POWER},
}
COUNTERS = {"emdata": "total_act", "em1data": "total_act_energy"}
PRESENCES = frozenset({"presence", "presencezone", "occupancy"})
PRESSABLE = frozenset({"input", "button", "bthomedevice", "bthomesensor", "blutrv"})
SILENT = frozenset({"input", "sys", "wifi", "eth", "ble", "bthome", "mqtt", "cloud", "ws", "script", "ui", "voltmeter"})
MORE_SILENT = frozenset({"matter", "knx", "zigbee", "ht_ui", "plugs_ui", "powerstrip_ui"})
OWNERS = frozenset({"number", "boolean", "enum", "text", "object", "group", "service"})
"""Values that the owner has made up: what they are about is told nowhere but in the configuration."""
MEASURING = LOADS | METERS | ALARMS.keys() | LEVELS.keys() | PRESENCES | {"devicepower", "motion"}
COMPONENTS = MEASURING | PRESSABLE | SILENT | MORE_SILENT | OWNERS
MAINS = LOADS | METERS
NO_PRESS = frozenset({"btn_down", "btn_up", "config_changed", "component_added", "component_removed"})
"""`btn_down` is the first half of a press: the push that it was follows."""


def component_claims(kind: str, body: Mapping[str, object]) -> Iterator[Claim]:
    """A part that is not in it has not changed."""
    for name, what in LEVELS.get(kind, {}).items():
        value = number(body.get(name))
        if value is not None:
            yield level(what, value)
    if kind in LOADS:
        yield from _load(body)
    if kind in COUNTERS:
        total = number(body.get(COUNTERS[kind]))
        if total is not None:
            yield counted(total)
    if kind in ALARMS:
        alarm = truth(body.get("alarm"))
        if alarm is not None:
            yield state(ALARMS[kind], alarm)
    if kind in PRESENCES | {"motion"}:
        yield from _somebody(kind, body)
    if kind == "devicepower":
        yield from _power_source(body)


def _load(body: Mapping[str, object]) -> Iterator[Claim]:
    power, energy = number(body.get("apower")), body.get("aenergy")
    if power is not None:
        yield level(Kind.POWER, power)
    total = number(energy.get("total")) if isinstance(energy, dict) else None
    if total is not None:
        yield counted(total)


def _somebody(kind: str, body: Mapping[str, object]) -> Iterator[Claim]:
    answers = (truth(body.get(name)) for name in ("state", "value", "presence", "motion"))
    seen = next((answer for answer in answers if answer is not None), None)
    if seen is not None and kind == "motion":
        yield held(Kind.MOTION, seen)
    elif seen is not None:
        yield state(Kind.PRESENCE, seen)


def _power_source(body: Mapping[str, object]) -> Iterator[Claim]:
    """On USB power the battery is 0 % because there is none."""
    battery, external = body.get("battery"), body.get("external")
    plugged = truth(external.get("present")) if isinstance(external, dict) else None
    percent = number(battery.get("percent")) if isinstance(battery, dict) else None
    if plugged:
        yield state(Kind.MAINS, plugged)
    elif percent is not None:
        yield level(Kind.BATTERY, percent)


def event_word(event: Mapping[str, object]) -> str | None:
    """The word of a press; None where the event is of another sort."""
    kind = str(event.get("component")).partition(":")[0]
    word = event.get("event")
    if kind not in PRESSABLE or not isinstance(word, str) or word in NO_PRESS or word.startswith("ota"):
        return None
    return word
