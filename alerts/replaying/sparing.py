"""Looks at a home that can be spared, because what came since the last one shows that nothing will be found. Pure.

A look folds all that came and judges; what is asked here costs a hundredth of that. Nothing is found
sooner, later or otherwise for it.
"""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from alerts.folding import Plain
from alerts.local_days import begun
from alerts.rules import NightActivity, Rule, Silence, UnusualQuiet
from alerts.rules.night_activity import STEP_MIN
from alerts.sight import LONE_MIN
from gateway.messages import Kind

MINUTE_S = 60.0
_FEW = 8
_MANY = 200
"""So many readings of the newest are looked through."""


def soonest(rule: Rule) -> float:
    """No silence can be too long for this rule sooner than so many seconds after a sign of life; 0: any may be."""
    settings = rule.settings
    if isinstance(settings, UnusualQuiet):
        return min(settings.limit, settings.at_most_hours) * 3600 - MINUTE_S
    return settings.hours * 3600 - MINUTE_S if isinstance(settings, Silence) else 0.0


def surely_stirred(pending: Sequence[Plain]) -> float:
    """Unix seconds of a movement that another one near it bears out, among the last that came; 0: none."""
    newest: tuple[float, str] | None = None
    for at, place, _, kind, value in reversed(pending[-_FEW:]):
        if kind is not Kind.MOTION or value <= 0:
            continue
        if newest is not None and abs(newest[0] - at) < LONE_MIN * 60 - MINUTE_S:
            # The same one delivered twice bears nothing out.
            if place != newest[1] or int(at // 60) != int(newest[0] // 60):
                return min(newest[0], at)
        else:
            newest = (at, place)
    return 0.0


def calm_until(rule: NightActivity, zone: ZoneInfo, pending: Sequence[Plain], folded_s: float, at: float) -> float:
    """When to look again at a night in which less has come so far than this rule asks for; 0: look now.

    `folded_s`: what came before is not among `pending`. The end of the night is looked at in any case.
    """
    minute = int(at // 60)
    night = begun(rule.hours, zone, minute)
    if night is None or minute >= night.end or folded_s > night.first * 60:
        return 0.0
    if sum(reading[0] >= night.first * 60 for reading in pending[-_MANY:]) >= min(rule.movements, _MANY):
        return 0.0
    return min(night.end, minute + STEP_MIN) * 60.0
