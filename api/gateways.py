"""The gateways of a home and their sensors: how they stand, in words, where each sensor is and what it is used as."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from psycopg import Connection
from psycopg.rows import class_row
from pydantic import TypeAdapter, ValidationError

from api.devices import AS_IT_IS, IGNORED, Use, about, asks, devices_of, likely_role, use_of
from api.gateway_words import UNSURE_CLOCK, Wrong, wrongs
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
    """One sensor. `place` and `role` are empty where nobody has said them; `likely`: the role that it must have."""

    name: str
    place: str
    role: str
    heard: str
    error: str = ""
    about: str = ""
    likely: str = ""
    asks: tuple[str, ...] = ()
    use: Use = AS_IT_IS

    @property
    def asks_use(self) -> bool:
        """Whether what it is used as is among what is asked."""
        return any("button" in question or "used" in question for question in self.asks)


@dataclass(frozen=True, slots=True)
class GatewayLine:
    """One gateway as the page shows it. `let_in`: it has set itself up, and the broker lets it in.

    `settings`: whether it has what was said here; empty where nothing was.
    """

    id: int
    name: str
    standing: str
    facts: tuple[str, ...]
    wrongs: tuple[Wrong, ...]
    settings: str
    beat_s: int | None
    let_in: bool
    code_until: str | None
    sensors: tuple[SensorLine, ...]

    @property
    def unplaced(self) -> int:
        return sum(not sensor.place and sensor.use.used != IGNORED for sensor in self.sensors)

    @property
    def undecided(self) -> int:
        return sum(bool(sensor.asks) for sensor in self.sensors)


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
    devices: dict[str, Any] | None
    beat_s: int | None
    settings: list[dict[str, Any]]
    wanted: int | None
    confirmed: int | None
    problems: dict[str, str]
    sensors: list[dict[str, Any]]
    known: list[str]


def of_home(connection: Connection, home: Home, now: datetime) -> list[GatewayLine]:
    """The gateways of this home, oldest first."""
    return [line(row, home, now) for row in rows_of_home(connection, home, now)]


def rows_of_home(connection: Connection, home: Home, now: datetime) -> list[Row]:
    with connection.cursor(row_factory=class_row(Row)) as cursor:
        return cursor.execute(sql(__file__, "gateways_of_home"), {"home_id": home.id, "now": now}).fetchall()


def line(row: Row, home: Home, now: datetime) -> GatewayLine:
    """One row in words."""
    return GatewayLine(
        id=row.id,
        name=row.name,
        standing=_standing(row, now),
        facts=tuple(_facts(row, home, now)),
        wrongs=tuple(wrongs(row.problems, home.zone, now)),
        settings=_settings(row),
        beat_s=row.beat_s,
        let_in=row.let_in,
        code_until=coming(row.code_until, home.zone, now) if row.code_until else None,
        sensors=tuple(sorted(_sensors(row, home, now), key=lambda sensor: not sensor.asks)),
    )


def _settings(row: Row) -> str:
    if row.wanted is None:
        return ""
    has = row.confirmed == row.wanted
    return "The gateway has these settings." if has else "The gateway does not have these settings yet."


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
    if status.get("clock") == "unsure":
        yield UNSURE_CLOCK


def _sensors(row: Row, home: Home, now: datetime) -> Iterable[SensorLine]:
    """All that somebody could place: those in the database, those that were heard and those that were described."""
    told = {name: datetime.fromisoformat(at) for name, at in (row.status or {}).get("sensors_at", {}).items()}
    devices, unread = devices_of(row.devices), (row.status or {}).get("unread", ())
    uses = {one["sensor"]: use_of(one) for one in row.settings}
    for sensor in _known(row, {*told, *devices, *uses}):
        name, said = sensor["name"], devices.get(sensor["name"])
        at = told.get(name) or (datetime.fromisoformat(sensor["heard_at"]) if sensor["heard_at"] else None)
        use, is_placed = uses.get(name, AS_IT_IS), bool(sensor["place"])
        is_unread = name in unread
        not_heard = "heard, but not understood" if is_unread else "not heard yet"
        likely = likely_role(said, use)
        yield SensorLine(
            name,
            sensor["place"],
            sensor["role"] or likely,
            f"heard {when(at, home.zone, now)}" if at else not_heard,
            about=about(said) if said else "",
            likely=likely,
            asks=asks(said, use, is_placed=is_placed, is_unread=is_unread),
            use=use,
        )


def _known(row: Row, named: set[str]) -> Iterable[dict[str, Any]]:
    """The sensors of this home, and those that nobody knows; of the latter neither place nor role."""
    for sensor in row.sensors:
        if sensor["place"] == UNKNOWN_PLACE:
            yield sensor | {"place": ""}
        elif sensor["role"] in ROLES and not _is_the_gateways_own(sensor["name"]):
            yield sensor
    status = row.status or {}
    named |= {*status.get("unread", ()), *status.get("faulty", ())}
    for name in sorted(named - set(row.known)):
        if not _is_the_gateways_own(name):
            yield {"name": name, "place": "", "role": "", "heard_at": None}


def _is_the_gateways_own(name: str) -> bool:
    return name in (GATEWAY_SENSOR, TABLET) or name.startswith(_REMINDERS)


def typed(names: Sequence[str], places: Sequence[str], roles: Sequence[str]) -> list[SensorLine]:
    """What a form says of sensors, line by line. Raises ValueError where that cannot be a form of ours."""
    try:
        lines = [SensorLine(*each, heard="") for each in zip(names, (p.strip() for p in places), roles, strict=True)]
        for one in lines:
            _SENSOR_NAME.validate_python(one.name)
    except ValidationError as error:
        raise ValueError("no sensor has such a name") from error
    if len(lines) > MOST_SENSORS or any(_is_the_gateways_own(one.name) for one in lines):
        raise ValueError("not sensors that can be placed")
    return lines


def to_place(lines: Iterable[SensorLine], gateway: GatewayLine) -> list[SensorLine]:
    """Those of which a place was said, checked. A line that was left as it was offered says nothing."""
    offered = {one.name: one.likely for one in gateway.sensors if not one.place}
    said = (one for one in lines if one.place or (one.role and one.role != offered.get(one.name)))
    return [_checked(one) for one in said]


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


def with_typed(gateway: GatewayLine, sensors: Sequence[SensorLine], uses: Mapping[str, Use]) -> GatewayLine:
    """The gateway with what was typed, so that nobody types it twice."""
    said = {sensor.name: sensor for sensor in sensors}

    def typed_over(one: SensorLine) -> SensorLine:
        typed = said.get(one.name, one)
        use = uses.get(one.name, one.use)
        return replace(one, place=typed.place, role=typed.role, error=typed.error, use=use)

    return replace(gateway, sensors=tuple(typed_over(one) for one in gateway.sensors))
