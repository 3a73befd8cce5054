"""The gateways of a home and their sensors: how they stand, in words, and where each sensor is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from psycopg import Connection
from psycopg.rows import class_row
from pydantic import TypeAdapter, ValidationError

from api.people import Home
from api.times import coming, when
from gateway.config import TABLET, sensor_of
from gateway.messages import GATEWAY_SENSOR, Id
from ingest.database import sql
from ingest.known import UNKNOWN_PLACE

ROLES = {
    "room": "Movement or presence in a room",
    "outside_door": "Door to the outside",
    "inside_door": "Door inside, or a cupboard",
    "fridge_door": "Fridge door",
    "bed": "Bed",
    "chair": "Chair",
    "plug": "Plug: kettle, television",
    "button": "Button or pendant",
    "alarm": "Smoke, leak or fall alarm",
}
"""The roles people give, in their words."""
SPEAKS_WITHIN = timedelta(minutes=15)
"""A gateway that is connected tells its status far more often, whatever its last word was."""
MOST_SENSORS = 200
MAX_PLACE = 40
_REMINDERS = sensor_of(0).removesuffix("0")
_SENSOR_NAME: TypeAdapter[str] = TypeAdapter(Id)


@dataclass(frozen=True, slots=True)
class SensorLine:
    """One sensor. `place` and `role` are empty where nobody has said them."""

    name: str
    place: str
    role: str
    heard: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class GatewayLine:
    """One gateway as the page shows it. `let_in`: it has set itself up, and the broker lets it in."""

    id: int
    name: str
    standing: str
    facts: tuple[str, ...]
    let_in: bool
    code_until: str | None
    sensors: tuple[SensorLine, ...]

    @property
    def unplaced(self) -> int:
        return sum(not sensor.place for sensor in self.sensors)


@dataclass(frozen=True, slots=True)
class Row:
    """One row of gateways_of_home.sql. `sensors`: name, place, role, heard_at."""

    id: int
    name: str
    online: bool | None
    status: dict[str, Any] | None
    status_at: datetime | None
    claimed_at: datetime | None
    let_in: bool
    code_until: datetime | None
    sensors: list[dict[str, Any]]
    known: list[str]


def of_home(connection: Connection, home: Home, now: datetime) -> list[GatewayLine]:
    """The gateways of this home, oldest first."""
    with connection.cursor(row_factory=class_row(Row)) as cursor:
        rows = cursor.execute(sql(__file__, "gateways_of_home"), {"home_id": home.id, "now": now}).fetchall()
    return [line(row, home, now) for row in rows]


def line(row: Row, home: Home, now: datetime) -> GatewayLine:
    """One row in words."""
    return GatewayLine(
        id=row.id,
        name=row.name,
        standing=_standing(row, now),
        facts=tuple(_facts(row, home, now)),
        let_in=row.let_in,
        code_until=coming(row.code_until, home.zone, now) if row.code_until else None,
        sensors=tuple(_sensors(row, home, now)),
    )


def _standing(row: Row, now: datetime) -> str:
    if row.online is None or row.status_at is None:
        return "Never heard of"
    return "Online" if row.online and now - row.status_at < SPEAKS_WITHIN else "Not connected"


def _facts(row: Row, home: Home, now: datetime) -> Iterable[str]:
    if row.claimed_at:
        yield f"Set up {when(row.claimed_at, home.zone, now)}"
    if row.status_at:
        yield f"Last spoke {when(row.status_at, home.zone, now)}"
    status = row.status or {}
    if status.get("version"):
        yield f"Software {status['version']}"
    if status.get("outbox") is not None:
        yield f"Readings waiting to be sent: {status['outbox']}"
    if status.get("dropped"):
        yield f"Readings lost because its disk was full: {status['dropped']}"
    if status.get("config"):
        yield f"Settings from here: version {status['config']}"


def _sensors(row: Row, home: Home, now: datetime) -> Iterable[SensorLine]:
    """Those nobody has placed first."""
    told = {name: datetime.fromisoformat(at) for name, at in (row.status or {}).get("sensors_at", {}).items()}
    placed = []
    for sensor in row.sensors:
        at = told.get(sensor["name"]) or (datetime.fromisoformat(sensor["heard_at"]) if sensor["heard_at"] else None)
        heard = f"heard {when(at, home.zone, now)}" if at else "not heard yet"
        if sensor["place"] == UNKNOWN_PLACE:
            yield SensorLine(sensor["name"], "", sensor["role"], heard)
        elif sensor["role"] in ROLES and not _is_the_gateways_own(sensor["name"]):
            placed.append(SensorLine(sensor["name"], sensor["place"], sensor["role"], heard))
    for name in sorted(_unknown(row, told)):
        heard = f"heard {when(told[name], home.zone, now)}" if name in told else "heard, but not understood"
        yield SensorLine(name, "", "", heard)
    yield from placed


def _unknown(row: Row, told: dict[str, datetime]) -> set[str]:
    status = row.status or {}
    named = {*told, *status.get("unread", ()), *status.get("faulty", ())}
    return {name for name in named - set(row.known) if not _is_the_gateways_own(name)}


def _is_the_gateways_own(name: str) -> bool:
    return name in (GATEWAY_SENSOR, TABLET) or name.startswith(_REMINDERS)


def typed(names: Sequence[str], places: Sequence[str], roles: Sequence[str]) -> list[SensorLine]:
    """What a form says of sensors; a line with neither place nor role says nothing.

    Raises ValueError where that cannot be a form of ours.
    """
    try:
        lines = [SensorLine(*each, heard="") for each in zip(names, (p.strip() for p in places), roles, strict=True)]
        for one in lines:
            _SENSOR_NAME.validate_python(one.name)
    except ValidationError as error:
        raise ValueError("no sensor has such a name") from error
    if len(lines) > MOST_SENSORS or any(_is_the_gateways_own(one.name) for one in lines):
        raise ValueError("not sensors that can be placed")
    return [_checked(one) for one in lines if one.place or one.role]


def _checked(sensor: SensorLine) -> SensorLine:
    if not sensor.place or sensor.place == UNKNOWN_PLACE:
        return replace(sensor, error="Say where it is, like kitchen")
    if len(sensor.place) > MAX_PLACE or not sensor.place.isprintable():
        return replace(sensor, error=f"Say where it is in at most {MAX_PLACE} letters")
    if sensor.role not in ROLES:
        return replace(sensor, error="Choose what it is")
    return sensor


def place(connection: Connection, home: Home, gateway_id: int, sensors: Sequence[SensorLine]) -> None:
    """Keep where these sensors are. Nothing happens where this home has no such gateway."""
    connection.execute(
        sql(__file__, "place_sensors"),
        {
            "gateway_id": gateway_id,
            "home_id": home.id,
            "names": [sensor.name for sensor in sensors],
            "places": [sensor.place for sensor in sensors],
            "roles": [sensor.role for sensor in sensors],
        },
    )


def with_typed(gateway: GatewayLine, sensors: Sequence[SensorLine]) -> GatewayLine:
    """The gateway with what was typed, so that nobody types it twice."""
    said = {sensor.name: sensor for sensor in sensors}
    lines = (replace(said[one.name], heard=one.heard) if one.name in said else one for one in gateway.sensors)
    return replace(gateway, sensors=tuple(lines))
