"""Routines in plain words: what each kind is for, what each setting is called, what was changed. Pure.

A kind or a setting that is not named here is called by its own name, so that a new one can be used at once.
"""

from collections.abc import Mapping
from typing import Any

from alerts.rules import BadRuleError, RuleBase, read
from alerts.verdicts import USUAL_SEVERITY, AlertClass, Severity

KINDS = {
    "expected_activity": ("Seen by a certain time", "Up by ten, in the kitchen by noon, in bed by midnight."),
    "silence": ("No activity for many hours", "At any hour, or by day only, while at home."),
    "unusual_quiet": ("Quieter than this home usually is", "Learns the usual day, and knows that nights are quiet."),
    "volume_drop": ("A day with far too little activity", "A home that is nearly still, but not quite."),
    "door_at_night": ("Outside door at night", "Told at once, whatever the hour."),
    "left_open": ("Door left open", "An outside door or the fridge stands open for long."),
    "not_back": ("Not back home", "Went out and is not back after some hours, or by a time."),
    "night_activity": ("Restless night", "Kept as information; nobody is woken by it."),
    "bathroom_visits": ("Bathroom visits at night", "Kept as information; nobody is woken by it."),
    "reminder": ("Missed reminder or dose", "Shown, and not answered in time."),
    "visit": ("Expected visit", "A visitor who should have come between two times."),
    "temperature": ("Too cold or too hot", "Outside a range of temperature for some time."),
    "slow_change": ("Slow change over weeks", "Kept as information, once a week."),
    "sensor_silent": ("Silent sensor", "For the housing team: a sensor says nothing while others do."),
    "unseen": ("The home cannot be seen", "For the housing team: the box in the home does not report."),
}
"""What people call a kind, and a hint."""

LABELS = {
    "name": ("What to call it", "You may leave this empty."),
    "severity": ("How much it matters", "It decides who is told, and how soon."),
    "start": ("From", "Like 05:00"),
    "end": ("Until", "Like 10:00. A time before the first means the next day."),
    "places": ("Where", "Choose none for anywhere."),
    "door_at_night.places": ("Which doors", "Choose none for every outside door."),
    "roles": ("Which kinds of sensor", "Choose none for all."),
    "weekdays": ("On which days", ""),
    "bank_holidays": ("Bank holidays in England", ""),
    "grace_min": ("Then wait before anybody is told", "Meanwhile the pages say “later than usual”."),
    "coverage_needed": (
        "How much of the time must have been seen",
        "A share, from 0 to 1. With less we say “we could not see” and nobody's family is told.",
    ),
    "hours": ("No activity for", "Counted only while the home can be seen."),
    "by_day": ("Only between these times", "Leave both empty to watch at any hour."),
    "out_after_door_min": (
        "Taken for out when silent so soon after an outside door",
        "0: never taken for out.",
    ),
    "out_after_door_s": ("Taken for out when nothing moves so soon after an outside door", "0: never taken for out."),
    "out_from": ("Going out is believed from", "Like 05:00"),
    "out_until": ("Going out is believed until", "Later it is locking up for the night. Like 20:00"),
    "unusual_quiet.out_from": ("Going out is believed from", "An hour of the day, like 5"),
    "unusual_quiet.out_until": ("Going out is believed until", "An hour of the day, like 20"),
    "not_back.out_from": ("Going out is believed from", "An hour of the day, like 5"),
    "not_back.out_until": ("Going out is believed until", "An hour of the day, like 20"),
    "out_cap_hours": ("Taken for out for at most", ""),
    "limit": ("How unusual the quiet must be", "Higher tells less often."),
    "movements": ("So many movements", "Each room counts once a minute."),
    "within_min": ("Within", ""),
    "minutes": ("For longer than", ""),
    "active_hours": ("Hours in which others spoke", "Hours with life in the home since the sensor's last word."),
    "days": ("And at least so many days", ""),
    "at_most_hours": ("At any hour, no activity for at most", "Told then, however usual the quiet may be."),
    "checks": ("When to look", "Times with commas between them, like 14:00, 17:00, 20:00"),
    "volume_drop.below": ("Far too little is less than this share of the usual", "From 0 to 0.5"),
    "temperature.below": ("Too cold is below", "In °C. Leave it empty to watch for heat only."),
    "temperature.above": ("Too hot is above", "In °C. Leave it empty to watch for cold only."),
    "temperature.minutes": ("For so long", "Then the pages say “later than usual”."),
    "temperature.grace_min": ("Then wait before anybody is told", ""),
    "not_back.hours": ("Back within", "Leave it empty to watch the clock only."),
    "by": ("Back by", "A time like 21:00, or empty."),
    "visits": ("So many visits or more", ""),
    "longest_min": ("Or one visit as long as", ""),
    "apart_min": ("Two visits are so far apart", ""),
    "role": ("Which kind of door", ""),
    "left_open.places": ("Which doors", "Choose none for every door of that kind."),
    "left_open.minutes": ("Open for", ""),
    "proof": ("What shows a visit", ""),
    "reminder.grace_min": ("Time to answer", ""),
}
"""What people call a setting, and a hint; "kind.setting" goes before "setting"."""

