"""Judging "the outside doors do not stand open at night". Pure.

A door that stands open does so until now, so nothing here is ever about the past. One opening is
one occasion, named by the last "shut" before it, however often the device repeats "open".
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from alerts.bits import nth
from alerts.local_days import Window, begun, coming, instant
from alerts.marks import open_since, shut_at
from alerts.rules.own_sensors import INSIDE, Needed, trouble
from alerts.rules.parts import LocalTime, Name, WithHours
from alerts.rules.phrases import listed, on_days
from alerts.sight import Sight
from alerts.verdicts import Evidence, Outcome, Reason, Severity, Verdict

RETRY_MIN = 10
"""How soon to look again at a home that cannot be seen."""

_CALLED = {"outside_door": "outside door", "fridge_door": "fridge", "inside_door": "inside door"}


class LeftOpen(WithHours):
    """A door stands open for long within these hours.

    What is not said is filled in: by day, and of a fridge, it is for information only.
    """

    kind: Literal["left_open"] = "left_open"
    start: LocalTime = "22:00"
    end: LocalTime = "06:00"
    role: Literal["outside_door", "fridge_door", "inside_door"] = "outside_door"
    places: tuple[Name, ...] = ()
    """Empty: every door of this kind."""
    # A front door stands open for 11 s (median), 6.5 min (p95); a back door by day 28 s, 1.9 h (p95)
    # and 6.7 h (p99), for it is left open in summer; a fridge 8 s, 95 s (p95).
    minutes: Annotated[int, Field(ge=2, le=12 * 60)] = 30
    """At night; by day 120, and of a fridge 10."""

    @model_validator(mode="before")
    @classmethod
    def _as_usual(cls, given: Any) -> Any:
        if not isinstance(given, Mapping):
            return given
        said = {name: value for name, value in given.items() if value is not None}
        fridge = said.get("role") == "fridge_door"
        start = said.get("start", "22:00")
        by_day = isinstance(start, str) and "05:00" <= start < "20:00"
        usual: dict[str, Any] = {"minutes": 10 if fridge else 120 if by_day else 30}
        return usual | ({"severity": Severity.NONE} if fridge or by_day else {}) | said

    def describe(self) -> str:
        doors = f"The {listed(self.places)}" if self.places else f"No {_CALLED[self.role]}"
        stands = "not open" if self.places else "open"
        days = on_days(self.weekdays, self.bank_holidays)
        return f"{doors} {stands} for {self.minutes} minutes between {self.start} and {self.end}, {days}"

    def judge(self, sight: Sight, since: int) -> Sequence[Verdict]:
        return evaluate(self, sight, since)


def evaluate(rule: LeftOpen, sight: Sight, since: int) -> list[Verdict]:
    """One verdict for each door that stands open, the newest last; else one that says shut, or cannot tell."""
    window = begun(rule.hours, sight.zone, sight.minute)
    look = _soonest(rule, sight, window)
    if window is None:
        return [Verdict(Outcome.AS_EXPECTED, Reason.NOT_ITS_TIME, "none", instant(look), instant(look))]
    standing = sorted((at, place) for place in _places(rule, sight) if (at := _since(rule, sight, place)) is not None)
    if standing:
        return [_open(rule, sight, window, place, at, since, look) for at, place in standing]
    all_shut = Evidence(detail=f"The {listed(rule.places)} is shut" if rule.places else "The doors are shut")
    shut = Verdict(Outcome.AS_EXPECTED, Reason.DOOR_SHUT, "none", instant(look), instant(look), all_shut)
    what = Needed(rule.places, (rule.role,), _CALLED[rule.role])
    return [trouble(rule, what, sight, since, look) or shut]


def _places(rule: LeftOpen, sight: Sight) -> set[str]:
    doors = {place for place, role, *_ in sight.picture.marks if role == rule.role}
    return doors & set(rule.places) if rule.places else doors


def _since(rule: LeftOpen, sight: Sight, place: str) -> float | None:
    return open_since(sight.picture.marks, place, rule.role, sight.base)


def _soonest(rule: LeftOpen, sight: Sight, window: Window | None) -> int:
    """The earliest that a door which is opened only now can be open for too long.

    Readings make no home due, so nobody may look again later than that.
    """
    if window is not None and sight.minute + rule.minutes <= window.end:
        return sight.minute + rule.minutes
    return coming(rule.hours, sight.zone, sight.minute).first + rule.minutes


def _open(rule: LeftOpen, sight: Sight, window: Window, place: str, at: float, since: int, look: int) -> Verdict:
    first = max(int(at // 60), window.first, since)
    seen = sight.within(sight.seen, first, min(window.end, sight.minute))
    missing = rule.minutes - seen.bit_count()
    if missing <= 0:
        deadline = sight.base + nth(seen, rule.minutes) + 1
        outcome, reason = Outcome.MISSED, Reason.LEFT_OPEN
    else:
        deadline = sight.minute + missing
        outcome, reason = Outcome.AS_EXPECTED, Reason.WITHIN_USUAL
        look = min(look, deadline) if deadline <= window.end else look
    if not sight.is_seen_now:
        look = min(look, sight.minute + RETRY_MIN)
        if min(sight.minute, window.end) - first >= rule.minutes:
            outcome, reason = Outcome.NOT_OBSERVABLE, Reason.NOT_COVERED
    evidence = _evidence(rule, sight, window, place, at)
    return Verdict(outcome, reason, _occasion(rule, sight, place), instant(deadline), instant(look), evidence)


def _occasion(rule: LeftOpen, sight: Sight, place: str) -> str:
    shut = shut_at(sight.picture.marks, place, rule.role)
    return f"{place} {instant(int(shut // 60)).isoformat() if shut else 'never shut'}"


def _evidence(rule: LeftOpen, sight: Sight, window: Window, place: str, at: float) -> Evidence:
    opened = int(at // 60)
    inside = sight.first_of(sight.within(sight.matching((), INSIDE), opened + 1, sight.minute + 1))
    return Evidence(
        expected=rule.describe(),
        places=(place,),
        window_start=instant(window.first),
        window_end=instant(window.end),
        opened_at=datetime.fromtimestamp(at, UTC),
        inside_at=sight.at_and_where(inside)[0] if inside is not None else None,
        limit=rule.minutes,
    )
