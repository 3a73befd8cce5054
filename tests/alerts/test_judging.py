"""The loop that judges homes, on a real database with readings that the real ingest saved."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import psycopg
import pytest

from alerts.judging import judge_due, picture_now
from alerts.picture import Seen
from alerts.rules import DoorAtNight, ExpectedActivity, Silence, Unseen
from alerts.verdicts import Outcome, Reason
from ingest.database import connect
from tests.alerts.a_home import at, beats, door, motion, sos, stir
from tests.alerts.watched import watched

KITCHEN = ExpectedActivity(places=("kitchen",), end="09:00")
EVENING = [*stir(at("21:30", 17)), *stir(at("22:30", 17), "bedroom")]


def night(until: str = "09:30") -> list[Seen]:
    """A covered night with the evening before it."""
    return [*EVENING, *beats(at("12:00", 17), at(until))]


@pytest.fixture
def db(each_database: str) -> Iterator[psycopg.Connection]:
    with connect(each_database, autocommit=True) as connection:
        yield connection


def test_a_missed_morning_opens_one_alert_with_its_message_and_judging_again_adds_nothing(
    db: psycopg.Connection,
) -> None:
    home = watched(db, at("09:30"), KITCHEN, Silence(hours=10))
    home.arrive(night(), at("09:30"))
    judged = home.judge(at("09:30"))
    assert (judged.homes, judged.alerts) == (1, 1)
    assert home.findings() == [("missed", "silent"), ("missed", "nothing_at_all")]
    assert home.alerts() == [("welfare", "open")]
    assert home.events()[:2] == ["opened", "joined"]
    assert home.rows("select count(*) from message") == [1]
    for minute in range(1, 4):
        assert home.look(at("09:30") + timedelta(minutes=minute)).alerts == 0
    assert len(home.findings()) == 2
    assert home.rows("select count(*) from message") == [1]


def test_a_home_is_due_again_when_something_can_change_and_not_before(db: psycopg.Connection) -> None:
    home = watched(db, at("07:00"), KITCHEN)
    home.arrive(night("07:00"), at("07:00"))
    home.judge(at("07:00"))
    assert home.due() == at("09:00")
    assert judge_due(db, at("08:59")).homes == 0
    home.arrive(beats(at("07:00"), at("09:00")), at("09:00"))
    home.judge(at("09:00"))
    assert (home.findings(), home.due()) == ([("late", "not_yet")], at("09:30"))
    assert home.alerts() == []


def test_a_home_that_could_not_be_seen_is_a_technical_alert_and_stays_so_when_data_come_late(
    db: psycopg.Connection,
) -> None:
    home = watched(db, at("09:30"), KITCHEN)
    home.arrive(night("03:00"), at("03:00"))
    home.judge(at("09:30"))
    assert home.alerts() == [("technical", "open")]
    home.arrive(beats(at("03:00"), at("09:40")), at("09:40"))
    home.judge(at("09:40"))
    assert home.findings() == [("not_observable", "not_covered")]
    assert home.alerts() == [("technical", "open")]
    assert "seen_again" in home.events()
    _, verdicts = picture_now(db, home.home, at("09:40"))
    assert verdicts[0].verdict.verdict is Outcome.MISSED


def test_late_data_explain_an_open_alert(db: psycopg.Connection) -> None:
    home = watched(db, at("09:30"), KITCHEN)
    home.arrive(night(), at("09:30"))
    home.judge(at("09:30"))
    home.arrive(stir(at("08:10")), at("09:42"))
    home.judge(at("09:42"))
    assert home.alerts() == [("welfare", "explained")]
    words = home.rows("select explained_by from alert")
    assert words == ["Data that arrived at 09:42 show activity in the kitchen at 08:14."]
    assert len(home.findings()) == 1
    home.look(at("09:50"))
    assert home.events().count("explained") == 1


def test_activity_that_returns_explains_nothing_but_is_shown(db: psycopg.Connection) -> None:
    home = watched(db, at("09:30"), KITCHEN, Silence(hours=10))
    home.arrive(night(), at("09:30"))
    home.judge(at("09:30"))
    home.arrive([*beats(at("09:30"), at("09:50")), *stir(at("09:41"))], at("09:50"))
    home.judge(at("09:50"))
    home.arrive(stir(at("09:55")), at("10:00"))
    home.judge(at("10:00"))
    assert home.alerts() == [("welfare", "open")]
    assert home.events().count("moving_again") == 1


def test_what_is_missed_after_an_alert_was_explained_opens_it_again(db: psycopg.Connection) -> None:
    home = watched(db, at("09:30"), KITCHEN, Silence(hours=4))
    home.arrive([*night(), *stir(at("06:00"), "bedroom")], at("09:30"))
    home.judge(at("09:30"))
    home.arrive(stir(at("08:10")), at("09:42"))
    home.judge(at("09:42"))
    assert home.alerts() == [("welfare", "explained")]
    home.arrive(beats(at("09:30"), at("12:15")), at("12:15"))
    assert home.judge(at("12:15")).alerts == 1
    assert home.alerts() == [("welfare", "open")]
    assert "reopened" in home.events()
    assert home.rows("select count(*) from message where purpose = 'alert'") == [2]


def test_a_burst_of_late_data_raises_no_welfare_alert_about_the_past(db: psycopg.Connection) -> None:
    home = watched(db, at("03:00"), KITCHEN, Silence(hours=6))
    home.arrive(night("03:00"), at("03:00"))
    home.judge(at("03:00"))
    while (due := home.due()) < at("14:00"):
        home.judge(due)
    withheld = [*beats(at("03:00"), at("14:00")), *stir(at("10:00"), "bedroom"), *stir(at("13:00"))]
    withheld.sort(key=lambda one: one.at)
    for first in range(0, len(withheld), 7):
        home.arrive(withheld[first : first + 7], at("14:00"))
        home.look(at("14:00"))
    classes = {class_ for class_, _ in home.alerts()}
    assert classes <= {"technical"}


def test_a_call_for_help_is_raised_at_once_however_late_it_comes(db: psycopg.Connection) -> None:
    home = watched(db, at("23:00", 18), KITCHEN)
    home.arrive([sos(at("02:00"))], at("09:00"))
    assert home.judge(at("09:00")).alerts == 1
    assert home.alerts() == [("urgent", "open")]
    home.look(at("09:01"))
    assert home.findings() == [("missed", "call_for_help"), *home.findings()[1:]]
    assert [one for one in home.findings() if one[1] == "call_for_help"] == [("missed", "call_for_help")]


def test_a_door_at_night_is_raised_at_once(db: psycopg.Connection) -> None:
    home = watched(db, at("23:00", 18), DoorAtNight())
    home.arrive([*beats(at("22:00", 17), at("02:10")), door(at("02:13"))], at("02:13"))
    assert home.judge(at("02:13")).alerts == 1
    assert home.alerts() == [("urgent", "open")]


def test_a_home_that_never_reported_is_a_technical_alert(db: psycopg.Connection) -> None:
    home = watched(db, at("08:00"), Unseen(), KITCHEN, since=at("08:00"))
    home.judge(at("08:00"))
    assert (home.alerts(), home.due()) == ([], at("09:00"))
    home.judge(at("09:00"))
    assert (home.findings(), home.alerts()) == ([("not_observable", "never_reported")], [("technical", "open")])


def test_two_workers_judge_every_home_once(db: psycopg.Connection, each_database: str) -> None:
    for n in range(40):
        home = watched(db, at("09:30"), KITCHEN, gateway=f"gw-{n}")
        home.arrive(night(), at("09:30"))
    counts: list[int] = []

    def work() -> None:
        with connect(each_database, autocommit=True) as mine:
            while (judged := judge_due(mine, at("09:30"), limit=3)).homes:
                counts.append(judged.homes)

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(60)
    assert sum(counts) == 40
    assert home.rows("select count(*) from alert") == [40]
    assert home.rows("select count(*) from message") == [40]


def test_a_poisoned_home_and_a_poisoned_rule_stop_nobody(db: psycopg.Connection) -> None:
    poisoned = watched(db, at("09:30"), KITCHEN, gateway="gw-1")
    broken = watched(db, at("09:30"), KITCHEN, Silence(hours=10), gateway="gw-2")
    well = watched(db, at("09:30"), KITCHEN, gateway="gw-3")
    for home in (poisoned, broken, well):
        home.arrive(night(), at("09:30"))
    db.execute("update home set time_zone = 'Europe/Nowhere' where id = %s", (poisoned.home,))
    db.execute("update rule set settings = '{}' where home_id = %s and kind = 'expected_activity'", (broken.home,))
    assert well.judge(at("09:30")).homes == 3
    assert well.alerts() == [("welfare", "open")]
    assert broken.findings() == [("missed", "silent"), ("not_observable", "rule_broken")]
    assert poisoned.findings() == [("not_observable", "not_judged")]
    assert poisoned.due() == at("09:40")
    db.execute("update home set time_zone = 'Europe/London' where id = %s", (poisoned.home,))
    assert poisoned.judge(at("09:40")).homes == 1
    assert poisoned.rows("select unfolded_from is null from stream where boot = 'b1' order by id limit 1") == [True]


def test_a_home_whose_findings_cannot_be_written_is_set_aside_alone(db: psycopg.Connection) -> None:
    refused = watched(db, at("09:30"), KITCHEN, gateway="gw-1")
    well = watched(db, at("09:30"), KITCHEN, gateway="gw-2")
    for home in (refused, well):
        home.arrive(night(), at("09:30"))
    db.execute(f"alter table finding add constraint poison check (home_id <> {refused.home})".encode())
    assert well.judge(at("09:30")).alerts == 1
    assert (well.alerts(), refused.alerts()) == ([("welfare", "open")], [])
    assert refused.due() == at("09:40")


def test_readings_that_are_saved_while_a_home_is_judged_are_folded_next_time(
    db: psycopg.Connection, each_database: str
) -> None:
    home = watched(db, at("09:30"), KITCHEN)
    home.arrive(night("09:00"), at("09:00"))
    with connect(each_database) as other:  # its transaction stays open, as one that is saving
        other.execute("update stream set saves = saves + 1, unfolded_from = least(unfolded_from, %s)", (at("08:00"),))
        home.judge(at("09:30"))
        other.commit()
    assert home.rows("select unfolded_from is not null from stream") == [True]


def test_pages_see_what_no_picture_has_taken_in_yet(db: psycopg.Connection) -> None:
    home = watched(db, at("09:30"), KITCHEN, Unseen())
    home.arrive([*night(), motion(at("08:00"))], at("09:30"))
    picture, verdicts = picture_now(db, home.home, at("09:30"))
    assert picture.last["kitchen", "room"] == at("08:00").timestamp()
    assert [one.verdict.reason for one in verdicts] == [Reason.SEEN, Reason.HOME_SEEN]
    assert home.rows("select picture from home_state") == [None]
