"""Judging "a visit between 08:00 and 10:00". Pure.

The tag of a visitor proves a visit. Without tags a door that opened and life inside afterwards stands
for one: it may have been the person alone, so of such a home a missed visit may go unnoticed, but
nobody hears of one that took place.
"""

from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from alerts.bits import upwards
from alerts.local_days import Window, coming, instant
from alerts.marks import ANY_TAG, ever, minutes_of
from alerts.rules.own_sensors import INSIDE
from alerts.rules.parts import LocalTime, Name, WithHours
from alerts.rules.phrases import on_days
from alerts.rules.windows import check_length, newest_window, not_its_time, was_seen, what_was_seen
from alerts.sight import Sight
from alerts.verdicts import Evidence, Outcome, Reason, Verdict
from gateway.messages import Kind

INSIDE_MIN = 15
"""Life inside so long after a door opened says that somebody is there."""


class Proof(StrEnum):
    """What proves a visit."""

    TAG = "tag"
    DOOR = "door"


_PROOFS = {Proof.TAG: "visitor's tag", Proof.DOOR: "outside door"}


class Visit(WithHours):
    """Somebody is expected to come between `start` and `end`."""

    kind: Literal["visit"] = "visit"
    start: LocalTime
    end: LocalTime
    places: tuple[Name, ...] = ()
    """Where the tags are read, or the doors. Empty: any place."""
    proof: Proof | None = None
    """None: the tag in a home where one was ever read, else a door."""
    grace_min: Annotated[int, Field(ge=0, le=360)] = 30
    """After `end`: late, which responders see, before it is missed, which families hear."""

    @model_validator(mode="after")
    def _over_before_it_begins_again(self) -> Self:
        check_length(self, self.grace_min)
        return self

    def describe(self) -> str:
        return f"A visit between {self.start} and {self.end}, {on_days(self.weekdays, self.bank_holidays)}"

    def judge(self, sight: Sight, since: int) -> Sequence[Verdict]:
        return (evaluate(self, sight, since),)


def evaluate(rule: Visit, sight: Sight, since: int) -> Verdict:
    window = newest_window(rule, sight, since)
    if window is None:
        return not_its_time(rule, sight, rule.grace_min)
    deadline = window.end + rule.grace_min
    came = sight.first_of(sight.within(_signs(rule, sight), window.first, min(deadline, sight.minute + 1)))
    if came is not None:
        outcome = Outcome.AS_EXPECTED if came < window.end else Outcome.LATE
        visited = Evidence(seen_at=instant(came), places=rule.places)
        return _said(rule, sight, window, outcome, Reason.VISITED, visited)
    if sight.minute < window.end:
        return _said(rule, sight, window, Outcome.WAITING, Reason.WINDOW_OPEN, Evidence(detail="Nobody came"))
    until = _waited_for(rule, sight, deadline)
    if until is None:
        return _nobody(rule, sight, window, deadline)
    if sight.minute >= until:
        return replace(_nobody(rule, sight, window, deadline), deadline=instant(until))
    waiting = _said(rule, sight, window, Outcome.WAITING, Reason.WINDOW_OPEN, Evidence(detail="Nobody came"))
    return replace(waiting, look_again=instant(until))


def _nobody(rule: Visit, sight: Sight, window: Window, deadline: int) -> Verdict:
    until = min(deadline, sight.minute)
    evidence = _evidence(rule, sight, window, until)
    if not was_seen(sight, window.first, until):
        outcome = Outcome.WAITING if sight.minute < deadline else Outcome.NOT_OBSERVABLE
        return _said(rule, sight, window, outcome, Reason.NOT_COVERED, evidence)
    if not _has_proof(rule, sight):
        outcome = Outcome.WAITING if sight.minute < deadline else Outcome.NOT_OBSERVABLE
        return _said(rule, sight, window, outcome, Reason.SENSOR_NEVER_REPORTED, evidence)
    outcome = Outcome.LATE if sight.minute < deadline else Outcome.MISSED
    return _said(rule, sight, window, outcome, Reason.NO_VISIT, evidence)


def _by_tag(rule: Visit, sight: Sight) -> bool:
    if rule.proof is None:
        return ever(sight.picture.marks, Kind.VISIT, (ANY_TAG,), rule.places)
    return rule.proof is Proof.TAG


def _has_proof(rule: Visit, sight: Sight) -> bool:
    """Whether what could prove a visit was ever heard of."""
    if _by_tag(rule, sight):
        return ever(sight.picture.marks, Kind.VISIT, (ANY_TAG,), rule.places)
    return bool(sight.ever_matched(rule.places, ("outside_door",)))


def _signs(rule: Visit, sight: Sight) -> int:
    """Every minute in which a visit began."""
    if _by_tag(rule, sight):
        return minutes_of(sight.picture.marks, Kind.VISIT, (ANY_TAG,), rule.places)
    inside = sight.within(sight.matching((), INSIDE), sight.base, sight.minute + 1)
    return _opened(rule, sight) & (upwards(inside, INSIDE_MIN + 1) >> INSIDE_MIN)


def _opened(rule: Visit, sight: Sight) -> int:
    opened = 0
    for place, minutes in sight.picture.opened.items():
        if not rule.places or place in rule.places:
            opened |= minutes
    return opened


def _waited_for(rule: Visit, sight: Sight, deadline: int) -> int | None:
    """Until when life inside may follow on a door that opened shortly before the deadline; None: no door did."""
    if _by_tag(rule, sight):
        return None
    last = sight.last_of(sight.within(_opened(rule, sight), deadline - INSIDE_MIN, deadline))
    return last + INSIDE_MIN + 1 if last is not None else None


def _evidence(rule: Visit, sight: Sight, window: Window, until: int) -> Evidence:
    signs = _signs(rule, sight)
    before = sight.last_of(sight.within(signs, sight.base, window.first))
    return replace(
        what_was_seen(rule, sight, window, window.first, until),
        places=rule.places,
        last_match_at=instant(before) if before is not None else None,
        since_deadline=bool(sight.within(signs, window.end + rule.grace_min, sight.minute + 1)),
        detail=_PROOFS[Proof.TAG if _by_tag(rule, sight) else Proof.DOOR],
    )


def _said(rule: Visit, sight: Sight, window: Window, outcome: Outcome, reason: Reason, evidence: Evidence) -> Verdict:
    deadline = window.end + rule.grace_min
    ahead = [at for at in (window.end, deadline) if at > sight.minute]
    look = ahead[0] if ahead else coming(rule.hours, sight.zone, max(sight.minute, window.first)).end
    return Verdict(outcome, reason, window.day.isoformat(), instant(deadline), instant(look), evidence)
