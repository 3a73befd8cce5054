"""How somebody wants to be reached: e-mail, quiet hours, good news, a deputy. Everybody sets their own only."""

import re
from dataclasses import dataclass
from datetime import time

from psycopg import Connection
from psycopg.rows import class_row

from api import hand_overs
from api.people import Person
from api.routine_forms import clock_typed
from ingest.database import sql

GOOD_NEWS = {"daily": "Once a day: “up and about”", "weekly": "Once a week: a summary", "": "Not at all"}
LONGEST_EMAIL = 254
_EMAIL = re.compile(r"[^@\s<>\"(),;:]+@[^@\s<>\"(),;:]+\.[^@\s<>\"(),;:.]+")


@dataclass(frozen=True, slots=True)
class Details:
    """One row of details_of_person.sql. Quiet hours: both or none, local, over midnight where the end is earlier."""

    phone: str
    verified: bool
    opted_out: bool
    email: str | None
    quiet_from: time | None
    quiet_until: time | None
    good_news: str | None
    deputy_id: int | None
    time_zone: str

    @property
    def phone_words(self) -> str:
        """A British number as people write it, in part: "07700 ••• 101"."""
        digits = f"0{self.phone[3:]}" if self.phone.startswith("+44") else self.phone
        return f"{digits[:5]} ••• {digits[-3:]}"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody typed. Empty: none."""

    email: str = ""
    quiet_from: str = ""
    quiet_until: str = ""
    good_news: str = ""
    deputy: str = ""


class NotKeptError(ValueError):
    """What is wrong, for people, and which field it is."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field = field


def of_person(connection: Connection, person: Person) -> Details:
    with connection.cursor(row_factory=class_row(Details)) as cursor:
        found = cursor.execute(sql(__file__, "details_of_person"), {"person_id": person.id}).fetchone()
    if found is None:
        raise LookupError("somebody who was there a moment ago is gone")
    return found


def typed(details: Details) -> Wanted:
    """The form as it stands."""
    return Wanted(
        details.email or "",
        f"{details.quiet_from:%H:%M}" if details.quiet_from else "",
        f"{details.quiet_until:%H:%M}" if details.quiet_until else "",
        details.good_news or "",
        str(details.deputy_id or ""),
    )


def keep(connection: Connection, person: Person, wanted: Wanted) -> None:
    """Keep what was typed. Raises NotKeptError."""
    email = wanted.email.strip()
    if email and (len(email) > LONGEST_EMAIL or not _EMAIL.fullmatch(email)):
        raise NotKeptError("email", "The e-mail address must be one like name@example.org")
    if wanted.good_news not in GOOD_NEWS:
        raise NotKeptError("good_news", "Choose how often you want good news")
    begin, end = _quiet_hours(wanted)
    values = {
        "person_id": person.id,
        "email": email or None,
        "quiet_from": begin,
        "quiet_until": end,
        "good_news": wanted.good_news or None,
        "deputy_id": _deputy(connection, person, wanted.deputy),
    }
    connection.execute(sql(__file__, "keep_details"), values)


def _quiet_hours(wanted: Wanted) -> tuple[time | None, time | None]:
    begin, end = wanted.quiet_from.strip(), wanted.quiet_until.strip()
    if not begin and not end:
        return None, None
    if not begin or not end:
        raise NotKeptError("quiet_from", "Give both times of the quiet hours, or none")
    try:
        first, last = (time.fromisoformat(clock_typed("Quiet hours", text)) for text in (begin, end))
    except ValueError as error:
        raise NotKeptError("quiet_from", str(error)) from None
    if first == last:
        raise NotKeptError("quiet_from", "Quiet hours must end at another time than they begin")
    return first, last


def _deputy(connection: Connection, person: Person, text: str) -> int | None:
    if not text:
        return None
    if text not in [str(one.id) for one in hand_overs.stand_ins(connection, person)]:
        raise NotKeptError("deputy", "Choose your deputy from the list")
    return int(text)
