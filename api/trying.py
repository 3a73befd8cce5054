"""Suggestions for a home and dry runs on its past, in words. They change nothing.

They take a second of work, so only so many are made at once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from threading import BoundedSemaphore

from fastapi import HTTPException
from psycopg import Connection

from alerts.accepting import changing
from alerts.accepting.changing import By, NotChangedError
from alerts.accepting.kept import in_force, rules_of
from alerts.accepting.past import Past, TooManyReadingsError, past
from alerts.accepting.suggesting import Suggestion, after, mark_of, suggest, tried
from alerts.replaying.dry_run import DryRun
from alerts.rules import RuleSettings
from api import routine_words, routines
from api.people import Home

AT_ONCE = 2
_PLACES = BoundedSemaphore(AT_ONCE)
WAIT_S = 20.0


@dataclass(frozen=True, slots=True)
class AlertOfPast:
    """One alert that there would have been."""

    date: date
    day: str
    kind: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Tried:
    """What some routines would have told. `told`: "2 alerts in the last 28 days"."""

    days: int
    alerts: tuple[AlertOfPast, ...]
    per_month: float
    told: str


@dataclass(frozen=True, slots=True)
class Proposed:
    """A suggestion beside what is in force. `is_in_force`: there is nothing to accept."""

    name: str
    mark: str
    kind: str
    kind_words: str
    sentence: str
    evidence: tuple[str, ...]
    replaces: str
    rule_id: int | None
    is_in_force: bool
    settings: RuleSettings


@dataclass(frozen=True, slots=True)
class Suggestions:
    """What a home's past speaks for. `days`: so many whole days there were to learn from."""

    days: int
    proposals: tuple[Proposed, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Chosen suggestions each by itself, and all routines as they are and as they would be."""

    each: tuple[tuple[Proposed, Tried], ...]
    now: Tried
    then: Tried


@contextmanager
def looking_back(connection: Connection, home: Home, now: datetime) -> Iterator[Past]:
    """The home's last weeks, while it is this caller's turn. Refuses (429, 413) what is too much."""
    if not _PLACES.acquire(timeout=WAIT_S):
        raise HTTPException(429, "Others are trying routines at the moment. Please try again in a minute.")
    try:
        yield past(connection, home.id, home.zone, now)
    except TooManyReadingsError as error:
        raise HTTPException(413, str(error)) from None
    finally:
        _PLACES.release()


def suggestions(connection: Connection, home: Home, now: datetime) -> Suggestions:
    """What to suggest for this home."""
    with looking_back(connection, home, now) as its_past:
        found = found_in(connection, home, its_past)
    return Suggestions(its_past.days, tuple(proposed(one) for one in found))


def found_in(connection: Connection, home: Home, its_past: Past) -> tuple[Suggestion, ...]:
    return suggest(its_past, in_force(rules_of(connection, home.id)))


def compare(connection: Connection, home: Home, names: Iterable[str], now: datetime) -> Comparison:
    """Try the suggestions of these names, each alone and together with what is in force."""
    wanted = set(names)
    with looking_back(connection, home, now) as its_past:
        rules = in_force(rules_of(connection, home.id))
        chosen = [one for one in suggest(its_past, rules) if one.name in wanted and not one.is_in_force]
        each = tuple((proposed(one), in_words(tried(its_past, [one.accepted]))) for one in chosen)
        return Comparison(
            each=each,
            now=in_words(tried(its_past, [rule.settings for rule in rules])),
            then=in_words(tried(its_past, after(rules, chosen))),
        )


def accept(connection: Connection, by: By, home: Home, marks: Mapping[str, str]) -> int:
    """Accept suggestions, given by name with the mark of what was seen; all or none. Returns how many.

    Raises NotChangedError.
    """
    with looking_back(connection, home, by.now) as its_past, connection.transaction():
        found = {one.name: one for one in found_in(connection, home, its_past)}
        for name, mark in marks.items():
            one = found.get(name)
            if one is None or mark_of(one.accepted) != mark:
                raise NotChangedError("The suggestions have changed since you looked. Look at them once more.")
            if not one.is_in_force:
                changing.accept(connection, by, one, tried(its_past, [one.accepted]))
    return len(marks)


def dry_run(connection: Connection, home: Home, rules: Sequence[RuleSettings], now: datetime) -> Tried:
    """What any rules would have told in this home."""
    with looking_back(connection, home, now) as its_past:
        return in_words(tried(its_past, rules))


def in_words(run: DryRun) -> Tried:
    alerts = tuple(
        AlertOfPast(alert.day, f"{alert.day:%A} {alert.day.day} {alert.day:%B}", alert.kind, alert.sentence)
        for alert in run.alerts
    )
    return Tried(run.days, alerts, round(run.per_month, 1), routines.told(len(alerts), run.days))


def proposed(one: Suggestion) -> Proposed:
    return Proposed(
        name=one.name,
        mark=mark_of(one.accepted),
        kind=one.settings.kind,
        kind_words=routine_words.kind_words(one.settings.kind),
        sentence=routine_words.sentence(one.accepted),
        evidence=(f"{one.why}.",),
        replaces=routine_words.sentence(one.replaces.settings) if one.replaces else "",
        rule_id=one.replaces.id if one.replaces else None,
        is_in_force=one.is_in_force,
        settings=one.accepted,
    )
