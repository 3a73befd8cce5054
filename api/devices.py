"""Sensors as a coordinator sets them: what each says of itself, what is still to be decided, what it is used as."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.types.json import Jsonb
from pydantic import ValidationError

from gateway.device_list import DeviceList, DeviceSaid, Power
from gateway.devices import Role
from gateway.messages import Kind
from ingest import configuring
from ingest.database import sql

AS_IT_SAYS = ""
IGNORED = "ignore"
USES = {
    AS_IT_SAYS: "As it says itself",
    "sos": "SOS: every press calls for help",
    "cancel": "Cancels a call for help",
    "plain": "Nothing special: a press is no call",
    "bed": "Bed: somebody lies on it",
    "chair": "Chair: somebody sits on it",
    "door": "Door, by a switch input",
    "motion": "Movement, by a switch input",
    IGNORED: "Not used: ignore what it says",
}
"""What a sensor may be used as, in words."""
TURNS = {"": "As it says", "true": "The other way round", "false": "As it says, whatever its gateway has been told"}
BEATS = {"": "As the gateway is set", "60": "Every minute", "120": "Every two minutes", "300": "Every five minutes"}
"""How often a gateway says that it sees the home: the shorter, the sooner a lost home is noticed."""

_TELLS = {
    Kind.CONTACT: "open or shut",
    Kind.MOTION: "movement",
    Kind.PRESENCE: "presence",
    Kind.BED: "in bed",
    Kind.CHAIR: "on the chair",
    Kind.POWER: "power",
    Kind.TEMPERATURE: "temperature",
    Kind.BUTTON: "presses",
    Kind.SMOKE: "smoke",
    Kind.CO: "carbon monoxide",
    Kind.GAS: "gas",
    Kind.LEAK: "leaks",
    Kind.FALL: "falls",
    Kind.VIBRATION: "vibration",
    Kind.LOCK: "locked or not",
    Kind.MEDICATION: "a medicine box",
    Kind.VISIT: "visitors' tags",
}
"""What matters of what a sensor can tell."""
_ROLES = (
    ("bed", {Kind.BED}),
    ("chair", {Kind.CHAIR}),
    ("alarm", {Kind.SMOKE, Kind.CO, Kind.GAS, Kind.LEAK}),
    ("room", {Kind.MOTION, Kind.PRESENCE}),
    ("alarm", {Kind.FALL}),
    ("", {Kind.CONTACT, Kind.LOCK, Kind.MEDICATION}),
    ("button", {Kind.BUTTON}),
    ("plug", {Kind.POWER, Kind.ENERGY}),
    ("room", {Kind.TEMPERATURE, Kind.HUMIDITY, Kind.ILLUMINANCE}),
)
"""What a sensor is by what it tells; the first that fits. A contact may be on any door, so nobody can guess."""


@dataclass(frozen=True, slots=True)
class Use:
    """What a person says of a sensor: the values of USES and TURNS."""

    used: str = AS_IT_SAYS
    turned: str = ""

    def row(self) -> dict[str, Any] | None:
        """Role, invert and ignore as they are kept; None: nothing is said."""
        if not (self.used or self.turned):
            return None
        ignored = self.used == IGNORED
        role = None if ignored else self.used or None
        return {"role": role, "invert": {"true": True, "false": False}.get(self.turned), "ignore": ignored or None}


AS_IT_IS = Use()


def use_of(row: Mapping[str, Any]) -> Use:
    """The same, from what is kept."""
    turned = "" if row["invert"] is None else "true" if row["invert"] else "false"
    return Use(IGNORED if row["ignore"] else row["role"] or AS_IT_SAYS, turned)


def devices_of(told: dict[str, Any] | None) -> dict[str, DeviceSaid]:
    """What a gateway told of its devices, by sensor; nothing where that cannot be read."""
    try:
        return {one.sensor: one for one in DeviceList.model_validate(told or {}).devices}
    except ValidationError:  # kept by another version
        return {}


def about(said: DeviceSaid) -> str:
    """ "front door, Aqara MCCGQ11LM, on a battery; tells open or shut"."""
    maker = " ".join(part for part in (said.make, said.model) if part)
    power = {Power.BATTERY: "on a battery", Power.MAINS: "on the mains"}.get(said.power) if said.power else None
    tells = [_TELLS[kind] for kind in Kind if kind in said.kinds and kind in _TELLS]
    parts = ", ".join(part for part in (said.name, maker, power) if part)
    return "; ".join(part for part in (parts, f"tells {', '.join(tells)}" if tells else "", _in_force(said)) if part)


def _in_force(said: DeviceSaid) -> str:
    """How the gateway uses it now, by what it was told here or in the home."""
    if said.ignore:
        return "its gateway ignores it"
    used = USES[said.role.value].partition(":")[0] if said.role else ""
    turned = "the other way round" if said.invert else ""
    return " ".join(part for part in ("its gateway takes it as", used, turned) if part) if used or turned else ""


def likely_role(said: DeviceSaid | None, use: Use = AS_IT_IS) -> str:
    """What a sensor must be, by what it says; empty where a person must say it."""
    if use.used in ("bed", "chair"):
        return use.used
    if said is None:
        return ""
    if said.role in (Role.BED, Role.CHAIR) and not use.used:
        return said.role.value
    return next((role for role, kinds in _ROLES if kinds & {*said.kinds}), "")


def asks(said: DeviceSaid | None, use: Use, *, is_placed: bool, is_unread: bool) -> tuple[str, ...]:
    """What is still to be decided about a sensor, as questions."""
    if use.used == IGNORED or (said and said.ignore and not use.used):
        return ()
    found = []
    if not is_placed:
        what = "" if likely_role(said, use) else ", and what it is"
        found.append(f"Where is it{what}?")
    if said and Kind.BUTTON in said.kinds and not said.calls and not said.role and not use.used:
        found.append("Is this button for calling help? It does not say so itself.")
    if is_unread:
        found.append("It speaks and cannot be understood. Say what it is used as, or do not use it.")
    return tuple(found)


def typed(used: Sequence[str], turned: Sequence[str]) -> list[Use]:
    """What a form says. Raises ValueError where that cannot be a form of ours."""
    found = [Use(*each) for each in zip(used, turned, strict=True)]
    if any(one.used not in USES or one.turned not in TURNS for one in found):
        raise ValueError("no such use")
    return found


def typed_beat(text: str) -> int | None:
    """Seconds between beats. Raises ValueError."""
    if text not in BEATS:
        raise ValueError("no such time between beats")
    return int(text) if text else None


@dataclass(frozen=True, slots=True)
class Change:
    """Who changes a gateway of a home, and when."""

    home_id: int
    gateway_id: int
    person_id: int
    now: datetime


def keep(connection: Connection, by: Change, uses: Mapping[str, Use], beat_s: int | None) -> None:
    """What these sensors are used as from now on, and how often to beat; others stay as they are.

    Told to the gateway. Raises ingest.composing.TooMuchError, and then nothing is changed.
    """
    with connection.transaction():
        connection.execute(sql(__file__, "lock_gateway"), {"gateway_id": by.gateway_id})
        for sensor, use in sorted(uses.items()):
            row = use.row()
            values = {"gateway_id": by.gateway_id, "sensor": sensor}
            kept = connection.execute(
                sql(__file__, "set_device" if row else "unset_device"), values | (row or {})
            ).fetchone()
            if kept:
                _note(connection, by, sensor, row)
        values = {"gateway_id": by.gateway_id, "beat_s": beat_s}
        if connection.execute(sql(__file__, "set_beat"), values).fetchone():
            _note(connection, by, None, {"beat_s": beat_s})
        configuring.renew(connection, by.home_id, by.now)


def _note(connection: Connection, by: Change, sensor: str | None, after: Mapping[str, Any] | None) -> None:
    values = {"gateway_id": by.gateway_id, "sensor": sensor, "at": by.now, "person_id": by.person_id}
    connection.execute(
        sql(__file__, "note_device_change"), values | {"after": Jsonb(after) if after is not None else None}
    )


def ways_to_test(kinds: Collection[Kind]) -> str:
    """How to make a sensor speak, for somebody who walks through the flat."""
    for kind, way in _WAYS.items():
        if kind in kinds:
            return way
    return "Move it, press it or walk past it, whatever it is made for."


_WAYS = {
    Kind.BUTTON: "Press it.",
    Kind.CONTACT: "Open it and shut it.",
    Kind.BED: "Lie or sit on the bed, and get up again.",
    Kind.CHAIR: "Sit down, and get up again.",
    Kind.MOTION: "Walk past it. If it has seen you just now, keep still for a minute first.",
    Kind.PRESENCE: "Walk in, stay for a moment, and walk out.",
    Kind.SMOKE: "Press its test button.",
    Kind.CO: "Press its test button.",
    Kind.GAS: "Press its test button.",
    Kind.LEAK: "Put a wet cloth to its feet.",
    Kind.FALL: "Wave at it, or press its test button.",
    Kind.MEDICATION: "Open and shut its lid.",
    Kind.VIBRATION: "Knock at it.",
    Kind.LOCK: "Lock and unlock it.",
    Kind.POWER: "Switch on what is plugged in, and off again.",
    Kind.TEMPERATURE: "Hold it in a warm hand, or press its button.",
}
