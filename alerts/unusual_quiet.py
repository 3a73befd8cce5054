"""Judging "quiet for longer than is usual at these hours, while at home". Pure.

The clock runs over minutes that could be seen, faster at hours at which the home usually stirs
and slower at hours at which it sleeps: so one limit serves a fall in the morning, a person who
does not get up, and a quiet night. Lone movements do not stop it; what could not be seen starts it anew.

An occasion is a silence that lasts until now, so nothing here is ever about the past. It is known
by its last sign of life while the picture holds that; beyond, all silences are one occasion.
"""

from collections.abc import Iterator
from math import ceil

from alerts.bits import nth, runs
from alerts.habit_rules import UnusualQuiet
from alerts.local_days import instant, local_hour
from alerts.quiet import evidence as evidence_of
from alerts.quiet import occasion
from alerts.rules import describe
from alerts.sight import LONE_MIN, Sight
from alerts.verdicts import Evidence, Outcome, Reason, Verdict

_ROUNDING = 1e-6

HIDDEN_MIN = 15
"""After so many minutes that could not be seen the clock starts anew."""

RETRY_MIN = 10
"""How soon to look again at a home that cannot be seen."""


def evaluate(rule: UnusualQuiet, sight: Sight, since: int) -> Verdict:
    last = sight.last_counted
    if last is None:
        return _never(sight)
    first = max(last + 1, since, _seen_again(sight, last))
    out = sight.went_out(rule.out_after_door_s, rule.out_from, rule.out_until)
    deadline = _too_quiet_at(rule, sight, first)
    if out is not None:
        deadline = max(deadline, last + round(rule.out_cap_hours * 60))
    if sight.minute < deadline:
        return _not_yet(rule, sight, last, deadline, out)
    if not sight.is_seen_now:
        return _unseen(rule, sight, deadline, out)
    reason = Reason.SILENT if out is None else Reason.OUT_TOO_LONG
    return _said(
        Outcome.MISSED, reason, sight, deadline, _from_now(rule, sight), evidence_of(describe(rule), sight, out)
    )


def _seen_again(sight: Sight, last: int) -> int:
    """The end of the newest stretch since the last sign that could not be seen; she may well have been about in it.

    So a loss of data never makes a finding that would not have been made without it.
    """
    hidden = sight.within(~sight.seen, last + 1, sight.minute)
    ends = [sight.base + end for first, end in runs(hidden) if end - first >= HIDDEN_MIN]
    return ends[-1] if ends else 0


def _from_now(rule: UnusualQuiet, sight: Sight) -> int:
    """The earliest that a silence which begins only now can be too long.

    Readings make no home due, so nobody may look again later than that.
    """
    return _too_quiet_at(rule, sight, sight.minute)


def _too_quiet_at(rule: UnusualQuiet, sight: Sight, first: int) -> int:
    """The minute at which the silence that began with `first` is too long, if it goes on and can be seen."""
    heard, counted, most = 0.0, 0, round(rule.at_most_hours * 60)
    for start, end, hour in _hours(sight, first):
        seen = sight.within(sight.seen, start, min(end, sight.minute))
        ahead = max(0, end - max(start, sight.minute))
        minutes = seen.bit_count() + ahead
        weight = rule.usual[hour] ** 2 / 60
        short = rule.limit - heard
        if minutes * weight >= short - _ROUNDING or counted + minutes >= most:
            needed = most - counted
            if weight and weight * minutes >= short - _ROUNDING:
                needed = min(needed, ceil(short / weight - _ROUNDING))
            return _after(sight, start, seen, max(needed, 1))
        heard, counted = heard + minutes * weight, counted + minutes
    return sight.minute + most


def _after(sight: Sight, start: int, seen: int, needed: int) -> int:
    """The minute that follows the `needed`th that was seen, or will be, from `start` on."""
    have = seen.bit_count()
    if have >= needed:
        return sight.base + nth(seen, needed) + 1
    return max(start, sight.minute) + needed - have


def _hours(sight: Sight, first: int) -> Iterator[tuple[int, int, int]]:
    """(start, end, hour of the local day) from `first` on, into tomorrow's tomorrow."""
    start, last = first, sight.minute + 2 * 24 * 60
    while start < last:
        hour = local_hour(sight.zone, start)
        end = start + 60 - round(hour % 1 * 60)
        yield start, end, int(hour)
        start = end


def _not_yet(rule: UnusualQuiet, sight: Sight, last: int, deadline: int, out: int | None) -> Verdict:
    look = deadline if out is None else min(deadline, _from_now(rule, sight))
    if not sight.is_seen_now:
        if sight.minute - last >= round(rule.at_most_hours * 60):
            return _unseen(rule, sight, sight.minute, out)
    elif sight.minute - last <= LONE_MIN and sight.may_be_lone(last):
        # A movement this young counts for now. Should it prove a lone one, the clock never stopped.
        look = min(look, last + LONE_MIN + 1)
    if out is not None:
        return _said(Outcome.AS_EXPECTED, Reason.PRESUMED_OUT, sight, deadline, look, Evidence(out_since=instant(out)))
    at, place = sight.at_and_where(last)
    evidence = Evidence(last_sign_at=at, last_sign_place=place)
    return _said(Outcome.AS_EXPECTED, Reason.SIGN_OF_LIFE, sight, deadline, look, evidence)


def _unseen(rule: UnusualQuiet, sight: Sight, deadline: int, out: int | None) -> Verdict:
    evidence = evidence_of(describe(rule), sight, out)
    return _said(Outcome.NOT_OBSERVABLE, Reason.NOT_COVERED, sight, deadline, sight.minute + RETRY_MIN, evidence)


def _never(sight: Sight) -> Verdict:
    """Not one sign of life so far: another rule says so; nothing can be said of the person."""
    look = sight.minute + 60
    return _said(Outcome.WAITING, Reason.SENSOR_NEVER_REPORTED, sight, look, look, Evidence())


def _said(outcome: Outcome, reason: Reason, sight: Sight, deadline: int, look: int, evidence: Evidence) -> Verdict:
    return Verdict(outcome, reason, occasion(sight), instant(deadline), instant(max(look, sight.minute + 1)), evidence)
