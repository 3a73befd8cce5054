"""Handing over on the page: who could stand in, until when, and what is handed over now, in words."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from psycopg import Connection
from psycopg.rows import class_row

from alerts.telling import hand_over
from alerts.telling.state_table import Channel
from api.people import Person
from api.times import coming
from ingest.database import sql

PAGE: Channel = "page"


@dataclass(frozen=True, slots=True)
class StandIn:
    """Somebody who could stand in. `not_linked`: of the homes of whoever hands over, how many they may not see."""

    id: int
    name: str
    role: str
    not_linked: int | None

    @property
    def hint(self) -> str | None:
        if not self.not_linked:
            return None
        homes = "1 of your homes" if self.not_linked == 1 else f"{self.not_linked} of your homes"
        return f"Gets the texts, but may not see {homes} on these pages"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of hand_overs_of_person.sql."""

    mine: bool
    giver: str
    taker: str
    taker_id: int
    until_at: datetime
    time_zone: str


@dataclass(frozen=True, slots=True)
class HandOver:
    """What is handed over now. `mine`: by whoever asks, not to them."""

    mine: bool
    to_person_id: int
    until_at: datetime
    words: str


def of_person(connection: Connection, person: Person, now: datetime) -> list[HandOver]:
    """What this person handed over, then what was handed to them."""
    values = {"person_id": person.id, "now": now}
    with connection.cursor(row_factory=class_row(Row)) as cursor:
        rows = cursor.execute(sql(__file__, "hand_overs_of_person"), values).fetchall()
    return [in_words(row, now) for row in sorted(rows, key=lambda row: not row.mine)]


def in_words(row: Row, now: datetime) -> HandOver:
    """ "Ben stands in for you until Sunday 20:00", "You stand in for Ann until …". Pure."""
    until = coming(row.until_at, ZoneInfo(row.time_zone), now)
    words = f"{row.taker} stands in for you" if row.mine else f"You stand in for {row.giver}"
    return HandOver(row.mine, row.taker_id, row.until_at, f"{words} until {until}")


def stand_ins(connection: Connection, person: Person) -> list[StandIn]:
    """Whom this person may choose."""
    values = {"person_id": person.id, "on_the_team": person.on_the_team}
    with connection.cursor(row_factory=class_row(StandIn)) as cursor:
        return cursor.execute(sql(__file__, "stand_ins"), values).fetchall()


def zone_of(connection: Connection, person: Person) -> ZoneInfo:
    """The zone this person lives by."""
    row = connection.execute("select time_zone from person where id = %s", (person.id,)).fetchone()
    return ZoneInfo(row[0] if row else "Europe/London")


def start(
    connection: Connection, person: Person, to_person_id: int | None, until: datetime | None, now: datetime
) -> None:
    """Hand over from now on. Raises ValueError with what is wrong, for people."""
    if until is None:
        raise ValueError("The last day must be a real date, like 27 3 2027")
    if until.tzinfo is None:
        raise ValueError("The end must have a zone, like 2026-11-22T20:00:00Z")
    if to_person_id not in [one.id for one in stand_ins(connection, person)] or to_person_id is None:
        raise ValueError("Choose who stands in for you")
    if until <= now:
        raise ValueError("The end must still lie ahead")
    if until > now + hand_over.LONGEST:
        raise ValueError(f"The end must be within {hand_over.LONGEST.days} days from now")
    hand_over.hand_over(connection, person.id, to_person_id, until, PAGE, now)


def take_back(connection: Connection, person: Person, now: datetime) -> bool:
    """Whether anything was handed over."""
    return hand_over.take_back(connection, person.id, now)
