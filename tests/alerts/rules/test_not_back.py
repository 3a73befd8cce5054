"""Who went out and is not back in time: said of nobody who may be back."""

from datetime import timedelta

import pytest

from alerts.rules import BadRuleError, NotBack, read
from alerts.verdicts import AlertClass, Outcome, Reason, alert_class
from alerts.words import sentence
from tests.alerts.a_home import LONDON, at, beats, door, motion, stir
from tests.alerts.rules.a_rule import FIRST, of_picture, said

AFTER_8 = NotBack(hours=8)
BY_TEN = NotBack(hours=None, by="22:00")
LEFT = [*stir(at("09:50")), door(at("10:00")), door(at("10:01"), 0)]


def test_who_went_out_and_is_not_back_after_so_many_hours_is_told() -> None:
    before = said(AFTER_8, at("17:59"), LEFT)
    assert (before.verdict, before.reason, before.look_again) == (
        Outcome.AS_EXPECTED,
        Reason.PRESUMED_OUT,
        at("18:00"),
    )
    found = said(AFTER_8, at("18:00"), LEFT)
    assert (found.verdict, found.reason, found.deadline) == (Outcome.MISSED, Reason.NOT_BACK, at("18:00"))
    assert alert_class(found.verdict, found.reason) is AlertClass.WELFARE
    assert sentence(found, LONDON) == "Went out at 10:00, it seems, and is not back yet."


def test_who_is_not_back_by_a_time_is_told_at_that_time() -> None:
    assert said(BY_TEN, at("21:59"), LEFT).reason is Reason.PRESUMED_OUT
    assert said(BY_TEN, at("22:00"), LEFT).reason is Reason.NOT_BACK
    evening = [*stir(at("19:20")), door(at("19:30"))]
    assert said(NotBack(hours=8, by="19:00"), at("23:00"), evening).reason is Reason.PRESUMED_OUT, "by tomorrow's 19:00"


def test_a_movement_inside_after_the_door_is_coming_back() -> None:
    back = said(AFTER_8, at("20:00"), LEFT, [door(at("12:00"))], stir(at("12:01"), "hallway"))
    assert (back.verdict, back.reason) == (Outcome.AS_EXPECTED, Reason.BACK_HOME)
    assert back.evidence.inside_at == at("12:01")


def test_lone_movements_bring_nobody_home() -> None:
    phantoms = [motion(at("12:00"), "bedroom"), motion(at("15:00"), "lounge")]
    assert said(AFTER_8, at("18:00"), LEFT, phantoms).reason is Reason.NOT_BACK


def test_a_movement_that_may_be_a_lone_one_puts_it_off_until_it_has_proved_so() -> None:
    young = [motion(at("17:55"), "bedroom")]
    first = said(AFTER_8, at("18:00"), LEFT, young)
    assert (first.verdict, first.look_again) == (Outcome.AS_EXPECTED, at("18:06"))
    assert said(AFTER_8, at("18:06"), LEFT, young).reason is Reason.NOT_BACK


def test_a_door_without_anybody_inside_brings_nobody_home() -> None:
    parcel = [door(at("14:00")), door(at("14:01"), 0)]
    found = said(AFTER_8, at("18:00"), LEFT, parcel)
    assert (found.reason, found.evidence.out_since) == (Reason.NOT_BACK, at("10:00"))


def test_locking_up_is_not_going_out() -> None:
    locking = [*stir(at("20:50", 17)), door(at("21:00", 17)), door(at("21:01", 17), 0)]
    assert said(AFTER_8, at("06:00"), locking).verdict is Outcome.AS_EXPECTED


def test_after_data_were_lost_the_home_is_watched_before_anybody_is_missed() -> None:
    lost = [one for one in beats(FIRST, at("23:55")) if not at("16:00") < one.at < at("17:05")]
    waiting = of_picture(AFTER_8, at("20:59"), [one for one in lost if one.at <= at("20:59")], LEFT)
    assert (waiting.reason, waiting.look_again) == (Reason.PRESUMED_OUT, at("21:00"))
    assert of_picture(AFTER_8, at("21:00"), [one for one in lost if one.at <= at("21:00")], LEFT).reason is (
        Reason.NOT_BACK
    )


def test_a_home_that_loses_some_data_again_and_again_is_not_waited_for_for_ever() -> None:
    lossy = [one for one in beats(FIRST, at("02:00", 19)) if one.at < at("11:00") or one.at.minute >= 25]
    lossy.append(next(beats(at("01:50", 19), at("02:00", 19))))
    found = of_picture(AFTER_8, at("02:00", 19), lossy, LEFT)
    assert (found.reason, found.deadline) == (Reason.NOT_BACK, at("02:00", 19))


def test_of_a_home_that_cannot_be_seen_nobody_says_that_she_is_not_back() -> None:
    verdict = of_picture(AFTER_8, at("18:30"), beats(FIRST, at("16:00")), LEFT)
    assert (verdict.verdict, verdict.reason) == (Outcome.NOT_OBSERVABLE, Reason.NOT_COVERED)


def test_only_the_days_that_were_chosen_are_watched() -> None:
    rule = NotBack(weekdays=("sat", "sun"))
    assert said(rule, at("19:00"), LEFT).verdict is Outcome.AS_EXPECTED


def test_a_home_where_nobody_can_be_seen_inside_is_told_so() -> None:
    doors = [door(at("10:00", day)) for day in (16, 17, 18)]
    verdict = said(AFTER_8, at("19:00"), doors)
    assert (verdict.verdict, verdict.reason) == (Outcome.NOT_OBSERVABLE, Reason.SENSOR_NEVER_REPORTED)
    assert sentence(verdict, LONDON) == "No movement sensor has ever reported."


def test_who_leaves_only_now_is_looked_at_in_time() -> None:
    at_home = said(AFTER_8, at("09:58"), LEFT)
    assert at_home.look_again <= at("09:58") + timedelta(hours=8)


def test_a_rule_without_an_end_is_refused() -> None:
    with pytest.raises(BadRuleError, match="hours or by"):
        read({"kind": "not_back", "hours": None})
    assert NotBack(by="22:00").describe() == "Back home within 8 hours and by 22:00 after going out, every day"
