"""Which verdicts are news: what is kept, and what becomes somebody's case. Pure.

It differs from the verdict because of what was said before and of how old it is:
* each occasion is found once;
* an occasion that could not be seen when it was due stays *not observable* for ever, so late
  data never raise a welfare alert about the past; nor is one that was missed taken back here;
* what was due hours ago is a case only while it still holds: nobody was seen there since, nobody
  came back in; else it is kept and told to nobody (our own outage must not wake families);
* a silence lasts until now, and a call for help is a case however late it comes.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.verdicts import USUAL_SEVERITY, AlertClass, Outcome, Reason, Severity, Verdict, alert_class

FRESH = timedelta(hours=2)
"""So long after its deadline a finding is news whatever happened since."""

Said = tuple[int | None, str, str]
"""(rule id, occasion, outcome) of something found before."""

_OF_A_WINDOW = frozenset({Reason.NOTHING_AT_ALL, Reason.NOTHING_THERE, Reason.REMINDER_NOT_DONE, Reason.NO_VISIT})


@dataclass(frozen=True, slots=True)
class News:
    """A finding to keep. `case`: the class of alert it opens or joins; None: nobody is told."""

    rule_id: int | None
    rule_version: int
    verdict: Verdict
    case: AlertClass | None
    severity: Severity = Severity.NONE


def news(
    rule_id: int | None,
    rule_version: int,
    verdict: Verdict,
    known: Collection[Said],
    now: datetime,
    severity: Severity | None = None,
) -> News | None:
    """The finding that this verdict is, if it is one and was not made before.

    `severity`: what the rule's settings say of what it misses; None: as usual for its class.
    """
    if verdict.reason is Reason.PAUSED and now < verdict.deadline:
        return None  # nothing would have had to be said so far
    if not verdict.is_finding or (rule_id, verdict.occasion, verdict.verdict) in known:
        return None
    if _was_settled(rule_id, verdict, known):
        return None
    case = None if _is_over(verdict, now) else alert_class(verdict.verdict, verdict.reason)
    chosen = severity if verdict.verdict is Outcome.MISSED and case else None
    if chosen is Severity.NONE:
        case = None
    return News(rule_id, rule_version, verdict, case, chosen or USUAL_SEVERITY[case])


def _was_settled(rule_id: int | None, verdict: Verdict, known: Collection[Said]) -> bool:
    """Whether the occasion was judged for good when it was due."""
    if verdict.verdict is Outcome.NOT_OBSERVABLE:
        return (rule_id, verdict.occasion, Outcome.MISSED) in known
    return verdict.reason in _OF_A_WINDOW and (rule_id, verdict.occasion, Outcome.NOT_OBSERVABLE) in known


def _is_over(verdict: Verdict, now: datetime) -> bool:
    if now - verdict.deadline <= FRESH:
        return False
    if verdict.reason in _OF_A_WINDOW:
        return verdict.evidence.since_deadline
    return verdict.reason is Reason.DOOR_AT_NIGHT and verdict.evidence.inside_at is not None
