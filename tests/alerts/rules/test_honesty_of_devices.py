"""Promises that hold for every history of doors, reminders, tags and thermometers."""

import random
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.evaluate import judge
from alerts.marks import Medication, Reminder
from alerts.picture import Picture, Seen, fold
from alerts.rules import AnsweredReminder, LeftOpen, Proof, Rule, RuleSettings, Temperature, Visit
from alerts.sight import Sight
from alerts.verdicts import AlertClass, Outcome, Reason, Verdict, alert_class
from gateway.messages import Kind
from tests.alerts.a_home import LONDON, beats

START = datetime(2026, 11, 16, tzinfo=UTC)
NOW = START + timedelta(days=2, hours=9, minutes=30)
UTC_ZONE = ZoneInfo("UTC")
WEEK = timedelta(weeks=1)

NIGHT, FRIDGE = LeftOpen(), LeftOpen(role="fridge_door", start="06:00", end="22:00")
REMINDER = AnsweredReminder(start="07:00", end="12:00", grace_min=45)
BY_TAG = Visit(start="08:00", end="11:00", proof=Proof.TAG)
BY_DOOR = Visit(start="22:00", end="01:00", proof=Proof.DOOR)
WARMTH = Temperature(start="06:00", end="23:00")
RULES: tuple[RuleSettings, ...] = (NIGHT, FRIDGE, REMINDER, BY_TAG, BY_DOOR, WARMTH)
each_rule = pytest.mark.parametrize("rule", RULES, ids=["night", "fridge", "reminder", "tag", "door", "warmth"])

FRONT = ("front door", "outside_door", Kind.CONTACT)
DOOR = ("fridge", "fridge_door", Kind.CONTACT)
WORD = ("hall", "button", Kind.REMINDER)
BOX = ("kitchen", "button", Kind.MEDICATION)
TAG = ("hall", "button", Kind.VISIT)
WARM = ("kitchen", "room", Kind.TEMPERATURE)
MOTION = ("kitchen", "room", Kind.MOTION)
Thing = tuple[str, str, Kind]

