"""Promises that hold for every history: properties of each rule, over many made-up lives."""

import random
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.evaluate import evaluate, judge
from alerts.local_days import Hours, begun, coming, minute_of
from alerts.picture import Picture, Seen, fold
from alerts.rules import DoorAtNight, ExpectedActivity, Rule, RuleSettings, Silence, Unseen
from alerts.rules.quiet import RETRY_MIN
from alerts.sight import LONE_MIN, Sight
from alerts.verdicts import Outcome, Verdict
from gateway.messages import Kind
from tests.alerts.a_home import BEAT, LONDON, beats, motion

START = datetime(2026, 11, 16, tzinfo=UTC)
NOW = START + timedelta(days=2, hours=9, minutes=30)
UTC_ZONE = ZoneInfo("UTC")
WEEK = timedelta(weeks=1)
RULES: tuple[RuleSettings, ...] = (
    ExpectedActivity(places=("kitchen",), start="05:00", end="09:00"),
    ExpectedActivity(start="22:00", end="02:00"),
    Silence(hours=4),
    Silence(hours=6, by_day=("07:00", "22:00")),
    Silence(hours=3, out_after_door_s=0),
    DoorAtNight(),
    Unseen(),
)

minutes = st.integers(0, int((NOW - START).total_seconds() // 60))
things = st.sampled_from(
    [
        ("kitchen", "room", Kind.MOTION, 1),
        ("bedroom", "room", Kind.MOTION, 1),
        ("fridge", "fridge_door", Kind.CONTACT, 1),
        ("front door", "outside_door", Kind.CONTACT, 1),
        ("front door", "outside_door", Kind.CONTACT, 0),
    ]
)
lives = st.lists(st.builds(lambda m, thing: Seen(START + timedelta(minutes=m), *thing), minutes, things), max_size=30)
movements = st.lists(st.builds(lambda m: motion(START + timedelta(minutes=m)), minutes), max_size=6)
gaps = st.tuples(minutes, st.integers(0, 600))
nows = st.integers(0, 24 * 60).map(lambda m: NOW - timedelta(minutes=m))


def covered_but(gap: tuple[int, int]) -> list[Seen]:
    """Beats of the whole time but for a gap: (first minute, minutes)."""
    hidden = START + timedelta(minutes=gap[0]), START + timedelta(minutes=gap[0] + gap[1])
    return [one for one in beats(START, NOW) if not hidden[0] < one.at < hidden[1]]


def up_to(readings: Iterable[Seen], now: datetime) -> list[Seen]:
    return [one for one in readings if one.at <= now]


def verdicts(rule: RuleSettings, readings: Iterable[Seen], now: datetime, zone: ZoneInfo = UTC_ZONE) -> list[Verdict]:
    return list(judge(Rule(1, 1, rule), Sight(fold(Picture.empty(), readings), zone, now)))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.kind)
@given(life=lives, gap=gaps, now=nows, seed=st.integers(0, 10**6))
@settings(max_examples=40, deadline=None)
def test_order_and_repetition_of_delivery_change_no_verdict(
    rule: RuleSettings, life: list[Seen], gap: tuple[int, int], now: datetime, seed: int
) -> None:
    delivered = up_to([*life, *covered_but(gap)], now)
    disordered = delivered + delivered[::3]
    random.Random(seed).shuffle(disordered)
    assert verdicts(rule, disordered, now) == verdicts(rule, delivered, now)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.kind)
@given(life=lives, gap=gaps, now=nows, weeks=st.integers(-40, 40))
@settings(max_examples=40, deadline=None)
def test_a_life_some_weeks_later_has_the_same_findings_some_weeks_later(
    rule: RuleSettings, life: list[Seen], gap: tuple[int, int], now: datetime, weeks: int
) -> None:
    delivered = up_to([*life, *covered_but(gap)], now)
    later = [replace(one, at=one.at + weeks * WEEK) for one in delivered]
    here, there = verdicts(rule, delivered, now), verdicts(rule, later, now + weeks * WEEK)
    assert [(v.verdict, v.reason, v.deadline + weeks * WEEK, v.look_again + weeks * WEEK) for v in here] == [
        (v.verdict, v.reason, v.deadline, v.look_again) for v in there
    ]


