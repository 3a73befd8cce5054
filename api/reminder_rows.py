"""The reminders of a home as rows of the database, and as the pages show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from psycopg import Connection
from psycopg.rows import class_row

from api.people import Home
from api.times import when
from gateway.config import TABLET, Schedule, Sign
from gateway.messages import BUTTON_VALUE, Button, Kind
from gateway.reminders.schedule import Occurrence, on_day
from ingest.database import sql
from ingest.kinds import NUMBER

WEEK = ("Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")
SIGNS = {
    "outside_door": Sign.OPENED,
    "inside_door": Sign.OPENED,
    "fridge_door": Sign.OPENED,
    "plug": Sign.USED,
    "room": Sign.MOVED,
}
"""What a sensor of a role has to tell to answer a reminder."""


@dataclass(frozen=True, slots=True)
class Answerer:
    """A sensor that may answer a reminder."""

    id: int
    place: str
    role: str

    @property
    def sign(self) -> Sign:
        return SIGNS[self.role]

    @property
    def words(self) -> str:
        return f"{self.place}: {_SIGN_WORDS[self.sign]}"


_SIGN_WORDS = {Sign.OPENED: "opened", Sign.USED: "used", Sign.MOVED: "somebody was there"}


@dataclass(frozen=True, slots=True)
class ReminderRow:
    """One row of reminders_of_home.sql."""

    id: int
    name: str
    purpose: str
    text: str
    schedule: dict[str, Any]
    every_min: int
    repeats: int
    later_min: int
    early_min: int
    picture: str | None
    sound: str | None
    done_by_id: int | None
    done_by: str | None
    version: int


@dataclass(frozen=True, slots=True)
class VisitorRow:
    id: int
    who: str
    schedule: dict[str, Any]


@dataclass(frozen=True, slots=True)
class TabletRow:
    """The gateway of a home that shows its reminders, and how far it has come."""

    id: int
    online: bool | None
    paused_until: datetime | None
    version: int | None
    confirmed_version: int | None
    confirmed_at: datetime | None
    voice: bool | None
    missing: int


@dataclass(frozen=True, slots=True)
class Today:
    """One time of today and what became of it. `state`: done, open, missed, ahead or unknown."""

    at: str
    state: str
    words: str


def of_home(db: Connection, home_id: int) -> list[ReminderRow]:
    with db.cursor(row_factory=class_row(ReminderRow)) as cursor:
        return cursor.execute(sql(__file__, "reminders_of_home"), {"home_id": home_id}).fetchall()


def visitors(db: Connection, home_id: int) -> list[VisitorRow]:
    with db.cursor(row_factory=class_row(VisitorRow)) as cursor:
        return cursor.execute(sql(__file__, "visitors_of_page"), {"home_id": home_id}).fetchall()


def tablet(db: Connection, home_id: int) -> TabletRow | None:
    """None: there is no gateway that could show anything."""
    with db.cursor(row_factory=class_row(TabletRow)) as cursor:
        return cursor.execute(sql(__file__, "tablet_of_home"), {"home_id": home_id}).fetchone()


def answerers(db: Connection, home_id: int) -> list[Answerer]:
    with db.cursor(row_factory=class_row(Answerer)) as cursor:
        values = {"home_id": home_id, "roles": list(SIGNS)}
        return cursor.execute(sql(__file__, "answerers_of_home"), values).fetchall()


def places(db: Connection, home_id: int) -> dict[str, str]:
    """The names of a home's sensors on the wire, and where they are."""
    return dict(db.execute(sql(__file__, "places_of_sensors"), {"home_id": home_id}).fetchall())


@dataclass(frozen=True, slots=True)
class Question:
    """One row of last_question.sql."""

    at: datetime
    sent_at: datetime | None
    expires_at: datetime
    answered_at: datetime | None
    answer: float | None


def last_question(db: Connection, home_id: int, now: datetime) -> Question | None:
    with db.cursor(row_factory=class_row(Question)) as cursor:
        values = {"home_id": home_id, "now": now, "tablet": TABLET, "kind": NUMBER[Kind.BUTTON]}
        return cursor.execute(sql(__file__, "last_question"), values).fetchone()


def asked_in_words(row: Question | None, zone: ZoneInfo, now: datetime) -> str:
    """What became of the question "are you all right?"."""
    if row is None:
        return ""
    asked = f"Asked {when(row.at, zone, now)}"
    if row.answered_at is not None:
        answer = "I am fine" if row.answer == BUTTON_VALUE[Button.OK] else "I want help"
        return f"{asked}. The answer, at {row.answered_at.astimezone(zone):%H:%M}: “{answer}”."
    if row.sent_at is None:
        away = "could not be reached" if now >= row.expires_at else "has not been reached so far"
        return f"{asked}. The tablet {away}."
    return f"{asked}. Nobody answered." if now >= row.expires_at else f"{asked}. No answer so far."


