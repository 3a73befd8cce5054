"""Judging "quiet for longer than is usual at these hours, while at home". Pure.

The clock runs over minutes that could be seen, faster at hours at which the home usually stirs
and slower at hours at which it sleeps: so one limit serves a fall in the morning, a person who
does not get up, and a quiet night. Lone movements do not stop it; what could not be seen starts it anew.

An occasion is a silence that lasts until now, so nothing here is ever about the past. It is known
by its last sign of life while the picture holds that; beyond, all silences are one occasion.
"""

from collections.abc import Iterator, Sequence
from math import ceil
from typing import Annotated, Literal

from pydantic import Field

from alerts.bits import nth
from alerts.local_days import local_hour
from alerts.rules.parts import RuleBase
from alerts.rules.phrases import in_hours
from alerts.rules.quiet import before_lone, believed_out_until, broken, in_pieces_at, said, seen_again, unseen
from alerts.rules.quiet import evidence as evidence_of
from alerts.sight import OUT_AFTER_DOOR_S, OUT_FROM, OUT_UNTIL, Sight
from alerts.verdicts import Evidence, Outcome, Reason, Verdict

_ROUNDING = 1e-6

Share = Annotated[float, Field(ge=0, le=1)]

# Share of the days at home on which something stirred in the hour: mean of 30 homes.
USUAL_DAY: tuple[float, ...] = (
    0.41, 0.37, 0.37, 0.40, 0.38, 0.47, 0.61, 0.81, 0.92, 0.95, 0.95, 0.94,
    0.92, 0.92, 0.90, 0.92, 0.92, 0.92, 0.92, 0.93, 0.85, 0.80, 0.77, 0.60,
)  # fmt: skip


class UnusualQuiet(RuleBase):
    """No sign of life for longer than is usual at these hours, while at home.

    Each hour of silence counts by the square of the share of days on which this home stirs in that
    hour: one in which it does on 95 days of 100 nearly whole, one in which it does on half of them a quarter.
    """

    kind: Literal["unusual_quiet"] = "unusual_quiet"
    usual: Annotated[tuple[Share, ...], Field(min_length=24, max_length=24)] = USUAL_DAY
    """For each hour of the local day from 00:00: the share of days at home on which something stirs."""
    # With the day of many homes: 3.4 are too many once in a home and a fortnight, 3.25 once in 11 days.
    limit: Annotated[float, Field(ge=1, le=24)] = 3.4
    """So many hours that count are too many."""
    at_most_hours: Annotated[float, Field(ge=2, le=48)] = 11.5
    """And so many by the clock are, at whatever hour. Longest silence of a day: p95 8.7 h, p99 11.7."""
    # Of 413 absences of 2 h or more, 402 began with an outside door as the very last sign.
    out_after_door_s: Annotated[int, Field(ge=0, le=60)] = OUT_AFTER_DOOR_S
    """Nothing inside later than this after an outside door means "out". 0: never presume it."""
    out_from: Annotated[int, Field(ge=0, le=23)] = OUT_FROM
    out_until: Annotated[int, Field(ge=1, le=24)] = OUT_UNTIL
    """A door before or after these hours of the day is locking up, not leaving (after 19:00 only 38 % are)."""
    out_cap_hours: Annotated[float, Field(ge=1, le=48)] = 11.5
    """"Out" is believed for so long."""

    def describe(self) -> str:
        most = in_hours(self.at_most_hours)
        return f"Some activity while at home, as usual for the hour, and at least every {most}"

    def judge(self, sight: Sight, since: int) -> Sequence[Verdict]:
        return (evaluate(self, sight, since),)


def evaluate(rule: UnusualQuiet, sight: Sight, since: int) -> Verdict:
    last = sight.last_counted
    if last is None:
        return _never(sight)
    began = max(last + 1, since)
    first = max(began, seen_again(sight, last))
    out = sight.went_out(rule.out_after_door_s, rule.out_from, rule.out_until)
    deadline = _too_quiet_at(rule, sight, first)
    if first > began:
        deadline = min(deadline, in_pieces_at(sight, began, round(rule.at_most_hours * 60)))
    if out is not None:
        deadline = max(deadline, believed_out_until(sight, last, round(rule.out_cap_hours * 60)))
    if sight.minute < deadline:
        return _not_yet(rule, sight, last, deadline, out)
    if not sight.is_seen_now:
        return unseen(rule.describe(), sight, deadline, out)
    reason = Reason.SILENT if out is None else Reason.OUT_TOO_LONG
    return said(
        Outcome.MISSED, reason, sight, deadline, _from_now(rule, sight), evidence_of(rule.describe(), sight, out)
    )


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
    if sight.is_seen_now:
        look = before_lone(sight, look)
    elif sight.minute - max(last, sight.watched_again) >= round(rule.at_most_hours * 60):
        return unseen(rule.describe(), sight, sight.minute, out)
    return broken(sight, deadline, look, out)


def _never(sight: Sight) -> Verdict:
    """Not one sign of life so far: another rule says so; nothing can be said of the person."""
    look = sight.minute + 60
    return said(Outcome.WAITING, Reason.SENSOR_NEVER_REPORTED, sight, look, look, Evidence())
