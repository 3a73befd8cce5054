"""Judging "back at home within 8 hours". Pure.

Out is whoever left by an outside door and was not seen inside since; back is whoever is seen inside
after the door. Lone movements bring nobody home. After data were lost she may be back: the home has
to be seen without a sign inside for hours before anybody says that she is not.
"""

from collections.abc import Sequence
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from alerts.local_days import WEEKDAYS, BankHolidays, Hours, Weekday, coming, instant, local_day
from alerts.rules.own_sensors import INSIDE, Needed, trouble
from alerts.rules.parts import LocalTime, RuleBase
from alerts.rules.phrases import in_hours, on_days
from alerts.rules.quiet import RETRY_MIN, evidence, seen_again
from alerts.sight import LONE_MIN, OUT_AFTER_DOOR_S, OUT_FROM, OUT_UNTIL, Sight
from alerts.verdicts import Evidence, Outcome, Reason, Verdict

AFTER_LOSS_MIN = 4 * 60
"""So long a home that data were lost of has to be seen: by day 95 of 100 who are in are noticed sooner."""

_DOOR = Needed((), ("outside_door",), "outside door")
_INSIDE = Needed((), INSIDE, "movement")


class NotBack(RuleBase):
    """Somebody went out and has not come back in time."""

    kind: Literal["not_back"] = "not_back"
    # 1,406 absences: median 1.2 h, p95 5.2 h, p99 14.9 h; 8 h or more once in five weeks, 6 h once in less than four.
    hours: Annotated[float, Field(ge=0.5, le=24)] | None = 8
    """So long after going out. None: only by the time below."""
    by: LocalTime | None = None
    """And by this time of the clock. Of those who go out for an hour or more 4 in 5 are back by 19:00."""
    weekdays: Annotated[tuple[Weekday, ...], Field(min_length=1)] = WEEKDAYS
    """The days on which going out is watched."""
    bank_holidays: BankHolidays = BankHolidays.SAME
    out_after_door_s: Annotated[int, Field(ge=1, le=60)] = OUT_AFTER_DOOR_S
    out_from: Annotated[int, Field(ge=0, le=23)] = OUT_FROM
    out_until: Annotated[int, Field(ge=1, le=24)] = OUT_UNTIL
    """A door before or after these hours of the day is not taken for going out."""

    @model_validator(mode="after")
    def _has_an_end(self) -> Self:
        if self.hours is None and self.by is None:
            raise ValueError("hours or by must be given")
        return self

    def describe(self) -> str:
        within = f"within {in_hours(self.hours)}" if self.hours is not None else ""
        by = f"by {self.by}" if self.by is not None else ""
        return f"Back home {' and '.join(filter(None, (within, by)))} after going out, {self._days()}"

    def _days(self) -> str:
        return on_days(self.weekdays, self.bank_holidays)

    def judge(self, sight: Sight, since: int) -> Sequence[Verdict]:
        return (evaluate(self, sight, since),)

    def is_on(self, sight: Sight, minute: int) -> bool:
        """Whether going out in this minute is watched."""
        hours = Hours("00:00", "12:00", self.weekdays, self.bank_holidays)
        return hours.are_on(local_day(sight.zone, minute).day)

    def due(self, sight: Sight, left: int) -> int:
        """When whoever left in this minute has to be back."""
        dues = []
        if self.hours is not None:
            dues.append(left + round(self.hours * 60))
        if self.by is not None:
            dues.append(coming(Hours(self.by, _another(self.by)), sight.zone, left).first)
        return min(dues)


def _another(time: str) -> str:
    return "12:00" if time == "00:00" else "00:00"


def evaluate(rule: NotBack, sight: Sight, since: int) -> Verdict:
    look = rule.due(sight, sight.minute)  # of somebody who leaves only now: readings make no home due
    unable = trouble(rule, _DOOR, sight, since, look) or trouble(rule, _INSIDE, sight, since, look)
    if unable is not None:
        return unable
    left = sight.out_since(rule.out_after_door_s, rule.out_from, rule.out_until)
    if left is None or left < since or not rule.is_on(sight, left):
        return _in(sight, look)
    deadline = rule.due(sight, left)
    if left < sight.watched_again:  # she may have come back while monitoring was paused
        deadline = max(deadline, sight.watched_again + AFTER_LOSS_MIN)
    if sight.minute >= deadline and not sight.is_seen_now:
        return _of(Outcome.NOT_OBSERVABLE, Reason.NOT_COVERED, rule, sight, left, deadline, sight.minute + RETRY_MIN)
    again = seen_again(sight, left)
    if again:  # but who loses some data again and again is not waited for for ever
        deadline = max(deadline, min(again + AFTER_LOSS_MIN, deadline + 2 * AFTER_LOSS_MIN))
    if sight.minute < deadline:
        gone = Evidence(out_since=instant(left))
        return _said(Outcome.AS_EXPECTED, Reason.PRESUMED_OUT, left, deadline, min(look, deadline), gone)
    return _of(Outcome.MISSED, Reason.NOT_BACK, rule, sight, left, deadline, look)


def _in(sight: Sight, look: int) -> Verdict:
    """Nobody is out, as far as one can tell."""
    last = sight.last_counted or sight.minute
    if sight.minute - last <= LONE_MIN and sight.may_be_lone(last):
        # A movement this young counts for now. Should it prove a lone one, nobody has come back.
        look = min(look, last + LONE_MIN + 1)
    door = sight.last_of(sight.within(sight.outside_doors, sight.base, sight.minute + 1))
    back = sight.first_of(sight.within(sight.inside, door, sight.minute + 1)) if door is not None else None
    if back is None:
        at, place = sight.at_and_where(last)
        seen = Evidence(last_sign_at=at, last_sign_place=place)
        return _said(Outcome.AS_EXPECTED, Reason.SIGN_OF_LIFE, last, look, look, seen)
    at, _ = sight.at_and_where(back)
    return _said(Outcome.AS_EXPECTED, Reason.BACK_HOME, back, look, look, Evidence(inside_at=at))


def _of(outcome: Outcome, reason: Reason, rule: NotBack, sight: Sight, left: int, deadline: int, look: int) -> Verdict:
    return _said(outcome, reason, left, deadline, look, evidence(rule.describe(), sight, left))


def _said(outcome: Outcome, reason: Reason, occasion: int, deadline: int, look: int, found: Evidence) -> Verdict:
    """An absence is named by the minute in which it began."""
    return Verdict(outcome, reason, instant(occasion).isoformat(), instant(deadline), instant(look), found)
