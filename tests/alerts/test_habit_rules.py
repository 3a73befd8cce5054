"""Rules that know a home's habits: unusually quiet, restless nights, silent sensors, out when it was due."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.evaluate import judge
from alerts.picture import Picture, Seen, fold
from alerts.rules import (
    BadRuleError,
    ExpectedActivity,
    NightActivity,
    Rule,
    RuleSettings,
    SensorSilent,
    UnusualQuiet,
    Watched,
    read,
)
from alerts.sight import Sight
from alerts.verdicts import AlertClass, Outcome, Reason, Verdict, alert_class
from tests.alerts.a_home import LONDON, at, beats, door, motion, picture, stir

BY_DAY = tuple(0.0 if hour < 6 else 1.0 for hour in range(24))
"""A home that never stirs before 06:00 and always does afterwards."""
QUIET = UnusualQuiet(usual=BY_DAY, limit=3)
KITCHEN = ExpectedActivity(places=("kitchen",), start="05:00", end="09:30", grace_min=30)


def said(settings: RuleSettings, now: datetime, *readings: list[Seen], zone_day: int = 18) -> Verdict:
    seen = list(beats(at("12:00", zone_day - 2), now))
    return judge(Rule(1, 1, settings), Sight(picture(seen, *readings), LONDON, now))[-1]


def test_a_silence_by_day_is_told_after_the_limit() -> None:
    life = stir(at("10:00"))
    before, after = said(QUIET, at("13:04"), life), said(QUIET, at("13:05"), life)
    assert (before.verdict, before.look_again) == (Outcome.AS_EXPECTED, at("13:05"))
    assert (after.verdict, after.reason, after.deadline) == (Outcome.MISSED, Reason.SILENT, at("13:05"))
    assert after.evidence.last_sign_place == "kitchen"


def test_hours_in_which_the_home_sleeps_do_not_count() -> None:
    night = stir(at("23:00", 17))
    assert said(QUIET, at("07:00"), night).verdict is Outcome.AS_EXPECTED
    # 55 minutes before midnight, and the rest from 06:00 on.
    assert said(QUIET, at("08:05"), night).verdict is Outcome.MISSED


def test_at_whatever_hour_so_many_by_the_clock_are_too_many() -> None:
    rule = UnusualQuiet(usual=(0.0,) * 24, at_most_hours=8)
    evening = stir(at("22:00", 17))
    assert said(rule, at("06:04"), evening).verdict is Outcome.AS_EXPECTED
    verdict = said(rule, at("06:05"), evening)
    assert (verdict.verdict, verdict.reason) == (Outcome.MISSED, Reason.SILENT)


def test_what_could_not_be_seen_starts_the_clock_anew() -> None:
    kept = picture(beats(at("08:00"), at("10:30")), beats(at("11:30"), at("15:00")), stir(at("10:00")))
    assert judge(Rule(1, 1, QUIET), Sight(kept, LONDON, at("14:29")))[-1].verdict is Outcome.AS_EXPECTED
    assert judge(Rule(1, 1, QUIET), Sight(kept, LONDON, at("14:30")))[-1].verdict is Outcome.MISSED


def test_a_home_that_cannot_be_seen_is_not_quiet() -> None:
    kept = picture(beats(at("08:00"), at("11:00")), stir(at("10:00")))
    verdict = judge(Rule(1, 1, QUIET), Sight(kept, LONDON, at("23:00")))[-1]
    assert verdict.verdict is Outcome.NOT_OBSERVABLE


def test_whoever_leaves_by_the_door_is_out_until_the_cap() -> None:
    life = [*stir(at("10:00")), door(at("10:06"))]
    away = said(QUIET, at("14:00"), life)
    assert (away.verdict, away.reason) == (Outcome.AS_EXPECTED, Reason.PRESUMED_OUT)
    # Nobody may look later than a silence can be too long that begins only now.
    assert away.look_again == at("17:00")
    long_gone = said(QUIET, at("21:36"), life)
    assert (long_gone.verdict, long_gone.reason) == (Outcome.MISSED, Reason.OUT_TOO_LONG)


@pytest.mark.parametrize("after", [timedelta(seconds=40), timedelta(minutes=2)])
def test_a_movement_after_the_door_means_that_somebody_is_in(after: timedelta) -> None:
    came_in = at("10:06")
    life = [*stir(at("10:00")), door(came_in), motion(came_in + after, "hallway")]
    assert said(QUIET, at("14:00"), life).verdict is Outcome.MISSED


def test_a_movement_with_the_door_is_still_leaving() -> None:
    left = at("10:06") + timedelta(seconds=50)
    life = [*stir(at("10:00")), door(left), motion(left + timedelta(seconds=12), "hallway")]
    assert said(QUIET, at("14:00"), life).reason is Reason.PRESUMED_OUT


def test_a_phantom_movement_brings_nobody_home() -> None:
    life = [*stir(at("10:00")), door(at("10:06")), motion(at("12:00"), "bedroom")]
    assert said(QUIET, at("14:00"), life).reason is Reason.PRESUMED_OUT


def test_a_door_in_the_evening_is_locking_up() -> None:
    life = [*stir(at("20:30")), door(at("20:36"))]
    assert said(QUIET, at("23:40"), life).verdict is Outcome.MISSED


minutes = st.integers(0, 26 * 60)


@given(life=st.lists(minutes, max_size=12), more=st.lists(minutes, max_size=4), now=st.integers(12 * 60, 26 * 60))
@settings(max_examples=80, deadline=None)
def test_more_movement_never_turns_life_into_unusual_quiet(life: list[int], more: list[int], now: int) -> None:
    start, moment = at("00:00"), at("00:00") + timedelta(minutes=now)

    def verdict(minutes: list[int]) -> Outcome:
        readings = [motion(start + timedelta(minutes=m)) for m in minutes if m <= now]
        kept = fold(Picture.empty(), [*beats(at("12:00", 17), moment), *stir(start), *readings])
        return judge(Rule(1, 1, QUIET), Sight(kept, LONDON, moment))[-1].verdict

    if verdict(life) is Outcome.AS_EXPECTED:
        assert verdict([*life, *more]) is Outcome.AS_EXPECTED


@given(life=st.lists(minutes, max_size=12), now=st.integers(12 * 60, 26 * 60))
@settings(max_examples=80, deadline=None)
def test_the_next_look_is_never_later_than_the_next_finding(life: list[int], now: int) -> None:
    """Looking each minute finds nothing sooner than looking when the rule says so."""
    start = at("00:00")
    readings = [*stir(start), *(motion(start + timedelta(minutes=m)) for m in life)]
    moment, end = start + timedelta(minutes=now), start + timedelta(minutes=now + 300)
    kept = fold(Picture.empty(), [*beats(at("12:00", 17), end), *(one for one in readings if one.at <= moment)])
    first = judge(Rule(1, 1, QUIET), Sight(kept, LONDON, moment))[-1]
    if first.verdict is Outcome.AS_EXPECTED:
        just_before = min(first.look_again - timedelta(minutes=1), end)
        assert judge(Rule(1, 1, QUIET), Sight(kept, LONDON, just_before))[-1].verdict is Outcome.AS_EXPECTED


def walk(start: datetime, every: int = 3, count: int = 30) -> list[Seen]:
    return [motion(start + timedelta(minutes=every * n), "hallway") for n in range(count)]


def test_much_walking_in_the_night_is_told_for_information() -> None:
    verdict = said(NightActivity(), at("04:00"), walk(at("01:30")))
    assert (verdict.verdict, verdict.reason) == (Outcome.MISSED, Reason.RESTLESS_NIGHT)
    assert verdict.evidence.seen_at == at("01:30")
    assert alert_class(verdict.verdict, verdict.reason) is None, "nobody is woken for it"


def test_a_usual_night_is_not_told() -> None:
    trips = [one for hour in ("01:00", "03:00", "04:30") for one in stir(at(hour), "bathroom", 12)]
    assert said(NightActivity(), at("05:01"), trips).verdict is Outcome.AS_EXPECTED


def test_what_is_told_of_a_night_stays_told_in_the_morning() -> None:
    assert said(NightActivity(), at("11:00"), walk(at("01:30"))).verdict is Outcome.MISSED


def living(start: datetime, end: datetime, place: str) -> list[Seen]:
    """Somebody is about there every hour."""
    found = []
    while start < end:
        found.extend(stir(start, place))
        start += timedelta(hours=1)
    return found


def test_a_sensor_that_falls_silent_in_a_live_home_is_told_to_the_housing_team() -> None:
    rule = SensorSilent(active_hours=20, days=0.5)
    lounge, kitchen = (
        living(at("12:00", 16), at("12:00", 18), "lounge"),
        living(at("12:00", 16), at("14:00", 16), "kitchen"),
    )
    verdict = said(rule, at("12:00"), lounge, kitchen)
    assert (verdict.verdict, verdict.reason) == (Outcome.NOT_OBSERVABLE, Reason.SENSOR_SILENT)
    assert verdict.evidence.places == ("kitchen",)
    assert alert_class(verdict.verdict, verdict.reason) is AlertClass.TECHNICAL


def test_an_empty_home_tells_nothing_about_its_sensors() -> None:
    rule = SensorSilent(active_hours=20, days=0.5)
    assert said(rule, at("12:00"), living(at("12:00", 16), at("16:00", 16), "lounge")).verdict is Outcome.AS_EXPECTED


def test_a_sensor_with_habits_of_its_own_is_judged_by_them() -> None:
    rule = SensorSilent(active_hours=20, days=0.5, sensors=(Watched(place="kitchen", active_hours=20, days=7),))
    lounge, kitchen = (
        living(at("12:00", 16), at("12:00", 18), "lounge"),
        living(at("12:00", 16), at("14:00", 16), "kitchen"),
    )
    assert said(rule, at("12:00"), lounge, kitchen).verdict is Outcome.AS_EXPECTED


def test_who_is_out_when_the_kitchen_is_due_is_given_time_after_coming_back() -> None:
    life = [*stir(at("21:00", 17)), *stir(at("08:00"), "bedroom"), door(at("08:10"))]
    away = said(KITCHEN, at("10:30"), life)
    assert (away.verdict, away.reason) == (Outcome.WAITING, Reason.PRESUMED_OUT)
    back = [*life, door(at("11:00")), *stir(at("11:01"), "hallway")]
    assert said(KITCHEN, at("11:30"), back).verdict is Outcome.WAITING
    missed = said(KITCHEN, at("12:00"), back)
    assert (missed.verdict, missed.reason, missed.deadline) == (Outcome.MISSED, Reason.NOTHING_THERE, at("12:00"))
    cooked = [*back, *stir(at("11:20"), "kitchen")]
    assert said(KITCHEN, at("12:00"), cooked).reason is Reason.SEEN_LATE


@pytest.mark.parametrize("rule", [UnusualQuiet(), NightActivity(), SensorSilent(sensors=(Watched(place="hall"),))])
def test_these_rules_can_be_written_down_and_described(rule: RuleSettings) -> None:
    assert read(rule.model_dump(mode="json")) == rule
    assert len(rule.describe()) > 20


@pytest.mark.parametrize(
    ("wrong", "complaint"),
    [
        ({"kind": "unusual_quiet", "usual": [0.5] * 23}, "usual"),
        ({"kind": "unusual_quiet", "usual": [1.5] * 24}, "usual"),
        ({"kind": "unusual_quiet", "limit": 0}, "limit"),
        ({"kind": "night_activity", "movements": 0}, "movements"),
        ({"kind": "sensor_silent", "sensors": [{"place": ""}]}, "sensors"),
    ],
)
def test_a_wrong_setting_is_named(wrong: dict[str, object], complaint: str) -> None:
    with pytest.raises(BadRuleError, match=complaint):
        read(wrong)
