"""Homes where somebody said that nobody is expected, in words."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from psycopg import Connection
from psycopg.rows import class_row

from alerts.absences import set_away
from alerts.away import AbsenceKind
from api.people import Home, Person
from api.routine_forms import clock_typed
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


def set_until(
    connection: Connection, home: Home, person: Person, kind: str, until: datetime | None, now: datetime
) -> None:
    """Set a home to away or in hospital from now on. Raises ValueError with what is wrong, for people."""
    if until is not None and until.tzinfo is None:
        raise ValueError("The end must have a zone, like 2026-11-22T20:00:00Z")
    if until is not None and until <= now:
        raise ValueError("The end must still lie ahead")
    if until is not None and until > now + FURTHEST:
        raise ValueError("The end must be within a year from now")
    set_away(connection, home.id, _kind(kind), now, until, person.id, now)


def end_typed(typed: tuple[str, str, str], at: str, zone: ZoneInfo) -> datetime | None:
    """The end that was typed, as day, month, year and local time; None: left empty. Raises ValueError."""
    if not any(part.strip() for part in typed):
        return None
    try:
        day, month, year = (int(part) for part in typed)
        last = date(year, month, day)
    except ValueError:
        raise ValueError("The day must be a real date, like 27 3 2027, or left empty") from None
    return datetime.combine(last, time.fromisoformat(clock_typed("The time", at)), zone)


def _kind(text: str) -> AbsenceKind:
    try:
        return AbsenceKind(text)
    except ValueError:
        raise ValueError("Choose whether it is away or in hospital") from None
