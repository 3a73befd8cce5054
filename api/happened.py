"""What happened to an alert, in words. Pure."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from alerts.telling.refusals import CONTACT_WORDS as CONTACTS
from api.findings import REASONS
from api.outcomes import OUTCOMES
from api.times import when
from api.views import EventLine

_WORDS = {
    "opened": "The alert was opened",
    "joined": "Something further was found",
    "reopened": "It was opened again",
    "step": "Step {note} of the list was told",
    "skipped": "{person} was passed by",
    "repeated": "The list starts again from the top",
    "nobody_answered": "Everybody on the list was told and nobody took it",
    "acknowledged": "{person} took it",
    "attending": "{person} is there",
    "asked_on_tablet": "“Are you all right?” was asked on the tablet",
    "resident_well": "{person} said that all is well",
    "resident_wants_help": "{person} asked for somebody to come",
    "cannot": "{person} cannot do it",
    "given_back": "{person} gave it back",
    "moving_again": "{note}",
    "seen_again": "{note}",
    "lapsed": "It came back, because nothing had come of it",
    "holder_not_reached": "It came back, because {person} could not be told that the home called again",
    "explained": "It was explained",
    "closed": "{person} closed it",
}
_NOTES = OUTCOMES | {
    "opted_out": "has stopped our texts",
    "number_wrong": "the phone number does not work",
    "no_email": "there is no e-mail address",
    "nobody_on_duty": "nobody was on duty",
    "answered": "had answered",
    "not_asked": "is not asked about what is urgent",
    "cannot": "cannot do it",
}
_BY = {
    "sms": "by SMS",
    "voice": "by telephone",
    "page": "on the page",
    "tablet": "on the tablet",
    "webhook": "by another system",
}


def line(row: dict[str, Any], zone: ZoneInfo, now: datetime) -> EventLine:
    """One row of events_of_alert.sql in words."""
    words = _WORDS.get(row["what"], row["what"].replace("_", " ").capitalize())
    said = words.format(person=row["person"] or "Somebody", note=row["note"] or "")
    is_somebody = row["person"] or row["channel"] == "tablet"
    by = f" {_BY[row['channel']]}" if is_somebody and row["channel"] in _BY else ""
    note = "" if "{note}" in words else _note(row)
    return EventLine(when(row["at"], zone, now), f"{said}{by}{note}")


def _note(row: dict[str, Any]) -> str:
    """What was noted with it; of a contact who cannot be reached, who that is."""
    note = row["note"]
    if not note or note in REASONS:
        return ""  # the evidence says it in a sentence
    if note in CONTACTS:
        return f": {CONTACTS[note]} ({row['person']})"
    return f": {_NOTES.get(note, note)}"
