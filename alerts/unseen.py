"""Judging "the home can be seen". Pure. What it finds is for the housing team, never for families."""

from datetime import UTC, datetime, timedelta

from alerts.local_days import instant
from alerts.rules import Unseen, describe
from alerts.sight import Sight
from alerts.verdicts import Evidence, Gap, Outcome, Reason, Verdict


def evaluate(rule: Unseen, sight: Sight, since: int) -> Verdict:
    beat = sight.picture.last_beat
    if not beat:
        return _never(rule, sight, since)
    seen_until = datetime.fromtimestamp(beat, UTC)
    deadline = seen_until + timedelta(minutes=rule.minutes)
    occasion = instant(int(beat // 60)).isoformat()
    if sight.now < deadline:
        return Verdict(Outcome.AS_EXPECTED, Reason.HOME_SEEN, occasion, deadline, deadline)
    return Verdict(
        Outcome.NOT_OBSERVABLE,
        Reason.HOME_UNSEEN,
        occasion,
        deadline,
        sight.now + timedelta(minutes=rule.minutes),
        Evidence(expected=describe(rule), gaps=(Gap(seen_until, sight.now),)),
    )


def _never(rule: Unseen, sight: Sight, since: int) -> Verdict:
    """A home that never reported; it has time to begin if we know since when it should."""
    deadline = instant(since) + timedelta(minutes=rule.minutes) if since else sight.now
    if sight.now < deadline:
        return Verdict(Outcome.WAITING, Reason.NEVER_REPORTED, "never", deadline, deadline)
    look = sight.now + timedelta(minutes=rule.minutes)
    return Verdict(
        Outcome.NOT_OBSERVABLE, Reason.NEVER_REPORTED, "never", deadline, look, Evidence(expected=describe(rule))
    )
