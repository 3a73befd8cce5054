"""Reminders and boxes: answered in time, not answered, or never shown."""

from datetime import datetime

import pytest

from alerts.marks import Medication, Reminder
from alerts.picture import Seen
from alerts.rules import AnsweredReminder, BadRuleError, SensorSilent, Watched, read
from alerts.verdicts import AlertClass, Outcome, Reason, alert_class
from alerts.words import sentence, why
from gateway.messages import Kind
from tests.alerts.a_home import LONDON, at, beats, stir
from tests.alerts.rules.a_rule import FIRST, of_picture, said

RULE = AnsweredReminder(places=("kitchen",))


def reminder(when: datetime, value: Reminder, place: str = "kitchen") -> Seen:
    return Seen(when, place, "button", Kind.REMINDER, value)


def box(when: datetime, value: Medication) -> Seen:
    return Seen(when, "kitchen", "button", Kind.MEDICATION, value)


SHOWN = [reminder(at(text), Reminder.SHOWN) for text in ("08:00", "08:20", "08:40")]
LID = [box(at("08:30", 17), Medication.OPENED)]


def test_a_reminder_that_was_shown_and_not_answered_within_the_grace_is_told() -> None:
    before = said(RULE, at("08:59"), SHOWN)
    assert (before.verdict, before.reason, before.look_again) == (Outcome.WAITING, Reason.WINDOW_OPEN, at("09:00"))
    assert sentence(before, LONDON) == "The reminder (kitchen) was not answered so far; there is still time."
    found = said(RULE, at("09:00"), SHOWN)
    assert (found.verdict, found.reason, found.deadline) == (Outcome.MISSED, Reason.REMINDER_NOT_DONE, at("09:00"))
    assert alert_class(found.verdict, found.reason) is AlertClass.WELFARE
    assert sentence(found, LONDON) == "The reminder (kitchen) was not answered by 09:00."
    assert "It was shown 3 times." in why(found, LONDON)


@pytest.mark.parametrize("answered", ["07:40", "08:01", "08:59"])
def test_a_reminder_that_was_answered_is_as_expected_even_before_it_was_shown(answered: str) -> None:
    done = said(RULE, at("09:00"), SHOWN, [reminder(at(answered), Reminder.DONE)])
    assert (done.verdict, done.reason, done.evidence.seen_at) == (Outcome.AS_EXPECTED, Reason.DONE, at(answered))
    assert sentence(done, LONDON) == f"Done at {answered}."


@pytest.mark.parametrize("word", [Reminder.SKIPPED, Reminder.EXPIRED])
def test_what_was_skipped_or_has_expired_is_missed_when_the_grace_is_over(word: Reminder) -> None:
    skipped = [reminder(at("08:00"), Reminder.SHOWN), reminder(at("08:05"), word)]
    assert said(RULE, at("08:59"), skipped).verdict is Outcome.WAITING
    assert said(RULE, at("09:00"), skipped).verdict is Outcome.MISSED
    assert said(RULE, at("09:00"), skipped, [reminder(at("08:50"), Reminder.DONE)]).verdict is Outcome.AS_EXPECTED


def test_an_answer_somewhere_else_is_none() -> None:
    assert said(RULE, at("09:00"), SHOWN, [reminder(at("08:10"), Reminder.DONE, "hall")]).verdict is Outcome.MISSED


def test_of_a_box_the_words_are_about_its_lid_and_never_about_what_was_taken() -> None:
    found = said(RULE, at("11:00"), LID)
    assert (found.verdict, found.reason) == (Outcome.MISSED, Reason.REMINDER_NOT_DONE)
    assert sentence(found, LONDON) == "The lid of the box (kitchen) was not opened by 11:00."
    assert "taken" not in sentence(found, LONDON) + " ".join(why(found, LONDON))
    assert said(RULE, at("11:00"), LID, [box(at("09:30"), Medication.OPENED)]).reason is Reason.DONE
    named = said(RULE.model_copy(update={"name": "Morning box"}), at("11:00"), LID)
    assert sentence(named, LONDON) == "Morning box: the lid of the box (kitchen) was not opened by 11:00."


