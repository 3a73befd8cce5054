"""Promises of good news: it is told once a day, and only where nothing speaks against it."""

from collections.abc import Iterable
from datetime import datetime, timedelta

import psycopg
import pytest

from alerts.absences import end_away, set_away
from alerts.away import AbsenceKind
from alerts.keeping_in_touch.good_news import tell
from alerts.picture import Seen
from alerts.rules import DoorAtNight, ExpectedActivity, Silence
from tests.alerts.a_home import at, beats, door, motion, stir
from tests.alerts.watched import Watched, watched

KITCHEN = ExpectedActivity(places=("kitchen",), end="09:00")
RULES = (KITCHEN, Silence(hours=12), DoorAtNight())
EVENING = [*stir(at("21:30", 17)), *stir(at("22:30", 17), "bedroom")]


def a_home(db: psycopg.Connection, *rules: ExpectedActivity | Silence | DoorAtNight, gateway: str = "gw-1") -> Watched:
    home = watched(db, at("06:00"), *(rules or RULES), gateway=gateway)
    db.execute("update person set good_news = 'daily'")
    return home


def morning(home: Watched, *signs: Iterable[Seen], until: str = "07:45") -> None:
    """An evening, a covered night, and these signs."""
    seen = [*EVENING, *beats(at("12:00", 17), at(until)), *(one for some in signs for one in some)]
    home.arrive(sorted(seen, key=lambda one: one.at), at(until))


def told(home: Watched) -> list[str]:
    return home.rows("select body from message where purpose = 'good_news' and state <> 'cancelled' order by id")


def test_a_morning_as_usual_is_told_once(db: psycopg.Connection) -> None:
    home = a_home(db)
    morning(home, stir(at("07:00")))
    for minute in range(0, 60, 5):
        tell(db, at("07:45") + timedelta(minutes=minute))
    assert told(home) == ["Hearthlight: all as usual this morning."]
    assert home.rows("select urgent from message") == [False]


def test_it_is_told_again_on_the_next_day(db: psycopg.Connection) -> None:
    home = a_home(db)
    morning(home, stir(at("07:00")))
    assert tell(db, at("07:45")) == 1
    home.arrive([*beats(at("07:45"), at("07:45", 19)), *stir(at("07:00", 19))], at("07:45", 19))
    assert tell(db, at("07:45", 19)) == 1


def test_nothing_is_told_before_the_routine_was_seen(db: psycopg.Connection) -> None:
    home = a_home(db)
    morning(home, stir(at("07:00"), "bedroom"))
    assert tell(db, at("07:45")) == 0
    home.arrive([*stir(at("08:00")), *beats(at("07:45"), at("08:15"))], at("08:15"))
    assert tell(db, at("08:15")) == 1


def test_every_routine_of_the_morning_counts(db: psycopg.Connection) -> None:
    home = a_home(db, KITCHEN, ExpectedActivity(places=("hall",), end="11:00"))
    morning(home, stir(at("07:00")))
    assert tell(db, at("07:45")) == 0
    home.arrive([*stir(at("08:00"), "hall"), *beats(at("07:45"), at("08:15"))], at("08:15"))
    assert tell(db, at("08:15")) == 1


def test_a_lone_movement_is_no_good_news(db: psycopg.Connection) -> None:
    home = a_home(db)
    morning(home, [motion(at("07:00"))])
    assert tell(db, at("07:45")) == 0


def test_a_movement_just_now_may_be_a_lone_one_and_is_waited_for(db: psycopg.Connection) -> None:
    home = a_home(db)
    morning(home, stir(at("07:40")))
    assert tell(db, at("07:46")) == 0
    home.arrive(beats(at("07:45"), at("07:55")), at("07:55"))
    assert tell(db, at("07:55")) == 1


def test_a_routine_seen_late_is_no_good_news(db: psycopg.Connection) -> None:
    home = a_home(db)
    morning(home, stir(at("09:10")), until="09:40")
    assert tell(db, at("09:40")) == 0


@pytest.mark.parametrize("state", ["open", "acknowledged", "attending", "explained"])
@pytest.mark.parametrize("class_", ["welfare", "urgent"])
def test_it_never_contradicts_an_open_alert(db: psycopg.Connection, class_: str, state: str) -> None:
    home = a_home(db)
    morning(home, stir(at("07:00")))
    db.execute(
        "insert into alert (home_id, class, state, reason, deadline_at, opened_at)"
        " values (%s, %s, %s, 'silent', %s, %s)",
        (home.home, class_, state, at("03:00"), at("03:00")),
    )
    assert tell(db, at("07:45")) == 0


def test_a_door_in_the_night_is_no_good_news_even_when_its_alert_is_closed(db: psycopg.Connection) -> None:
    home = a_home(db)
    morning(home, [door(at("02:00"))], until="02:01")
    home.look(at("02:01"))
    db.execute("update alert set state = 'closed', closed_at = %s", (at("02:30"),))
    home.arrive([*beats(at("02:00"), at("07:45")), *stir(at("07:00"))], at("07:45"))
    assert ("urgent", "closed") in home.alerts()
    assert tell(db, at("07:45")) == 0


