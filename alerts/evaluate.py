"""`evaluate(rule, picture, zone, now)`: what a rule says about a home at a moment. Pure.

The same function serves the live engine, the pages, a dry run and a replay.

What was found, and what is done about it:
* an occasion that could not be seen when it was due stays *not observable* for ever;
* a deadline long past is not news, unless what was missed is still missing now;
* a call for help is news whatever its age.
Those are decided in findings.py, which knows what was said before.
"""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from alerts import calls, unwatched
from alerts.away import Absence, as_away, holding, last_end
from alerts.folding import Picture
from alerts.local_days import minute_of
from alerts.rules import Rule, RuleSettings
from alerts.sight import Sight
from alerts.verdicts import AlertClass, Outcome, Verdict


def evaluate(rule: Rule | RuleSettings, picture: Picture, zone: ZoneInfo, now: datetime) -> Verdict:
    """The verdict on the newest occasion of the rule."""
    kept = rule if isinstance(rule, Rule) else Rule(0, 0, rule)
    return judge(kept, Sight(picture, zone, now))[-1]


def judge(rule: Rule, sight: Sight, absences: Sequence[Absence] = ()) -> Sequence[Verdict]:
    """The verdicts on all occasions that are still open to judgement, newest last; never none."""
    since = minute_of(rule.since) if rule.since else 0
    if absences and rule.settings.watches_for == AlertClass.WELFARE:
        held, ended = holding(absences, sight.now), last_end(absences, sight.now)
        if held is not None:
            return (as_away(held, sight.now),)
        since = max(since, minute_of(ended)) if ended else since
    if sight.pauses:
        return unwatched.judge(rule.settings, sight, since)
    return rule.settings.judge(sight, since)


def would_say_again(rule: Rule, sight: Sight, at: datetime, absences: Sequence[Absence] = ()) -> bool:
    """Whether a rule that said "missed" at `at` would say so knowing all that had happened by then.

    Only what happened before counts: activity that returned afterwards explains nothing, and neither does
    what somebody said afterwards about that day. It stands too where the picture no longer reaches so far back.
    """
    if not rule.settings.can_tell(sight, minute_of(at)):
        return True
    then = Sight(sight.picture.as_at(minute_of(at)), sight.zone, at)
    over = [one for one in absences if one.end is not None and one.end <= at]
    return any(verdict.verdict is Outcome.MISSED for verdict in judge(rule, then, over))


def called(picture: Picture, zone: ZoneInfo, now: datetime) -> list[Verdict]:
    """The calls for help in a picture, newest first."""
    return calls.evaluate(Sight(picture, zone, now))
