"""Judging "up and about in the kitchen between 05:00 and 10:00". Pure.

Late data: an occasion that could not be seen when it was due is *not observable* for good;
alerts/findings.py sees to that, for only it knows what was said before.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from alerts.local_days import Hours, Window, begun, clock_minutes, coming, instant
from alerts.rules.out_meanwhile import Away, away_at
from alerts.rules.own_sensors import Needed, dead, never
from alerts.rules.parts import LocalTime, Name, Role, WithHours
from alerts.rules.phrases import in_places, on_days
from alerts.sight import Sight
from alerts.verdicts import Evidence, Outcome, Reason, Verdict

_WHAT = "movement"

TAIL_MIN = 10
"""Some of the last minutes before the deadline must have been seen: she may be up since the box fell silent."""


class ExpectedActivity(WithHours):
    """Somebody is to be seen in one of these places between `start` and `end`."""

    kind: Literal["expected_activity"] = "expected_activity"
    # First kitchen or fridge event of a day: median 07:30, p95 10:18, p99 13:12.
    start: LocalTime = "05:00"
    end: LocalTime = "10:00"
    places: tuple[Name, ...] = ()
    """Empty: any place."""
    roles: tuple[Role, ...] = ()
    """Empty: any kind of sensor there."""
    grace_min: Annotated[int, Field(ge=0, le=360)] = 30
    """After `end`: late, which responders see, before it is missed, which families hear."""
    coverage_needed: Annotated[float, Field(gt=0, le=1)] = 0.9
    """How much of the window and grace must have been seen before anybody says "missed"."""

    @model_validator(mode="after")
    def _over_before_it_begins_again(self) -> Self:
        length = (clock_minutes(self.end) - clock_minutes(self.start)) % (24 * 60)
        if length + self.grace_min >= 23 * 60:
            raise ValueError("window and grace together must be shorter than 23 hours")
        return self

    def describe(self) -> str:
        days = on_days(self.weekdays, self.bank_holidays)
        return f"Up and about{in_places(self.places)} between {self.start} and {self.end}, {days}"

    def judge(self, sight: Sight, since: int) -> Sequence[Verdict]:
        return (evaluate(self, sight, since),)


def evaluate(rule: ExpectedActivity, sight: Sight, since: int) -> Verdict:
    """What is to be said about the window that began last (`since`: none before that minute counts)."""
    hours = rule.hours
    window = begun(hours, sight.zone, sight.minute)
    if window is None or window.first < since:
        following = coming(hours, sight.zone, sight.minute)
        return Verdict(
            Outcome.WAITING,
            Reason.NOT_ITS_TIME,
            following.day.isoformat(),
            instant(following.end + rule.grace_min),
            instant(following.end),
        )
    return _judge(rule, sight, window)


def _judge(rule: ExpectedActivity, sight: Sight, window: Window) -> Verdict:
    deadline = window.end + rule.grace_min
    match = sight.matching(rule.places, rule.roles)
    seen_at = sight.first_of(sight.within(match, window.first, min(deadline, sight.minute + 1)))
    if seen_at is not None:
        on_time = seen_at < window.end
        outcome, reason = (Outcome.AS_EXPECTED, Reason.SEEN) if on_time else (Outcome.LATE, Reason.SEEN_LATE)
        at, place = sight.at_and_where(seen_at)
        return _said(rule, sight, window, outcome, reason, Evidence(seen_at=at, places=(place,) if place else ()))
    if sight.minute < window.end:
        return _said(rule, sight, window, Outcome.WAITING, Reason.WINDOW_OPEN, Evidence(places=rule.places))
    if sight.minute < deadline:
        if not _was_seen(rule, sight, window, sight.minute):
            return _said(rule, sight, window, Outcome.WAITING, Reason.NOT_COVERED)
        return _said(rule, sight, window, Outcome.LATE, Reason.NOT_YET, _evidence(rule, sight, window, match))
    away = away_at(sight, rule.hours, window.first, deadline)
    if away is None:
        return _past(rule, sight, window, match)
    waiting = _was_out(rule, sight, window, match, away)
    return waiting or replace(_past(rule, sight, window, match), deadline=instant(away.due))


def _was_out(rule: ExpectedActivity, sight: Sight, window: Window, match: int, away: Away) -> Verdict | None:
    """What is to be said of somebody who was out when it was due; None: came back and missed it all the same."""
    occasion, due = window.day.isoformat(), instant(away.due)
    seen_at = sight.first_of(sight.within(match, window.end + rule.grace_min, away.due))
    if seen_at is not None:
        at, place = sight.at_and_where(seen_at)
        following = coming(rule.hours, sight.zone, max(sight.minute, window.first)).end
        seen = Evidence(seen_at=at, places=(place,) if place else ())
        return Verdict(Outcome.LATE, Reason.SEEN_LATE, occasion, due, instant(following), seen)
    if sight.minute < away.due:
        gone = Evidence(places=rule.places, out_since=instant(away.left))
        return Verdict(Outcome.WAITING, Reason.PRESUMED_OUT, occasion, due, due, gone)
    return None


def _past(rule: ExpectedActivity, sight: Sight, window: Window, match: int) -> Verdict:
    """The grace is over and nothing came."""
    deadline = window.end + rule.grace_min
    evidence = _evidence(rule, sight, window, match)
    if not _was_seen(rule, sight, window, deadline):
        return _said(rule, sight, window, Outcome.NOT_OBSERVABLE, Reason.NOT_COVERED, evidence)
    needed, look = Needed(rule.places, rule.roles, _WHAT), _next_look(rule.hours, sight, window, deadline, settled=True)
    if not sight.ever_matched(rule.places, rule.roles):
        return never(rule, needed, deadline, look)
    elsewhere = sight.within(sight.counted, window.first, deadline)
    if not elsewhere:
        return _said(rule, sight, window, Outcome.MISSED, Reason.NOTHING_AT_ALL, evidence)
    if not match:  # not once within the horizon, in a home where others do report
        return dead(rule, needed, sight, deadline, look)
    return _said(rule, sight, window, Outcome.MISSED, Reason.NOTHING_THERE, evidence)


def _was_seen(rule: ExpectedActivity, sight: Sight, window: Window, until: int) -> bool:
    """Enough of the window and its end, to say of nothing that it was nothing."""
    seen = sight.within(sight.seen, window.first, until)
    needed = rule.coverage_needed * (until - window.first)
    return seen.bit_count() >= needed and bool(sight.within(seen, until - TAIL_MIN, until))


def _evidence(rule: ExpectedActivity, sight: Sight, window: Window, match: int) -> Evidence:
    deadline = window.end + rule.grace_min
    until = min(deadline, sight.minute)
    last_match = sight.last_of(sight.within(match, sight.base, until))
    last_sign = sight.last_of(sight.within(sight.counted, sight.base, sight.minute + 1))
    at, place = sight.at_and_where(last_sign) if last_sign is not None else (None, None)
    return Evidence(
        expected=rule.describe(),
        places=rule.places,
        window_start=instant(window.first),
        window_end=instant(window.end),
        last_match_at=sight.at_and_where(last_match)[0] if last_match is not None else None,
        last_sign_at=at,
        last_sign_place=place,
        covered_min=sight.within(sight.seen, window.first, until).bit_count(),
        span_min=until - window.first,
        gaps=sight.gaps(window.first, until),
        since_deadline=bool(sight.within(match, deadline, sight.minute + 1)),
    )


def _said(
    rule: ExpectedActivity,
    sight: Sight,
    window: Window,
    outcome: Outcome,
    reason: Reason,
    evidence: Evidence | None = None,
) -> Verdict:
    deadline = window.end + rule.grace_min
    return Verdict(
        outcome,
        reason,
        window.day.isoformat(),
        instant(deadline),
        instant(_next_look(rule.hours, sight, window, deadline, settled=outcome is not Outcome.WAITING)),
        evidence or Evidence(),
    )


def _next_look(hours: Hours, sight: Sight, window: Window, deadline: int, *, settled: bool) -> int:
    """The end of the window, then of its grace, then of the next window that is not over yet."""
    if not settled and sight.minute < window.end:
        return window.end
    if sight.minute < deadline:
        return deadline
    following = coming(hours, sight.zone, max(sight.minute, window.first))
    return following.end
