"""An alert and its first messages exist together or not at all."""

from datetime import timedelta

import psycopg

from alerts.judging import judge_due
from alerts.rules import ExpectedActivity
from tests.alerts.a_home import at, beats, stir
from tests.alerts.watched import Watched, watched

KITCHEN = ExpectedActivity(places=("kitchen",), end="09:00")


def missed_morning(db: psycopg.Connection) -> Watched:
    home = watched(db, at("09:30"), KITCHEN)
    home.arrive([*stir(at("21:30", 17)), *beats(at("12:00", 17), at("09:30"))], at("09:30"))
    return home


def test_an_alert_whose_messages_cannot_be_written_does_not_exist_and_comes_when_they_can(
    db: psycopg.Connection,
) -> None:
    home = missed_morning(db)
    db.execute("alter table message add constraint poison check (false)")
    home.judge(at("09:30"))
    told_to_nobody = [("technical", "open")]  # the housing team sees that the home cannot be judged
    assert home.alerts() == told_to_nobody
    assert home.findings() == [("not_observable", "not_judged")]
    assert home.events() == ["opened"]
    db.execute("alter table message drop constraint poison")
    home.arrive(beats(at("09:30"), at("09:45")), at("09:45"))
    home.judge(at("09:45") + timedelta(minutes=1))
    assert home.alerts() == [*told_to_nobody, ("welfare", "open")]
    assert home.rows("select count(*) from message") == [1]


def test_an_alert_whose_judge_dies_before_the_commit_does_not_exist(database: str, db: psycopg.Connection) -> None:
    home = missed_morning(db)
    dying = psycopg.connect(database)
    dying.execute("select")  # begins a transaction of its own, so that the judge's does not commit
    judge_due(dying, at("09:30"))
    assert dying.execute("select count(*) from message").fetchone() == (1,)
    dying.close()
    assert home.alerts() == []
    assert home.rows("select count(*) from message") == [0]
