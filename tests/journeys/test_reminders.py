"""From the daughter's page to the tablet and back: a reminder, set, shown, answered, and seen to be done."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import sync_playwright

from api import reminder_changes, reminder_forms, reminder_rows
from api.people import Home
from api.reminder_changes import By
from gateway.clock import Clock
from gateway.config import Purpose, Schedule
from simulators.broker import Broker
from simulators.postgres import free_port
from tests.api.conftest import CHROMIUM, FLAGS
from tests.conftest import PASSWORDS
from tests.ingest.homes import add_home
from tests.ingest.service import Service
from tests.waiting import until

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser here: install chromium ({CHROMIUM})")


@contextmanager
def running(process: subprocess.Popen[bytes]) -> Iterator[None]:
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


@contextmanager
def gateway(broker: Broker, home_broker: Broker, clock: Clock, folder: Path, port: int) -> Iterator[None]:
    settings = {
        "HEARTH_GATEWAY": "gw-1",
        "HEARTH_BROKER_PORT": str(broker.port),
        "HEARTH_BROKER_PASSWORD": PASSWORDS["gw-1"],
        "HEARTH_HOME_BROKER_PORT": str(home_broker.port),
        "HEARTH_OUTBOX": str(folder / "outbox.sqlite"),
        "HEARTH_PAGE_PORT": str(port),
        "HEARTH_CLOCK": str(clock),
    }
    with (folder / "gateway.log").open("wb") as log:
        process = subprocess.Popen([sys.executable, "-m", "gateway"], env=os.environ | settings, stderr=log)
    with running(process):
        yield


@contextmanager
def ingest(url: str, broker: Broker, clock: Clock, folder: Path) -> Iterator[None]:
    service = Service(url, broker, folder / "ingest.log", HEARTH_CLOCK=str(clock))
    service.start()
    assert service.process is not None
    with running(service.process):
        until(lambda: b"broker_connected" in service.log.read_bytes())
        yield


def press_done(port: int) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 800})
        page.set_default_timeout(20_000)
        page.goto(f"http://127.0.0.1:{port}")
        page.get_by_role("heading", name="Take your tablets").wait_for()
        page.get_by_role("button", name="Done").click()
        page.get_by_role("heading", name="Monday morning").wait_for()
        browser.close()


def test_a_reminder_that_the_family_sets_is_answered_on_the_tablet_and_seen_to_be_done(
    database: str, broker: Broker, home_broker: Broker, tmp_path: Path
) -> None:
    clock, port = Clock.parse(f"2026-03-02T08:29:50Z@{Clock().now().timestamp()}x1"), free_port()
    with psycopg.connect(database, autocommit=True) as db:
        home_id = add_home(db)
        person = db.execute(
            "insert into person (name, phone, role) values ('Ann', '+447700900101', 'family') returning id"
        ).fetchall()[0][0]
        home = Home(home_id, "Rose Cottage", "Peter", "Europe/London")
        settings = reminder_forms.Settings(
            "morning tablets", "Take your tablets", Purpose.MEDICINE, Schedule(times=("08:30",))
        )
        with ingest(database, broker, clock, tmp_path), gateway(broker, home_broker, clock, tmp_path, port):
            with db.transaction():
                reminder = reminder_changes.add(db, By(home_id, person, clock.now()), settings)

            def confirmed() -> bool:
                found = reminder_rows.tablet(db, home_id)
                return found is not None and found.confirmed_version == 1

            until(confirmed, 30)
            press_done(port)

            def told() -> list[int]:
                return [value for _, value in reminder_rows.answers(db, home, clock.now()).get(reminder, [])]

            until(lambda: told() == [1, 2], 30)
            (row,) = reminder_rows.of_home(db, home_id)
            answers = reminder_rows.answers(db, home, clock.now())[reminder]
            (line,) = reminder_rows.today(row, answers, home.zone, clock.now())
            assert line.state == "done"
            quarantined = db.execute("select count(*) from quarantine").fetchone()
            assert quarantined == (0,), "the sensor of the reminder was known before it spoke"
