"""Judging "much more about in the night than usual". Pure. For information; nobody is woken by it."""

from collections.abc import Sequence
from typing import Annotated, Literal

from pydantic import Field

from alerts.bits import runs
from alerts.local_days import begun, coming, instant
from alerts.rules.own_sensors import Needed, trouble
from alerts.rules.parts import LocalTime, WithHours
from alerts.rules.phrases import on_days
from alerts.sight import Sight
from alerts.verdicts import Evidence, Outcome, Reason, Verdict

STEP_MIN = 100
"""How often to look in the night."""

_NEEDED = Needed((), ("room", "bed", "chair", "inside_door"), "movement")


class NightActivity(WithHours):
    """Much more about in the night than this home usually is."""

    kind: Literal["night_activity"] = "night_activity"
    start: LocalTime = "00:00"
    end: LocalTime = "05:00"
    movements: Annotated[int, Field(ge=3, le=500)] = 28
    """So many signs of life, each room once a minute, ..."""
    within_min: Annotated[int, Field(ge=10, le=300)] = 90
    """... within so many minutes. 30 homes reach 28 in 90 once in three and a half weeks."""

    def describe(self) -> str:
        return (
            f"Fewer than {self.movements} movements in {self.within_min} minutes "
            f"between {self.start} and {self.end}, {on_days(self.weekdays, self.bank_holidays)}"
        )

    def judge(self, sight: Sight, since: int) -> Sequence[Verdict]:
        return (evaluate(self, sight, since),)


def evaluate(rule: NightActivity, sight: Sight, since: int) -> Verdict:
    night = begun(rule.hours, sight.zone, sight.minute)
    following = coming(rule.hours, sight.zone, sight.minute)
    first_look = following.first + STEP_MIN
    if night is None or night.end <= since:
        return _said(Outcome.AS_EXPECTED, Reason.NOT_ITS_TIME, "none", following.end, first_look)
    day = night.day.isoformat()
    crowd = _crowd(rule, sight, max(night.first, since), night.end)
    if crowd is not None:
        evidence = Evidence(
            expected=rule.describe(),
            window_start=instant(night.first),
            window_end=instant(night.end),
            seen_at=instant(crowd[0]),
            last_sign_at=instant(crowd[1]),
            detail=f"{rule.movements} movements within {crowd[1] - crowd[0] + 1} minutes",
        )
        return _said(Outcome.MISSED, Reason.RESTLESS_NIGHT, day, crowd[1] + 1, first_look, evidence)
    look = min(night.end, sight.minute + STEP_MIN) if sight.minute < night.end else first_look
    quiet = _said(Outcome.AS_EXPECTED, Reason.SIGN_OF_LIFE, day, night.end, look)
    return trouble(rule, _NEEDED, sight, since, look) or quiet


def _crowd(rule: NightActivity, sight: Sight, first: int, end: int) -> tuple[int, int] | None:
    """The first so many movements that lie near enough to each other: their first and last minute."""
    if sight.place_minutes(first, end) < rule.movements:
        return None
    minutes = _movements(sight, first, end)
    for earliest, latest in zip(minutes, minutes[rule.movements - 1 :], strict=False):
        if latest - earliest < rule.within_min:
            return earliest, latest
    return None


def _movements(sight: Sight, first: int, end: int) -> list[int]:
    """The minutes of all signs that count in the night, once for each place and minute."""
    bits = [sight.within(own & sight.counted, first, end) for own in sight.picture.signs.values()]
    return sorted(sight.base + bit for own in bits for start, stop in runs(own) for bit in range(start, stop))


def _said(
    outcome: Outcome, reason: Reason, occasion: str, deadline: int, look: int, evidence: Evidence | None = None
) -> Verdict:
    return Verdict(outcome, reason, occasion, instant(deadline), instant(look), evidence or Evidence())
