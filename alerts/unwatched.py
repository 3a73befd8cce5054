"""What rules say where the resident had paused monitoring. Pure.

While it is paused they say nothing but that; what was found before stands. Afterwards a verdict that rests
on a time that was paused is *not observable*, with that as its reason, which is nobody's case; and what
runs by a clock (a silence, a door that stands open, the cold) begins anew where the pause ended.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from alerts.local_days import begun, minute_of
from alerts.pauses import Pause
from alerts.rules import (
    BathroomVisits,
    DoorAtNight,
    LeftOpen,
    NightActivity,
    NotBack,
    RuleSettings,
    SensorSilent,
    Silence,
    Temperature,
    Unseen,
    UnusualQuiet,
)
from alerts.rules.parts import WithHours
from alerts.sight import Sight
from alerts.verdicts import Outcome, Reason, Verdict

_BY_CLOCK = (Silence, UnusualQuiet, LeftOpen, Temperature)
"""They judge what lasts until now: they count from the end of a pause, as from the moment they were made."""
_BY_THEMSELVES = (NotBack, Unseen, SensorSilent)
"""They reckon with pauses themselves."""
_BY_WHOLE_WINDOW = (DoorAtNight, NightActivity, BathroomVisits)
"""They say of a night that nothing happened in it; the others say which time they could not see."""

_SEEN = frozenset({Reason.SEEN, Reason.SEEN_LATE, Reason.DONE, Reason.VISITED})
_HAPPENED = frozenset({Reason.DOOR_AT_NIGHT, Reason.CALL_FOR_HELP, Reason.RESTLESS_NIGHT, Reason.BATHROOM_VISITS})
_OF_THE_KIT = frozenset({Reason.SENSOR_SILENT, Reason.SENSOR_NEVER_REPORTED})


def judge(rule: RuleSettings, sight: Sight, since: int) -> Sequence[Verdict]:
    """The verdicts of a rule in a home that has pauses."""
    if isinstance(rule, _BY_CLOCK):
        since = max(since, sight.watched_again)
    said = rule.judge(sight, since)
    if sight.held is not None:
        return [one if _stands(rule, one, sight.held) else _paused_now(rule, one, sight.held) for one in said]
    if isinstance(rule, _BY_CLOCK + _BY_THEMSELVES):
        return said
    return [_afterwards(rule, one, sight) for one in said]


def _stands(rule: RuleSettings, verdict: Verdict, held: Pause) -> bool:
    """Whether it was found before the pause, or happened for all to see."""
    if verdict.reason in _HAPPENED:
        return True
    lasts = isinstance(rule, (*_BY_CLOCK, NotBack)) and verdict.reason is Reason.NOT_COVERED
    found = verdict.verdict in (Outcome.MISSED, Outcome.NOT_OBSERVABLE)
    return found and verdict.deadline <= held.from_at and not lasts


def _paused_now(rule: RuleSettings, verdict: Verdict, held: Pause) -> Verdict:
    """It is a finding only once something would have had to be said; what was settled before stays so."""
    settled = verdict.reason in _SEEN or verdict.deadline <= held.from_at
    return _paused(rule, verdict, held, held.end if settled else verdict.deadline)


def _afterwards(rule: RuleSettings, verdict: Verdict, sight: Sight) -> Verdict:
    rests_on_sight = verdict.reason not in _SEEN | _HAPPENED | _OF_THE_KIT
    if verdict.verdict is Outcome.WAITING or not rests_on_sight:
        return verdict
    hidden = [
        one for one in sight.pauses if any(_overlap(one, *part, sight) for part in _rests_on(rule, verdict, sight))
    ]
    return _paused(rule, verdict, hidden[-1], verdict.deadline) if hidden else verdict


def _rests_on(rule: RuleSettings, verdict: Verdict, sight: Sight) -> list[tuple[datetime, datetime]]:
    """Stretches that had to be seen for it, and perhaps were not."""
    if not isinstance(rule, _BY_WHOLE_WINDOW):
        return [(gap.start, gap.end) for gap in verdict.evidence.gaps]
    window = begun(rule.hours, sight.zone, sight.minute) if isinstance(rule, WithHours) else None
    if window is None or verdict.reason is Reason.NOT_ITS_TIME:
        return []
    first = datetime.fromtimestamp(window.first * 60, sight.now.tzinfo)
    return [(first, min(verdict.deadline, sight.now))]


def _overlap(pause: Pause, start: datetime, end: datetime, sight: Sight) -> bool:
    """Whether minutes of this stretch were hidden by this pause."""
    first, last = max(start, pause.from_at), min(end, pause.end)
    return first < last and bool(sight.within(sight.paused, minute_of(first), minute_of(last) + 1))


def _paused(rule: RuleSettings, verdict: Verdict, pause: Pause, deadline: datetime) -> Verdict:
    """A window is judged for good by it; what lasts may be found once more when the pause is over."""
    by_window = not isinstance(rule, _BY_CLOCK + _BY_THEMSELVES)
    occasion = verdict.occasion if by_window else f"paused {pause.from_at.isoformat()} {verdict.occasion}"
    told = replace(verdict.evidence, paused_at=pause.from_at, paused_until_at=pause.end)
    return replace(
        verdict,
        verdict=Outcome.NOT_OBSERVABLE,
        reason=Reason.PAUSED,
        occasion=occasion,
        deadline=deadline,
        evidence=told,
    )
