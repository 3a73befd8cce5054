"""Promises about monitoring that the resident paused: nobody takes the quiet for a quiet person or a dead box."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerts import calls
from alerts.evaluate import judge
from alerts.findings import news
from alerts.pauses import LONGEST, Pause, counted
from alerts.picture import Picture, Seen, fold, glance
from alerts.rules import DoorAtNight, ExpectedActivity, NotBack, Rule, RuleSettings, Silence, Unseen, VolumeDrop
from alerts.sight import Sight
from alerts.verdicts import AlertClass, Outcome, Reason, Verdict
from gateway.messages import Kind
from tests.alerts.a_home import LONDON, at, beats, door, motion, sos, stir
from tests.alerts.rules.kinds import CASES, Case

START = datetime(2026, 11, 16, tzinfo=UTC)
NOW = START + timedelta(days=2, hours=9, minutes=30)
UTC_ZONE = ZoneInfo("UTC")
M, H = timedelta(minutes=1), timedelta(hours=1)

minutes = st.integers(0, int((NOW - START).total_seconds() // 60))
some = st.lists(st.tuples(minutes, st.integers(0, 20)), max_size=25)
each = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def through(pause: Pause, start: datetime, end: datetime) -> list[Seen]:
    """The beats of a gateway that was paused: none meanwhile, and the first five minutes after it."""
    return [*beats(start, pause.from_at), *beats(pause.end, end)]


def of_the_pause(one: Seen, pause: Pause) -> bool:
    """Whether a paused gateway holds it back."""
    return pause.from_at <= one.at < pause.end and one.kind is not Kind.REMINDER


def sight(readings: Iterable[Seen], now: datetime, *pauses: Pause, zone: ZoneInfo = UTC_ZONE) -> Sight:
    return Sight(fold(Picture.empty(), [one for one in readings if one.at <= now]), zone, now, counted(pauses))


def said(rule: RuleSettings, readings: Iterable[Seen], now: datetime, *pauses: Pause) -> list[Verdict]:
    return list(judge(Rule(1, 1, rule), sight(readings, now, *pauses)))


def one(rule: RuleSettings, readings: Iterable[Seen], now: datetime, *pauses: Pause) -> tuple[Outcome, Reason]:
    verdict = said(rule, readings, now, *pauses)[-1]
    return verdict.verdict, verdict.reason


def lived(case: Case, life: Iterable[tuple[int, int]]) -> list[Seen]:
    return [Seen(START + timedelta(minutes=m), *case.things[which % len(case.things)]) for m, which in life]


# Every kind of rule


@each
@given(life=some, begins=st.integers(12 * 60, 57 * 60), lasts=st.integers(1, 31 * 60), after=st.integers(0, 20 * 60))
@settings(max_examples=60, deadline=None)
def test_while_it_is_paused_no_rule_finds_anything_that_it_had_not_found_before(
    case: Case, life: list[tuple[int, int]], begins: int, lasts: int, after: int
) -> None:
    pause = Pause(START + begins * M, START + (begins + lasts) * M)
    now = pause.from_at + min(after, lasts - 1) * M
    known = [reading for reading in lived(case, life) if not of_the_pause(reading, pause)]
    for verdict in said(case.rule, [*known, *through(pause, START, now)], now, pause):
        if verdict.reason is Reason.PAUSED:
            assert verdict.verdict is Outcome.NOT_OBSERVABLE
            found = news(1, 1, verdict, (), now)
            assert found is None or found.case is None
        else:
            assert verdict.verdict in (Outcome.MISSED, Outcome.NOT_OBSERVABLE)
            assert verdict.deadline <= pause.from_at


@each
@given(life=some, lasts=st.integers(1, 31 * 60), after=st.integers(0, 55))
@settings(max_examples=60, deadline=None)
def test_a_pause_over_the_window_is_never_late_or_missed_and_no_job_for_the_team(
    case: Case, life: list[tuple[int, int]], lasts: int, after: int
) -> None:
    """Within an hour after the pause, which hides everything that had to be seen by then."""
    now, end = NOW, NOW - after * M
    pause = Pause(end - lasts * M, end)
    happened = [reading for reading in lived(case, life) if reading.at <= now and not of_the_pause(reading, pause)]
    for verdict in said(case.rule, [*happened, *through(pause, START, now)], now, pause):
        if verdict.reason in (Reason.SEEN_LATE, Reason.DONE, Reason.VISITED) or case.reports_what_happened:
            continue
        if verdict.verdict in (Outcome.LATE, Outcome.MISSED):
            assert verdict.deadline <= pause.from_at or _lies_after(verdict, pause), verdict
        found = news(1, 1, verdict, (), now)
        if found is not None and found.case is AlertClass.TECHNICAL:
            assert verdict.reason in (Reason.SENSOR_SILENT, Reason.SENSOR_NEVER_REPORTED, Reason.NOT_COVERED)
            assert verdict.deadline <= pause.from_at or verdict.reason is not Reason.NOT_COVERED


def _lies_after(verdict: Verdict, pause: Pause) -> bool:
    """A window whose every minute could be seen."""
    return not any(pause.overlaps(gap.start, gap.end) for gap in verdict.evidence.gaps)


@given(lasts=st.integers(1, 31 * 60), into=st.integers(0, 31 * 60))
def test_a_call_for_help_is_found_at_once_whatever_is_paused(lasts: int, into: int) -> None:
    pause = Pause(NOW - 20 * H, NOW - 20 * H + lasts * M)
    when = pause.from_at + min(into, lasts - 1) * M
    found = calls.evaluate(sight([*through(pause, START, when), sos(when)], when, pause))
    assert [(verdict.verdict, verdict.reason) for verdict in found] == [(Outcome.MISSED, Reason.CALL_FOR_HELP)]


# One by one

KITCHEN = ExpectedActivity(places=("kitchen",), start="05:00", end="10:00")
NIGHT_BEFORE = [*stir(at("12:00", 17), minutes=60), *stir(at("21:00", 17), minutes=40)]
AT_SEVEN = Pause(at("07:00"), at("11:00"))
ALL_DAY = at("00:00", 17)


def life(pause: Pause, now: datetime, *more: Iterable[Seen]) -> list[Seen]:
    return [*NIGHT_BEFORE, *through(pause, ALL_DAY, now), *(reading for part in more for reading in part)]


@pytest.mark.parametrize("now", ["07:00", "09:59", "10:01", "10:29", "10:31", "10:59", "11:01", "14:00", "23:00"])
def test_a_morning_that_was_paused_cannot_be_told(now: str) -> None:
    assert one(KITCHEN, life(AT_SEVEN, at(now)), at(now), AT_SEVEN) == (Outcome.NOT_OBSERVABLE, Reason.PAUSED)


def test_it_is_kept_once_it_would_have_been_due_and_told_to_nobody() -> None:
    for now, kept in (("08:00", False), ("10:29", False), ("10:30", True), ("12:00", True)):
        verdict = said(KITCHEN, life(AT_SEVEN, at(now)), at(now), AT_SEVEN)[-1]
        found = news(1, 1, verdict, (), at(now))
        assert (found is not None) is kept
        assert found is None or found.case is None


def test_even_a_short_pause_leaves_the_morning_open() -> None:
    short = Pause(at("09:00"), at("10:00"), at("09:06"))
    now = at("10:45")
    assert one(KITCHEN, life(short, now), now, short) == (Outcome.NOT_OBSERVABLE, Reason.PAUSED)


def test_who_was_seen_in_spite_of_it_was_seen() -> None:
    early = life(AT_SEVEN, at("12:00"), [motion(at("06:30"))])
    assert one(KITCHEN, early, at("12:00"), AT_SEVEN) == (Outcome.AS_EXPECTED, Reason.SEEN)
    assert one(KITCHEN, early, at("08:00"), AT_SEVEN) == (Outcome.NOT_OBSERVABLE, Reason.PAUSED)
    assert news(1, 1, said(KITCHEN, early, at("10:45"), AT_SEVEN)[-1], (), at("10:45")) is None


def test_what_was_missed_before_the_pause_stays_missed() -> None:
    later = Pause(at("10:40"), at("14:40"))
    for now in ("10:35", "10:41", "13:00", "15:00"):
        assert one(KITCHEN, life(later, at(now)), at(now), later)[0] is Outcome.MISSED


def test_the_clock_of_a_silence_begins_anew_where_the_pause_ended() -> None:
    rule = Silence(hours=4)
    lunch = Pause(at("12:00"), at("13:00"), at("12:05"))
    awake = [motion(at("10:00")), motion(at("10:02"))]
    assert one(rule, life(lunch, at("12:03"), awake), at("12:03"), lunch)[1] is Reason.PAUSED
    assert one(rule, life(lunch, at("16:04"), awake), at("16:04"), lunch)[0] is Outcome.AS_EXPECTED
    assert one(rule, life(lunch, at("16:07"), awake), at("16:07"), lunch) == (Outcome.MISSED, Reason.SILENT)


def test_a_home_whose_box_is_silent_after_the_pause_is_a_job_as_long_after_it_as_always() -> None:
    rule = Unseen(minutes=60)
    before = list(beats(ALL_DAY, AT_SEVEN.from_at))
    assert one(rule, before, at("10:59"), AT_SEVEN) == (Outcome.NOT_OBSERVABLE, Reason.PAUSED)
    assert one(rule, before, at("11:30"), AT_SEVEN)[0] is Outcome.AS_EXPECTED
    assert one(rule, before, at("12:01"), AT_SEVEN) == (Outcome.NOT_OBSERVABLE, Reason.HOME_UNSEEN)
    at_ten, at_noon = (said(rule, before, at(now), AT_SEVEN)[-1].occasion for now in ("10:59", "12:01"))
    assert at_ten != at_noon, "what was paused hides nothing that comes after it"


def test_who_went_out_before_it_may_have_come_back() -> None:
    rule = NotBack(hours=4)
    gone = [motion(at("06:40")), door(at("06:50")), door(at("06:50") + timedelta(seconds=5), 0)]
    for now, outcome in (("10:55", Outcome.NOT_OBSERVABLE), ("11:10", Outcome.AS_EXPECTED), ("15:05", Outcome.MISSED)):
        assert one(rule, life(AT_SEVEN, at(now), gone), at(now), AT_SEVEN)[0] is outcome


def test_nobody_says_that_the_door_stayed_shut_in_a_night_that_was_paused() -> None:
    night = Pause(at("23:30", 17), at("07:00"))
    used = [door(at("15:00", 17)), door(at("15:01", 17), 0)]
    for now in ("00:30", "07:30", "09:00"):
        assert one(DoorAtNight(), life(night, at(now), used), at(now), night)[1] is Reason.PAUSED
    opened = [door(at("23:10", 17))]
    assert one(DoorAtNight(), life(night, at("09:00"), opened), at("09:00"), night)[1] is Reason.DOOR_AT_NIGHT


def test_a_quiet_day_with_a_pause_in_it_is_no_drop() -> None:
    lively = [reading for hour in range(6, 22) for reading in stir(at(f"{hour:02}:10", 17), minutes=40)]
    pause = Pause(at("09:00"), at("10:00"))
    now = at("14:30")
    assert one(VolumeDrop(), life(pause, now, lively), now) == (Outcome.MISSED, Reason.MUCH_LESS)
    assert one(VolumeDrop(), life(pause, now, lively), now, pause) == (Outcome.NOT_OBSERVABLE, Reason.PAUSED)


# How long it counts


def test_no_pause_hides_a_home_for_longer_than_the_longest() -> None:
    for_ever = Pause(at("07:00", 16), at("07:00", 16) + timedelta(days=4000))
    assert counted([for_ever])[0].end == for_ever.from_at + LONGEST
    before = list(beats(at("00:00", 16), for_ever.from_at))
    over = for_ever.from_at + LONGEST + 61 * M
    assert one(Unseen(minutes=60), before, over, for_ever) == (Outcome.NOT_OBSERVABLE, Reason.HOME_UNSEEN)


@given(st.lists(st.tuples(st.integers(1, 300), st.integers(-10, 10)), min_size=1, max_size=60))
def test_nor_do_pauses_that_are_renewed_without_a_break(lengths: list[tuple[int, int]]) -> None:
    told, begins = [], START
    for lasts, apart in lengths:
        told.append(Pause(begins, begins + lasts * M))
        begins = max(begins + M, begins + (lasts + apart) * M)
    (whole,) = counted(told)
    assert whole.from_at == START
    assert whole.end == min(max(pause.end for pause in told), START + LONGEST)


def test_with_a_break_between_them_they_are_two() -> None:
    two = [Pause(START, START + H), Pause(START + 2 * H, START + 3 * H)]
    assert counted(reversed(two)) == tuple(two)


def test_a_gateway_that_beats_is_watching_whatever_it_says() -> None:
    pause = Pause(at("07:00"), at("11:00"))
    watching = [*NIGHT_BEFORE, *beats(ALL_DAY, at("10:45"))]
    assert one(KITCHEN, watching, at("10:45"), pause)[0] is Outcome.MISSED
    assert sight(watching, at("10:45"), pause).is_seen_now


def test_the_minutes_since_the_last_beat_do_not_count_as_seen_while_it_is_paused() -> None:
    seen = sight(life(AT_SEVEN, at("07:03")), at("07:03"), AT_SEVEN)
    assert not seen.is_seen_now
    assert not seen.within(seen.seen, seen.minute - 2, seen.minute)


def test_the_page_keeps_what_was_paused_apart_from_what_could_not_be_seen() -> None:
    broken = [reading for reading in life(AT_SEVEN, at("14:00")) if not at("12:00") < reading.at < at("13:00")]
    picture = fold(Picture.empty(), broken)
    seen = glance(picture, LONDON, at("14:00"), counted([AT_SEVEN]))
    assert [(gap.start, gap.end) for gap in seen.paused] == [(at("07:01"), at("11:00"))]
    assert [gap.start for gap in seen.gaps] == [at("12:01")]
    assert seen.held is None
