"""What happened to an alert, in words. Pure."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from api.findings import CONTACTS
from api.outcomes import OUTCOMES
from api.times import when
from api.views import EventLine

_WORDS = {
    "opened": "The alert was opened",
    "joined": "Something further was found",
    "step": "The next people were told",
    "given_back": "{person} gave it back",
    "skipped": "A step was skipped",
    "acknowledged": "{person} took it",
    "cannot": "{person} cannot do it",
    "lapsed": "It came back, because nothing had come of it",
    "explained": "It was explained",
    "closed": "{person} closed it",
}
_BY = {"sms": "by SMS", "page": "on the page"}


def line(row: dict[str, Any], zone: ZoneInfo, now: datetime) -> EventLine:
    """One row of events_of_alert.sql in words."""
    said = _WORDS.get(row["what"], row["what"].replace("_", " ").capitalize())
    said = said.format(person=row["person"] or "Somebody")
    by = f" {_BY[row['channel']]}" if row["person"] and row["channel"] in _BY else ""
    return EventLine(when(row["at"], zone, now), f"{said}{by}{_note(row)}")


def _note(row: dict[str, Any]) -> str:
    """What was noted with it; of a contact who cannot be reached, who that is."""
    note = row["note"]
    if note in CONTACTS:
        return f": {CONTACTS[note]} ({row['person']})"
    return f": {OUTCOMES.get(note, note)}" if note else ""
