"""Promises of `python -m alerts` as a running service."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from alerts.loops import Bell, Loops, Pace
from alerts.main import run
from alerts.settings import AlertsSettings
from alerts.telling import ladder
from simulators import postgres
from tests.alerts.telling import ACCOUNT, ANNA, BEN, OURS, TOKEN, World, add_alert
from tests.conftest import missing
from tests.waiting import until


@pytest.fixture
def settings(world: World, database: str, monkeypatch: pytest.MonkeyPatch) -> AlertsSettings:
    values = {
        "DATABASE_URL": database,
        "TWILIO_ACCOUNT": ACCOUNT,
        "TWILIO_TOKEN": TOKEN.get_secret_value(),
        "TWILIO_URL": world.phone.url,
        "SMS_FROM": OURS,
        "PUBLIC_URL": world.webhooks.url,
        "CLOCK": f"{world.time().isoformat()}@{time.time()}x1",
    }
    for name, value in values.items():
        monkeypatch.setenv(f"HEARTH_{name}", value)
    return AlertsSettings()


@pytest.fixture
def service(settings: AlertsSettings) -> Iterator[Loops]:
    running = run(settings)
    yield running
    running.stop(5)


@pytest.mark.usefixtures("service")
def test_an_alert_is_told_and_the_ladder_climbed_until_somebody_takes_it(world: World) -> None:
    world.phone.wish(number=ANNA, fate="undelivered", error_code=30004)
    alert = add_alert(world.db, world.home((0, (ANNA,)), (3600, (BEN,))), "urgent", "call_for_help")
    with world.db.transaction():
        ladder.start(world.db, [alert], world.time())
    text = until(lambda: world.phone.bodies(BEN))[0]
    code = text.split("Reply ")[1].split(" ")[0]
    world.phone.company.incoming(BEN, f"{code} 1")
    until(lambda: world.one("select state from alert where id = %s", alert) == "acknowledged")
    until(lambda: len(world.phone.bodies(BEN)) == 2)


@pytest.mark.usefixtures("settings")
def test_it_ends_cleanly_soon_after_it_is_asked(world: World) -> None:
    with subprocess.Popen([sys.executable, "-m", "alerts"], stderr=subprocess.PIPE, text=True) as process:
        until(lambda: world.one("select count(*) from pg_stat_activity where query ilike 'listen%%'") > 0)
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=15)
    assert process.returncode == 0
    assert "alerts_stopped" in said
    assert "Traceback" not in said


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HEARTH_TWILIO_ACCOUNT", "nonsense"),
        ("HEARTH_TWILIO_URL", "not a url"),
        ("HEARTH_SMS_FROM", "Hearthlight"),
        ("HEARTH_SENDERS", "0"),
        ("HEARTH_DATABASE_URL", "mysql://here"),
        ("HEARTH_CLOCK", "tomorrow"),
    ],
)
def test_a_wrong_setting_ends_it_at_start_with_one_sentence_that_names_it(name: str, value: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "alerts"],
        check=False,
        env={**os.environ, name: value},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert ended.returncode == 2
    assert ended.stderr.startswith(f"Cannot start. {name}: ")
    assert ended.stderr.count("\n") == 1
    assert TOKEN.get_secret_value() not in ended.stderr


def test_it_heals_when_the_database_comes_back(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    kind: postgres.Kind = "embedded" if missing("timescaledb") else "timescaledb"
    server = postgres.start(tmp_path / "pg", kind, {"fsync": "off"})
    served: list[int] = []
    running = Loops(server.url, longest_pause_s=0.3)

    def work(connection: psycopg.Connection) -> bool:
        row = connection.execute("select pg_backend_pid()").fetchone()
        served.append(row[0] if row else 0)
        return False

    running.run("test", work, running.bell(), 0.02)
    until(lambda: served)
    server.restart()
    before = served[-1]
    until(lambda: served[-1] != before)
    running.stop(5)
    server.stop()
    assert any(getattr(entry, "about", {}).get("action") == "database_away" for entry in caplog.records)


def test_one_unexpected_error_does_not_end_a_loop_and_its_words_are_not_logged(
    database: str, caplog: pytest.LogCaptureFixture
) -> None:
    running, calls = Loops(database), []

    def work(_: psycopg.Connection) -> bool:
        calls.append(1)
        if len(calls) == 1:
            raise ValueError(ANNA)
        return False

    running.run("test", work, running.bell(), 0.02)
    until(lambda: len(calls) > 1)
    running.stop(5)
    said = [getattr(entry, "about", {}) for entry in caplog.records]
    assert [one["error"] for one in said if one.get("action") == "loop_failed"] == ["ValueError"]
    assert ANNA not in caplog.text


def test_a_bell_that_rang_before_anybody_waited_is_heard() -> None:
    bell = Bell()
    heard = bell.rings
    bell.ring()
    bell.wait(heard, 60)


def test_texts_keep_to_the_pace_of_the_number() -> None:
    pace, began = Pace(200), time.monotonic()
    for _ in range(21):
        pace.wait()
    assert time.monotonic() - began >= 0.1
