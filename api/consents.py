"""What was agreed to for a home: without a record in force nothing of it is kept."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from psycopg import Connection
from psycopg.rows import class_row

from api.people import Home, Person
from api.times import when
from ingest.database import sql

LONGEST = 120
"""Characters of a name with what makes it count."""


class Basis(StrEnum):
    CONSENT = "consent"
    BEST_INTERESTS = "best_interests"
    FROM_BEFORE = "from_before"  # homes of a time without records


ASKED = {
    Basis.CONSENT: "The resident agreed",
    Basis.BEST_INTERESTS: "It was decided in the best interests of the resident",
}
"""What can be written down, in words."""
_WORDS = ASKED | {Basis.FROM_BEFORE: "Watched since before such records were kept. Please write down what was agreed"}
_NEWER = "a newer record"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of consents_of_home.sql."""

    id: int
    basis: str
    given_by: str
    given_on: date
    recorded_at: datetime
    recorded_by: str | None
    withdrawn_by: str | None
    withdrawn_at: datetime | None
    ended_by: str | None


@dataclass(frozen=True, slots=True)
class Record:
    """One record in words."""

    words: str
    given: str
    recorded: str
    ended: str
    holds: bool
    is_owed: bool
    """It only stands in for a record."""


def of_home(connection: Connection, home: Home, now: datetime) -> list[Record]:
    """Newest first; at most the first holds."""
    with connection.cursor(row_factory=class_row(Row)) as cursor:
        rows = cursor.execute(sql(__file__, "consents_of_home"), {"home_id": home.id}).fetchall()
    return [in_words(row, home.zone, now) for row in rows]


def in_words(row: Row, zone: ZoneInfo, now: datetime) -> Record:
    """Pure."""
    basis = Basis(row.basis)
    is_owed = basis is Basis.FROM_BEFORE
    ended = ""
    if row.withdrawn_at:
        by = f", written down by {row.ended_by}" if row.ended_by else ""
        ended = f"Ended {when(row.withdrawn_at, zone, now)} by {row.withdrawn_by}{by}"
    recorded = f"Written down {when(row.recorded_at, zone, now)}"
    return Record(
        words=_WORDS[basis],
        given="" if is_owed else f"By {row.given_by}, on {row.given_on:%-d %B %Y}",
        recorded=f"{recorded} by {row.recorded_by}" if row.recorded_by else recorded,
        ended=ended,
        holds=row.withdrawn_at is None,
        is_owed=is_owed,
    )


def record(
    connection: Connection, home: Home, person: Person, basis: str, given_by: str, given: datetime | None, now: datetime
) -> None:
    """Write down what was agreed to, in place of what was in force.

    Raises ValueError with what is wrong, for people.
    """
    if basis not in ASKED:
        raise ValueError("Choose what was agreed")
    name = _name("Say who agreed or decided", given_by)
    day = given.date() if given else now.astimezone(home.zone).date()
    if day > now.astimezone(home.zone).date():
        raise ValueError("The day it was agreed must not lie ahead")
    values = {"home_id": home.id, "basis": basis, "given_by": name, "given_on": day, "person_id": person.id, "now": now}
    with connection.transaction():
        connection.execute(sql(__file__, "end_consent"), values | {"by": _NEWER})
        connection.execute(sql(__file__, "record_consent"), values)


def withdraw(connection: Connection, home: Home, person: Person, by: str, now: datetime) -> None:
    """From now on nothing of the home is kept. Raises ValueError with what is wrong, for people."""
    values = {"home_id": home.id, "by": _name("Say who withdraws it", by), "person_id": person.id, "now": now}
    if connection.execute(sql(__file__, "end_consent"), values).fetchone() is None:
        raise ValueError("There is nothing to withdraw")


def _name(ask: str, typed: str) -> str:
    name = " ".join(typed.split())
    if not name:
        raise ValueError(ask)
    if len(name) > LONGEST:
        raise ValueError(f"{ask} in at most {LONGEST} characters")
    return name
