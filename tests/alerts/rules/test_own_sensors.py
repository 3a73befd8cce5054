"""A rule whose sensors are missing or dead says so once, and says it to the housing team."""

from datetime import timedelta

import pytest

from alerts.rules import DoorAtNight, ExpectedActivity, NightActivity, NotBack, RuleSettings
from alerts.verdicts import AlertClass, Outcome, Reason, alert_class
from alerts.words import sentence
from tests.alerts.a_home import LONDON, at, beats, door, stir
from tests.alerts.rules.a_rule import of_picture, said

HOUR = timedelta(hours=1)
LIVING = [one for day in (16, 17, 18) for hour in range(7, 23) for one in stir(at(f"{hour:02}:00", day), "lounge")]
NEED_A_DOOR: list[RuleSettings] = [DoorAtNight(), NotBack()]


@pytest.mark.parametrize("rule", NEED_A_DOOR, ids=lambda rule: rule.kind)
def test_a_home_without_a_door_sensor_is_told_once_after_a_day(rule: RuleSettings) -> None:
    early = said(rule, at("11:50", 17), LIVING)
    assert (early.verdict, early.reason) == (Outcome.WAITING, Reason.SENSOR_NEVER_REPORTED)
    assert early.look_again == at("12:00", 17), "all such rules are looked at together, so they make one alert"
    told = [said(rule, at("12:00", 17) + n * HOUR, LIVING) for n in range(24)]
    assert {one.verdict for one in told} == {Outcome.NOT_OBSERVABLE}
    assert len({one.occasion for one in told}) == 1
    assert alert_class(told[0].verdict, told[0].reason) is AlertClass.TECHNICAL
    assert sentence(told[0], LONDON) == "No outside door sensor has ever reported."


def test_a_home_that_was_not_seen_for_a_day_is_told_nothing_yet() -> None:
    verdict = of_picture(DoorAtNight(), at("12:00"), beats(at("22:00", 17), at("12:00")), LIVING)
    assert verdict.verdict is Outcome.WAITING


def test_a_rule_that_was_made_just_now_waits_for_a_day_too() -> None:
    verdict = said(DoorAtNight(), at("06:00"), LIVING, since=at("20:00", 17))
    assert verdict.verdict is Outcome.WAITING


def test_a_dead_door_sensor_is_one_occasion_until_it_speaks_again() -> None:
    lived = [one for day in range(5, 19) for hour in range(7, 23) for one in stir(at(f"{hour:02}:00", day), "lounge")]
    went = door(at("09:30", 10))
    quiet = [
        of_picture(DoorAtNight(), at("12:00", day), beats(at("12:00", day - 3), at("12:00", day)), lived_until, [went])
        for day in (16, 17, 18)
        if (lived_until := [one for one in lived if one.at <= at("12:00", day)])
    ]
    assert [one.verdict for one in quiet] == [Outcome.AS_EXPECTED, Outcome.NOT_OBSERVABLE, Outcome.NOT_OBSERVABLE]
    assert {one.occasion for one in quiet[1:]} == {"silent since 2026-11-10T09:30"}
    assert sentence(quiet[1], LONDON) == "The outside door sensor has said nothing for long, while others did."


def test_an_empty_home_tells_nothing_about_its_door() -> None:
    kept = [door(at("09:30", 8))], stir(at("09:20", 8))
    verdict = of_picture(DoorAtNight(), at("12:00"), beats(at("12:00", 15), at("12:00")), *kept)
    assert verdict.verdict is Outcome.AS_EXPECTED


def test_an_opened_door_is_told_whatever_is_thought_of_its_sensor() -> None:
    verdict = said(DoorAtNight(), at("02:00"), LIVING, [door(at("02:00"))])
    assert verdict.verdict is Outcome.MISSED


def test_a_restless_night_needs_a_sensor_that_notices_movement() -> None:
    doors = [door(at(f"{hour:02}:00", day)) for day in (16, 17, 18) for hour in range(7, 20)]
    verdict = said(NightActivity(), at("12:00"), doors)
    assert (verdict.verdict, verdict.reason) == (Outcome.NOT_OBSERVABLE, Reason.SENSOR_NEVER_REPORTED)


def test_an_activity_without_any_sensor_for_it_is_told_once_and_not_each_day() -> None:
    rule = ExpectedActivity(places=("kitchen",))
    days = [said(rule, at("11:00", day), LIVING) for day in (17, 18)]
    assert {one.reason for one in days} == {Reason.SENSOR_NEVER_REPORTED}
    assert len({one.occasion for one in days}) == 1
    assert sentence(days[0], LONDON) == "No sensor in the kitchen has ever reported."


def test_an_activity_whose_sensor_died_is_told_once_and_not_each_day() -> None:
    rule = ExpectedActivity(places=("kitchen",))
    lived = [one for day in range(10, 20) for one in stir(at("08:00", day), "lounge")]
    days = []
    for day in (15, 16, 17, 18):
        now = at("11:00", day)
        seen = [one for one in [*lived, *stir(at("20:00", 10))] if one.at <= now]
        days.append(of_picture(rule, now, beats(at("00:00", day - 3), now), seen))
    assert {one.reason for one in days} == {Reason.SENSOR_SILENT}
    assert len({one.occasion for one in days}) == 1
