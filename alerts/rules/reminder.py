"""Judging "the reminder is answered, or the lid of the box opened, within 60 minutes". Pure.

What devices know is that a reminder was shown and answered, and that a lid was opened: never what
was taken. A reminder that was never shown has failed itself; that is no fact about the person.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from alerts.local_days import Window, coming, instant
from alerts.marks import Medication, Reminder, ever, minutes_of
from alerts.rules.parts import LocalTime, Name, WithHours
from alerts.rules.phrases import listed, on_days
from alerts.rules.windows import check_length, newest_window, not_its_time, was_seen, what_was_seen
from alerts.sight import Sight
from alerts.verdicts import Evidence, Outcome, Reason, Verdict
from gateway.messages import Kind

STILL_ANSWERED_MIN = 120
"""An answer up to so long after the deadline is one to this reminder, and not to the next."""


_Words = Mapping[Kind, tuple[float, ...]]
_PROMPTS: _Words = {
    Kind.REMINDER: (Reminder.SHOWN, Reminder.SKIPPED, Reminder.EXPIRED),
    Kind.MEDICATION: (Medication.DISPENSED, Medication.MISSED),
}
_SHOWN: _Words = {Kind.REMINDER: (Reminder.SHOWN,)}
_DONE: _Words = {Kind.REMINDER: (Reminder.DONE,), Kind.MEDICATION: (Medication.OPENED,)}
_GIVEN_OUT: _Words = {Kind.MEDICATION: (Medication.DISPENSED,)}
"""As good as done, unless the box says later that nobody fetched it."""
_NOT_FETCHED: _Words = {Kind.MEDICATION: (Medication.MISSED,)}
_FAILED: _Words = {Kind.MEDICATION: (Medication.EMPTY, Medication.FAULT)}


class AnsweredReminder(WithHours):
    """A reminder that is shown between `start` and `end` is answered; of a box the lid is opened."""

    kind: Literal["reminder"] = "reminder"
    # One home, 30 days: the morning's box was opened at 08:36 (median), 07:44 (p5), 09:47 (p95).
    start: LocalTime = "07:30"
    end: LocalTime = "10:00"
    places: tuple[Name, ...] = ()
    """Where the reminder or box is. Empty: any."""
    grace_min: Annotated[int, Field(ge=5, le=360)] = 60
    """So long after it was shown first; a box that only knows its lid is given as long after `end`."""

    @model_validator(mode="after")
    def _over_before_it_begins_again(self) -> Self:
        check_length(self, self.grace_min + STILL_ANSWERED_MIN)
        return self

    def describe(self) -> str:
        days = on_days(self.weekdays, self.bank_holidays)
        where = _which(self.places)
        hours = f"between {self.start} and {self.end}"
        return f"The reminder{where} {hours} answered within {self.grace_min} minutes, {days}"

    def judge(self, sight: Sight, since: int) -> Sequence[Verdict]:
        return (evaluate(self, sight, since),)


@dataclass(frozen=True, slots=True)
class _Heard:
    """What the device said about one window. Sets of minutes, but for `first` and `deadline` (Unix minutes)."""

    prompts: int
    done: int
    failed: int
    first: int
    """When it was shown; else when the window began."""
    deadline: int


def evaluate(rule: AnsweredReminder, sight: Sight, since: int) -> Verdict:
    window = newest_window(rule, sight, since)
    if window is None:
        look = coming(rule.hours, sight.zone, sight.minute).first + rule.grace_min
        return replace(not_its_time(rule, sight, rule.grace_min), look_again=instant(look))
    heard = _heard(rule, sight, window)
    done = sight.first_of(heard.done)
    if done is not None:
        outcome = Outcome.AS_EXPECTED if done < heard.deadline else Outcome.LATE
        answered = Evidence(seen_at=instant(done), places=rule.places)
        return _said(rule, sight, window, heard, outcome, Reason.DONE, answered)
    if sight.minute < heard.deadline:
        waiting = Evidence(detail=_not_done(rule, sight))
        return _said(rule, sight, window, heard, Outcome.WAITING, Reason.WINDOW_OPEN, waiting)
    return _not_answered(rule, sight, window, heard)


def _not_answered(rule: AnsweredReminder, sight: Sight, window: Window, heard: _Heard) -> Verdict:
    """The grace is over and nobody answered, as far as we know."""
    evidence = _evidence(rule, sight, window, heard)
    if not was_seen(sight, heard.first, heard.deadline):
        return _said(rule, sight, window, heard, Outcome.NOT_OBSERVABLE, Reason.NOT_COVERED, evidence)
    if not heard.prompts and not _is_only_a_lid(rule, sight):
        reason = Reason.REMINDER_FAILED if _ever_prompted(rule, sight) else Reason.SENSOR_NEVER_REPORTED
        return _said(rule, sight, window, heard, Outcome.NOT_OBSERVABLE, reason, evidence)
    if heard.failed:
        return _said(rule, sight, window, heard, Outcome.NOT_OBSERVABLE, Reason.REMINDER_FAILED, evidence)
    return _said(rule, sight, window, heard, Outcome.MISSED, Reason.REMINDER_NOT_DONE, evidence)


def _heard(rule: AnsweredReminder, sight: Sight, window: Window) -> _Heard:
    now, latest = sight.minute + 1, window.end + rule.grace_min
    prompts = _reported(rule, sight, _PROMPTS, window.first, min(latest, now))
    shown = sight.first_of(prompts)
    deadline = latest if shown is None else min(shown + rule.grace_min, latest)
    until = min(deadline + STILL_ANSWERED_MIN, now)
    done = _reported(rule, sight, _DONE, window.first, until)
    if not _reported(rule, sight, _NOT_FETCHED, window.first, until):
        done |= _reported(rule, sight, _GIVEN_OUT, window.first, until)
    failed = _reported(rule, sight, _FAILED, window.first, until)
    return _Heard(prompts, done, failed, window.first if shown is None else shown, deadline)


def _reported(rule: AnsweredReminder, sight: Sight, words: _Words, first: int, end: int) -> int:
    found = 0
    for kind, values in words.items():
        found |= minutes_of(sight.picture.marks, kind, values, rule.places)
    return sight.within(found, first, end)


def _ever_prompted(rule: AnsweredReminder, sight: Sight) -> bool:
    return any(ever(sight.picture.marks, kind, values, rule.places) for kind, values in _PROMPTS.items())


def _has_lid(rule: AnsweredReminder, sight: Sight) -> bool:
    return ever(sight.picture.marks, Kind.MEDICATION, tuple(Medication), rule.places)


def _is_only_a_lid(rule: AnsweredReminder, sight: Sight) -> bool:
    """A box that has never prompted, only been opened: nothing of it can have failed to be shown."""
    opened = ever(sight.picture.marks, Kind.MEDICATION, (Medication.OPENED,), rule.places)
    return opened and not _ever_prompted(rule, sight)


def _which(places: tuple[str, ...]) -> str:
    """By its place: a box stands in one, and a tablet's reminders are called by theirs."""
    return f" ({listed(places)})" if places else ""


