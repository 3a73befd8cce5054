"""Nobody is expected at home: what rests meanwhile, what goes on, and how it ends."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.absences import BadAbsenceError, end_away, set_away
from alerts.away import Absence, AbsenceKind, Ended, EndedWhy, as_away, holding, last_end, settle, to_tell
from alerts.evaluate import judge
from alerts.judging import picture_now
from alerts.picture import Seen
from alerts.rules import DoorAtNight, ExpectedActivity, Rule, RuleSettings, SensorSilent, Silence, Unseen
from alerts.sight import Sight
from alerts.verdicts import Outcome, Reason
from tests.alerts.a_home import LONDON, at, beats, door, motion, picture, sos, stir
from tests.alerts.watched import Watched, watched

KITCHEN = ExpectedActivity(places=("kitchen",), end="09:00")
TRIP = Absence(1, 1, at("10:00", 17), until_at=at("18:00", 20))
OPEN_END = replace(TRIP, until_at=None)


def sight(now: datetime, *readings: Iterable[Seen]) -> Sight:
    return Sight(picture(beats(at("00:00", 15), now), *readings), LONDON, now)


def said(rule: RuleSettings, now: datetime, *absences: Absence, seen: Iterable[Seen] = ()) -> tuple[Outcome, Reason]:
    life = [one for hour in range(8, 22) for one in stir(at(f"{hour:02}:10", 16))]
    verdict = judge(Rule(1, 1, rule), sight(now, life, seen), absences)[-1]
    return verdict.verdict, verdict.reason


@pytest.mark.parametrize("rule", [KITCHEN, Silence(hours=10)])
def test_nobody_is_missed_while_away_and_is_before_and_after(rule: RuleSettings) -> None:
    assert said(rule, at("09:40", 17), TRIP)[0] is Outcome.MISSED
    assert said(rule, at("10:00", 17), TRIP) == (Outcome.AS_EXPECTED, Reason.AWAY)
    assert said(rule, at("17:59", 20), TRIP) == (Outcome.AS_EXPECTED, Reason.AWAY)
    assert said(rule, at("18:00", 20), TRIP)[0] is not Outcome.MISSED, "what lies before the end is no silence"
    assert said(rule, at("09:40", 21), TRIP)[0] is Outcome.MISSED


def test_a_silence_is_counted_from_the_end_on() -> None:
    assert said(Silence(hours=10), at("03:59", 21), TRIP)[0] is not Outcome.MISSED
    assert said(Silence(hours=10), at("04:00", 21), TRIP)[0] is Outcome.MISSED


def test_a_door_at_night_is_told_while_away() -> None:
    opened = [door(at("02:13", 19))]
    assert said(DoorAtNight(), at("02:14", 19), TRIP, seen=opened) == (Outcome.MISSED, Reason.DOOR_AT_NIGHT)


def test_the_kit_is_supervised_while_away() -> None:
    gone = Sight(picture(beats(at("00:00", 17), at("12:00", 17))), LONDON, at("12:00", 18))
    assert judge(Rule(1, 1, Unseen()), gone, [TRIP])[-1].verdict is Outcome.NOT_OBSERVABLE
    assert said(SensorSilent(), at("12:00", 18), TRIP)[1] is not Reason.AWAY


def test_a_planned_absence_holds_from_its_beginning_and_one_called_off_never() -> None:
    assert holding([TRIP], at("09:59", 17)) is None
    assert holding([TRIP], at("10:00", 17)) is TRIP
    called_off = replace(TRIP, ended_at=TRIP.from_at)
    assert holding([called_off], at("12:00", 18)) is None
    assert last_end([called_off], at("12:00", 18)) is None


@given(st.integers(0, 6 * 24 * 60))
def test_an_absence_either_lies_ahead_or_holds_or_is_over(minute: int) -> None:
    now = at("00:00", 15) + timedelta(minutes=minute)
    ahead, over = now < TRIP.from_at, last_end([TRIP], now) is not None
    assert [ahead, holding([TRIP], now) is TRIP, over].count(True) == 1


def test_it_ends_on_its_date() -> None:
    assert settle([TRIP], sight(at("17:59", 20)))[1] == ()
    _, ended = settle([TRIP], sight(at("18:05", 20)))
    assert ended == (Ended(1, at("18:00", 20), EndedWhy.DATE),)


NOBODY = [motion(at(text, 18), place) for text, place in (("03:10", "hall"), ("11:40", "bedroom"), ("17:25", "hall"))]
"""Three movements of nobody, as an empty home has them."""
CLEANER = [one for text in ("09:00", "09:30", "10:10", "11:05") for one in stir(at(text, 18), minutes=20)]
NEIGHBOUR = [door(at("17:00", 18)), *stir(at("17:01", 18)), *stir(at("17:03", 18), "hall")]


def test_movements_of_nobody_and_visits_do_not_end_it() -> None:
    visited = sight(at("23:00", 18), NOBODY, CLEANER, NEIGHBOUR)
    assert settle([TRIP], visited)[1] == ()


def day(start: int, end: int) -> list[Seen]:
    """Somebody lives there: about in two rooms every hour."""
    return [one for hour in range(start, end) for p in ("kitchen", "hall") for one in stir(at(f"{hour:02}:10", 18), p)]


def test_a_home_that_is_lived_in_again_is_watched_again() -> None:
    assert settle([TRIP], sight(at("13:30", 18), day(9, 14)))[1] == ()
    absences, ended = settle([TRIP], sight(at("14:30", 18), day(9, 15)))
    assert ended == (Ended(1, at("14:30", 18), EndedWhy.ACTIVITY),)
    assert holding(absences, at("14:30", 18)) is None
    assert [one.reason for one in to_tell(absences, ended, at("14:30", 18))] == [Reason.SEEMS_BACK]


def test_one_sensor_that_never_rests_is_nobody() -> None:
    mad = [one for hour in range(24) for one in stir(at(f"{hour:02}:10", 18), "hall")]
    assert settle([TRIP], sight(at("23:30", 18), mad))[1] == ()


def test_life_before_it_began_does_not_end_it() -> None:
    packing = [one for hour in range(10) for p in ("kitchen", "hall") for one in stir(at(f"{hour:02}:10", 17), p)]
    assert settle([TRIP], sight(at("10:30", 17), packing))[1] == ()


def test_the_housing_team_is_asked_each_week_while_there_is_no_end() -> None:
    asked = [one.occasion for day in range(17, 31) for one in to_tell([OPEN_END], (), at("11:00", day))]
    assert sorted(set(asked)) == ["away 1 week 1"]
    assert len(asked) == 7
    assert list(to_tell([TRIP], (), at("11:00", 20))) == []


def test_it_is_looked_at_again_when_it_ends_and_at_least_every_hour() -> None:
    assert as_away(TRIP, at("12:00", 18)).look_again == at("13:00", 18)
    assert as_away(TRIP, at("17:30", 20)).look_again == at("18:00", 20)


# In the database


def lived_in(db: psycopg.Connection) -> Watched:
    home = watched(db, at("09:00"), KITCHEN, Silence(hours=10), DoorAtNight(), Unseen())
    known = [door(at("15:00", 17)), door(at("15:01", 17), value=0)]
    home.arrive([*known, *stir(at("21:30", 17)), *beats(at("12:00", 17), at("09:00"))], at("09:00"))
    return home


def absences(home: Watched) -> list[object]:
    return home.rows("select ended_why from absence where home_id = %(home)s order by id")


def test_no_family_hears_of_somebody_who_is_in_hospital_but_of_a_door_and_a_call_they_do(
    db: psycopg.Connection,
) -> None:
    home = lived_in(db)
    set_away(db, home.home, AbsenceKind.HOSPITAL, at("20:00", 17), None, None, at("09:00"))
    home.arrive(beats(at("09:00"), at("23:30")), at("23:30"))
    home.look(at("09:40"))
    home.look(at("23:30"))
    assert (home.alerts(), home.due()) == ([], at("00:30", 19))
    _, verdicts = picture_now(db, home.home, at("23:30"))
    assert [one.verdict.reason for one in verdicts[:2]] == [Reason.AWAY, Reason.AWAY]
    home.arrive([door(at("23:40")), sos(at("23:41"))], at("23:41"))
    home.judge(at("23:41"))
    assert home.alerts() == [("urgent", "open")]


def test_open_alerts_stay_when_away_is_set(db: psycopg.Connection) -> None:
    home = lived_in(db)
    home.arrive(beats(at("09:00"), at("10:00")), at("10:00"))
    home.look(at("09:45"))
    assert home.alerts() == [("welfare", "open")]
    set_away(db, home.home, AbsenceKind.AWAY, at("20:00", 17), None, None, at("09:50"))
    home.arrive(beats(at("10:00"), at("10:05")), at("10:05"))
    home.judge(at("10:05"))
    assert home.alerts() == [("welfare", "open")]


def test_watching_goes_on_by_itself_when_the_date_has_come(db: psycopg.Connection) -> None:
    home = lived_in(db)
    set_away(db, home.home, AbsenceKind.AWAY, at("09:00"), at("10:00"), None, at("09:00"))
    home.arrive(beats(at("09:00"), at("20:00")), at("20:00"))
    home.judge(at("09:00"))
    assert home.due() == at("10:00")
    home.judge(at("10:00"))
    assert absences(home) == ["date"]
    while home.due() < at("19:59"):
        assert home.judge(home.due()).homes == 1
    assert home.alerts() == []
    home.look(at("20:00"))
    assert home.alerts() == [("welfare", "open")]


def test_who_comes_back_early_is_watched_again_and_the_housing_team_hears_of_it_once(db: psycopg.Connection) -> None:
    home = lived_in(db)
    set_away(db, home.home, AbsenceKind.AWAY, at("09:00"), at("18:00", 25), None, at("09:00"))
    back = [one for hour in range(11, 18) for p in ("kitchen", "hall") for one in stir(at(f"{hour}:10"), p)]
    home.arrive(sorted([*back, *beats(at("09:00"), at("17:30"))], key=lambda one: one.at), at("17:30"))
    home.look(at("17:30"))
    home.look(at("17:31"))
    assert absences(home) == ["activity"]
    assert home.findings() == [("not_observable", "seems_back")]
    assert home.alerts() == [("technical", "open")]
    home.arrive(beats(at("17:30"), at("09:45", 19)), at("09:45", 19))
    home.look(at("09:45", 19))
    assert ("welfare", "open") in home.alerts()


def test_setting_it_anew_ends_what_was_set_and_a_person_may_end_it(db: psycopg.Connection) -> None:
    home = lived_in(db)
    for until in (at("18:00"), at("18:00", 20), None):
        set_away(db, home.home, AbsenceKind.AWAY, at("09:00"), until, None, at("09:00"))
    assert absences(home) == ["person", "person", None]
    assert end_away(db, home.home, None, at("09:05"))
    assert not end_away(db, home.home, None, at("09:06"))
    assert home.rows("select max(ended_at) from absence") == [at("09:05")]
    assert home.due() <= at("09:05")


def test_a_planned_absence_can_be_called_off(db: psycopg.Connection) -> None:
    home = lived_in(db)
    set_away(db, home.home, AbsenceKind.AWAY, at("09:00", 25), at("09:00", 30), None, at("09:00"))
    assert end_away(db, home.home, None, at("10:00"))
    home.arrive(beats(at("09:00"), at("09:45")), at("09:45"))
    home.look(at("09:45"))
    assert home.alerts() == [("welfare", "open")]


def test_an_end_before_the_beginning_is_refused_in_plain_words(db: psycopg.Connection) -> None:
    home = lived_in(db)
    with pytest.raises(BadAbsenceError, match="later than the beginning"):
        set_away(db, home.home, AbsenceKind.AWAY, at("12:00"), at("11:00"), None, at("09:00"))
    with pytest.raises(BadAbsenceError, match="not be over"):
        set_away(db, home.home, AbsenceKind.AWAY, at("06:00"), at("08:00"), None, at("09:00"))
    assert absences(home) == []
