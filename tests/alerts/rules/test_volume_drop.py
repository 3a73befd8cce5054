"""A day with far too little activity: a home that is nearly dead, but not silent."""

from datetime import date, datetime, timedelta

import pytest

from alerts.picture import Seen
from alerts.rules import BadRuleError, VolumeDrop, read
from alerts.rules.volume_drop import hourly_counts, usual_counts
from alerts.verdicts import AlertClass, Outcome, Reason, alert_class
from alerts.words import sentence, why
from tests.alerts.a_home import LONDON, at, beats, door, motion, stir
from tests.alerts.rules.a_rule import FIRST, of_picture, said

STEADY = VolumeDrop(usual=tuple(10.0 * hour for hour in range(1, 25)))
"""Ten minutes with a sign in each hour: 90 by 14:00."""
LIVED = [one for day in (16, 17) for hour in range(6, 22) for one in stir(at(f"{hour:02}:00", day), minutes=20)]
VISIT = [*stir(at("08:50"), "lounge"), motion(at("08:51"))]
PHANTOMS = [motion(at(time), "bedroom") for time in ("11:00", "12:30", "13:30")]


def test_a_nearly_dead_home_is_told_although_it_is_not_silent() -> None:
    found = said(STEADY, at("14:10"), LIVED, VISIT, PHANTOMS)
    assert (found.verdict, found.reason, found.deadline) == (Outcome.MISSED, Reason.MUCH_LESS, at("14:00"))
    assert (found.evidence.count, found.evidence.usual) == (4, 90)
    assert alert_class(found.verdict, found.reason) is AlertClass.WELFARE
    assert sentence(found, LONDON) == "Far less activity today than is usual by 14:00."
    assert "Activity in 4 minutes so far; about 90 are usual by then." in why(found, LONDON)


def test_a_quiet_day_is_no_dead_one() -> None:
    quiet = [one for hour in range(7, 14) for one in stir(at(f"{hour:02}:00"), minutes=4)]
    verdict = said(STEADY, at("14:10"), LIVED, quiet)
    assert (verdict.verdict, verdict.reason, verdict.look_again) == (
        Outcome.AS_EXPECTED,
        Reason.WITHIN_USUAL,
        at("17:10"),
    )


def test_without_a_usual_day_its_own_last_two_days_are_the_measure() -> None:
    assert said(VolumeDrop(), at("14:10"), LIVED, VISIT).reason is Reason.MUCH_LESS
    assert said(VolumeDrop(), at("14:10"), VISIT).verdict is Outcome.AS_EXPECTED, "a new home has no usual day"


def test_whoever_was_out_most_of_the_day_is_not_missed() -> None:
    out = [*stir(at("08:00")), door(at("08:10"))]
    verdict = said(STEADY, at("14:10"), LIVED, out)
    assert (verdict.verdict, verdict.reason, verdict.evidence.out_since) == (
        Outcome.AS_EXPECTED,
        Reason.PRESUMED_OUT,
        at("08:10"),
    )


def test_time_out_is_taken_off_what_is_usual() -> None:
    out = [*stir(at("06:00"), minutes=14), door(at("06:20")), door(at("09:50")), *stir(at("09:51"), "hallway", 2)]
    all_in = said(STEADY, at("14:10"), LIVED, stir(at("06:00"), minutes=16))
    some_out = said(STEADY, at("14:10"), LIVED, out)
    assert (all_in.verdict, some_out.verdict) == (Outcome.MISSED, Outcome.AS_EXPECTED)


def test_of_a_home_that_was_hardly_seen_nobody_says_that_it_was_dead() -> None:
    hidden = [*beats(FIRST, at("06:00")), *beats(at("10:00"), at("14:10"))]
    verdict = of_picture(STEADY, at("14:10"), hidden, LIVED, VISIT)
    assert (verdict.verdict, verdict.reason) == (Outcome.NOT_OBSERVABLE, Reason.NOT_COVERED)


def test_what_the_last_check_would_have_found_is_not_told_in_the_night() -> None:
    assert said(STEADY, at("20:10"), LIVED, VISIT).verdict is Outcome.MISSED
    assert said(STEADY, at("23:30"), LIVED, VISIT).verdict is Outcome.WAITING


def test_it_is_looked_at_when_a_check_is_due() -> None:
    looks, now = [], at("04:00")
    while now < at("23:59"):
        now = said(STEADY, now, LIVED).look_again
        looks.append(now)
    assert looks == [at("14:10"), at("17:10"), at("20:10"), at("14:10", 19)]


@pytest.mark.parametrize("checks", [["04:00"], ["23:00"], ["17:00", "14:00"], ["05:30"], []])
def test_checks_outside_its_day_are_refused(checks: list[str]) -> None:
    with pytest.raises(BadRuleError, match="checks"):
        read({"kind": "volume_drop", "checks": checks})


def signs(readings: list[Seen]) -> list[tuple[float, tuple[str, str]]]:
    return [(one.at.timestamp(), (one.place, one.role)) for one in readings]


def test_a_usual_day_is_the_middle_of_some_days() -> None:
    counts = hourly_counts(signs([*LIVED, *stir(at("04:30", 17), minutes=4)]), LONDON)
    assert sorted(counts) == [date(2026, 11, 16), date(2026, 11, 17)]
    assert counts[date(2026, 11, 16)][1] == 10, "06:00 to 07:00"
    assert counts[date(2026, 11, 16)][23] == 2, "04:30 belongs to the day before"
    usual = usual_counts(counts.values())
    assert usual[:3] == (0, 10, 20)
    assert read({"kind": "volume_drop", "usual": usual}) == VolumeDrop(usual=usual)
    with pytest.raises(ValueError, match="without a day"):
        usual_counts([])


def test_a_usual_day_is_the_same_before_and_after_the_clocks_change() -> None:
    """On 25 October 2026 the clocks go back: 06:00 on the wall is an hour later."""
    for day in (24, 25, 26):
        wall = datetime(2026, 10, day, 6, 0, tzinfo=LONDON)
        some = [motion(wall + timedelta(minutes=minute)) for minute in (0, 2, 4)]
        counts = hourly_counts(signs(some), LONDON)
        assert counts == {date(2026, 10, day): [0, 3] + [0] * 22}
