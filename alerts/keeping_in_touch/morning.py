"""Whether a home's morning was as usual, for sure. Pure: no clock, no database.

Stricter than judging, which only looks for what did not happen: nobody may be told that all is
well because of a movement that a spider made, or of a home that cannot be seen now.
"""

from datetime import datetime

from alerts.away import holding, last_end
from alerts.loading import HomeFacts
from alerts.local_days import begun, local_day, minute_of
from alerts.one_home import RuleVerdict, verdicts_of, zone_of
from alerts.pauses import counted
from alerts.rules import ExpectedActivity, RuleBase
from alerts.sight import LONE_MIN, Sight
from alerts.verdicts import AlertClass, Outcome

FROM, UNTIL = "03:00", "13:00"
"""A routine that lies within these hours of the local day is one of the morning."""


def was_as_usual(home: HomeFacts, now: datetime) -> bool:
    """Every routine of this morning was seen in its time, by signs that count, and nothing else was found."""
    if holding(home.absences, now) is not None:
        return False
    picture, said = verdicts_of(home, now)
    sight = Sight(picture, zone_of(home.time_zone), now, counted(home.pauses))
    back = last_end(home.absences, now)
    expected_from = max(minute_of(back) if back is not None else 0, sight.watched_again)
    if expected_from >= local_day(sight.zone, sight.minute).first:
        return False  # nobody was expected, or monitoring was paused, in a part of this morning
    if not sight.is_seen_now or any(_is_news_of_today(one, sight) for one in said):
        return False
    routines = [one.rule.settings for one in said if is_of_the_morning(one.rule.settings)]
    asked = [seen for routine in routines if (seen := _was_seen(routine, sight)) is not None]
    return bool(asked) and all(asked)


def is_of_the_morning(rule: RuleBase) -> bool:
    return isinstance(rule, ExpectedActivity) and FROM <= rule.start < rule.end <= UNTIL


def _is_news_of_today(one: RuleVerdict, sight: Sight) -> bool:
    """Something about the person was found late or missing since midnight."""
    midnight = local_day(sight.zone, sight.minute).first
    return (
        one.rule.settings.watches_for != AlertClass.TECHNICAL
        and one.verdict.verdict in (Outcome.LATE, Outcome.MISSED)
        and minute_of(one.verdict.deadline) >= midnight
    )


def _was_seen(rule: RuleBase, sight: Sight) -> bool | None:
    """None: it is none of this day's routines."""
    if not isinstance(rule, ExpectedActivity):
        return None
    window = begun(rule.hours, sight.zone, sight.minute)
    if window is None or window.day != local_day(sight.zone, sight.minute).day:
        return None
    # What is younger may still prove to be a lone movement.
    until = min(window.end, sight.minute - LONE_MIN)
    signs = sight.matching(rule.places, rule.roles) & sight.counted
    return bool(sight.within(signs, window.first, until))
