"""What the pages and the JSON show, in small pieces that know no database and no HTML."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from api.people import Home
from api.timeline import Timeline


class Standing(StrEnum):
    """How a home stands, gravest first. The first that holds is shown."""

    CHECK = "check"
    TAKEN = "taken"
    EXPLAINED = "explained"
    NOT_KEPT = "not_kept"
    PAUSED = "paused"
    UNSEEN = "unseen"
    LATE = "late"
    AWAY = "away"
    AS_USUAL = "as_usual"

    @property
    def words(self) -> str:
        return _STANDING_WORDS[self]


_STANDING_WORDS = {
    Standing.CHECK: "Please check",
    Standing.TAKEN: "Somebody has it",
    Standing.EXPLAINED: "Explained",
    Standing.NOT_KEPT: "Not watched",
    Standing.PAUSED: "Paused",
    Standing.UNSEEN: "We could not see",
    Standing.LATE: "Later than usual",
    Standing.AWAY: "Away",
    Standing.AS_USUAL: "As usual",
}


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody who was told of an alert, and what became of their newest message."""

    name: str
    reached: str


@dataclass(frozen=True, slots=True)
class AlertLine:
    """One alert in a list."""

    id: int
    kind: str
    state: str
    home_id: int
    home: str
    resident: str
    sentence: str
    standing: Standing
    opened: str
    opened_at: datetime
    open_for: str
    holder: str | None
    lapses: str | None
    explained_by: str | None
    unanswered: bool
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Pages:
    """Where in a long list somebody is. `number`: from 1."""

    number: int
    total: int
    size: int

    @property
    def last(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def before(self) -> int | None:
        return self.number - 1 if self.number > 1 else None

    @property
    def after(self) -> int | None:
        return self.number + 1 if self.number < self.last else None


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the queue: its alerts on this page, and how many there are on all pages."""

    lines: tuple[AlertLine, ...]
    total: int


@dataclass(frozen=True, slots=True)
class Queue:
    """The alerts that are not closed, a page of them: what needs somebody now, and the rest."""

    waiting: Part
    taken: Part
    explained: Part
    technical: Part
    pages: Pages


@dataclass(frozen=True, slots=True)
class Routine:
    """One rule of a home and how it stands."""

    name: str
    verdict: str
    words: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Sign:
    """The day's signs of life in one place."""

    place: str
    last: str
    last_at: datetime
    stretches: str


@dataclass(frozen=True, slots=True)
class DoorLine:
    """One door as last heard of."""

    place: str
    open: bool
    at: str


@dataclass(frozen=True, slots=True)
class Away:
    """Somebody said that nobody is expected at home. `holds`: by now; else it lies ahead."""

    kind: str
    words: str
    holds: bool
    until_at: datetime | None


@dataclass(frozen=True, slots=True)
class Paused:
    """The resident has paused monitoring."""

    words: str
    from_at: datetime
    until_at: datetime


@dataclass(frozen=True, slots=True)
class ReminderLine:
    """One time of a reminder today and what became of it. `state`: done, open, missed, ahead or unknown."""

    name: str
    at: str
    state: str
    words: str


@dataclass(frozen=True, slots=True)
class Worth:
    """Something found that is nobody's case, for whoever is interested."""

    sentence: str
    found: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Today:
    """Everything the page of one home shows."""

    home: Home
    headline: str
    standing: Standing
    explanation: str
    alerts: tuple[AlertLine, ...]
    routines: tuple[Routine, ...]
    signs: tuple[Sign, ...]
    doors: tuple[DoorLine, ...]
    gaps: tuple[str, ...]
    away: Away | None
    paused: Paused | None
    paused_often: str
    """For the team; empty: it is not."""
    reminders: tuple[ReminderLine, ...]
    untold: str
    """Those of them of which nobody is told when they are not answered."""
    worth_knowing: tuple[Worth, ...]
    timeline: Timeline
    as_of: str


@dataclass(frozen=True, slots=True)
class HomeLine:
    """One home in a list."""

    id: int
    name: str
    resident: str
    standing: Standing
    alert_id: int | None
    last_sign: str
    heard: str
    away: str
    paused: str


@dataclass(frozen=True, slots=True)
class HomesPage:
    """A page of the homes of a person."""

    lines: tuple[HomeLine, ...]
    pages: Pages


@dataclass(frozen=True, slots=True)
class MessageLine:
    """One text and what became of it. `states`: plain words, oldest first."""

    person: str
    what: str
    written: str
    states: str
    doubt: str | None


@dataclass(frozen=True, slots=True)
class EventLine:
    """One thing that happened to an alert."""

    at: str
    words: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """One finding of an alert: a sentence, and why."""

    sentence: str
    found: str
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Case:
    """Everything the page of one alert shows."""

    line: AlertLine
    evidence: tuple[Evidence, ...]
    messages: tuple[MessageLine, ...]
    events: tuple[EventLine, ...]
    closed: str | None
    outcome: str | None
    mine: bool
    next_told: str | None
