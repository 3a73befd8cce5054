"""The shapes of the JSON answers. Times are RFC 3339 in UTC."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from api.views import Standing


class Answer(BaseModel):
    """Base: filled from the small views that the pages show too."""

    model_config = ConfigDict(from_attributes=True)


class Me(Answer):
    """Who is signed in."""

    name: str
    role: str
    form_token: str = Field(description="Send it as X-Form-Token with each POST.")


class HomeInList(Answer):
    """One home this person may see."""

    id: int
    name: str
    resident: str
    standing: Standing
    alert_id: int | None = Field(description="The gravest alert that is not closed.")
    last_sign: str = Field(description="Newest sign of life, in words.")
    away: str = Field(description="Away or in hospital, in words; empty: somebody is expected at home.")
    paused: str = Field(description="The resident has paused monitoring, in words; empty: it is not paused.")


class Routine(Answer):
    """One rule and how it stands now."""

    name: str
    verdict: str = Field(description="as_expected, waiting, late, missed or not_observable")
    words: str
    sentence: str


class Place(Answer):
    """Signs of life in one place today."""

    place: str
    last_at: datetime
    last: str


class Door(Answer):
    """A door as last heard of."""

    place: str
    open: bool
    at: str


class AlertInList(Answer):
    """An alert that is not closed."""

    id: int
    kind: str = Field(description="urgent, welfare or technical")
    state: str = Field(description="open, acknowledged, attending or explained")
    home_id: int
    home: str
    resident: str
    sentence: str
    opened_at: datetime
    open_for: str
    holder: str | None = Field(description="Who has it.")
    explained_by: str | None


class Away(Answer):
    """Somebody said that nobody is expected at home."""

    kind: str = Field(description="away or hospital")
    words: str
    holds: bool = Field(description="By now; else it lies ahead.")
    until_at: datetime | None


class Paused(Answer):
    """The resident has paused monitoring; calls for help and reminders go on."""

    words: str
    from_at: datetime
    until_at: datetime


class Reminder(Answer):
    """One time of a reminder today."""

    name: str
    at: str = Field(description="Local time.")
    state: str = Field(description="done, open, missed, ahead or unknown")
    words: str


class Worth(Answer):
    """Something found that is nobody's case."""

    sentence: str
    found: str
    why: tuple[str, ...]


class Home(Answer):
    """One home today."""

    headline: str
    standing: Standing
    explanation: str
    alerts: tuple[AlertInList, ...]
    routines: tuple[Routine, ...]
    places: tuple[Place, ...] = Field(validation_alias="signs")
    doors: tuple[Door, ...]
    gaps: tuple[str, ...] = Field(description="When the home could not be seen today.")
    away: Away | None
    paused: Paused | None
    reminders: tuple[Reminder, ...] = Field(description="Today's, by their times.")
    worth_knowing: tuple[Worth, ...] = Field(description="Found in the last 14 days, for information only.")


class Evidence(Answer):
    """One finding that belongs to an alert."""

    sentence: str
    found: str
    why: tuple[str, ...]


class Message(Answer):
    """One text and what became of it."""

    person: str
    what: str
    written: str
    states: str
    doubt: str | None


class Event(Answer):
    """One thing that happened to an alert."""

    at: str
    words: str


class Alert(Answer):
    """One alert with everything that belongs to it."""

    alert: AlertInList = Field(validation_alias="line")
    evidence: tuple[Evidence, ...]
    messages: tuple[Message, ...]
    events: tuple[Event, ...]
    closed: str | None
    outcome: str | None
    next_told: str | None = Field(description="Who is told next and when, in words; null: nobody.")


class Taken(Answer):
    """Whether this person has the alert now, and who has it."""

    won: bool
    holder_name: str | None


class Closed(Answer):
    """Whether this call closed it."""

    closed: bool


class Looks(Answer):
    """One person's looks at one home on one day, on one page."""

    person: str
    role: str
    what: str
    first_at: datetime
    last_at: datetime
    times: int