@pytest.mark.parametrize("rule", RULES[:2], ids=["kitchen", "in bed"])
@given(life=lives, more=lives, gap=gaps, now=nows)
@settings(max_examples=80, deadline=None)
def test_more_readings_never_turn_an_expected_activity_into_a_missed_one(
    rule: RuleSettings, life: list[Seen], more: list[Seen], gap: tuple[int, int], now: datetime
) -> None:
    before = up_to([*life, *covered_but(gap)], now)
    for was, is_now in zip(verdicts(rule, before, now), verdicts(rule, [*before, *up_to(more, now)], now), strict=True):
        if was.verdict is Outcome.AS_EXPECTED:
            assert is_now == was or is_now.verdict is Outcome.AS_EXPECTED


@pytest.mark.parametrize("rule", RULES[2:5], ids=["any hour", "by day", "never out"])
@given(life=lives, more=movements, gap=gaps, now=nows)
@settings(max_examples=80, deadline=None)
def test_more_movement_never_turns_life_into_silence(
    rule: RuleSettings, life: list[Seen], more: list[Seen], gap: tuple[int, int], now: datetime
) -> None:
    """Where nobody is presumed out: a movement after a door says that somebody stayed in, and may well be missed."""
    indoors = [one for one in life if one.role != "outside_door"]
    before = up_to([*indoors, *covered_but(gap)], now)
    was = verdicts(rule, before, now)[0]
    is_now = verdicts(rule, [*before, *up_to(more, now)], now)[0]
    if was.verdict is Outcome.AS_EXPECTED:
        assert is_now.verdict is Outcome.AS_EXPECTED


@given(life=lives, more=lives, gap=gaps, now=nows)
@settings(max_examples=80, deadline=None)
def test_more_readings_never_take_an_opened_door_back(
    life: list[Seen], more: list[Seen], gap: tuple[int, int], now: datetime
) -> None:
    before = up_to([*life, *covered_but(gap)], now)
    found = [v for v in verdicts(DoorAtNight(), before, now) if v.verdict is Outcome.MISSED]
    after = verdicts(DoorAtNight(), [*before, *up_to(more, now)], now)
    assert not found or any(v.verdict is Outcome.MISSED for v in after)


@given(life=lives, more=lives, gap=gaps, now=nows)
@settings(max_examples=80, deadline=None)
def test_more_readings_never_hide_a_home(
    life: list[Seen], more: list[Seen], gap: tuple[int, int], now: datetime
) -> None:
    before = up_to([*life, *covered_but(gap)], now)
    was, is_now = (verdicts(Unseen(), some, now)[0] for some in (before, [*before, *up_to(more, now)]))
    assert is_now.verdict is was.verdict


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.kind)
@given(life=lives, now=nows)
@settings(max_examples=40, deadline=None)
def test_a_home_without_a_single_beat_is_never_a_welfare_case(
    rule: RuleSettings, life: list[Seen], now: datetime
) -> None:
    for verdict in verdicts(rule, up_to(life, now), now):
        assert verdict.verdict is not Outcome.MISSED or rule.kind == "door_at_night"


