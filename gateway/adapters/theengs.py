"""Theengs Gateway and OpenMQTTGateway: `home/<gateway>/BTtoMQTT/<MAC>`. No network, no clock, no disk.

Source: decoder.theengs.io, which names the fields of each device. Every advert of every
Bluetooth device in reach comes, of neighbours and passers-by too: what no model is named
of is left alone. `acts`, `cont` and `track` are about scanning; `open: true` means open.
A tag that is carried says that the tag is near (`available`), never that a person moves.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace

from gateway.adapters import NOTHING, Message, Sort, Told, replayed
from gateway.adapters.ble_devices import Adverts, address, spellings
from gateway.adapters.claims import Claim, Pressed, Sensor, Sensors, counted, held, level, state
from gateway.adapters.vocabulary import celsius, number, opened, parsed, parts, truth, watt_hours, watts
from gateway.devices import DeviceTable
from gateway.messages import Kind

MARK = "/BTtoMQTT"
_OTHERS = re.compile(r"/[A-Z0-9_a-z]{2,10}toMQTT(?:/|$)")
"""What OpenMQTTGateway tells of itself, and of radios whose bare codes nobody can read."""
MAX_BYTES = 16 * 1024
MOST_GATEWAYS = 64
ENCRYPTED = frozenset({"cipher", "mic"})
NOT_OF_THE_ROOM = frozenset({"BBQ", "TIRE", "BODY", "BATT", "RMAC", "ENRG", "UNIQ", "SCALE", "WCVR", "ACTR"})
MOVES_ITSELF = frozenset({"WCVR", "ACTR"})
"""Curtains, blinds and robot fingers: their motion is nobody's, and how far they are open is no door."""
OPENINGS = ("open", "opened", "door", "window", "contact")
MOVEMENTS = ("motion", "move", "moving", "occupancy")
STATES = {
    "smoke": Kind.SMOKE,
    "leak": Kind.LEAK,
    "water_leak": Kind.LEAK,
    "flood": Kind.LEAK,
    "moisture": Kind.LEAK,
    "tamper": Kind.TAMPER,
    "low_batt": Kind.BATTERY_LOW,
    "lowbatt": Kind.BATTERY_LOW,
    "batt_low": Kind.BATTERY_LOW,
    "fall": Kind.FALL,
}
LEVELS = {"hum": Kind.HUMIDITY, "lux": Kind.ILLUMINANCE, "batt": Kind.BATTERY}
PRESSES = ("button", "button2", "button3", "button4", "btn", "press", "pressed", "click", "action")
NO_PRESS = frozenset({"", "0", "none", "false", "idle"})
EVERY_PHONE = frozenset({"IBEACON", "GAEN", "MS-CDP", "EDDYSTONE"})
NEAR = {"present": True, "home": True, "online": True, "absent": False, "not_home": False, "away": False}
STILL_OPEN = "timeout"
Said = Claim | Pressed


class Theengs:
    """`hear` turns each message into what it says."""

    def __init__(self, table: DeviceTable | None = None) -> None:
        self.table = table or DeviceTable()
        self.sensors = Sensors(self.table)
        self.adverts: dict[str, Adverts] = {}
        self.gateways: dict[str, bool] = {}

    def topics(self) -> tuple[str, ...]:
        return ("+/+/LWT", "+/+/BTtoMQTT/#")

    def owns(self, message: Message) -> bool:
        base, _, leaf = message.topic.rpartition("/")
        says_will = leaf == "LWT" and message.payload in (b"online", b"offline")  # Tasmota has capitals
        is_will = says_will and base.count("/") == 1 and (base in self.gateways or base.startswith("home/"))
        return is_will or bool(_OTHERS.search(message.topic))

    def hear(self, message: Message) -> Told:
        if len(message.payload) > MAX_BYTES or not self.owns(message):
            return NOTHING
        body = parsed(message.payload)
        if message.topic.endswith("/LWT"):
            return self._hear_will(message.topic.removesuffix("/LWT"), body)
        base, mark, _ = message.topic.partition(MARK)
        if not mark:
            return Told(described=True)
        if len(self.gateways) < MOST_GATEWAYS:
            self.gateways.setdefault(base, True)
        if not isinstance(body, dict):
            return NOTHING
        mac = next((found for found in map(address, _names(message, body)) if found), None)
        return self._hear_device(mac, body, message) if mac else NOTHING

    def _hear_will(self, base: str, body: object) -> Told:
        """Its last will. One of several may go: the others still hear the home."""
        if body not in ("online", "offline") or (len(self.gateways) >= MOST_GATEWAYS and base not in self.gateways):
            return NOTHING
        self.gateways[base] = body == "online"
        return Told(bridge=any(self.gateways.values()))

    def _hear_device(self, mac: str, body: Mapping[str, object], message: Message) -> Told:
        entry = self.table.find(*spellings(mac))
        said = [] if body.keys() & ENCRYPTED else list(advert_claims(body))
        ours = bool(said) or _is_named(body) or entry.sensor
        sensor = self.sensors.get(entry.sensor or mac, entry) if ours and not entry.ignore else None
        if sensor is None:
            return NOTHING
        if message.retained:
            return replayed(Told(sensor.facts(said, message.at), unread=not said))
        return self._hear_advert(sensor, said, body, message)

    def _hear_advert(self, sensor: Sensor, said: list[Said], body: Mapping[str, object], message: Message) -> Told:
        if self.adverts.setdefault(sensor.id, Adverts()).is_repeat(body.get("packet"), message.at):
            said = [one for one in said if not isinstance(one, Pressed)]
        gone = any(isinstance(one, Claim) and one.kind is Kind.AVAILABLE and not one.value for one in said)
        alive = () if gone else (sensor.id,)
        return Told(sensor.facts(said, message.at), alive=alive, unread=not said and not _is_tag(body))


