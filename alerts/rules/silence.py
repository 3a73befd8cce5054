"""Judging "no sign of life for 12 hours while at home". Pure.

The clock runs over minutes that could be seen, and only while the home can be seen now: a
burst of late data that is still coming in proves nothing about the present. Lone movements
do not stop it; a longer time that could not be seen starts it anew. Nothing is said while the
person is presumed out, up to a cap.

An occasion is a silence that lasts until now, so nothing here is ever about the past. It is known
by its last sign of life while the picture holds that; beyond, all silences are one occasion, found
once, for the alert about its beginning was raised days before.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from alerts.bits import nth
from alerts.local_days import Hours, begun, clock_minutes, coming
from alerts.rules.parts import LocalTime, RuleBase
from alerts.rules.phrases import in_hours
from alerts.rules.quiet import (
    RETRY_MIN,
    before_lone,
    believed_out_until,
    broken,
    in_pieces_at,
    said,
    seen_again,
    unseen,
)
from alerts.rules.quiet import evidence as evidence_of
from alerts.sight import OUT_AFTER_DOOR_S, Sight
from alerts.verdicts import Outcome, Reason, Verdict


class Silence(RuleBase):
    """No sign of life for so many hours that could be seen, while at home."""

    kind: Literal["silence"] = "silence"
    # Longest silence of a day: median 3.2 h, p95 8.7, p99 11.7; between 07:00 and 22:00: p95 6.2, p99 10.3.
    hours: Annotated[float, Field(ge=0.5, le=48)] = 12
    by_day: tuple[LocalTime, LocalTime] | None = None
    """Judge each day between these times by itself, so that sleep is no silence. None: at any hour."""
    # Of 413 absences of 2 h or more, 402 began with an outside door as the very last sign.
    out_after_door_s: Annotated[int, Field(ge=0, le=60)] = OUT_AFTER_DOOR_S
    """Nothing inside later than this after an outside door means "out". 0: never presume it."""
    out_from: LocalTime = "05:00"
    out_until: LocalTime = "20:00"
    """A door outside these hours is locking up, not leaving (after 19:00 only 38 % are)."""
    out_cap_hours: Annotated[float, Field(ge=1, le=48)] = 12
    """"Out" is believed for so long, and then judged like any silence."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if clock_minutes(self.out_until) <= clock_minutes(self.out_from):
            raise ValueError("out_until must be later in the day than out_from")
        if self.by_day:
            length = (clock_minutes(self.by_day[1]) - clock_minutes(self.by_day[0])) % (24 * 60)
            if self.hours * 60 > length:
                raise ValueError("by_day must be at least as long as the silence")
        return self

    @property
    def minutes(self) -> int:
        return round(self.hours * 60)

    def describe(self) -> str:
        when = f" between {self.by_day[0]} and {self.by_day[1]}" if self.by_day else ""
        return f"Some activity at least every {in_hours(self.hours)}{when} while at home"

    def judge(self, sight: Sight, since: int) -> Sequence[Verdict]:
        return (evaluate(self, sight, since),)


def evaluate(rule: Silence, sight: Sight, since: int) -> Verdict:
    last = sight.last_counted
    if last is None:
        return _never(rule, sight, since)
    began = max(last + 1, since)
    first, end = _stretch(rule, sight, max(began, seen_again(sight, last)))
    out = sight.went_out(rule.out_after_door_s, *_out_hours(rule))
    deadline = _too_long_at(rule, sight, first, end)
    if first > began and not rule.by_day:
        deadline = min(deadline, in_pieces_at(sight, began, rule.minutes))
    if out is not None:
        deadline = max(deadline, believed_out_until(sight, last, round(rule.out_cap_hours * 60)))
    if sight.minute < deadline:
        return _not_yet(rule, sight, began, end, deadline, out)
    if not sight.is_seen_now:
        return unseen(rule.describe(), sight, deadline, out)
    reason = Reason.SILENT if out is None else Reason.OUT_TOO_LONG
    look = _reached(rule, sight, rule.minutes, end)
    return said(Outcome.MISSED, reason, sight, deadline, look, evidence_of(rule.describe(), sight, out))


def _too_long_at(rule: Silence, sight: Sight, first: int, end: int) -> int:
    """The minute at which the silence that began with `first` is too long, if it goes on and can be seen."""
    silent = sight.within(sight.seen, first, min(end, sight.minute))
    missing = rule.minutes - silent.bit_count()
    return _reached(rule, sight, missing, end) if missing > 0 else sight.base + nth(silent, rule.minutes) + 1


def _not_yet(rule: Silence, sight: Sight, began: int, end: int, deadline: int, out: int | None) -> Verdict:
    if not sight.is_seen_now and sight.minute <= end and sight.minute - _stretch(rule, sight, began)[0] >= rule.minutes:
        return unseen(rule.describe(), sight, sight.minute, out)
    look = min(deadline, _reached(rule, sight, rule.minutes, end))
    return broken(sight, deadline, before_lone(sight, look), out)


def _reached(rule: Silence, sight: Sight, missing: int, end: int) -> int:
    """When the clock will have run so many minutes more.

    With the whole length of the rule: the earliest that a silence which begins only now can be too
    long. Readings make no home due, so nobody may look again later than that.
    """
    if rule.by_day and sight.minute + missing > end:
        return coming(_by_day(rule), sight.zone, sight.minute).first + rule.minutes
    return sight.minute + missing


def _never(rule: Silence, sight: Sight, since: int) -> Verdict:
    """Not one sign of life so far: perhaps no sensor works, so nothing can be said of the person.

    Looked at often: the first movement starts a clock that has run already, should it be a lone one.
    """
    seen = sight.within(sight.seen, since, sight.minute).bit_count()
    reason = Reason.SENSOR_NEVER_REPORTED
    look = sight.minute + RETRY_MIN
    if seen < rule.minutes:
        return said(Outcome.WAITING, reason, sight, sight.minute + rule.minutes - seen, look)
    return said(Outcome.NOT_OBSERVABLE, reason, sight, sight.minute, look, evidence_of(rule.describe(), sight, None))


def _stretch(rule: Silence, sight: Sight, first: int) -> tuple[int, int]:
    """From where to where the clock runs: until now, or within the hours of the newest day."""
    if not rule.by_day:
        return first, sight.minute
    window = begun(_by_day(rule), sight.zone, sight.minute)
    if window is None:
        return sight.minute, sight.minute
    return max(first, window.first), window.end


def _by_day(rule: Silence) -> Hours:
    start, end = rule.by_day or ("00:00", "00:00")
    return Hours(start, end)


def _out_hours(rule: Silence) -> tuple[float, float]:
    return _hour(rule.out_from), _hour(rule.out_until)


@lru_cache(maxsize=1440)
def _hour(text: str) -> float:
    return clock_minutes(text) / 60
