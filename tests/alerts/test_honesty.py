"""Promises that hold for every history: properties of each kind of rule, over many made-up lives."""

import random
from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts.evaluate import evaluate, judge
from alerts.local_days import BankHolidays, Hours, begun, coming, minute_of
from alerts.picture import Picture, Seen, fold
from alerts.rules import ExpectedActivity, Rule, RuleSettings, Silence
from alerts.rules.quiet import RETRY_MIN
from alerts.sight import Sight
from alerts.verdicts import AlertClass, Outcome, Verdict, alert_class
from gateway.messages import Kind
from tests.alerts.a_home import BEAT, LONDON, beats, motion
from tests.alerts.rules.kinds import ALLOWED, CASES, Case, More

START = datetime(2026, 11, 16, tzinfo=UTC)
NOW = START + timedelta(days=2, hours=9, minutes=30)
BEATS = list(beats(START, NOW))
UTC_ZONE = ZoneInfo("UTC")
HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)

minutes = st.integers(0, int((NOW - START).total_seconds() // 60))
gaps = st.tuples(minutes, st.integers(0, 600))
nows = st.integers(0, 24 * 60).map(lambda m: NOW - timedelta(minutes=m))
some = st.lists(st.tuples(minutes, st.integers(0, 20)), max_size=25)
"""Readings of a life: (minute, which of the things that can happen)."""

each = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def lived(case: Case, life: Iterable[tuple[int, int]]) -> list[Seen]:
    return [Seen(START + timedelta(minutes=m), *case.things[which % len(case.things)]) for m, which in life]


def covered_but(gap: tuple[int, int]) -> list[Seen]:
    """Beats of the whole time but for a gap: (first minute, minutes)."""
    hidden = START + timedelta(minutes=gap[0]), START + timedelta(minutes=gap[0] + gap[1])
    return [one for one in BEATS if not hidden[0] < one.at < hidden[1]]


def up_to(readings: Iterable[Seen], now: datetime) -> list[Seen]:
    return [one for one in readings if one.at <= now]


def verdicts(rule: RuleSettings, readings: Iterable[Seen], now: datetime, zone: ZoneInfo = UTC_ZONE) -> list[Verdict]:
    return list(judge(Rule(1, 1, rule), Sight(fold(Picture.empty(), readings), zone, now)))


@each
@given(life=some, gap=gaps, now=nows, seed=st.integers(0, 10**6))
@settings(max_examples=20, deadline=None)
def test_order_and_repetition_of_delivery_change_no_verdict(
    case: Case, life: list[tuple[int, int]], gap: tuple[int, int], now: datetime, seed: int
) -> None:
    delivered = up_to([*lived(case, life), *covered_but(gap)], now)
    disordered = delivered + delivered[::3]
    random.Random(seed).shuffle(disordered)
    assert verdicts(case.rule, disordered, now) == verdicts(case.rule, delivered, now)


@each
@given(life=some, gap=gaps, now=nows, seed=st.integers(0, 10**6), parts=st.integers(2, 6))
@settings(max_examples=15, deadline=None)
def test_delivery_in_bursts_in_any_order_ends_in_the_same_verdict(
    case: Case, life: list[tuple[int, int]], gap: tuple[int, int], now: datetime, seed: int, parts: int
) -> None:
    """A picture that was kept in between, and read again, comes to believe the same."""
    delivered = up_to([*lived(case, life), *covered_but(gap)], now)
    bursts = [delivered[part::parts] for part in range(parts)]
    random.Random(seed).shuffle(bursts)
    kept = Picture.empty()
    for burst in bursts:
        kept = fold(Picture.from_json(kept.to_json()), burst)
    assert list(judge(Rule(1, 1, case.rule), Sight(kept, UTC_ZONE, now))) == verdicts(case.rule, delivered, now)


@each
@given(life=some, gap=gaps, now=nows, weeks=st.integers(-40, 40))
@settings(max_examples=20, deadline=None)
def test_a_life_some_weeks_later_has_the_same_findings_some_weeks_later(
    case: Case, life: list[tuple[int, int]], gap: tuple[int, int], now: datetime, weeks: int
) -> None:
    delivered = up_to([*lived(case, life), *covered_but(gap)], now)
    later = [replace(one, at=one.at + weeks * WEEK) for one in delivered]
    here, there = verdicts(case.rule, delivered, now), verdicts(case.rule, later, now + weeks * WEEK)
    assert [(v.verdict, v.reason, v.deadline + weeks * WEEK, v.look_again + weeks * WEEK) for v in here] == [
        (v.verdict, v.reason, v.deadline, v.look_again) for v in there
    ]


@pytest.mark.parametrize("case", [one for one in CASES if one.more in ALLOWED], ids=lambda case: case.name)
@given(life=some, more=some, gap=gaps, now=nows)
@settings(max_examples=40, deadline=None)
def test_more_readings_never_turn_as_expected_into_missed(
    case: Case, life: list[tuple[int, int]], more: list[tuple[int, int]], gap: tuple[int, int], now: datetime
) -> None:
    """Within what each kind can promise (tests/alerts/rules/kinds.py); for some it is that nothing is taken back."""
    first, besides = ALLOWED[case.more](lived(case, life), lived(case, more))
    before = up_to([*first, *covered_but(gap)], now)
    was, is_now = verdicts(case.rule, before, now), verdicts(case.rule, [*before, *up_to(besides, now)], now)
    if case.more is More.FINDS_MORE:
        assert _missed(is_now) or not _missed(was)
    elif all(one.verdict is Outcome.AS_EXPECTED for one in was):
        assert not _missed(is_now)


def _missed(said: Iterable[Verdict]) -> bool:
    return any(one.verdict is Outcome.MISSED for one in said)


@each
@given(life=some, now=nows)
@settings(max_examples=20, deadline=None)
def test_a_home_without_a_single_beat_is_never_a_welfare_case(
    case: Case, life: list[tuple[int, int]], now: datetime
) -> None:
    for verdict in verdicts(case.rule, up_to(lived(case, life), now), now):
        assert verdict.verdict is not Outcome.MISSED or case.reports_what_happened


@lru_cache(maxsize=64)
def only_beats(now: datetime) -> Picture:
    return fold(Picture.empty(), up_to(BEATS, now))


@each
def test_of_a_home_that_never_reported_nothing_is_said_but_to_the_housing_team(case: Case) -> None:
    for hours in range(58):
        now = START + hours * HOUR
        for kept in (Picture.empty(), only_beats(now)):
            for verdict in judge(Rule(1, 1, case.rule, START), Sight(kept, LONDON, now)):
                assert alert_class(verdict.verdict, verdict.reason) in (None, AlertClass.TECHNICAL)
                assert verdict.verdict is not Outcome.MISSED
                assert verdict.look_again > now


@pytest.mark.parametrize(
    "case", [one for one in CASES if one.noticed_within_min is not None], ids=lambda case: case.name
)
@given(life=some, gap=gaps)
@settings(max_examples=15, deadline=None)
def test_a_deadline_is_noticed_in_time_although_ordinary_readings_make_no_home_due(
    case: Case, life: list[tuple[int, int]], gap: tuple[int, int]
) -> None:
    """Looking only when the last verdict said so, in a life that goes on."""
    everything = sorted([*lived(case, life), *covered_but(gap)], key=lambda one: one.at)
    now, noticed, kept, taken = START + timedelta(hours=12), set(), Picture.empty(), 0
    first = min((one.at for one in everything if one.kind is not Kind.BEAT), default=START)
    for _ in range(500):
        come = bisect_right(everything, now, key=lambda one: one.at)
        kept, taken = fold(kept, everything[taken:come]), come
        found = judge(Rule(1, 1, case.rule), Sight(kept, UTC_ZONE, now))[-1]
        assert found.look_again > now
        if found.verdict is Outcome.MISSED and found.occasion not in noticed:
            noticed.add(found.occasion)
            # A movement has to prove a lone one first; and an unseen home is looked at every ten minutes.
            # Of a home that had never shown a sign of life nothing could be said before it did.
            could = max(found.deadline, first + timedelta(minutes=RETRY_MIN))
            within = timedelta(minutes=case.noticed_within_min or 0)
            assert now - could <= (within if found.deadline > START + timedelta(hours=12) else WEEK) or gap[1] > 8
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


def on_the_wall(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON)


@lru_cache(maxsize=256)
def four_days(last: date, now: datetime) -> Picture:
    """Somebody lives by the clock on the wall: up at 06:00, a walk at 10:00, to bed at 22:30."""
    found = []
    for back in range(4):
        day = last - back * DAY
        for hour in range(6, 23):
            for minute, place in ((0, "kitchen"), (5, "lounge"), (25, "bedroom"), (30, "bathroom")):
                if hour != 10:
                    found.append(motion(on_the_wall(day, hour, minute), place))
        for value, minute in ((1.0, 0), (0.0, 1)):
            found.append(Seen(on_the_wall(day, 10, minute), "front door", "outside_door", Kind.CONTACT, value))
    start = on_the_wall(last - 3 * DAY, 0)
    return fold(Picture.empty(), up_to([*found, *beats(start.astimezone(UTC), now.astimezone(UTC))], now))


@each
def test_where_the_clocks_change_a_life_by_the_clock_is_judged_as_a_week_before(case: Case) -> None:
    """All changes of London's clocks, 2020 to 2035, seen from before dawn, noon and late evening."""
    for day in changes_of_the_clock():
        for hour in (4, 12, 23):
            there, here = on_the_wall(day, hour), on_the_wall(day - WEEK, hour)
            changed = judge(Rule(1, 1, case.rule), Sight(four_days(day, there), LONDON, there))
            usual = judge(Rule(1, 1, case.rule), Sight(four_days(day - WEEK, here), LONDON, here))
            assert [(one.verdict, one.reason) for one in changed] == [(one.verdict, one.reason) for one in usual]
            assert all(one.look_again > there for one in changed)


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
    rule = ExpectedActivity(places=("kitchen",), start="05:00", end="09:00")
    last_minute = on_the_wall(day, 8, 59)
    covered = list(beats(last_minute - timedelta(hours=30), last_minute + timedelta(hours=1)))
    yesterday = motion(last_minute - timedelta(hours=14))
    deadline = on_the_wall(day, 9, 30)
    in_time = evaluate(rule, fold(Picture.empty(), [*covered, yesterday, motion(last_minute)]), LONDON, deadline)
    assert in_time.verdict is Outcome.AS_EXPECTED
    missed = evaluate(rule, fold(Picture.empty(), [*covered, yesterday]), LONDON, deadline)
    assert (missed.verdict, missed.deadline) == (Outcome.MISSED, deadline)
    before_its_time = fold(Picture.empty(), [*covered, motion(on_the_wall(day, 4))])
    early = evaluate(rule, before_its_time, LONDON, deadline - timedelta(minutes=31))
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


CHRISTMAS = date(2026, 12, 25)
"""A Friday."""
BY_DAYS = [case for case in CASES if case.bad_day is not None and hasattr(case.rule, "bank_holidays")]


@lru_cache(maxsize=256)
def at_christmas(bad_day: Callable[[date], list[Seen]], now: datetime) -> Picture:
    start = on_the_wall(CHRISTMAS - 2 * DAY, 0).astimezone(UTC)
    return fold(Picture.empty(), up_to([*bad_day(CHRISTMAS), *beats(start, now)], now))


def found_on_christmas(case: Case, **changes: object) -> bool:
    """Whether a bad Christmas is found by the rule with these settings, looked at every hour until the next noon."""
    rule = Rule(1, 1, case.rule.model_copy(update=changes))
    for hours in range(36):
        now = on_the_wall(CHRISTMAS, 0).astimezone(UTC) + hours * HOUR + timedelta(minutes=20)
        said = judge(rule, Sight(at_christmas(case.bad_day, now), LONDON, now)) if case.bad_day else ()
        if any(one.verdict is Outcome.MISSED and one.occasion.startswith(CHRISTMAS.isoformat()) for one in said):
            return True
    return False


@pytest.mark.parametrize("case", BY_DAYS, ids=lambda case: case.name)
def test_a_bank_holiday_is_like_any_day_or_left_out_or_like_a_sunday(case: Case) -> None:
    assert found_on_christmas(case)
    assert not found_on_christmas(case, bank_holidays=BankHolidays.SKIP)
    assert found_on_christmas(case, bank_holidays=BankHolidays.SUNDAY, weekdays=("sun",))
    assert not found_on_christmas(case, bank_holidays=BankHolidays.SUNDAY, weekdays=("fri",))
    assert not found_on_christmas(case, weekdays=("thu", "sun"))