def test_a_technical_alert_does_not_stop_it(db: psycopg.Connection) -> None:
    home = a_home(db)
    morning(home, stir(at("07:00")))
    db.execute(
        "insert into alert (home_id, class, reason, deadline_at, opened_at)"
        " values (%s, 'technical', 'battery_low', %s, %s)",
        (home.home, at("03:00"), at("03:00")),
    )
    assert tell(db, at("07:45")) == 1


@pytest.mark.parametrize("kind", AbsenceKind)
def test_it_is_never_told_of_a_home_where_nobody_is_expected(db: psycopg.Connection, kind: AbsenceKind) -> None:
    home = a_home(db)
    morning(home, stir(at("07:00")))
    set_away(db, home.home, kind, at("06:00"), None, None, at("06:00"))
    assert tell(db, at("07:45")) == 0
    end_away(db, home.home, None, at("07:50"))
    assert tell(db, at("07:50")) == 0  # who was in when nobody was expected?


def test_it_is_never_told_of_a_home_that_cannot_be_seen_now(db: psycopg.Connection) -> None:
    home = a_home(db)
    morning(home, stir(at("07:00")), until="07:30")
    assert tell(db, at("08:00")) == 0


def test_it_is_never_told_while_we_ourselves_cannot_see(db: psycopg.Connection) -> None:
    home = a_home(db)
    morning(home, stir(at("07:00")))
    db.execute(
        "insert into outage (kind, began_at, found_at, homes, heard) values ('beats', %s, %s, 40, 2)",
        (at("07:30"), at("07:40")),
    )
    assert tell(db, at("07:45")) == 0


def test_a_home_without_a_routine_of_the_morning_has_no_usual_morning(db: psycopg.Connection) -> None:
    home = a_home(db, Silence(hours=12), ExpectedActivity(start="19:00", end="23:00"))
    morning(home, stir(at("07:00")))
    assert tell(db, at("07:45")) == 0


def test_it_waits_for_the_end_of_quiet_hours_and_for_nothing_after_the_morning(db: psycopg.Connection) -> None:
    home = a_home(db)
    db.execute("update person set quiet_from = '22:00', quiet_until = '08:30'")
    morning(home, stir(at("07:00")), until="13:30")
    assert tell(db, at("08:29")) == 0
    db.execute("update person set quiet_until = '13:10'")
    assert tell(db, at("13:20")) == 0
    db.execute("update person set quiet_until = '08:30'")
    assert tell(db, at("12:55")) == 1


def test_who_did_not_ask_for_it_or_takes_no_texts_hears_nothing(db: psycopg.Connection) -> None:
    home = a_home(db)
    morning(home, stir(at("07:00")))
    for kept_out in ("good_news = null", "good_news = 'weekly'", "good_news = 'daily', opted_out_at = now()"):
        db.execute(f"update person set {kept_out}")
        assert tell(db, at("07:45")) == 0


def test_who_follows_two_homes_hears_it_of_both_or_of_none(db: psycopg.Connection) -> None:
    one, other = a_home(db), a_home(db, gateway="gw-2")
    anna = one.rows("select min(id) from person")[0]
    db.execute("delete from home_person")
    db.execute("insert into home_person values (%s, %s), (%s, %s)", (one.home, anna, other.home, anna))
    morning(one, stir(at("07:00")))
    morning(other, stir(at("07:00"), "bedroom"))
    assert tell(db, at("07:45")) == 0
    other.arrive([*stir(at("07:50")), *beats(at("07:45"), at("08:05"))], at("08:05"))
    one.arrive(beats(at("07:45"), at("08:05")), at("08:05"))
    assert tell(db, at("08:05")) == 1
    assert told(one) == ["Hearthlight: all as usual this morning wherever somebody is expected."]


def test_good_news_that_is_not_out_yet_is_taken_back_when_an_alert_opens(db: psycopg.Connection) -> None:
    home = a_home(db)
    morning(home, stir(at("07:00")))
    tell(db, at("07:45"))
    db.execute(
        "insert into alert (home_id, class, reason, deadline_at, opened_at)"
        " values (%s, 'urgent', 'call_for_help', %s, %s)",
        (home.home, at("07:46"), at("07:46")),
    )
    tell(db, at("07:46"))
    assert told(home) == []
    assert home.rows("select state from message_event") == ["cancelled"]


def test_a_home_that_cannot_be_judged_stops_nobody_elses_good_news(db: psycopg.Connection) -> None:
    broken, well = a_home(db), a_home(db, gateway="gw-2")
    for home in (broken, well):
        morning(home, stir(at("07:00")))
    db.execute("update home_state set picture = '{\"v\": 999}' where home_id = %s", (broken.home,))
    assert tell(db, at("07:45")) == 1


def test_in_summer_it_is_morning_by_the_homes_own_clock(db: psycopg.Connection) -> None:
    home = a_home(db)
    moved: timedelta = datetime(2026, 7, 15, 6, 0) - datetime(2026, 11, 18, 7, 0)  # noqa: DTZ001 - a difference
    seen = [*beats(at("12:00", 17), at("07:45")), *EVENING, *stir(at("07:00"))]
    earlier = [Seen(one.at + moved, one.place, one.role, one.kind, one.value) for one in seen]
    home.arrive(sorted(earlier, key=lambda one: one.at), at("07:45") + moved)
    assert tell(db, at("07:45") + moved) == 1
