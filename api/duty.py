"""Rotas and teams of the housing team: who is on duty when, when nobody is, and changing it.

All in the caller's transaction; each change is written down.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from psycopg import Connection
from psycopg.rows import class_row

from alerts.telling import rotas
from api import people_changes
from api.people_changes import By, Change, NotChangedError
from api.times import coming, how_long
from ingest.database import sql

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
FURTHEST = timedelta(days=366)
LONGEST_NAME = 60


@dataclass(frozen=True, slots=True)
class Rota:
    """One row of rotas_all.sql."""

    id: int
    name: str
    time_zone: str
    lists: int
    on_duty: list[str]

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


@dataclass(frozen=True, slots=True)
class Team:
    """One row of teams_all.sql. `members`: [{id, name}]."""

    id: int
    name: str
    members: list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Staff:
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Shift:
    """One row of rota_shifts.sql. `weekday`: 1 is Monday; an end not after the start lies on the next day."""

    weekday: int
    start_time: time
    end_time: time
    person_id: int
    person: str


@dataclass(frozen=True, slots=True)
class Override:
    """One row of rota_overrides.sql; no person: nobody is on duty."""

    id: int
    from_at: datetime
    until_at: datetime
    person_id: int | None
    person: str | None


@dataclass(frozen=True, slots=True)
class Week:
    """One rota with everything its page shows. `gaps`: of the next 14 days, in words."""

    rota: Rota
    shifts: tuple[Shift, ...]
    overrides: tuple[tuple[Override, str], ...]
    gaps: tuple[str, ...]
    changes: tuple[Change, ...]


def all_rotas(connection: Connection, now: datetime) -> list[Rota]:
    with connection.cursor(row_factory=class_row(Rota)) as cursor:
        return cursor.execute(sql(__file__, "rotas_all"), {"now": now}).fetchall()


def all_teams(connection: Connection) -> list[Team]:
    with connection.cursor(row_factory=class_row(Team)) as cursor:
        return cursor.execute(sql(__file__, "teams_all")).fetchall()


def staff(connection: Connection) -> list[Staff]:
    with connection.cursor(row_factory=class_row(Staff)) as cursor:
        return cursor.execute(sql(__file__, "staff")).fetchall()


def gaps(connection: Connection, now: datetime) -> list[tuple[Rota, str]]:
    """When nobody is on duty in the next 14 days, the earliest first, of rotas that stand on a list."""
    known = {rota.id: rota for rota in all_rotas(connection, now)}
    return [
        (known[hole.rota_id], gap_words(hole, known[hole.rota_id].zone, now)) for hole in rotas.holes(connection, now)
    ]


def gap_words(hole: rotas.Hole, zone: ZoneInfo, now: datetime) -> str:
    """ "Sunday 08:00 to Sunday 20:00, 12 hours". Pure."""
    begin = "now" if hole.from_at <= now else coming(hole.from_at, zone, now)
    return f"{begin} to {coming(hole.until_at, zone, now)}, {how_long(hole.until_at - hole.from_at)}"


def week(connection: Connection, rota_id: int, now: datetime) -> Week | None:
    """None: there is no such rota."""
    rota = next((one for one in all_rotas(connection, now) if one.id == rota_id), None)
    if rota is None:
        return None
    values = {"rota_id": rota_id, "now": now}
    with connection.cursor(row_factory=class_row(Shift)) as cursor:
        shifts = cursor.execute(sql(__file__, "rota_shifts"), values).fetchall()
    with connection.cursor(row_factory=class_row(Override)) as cursor:
        overrides = cursor.execute(sql(__file__, "rota_overrides"), values).fetchall()
    bare = [hole for hole in rotas.holes(connection, now) if hole.rota_id == rota_id]
    return Week(
        rota,
        tuple(shifts),
        tuple((one, _override_words(one, rota.zone, now)) for one in overrides),
        tuple(gap_words(hole, rota.zone, now) for hole in bare),
        tuple(people_changes.of(connection, rota.zone, now, rota_id=rota_id)),
    )


def _override_words(one: Override, zone: ZoneInfo, now: datetime) -> str:
    return f"{coming(one.from_at, zone, now)} to {coming(one.until_at, zone, now)}: {one.person or 'nobody'}"


def add_rota(connection: Connection, by: By, name: str) -> int:
    """Its id. Raises ValueError, for people."""
    made = _make(connection, "add_rota", name)
    people_changes.write(connection, By(by.person_id, by.now, rota_id=made), "rota_added", None, {"name": name.strip()})
    return made


def add_team(connection: Connection, by: By, name: str) -> int:
    """Its id. Raises ValueError, for people."""
    made = _make(connection, "add_team", name)
    people_changes.write(connection, by, "team_added", None, {"team_id": made})
    return made


def _make(connection: Connection, query: str, name: str) -> int:
    name = name.strip()
    if not name or len(name) > LONGEST_NAME:
        raise ValueError(f"The name must have 1 to {LONGEST_NAME} letters")
    row = connection.execute(sql(__file__, query), {"name": name}).fetchone()
    if row is None:
        raise ValueError("There is one of this name already")
    return int(row[0])


def put(connection: Connection, by: By, what: str, values: Mapping[str, object]) -> None:
    """Add or remove a shift, an override or a member. Raises NotChangedError where nothing came of it.

    `what`: shift_added, shift_removed, override_added, override_removed, member_added, member_removed.
    """
    thing, _, done = what.rpartition("_")
    query = f"{'add' if done == 'added' else 'remove'}_{thing}"
    kept = {**values, "rota_id": by.rota_id, "by": by.person_id, "now": by.now}
    row = connection.execute(sql(__file__, query), kept).fetchone()
    if row is None:
        raise NotChangedError(
            "Nothing was changed: it is so already, or somebody was quicker. Look at it as it is now."
        )
    before, after = (None, row[0]) if done == "added" else (row[0], None)
    people_changes.write(connection, by, what, before, after)


def override_times(begin: datetime, end: datetime, now: datetime) -> None:
    """Raises ValueError where such a stretch makes no sense, for people."""
    if end <= begin:
        raise ValueError("The end must be after the beginning")
    if end <= now:
        raise ValueError("The end must still lie ahead")
    if end > now + FURTHEST:
        raise ValueError("The end must be within a year from now")
