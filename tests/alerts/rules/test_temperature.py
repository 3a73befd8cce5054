"""Too cold and too hot: for long, by day, by measurements that can be believed."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from alerts.evaluate import would_say_again
from alerts.picture import Seen, fold
from alerts.rules import BadRuleError, Rule, Temperature, read
from alerts.sight import Sight
from alerts.verdicts import AlertClass, Outcome, Reason, alert_class
from alerts.words import sentence
from gateway.messages import Kind
from tests.alerts.a_home import LONDON, at, beats, picture, stir
from tests.alerts.rules.a_rule import FIRST, of_picture, said

RULE = Temperature()


def measured(
    start: datetime, end: datetime, degrees: float, place: str = "lounge", every: timedelta = timedelta(hours=1)
) -> Iterator[Seen]:
    """What a thermometer reports from start to end, both included."""
    when = start
    while when <= end:
        yield Seen(when, place, "room", Kind.TEMPERATURE, degrees)
        when += every


WARM = list(measured(at("12:00", 17), at("08:45"), 19.0))
COLD = list(measured(at("09:00"), at("13:00"), 14.3))


def test_what_is_too_cold_for_long_is_late_and_then_missed() -> None:
    before = said(RULE, at("11:29"), WARM, COLD)
    assert (before.verdict, before.reason, before.look_again) == (
        Outcome.AS_EXPECTED,
        Reason.WITHIN_USUAL,
        at("11:30"),
    )
    late = said(RULE, at("11:30"), WARM, COLD)
    assert (late.verdict, late.reason, late.look_again) == (Outcome.LATE, Reason.TOO_COLD, at("12:00"))
    found = said(RULE, at("12:00"), WARM, COLD)
    assert (found.verdict, found.reason, found.deadline) == (Outcome.MISSED, Reason.TOO_COLD, at("12:00"))
    assert alert_class(found.verdict, found.reason) is AlertClass.WELFARE
    assert (found.evidence.measured, found.evidence.limit) == (14.3, 16)
    assert sentence(found, LONDON) == "Too cold in the lounge: 14 °C since 09:00."


def test_what_is_too_hot_for_long_is_missed_too() -> None:
    hot = list(measured(at("09:00"), at("13:00"), 29.5))
    found = said(RULE, at("12:00"), WARM, hot)
    assert (found.verdict, found.reason) == (Outcome.MISSED, Reason.TOO_HOT)
    assert said(Temperature(above=None), at("12:00"), WARM, hot).verdict is Outcome.AS_EXPECTED


def test_one_measurement_is_never_enough_however_long_ago() -> None:
    one = list(measured(at("09:00"), at("09:00"), 2.0))
    for hour in range(9, 18):
        assert said(RULE, at(f"{hour:02}:50"), WARM, one).verdict is not Outcome.MISSED


def test_measurements_that_cannot_be_never_count() -> None:
    odd = [one for degrees in (-100.0, 85.0) for one in measured(at("09:00"), at("13:00"), degrees)]
    fine = list(measured(at("09:10"), at("13:10"), 19.0))
    assert said(RULE, at("13:10"), WARM, odd, fine).reason is Reason.WITHIN_USUAL
    alone = said(RULE, at("13:10"), WARM, odd)
    assert (alone.verdict, alone.reason) == (Outcome.NOT_OBSERVABLE, Reason.SENSOR_SILENT)


def test_a_good_half_hour_starts_the_clock_anew() -> None:
    heated = [*COLD, *measured(at("11:40"), at("11:40"), 17.0)]
    assert said(RULE, at("12:50"), WARM, heated).reason is Reason.WITHIN_USUAL


def test_a_cold_night_is_nobodys_case_but_a_cold_morning_after_it_is() -> None:
    night = list(measured(at("23:00", 17), at("12:00"), 12.0))
    assert said(RULE, at("07:00"), WARM[:9], night).reason is Reason.WITHIN_USUAL
    assert said(RULE, at("10:29"), WARM[:9], night).verdict is Outcome.LATE
    assert said(RULE, at("10:30"), WARM[:9], night).verdict is Outcome.MISSED


def test_a_silent_thermometer_says_nothing_about_now() -> None:
    silent = said(RULE, at("12:30"), WARM, list(measured(at("09:00"), at("09:30"), 14.0)))
    assert (silent.verdict, silent.reason) == (Outcome.NOT_OBSERVABLE, Reason.SENSOR_SILENT)
    assert alert_class(silent.verdict, silent.reason) is AlertClass.TECHNICAL
    assert said(RULE, at("14:00"), WARM, list(measured(at("09:00"), at("09:30"), 14.0))).occasion == silent.occasion


def test_only_minutes_count_that_could_be_seen_and_for_which_a_measurement_speaks() -> None:
    lost = [*beats(FIRST, at("10:00")), *beats(at("11:00"), at("12:00"))]
    assert of_picture(RULE, at("12:00"), lost, WARM, COLD).verdict is Outcome.AS_EXPECTED
    gaps = [one for one in COLD if one.at in (at("09:00"), at("12:00"))]
    assert said(RULE, at("12:00"), WARM, gaps).verdict is Outcome.AS_EXPECTED


def test_of_a_home_that_cannot_be_seen_now_nobody_says_that_it_is_cold() -> None:
    seen = list(beats(FIRST, at("11:00")))
    waiting = of_picture(RULE, at("11:30"), seen, WARM, COLD)
    assert (waiting.verdict, waiting.reason) == (Outcome.WAITING, Reason.NOT_COVERED)
    unseen = of_picture(RULE, at("13:00"), seen, WARM, COLD)
    assert (unseen.verdict, unseen.reason) == (Outcome.NOT_OBSERVABLE, Reason.NOT_COVERED)


def test_a_home_without_a_thermometer_cannot_tell() -> None:
    none = said(RULE, at("12:00"), stir(at("09:00")))
    assert (none.verdict, none.reason) == (Outcome.NOT_OBSERVABLE, Reason.SENSOR_NEVER_REPORTED)
    assert sentence(none, LONDON) == "No temperature sensor has ever reported."
    new = said(RULE, at("12:00"), stir(at("09:00")), since=at("08:00"))
    assert new.verdict is Outcome.WAITING


def test_each_place_is_judged_by_itself_and_the_next_day_is_another_occasion() -> None:
    bedroom = list(measured(at("12:00", 17), at("13:00"), 18.0, "bedroom"))
    assert said(Temperature(places=("bedroom",)), at("12:00"), WARM, COLD, bedroom).reason is Reason.WITHIN_USUAL
    cold = list(measured(at("12:00", 17), at("13:00"), 12.0))
    assert said(RULE, at("21:00", 17), cold).occasion != said(RULE, at("12:00"), cold).occasion
    assert said(RULE, at("11:00"), cold).occasion == said(RULE, at("12:00"), cold).occasion


def test_the_next_look_comes_before_a_cold_that_begins_just_after_this_one_lasts_too_long() -> None:
    assert said(RULE, at("09:00"), WARM).look_again == at("11:00")
    assert said(RULE, at("21:00", 17), list(measured(at("12:00", 17), at("21:00", 17), 19.0))).look_again <= at("10:00")


def test_late_measurements_explain_a_cold_while_the_picture_reaches_back_and_after_that_it_stands() -> None:
    rule, now = Rule(1, 1, RULE), at("12:00")
    kept = picture(beats(FIRST, at("12:00", 19)), WARM, COLD)
    late = fold(kept, measured(at("11:20"), at("11:20"), 18.0))
    assert would_say_again(rule, Sight(kept, LONDON, at("13:00")), now)
    short = picture(beats(FIRST, at("13:00")), WARM, COLD, measured(at("11:20"), at("11:20"), 18.0))
    assert not would_say_again(rule, Sight(short, LONDON, at("13:00")), now)
    assert would_say_again(rule, Sight(late, LONDON, at("12:00", 19)), now)


def test_the_sentence_of_the_rule_is_plain_and_its_settings_are_checked() -> None:
    assert RULE.describe() == (
        "It is not below 16 °C and not above 28 °C for 120 minutes between 08:00 and 22:00, every day"
    )
    assert Temperature(above=None, places=("lounge",)).describe() == (
        "It is not below 16 °C in the lounge for 120 minutes between 08:00 and 22:00, every day"
    )
    for wrong in ({"below": None, "above": None}, {"below": 22, "above": 20}, {"below": 61}):
        with pytest.raises(BadRuleError):
            read({"kind": "temperature", **wrong})