def _is_named(body: Mapping[str, object]) -> bool:
    """Whether a model is named, and none that any telephone may be."""
    generic = body.get("brand") == "GENERIC" or str(body.get("model_id")) in EVERY_PHONE or body.get("type") == "RMAC"
    return _is_tag(body) or ("model_id" in body and not generic)


def _is_tag(body: Mapping[str, object]) -> bool:
    """Something that is carried, and has nothing to say."""
    return body.get("track") is True or body.get("type") == "TRACK"


def _names(message: Message, body: Mapping[str, object]) -> tuple[object, ...]:
    return message.topic.rpartition("/")[2], body.get("mac"), body.get("id")


def advert_claims(body: Mapping[str, object]) -> Iterator[Said]:
    """Everything that the decoded fields of one advert tell."""
    near = NEAR.get(str(body.get("presence", body.get("state"))).lower())
    if near is not None:
        yield state(Kind.AVAILABLE, near)
    moves_itself = str(body.get("type")) in MOVES_ITSELF
    for name in () if moves_itself else OPENINGS:
        stands = _stands(name, body.get(name))
        if stands is not None:
            yield state(Kind.CONTACT, stands)
            break
    for name, kind in STATES.items():
        yes = truth(body.get(name))
        if yes is not None:
            yield state(kind, yes)
    if not moves_itself:
        yield from _movements(body)
    yield from _measured(body)
    yield from _presses(body)


def _stands(name: str, value: object) -> bool | None:
    """`open: true`, or a word. Some say "still open" as a time that ran out."""
    if isinstance(value, str):
        return True if value.startswith(STILL_OPEN) else opened(value)
    return truth(value) if name != "contact" else None


def _movements(body: Mapping[str, object]) -> Iterator[Claim]:
    """The advert that says "no more" may be lost, so being told again counts."""
    answers = (truth(body.get(name)) for name in MOVEMENTS)
    moved = next((answer for answer in answers if answer is not None), None)
    if moved is not None:
        yield replace(held(Kind.MOTION, moved), sort=Sort.HELD_AGAIN)
    shaken = truth(body.get("vibration", body.get("shake")))
    if shaken is not None:
        yield held(Kind.VIBRATION, shaken)


def _measured(body: Mapping[str, object]) -> Iterator[Claim]:
    for name, kind in LEVELS.items():
        value = number(body.get(name))
        if value is not None:
            yield level(kind, value)
    warm, hot = number(body.get("tempc")), number(body.get("tempf"))
    elsewhere = str(body.get("model_id")).startswith(("EDDYSTONE", "TILT"))  # its chip; a fermenting beer
    elsewhere |= body.get("extprobe") is True or "probe" in parts(str(body.get("model"))[:60])
    if not elsewhere and str(body.get("type")) not in NOT_OF_THE_ROOM and (warm is not None or hot is not None):
        yield level(Kind.TEMPERATURE, warm if warm is not None else celsius(hot or 0.0, "F"))
    yield from _metered(body)


def _metered(body: Mapping[str, object]) -> Iterator[Claim]:
    """A `power` of 0 or 1 is whether there is some. Energy is in kWh unless its unit is told."""
    power = number(body.get("power"))
    if power not in (None, 0, 1) or body.get("type") == "ENRG":
        yield from (level(Kind.POWER, one) for one in (power,) if one is not None)
    for name, unit in (("avg", "avgu"), ("sum", "sumu")):
        value = number(body.get(name))
        if value is not None:
            watt, watt_hour = watts(value, body.get(unit)), watt_hours(value, body.get(unit))
            yield from (level(Kind.POWER, one) for one in (watt,) if one is not None)
            yield from (counted(one) for one in (watt_hour,) if one is not None)
    used = number(body.get("energy"))
    if used is not None:
        yield counted(used * 1000)


def _presses(body: Mapping[str, object]) -> Iterator[Pressed]:
    for name in PRESSES:
        value = body.get(name)
        if value is not None and str(value).strip().lower() not in NO_PRESS:
            yield Pressed(f"{name} {str(value)[:64]} {body.get('packet', '')}")
            return
