"""Each rule's verdicts: quiet, silent and unseen are three different facts."""

from datetime import datetime, timedelta

import pytest

from alerts.evaluate import called, evaluate
from alerts.picture import Picture, Seen
from alerts.rules import DoorAtNight, ExpectedActivity, Rule, Silence, Unseen
from alerts.verdicts import Outcome, Reason, Verdict
from tests.alerts.a_home import LONDON, at, beats, door, motion, picture, sos, stir

KITCHEN = ExpectedActivity(places=("kitchen",), start="05:00", end="09:00", grace_min=30)
SILENCE = Silence(hours=4)
DOOR = DoorAtNight()
EVENING_BEFORE = stir(at("21:30", 17))
ALWAYS = list(beats(at("12:00", 17), at("23:55")))


def seen_until(moment: datetime) -> list[Seen]:
    return [one for one in ALWAYS if one.at <= moment]


def said(settings: ExpectedActivity | Silence | DoorAtNight | Unseen, now: datetime, *readings: list[Seen]) -> Verdict:
    kept = picture(*readings)
    return evaluate(settings, kept, LONDON, now)


def test_a_kitchen_used_in_time_is_as_expected() -> None:
    now = at("09:31")
    verdict = said(KITCHEN, now, seen_until(now), EVENING_BEFORE, stir(at("07:10")))
    assert (verdict.verdict, verdict.reason) == (Outcome.AS_EXPECTED, Reason.SEEN)
    assert verdict.evidence.seen_at == at("07:10")
    assert verdict.look_again == at("09:00", 19)


def test_before_the_end_of_the_window_we_wait_for_it() -> None:
    verdict = said(KITCHEN, at("07:00"), seen_until(at("07:00")), EVENING_BEFORE)
    assert (verdict.verdict, verdict.look_again) == (Outcome.WAITING, at("09:00"))


def test_inside_the_grace_it_is_late_and_not_missed() -> None:
    verdict = said(KITCHEN, at("09:00"), seen_until(at("09:00")), EVENING_BEFORE)
    assert (verdict.verdict, verdict.reason, verdict.look_again) == (Outcome.LATE, Reason.NOT_YET, at("09:30"))
    verdict = said(KITCHEN, at("09:20"), seen_until(at("09:20")), EVENING_BEFORE, stir(at("09:10")))
    assert (verdict.verdict, verdict.reason) == (Outcome.LATE, Reason.SEEN_LATE)


def test_nothing_in_a_home_that_was_seen_is_missed() -> None:
    verdict = said(KITCHEN, at("09:30"), seen_until(at("09:30")), EVENING_BEFORE)
    assert (verdict.verdict, verdict.reason) == (Outcome.MISSED, Reason.NOTHING_AT_ALL)
    assert verdict.evidence.last_match_at == at("21:34", 17)
    assert (verdict.occasion, verdict.deadline) == ("2026-11-18", at("09:30"))
    assert verdict.look_again == at("09:00", 19)


def test_movement_elsewhere_is_told_apart_from_nothing_at_all() -> None:
    verdict = said(KITCHEN, at("09:30"), seen_until(at("09:30")), EVENING_BEFORE, stir(at("08:00"), "bedroom"))
    assert (verdict.verdict, verdict.reason) == (Outcome.MISSED, Reason.NOTHING_THERE)
    assert (verdict.evidence.last_sign_place, verdict.evidence.last_sign_at) == ("bedroom", at("08:04"))


def test_a_silent_gateway_is_not_a_quiet_person() -> None:
    verdict = said(KITCHEN, at("09:30"), seen_until(at("06:00")), EVENING_BEFORE)
    assert (verdict.verdict, verdict.reason) == (Outcome.NOT_OBSERVABLE, Reason.NOT_COVERED)
    assert verdict.evidence.covered_min == 61


def test_a_gateway_that_fell_silent_at_the_end_of_the_window_is_not_a_quiet_person() -> None:
    verdict = said(KITCHEN, at("09:30"), seen_until(at("09:10")), EVENING_BEFORE)
    assert verdict.evidence.covered_min is not None
    assert verdict.evidence.covered_min > 0.9 * 270
    assert verdict.verdict is Outcome.NOT_OBSERVABLE


def test_minutes_whose_beat_is_not_due_yet_count_as_seen() -> None:
    verdict = said(KITCHEN, at("09:30"), seen_until(at("09:25")), EVENING_BEFORE)
    assert verdict.verdict is Outcome.MISSED


@pytest.mark.parametrize("settings", [KITCHEN, SILENCE])
def test_a_home_that_never_reported_is_never_missed(settings: ExpectedActivity | Silence) -> None:
    verdict = evaluate(settings, Picture.empty(), LONDON, at("12:00"))
    assert verdict.verdict in (Outcome.NOT_OBSERVABLE, Outcome.WAITING)


