"""Judging "not far less activity today than is usual by this hour". Pure.

For a home that is nearly dead and yet never silent: phantom movements, a daily visit, a cat.
What is counted are minutes with a sign that counts, each place and minute once; what could not be
seen, and when the person seems to have been out, is taken off what is usual.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache
from statistics import median
from typing import Annotated, Literal, Self
from zoneinfo import ZoneInfo

from pydantic import Field, model_validator

from alerts.bits import runs, span
from alerts.folding import Key
from alerts.local_days import Hours, Window, begun, clock_minutes, coming, instant, local_hour
from alerts.rules.parts import LocalTime, WithHours
from alerts.rules.phrases import on_days
from alerts.sight import LONE_MIN, OUT_FROM, OUT_UNTIL, Sight
from alerts.verdicts import Evidence, Outcome, Reason, Verdict

STALE_MIN = 3 * 60
"""So long after a check nobody says any more what it would have found."""

OUT_AT_LEAST_MIN, OUT_AT_MOST_MIN = 30, 12 * 60
"""A quiet time behind an outside door that counts as out."""

_DAY_MIN = 24 * 60
_START = "05:00"
Count = Annotated[float, Field(ge=0, le=24 * 60 * 30)]


class VolumeDrop(WithHours):
    """The day so far is far below what is usual by this hour."""

    kind: Literal["volume_drop"] = "volume_drop"
    start: LocalTime = _START
    """The day begins."""
    end: LocalTime = "22:00"
    checks: Annotated[tuple[LocalTime, ...], Field(min_length=1, max_length=12)] = ("14:00", "17:00", "20:00")
    """When to look, between start and end."""
    usual: Annotated[tuple[Count, ...], Field(min_length=24, max_length=24)] | None = None
    """What is usual by 1, 2, ... 24 hours after the start, in minutes with a sign, each place and minute once.
    None: as much as on the livelier of this home's last two days by the same time."""
    # Days of 30 homes against their own first fortnight: on 1.8 % less than 0.12 by 14:00, on 1.9 % less than
    # 0.2: between nearly dead and merely quiet days there is a gap.
    below: Annotated[float, Field(gt=0, le=0.5)] = 0.12
    """Far less is less than this share of it."""
    coverage_needed: Annotated[float, Field(gt=0, le=1)] = 0.75
    """How much of the day so far must have been seen."""

    @model_validator(mode="after")
    def _looks_within_its_day(self) -> Self:
        length = (clock_minutes(self.end) - clock_minutes(self.start)) % _DAY_MIN
        after = [(clock_minutes(check) - clock_minutes(self.start)) % _DAY_MIN for check in self.checks]
        if after != sorted(set(after)) or after[0] < 60 or after[-1] > length:
            raise ValueError(
                "checks must lie between start and end, earliest first, an hour after start at the soonest"
            )
        return self

    def describe(self) -> str:
        return (
            f"By {self.checks[0]} at least a little of the usual activity since {self.start}, "
            f"{on_days(self.weekdays, self.bank_holidays)}"
        )

    def judge(self, sight: Sight, since: int) -> Sequence[Verdict]:
        return (evaluate(self, sight, since),)


def evaluate(rule: VolumeDrop, sight: Sight, since: int) -> Verdict:
    """What is to be said of the check that was due last."""
    day = begun(rule.hours, sight.zone, sight.minute)
    following = coming(rule.hours, sight.zone, sight.minute)
    tomorrow = _checks(rule.checks, sight.zone, following.first)[0] + LONE_MIN
    if day is None or day.first < since:
        return _said(Outcome.WAITING, Reason.NOT_ITS_TIME, "none", tomorrow, tomorrow)
    checks = _checks(rule.checks, sight.zone, day.first)
    # Judged some minutes later: a movement has to have time to prove a lone one.
    look = next((check + LONE_MIN for check in checks if check + LONE_MIN > sight.minute), tomorrow)
    check = next((check for check in reversed(checks) if check + LONE_MIN <= sight.minute), None)
    if check is None or sight.minute - check > STALE_MIN or sight.last_counted is None:
        return _said(Outcome.WAITING, Reason.NOT_ITS_TIME, day.day.isoformat(), look, look)
    return _of(rule, sight, day, check, look)


@lru_cache(maxsize=8192)
def _checks(checks: tuple[str, ...], zone: ZoneInfo, first: int) -> tuple[int, ...]:
    """The Unix minutes of these times of the day that begins with `first`."""
    return tuple(coming(Hours(check, "00:01" if check == "00:00" else "00:00"), zone, first).first for check in checks)