Answer = tuple[datetime, int]
"""When a reminder told something, and what: 1 shown, 2 done, 3 skipped, 4 expired."""


def answers(db: Connection, home: Home, now: datetime) -> dict[int, list[Answer]]:
    """What the reminders of a home told since yesterday evening, by their ids."""
    midnight = datetime.combine(now.astimezone(home.zone).date(), time(0), home.zone)
    values = {"home_id": home.id, "since": midnight - timedelta(hours=4), "until": now, "kind": NUMBER[Kind.REMINDER]}
    found: dict[int, list[Answer]] = {}
    for reminder_id, at, value in db.execute(sql(__file__, "answers_of_home"), values):
        found.setdefault(reminder_id, []).append((at, int(value)))
    return found


def today(row: ReminderRow, told: Sequence[Answer], zone: ZoneInfo, now: datetime) -> list[Today]:
    """Each time of today, and what became of it."""
    due = on_day(Schedule.model_validate(row.schedule), zone, now.astimezone(zone).date())
    lines = []
    for place, one in enumerate(due):
        after = due[place + 1].at if place + 1 < len(due) else one.at + timedelta(hours=24)
        early = timedelta(minutes=row.early_min)
        own = [answer for answer in told if one.at - early <= answer[0] < after - early]
        lines.append(_line(one, own, zone, now))
    return lines


def _line(due: Occurrence, told: Sequence[Answer], zone: ZoneInfo, now: datetime) -> Today:
    at = f"{due.at.astimezone(zone):%H:%M}"
    if not told:
        if now < due.at + timedelta(minutes=2):
            return Today(at, "ahead", "Later today")
        return Today(at, "unknown", "We have not heard that it was shown")
    last_at, value = told[-1]
    clock = f"{last_at.astimezone(zone):%H:%M}"
    if value == 2:
        return Today(at, "done", f"Done at {clock}")
    if value == 3:
        return Today(at, "missed", f"Put off, the last time at {clock}")
    if value == 4:
        return Today(at, "missed", "Nobody answered")
    return Today(at, "open", f"Shown at {clock}, not answered yet")


def days_in_words(settings: dict[str, Any]) -> str:
    """ "08:30 and 20:00, every day"."""
    schedule = Schedule.model_validate(settings)
    times = _and(schedule.times)
    if schedule.dates:
        return f"{times}, on {_and([f'{day.day} {day:%B %Y}' for day in schedule.dates])}"
    chosen = sorted(schedule.weekdays)
    if len(chosen) == 7:
        which = "every day"
    elif len(chosen) > 2 and chosen == list(range(chosen[0], chosen[-1] + 1)):
        which = f"{WEEK[chosen[0] - 1].removesuffix('s')} to {WEEK[chosen[-1] - 1].removesuffix('s')}"
    else:
        which = _and([WEEK[day - 1] for day in chosen])
    but = f", but not on {_and([f'{day.day} {day:%B %Y}' for day in schedule.not_on])}" if schedule.not_on else ""
    return f"{times}, {which}{but}"


def standing(row: TabletRow | None, zone: ZoneInfo, now: datetime) -> list[str]:
    """How far the tablet has come, in sentences."""
    if row is None:
        return ["This home has no gateway yet, so nothing can be shown."]
    said = [_confirmed(row, zone, now)]
    if row.missing:
        said.append("Some pictures or sounds are still on their way.")
    if row.voice is None and row.confirmed_version:
        said.append("No page for a tablet is switched on in this home.")
    elif row.voice is False:
        said.append("The gateway there has no voice: reminders without a sound of their own have a chime only.")
    if row.paused_until and row.paused_until > now:
        said.append(f"Monitoring is paused by the resident until {when(row.paused_until, zone, now)}.")
    return said


def _confirmed(row: TabletRow, zone: ZoneInfo, now: datetime) -> str:
    if row.version is None:
        return "Nothing has been sent to the tablet yet."
    if row.confirmed_version == row.version and row.confirmed_at:
        return f"The tablet has everything (version {row.version}, confirmed {when(row.confirmed_at, zone, now)})."
    away = "" if row.online else " It cannot be reached at the moment."
    had = f"it shows version {row.confirmed_version}" if row.confirmed_version else "it has confirmed none yet"
    return f"The tablet does not have version {row.version} yet; {had}.{away}"


def _and(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}" if words else ""
