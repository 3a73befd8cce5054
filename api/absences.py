"""Homes where somebody said that nobody is expected, in words."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from psycopg import Connection
from psycopg.rows import class_row

from alerts.absences import set_away
from alerts.away import AbsenceKind
from api.people import Home, Person
from api.times import coming
from api.views import Away
from ingest.database import sql

KINDS = {"away": "Away", "hospital": "In hospital"}
FURTHEST = timedelta(days=366)
"""So far ahead an end may lie."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row of absence_of_home.sql."""

    kind: str
    from_at: datetime
    until_at: datetime | None


def of_home(connection: Connection, home_id: int, zone: ZoneInfo, now: datetime) -> Away | None:
    """What is set for this home; None: somebody is expected there."""
    with connection.cursor(row_factory=class_row(Row)) as cursor:
        row = cursor.execute(sql(__file__, "absence_of_home"), {"home_id": home_id, "now": now}).fetchone()
    return in_words(row, zone, now) if row else None


def in_words(row: Row, zone: ZoneInfo, now: datetime) -> Away:
    """ "Away until Sunday 20:00", "In hospital"; one that lies ahead says from when."""
    holds = row.from_at <= now
    begin = "" if holds else f" from {coming(row.from_at, zone, now)}"
    end = f" until {coming(row.until_at, zone, now)}" if row.until_at else ""
    return Away(row.kind, f"{KINDS[row.kind]}{begin}{end}", holds, row.until_at)


def set_between(
    connection: Connection,
    home: Home,
    person: Person,
    kind: str,
    begins: datetime | None,
    until: datetime | None,
    now: datetime,
) -> None:
    """Set a home to away or in hospital; `begins` None: from now on; `until` None: nobody knows yet.

    Raises ValueError with what is wrong, for people.
    """
    _check("The beginning", begins, now)
    _check("The end", until, now)
    start = begins or now
    if until is not None and until <= start:
        raise ValueError("The end must be later than the beginning")
    set_away(connection, home.id, _kind(kind), start, until, person.id, now)


def _check(what: str, at: datetime | None, now: datetime) -> None:
    if at is None:
        return
    if at.tzinfo is None:
        raise ValueError(f"{what} must have a zone, like 2026-11-22T20:00:00Z")
    if at <= now:
        raise ValueError(f"{what} must still lie ahead")
    if at > now + FURTHEST:
        raise ValueError(f"{what} must be within a year from now")


def _kind(text: str) -> AbsenceKind:
    try:
        return AbsenceKind(text)
    except ValueError:
        raise ValueError("Choose whether it is away or in hospital") from None