def _not_done(rule: AnsweredReminder, sight: Sight) -> str:
    where = _which(rule.places)
    if _has_lid(rule, sight):
        words = f"the lid of the box{where} was not opened"
    else:
        words = f"the reminder{where} was not answered"
    return f"{rule.name}: {words}" if rule.name else words[0].upper() + words[1:]


def _evidence(rule: AnsweredReminder, sight: Sight, window: Window, heard: _Heard) -> Evidence:
    answers = _reported(rule, sight, _DONE, sight.base, sight.minute + 1)
    before = sight.last_of(sight.within(answers, sight.base, heard.deadline))
    return replace(
        what_was_seen(rule, sight, window, heard.first, heard.deadline),
        places=rule.places,
        last_match_at=instant(before) if before is not None else None,
        since_deadline=bool(sight.within(answers, heard.deadline, sight.minute + 1)),
        count=_reported(rule, sight, _SHOWN, window.first, heard.deadline).bit_count(),
        detail=_not_done(rule, sight),
    )


def _said(
    rule: AnsweredReminder,
    sight: Sight,
    window: Window,
    heard: _Heard,
    outcome: Outcome,
    reason: Reason,
    evidence: Evidence,
) -> Verdict:
    look = _next_look(rule, sight, window, heard)
    return Verdict(outcome, reason, window.day.isoformat(), instant(heard.deadline), instant(look), evidence)


def _next_look(rule: AnsweredReminder, sight: Sight, window: Window, heard: _Heard) -> int:
    """Readings make no home due: the earliest that a reminder which is shown only now can be missed."""
    latest = window.end + rule.grace_min
    if sight.minute < heard.deadline:
        return heard.deadline if heard.prompts else min(sight.minute + rule.grace_min, latest)
    if sight.minute < latest:  # a box may say later that nobody fetched what it gave out
        return latest
    return coming(rule.hours, sight.zone, max(sight.minute, window.first)).first + rule.grace_min