UNITS = {"min": "minutes", "minutes": "minutes", "hours": "hours", "days": "days", "s": "seconds", "celsius": "°C"}
"""By the end of a setting's name."""

CHOICES = {
    "mon": "Monday",
    "tue": "Tuesday",
    "wed": "Wednesday",
    "thu": "Thursday",
    "fri": "Friday",
    "sat": "Saturday",
    "sun": "Sunday",
    "same": "Like any other day",
    "skip": "Not watched for",
    "sunday": "Like a Sunday",
    "room": "Movement",
    "outside_door": "Outside door",
    "fridge_door": "Fridge door",
    "inside_door": "Inside door",
    "button": "Button",
    "plug": "Plug",
    "bed": "Bed",
    "chair": "Chair",
    "alarm": "Smoke and other alarms",
    "tag": "A visitor's tag",
    "door": "An outside door",
}

SEVERITIES = {
    Severity.URGENT: "Urgent",
    Severity.HIGH: "High",
    Severity.LOW: "Low",
    Severity.NONE: "For information",
}

_INFORMATION = frozenset({"night_activity", "bathroom_visits", "slow_change"})

CHANGES = {
    "added": "added",
    "changed": "changed",
    "accepted": "accepted a suggestion",
    "switched_off": "switched off",
    "switched_on": "switched on",
    "occupants": "said how many live here",
}


def kind_words(kind: str) -> str:
    return KINDS.get(kind, (_plain(kind), ""))[0]


def kind_hint(kind: str) -> str:
    return KINDS.get(kind, ("", ""))[1]


def label(kind: str, setting: str) -> str:
    return _label(kind, setting)[0]


def hint(kind: str, setting: str) -> str:
    return _label(kind, setting)[1]


def unit(setting: str) -> str:
    return UNITS.get(setting.rsplit("_", maxsplit=1)[-1], "")


def choice(value: str) -> str:
    return CHOICES.get(value, _plain(value))


def severity_of(settings: RuleBase, kind: str) -> Severity:
    """How grave it is when this routine is missed: as people said, else as usual for its kind."""
    return settings.severity or usual_severity(kind, settings.watches_for)


def usual_severity(kind: str, watches_for: AlertClass) -> Severity:
    return Severity.NONE if kind in _INFORMATION else USUAL_SEVERITY[watches_for]


def sentence(settings: RuleBase) -> str:
    """What the routine watches for, with what people call it."""
    said = settings.describe()
    return f"{settings.name}: {said}" if settings.name else said


def stored(settings: Mapping[str, Any] | None) -> str:
    """The sentence of settings as they were written down; empty where there were none."""
    if settings is None:
        return ""
    if "occupants" in settings:
        return lives(int(settings["occupants"]))
    try:
        return sentence(read(settings))
    except BadRuleError:
        return "A routine that can no longer be read"


def lives(occupants: int) -> str:
    return "One person lives here" if occupants == 1 else f"{occupants} people live here"


def _label(kind: str, setting: str) -> tuple[str, str]:
    return LABELS.get(f"{kind}.{setting}") or LABELS.get(setting) or (_plain(setting), "")


def _plain(word: str) -> str:
    return word.replace("_", " ").capitalize()
