"""Judging "the home can be seen". Pure. What it finds is for the housing team, never for families."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from alerts.local_days import instant, minute_of
from alerts.rules.parts import RuleBase
from alerts.sight import Sight
from alerts.verdicts import AlertClass, Evidence, Gap, Outcome, Reason, Verdict


class Unseen(RuleBase):
    """The home could not be seen for so long, or has never reported. For the housing team, not the family."""

    watches_for: ClassVar[AlertClass] = AlertClass.TECHNICAL

    kind: Literal["unseen"] = "unseen"
    minutes: Annotated[int, Field(ge=15, le=24 * 60)] = 60

    def describe(self) -> str:
        return f"The home can be seen: its box reports at least every {self.minutes} minutes"

    def judge(self, sight: Sight, since: int) -> Sequence[Verdict]:
        return (evaluate(self, sight, since),)


def evaluate(rule: Unseen, sight: Sight, since: int) -> Verdict:
    beat = sight.picture.last_beat
    if not beat:
        return _never(rule, sight, since)
    seen_until = datetime.fromtimestamp(max(beat, sight.watched_again * 60.0), UTC)
    deadline = seen_until + timedelta(minutes=rule.minutes)
    occasion = instant(minute_of(seen_until)).isoformat()
    if sight.now < deadline:
        return Verdict(Outcome.AS_EXPECTED, Reason.HOME_SEEN, occasion, deadline, deadline)
    return Verdict(
        Outcome.NOT_OBSERVABLE,
        Reason.HOME_UNSEEN,
        occasion,
        deadline,
        sight.now + timedelta(minutes=rule.minutes),
        Evidence(expected=rule.describe(), gaps=(Gap(seen_until, sight.now),)),
    )


def _never(rule: Unseen, sight: Sight, since: int) -> Verdict:
    """A home that never reported; it has time to begin if we know since when it should."""
    since = max(since, sight.watched_again)
    deadline = instant(since) + timedelta(minutes=rule.minutes) if since else sight.now
    if sight.now < deadline:
        return Verdict(Outcome.WAITING, Reason.NEVER_REPORTED, "never", deadline, deadline)
    look = sight.now + timedelta(minutes=rule.minutes)
    return Verdict(
        Outcome.NOT_OBSERVABLE, Reason.NEVER_REPORTED, "never", deadline, look, Evidence(expected=rule.describe())
    )
