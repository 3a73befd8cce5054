"""One whole day of a recorded home, through outbox, gateway, broker, ingest and rules."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import psycopg
import pytest

from alerts.judging import add_rule, judge_due
from alerts.rules import DoorAtNight, ExpectedActivity, RuleSettings, Silence, Unseen
from gateway.clock import Clock
from ingest.checking import differences
from simulators.demo.stack import Stack
from simulators.replay import Seen, Wanted, recorded, register, replay, stack_for

HOME, DAY = "16f4b", date(2019, 5, 10)
AFTERWARDS = datetime(2019, 5, 11, 0, 2, tzinfo=UTC)
"""Shortly after the last reading of the day, by the street's clock and by ours."""

RULES: tuple[RuleSettings, ...] = (
    ExpectedActivity(end="10:00", places=("kitchen", "fridge")),
    Silence(hours=6, by_day=("08:00", "22:00")),
    DoorAtNight(start="23:00", end="05:00"),
    Unseen(minutes=60),
)


@pytest.fixture(scope="module")
def day(data: Path) -> list[Seen]:
    seen = list(recorded(data / "tihm" / "tihm_activity_dev.csv.gz", Wanted(HOME, DAY, DAY + timedelta(days=1))))
    assert len(seen) > 300
    return seen


@pytest.fixture
def stack(database: str) -> Iterator[Stack]:
    now = Clock().now().timestamp()
    with stack_for([HOME], database, Clock(AFTERWARDS, now, 1)) as running:
        yield running


def test_a_recorded_day_is_counted_as_recorded_and_twice_changes_nothing(
    day: list[Seen], stack: Stack, db: psycopg.Connection
) -> None:
    counts = replay(day, stack)
    assert counts.equal, counts.told()
    assert counts.in_database.total() == len(day)
    before = everything(db)
    assert differences(db) == [], "rollups are what the readings give"

    stack.stop_homes()
    again = replay(day, stack)
    assert again.in_database == counts.in_database
    assert everything(db) == before


def test_the_order_of_a_replay_alarms_nobody(day: list[Seen], stack: Stack, db: psycopg.Connection) -> None:
    register(db, {HOME: {one.sensor for one in day}}, stack.clock.now())
    (home,) = db.execute("select id from home").fetchone() or (0,)
    for rule in RULES:
        add_rule(db, home, rule)

    def judge_meanwhile() -> None:
        db.execute("update home_state set due_at = %s", (AFTERWARDS,))
        judge_due(db, stack.clock.now())

    replay(day, stack, judge_meanwhile)
    judge_meanwhile()
    assert db.execute("select class, reason from alert where class = 'welfare'").fetchall() == []
    found = db.execute("select picture from home_state").fetchone()
    assert found is not None
    assert found[0] is not None, "the day is in the picture"


def everything(db: psycopg.Connection) -> list[object]:
    """What a second replay may not change."""
    return [
        db.execute("select sensor_id, at, value from reading order by 1, 2, 3").fetchall(),
        db.execute("select * from activity_hour order by home_id, hour, place").fetchall(),
        db.execute("select * from coverage_hour order by home_id, hour").fetchall(),
        db.execute("select count(*) from alert").fetchall(),
        db.execute("select count(*) from message").fetchall(),
    ]


def test_a_recording_of_another_shape_is_refused(tmp_path: Path) -> None:
    (tmp_path / "other.csv").write_text("a,b\n1,2\n")
    with pytest.raises(ValueError, match="home,time,sensor"):
        list(recorded(tmp_path / "other.csv", Wanted()))