def test_a_room_whose_sensor_died_says_so_instead_of_blaming_the_person() -> None:
    lived = [one for day in (15, 16, 17, 18) for one in stir(at("08:00", day), "bedroom")]
    verdict = said(KITCHEN, at("09:30"), seen_until(at("09:30")), [motion(at("09:00", 12))], lived)
    assert verdict.reason is Reason.SENSOR_SILENT
    never = said(KITCHEN, at("09:30"), seen_until(at("09:30")), lived)
    assert never.reason is Reason.SENSOR_NEVER_REPORTED


def test_a_rule_says_nothing_of_windows_before_it_was_made() -> None:
    rule = Rule(1, 1, KITCHEN, since=at("08:00"))
    verdict = evaluate(rule, picture(seen_until(at("10:00"))), LONDON, at("10:00"))
    assert (verdict.verdict, verdict.look_again) == (Outcome.WAITING, at("09:00", 19))


def test_weekdays_are_kept() -> None:
    weekend = KITCHEN.model_copy(update={"weekdays": ("sat", "sun")})
    verdict = said(weekend, at("12:00"), seen_until(at("12:00")), EVENING_BEFORE)
    assert verdict.look_again == at("09:00", 21)
    assert verdict.verdict is not Outcome.MISSED


def test_so_many_hours_without_a_sign_are_a_silence() -> None:
    before = said(SILENCE, at("11:04"), seen_until(at("11:04")), stir(at("07:00")))
    assert (before.verdict, before.look_again) == (Outcome.AS_EXPECTED, at("11:05"))
    verdict = said(SILENCE, at("11:05"), seen_until(at("11:05")), stir(at("07:00")))
    assert (verdict.verdict, verdict.reason, verdict.deadline) == (Outcome.MISSED, Reason.SILENT, at("11:05"))
    assert verdict.occasion == at("07:04").isoformat()


def test_the_clock_of_a_silence_stands_still_while_the_home_cannot_be_seen() -> None:
    gap = [one for one in ALWAYS if not at("08:00") < one.at < at("08:15")]  # 08:01 to 08:09
    verdict = said(SILENCE, at("11:13"), [one for one in gap if one.at <= at("11:13")], stir(at("07:00")))
    assert verdict.verdict is Outcome.AS_EXPECTED
    verdict = said(SILENCE, at("11:14"), [one for one in gap if one.at <= at("11:14")], stir(at("07:00")))
    assert verdict.verdict is Outcome.MISSED


def test_a_longer_loss_of_data_starts_the_clock_of_a_silence_anew() -> None:
    gap = [one for one in ALWAYS if not at("08:00") < one.at < at("10:05")]
    verdict = said(SILENCE, at("13:59"), [one for one in gap if one.at <= at("13:59")], stir(at("07:00")))
    assert (verdict.verdict, verdict.look_again) == (Outcome.AS_EXPECTED, at("14:00"))
    verdict = said(SILENCE, at("14:00"), [one for one in gap if one.at <= at("14:00")], stir(at("07:00")))
    assert verdict.verdict is Outcome.MISSED


def test_a_home_that_cannot_be_seen_now_is_not_silent() -> None:
    verdict = said(SILENCE, at("13:00"), seen_until(at("12:00")), stir(at("07:00")))
    assert (verdict.verdict, verdict.reason) == (Outcome.NOT_OBSERVABLE, Reason.NOT_COVERED)


def test_lone_movements_do_not_end_a_silence() -> None:
    lone = [motion(at("09:00"), "bathroom"), motion(at("10:30"), "bedroom")]
    verdict = said(SILENCE, at("11:05"), seen_until(at("11:05")), stir(at("07:00")), lone)
    assert verdict.verdict is Outcome.MISSED
    pair = [motion(at("09:00"), "bathroom"), motion(at("09:08"), "bedroom")]
    verdict = said(SILENCE, at("11:05"), seen_until(at("11:05")), stir(at("07:00")), pair)
    assert verdict.verdict is Outcome.AS_EXPECTED


def test_a_movement_is_only_called_lone_when_there_was_time_for_another() -> None:
    young = [motion(at("11:00"), "bathroom")]
    verdict = said(SILENCE, at("11:05"), seen_until(at("11:05")), stir(at("07:00")), young)
    assert (verdict.verdict, verdict.look_again) == (Outcome.AS_EXPECTED, at("11:11"))
    verdict = said(SILENCE, at("11:11"), seen_until(at("11:10")), stir(at("07:00")), young)
    assert verdict.verdict is Outcome.MISSED


