"""What the resident presses on the tablet, through a real gateway, broker and ingest, into what is judged and told."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest

from alerts.judging import add_rule, judge_due, picture_now
from alerts.rules import ExpectedActivity, Silence, Unseen
from alerts.telling.ladder import run_due_steps, start
from alerts.verdicts import Reason
from gateway.clock import Clock
from gateway.messages import Kind
from gateway.reminders.page import OUR_HEADER
from ingest.database import connect
from ingest.known import ASK_AGAIN_S
from ingest.saving import Saver
from simulators.broker import Broker
from simulators.postgres import free_port
from tests.alerts.telling import add_alert
from tests.ingest.homes import add_home, beat, message, reading
from tests.journeys.test_reminders import gateway, ingest
from tests.waiting import until

M, H = timedelta(minutes=1), timedelta(hours=1)


@dataclass(slots=True)
class Home:
    """A home with the real parts in it, at nine in the morning."""

    db: psycopg.Connection
    id: int
    clock: Clock
    page: str

    def one(self, query: str) -> Any:
        row = self.db.execute(query.encode()).fetchone()
        return row[0] if row else None

    def state(self) -> dict[str, Any]:
        found: dict[str, Any] = httpx.get(f"{self.page}/state", timeout=20).json()
        return found

    def press(self, what: str, key: str = "") -> None:
        headers = {OUR_HEADER: "1", "content-type": "application/json"}
        answer = httpx.post(f"{self.page}/press", json={"what": what, "key": key}, headers=headers, timeout=20)
        assert answer.json() == {"took": True}

    def judge(self, now: datetime) -> list[Any]:
        """The alerts after judging, due or not."""
        self.db.execute("update home_state set due_at = %s", (now,))
        judge_due(self.db, now)
        return self.db.execute("select class, reason from alert where state <> 'closed' order by id").fetchall()

    def reasons(self, now: datetime) -> set[Reason]:
        return {one.verdict.reason for one in picture_now(self.db, self.id, now)[1]}


@pytest.fixture
def home(each_database: str, broker: Broker, home_broker: Broker, tmp_path: Path) -> Iterator[Home]:
    clock, port = Clock.parse(f"2026-03-02T09:00:00Z@{Clock().now().timestamp()}x1"), free_port()
    with connect(each_database, autocommit=True) as db:
        found = Home(db, add_home(db), clock, f"http://127.0.0.1:{port}")
        live(found, clock.now())
        with ingest(each_database, broker, clock, tmp_path), gateway(broker, home_broker, clock, tmp_path, port):
            until(lambda: found.one("select status ->> 'voice' from gateway"), 30)
            heard: datetime = found.one("select status_at from gateway")
            # Ingest has looked up the sensors of this gateway; it looks again for an unknown one after this time.
            until(lambda: clock.now() - heard > timedelta(seconds=ASK_AGAIN_S + 1), 30)
            yield found


def live(home: Home, now: datetime) -> None:
    """Somebody lives there and was about until a quarter of an hour ago; the gateway was heard all the time."""
    for rule in (Unseen(), Silence(hours=2), ExpectedActivity(places=("kitchen",), start="08:55", end="10:00")):
        add_rule(home.db, home.id, rule)
    row = home.db.execute(
        "insert into person (name, phone, role) values ('Ann', '+447700900101', 'family') returning id"
    )
    (person,) = row.fetchall()[0]
    home.db.execute("insert into home_person values (%s, %s)", (home.id, person))
    home.db.execute("insert into ladder_step (home_id, step, after_s, role) values (%s, 1, 0, 'resident')", (home.id,))
    home.db.execute("insert into ladder_step values (%s, 2, %s, 300)", (home.id, person))
    beats = [beat(seq, now - (300 - 5 * seq) * M) for seq in range(1, 61)]
    walks = [reading(100 + seq, "lounge", Kind.MOTION, 1, now - (40 - 5 * seq) * M) for seq in range(5)]
    Saver().save(home.db, [message(*beats, *walks, at=now)])


def test_a_pause_on_the_tablet_is_nobodys_fault_and_a_call_for_help_is_raised_all_the_same(home: Home) -> None:
    home.press("pause", "4h")
    until(lambda: home.one("select until_at from pause where ended_at is null"), 30)
    later = home.clock.now() + 3 * H + 50 * M
    assert home.judge(later) == []
    assert home.reasons(later) == {Reason.PAUSED}
    assert home.one("select count(*) from finding where reason = 'paused' and alert_id is null") == 3
    home.press("help")
    until(
        lambda: home.one("select count(*) from reading join sensor s on s.id = sensor_id where s.name = 'tablet'"), 30
    )
    assert home.judge(later) == [("urgent", "call_for_help")]
    home.press("resume")
    until(lambda: home.one("select ended_at from pause"), 30)
    ended: datetime = home.one("select ended_at from pause")
    assert home.judge(ended + 55 * M) == [("urgent", "call_for_help")]
    assert home.judge(ended + 61 * M) == [("urgent", "call_for_help"), ("technical", "home_unseen")]


def test_the_question_of_an_alert_is_answered_on_the_tablet_and_nobody_is_woken(home: Home) -> None:
    alert = add_alert(home.db, home.id, at=home.clock.now())
    with home.db.transaction():
        start(home.db, [alert], home.clock.now())
    until(lambda: home.state()["ask"], 30)
    home.press("fine", home.state()["ask"]["id"])
    until(lambda: run_due_steps(home.db, home.clock.now()), 30)
    assert home.one("select state from alert") == "explained"
    assert home.one("select count(*) from message") == 0
    assert home.one("select channel from alert_event where what = 'resident_well'") == "tablet"
    assert home.one("select count(*) from quarantine") == 0
