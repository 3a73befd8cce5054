"""Judging "every sensor says something while there is life in the home". Pure. For the housing team.

Time does not count by the clock but by the hours in which something else stirred: a home whose
people are away tells nothing about its sensors.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from alerts.bits import nth
from alerts.folding import Key
from alerts.local_days import instant
from alerts.rules.parts import Name, Part, Role, RuleBase
from alerts.sight import Sight
from alerts.verdicts import AlertClass, Evidence, Outcome, Reason, Verdict

_DAY_MIN = 24 * 60
_PRESSED_AT_WILL = ("button", "alarm")
"""A button that was pressed once, or a reminder of once a week, is not dead because nobody presses it again.
That such devices check in is supervised apart (alerts/supervision)."""


class Watched(Part):
    """One sensor, and how long it may be silent while the home is not."""

    place: Name
    role: Role | Literal[""] = ""
    """Empty: any at that place."""
    active_hours: Annotated[int, Field(ge=4, le=60)] = 32
    """Hours in which something else stirred in the home since."""
    days: Annotated[float, Field(ge=0.25, le=90)] = 1
    """And at least so long by the calendar; for what is used seldom."""


class SensorSilent(RuleBase):
    """A sensor has said nothing while the home was alive. For the housing team."""

    watches_for: ClassVar[AlertClass] = AlertClass.TECHNICAL

    kind: Literal["sensor_silent"] = "sensor_silent"
    sensors: tuple[Watched, ...] = ()
    """Those with habits of their own; all others are given the figures below."""
    active_hours: Annotated[int, Field(ge=4, le=60)] = 40
    days: Annotated[float, Field(ge=0.25, le=90)] = 3
    """At least three silent days in a live home: once in 6 weeks in a home with eight sensors."""

    def describe(self) -> str:
        return "Every sensor says something while there is life in the home"

    def judge(self, sight: Sight, since: int) -> Sequence[Verdict]:
        return evaluate(self, sight, since)


def evaluate(rule: SensorSilent, sight: Sight, since: int) -> list[Verdict]:
    """One verdict for each sensor that is silent too long; else one that says when to look again."""
    due = {key: silent_at(_limit(rule, key), sight, max(int(at // 60), since)) for key, at in _newest(rule, sight)}
    waiting = [at for at in due.values() if at > sight.minute]
    look = instant(min(waiting, default=sight.minute + _DAY_MIN))
    silent = [_silent(rule, sight, key, at, look) for key, at in due.items() if at <= sight.minute]
    return silent or [Verdict(Outcome.AS_EXPECTED, Reason.SIGN_OF_LIFE, "none", look, look)]


def _newest(rule: SensorSilent, sight: Sight) -> list[tuple[Key, float]]:
    """What is watched: all that people use without thinking of it, and what the rule names."""
    named = {one.place for one in rule.sensors if one.role in ("", *_PRESSED_AT_WILL)}
    watched = (key for key in sight.picture.last if key[1] not in _PRESSED_AT_WILL or key[0] in named)
    return sorted((key, sight.picture.last[key]) for key in watched)


def _limit(rule: SensorSilent, key: Key) -> tuple[int, float]:
    """How long a sensor may be silent: hours with life in the home, and days."""
    for one in rule.sensors:
        if one.place == key[0] and one.role in ("", key[1]):
            return one.active_hours, one.days
    return rule.active_hours, rule.days


def silent_at(limit: tuple[int, float], sight: Sight, last: int) -> int:
    """When a sensor silent since the minute `last` has been so for too long, or the earliest that it may be.

    `limit`: hours with life in the home, and days; both have to pass.
    """
    hours, days = limit
    by_calendar = last + round(days * _DAY_MIN)
    active = sight.within(sight.active_hours, (last // 60 + 1) * 60, sight.minute + 60)
    missing = hours - active.bit_count()
    if missing > 0:
        return max(by_calendar, sight.minute + missing * 60)
    return max(by_calendar, sight.base + nth(active, hours) + 1)


def _silent(rule: SensorSilent, sight: Sight, key: Key, due: int, look: datetime) -> Verdict:
    since = sight.picture.last[key]
    place, role = key
    occasion = f"{place} {role} {instant(int(since // 60)).isoformat()}"
    evidence = Evidence(
        expected=rule.describe(), places=(place,), last_match_at=datetime.fromtimestamp(since, UTC), detail=role
    )
    return Verdict(Outcome.NOT_OBSERVABLE, Reason.SENSOR_SILENT, occasion, instant(due), look, evidence)
