"""A week is compared with the weeks before it, and only as far as it could be seen."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.slow_change.changes import DAY_MIN, Day, Week, slow_change
from alerts.slow_change.days import Sign, weeks_of
from tests.alerts.a_home import LONDON

MONDAY = date(2026, 10, 5)
USUAL = Day(MONDAY, DAY_MIN, hours=14, kitchen=6, night=4, doors=8, outings=1)


def week(number: int, like: Day = USUAL, days: int = 7) -> Week:
    monday = MONDAY + timedelta(weeks=number)
    return Week(monday, tuple(replace(like, day=monday + timedelta(days=day)) for day in range(days)))


def said(*weeks: Week) -> list[str]:
    return [change.sentence for change in slow_change(weeks)]


BEFORE = [week(0), week(1, replace(USUAL, hours=16, kitchen=8)), week(2), week(3)]


def test_a_week_like_those_before_is_no_news() -> None:
    assert said(*BEFORE, week(4)) == []


@pytest.mark.parametrize(
    ("like", "sentence"),
    [
        (replace(USUAL, hours=11), "Less activity this week: 11 hours of the day, usually 14 to 16."),
        (replace(USUAL, hours=19), "More activity this week: 19 hours of the day, usually 14 to 16."),
        (replace(USUAL, night=20), "More movement at night this week: 20 a night, usually 4."),
        (replace(USUAL, outings=0), "Fewer times out of the home this week: 0, usually 7."),
        (replace(USUAL, kitchen=4), "Less use of the kitchen this week: 4 hours of the day, usually 6 to 8."),
    ],
)
def test_what_changed_is_said_with_what_is_usual(like: Day, sentence: str) -> None:
    assert said(*BEFORE, week(4, like)) == [sentence]


def test_outings_are_told_for_seven_days_where_fewer_could_be_seen() -> None:
    assert said(*BEFORE, week(4, replace(USUAL, outings=3), days=5)) == [
        "More times out of the home this week: 21, usually 7."
    ]


@pytest.mark.parametrize(
    ("unseen", "told"),
    [(replace(USUAL, hours=5), 1), (replace(USUAL, hours=5, seen_min=1100), 0), (replace(USUAL, hours=2), 0)],
)
def test_days_that_could_not_be_seen_or_had_nobody_at_home_do_not_count(unseen: Day, told: int) -> None:
    assert len(said(*BEFORE, week(4, unseen))) == told


def test_a_week_of_four_days_is_not_compared() -> None:
    assert said(*BEFORE, week(4, replace(USUAL, hours=5), days=4)) == []


def test_two_weeks_are_too_few_to_compare_with_and_older_ones_than_four_are_too_old() -> None:
    less = replace(USUAL, hours=5)
    assert said(week(0), week(1), week(2, less)) == []
    assert said(week(0), week(1), week(2), week(6, less)) == []
    assert len(said(week(0), week(1), week(2), week(4, less))) == 1


def test_a_kitchen_or_door_that_says_nothing_at_all_is_a_sensor_and_no_change() -> None:
    assert said(*BEFORE, week(4, replace(USUAL, kitchen=0, doors=0, outings=0))) == []


@given(st.lists(st.integers(3, 24), min_size=7, max_size=7))
def test_a_week_that_equals_one_of_the_weeks_before_is_never_news(hours: list[int]) -> None:
    odd = tuple(replace(day, hours=found) for day, found in zip(week(1).days, hours, strict=True))
    again = tuple(replace(day, hours=found) for day, found in zip(week(4).days, hours, strict=True))
    assert said(week(0), Week(week(1).monday, odd), week(2), week(3), Week(week(4).monday, again)) == []


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


SIGNS: list[Sign] = [
    (at("2026-10-20T02:10"), "bathroom", "room"),
    (at("2026-10-20T08:00"), "kitchen", "room"),
    (at("2026-10-20T08:59"), "fridge", "fridge_door"),
    (at("2026-10-20T10:01"), "front door", "outside_door"),  # out for an hour and a half
    (at("2026-10-20T11:31"), "front door", "outside_door"),
    (at("2026-10-20T11:40"), "lounge", "room"),
    (at("2026-10-20T21:00"), "front door", "outside_door"),  # locking up
    (at("2026-10-21T07:00"), "hall", "room"),
]


def test_days_are_counted_from_signs_of_life_in_local_time() -> None:
    (found,) = weeks_of(SIGNS, LONDON)
    assert found.name == "2026-W43"
    assert found.days[0] == Day(date(2026, 10, 20), DAY_MIN, hours=5, kitchen=1, night=1, doors=3, outings=1)
    assert found.days[1] == Day(date(2026, 10, 21), DAY_MIN, hours=1)
    assert weeks_of(SIGNS, LONDON, {date(2026, 10, 20): 700})[0].days[0].seen_min == 700
