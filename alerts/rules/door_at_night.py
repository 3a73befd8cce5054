"""Judging "outside doors not opened between 23:00 and 05:00". Pure.

The opening itself is the finding, at once; what came after it (shut again, movement inside)
is evidence that grows while people look at it.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from functools import lru_cache
from typing import ClassVar, Literal

from alerts.bits import runs
from alerts.local_days import Window, begun, coming, instant
from alerts.rules.own_sensors import Needed, trouble
from alerts.rules.parts import LocalTime, Name, WithHours
from alerts.rules.phrases import listed, on_days
from alerts.sight import Sight
from alerts.verdicts import AlertClass, Evidence, Outcome, Reason, Verdict

ONE_MIN = 2
"""Openings that follow each other within so many minutes are one."""


class DoorAtNight(WithHours):
    """An outside door is opened at night."""

    watches_for: ClassVar[AlertClass] = AlertClass.URGENT

    kind: Literal["door_at_night"] = "door_at_night"
    # An outside door was used between 23:00 and 05:00 on 17 % of nights; in 9 of 32 homes never.
    start: LocalTime = "23:00"
    end: LocalTime = "05:00"
    places: tuple[Name, ...] = ()
    """Empty: every outside door."""

    def describe(self) -> str:
        doors = f"The {listed(self.places)}" if self.places else "Outside doors"
        days = on_days(self.weekdays, self.bank_holidays)
        return f"{doors} not opened between {self.start} and {self.end}, {days}"

    def judge(self, sight: Sight, since: int) -> Sequence[Verdict]:
        return evaluate(self, sight, since)


def evaluate(rule: DoorAtNight, sight: Sight, since: int) -> list[Verdict]:
    """One verdict for each time that doors were opened in the newest night; else one that says shut, or cannot tell."""
    night = begun(rule.hours, sight.zone, sight.minute)
    look = coming(rule.hours, sight.zone, sight.minute).end
    if night is None or night.end <= since:
        return [Verdict(Outcome.AS_EXPECTED, Reason.NOT_ITS_TIME, "none", instant(look), instant(look))]
    openings = sight.within(_opened(rule, sight), max(night.first, since), min(night.end, sight.minute + 1))
    if not openings:
        shut = Verdict(Outcome.AS_EXPECTED, Reason.DOOR_SHUT, night.day.isoformat(), instant(night.end), instant(look))
        return [trouble(rule, _needed(rule.places), sight, since, look) or shut]
    return [_opening(rule, sight, night, first, look) for first in _firsts(openings, sight.base)]


@lru_cache(maxsize=64)
def _needed(places: tuple[str, ...]) -> Needed:
    return Needed(places, ("outside_door",), "outside door")


def _opened(rule: DoorAtNight, sight: Sight) -> int:
    opened = 0
    for place, bits in sight.picture.opened.items():
        if not rule.places or place in rule.places:
            opened |= bits
    return opened


def _firsts(openings: int, base: int) -> list[int]:
    """The minute with which each group of openings begins."""
    firsts: list[int] = []
    end = -ONE_MIN - 1
    for first, run_end in runs(openings):
        if first - end >= ONE_MIN:
            firsts.append(base + first)
        end = run_end
    return firsts


def _opening(rule: DoorAtNight, sight: Sight, night: Window, first: int, look: int) -> Verdict:
    places = tuple(
        place
        for place, bits in sorted(sight.picture.opened.items())
        if (not rule.places or place in rule.places) and sight.within(bits, first, first + ONE_MIN + 1)
    )
    rooms = sight.within(sight.matching((), ("room", "bed", "chair", "fridge_door")), first + 1, sight.minute + 1)
    inside = sight.first_of(rooms)
    evidence = Evidence(
        expected=rule.describe(),
        places=places,
        window_start=instant(night.first),
        window_end=instant(night.end),
        opened_at=instant(first),
        shut_at=_shut_at(sight, places, first),
        inside_at=sight.at_and_where(inside)[0] if inside is not None else None,
    )
    return Verdict(
        Outcome.MISSED, Reason.DOOR_AT_NIGHT, instant(first).isoformat(), instant(first), instant(look), evidence
    )


def _shut_at(sight: Sight, places: tuple[str, ...], first: int) -> datetime | None:
    """When the last of these doors was shut; None while one of them stands open."""
    states = [sight.picture.doors[key] for key in sight.picture.doors if key[0] in places and key[1] == "outside_door"]
    if not states or any(is_open for _, is_open in states):
        return None
    return datetime.fromtimestamp(max(at for at, _ in states), UTC) if max(states)[0] >= first * 60 else None
