"""Walk tests: somebody walks through a home and sees which sensors answer.

What a call for help in a walk test becomes is decided by `is_of_walk_test` in the database: it is held back only
while the gateway confirmed the test, nobody ended it, and the page was shown within the last half minute to the
person who started it. For a test may run on in a pocket or behind a door; then whoever presses means it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from psycopg import Connection
from psycopg.rows import class_row

from api import gateways
from api.devices import IGNORED, devices_of, ways_to_test
from api.gateways import SensorLine
from api.people import Home
from api.times import clock, to_the_second, when
from gateway.config import Do
from gateway.messages import BUTTON_VALUE, Button, Kind, is_urgent
from ingest import configuring
from ingest.database import sql
from ingest.kinds import KIND, NUMBER

LASTS = timedelta(minutes=15)
TOLD_LONGER = timedelta(minutes=2)
"""So much later it ends at the gateway, which then tells of alarms that go on: by our clock that must be after it."""
WATCHED_FOR = timedelta(seconds=30)
"""So long after the page was last shown calls for help are held back, as `is_of_walk_test` has it."""
SHOWN_FOR = timedelta(hours=2)
"""So long after its start the results of a test are shown."""

_SAYS = {
    (Kind.CONTACT, 1.0): "opened",
    (Kind.CONTACT, 0.0): "shut",
    (Kind.BED, 1.0): "in bed",
    (Kind.BED, 0.0): "out of bed",
    (Kind.CHAIR, 1.0): "sat down",
    (Kind.CHAIR, 0.0): "got up",
    (Kind.PRESENCE, 1.0): "somebody there",
    (Kind.PRESENCE, 0.0): "nobody there",
    (Kind.LOCK, 1.0): "locked",
    (Kind.LOCK, 0.0): "unlocked",
    (Kind.BUTTON, BUTTON_VALUE[Button.CANCEL]): "pressed: cancels a call",
}
_SAYS_ANYHOW = {Kind.MOTION: "movement", Kind.BUTTON: "pressed", Kind.VIBRATION: "vibration", Kind.POWER: "power"}
_SAYS_ANYHOW |= {Kind.TEMPERATURE: "temperature", Kind.MEDICATION: "opened"}


_NO_WORD = (Kind.BEAT, Kind.BATTERY, Kind.LINK_QUALITY, Kind.AVAILABLE)
"""What is no answer of a sensor to somebody who walks by."""


class State(StrEnum):
    NONE = "none"
    WAITING = "waiting"  # for the gateway to say that it tests
    RUNNING = "running"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class Test:
    """The newest test of a gateway; one row of walk_tests_of_home.sql."""

    id: int
    gateway_id: int
    started_at: datetime
    expires_at: datetime
    confirmed_at: datetime | None
    watched_at: datetime
    ended_at: datetime | None

    def state(self, now: datetime) -> State:
        if self.ended_at is not None or now >= self.expires_at:
            return State.OVER
        return State.WAITING if self.confirmed_at is None else State.RUNNING


@dataclass(frozen=True, slots=True)
class Spoke:
    """What a sensor told in a test, newest first; one row of heard_in_walk_tests.sql.

    `held`: it is not taken for the resident's doing.
    """

    gateway_id: int
    sensor: str
    kind: Kind
    value: float
    at: datetime
    held: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A sensor on the page. `heard`: the time of its last answer, empty where there was none."""

    name: str
    place: str
    about: str
    way: str
    heard: str
    heard_at: datetime | None
    says: str
    real_call: bool = False


@dataclass(frozen=True, slots=True)
class Walk:
    """What the page shows."""

    state: State
    until: str
    waiting: tuple[Line, ...]
    answered: tuple[Line, ...]
    away: tuple[str, ...]
    """Gateways that are not connected."""
    paused_until: str
    confirmed: bool
    calls_are_real: bool
    """The test runs, and calls for help are told all the same: the page was away for too long."""

    @property
    def of(self) -> int:
        return len(self.waiting) + len(self.answered)


def start(connection: Connection, home: Home, person_id: int, now: datetime) -> None:
    """Test all gateways of a home from now on; an earlier test of theirs is over."""
    end(connection, home, now)
    values = {"home_id": home.id, "person_id": person_id, "now": now, "expires_at": now + LASTS}
    values["told_until"] = now + LASTS + TOLD_LONGER
    for (gateway_id,) in connection.execute(sql(__file__, "start_walk_tests"), values).fetchall():
        configuring.order(connection, gateway_id, Do.WALK_TEST, now, LASTS + TOLD_LONGER, person_id=person_id)


def end(connection: Connection, home: Home, now: datetime) -> None:
    """From now on everything counts again, whether the gateways hear of it or not."""
    rows = connection.execute(sql(__file__, "end_walk_tests"), {"home_id": home.id, "now": now}).fetchall()
    for (gateway_id,) in rows:
        configuring.order(connection, gateway_id, Do.END_WALK_TEST, now, LASTS)


def watch(connection: Connection, home: Home, person_id: int, now: datetime) -> None:
    """The page is open in the hand of this person."""
    connection.execute(sql(__file__, "watch_walk_tests"), {"home_id": home.id, "person_id": person_id, "now": now})


