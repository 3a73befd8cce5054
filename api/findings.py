"""What was found, in plain words. The words are those of alerts/words.py."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from alerts import words
from alerts.telling.refusals import CONTACT_WORDS as CONTACTS
from alerts.verdicts import Evidence as Facts
from alerts.verdicts import Outcome, Reason, Verdict
from api.times import when
from api.views import Evidence

REASONS = frozenset(Reason)


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
