"""A rule whose own sensors are missing or dead says so once, instead of staying quietly green. Pure."""

from dataclasses import dataclass
from datetime import UTC, datetime

from alerts.bits import nth
from alerts.local_days import instant
from alerts.rules.parts import Role, RuleBase
from alerts.rules.sensor_silent import SensorSilent, silent_at
from alerts.sight import Sight
from alerts.verdicts import Evidence, Outcome, Reason, Verdict

DAY_MIN = 24 * 60
"""A sensor that says nothing while the home is seen for so long was never put up, or never worked."""

INSIDE: tuple[Role, ...] = ("room", "bed", "chair", "inside_door", "fridge_door", "plug")
"""Kinds of sensor that tell of somebody inside."""

NO_SENSOR = "no sensor"
"""The occasion of a rule without sensors: there is only one."""

_USUAL = SensorSilent()
_DOOR_DAYS = 7
"""Outside doors are used seldom by those who hardly go out: of 30 homes in 8 weeks three did not for a week."""


@dataclass(frozen=True, slots=True)
class Needed:
    """What a rule cannot do without: any of these places and roles (empty: any)."""

    places: tuple[str, ...]
    roles: tuple[Role, ...]
    what: str
    """What people call such a sensor, where no place says it."""

    @property
    def limit(self) -> tuple[int, float]:
        """How long all of them may be silent in a live home: hours with life in it, and days."""
        return _USUAL.active_hours, _DOOR_DAYS if self.roles == ("outside_door",) else _USUAL.days


def trouble(rule: RuleBase, needed: Needed, sight: Sight, since: int, look: int) -> Verdict | None:
    """Why the rule cannot notice anything; None: it can. `look`: when the rule would look again anyway."""
    newest = sight.ever_matched(needed.places, needed.roles)
    if not newest:
        return _never_so_far(rule, needed, sight, since, look)
    last = max(int(newest // 60), since)
    if sight.minute - last < DAY_MIN:
        return None
    due = silent_at(needed.limit, sight, last)
    return dead(rule, needed, sight, due, look) if due <= sight.minute else None


def _never_so_far(rule: RuleBase, needed: Needed, sight: Sight, since: int, look: int) -> Verdict:
    seen = sight.within(sight.seen, since, sight.minute)
    missing = DAY_MIN - seen.bit_count()
    if missing <= 0:
        return never(rule, needed, sight.base + nth(seen, DAY_MIN) + 1, look)
    due = sight.minute + missing
    again = min(due, max(look, sight.minute + 1))
    return Verdict(Outcome.WAITING, Reason.SENSOR_NEVER_REPORTED, NO_SENSOR, instant(due), instant(again))


def never(rule: RuleBase, needed: Needed, deadline: int, look: int) -> Verdict:
    """No such sensor has ever reported."""
    return _said(rule, needed, Reason.SENSOR_NEVER_REPORTED, NO_SENSOR, deadline, look)


def dead(rule: RuleBase, needed: Needed, sight: Sight, deadline: int, look: int) -> Verdict:
    """All of them have been silent for too long in a live home: one occasion until one of them speaks."""
    newest = datetime.fromtimestamp(sight.ever_matched(needed.places, needed.roles), UTC)
    occasion = f"silent since {newest:%Y-%m-%dT%H:%M}"
    return _said(rule, needed, Reason.SENSOR_SILENT, occasion, deadline, look, newest)


def _said(
    rule: RuleBase,
    needed: Needed,
    reason: Reason,
    occasion: str,
    deadline: int,
    look: int,
    newest: datetime | None = None,
) -> Verdict:
    evidence = Evidence(expected=rule.describe(), places=needed.places, detail=needed.what, last_match_at=newest)
    return Verdict(Outcome.NOT_OBSERVABLE, reason, occasion, instant(deadline), instant(look), evidence)
