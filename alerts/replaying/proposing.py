"""Rules proposed from a home's habits, each with the evidence in plain words. Pure.

Nothing applies by itself: a named person accepts a proposal after seeing evidence and a dry run.
Floors and ceilings keep a quiet fortnight from making a rule that cries wolf, and a wild one from
making a rule that never speaks.
"""

from dataclasses import dataclass

from alerts.replaying.habits import Habits, SensorHabit, is_bathroom, is_kitchen
from alerts.rules import (
    BathroomVisits,
    DoorAtNight,
    ExpectedActivity,
    NightActivity,
    RuleSettings,
    SensorSilent,
    Unseen,
    UnusualQuiet,
    Watched,
)

ENOUGH_DAYS = 7
"""With fewer days that count nothing is learned, and the defaults are proposed."""

QUIET_LIMIT = 3.25
DAY_FLOOR, BY_DAY = 0.77, range(7, 20)
"""By day no hour is taken to be quieter than this, so that a fall in a quiet home is not found late."""
KITCHEN_FLOOR, KITCHEN_CEILING = 10.0, 14.0
"""Local hours between which a missing kitchen is told. p99 of all homes: 13:12."""
KITCHEN_GRACE_MIN = 30
KITCHEN_SPARE = 1.0
NIGHT_FLOOR, NIGHT_CEILING = 28, 50
VISITS_SPARE, VISITS_FLOOR, VISITS_CEILING = 2, 9, 20
"""Visits in a night. Of 1,540 nights the median has 2, p99 8."""
UNSEEN_MIN = 25
SENSOR_FLOOR, SENSOR_CEILING = 28, 48
"""Hours with life in the home."""
SENSOR_REGULAR = 12
"""A sensor with longer silences than this is used seldom, and is judged by the calendar too."""
SENSOR_SPARE, SELDOM_SPARE = 2.5, 4.5
"""So many times its longest silence: in hours with life in the home, and by the calendar."""
USUAL = "The usual for every home"


@dataclass(frozen=True, slots=True)
class Proposal:
    """Rules for one home, and why."""

    rules: tuple[RuleSettings, ...]
    evidence: tuple[str, ...]
    why: tuple[str, ...] = ()
    """For each rule the evidence it rests on, in the same order."""


def propose(habits: Habits) -> Proposal:
    parts = [_quiet(habits), _kitchen(habits), _night(habits), _bathroom(habits), _sensors(habits)]
    fixed: list[RuleSettings] = [DoorAtNight(), Unseen(minutes=UNSEEN_MIN)]
    chosen = [(rule, words) for rule, words in parts if rule is not None] + [(rule, USUAL) for rule in fixed]
    return Proposal(
        rules=tuple(rule for rule, _ in chosen),
        evidence=tuple(words for _, words in parts),
        why=tuple(words for _, words in chosen),
    )


def _is_short(habits: Habits) -> bool:
    return len(habits.days) < ENOUGH_DAYS


def _quiet(habits: Habits) -> tuple[RuleSettings, str]:
    if _is_short(habits):
        return UnusualQuiet(), f"Quiet: only {len(habits.days)} days to learn from, so the day of many homes is used"
    busy = [f"{hour:02}:00" for hour, share in enumerate(habits.usual) if share >= 0.8]
    words = (
        f"Quiet: {len(habits.days)} days; stirs on at least 8 days of 10 in the hours from {busy[0]} to {busy[-1]}"
        if busy
        else f"Quiet: {len(habits.days)} days; no hour in which it stirs on 8 days of 10"
    )
    longest = f"; longest time out {max(habits.outs, default=0.0):.1f} h"
    usual = tuple(max(share, DAY_FLOOR) if hour in BY_DAY else share for hour, share in enumerate(habits.usual))
    return UnusualQuiet(usual=usual, limit=QUIET_LIMIT), words + longest


def _kitchen(habits: Habits) -> tuple[RuleSettings | None, str]:
    places = tuple(sorted({one.key[0] for one in habits.sensors if is_kitchen(one.key)}))
    roles = ("room", "fridge_door")
    if not places:
        return None, "Kitchen: no sensor there"
    if _is_short(habits):
        rule = ExpectedActivity(places=places, roles=roles, end="12:30", grace_min=KITCHEN_GRACE_MIN)
        return rule, f"Kitchen: only {len(habits.days)} days to learn from, so a late hour is used"
    if len(habits.kitchen) < 0.8 * len(habits.days):
        return None, f"Kitchen: used on only {len(habits.kitchen)} of {len(habits.days)} days"
    late = habits.kitchen[-2]
    due = min(max(late + KITCHEN_SPARE, KITCHEN_FLOOR), KITCHEN_CEILING)
    end = round((due * 60 - KITCHEN_GRACE_MIN) / 15) * 15
    words = (
        f"Kitchen: first used at {_clock(habits.kitchen[len(habits.kitchen) // 2])} on the middle day, "
        f"by {_clock(late)} on {len(habits.kitchen) - 1} of {len(habits.days)} days ({', '.join(places)})"
    )
    return ExpectedActivity(places=places, roles=roles, end=_clock(end / 60), grace_min=KITCHEN_GRACE_MIN), words


def _night(habits: Habits) -> tuple[RuleSettings, str]:
    if _is_short(habits):
        return NightActivity(), f"Night: only {len(habits.days)} days to learn from"
    usual = habits.nights[-2]
    limit = min(max(usual + 1, NIGHT_FLOOR), NIGHT_CEILING)
    words = f"Night: at most {usual} movements within 90 min in {len(habits.nights) - 1} of {len(habits.nights)}"
    return NightActivity(movements=limit), words + " nights"


def _bathroom(habits: Habits) -> tuple[RuleSettings | None, str]:
    places = tuple(sorted({one.key[0] for one in habits.sensors if is_bathroom(one.key)}))
    if not places:
        return None, "Bathroom: no sensor there"
    if _is_short(habits):
        return BathroomVisits(places=places), f"Bathroom: only {len(habits.days)} days to learn from"
    usual = habits.visits[-2]
    limit = min(max(usual + VISITS_SPARE, VISITS_FLOOR), VISITS_CEILING)
    words = (
        f"Bathroom: at most {usual} visits between 23:00 and 06:00 in {len(habits.visits) - 1} "
        f"of {len(habits.visits)} nights ({', '.join(places)})"
    )
    return BathroomVisits(places=places, visits=limit), words


def _sensors(habits: Habits) -> tuple[RuleSettings, str]:
    if _is_short(habits):
        return SensorSilent(), f"Sensors: only {len(habits.days)} days to learn from"
    watched = tuple(_watched(one) for one in habits.sensors if one.days >= ENOUGH_DAYS)
    longest = max(habits.sensors, key=lambda one: one.longest_hours)
    words = (
        f"Sensors: {len(watched)} speak on at least {ENOUGH_DAYS} days; "
        f"the longest silence in a live home was {longest.longest_hours} h ({longest.key[0]})"
    )
    return SensorSilent(sensors=watched), words


def _watched(sensor: SensorHabit) -> Watched:
    hours = min(max(round(SENSOR_SPARE * sensor.longest_hours), SENSOR_FLOOR), SENSOR_CEILING)
    seldom = sensor.longest_hours > SENSOR_REGULAR
    days = max(1.0, round(SELDOM_SPARE * sensor.longest_days, 1)) if seldom else 1.0
    place, role = sensor.key
    return Watched.model_validate({"place": place, "role": role, "active_hours": hours, "days": days})


def _clock(hours: float) -> str:
    minutes = round(hours * 60)
    return f"{minutes // 60:02}:{minutes % 60:02}"