@pytest.mark.parametrize("rule", [*RULES[:5], Unseen()], ids=lambda rule: rule.kind)
@given(life=lives, gap=gaps)
@settings(max_examples=40, deadline=None)
def test_a_deadline_is_noticed_in_time_although_ordinary_readings_make_no_home_due(
    rule: RuleSettings, life: list[Seen], gap: tuple[int, int]
) -> None:
    """Looking only when the last verdict said so, in a life that goes on. (Doors at night make a home due.)"""
    everything = sorted([*life, *covered_but(gap)], key=lambda one: one.at)
    now, noticed = START + timedelta(hours=12), set()
    for _ in range(500):
        found = verdicts(rule, up_to(everything, now), now)[-1]
        assert found.look_again > now
        if found.verdict is Outcome.MISSED and found.occasion not in noticed:
            noticed.add(found.occasion)
            # A movement has to prove a lone one first; and an unseen home is looked at every ten minutes.
            # Of a home that had never shown a sign of life nothing could be said before it did.
            first = min((one.at for one in life), default=START)
            could = max(found.deadline, first + timedelta(minutes=RETRY_MIN))
            slack = timedelta(minutes=LONE_MIN + 1) if found.deadline > START + timedelta(hours=12) else WEEK
            assert now - could <= slack or gap[1] > 8
        now = found.look_again
        if now > NOW:
            return
    raise AssertionError("looks again far too often")


def changes_of_the_clock() -> list[date]:
    """The last Sundays of March and October, 2020 to 2035."""
    found = []
    for year in range(2020, 2036):
        for month in (3, 10):
            last = date(year, month, 31)
            found.append(last - timedelta(days=(last.weekday() + 1) % 7))
    return found


@pytest.mark.parametrize("day", changes_of_the_clock(), ids=str)
@pytest.mark.parametrize(
    ("start", "end"),
    [("22:00", "06:00"), ("01:00", "02:00"), ("00:30", "01:30"), ("01:30", "02:15"), ("05:00", "09:00")],
)
def test_every_day_has_each_window_once_however_long_the_day(day: date, start: str, end: str) -> None:
    hours = Hours(start, end)
    minute = minute_of(datetime(day.year, day.month, day.day, tzinfo=UTC) - timedelta(days=2))
    days = []
    for _ in range(5):
        window = coming(hours, LONDON, minute)
        assert window.end > window.first
        assert begun(hours, LONDON, window.first) == window
        days.append(window.day)
        minute = window.first
    assert [b - a for a, b in pairwise(days)] == [timedelta(days=1)] * 4


@pytest.mark.parametrize("day", changes_of_the_clock(), ids=str)
def test_the_hour_that_the_clocks_move_makes_nobody_missed_or_found(day: date) -> None:
    """Up and about from 05:00 to 09:00 on the wall, on days of 23 and of 25 hours."""
    rule = RULES[0]
    on_the_wall = datetime(day.year, day.month, day.day, 8, 59, tzinfo=LONDON)
    covered = list(beats(on_the_wall - timedelta(hours=30), on_the_wall + timedelta(hours=1)))
    yesterday = motion(on_the_wall - timedelta(hours=14))
    deadline = on_the_wall.replace(hour=9, minute=30)
    in_time = evaluate(rule, fold(Picture.empty(), [*covered, yesterday, motion(on_the_wall)]), LONDON, deadline)
    assert in_time.verdict is Outcome.AS_EXPECTED
    missed = evaluate(rule, fold(Picture.empty(), [*covered, yesterday]), LONDON, deadline)
    assert (missed.verdict, missed.deadline) == (Outcome.MISSED, deadline)
    early = evaluate(
        rule,
        fold(Picture.empty(), [*covered, motion(on_the_wall.replace(hour=4))]),
        LONDON,
        deadline - timedelta(minutes=31),
    )
    assert early.verdict is Outcome.WAITING


@pytest.mark.parametrize("day", changes_of_the_clock(), ids=str)
def test_a_silence_is_counted_in_real_hours_over_a_change_of_the_clocks(day: date) -> None:
    last = datetime(day.year, day.month, day.day, tzinfo=UTC)
    life = [
        motion(last - timedelta(minutes=2)),
        motion(last),
        *beats(last - timedelta(hours=2), last + timedelta(hours=6)),
    ]
    for hours, verdict in ((4, Outcome.AS_EXPECTED), (4.1, Outcome.MISSED)):
        now = last + timedelta(hours=hours)
        assert (
            evaluate(Silence(hours=4), fold(Picture.empty(), up_to(life, now + BEAT)), LONDON, now).verdict is verdict
        )
