"""The routines of one home with how each stands and what was changed: loaded once, put into words."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from psycopg import Connection

from alerts import words
from alerts.accepting.kept import Change, Kept, changes_of, rules_of
from alerts.accepting.past import sensors_of
from alerts.judging import RuleVerdict, picture_now
from alerts.rules import RuleBase, RuleSettings
from alerts.rules.fitting import fitting
from api import remembered, routine_words
from api.people import Home, Person
from api.rule_kinds import is_for_the_team
from api.times import when
from api.today import verdict_words

CANNOT_BE_READ = "This routine cannot be read any more. Switch it off and add it anew."


@dataclass(frozen=True, slots=True)
class Line:
    """One routine. `verdict` and `says`: how it stands now; empty where it is off or cannot be read."""

    id: int
    version: int
    kind: str
    kind_words: str
    name: str
    sentence: str
    severity: str
    enabled: bool
    verdict: str
    words: str
    says: str
    settings: RuleSettings | None


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One change: who, when, what was before and after, and what spoke for it."""

    at: str
    at_exactly: datetime
    person: str
    what: str
    before: str
    after: str
    evidence: tuple[str, ...]
    dry_run: str
    rule_id: int | None


@dataclass(frozen=True, slots=True)
class Routines:
    """Everything the page of a home's routines shows."""

    home: Home
    lines: tuple[Line, ...]
    off: tuple[Line, ...]
    changes: tuple[ChangeLine, ...]
    warnings: tuple[str, ...]


def of_home(connection: Connection, home: Home, person: Person, now: datetime) -> Routines:
    """The routines that this person may see: those about the equipment are the team's."""
    kept = [one for one in rules_of(connection, home.id) if _is_shown(one.kind, person)]
    _, said = picture_now(connection, home.id, now)
    verdicts = {each.rule.id: each for each in remembered.as_found(connection, home.id, said, now)}
    lines = [line(one, verdicts.get(one.id), home.zone, now) for one in kept]
    shown = {one.id for one in kept}
    changed = (each for each in changes_of(connection, home.id) if each.rule_id is None or each.rule_id in shown)
    return Routines(
        home=home,
        lines=tuple(each for each in lines if each.enabled),
        off=tuple(each for each in lines if not each.enabled),
        changes=tuple(change(each, home.zone, now) for each in changed),
        warnings=fitting(sensors_of(connection, home.id), home.occupants).warnings,
    )


def line(kept: Kept, each: RuleVerdict | None, zone: ZoneInfo, now: datetime) -> Line:
    """One rule as it is kept, and what it says now."""
    rule = kept.rule
    settings = rule.settings if rule else None
    verdict = each.verdict if each and kept.enabled else None
    return Line(
        id=kept.id,
        version=kept.version,
        kind=kept.kind,
        kind_words=routine_words.kind_words(kept.kind),
        name=settings.name if settings else "",
        sentence=settings.describe() if settings else CANNOT_BE_READ,
        severity=_severity(settings, kept.kind),
        enabled=kept.enabled,
        verdict=verdict.verdict.value if verdict else "",
        words=verdict_words(verdict) if verdict else "",
        says=words.sentence(verdict, zone, now) if verdict else "",
        settings=settings,
    )


def change(each: Change, zone: ZoneInfo, now: datetime) -> ChangeLine:
    """One row of routine_change in words."""
    return ChangeLine(
        at=when(each.at, zone, now),
        at_exactly=each.at,
        person=each.person,
        what=routine_words.CHANGES.get(each.what, each.what),
        before=routine_words.stored(each.before),
        after=routine_words.stored(each.after),
        evidence=tuple(each.evidence),
        dry_run=told(each.dry_run["alerts"], each.dry_run["days"]) if each.dry_run else "",
        rule_id=each.rule_id,
    )


def told(alerts: int, days: int) -> str:
    """ "2 alerts in the last 28 days"."""
    if not days:
        return "no readings of the last weeks to try it on"
    return (
        f"{alerts or 'no'} {'alert' if alerts == 1 else 'alerts'} in the last {days} {'day' if days == 1 else 'days'}"
    )


def _is_shown(kind: str, person: Person) -> bool:
    return person.on_the_team or not is_for_the_team(kind)


def _severity(settings: RuleBase | None, kind: str) -> str:
    return routine_words.SEVERITIES[routine_words.severity_of(settings, kind)] if settings else ""
