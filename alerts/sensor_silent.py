"""Judging "every sensor says something while there is life in the home". Pure. For the housing team.

Time does not count by the clock but by the hours in which something else stirred: a home whose
people are away tells nothing about its sensors.
"""

from bisect import bisect_right
from datetime import UTC, datetime

from alerts.folding import Key
from alerts.habit_rules import SensorSilent, Watched
from alerts.local_days import instant
from alerts.rules import describe
from alerts.sight import Sight
from alerts.verdicts import Evidence, Outcome, Reason, Verdict

_DAY_MIN = 24 * 60
_HOUR = (1 << 60) - 1


def evaluate(rule: SensorSilent, sight: Sight, since: int) -> list[Verdict]:
    """One verdict for each sensor that is silent too long; else one that says when to look again."""
    hours = _active_hours(sight)
    silent: list[Verdict] = []
    looks: list[int] = []
    for key, at in sight.picture.last.items():
        limit = _limit(rule, key)
        due, look = _due(limit, hours, max(int(at // 60), since), sight.minute)
        looks.append(look)
        if due:
            silent.append(_silent(rule, sight, key, at))
    again = instant(min(looks, default=sight.minute + _DAY_MIN))
    if silent:
        return [_again(one, again) for one in silent]
    return [Verdict(Outcome.AS_EXPECTED, Reason.SIGN_OF_LIFE, "none", again, again)]


def _limit(rule: SensorSilent, key: Key) -> Watched:
    for one in rule.sensors:
        if one.place == key[0] and one.role in ("", key[1]):
            return one
    return Watched(place=key[0], active_hours=rule.active_hours, days=rule.days)


def _due(limit: Watched, hours: list[int], last: int, minute: int) -> tuple[bool, int]:
    """Whether a sensor silent since `last` has been so for too long, and when that may change."""
    active = len(hours) - bisect_right(hours, last // 60)
    by_calendar = last + round(limit.days * _DAY_MIN)
    if active >= limit.active_hours and minute >= by_calendar:
        return True, minute + _DAY_MIN
    missing = (limit.active_hours - active) * 60
    return False, max(by_calendar, minute + max(missing, 1))


def _active_hours(sight: Sight) -> list[int]:
    """The Unix hours within the horizon in which something stirred."""
    stirred, hour = sight.counted >> (-sight.base % 60), -(-sight.base // 60)
    found = []
    while stirred:
        if stirred & _HOUR:
            found.append(hour)
        stirred >>= 60
        hour += 1
    return found


def _silent(rule: SensorSilent, sight: Sight, key: Key, at: float) -> Verdict:
    since = datetime.fromtimestamp(at, UTC)
    place, role = key
    occasion = f"{place} {role} {instant(int(at // 60)).isoformat()}"
    evidence = Evidence(expected=describe(rule), places=(place,), last_match_at=since, detail=role)
    return Verdict(Outcome.NOT_OBSERVABLE, Reason.SENSOR_SILENT, occasion, sight.now, sight.now, evidence)


def _again(one: Verdict, look: datetime) -> Verdict:
    return Verdict(one.verdict, one.reason, one.occasion, one.deadline, look, one.evidence)