def test_somebody_who_went_out_by_day_is_not_silent_up_to_a_cap() -> None:
    leaving = [*stir(at("06:50")), door(at("07:00")), door(at("07:01"), 0)]
    verdict = said(SILENCE, at("13:00"), seen_until(at("13:00")), leaving)
    assert (verdict.verdict, verdict.reason) == (Outcome.AS_EXPECTED, Reason.PRESUMED_OUT)
    assert verdict.look_again == at("17:00")  # should she be back by now, a silence may begin
    verdict = said(SILENCE, at("19:01"), seen_until(at("19:01")), leaving)
    assert (verdict.verdict, verdict.reason) == (Outcome.MISSED, Reason.OUT_TOO_LONG)


def test_locking_up_is_not_leaving() -> None:
    locking = [*stir(at("20:50", 17)), door(at("21:00", 17)), door(at("21:01", 17), 0)]
    verdict = said(SILENCE, at("01:10"), seen_until(at("01:10")), locking)
    assert (verdict.verdict, verdict.reason) == (Outcome.MISSED, Reason.SILENT)


def test_sleep_is_no_silence_by_day() -> None:
    by_day = Silence(hours=6, by_day=("07:00", "22:00"))
    verdict = said(by_day, at("09:00"), seen_until(at("09:00")), EVENING_BEFORE)
    assert (verdict.verdict, verdict.look_again) == (Outcome.AS_EXPECTED, at("13:00"))
    verdict = said(by_day, at("13:00"), seen_until(at("13:00")), EVENING_BEFORE)
    assert verdict.verdict is Outcome.MISSED
    night = said(by_day, at("23:00", 17), seen_until(at("23:00", 17)), EVENING_BEFORE)
    assert (night.verdict, night.look_again) == (Outcome.AS_EXPECTED, at("13:00"))


def test_an_outside_door_at_night_is_found_at_once_with_what_came_after() -> None:
    opened = door(at("02:13"))
    verdict = said(DOOR, at("02:13"), seen_until(at("02:13")), [opened])
    assert (verdict.verdict, verdict.reason) == (Outcome.MISSED, Reason.DOOR_AT_NIGHT)
    assert (verdict.evidence.places, verdict.evidence.shut_at) == (("front door",), None)
    back = [door(at("02:20"), 0), motion(at("02:21"), "hall")]
    verdict = said(DOOR, at("02:30"), seen_until(at("02:30")), [opened], back)
    assert verdict.occasion == at("02:13").isoformat()
    assert (verdict.evidence.shut_at, verdict.evidence.inside_at) == (at("02:20"), at("02:21"))


def test_openings_within_two_minutes_are_one_occasion_and_later_ones_another() -> None:
    openings = [door(at(text)) for text in ("02:13", "02:14", "02:15", "04:00")]
    verdict = said(DOOR, at("04:00"), seen_until(at("04:00")), openings)
    assert verdict.occasion == at("04:00").isoformat()
    verdict = said(DOOR, at("03:00"), seen_until(at("03:00")), openings[:3])
    assert verdict.occasion == at("02:13").isoformat()


def test_a_door_by_day_is_nothing() -> None:
    verdict = said(DOOR, at("12:00"), seen_until(at("12:00")), [door(at("11:00"))])
    assert verdict.reason is Reason.DOOR_SHUT


def test_a_call_for_help_is_a_finding_whatever_its_age() -> None:
    kept = picture(ALWAYS, [sos(at("07:00", 8)), sos(at("07:00", 18))])
    assert [one.deadline for one in called(kept, LONDON, at("23:55"))] == [at("07:00", 18), at("07:00", 8)]


def test_a_home_that_cannot_be_seen_is_a_technical_fact() -> None:
    verdict = said(Unseen(), at("12:59"), seen_until(at("12:00")))
    assert (verdict.verdict, verdict.look_again) == (Outcome.AS_EXPECTED, at("13:00"))
    verdict = said(Unseen(), at("13:00"), seen_until(at("12:00")))
    assert (verdict.verdict, verdict.reason) == (Outcome.NOT_OBSERVABLE, Reason.HOME_UNSEEN)
    never = evaluate(Unseen(), Picture.empty(), LONDON, at("13:00"))
    assert (never.verdict, never.reason) == (Outcome.NOT_OBSERVABLE, Reason.NEVER_REPORTED)
    young = Rule(1, 1, Unseen(), since=at("12:30"))
    assert evaluate(young, Picture.empty(), LONDON, at("13:00")).verdict is Outcome.WAITING


def test_every_verdict_says_when_to_look_again_in_the_future() -> None:
    lived = picture(EVENING_BEFORE, ALWAYS, stir(at("07:00")))
    for hours in range(48):
        now = at("00:00") + timedelta(hours=hours)
        for settings in (KITCHEN, SILENCE, Silence(hours=6, by_day=("07:00", "22:00")), DOOR, Unseen()):
            assert evaluate(settings, lived, LONDON, now).look_again > now
