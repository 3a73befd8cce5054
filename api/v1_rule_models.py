"""The shapes of the JSON answers about routines, suggestions and dry runs."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from alerts.rules import RuleSettings
from api.v1_models import Answer


class Rule(Answer):
    """One routine of a home and how it stands."""

    id: int
    version: int
    kind: str
    enabled: bool
    sentence: str = Field(description="What it watches for.")
    severity: str
    verdict: str = Field(description="as_expected, waiting, late, missed or not_observable; empty where it is off")
    says: str = Field(description="The same in a sentence.")
    settings: RuleSettings | None = Field(description="null: this version cannot read them")


class Change(Answer):
    """One change: who, when, and what was before and after, in words."""

    at: datetime = Field(validation_alias="at_exactly")
    person: str
    what: str
    rule_id: int | None = Field(description="null: it is about the home itself")
    before: str
    after: str
    evidence: tuple[str, ...]
    dry_run: str


class Kept(BaseModel):
    """A routine that was kept."""

    id: int
    version: int


class Proposal(Answer):
    """A suggested routine beside what is in force."""

    name: str
    mark: str = Field(description="Send it back when you accept: it tells that you accept what you saw.")
    sentence: str
    evidence: tuple[str, ...]
    replaces: str = Field(description="The routine that it would change, in words; empty: it would be added.")
    rule_id: int | None
    is_in_force: bool = Field(description="There is nothing to accept.")
    settings: RuleSettings


class Suggestions(Answer):
    """What a home's last weeks speak for. Nothing applies by itself."""

    days: int = Field(description="So many whole days with readings there were, at most 28.")
    proposals: tuple[Proposal, ...]


class AlertOfPast(Answer):
    """One alert that there would have been."""

    date: date
    kind: str
    sentence: str


class DryRun(Answer):
    """What routines would have told on the home's own past."""

    days: int
    alerts: tuple[AlertOfPast, ...]
    per_month: float
    told: str = Field(description="The same in words.")


class Accepting(BaseModel):
    """One suggestion that is accepted."""

    name: str = Field(max_length=80)
    mark: str = Field(max_length=40)


class AcceptingAll(BaseModel):
    """The suggestions that are accepted: all or none."""

    accept: list[Accepting] = Field(min_length=1, max_length=40)


class Accepted(BaseModel):
    """So many suggestions apply now."""

    accepted: int


class SettingAway(BaseModel):
    """Nobody is expected at home from now on, or from a time to come."""

    kind: str = Field(description="away or hospital", max_length=16)
    begins: datetime | None = Field(default=None, description="With a zone; null: now.")
    until: datetime | None = Field(default=None, description="With a zone; null: nobody knows yet.")
