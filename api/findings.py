"""What was found, in plain words. The words are those of alerts/words.py."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from alerts import words
from alerts.verdicts import Evidence as Facts
from alerts.verdicts import Outcome, Reason, Verdict
from api.times import when
from api.views import Evidence

REASONS = frozenset(Reason)
CONTACTS = {
    "contact_number_wrong": "The phone number of somebody who is to be told does not work.",
    "contact_opted_out": "Somebody who is to be told has stopped our texts.",
    "contact_blocked": "Our texts to somebody who is to be told are blocked.",
    "contact_does_not_answer": "Somebody who is to be told did not answer, asked twice whether it is their phone.",
    "contact_not_theirs": "Somebody answered that a phone on the list is not to get our alerts.",
}
"""By alerts.telling.refusals.TELL_STAFF and still_you: technical alerts without a finding."""


def verdict_of(finding: dict[str, Any]) -> Verdict:
    """A row of finding, as JSON, as the verdict it was."""
    deadline = datetime.fromisoformat(finding["deadline_at"])
    return Verdict(
        Outcome(finding["verdict"]),
        Reason(finding["reason"]),
        finding["occasion"],
        deadline,
        deadline,
        Facts.from_json(finding["evidence"]),
    )


def sentence(finding: dict[str, Any] | None, reason: str, zone: ZoneInfo, now: datetime) -> str:
    """One plain sentence on why an alert was opened: by a finding, or because a contact cannot be reached."""
    if finding is None or reason in CONTACTS:
        return CONTACTS.get(reason, "Something wants a look.")
    return words.sentence(verdict_of(finding), zone, now)


def evidence(finding: dict[str, Any], zone: ZoneInfo, now: datetime) -> Evidence:
    """The sentence, when it was found, and why."""
    verdict = verdict_of(finding)
    found = when(datetime.fromisoformat(finding["found_at"]), zone, now)
    return Evidence(words.sentence(verdict, zone, now), found, tuple(words.why(verdict, zone, now)))