def _of(rule: VolumeDrop, sight: Sight, day: Window, check: int, look: int) -> Verdict:
    count = sight.place_minutes(day.first, check)
    usual = _usual_by(rule, sight, day.first, check)
    name = day.day.isoformat()
    if count >= rule.below * usual:
        return _said(Outcome.AS_EXPECTED, Reason.WITHIN_USUAL, name, check, look, Evidence(count=count, usual=usual))
    found = _evidence(rule, sight, day, check, count, usual)
    seen = sight.within(sight.seen, day.first, check)
    if seen.bit_count() < rule.coverage_needed * (check - day.first):
        return _said(Outcome.NOT_OBSERVABLE, Reason.NOT_COVERED, name, check, look, found)
    out, left = _out(sight, day.first, check)
    at_home = seen & ~out
    if left is not None and 2 * at_home.bit_count() < seen.bit_count():
        gone = Evidence(out_since=instant(left), count=count, usual=usual)
        return _said(Outcome.AS_EXPECTED, Reason.PRESUMED_OUT, name, check, look, gone)
    usual = _usual_in(rule, sight, at_home, day.first, check)
    if count >= rule.below * usual:
        return _said(Outcome.AS_EXPECTED, Reason.WITHIN_USUAL, name, check, look, Evidence(count=count, usual=usual))
    found = _evidence(rule, sight, day, check, count, usual)
    return _said(Outcome.MISSED, Reason.MUCH_LESS, name, check, look, found)


def _usual_by(rule: VolumeDrop, sight: Sight, first: int, minute: int) -> float:
    """What is usual from the start of the day to this minute."""
    if rule.usual is None:
        return float(max(sight.place_minutes(first - day, minute - day) for day in (_DAY_MIN, 2 * _DAY_MIN)))
    so_far = (0.0, *rule.usual, rule.usual[-1])  # a day of 25 hours
    hours, rest = divmod(minute - first, 60)
    return so_far[hours] + (so_far[hours + 1] - so_far[hours]) * rest / 60


def _usual_in(rule: VolumeDrop, sight: Sight, at_home: int, first: int, check: int) -> float:
    """What is usual in those minutes of the day so far in which the person was at home and could be seen."""
    usual, before = 0.0, 0.0
    for start in range(first, check, 60):
        end = min(start + 60, check)
        by_end = _usual_by(rule, sight, first, end)
        usual += (by_end - before) * sight.within(at_home, start, end).bit_count() / (end - start)
        before = by_end
    return usual


def _out(sight: Sight, first: int, check: int) -> tuple[int, int | None]:
    """The minutes in which the person seems to have been out, and when that began last."""
    out, left = 0, None
    quiet = sight.within(~sight.counted, first - OUT_AT_MOST_MIN, check)
    for start, end in runs(quiet):
        door = sight.last_of(sight.within(sight.outside_doors, sight.base + start - 2, sight.base + start))
        if door is None or end - start < OUT_AT_LEAST_MIN:
            continue
        if OUT_FROM <= local_hour(sight.zone, door) < OUT_UNTIL:
            out |= span(start, min(end, start + OUT_AT_MOST_MIN))
            left = door
    return out, left


def _evidence(rule: VolumeDrop, sight: Sight, day: Window, check: int, count: int, usual: float) -> Evidence:
    last = sight.last_counted
    at, place = sight.at_and_where(last) if last is not None else (None, None)
    return Evidence(
        expected=rule.describe(),
        window_start=instant(day.first),
        window_end=instant(check),
        last_sign_at=at,
        last_sign_place=place,
        covered_min=sight.within(sight.seen, day.first, check).bit_count(),
        span_min=check - day.first,
        gaps=sight.gaps(day.first, check),
        count=count,
        usual=round(usual, 1),
    )


def _said(
    outcome: Outcome, reason: Reason, occasion: str, deadline: int, look: int, evidence: Evidence | None = None
) -> Verdict:
    return Verdict(outcome, reason, occasion, instant(deadline), instant(look), evidence or Evidence())


def hourly_counts(signs: Iterable[tuple[float, Key]], zone: ZoneInfo) -> dict[date, list[int]]:
    """For each day that begins at 05:00 local time: the minutes with a sign in each of its 24 hours.

    `signs`: (Unix seconds, (place, role)) of all signs that count, that is without lone movements. Each place
    and minute counts once.
    """
    found: dict[date, list[int]] = {}
    for minute, _ in {(int(at // 60), key) for at, key in signs}:
        hour = _hour_of_day(zone, minute // 60)
        if hour is not None:
            found.setdefault(hour[0], [0] * 24)[hour[1]] += 1
    return found


@lru_cache(maxsize=65536)
def _hour_of_day(zone: ZoneInfo, unix_hour: int) -> tuple[date, int] | None:
    """The day from 05:00 to 05:00 in which a Unix hour begins, and how many hours after its start."""
    day = begun(Hours(_START, "04:00"), zone, unix_hour * 60)
    if day is None:
        return None
    return day.day, min((unix_hour * 60 - day.first) // 60, 23)


def usual_counts(days: Iterable[Sequence[int]]) -> tuple[float, ...]:
    """`usual` of a rule: the middle of what these days had counted by the end of each of their 24 hours.

    Each day: 24 counts from 05:00 on, as `hourly_counts` gives them. Raises ValueError without any day.
    """
    so_far = [[sum(day[: hour + 1]) for hour in range(24)] for day in days]
    if not so_far:
        raise ValueError("without a day nothing is usual")
    return tuple(float(median(by_hour)) for by_hour in zip(*so_far, strict=True))
