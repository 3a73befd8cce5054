"""The ladder of a home: reading it, and changing it in a coordinator's name.

All in the caller's transaction; one person after the other for each home.
"""

from dataclasses import dataclass
from datetime import datetime

from psycopg import Connection
from psycopg.rows import class_row

from alerts.telling import rotas
from api import people_changes
from api.ladder_words import CHANNELS, CLASSES, ROLES, SEVERITIES, Ladder, Row, ladders, told_of_nothing
from api.people import Home
from api.people_changes import By, Change, NotChangedError
from ingest.database import sql

MOST_STEPS = 60
"""Of one home, all its lists together."""
LAST_STEP, LONGEST_WAIT_MIN = 20, 240
CHOSEN_BY_PEOPLE = ("sms", "voice", "email")
"""Web requests to other systems are set up by the operator, with their secret."""
MEANWHILE = "Somebody changed this list meanwhile. Look at it as it is now, then change it."


@dataclass(frozen=True, slots=True)
class Teller:
    """Somebody a step can tell. `value`: as the form has it."""

    value: str
    words: str


@dataclass(frozen=True, slots=True)
class OfHome:
    """The ladders of one home, for its page. `version` grows with each change."""

    home: Home
    ladders: tuple[Ladder, ...]
    nobody_for: tuple[str, ...]
    changes: tuple[Change, ...]
    version: int

    @property
    def has_own(self) -> bool:
        return any(ladder.own for ladder in self.ladders)


@dataclass(frozen=True, slots=True)
class NewStep:
    """A step as somebody wants it. `kind`, `severity`: None for any; `teller`: "person:3", "role:family"."""

    kind: str | None
    severity: str | None
    step: int
    minutes: int
    teller: str
    channel: str


def of_home(connection: Connection, home: Home, now: datetime) -> OfHome:
    rows = rows_of(connection, home.id)
    bare = {hole.rota_id for hole in rotas.holes(connection, now)} if any(row.rota_id for row in rows) else set()
    changes = people_changes.of(connection, home.zone, now, home_id=home.id)
    version = changes[0].id if changes else 0
    return OfHome(home, tuple(ladders(rows, bare)), tuple(told_of_nothing(rows)), tuple(changes), version)


def rows_of(connection: Connection, home_id: int) -> list[Row]:
    """All steps of a home and of the organisation."""
    with connection.cursor(row_factory=class_row(Row)) as cursor:
        return cursor.execute(sql(__file__, "ladder_steps"), {"home_id": home_id}).fetchall()


def own_step(connection: Connection, home_id: int, step_id: int) -> Row | None:
    return next((row for row in rows_of(connection, home_id) if row.own and row.id == step_id), None)


def tellers(connection: Connection, home_id: int) -> list[Teller]:
    """Whom a step of this home can tell."""
    rows = connection.execute(sql(__file__, "may_be_told"), {"home_id": home_id})
    named = [Teller(f"{sort}:{one}", _teller_words(sort, name, role)) for sort, one, name, role in rows]
    return [*named, *(Teller(f"role:{role}", words[:1].upper() + words[1:]) for role, words in ROLES.items())]


def _teller_words(sort: str, name: str, role: str | None) -> str:
    if sort == "person":
        return f"{name} ({'housing team' if role in ('responder', 'coordinator') else role})"
    return f"Whoever is on duty: {name}" if sort == "rota" else f"The team: {name}"


def add(connection: Connection, by: By, wanted: NewStep, version: int | None = None) -> int:
    """One more to tell. Returns the step's id. Raises NotChangedError."""
    values = _checked(connection, by, wanted)
    _lock(connection, by, version)
    if sum(row.own for row in rows_of(connection, _home(by))) >= MOST_STEPS:
        raise NotChangedError(f"A home can have {MOST_STEPS} steps.")
    row = connection.execute(sql(__file__, "add_step"), values).fetchone()
    if row is None:
        raise NotChangedError("That is on the list already.")
    connection.execute(sql(__file__, "one_wait_a_step"), values)
    people_changes.write(connection, by, "step_added", None, row[1])
    return int(row[0])


def change(connection: Connection, by: By, step_id: int, wanted: NewStep, version: int | None = None) -> None:
    """Another step in place of this one. Raises NotChangedError."""
    values = {**_checked(connection, by, wanted), "id": step_id}
    _lock(connection, by, version)
    if any(row.own and row.id != step_id and _same(row, wanted) for row in rows_of(connection, _home(by))):
        raise NotChangedError("That is on the list already.")
    row = connection.execute(sql(__file__, "change_step"), values).fetchone()
    if row is None:
        raise NotChangedError(MEANWHILE)
    connection.execute(sql(__file__, "one_wait_a_step"), values)
    if row[0] != row[1]:
        people_changes.write(connection, by, "step_changed", row[0], row[1])


def remove(connection: Connection, by: By, step_id: int, version: int | None = None) -> None:
    """One less to tell. Raises NotChangedError."""
    _lock(connection, by, version)
    row = connection.execute(sql(__file__, "remove_step"), {"id": step_id, "home_id": by.home_id}).fetchone()
    if row is None:
        raise NotChangedError(MEANWHILE)
    people_changes.write(connection, by, "step_removed", row[0], None)


def _lock(connection: Connection, by: By, version: int | None) -> None:
    values = {"home_id": by.home_id}
    connection.execute(sql(__file__, "lock_ladder"), values)
    row = connection.execute(sql(__file__, "newest_change"), values).fetchone()
    if version is not None and (row is None or row[0] != version):
        raise NotChangedError(MEANWHILE)


def _home(by: By) -> int:
    if by.home_id is None:
        raise ValueError("A ladder is of a home")
    return by.home_id


def _same(row: Row, wanted: NewStep) -> bool:
    """Whether the unique index would refuse both."""
    return (row.kind, row.severity, row.step, row.teller, row.channel) == (
        wanted.kind, wanted.severity, wanted.step, wanted.teller, wanted.channel,
    )  # fmt: skip


def _checked(connection: Connection, by: By, wanted: NewStep) -> dict[str, object]:
    """The columns of a step. Raises ValueError with what is wrong, for people."""
    if wanted.teller not in [one.value for one in tellers(connection, _home(by))]:
        raise ValueError("Choose who is told")
    if wanted.channel not in CHOSEN_BY_PEOPLE or wanted.channel not in CHANNELS:
        raise ValueError("Choose how they are told")
    if wanted.kind not in (None, *CLASSES) or wanted.severity not in (None, *SEVERITIES):
        raise ValueError("Choose what it is for")
    if not 1 <= wanted.step <= LAST_STEP:
        raise ValueError(f"The step must be a whole number, from 1 to {LAST_STEP}")
    if not 0 <= wanted.minutes <= LONGEST_WAIT_MIN:
        raise ValueError(f"The minutes must be a whole number, from 0 to {LONGEST_WAIT_MIN}")
    sort, _, one = wanted.teller.partition(":")
    ids = {f"{each}_id": int(one) if each == sort else None for each in ("person", "rota", "team")}
    return {
        "home_id": by.home_id,
        "kind": wanted.kind,
        "severity": wanted.severity,
        "step": wanted.step,
        "after_s": wanted.minutes * 60,
        "channel": wanted.channel,
        "role": one if sort == "role" else None,
        **ids,
    }