def of_home(connection: Connection, home: Home, now: datetime) -> Walk:
    """How the walk test of a home stands."""
    values = {"home_id": home.id, "since": now - SHOWN_FOR}
    with connection.cursor(row_factory=class_row(Test)) as cursor:
        tests = {one.gateway_id: one for one in cursor.execute(sql(__file__, "walk_tests_of_home"), values).fetchall()}
    ids = [one.id for one in tests.values() if one.confirmed_at]
    values = {"ids": ids, "leave_out": [NUMBER[kind] for kind in _NO_WORD]}
    rows = connection.execute(sql(__file__, "heard_in_walk_tests"), values).fetchall() if ids else []
    spoke = [Spoke(gateway, name, KIND[kind], value, at, held) for gateway, name, kind, value, at, held in rows]
    return walk(gateways.rows_of_home(connection, home, now), tests, spoke, home, now)


def walk(
    rows: Iterable[gateways.Row], tests: Mapping[int, Test], spoke: Iterable[Spoke], home: Home, now: datetime
) -> Walk:
    """The same from what was read."""
    heard: dict[tuple[int, str], list[Spoke]] = {}
    for one in spoke:
        heard.setdefault((one.gateway_id, one.sensor), []).append(one)
    found, away, paused = [], [], ""
    for row in rows:
        shown = gateways.line(row, home, now)
        if shown.standing != "Online":
            away.append(row.name)
        until = (row.status or {}).get("paused_until")
        paused = paused or (when(datetime.fromisoformat(until), home.zone, now) if until else "")
        sensors = (one for one in shown.sensors if one.use.used != IGNORED)
        found += [_line(one, row, tests.get(row.id), heard.get((row.id, one.name), []), home) for one in sensors]
    states = {one.state(now) for one in tests.values()}
    state = next((one for one in (State.RUNNING, State.WAITING, State.OVER) if one in states), State.NONE)
    ends = max((one.expires_at for one in tests.values()), default=now)
    return Walk(
        state=state,
        until=clock(ends, home.zone),
        waiting=tuple(one for one in sorted(found, key=lambda line: line.place) if not one.heard),
        answered=tuple(sorted((one for one in found if one.heard_at), key=_newest)),
        away=tuple(away),
        paused_until=paused,
        confirmed=any(one.confirmed_at for one in tests.values()),
        calls_are_real=state is State.RUNNING and any(now >= one.watched_at + WATCHED_FOR for one in tests.values()),
    )


def _newest(line: Line) -> float:
    return -line.heard_at.timestamp() if line.heard_at else 0.0


def _line(sensor: SensorLine, row: gateways.Row, test: Test | None, spoke: list[Spoke], home: Home) -> Line:
    said = devices_of(row.devices).get(sensor.name)
    at = _heard_at(sensor.name, row, test, spoke)
    says = list(dict.fromkeys(words(one.kind, one.value, held=one.held) for one in spoke))[:2]
    return Line(
        name=sensor.name,
        place=sensor.place or "Not placed yet",
        about=sensor.about,
        way=ways_to_test(_kinds(sensor, said.kinds if said else ())),
        heard=to_the_second(at, home.zone) if at else "",
        heard_at=at,
        says=", ".join(one for one in reversed(says) if one),
        real_call=any(is_urgent(one.kind, one.value) and not one.held for one in spoke),
    )


def _kinds(sensor: SensorLine, told: Iterable[Kind]) -> set[Kind]:
    """What a sensor tells; where nobody knows it, by what it is."""
    by_role = {"button": Kind.BUTTON, "outside_door": Kind.CONTACT, "inside_door": Kind.CONTACT, "bed": Kind.BED}
    by_role |= {"fridge_door": Kind.CONTACT, "chair": Kind.CHAIR, "room": Kind.MOTION, "plug": Kind.POWER}
    by_role |= {"alarm": Kind.SMOKE}
    found = {*told}
    return found or ({by_role[sensor.role]} if sensor.role in by_role else set())


def _heard_at(name: str, row: gateways.Row, test: Test | None, spoke: list[Spoke]) -> datetime | None:
    """When a sensor answered last in a test, by our clock: its age in the gateway's status counts."""
    if test is None or test.confirmed_at is None:
        return None
    status = row.status or {}
    told: list[datetime] = [one.at for one in spoke[:1]]
    at: Any = status.get("sensors_at", {}).get(name)
    if at and status.get("at") and row.status_at:
        age = datetime.fromisoformat(status["at"]) - datetime.fromisoformat(at)
        told.append(row.status_at - max(timedelta(), age))
    last = max(told, default=test.confirmed_at)
    return last if last > test.confirmed_at else None


def words(kind: Kind, value: float, *, held: bool) -> str:
    """What a sensor told; empty where that is nothing for a person."""
    if is_urgent(kind, value):
        thing = "Button works" if kind is Kind.BUTTON else "Alarm works"
        return (
            f"{thing}. Nobody was told." if held else f"{thing}. This was taken as a real call: people are being told."
        )
    return _SAYS.get((kind, value)) or _SAYS_ANYHOW.get(kind, "")
