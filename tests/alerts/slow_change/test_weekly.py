"""Once a week every home is compared, on a real database with readings that the real ingest saved."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import pytest

from alerts.picture import Seen
from alerts.slow_change.days import weeks_of
from alerts.slow_change.weekly import Compared, compare_due, stored_weeks
from ingest.database import connect
from tests.alerts.a_home import LONDON, beats, door, motion
from tests.alerts.watched import Watched, watched

MONDAY = datetime(2026, 10, 12, tzinfo=LONDON)
"""Of the first of five weeks, in the third of which the clocks go back."""
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
OVER = datetime(2026, 11, 16, tzinfo=LONDON)


def day(start: datetime, first: int, last: int, outings: int) -> list[Seen]:
    """A day at home from one hour to another, local, and so many outings of an hour and a half."""
    found = [motion(start.replace(hour=hour) + timedelta(minutes=7), "kitchen") for hour in range(first, last, 2)]
    for hour in range(9, 9 + 3 * outings, 3):
        found += [door(start.replace(hour=hour)), door(start.replace(hour=hour, minute=1), 0)]
        found = [one for one in found if one.place != "kitchen" or not hour <= one.at.hour < hour + 2]
        found.append(motion(start.replace(hour=hour + 2, minute=30), "hall"))
    return sorted(found, key=lambda one: one.at)


def usual(weeks: int) -> list[Seen]:
    return [one for number in range(7 * weeks) for one in day(MONDAY + number * DAY, 6, 22, number % 2)]


def quiet() -> list[Seen]:
    return [one for number in range(28, 35) for one in day(MONDAY + number * DAY, 10, 20, 0)]


def seen(start: datetime = MONDAY, end: datetime = OVER) -> list[Seen]:
    return list(beats(start.astimezone(ZoneInfo("UTC")), end.astimezone(ZoneInfo("UTC"))))


@pytest.fixture
def db(each_database: str) -> Iterator[psycopg.Connection]:
    with connect(each_database, autocommit=True) as connection:
        yield connection


@pytest.fixture
def home(db: psycopg.Connection) -> Watched:
    """Four usual weeks and a quiet one."""
    home = watched(db, OVER + 400 * DAY)
    home.arrive([*usual(4), *quiet(), *seen()], OVER)
    return home


def told(home: Watched) -> list[Any]:
    query = "select occasion, severity, alert_id, evidence ->> 'detail' from finding where home_id = %(home)s"
    return home.rows(query)


def test_a_quiet_week_is_told_once_for_information_and_is_nobodys_case(home: Watched) -> None:
    assert compare_due(home.db, OVER + 3.9 * HOUR) == Compared(1, 0)  # the week before it
    assert told(home) == []
    assert compare_due(home.db, OVER + 4 * HOUR) == Compared(1, 1)
    assert compare_due(home.db, OVER + 5 * HOUR) == Compared(0, 0)
    ((occasion, severity, alert, words),) = told(home)
    assert (occasion, severity, alert) == ("week 2026-W46", "none", None)
    assert words.startswith("Less activity this week: ")
    assert home.alerts() == []
    assert home.rows("select count(*) from message") == [0]


def test_a_week_after_a_rest_of_the_service_is_compared_all_the_same(home: Watched) -> None:
    assert compare_due(home.db, OVER + 5 * DAY) == Compared(1, 1)


def test_a_week_that_could_not_be_seen_is_not_compared(db: psycopg.Connection) -> None:
    home = watched(db, OVER + 400 * DAY)
    home.arrive([*usual(4), *quiet(), *seen(end=OVER - 3 * DAY)], OVER)
    assert compare_due(db, OVER + DAY) == Compared(1, 0)


def test_days_of_an_absence_do_not_count(home: Watched) -> None:
    home.db.execute(
        "insert into absence (home_id, kind, from_at, until_at, set_at) values (%s, 'away', %s, %s, %s)",
        (home.home, OVER - 4 * DAY, OVER - DAY, OVER - 5 * DAY),
    )
    assert compare_due(home.db, OVER + DAY) == Compared(1, 0)


def test_nor_do_days_of_which_much_was_paused(home: Watched) -> None:
    home.db.execute(
        "insert into pause (home_id, gateway_id, from_at, until_at, ended_at)"
        " select home_id, id, at, at + interval '5 hours', at + interval '5 hours'"
        " from gateway, generate_series(%s::timestamptz, %s, interval '1 day') as at",
        (OVER - 4 * DAY + 8 * HOUR, OVER - DAY + 8 * HOUR),
    )
    assert compare_due(home.db, OVER + DAY) == Compared(1, 0)


def test_recorded_days_and_stored_days_are_counted_alike(home: Watched) -> None:
    some = [*usual(4), *quiet()]
    minutes = {(MONDAY + number * DAY).date(): 1440 for number in range(35)}
    minutes[datetime(2026, 10, 25, tzinfo=LONDON).date()] = 1500
    recorded = weeks_of([(one.at, one.place, one.role) for one in some], LONDON, minutes)
    monday = (OVER - 7 * DAY).date()
    stored = stored_weeks(home.db, [(home.home, monday)])[home.home]
    assert stored == recorded
    assert sum(day.outings for week in stored for day in week.days) == 14


def test_each_home_is_compared_by_its_own_clock(home: Watched) -> None:
    home.db.execute("update home set time_zone = 'America/New_York'")
    compare_due(home.db, OVER + 8.9 * HOUR)
    assert told(home) == []
    assert compare_due(home.db, OVER + 9 * HOUR).homes == 1


def test_a_home_in_no_time_zone_stops_no_other(home: Watched) -> None:
    watched(home.db, OVER, gateway="gw-2")
    home.db.execute("update home set time_zone = 'Nowhere/At all' where id <> %s", (home.home,))
    assert compare_due(home.db, OVER + DAY) == Compared(1, 1)


def test_a_home_whose_finding_cannot_be_written_stops_no_other(home: Watched) -> None:
    other = watched(home.db, OVER, gateway="gw-2")
    other.arrive([*usual(4), *quiet(), *seen()], OVER)
    home.db.execute(f"alter table finding add constraint poisoned check (home_id <> {home.home})".encode())
    assert compare_due(home.db, OVER + DAY) == Compared(2, 1)
    assert len(told(other)) == 1
