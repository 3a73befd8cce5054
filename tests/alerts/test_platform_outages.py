"""All homes fall silent at once, in a real database: one incident for the operator, and nobody else is told."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta

import psycopg
import pytest

from alerts.judging import judge_due, picture_now
from alerts.outages import Lookout, look_at_all, open_outage
from alerts.picture import Seen
from alerts.rules import DoorAtNight, ExpectedActivity, SensorSilent, Silence, Unseen
from alerts.verdicts import Outcome
from ingest.database import connect
from tests.alerts.a_home import at, beats, door, stir
from tests.alerts.watched import Watched, watched

MINUTE = timedelta(minutes=1)
RULES = (
    ExpectedActivity(places=("kitchen",), end="09:00"),
    Silence(hours=12),
    DoorAtNight(),
    SensorSilent(),
    Unseen(),
)


def street(db: psycopg.Connection, homes: int = 12) -> list[Watched]:
    """Homes that were lived in until ten on Tuesday evening."""
    made = [watched(db, at("22:00", 17), *RULES, gateway=f"gw-{n}", since=at("08:00", 17)) for n in range(homes)]
    for home in made:
        shopping = [door(at("11:58", 17)), door(at("11:58", 17), value=0)]
        home.arrive([*shopping, *lived(at("12:00", 17), at("22:00", 17))], at("22:00", 17))
    return made


def lived(start: datetime, end: datetime) -> list[Seen]:
    """Beats, and somebody about every twenty minutes."""
    times = range(0, round((end - start) / MINUTE), 20)
    found = [*beats(start, end), *(one for minute in times for one in stir(start + minute * MINUTE, minutes=4))]
    return sorted(found, key=lambda one: one.at)


def go_on(
    db: psycopg.Connection, homes: Sequence[Watched], start: datetime, end: datetime, about: Sequence[Watched] = ()
) -> None:
    """The service looks and judges every five minutes; these homes beat, and somebody is about in some of them."""
    now = start
    while now <= end:
        for home in homes:
            home.arrive(beats(now - 5 * MINUTE, now), now)
        for home in about:
            home.arrive(stir(now - 5 * MINUTE, minutes=4), now)
        look_at_all(db, now)
        while judge_due(db, now).homes:
            pass
        now += 5 * MINUTE


def rows(db: psycopg.Connection, query: str) -> list[tuple[object, ...]]:
    return db.execute(query.encode()).fetchall()


def alerts(db: psycopg.Connection) -> list[tuple[object, ...]]:
    return rows(db, "select home_id, class from alert order by home_id")


def test_all_homes_silent_are_one_incident_and_the_one_that_stays_silent_is_told_of_afterwards(
    db: psycopg.Connection, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING, "alerts.outages")
    homes = street(db)
    go_on(db, homes, at("22:05", 17), at("23:00", 17), homes)
    assert (alerts(db), open_outage(db)) == ([], None)

    go_on(db, [], at("23:05", 17), at("23:30", 17))
    found = open_outage(db)
    assert found is not None
    assert (found.homes, found.heard) == (12, 0)
    assert (found.began_at, found.found_at <= at("23:15", 17)) == (at("23:00", 17), True)

    go_on(db, [], at("23:35", 17), at("10:00"))  # over the window in which people get up
    assert alerts(db) == []
    assert rows(db, "select distinct verdict, reason, severity from finding") == [
        ("not_observable", "not_covered", "none")
    ]
    _, verdicts = picture_now(db, homes[0].home, at("10:00"))
    assert verdicts[0].verdict.verdict is Outcome.NOT_OBSERVABLE

    for home in homes[1:]:
        home.arrive(lived(at("23:00", 17), at("10:00")), at("10:00"))  # all that their gateways kept
    go_on(db, homes[1:], at("10:05"), at("12:00"), homes[1:])
    assert open_outage(db) is None
    assert rows(db, "select began_at, ended_at from outage") == [(at("23:00", 17), at("10:05"))]
    assert alerts(db) == [(homes[0].home, "technical")]
    assert homes[0].rows("select found_at from finding where reason = 'home_unseen'") == [at("10:35")]
    assert rows(db, "select * from message") == []
    actions = [getattr(one, "about", {}).get("action") for one in caplog.records]
    assert actions == ["fleet_silent", "fleet_heard_again"]


def test_signs_of_life_that_stop_while_beats_come_are_us_too(db: psycopg.Connection) -> None:
    homes = street(db)
    go_on(db, homes, at("22:05", 17), at("23:00", 17), homes)
    for home in homes:
        home.arrive(lived(at("23:00", 17), at("08:55")), at("08:55"))
    go_on(db, homes, at("09:00"), at("09:00"), homes)
    go_on(db, homes, at("09:05"), at("09:30"))
    found = open_outage(db)
    assert found is not None
    assert (found.kind, found.began_at) == ("signs", at("08:57"))
    go_on(db, homes, at("09:35"), at("16:30"))
    assert alerts(db) == []
    go_on(db, homes, at("16:35"), at("17:00"), homes)
    assert open_outage(db) is None
    for home in homes:
        home.arrive([*lived(at("17:00"), at("23:00")), *beats(at("23:00"), at("08:00", 19))], at("08:00", 19))
    go_on(db, homes, at("08:05", 19), at("09:35", 19), homes[1:])
    assert alerts(db) == [(homes[0].home, "welfare")]
    assert homes[0].findings()[-1] == ("missed", "nothing_at_all")


@pytest.mark.parametrize(("stirs_by_night", "outages"), [(True, 1), (False, 0)])
def test_a_still_night_is_an_outage_only_where_nights_are_not_still(
    db: psycopg.Connection, stirs_by_night: bool, outages: int
) -> None:
    homes = street(db, 32)
    db.execute(
        "insert into activity_hour (home_id, hour, place, events, first_at, last_at)"
        " select home.id, hour, 'kitchen', 3, hour, hour + interval '50 min' from home,"
        " generate_series(%s::timestamptz - interval '8 days', %s::timestamptz - interval '1 day', '1 hour') as hour"
        " where %s or extract(hour from hour) between 8 and 22",
        [at("22:00", 17), at("22:00", 17), stirs_by_night],
    )
    for home in homes:
        home.arrive(beats(at("22:00", 17), at("03:30")), at("03:30"))
    look_at_all(db, at("03:30"))
    assert len(rows(db, "select * from outage")) == outages


def test_some_silent_homes_are_told_of_one_by_one(db: psycopg.Connection) -> None:
    homes = street(db)
    go_on(db, homes, at("22:05", 17), at("22:30", 17), homes)
    go_on(db, homes[4:], at("22:35", 17), at("00:00"), homes[4:])
    assert rows(db, "select * from outage") == []
    assert alerts(db) == [(home.home, "technical") for home in homes[:4]]


def test_after_hours_without_any_service_no_home_is_judged_before_all_were_looked_at(each_database: str) -> None:
    with connect(each_database, autocommit=True) as db:
        _come_back_after_hours(db)


def _come_back_after_hours(db: psycopg.Connection) -> None:
    homes = street(db)
    go_on(db, homes, at("22:05", 17), at("23:00", 17), homes)
    clock = at("07:00")
    Lookout(lambda: clock).look_if_missed(db)
    homes[0].arrive(beats(at("23:00", 17), clock), clock)  # the first of them is back already
    while judge_due(db, clock).homes:
        pass
    assert rows(db, "select began_at, ended_at from outage") == [(at("23:00", 17), None)]
    assert alerts(db) == []


def test_only_one_look_a_minute_is_taken_whoever_asks(db: psycopg.Connection) -> None:
    assert look_at_all(db, at("07:00"))
    assert not look_at_all(db, at("07:00"))
    assert look_at_all(db, at("07:01"))


def test_a_look_that_fails_does_not_stop_judging(db: psycopg.Connection) -> None:
    db.execute("drop table fleet_look")
    clock = [at("07:00")]
    lookout = Lookout(lambda: clock[0])
    lookout.look_if_missed(db)
    clock[0] = at("07:01")
    lookout.look_if_missed(db)
    with pytest.raises(psycopg.errors.UndefinedTable):
        lookout.look(db)


def test_late_data_of_an_outage_still_explain_an_alert(db: psycopg.Connection) -> None:
    homes = street(db)
    for home in homes:
        home.arrive(beats(at("22:00", 17), at("07:55")), at("07:55"))
    go_on(db, homes, at("08:00"), at("09:30"), homes[1:])
    assert alerts(db) == [(homes[0].home, "welfare")]
    go_on(db, [], at("09:35"), at("09:50"))
    assert open_outage(db) is not None
    homes[0].arrive(lived(at("07:30"), at("09:50")), at("09:50"))
    judge_due(db, at("09:50"))
    assert homes[0].alerts() == [("welfare", "explained")]
