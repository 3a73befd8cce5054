"""Judging "fewer than 9 visits to the bathroom in the night". Pure. For information; nobody is woken by it.

A night is judged once it is over. A visit lasts from its first movement to its last: how long
somebody sat still after that nobody knows.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Annotated, Literal

from pydantic import Field

from alerts.bits import runs, upwards
from alerts.local_days import Window, begun, coming, instant
from alerts.rules.own_sensors import Needed, trouble
from alerts.rules.parts import LocalTime, Name, WithHours
from alerts.rules.phrases import listed, on_days
from alerts.sight import LONE_MIN, Sight
from alerts.verdicts import Evidence, Outcome, Reason, Verdict

COVERAGE_NEEDED = 0.75
"""With less of the night seen nobody says that it was as usual."""


class BathroomVisits(WithHours):
    """More visits to the bathroom in a night than usual, or a longer one."""

    kind: Literal["bathroom_visits"] = "bathroom_visits"
    # Visits in 1,540 nights: median 2, p95 6, p99 8; the longest of a night: median 3 min, p95 19, p99 30.
    start: LocalTime = "23:00"
    end: LocalTime = "06:00"
    places: Annotated[tuple[Name, ...], Field(min_length=1)] = ("bathroom", "toilet")
    visits: Annotated[int, Field(ge=2, le=60)] = 9
    """So many in a night, or more."""
    longest_min: Annotated[int, Field(ge=5, le=600)] = 40
    """Or one so long."""
    apart_min: Annotated[int, Field(ge=2, le=60)] = 10
    """Movements further apart than this are two visits."""

    def describe(self) -> str:
        return (
            f"Fewer than {self.visits} visits to the {listed(self.places)} between {self.start} and {self.end}, "
            f"none as long as {self.longest_min} minutes, {on_days(self.weekdays, self.bank_holidays)}"
        )

    def judge(self, sight: Sight, since: int) -> Sequence[Verdict]:
        return (evaluate(self, sight, since),)


def evaluate(rule: BathroomVisits, sight: Sight, since: int) -> Verdict:
    night = begun(rule.hours, sight.zone, sight.minute)
    look = coming(rule.hours, sight.zone, sight.minute).end + LONE_MIN
    if night is None or night.first < since:
        # The first night that is seen whole: so a missing sensor is told after a day, and not sooner.
        return trouble(rule, _needed(rule.places), sight, since, look) or _said(
            Outcome.WAITING, Reason.NOT_ITS_TIME, "none", look, look
        )
    if sight.minute < night.end + LONE_MIN:  # a movement has to have time to prove a lone one
        look = night.end + LONE_MIN
        return _said(Outcome.WAITING, Reason.NOT_ITS_TIME, night.day.isoformat(), look, look)
    return _of(rule, sight, since, night, look)


def _of(rule: BathroomVisits, sight: Sight, since: int, night: Window, look: int) -> Verdict:
    stays = _stays(rule, sight, night)
    longest = max(stays, default=0)
    day, deadline = night.day.isoformat(), night.end + LONE_MIN
    found = Evidence(
        expected=rule.describe(),
        places=rule.places,
        window_start=instant(night.first),
        window_end=instant(night.end),
        count=len(stays),
        measured=float(longest),
        limit=float(rule.longest_min) if longest >= rule.longest_min else None,
    )
    if len(stays) >= rule.visits or longest >= rule.longest_min:
        return _said(Outcome.MISSED, Reason.BATHROOM_VISITS, day, deadline, look, found)
    seen = sight.within(sight.seen, night.first, night.end).bit_count()
    if seen < COVERAGE_NEEDED * (night.end - night.first):
        return _said(Outcome.WAITING, Reason.NOT_COVERED, day, deadline, look)
    usual = _said(Outcome.AS_EXPECTED, Reason.WITHIN_USUAL, day, deadline, look, found)
    return trouble(rule, _needed(rule.places), sight, since, look) or usual


def _stays(rule: BathroomVisits, sight: Sight, night: Window) -> list[int]:
    """How long each visit of the night was, in minutes."""
    there = sight.within(sight.matching(rule.places, ("room",)) & sight.counted, night.first, night.end)
    return [end - first - rule.apart_min + 1 for first, end in runs(upwards(there, rule.apart_min))]


@lru_cache(maxsize=64)
def _needed(places: tuple[str, ...]) -> Needed:
    return Needed(places, ("room",), "bathroom")


def _said(
    outcome: Outcome, reason: Reason, occasion: str, deadline: int, look: int, evidence: Evidence | None = None
) -> Verdict:
    return Verdict(outcome, reason, occasion, instant(deadline), instant(look), evidence or Evidence())