minutes = st.integers(0, int((NOW - START).total_seconds() // 60))


def readings(things: Iterable[tuple[Thing, float]], most: int) -> st.SearchStrategy[list[Seen]]:
    some = st.sampled_from(list(things))
    return st.lists(st.builds(_reading, minutes, some), max_size=most)


def _reading(minute: int, thing: tuple[Thing, float]) -> Seen:
    (place, role, kind), value = thing
    return Seen(START + timedelta(minutes=minute), place, role, kind, value)


EVERYTHING: list[tuple[Thing, float]] = [
    *((thing, value) for thing in (FRONT, DOOR) for value in (0, 1)),
    *((WORD, word.value) for word in Reminder),
    *((BOX, word.value) for word in Medication),
    *((WARM, degrees) for degrees in (10, 15.5, 19, 30, 85)),
    (TAG, 17),
    (TAG, 4711),
    (MOTION, 1),
]
lives = readings(EVERYTHING, 40)
gaps = st.tuples(minutes, st.integers(0, 600))
nows = st.integers(0, 24 * 60).map(lambda m: NOW - timedelta(minutes=m))


def covered_but(gap: tuple[int, int]) -> list[Seen]:
    """Beats of the whole time but for a gap: (first minute, minutes)."""
    hidden = START + timedelta(minutes=gap[0]), START + timedelta(minutes=gap[0] + gap[1])
    return [one for one in beats(START, NOW) if not hidden[0] < one.at < hidden[1]]


def a_thermometer(degrees: Callable[[int], float]) -> list[Seen]:
    """One measurement an hour for the whole time."""
    return [Seen(START + timedelta(hours=hour), *WARM, degrees(hour)) for hour in range(58)]


def up_to(some: Iterable[Seen], now: datetime) -> list[Seen]:
    return [one for one in some if one.at <= now]


def verdicts(rule: RuleSettings, some: Iterable[Seen], now: datetime, zone: ZoneInfo = UTC_ZONE) -> list[Verdict]:
    return list(judge(Rule(1, 1, rule), Sight(fold(Picture.empty(), up_to(some, now)), zone, now)))


@each_rule
@given(life=lives, gap=gaps, now=nows, seed=st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_order_and_repetition_of_delivery_change_no_verdict(
    rule: RuleSettings, life: list[Seen], gap: tuple[int, int], now: datetime, seed: int
) -> None:
    delivered = [*life, *covered_but(gap)]
    disordered = delivered + delivered[::3]
    random.Random(seed).shuffle(disordered)
    assert verdicts(rule, disordered, now) == verdicts(rule, delivered, now)


@each_rule
@given(life=lives, gap=gaps, now=nows, weeks=st.integers(-40, 40))
@settings(max_examples=40, deadline=None)
def test_a_life_some_weeks_later_has_the_same_findings_some_weeks_later(
    rule: RuleSettings, life: list[Seen], gap: tuple[int, int], now: datetime, weeks: int
) -> None:
    delivered = [*life, *covered_but(gap)]
    later = [replace(one, at=one.at + weeks * WEEK) for one in delivered]
    here, there = verdicts(rule, delivered, now), verdicts(rule, later, now + weeks * WEEK)
    assert [(v.verdict, v.reason, v.deadline + weeks * WEEK, v.look_again + weeks * WEEK) for v in here] == [
        (v.verdict, v.reason, v.deadline, v.look_again) for v in there
    ]


@each_rule
@given(life=lives, now=nows)
@settings(max_examples=40, deadline=None)
def test_a_home_without_a_single_beat_is_never_a_welfare_case(
    rule: RuleSettings, life: list[Seen], now: datetime
) -> None:
    for verdict in verdicts(rule, life, now):
        assert alert_class(verdict.verdict, verdict.reason) is not AlertClass.WELFARE


GOOD: dict[str, list[tuple[Thing, float]]] = {
    "reminder": [(WORD, Reminder.DONE), (BOX, Medication.OPENED), (WORD, Reminder.SHOWN)],
    "visit": [(TAG, 17), (FRONT, 1), (MOTION, 1)],
    "temperature": [(WARM, 19)],
}


@pytest.mark.parametrize("rule", [REMINDER, BY_TAG, BY_DOOR, WARMTH], ids=["reminder", "tag", "door", "warmth"])
@given(data=st.data(), life=lives, gap=gaps, now=nows)
@settings(max_examples=80, deadline=None)
def test_more_answers_visits_and_warmth_never_turn_as_expected_into_missed(
    rule: RuleSettings, data: st.DataObject, life: list[Seen], gap: tuple[int, int], now: datetime
) -> None:
    more = data.draw(readings(GOOD[rule.kind], 8))
    before = [*life, *covered_but(gap)]
    if all(one.verdict is Outcome.AS_EXPECTED for one in verdicts(rule, before, now)):
        assert all(one.verdict is not Outcome.MISSED for one in verdicts(rule, [*before, *more], now))


@pytest.mark.parametrize("rule", [NIGHT, FRIDGE], ids=["night", "fridge"])
@given(life=lives, gap=gaps, now=nows)
@settings(max_examples=80, deadline=None)
def test_a_door_that_says_shut_now_is_no_case(
    rule: RuleSettings, life: list[Seen], gap: tuple[int, int], now: datetime
) -> None:
    shut = [Seen(now, *thing, 0) for thing in (FRONT, DOOR)]
    before = [one for one in life if one.at < now]
    assert all(one.reason is not Reason.LEFT_OPEN for one in verdicts(rule, [*before, *shut, *covered_but(gap)], now))


@given(coldest=st.integers(0, 57), life=lives, now=nows)
@settings(max_examples=80, deadline=None)
def test_one_odd_measurement_among_good_ones_is_no_case(coldest: int, life: list[Seen], now: datetime) -> None:
    hours = a_thermometer(lambda hour: 2.0 if hour == coldest else 20.0)
    rest = [one for one in life if one.kind is not Kind.TEMPERATURE]
    found = verdicts(WARMTH, [*hours, *rest, *covered_but((0, 0))], now)
    assert all(one.reason in (Reason.WITHIN_USUAL, Reason.NOT_ITS_TIME) for one in found)


OWN: dict[str, list[tuple[Thing, float]]] = {
    "left_open": [(thing, value) for thing in (FRONT, DOOR) for value in (0, 1)],
    "reminder": [(WORD, Reminder.SHOWN), (WORD, Reminder.SKIPPED), (BOX, Medication.DISPENSED), (WORD, Reminder.DONE)],
    "visit": [(TAG, 17), (FRONT, 1), (MOTION, 1)],
    "temperature": [(FRONT, 1)],
}


@each_rule
@given(seed=st.integers(0, 10**6))
@settings(max_examples=25, deadline=None)
def test_a_deadline_is_noticed_in_time_although_ordinary_readings_make_no_home_due(
    rule: RuleSettings, seed: int
) -> None:
    """Looking only when the last verdicts said so, in a life that goes on and can be seen."""
    rng = random.Random(seed)
    life = [_reading(rng.randrange(57 * 60), rng.choice(OWN[rule.kind])) for _ in range(rng.randrange(20))]
    cold_from = rng.randrange(57)
    everything = [*life, *covered_but((0, 0)), *a_thermometer(lambda hour: 12.0 if hour >= cold_from else 20.0)]
    now, noticed = START + timedelta(hours=12), set()
    for _ in range(700):
        found = verdicts(rule, everything, now)
        look = min(one.look_again for one in found)
        assert look > now
        for verdict in found:
            if verdict.verdict is Outcome.MISSED and verdict.occasion not in noticed:
                noticed.add(verdict.occasion)
                in_time = now - verdict.deadline <= timedelta(minutes=1)
                assert in_time or verdict.deadline <= START + timedelta(hours=12)
        now = look
        if now > NOW:
            return
    raise AssertionError("looks again far too often")


def changes_of_the_clock() -> list[date]:
    """The last Sundays of March and October, 2020 to 2035."""
    lasts = [date(year, month, 31) for year in range(2020, 2036) for month in (3, 10)]
    return [last - timedelta(days=(last.weekday() + 1) % 7) for last in lasts]


@pytest.mark.parametrize("day", changes_of_the_clock(), ids=str)
def test_hours_are_those_of_the_wall_on_days_of_23_and_25_hours(day: date) -> None:
    nine = datetime(day.year, day.month, day.day, 9, tzinfo=LONDON)
    covered = list(beats(nine - timedelta(hours=36), nine + timedelta(hours=4)))
    known = [Seen(nine - timedelta(hours=24), *TAG, 17), Seen(nine - timedelta(minutes=50), *WORD, Reminder.SHOWN)]
    visit = Visit(start="08:00", end="08:30")
    assert verdicts(visit, [*covered, *known], nine, LONDON)[-1].verdict is Outcome.MISSED
    assert verdicts(visit, [*covered, *known], nine - timedelta(minutes=31), LONDON)[-1].verdict is Outcome.WAITING
    reminder = verdicts(AnsweredReminder(), [*covered, *known], nine + timedelta(minutes=10), LONDON)[-1]
    assert (reminder.verdict, reminder.deadline) == (Outcome.MISSED, nine + timedelta(minutes=10))
