"""The ledger of times in which we ourselves could not see, and what it means for one home. Pure.

When most homes fall silent together, it is us. What lies in such a time is held against nobody:
it is no silence of a person, and not the fault of any one home's kit.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from alerts.bits import span
from alerts.local_days import minute_of
from alerts.picture import Picture
from alerts.verdicts import Outcome, Reason, Verdict

GRACE = timedelta(minutes=30)
"""So long after an outage a home's kit has time to be heard again: gateways wait up to some minutes
between two tries, and send what they have kept first."""

LOOK_AGAIN = timedelta(minutes=10)

REMEMBERED = timedelta(days=7)
"""So long an outage still matters: longer than any picture reaches back."""


class OutageKind(StrEnum):
    BEATS = "beats"  # homes are not heard at all; what comes late shows what was seen meanwhile
    SIGNS = "signs"  # gateways are heard, but no signs of life: a beat proves nothing then


@dataclass(frozen=True, slots=True)
class Outage:
    """`ended_at` None: it goes on."""

    kind: OutageKind
    began_at: datetime
    ended_at: datetime | None = None

    def overlaps(self, start: datetime, end: datetime) -> bool:
        return self.began_at < end and (self.ended_at is None or start < self.ended_at)


Ledger = Sequence[Outage]


def hide(picture: Picture, ledger: Ledger, now: datetime) -> Picture:
    """The picture without the minutes that were not really seen, whatever beats say.

    Where beats themselves were missing nothing need be hidden: beats that came late prove what was seen.
    """
    hidden, last_beat = 0, picture.last_beat
    for one in ledger:
        if one.kind is OutageKind.SIGNS:
            end = one.ended_at or now
            hidden |= span(minute_of(one.began_at) - picture.base, minute_of(end) + 1 - picture.base)
            if one.ended_at is None:
                last_beat = min(last_beat, one.began_at.timestamp())
    return replace(picture, covered=picture.covered & ~hidden, last_beat=last_beat) if hidden else picture


def rests_until(ledger: Ledger, now: datetime) -> datetime | None:
    """Until when nobody may blame a home's kit; None: it may be blamed."""
    ends = [one.ended_at + GRACE if one.ended_at else now + LOOK_AGAIN for one in ledger if one.began_at <= now]
    latest = max(ends, default=now)
    return latest if latest > now else None


def put_off(verdict: Verdict, until: datetime) -> Verdict:
    """What supervision of the kit says instead: nothing, until the home has had time to be heard again."""
    if verdict.verdict is not Outcome.NOT_OBSERVABLE or verdict.reason is Reason.PAUSED:
        return verdict
    return Verdict(Outcome.WAITING, Reason.NOT_COVERED, verdict.occasion, until, until, verdict.evidence)


def is_ours(verdict: Verdict, ledger: Ledger) -> bool:
    """Whether something could not be judged because we ourselves could not see."""
    if verdict.reason is not Reason.NOT_COVERED:
        return False
    spans = [(gap.start, gap.end) for gap in verdict.evidence.gaps] or [(verdict.deadline, verdict.deadline)]
    return any(one.overlaps(start, end) for one in ledger for start, end in spans)