def test_what_a_box_gave_out_counts_as_done_unless_it_says_that_nobody_fetched_it() -> None:
    given_out = [box(at("08:00"), Medication.DISPENSED)]
    done = said(RULE, at("09:00"), given_out)
    assert (done.reason, done.look_again) == (Reason.DONE, at("11:00"))
    assert said(RULE, at("11:00"), given_out, [box(at("09:30"), Medication.MISSED)]).verdict is Outcome.MISSED
    fetched = [box(at("08:30"), Medication.MISSED), box(at("08:50"), Medication.OPENED)]
    assert said(RULE, at("11:00"), given_out, fetched).reason is Reason.DONE


@pytest.mark.parametrize("word", [Medication.EMPTY, Medication.FAULT])
def test_an_empty_or_broken_box_is_no_fact_about_the_person(word: Medication) -> None:
    broken = said(RULE, at("11:00"), LID, [box(at("08:00"), word)])
    assert (broken.verdict, broken.reason) == (Outcome.NOT_OBSERVABLE, Reason.REMINDER_FAILED)


def test_a_reminder_that_was_never_shown_has_failed_itself() -> None:
    yesterday = [reminder(at("08:00", 17), Reminder.SHOWN)]
    assert said(RULE, at("10:59"), yesterday, stir(at("08:00"))).verdict is Outcome.WAITING
    failed = said(RULE, at("11:00"), yesterday, stir(at("08:00")))
    assert (failed.verdict, failed.reason) == (Outcome.NOT_OBSERVABLE, Reason.REMINDER_FAILED)
    assert alert_class(failed.verdict, failed.reason) is AlertClass.TECHNICAL
    never = said(RULE, at("11:00"), stir(at("08:00")))
    assert (never.verdict, never.reason) == (Outcome.NOT_OBSERVABLE, Reason.SENSOR_NEVER_REPORTED)


def test_what_could_not_be_seen_is_not_missed() -> None:
    unseen = of_picture(RULE, at("09:00"), beats(FIRST, at("08:15")), SHOWN[:1])
    assert (unseen.verdict, unseen.reason) == (Outcome.NOT_OBSERVABLE, Reason.NOT_COVERED)


def test_an_answer_after_the_grace_is_late_and_a_shown_that_comes_late_makes_no_miss_of_it() -> None:
    late = said(RULE, at("09:30"), SHOWN, [reminder(at("09:20"), Reminder.DONE)])
    assert (late.verdict, late.reason, late.evidence.seen_at) == (Outcome.LATE, Reason.DONE, at("09:20"))
    hours_later = said(RULE, at("13:00"), SHOWN, [reminder(at("12:40"), Reminder.DONE)])
    assert hours_later.verdict is Outcome.MISSED
    assert hours_later.evidence.since_deadline


def test_the_next_look_comes_before_a_reminder_that_is_shown_just_after_this_one_is_missed() -> None:
    yesterday = [reminder(at("08:00", 17), Reminder.SHOWN), reminder(at("08:10", 17), Reminder.DONE)]
    assert said(RULE, at("20:00", 17), yesterday).look_again == at("08:30")
    assert said(RULE, at("08:30"), yesterday).look_again == at("09:30")
    assert said(RULE, at("10:30"), yesterday).look_again == at("11:00")


def test_a_rule_that_was_made_today_begins_with_the_next_window() -> None:
    assert said(RULE, at("09:00"), SHOWN, since=at("08:30")).reason is Reason.NOT_ITS_TIME


def test_the_sentence_of_the_rule_is_plain_and_its_settings_are_checked() -> None:
    weekdays = AnsweredReminder(places=("kitchen",), weekdays=("mon", "tue", "wed", "thu", "fri"))
    assert weekdays.describe() == (
        "The reminder (kitchen) between 07:30 and 10:00 answered within 60 minutes, Monday to Friday"
    )
    with pytest.raises(BadRuleError, match="shorter than 23 hours"):
        read({"kind": "reminder", "start": "08:00", "end": "06:00"})


BINS = [reminder(at("08:00", 16), Reminder.DONE, "bins"), Seen(at("09:00", 16), "bedroom", "button", Kind.BUTTON, 1)]
LIVED = [one for day in (16, 17, 18, 19, 20) for hour in range(7, 23) for one in stir(at(f"{hour:02}:00", day))]


def test_a_weekly_reminder_and_a_button_that_was_pressed_once_are_no_dead_sensors() -> None:
    assert said(SensorSilent(), at("22:00", 20), BINS, LIVED).reason is Reason.SIGN_OF_LIFE
    watched = SensorSilent(sensors=(Watched(place="bins", days=1),))
    assert said(watched, at("22:00", 20), BINS, LIVED).reason is Reason.SENSOR_SILENT, "unless the rule names it"
