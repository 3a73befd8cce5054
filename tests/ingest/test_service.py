"""The ingest as it runs: a process between the real broker and the real database."""

import json
import signal
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from ingest.checking import differences
from ingest.settings import IngestSettings
from simulators.broker import Broker
from tests.ingest.homes import NOON, add_home
from tests.ingest.service import Sender, Service, envelope, environment, serving, stored_once, wait_until


@pytest.fixture
def homes(each_database: str) -> str:
    """A database with the homes of gateways `gw-1` and `gw-2`."""
    with psycopg.connect(each_database) as connection:
        add_home(connection, "gw-1")
        add_home(connection, "gw-2")
    return each_database


def test_a_gateway_is_told_when_its_readings_are_committed(homes: str, broker: Broker, tmp_path: Path) -> None:
    with serving(homes, broker, tmp_path):
        sender = Sender(broker)
        sender.send_readings("b1", [1, 2, 3])
        wait_until(lambda: sender.stored == {"b1": 3})
        assert stored_once(homes) == (3, 3)
        sender.send_readings("b1", [2, 3])  # sent again by a gateway that has not heard
        sender.stored.clear()
        wait_until(lambda: sender.stored == {"b1": 3})
        sender.close()
    assert stored_once(homes) == (3, 3)


def test_two_workers_at_once_give_what_one_gives(homes: str, broker: Broker, tmp_path: Path) -> None:
    senders = [Sender(broker, "gw-1"), Sender(broker, "gw-2")]
    with serving(homes, broker, tmp_path, "ingest-1", "ingest-2") as services:
        for first in range(1, 1500, 5):
            for sender in senders:
                # Each envelope repeats half of the one before, and the broker deals them out in turn.
                numbers = range(max(1, first - 5), first + 5)
                sender.client.publish(f"hearth/1/{sender.name}/readings", envelope(sender.name, "b1", numbers), qos=1)
        wait_until(lambda: all(sender.stored == {"b1": 1500} for sender in senders))
        assert stored_once(homes) == (3000, 3000)
        assert all(service.end() == 0 for service in services)
    with psycopg.connect(homes) as connection:
        assert differences(connection) == []
        assert connection.execute("select sum(events) from activity_hour").fetchall() == [(3000,)]
    for sender in senders:
        sender.close()


def test_garbage_never_stops_what_is_good(homes: str, broker: Broker, tmp_path: Path) -> None:
    sender = Sender(broker)
    with serving(homes, broker, tmp_path):
        for number, garbage in enumerate((b"", b"{", b"\xff\xfe", b"[]", b"x" * 1_000_000, b'{"v":9}'), 1):
            sender.send(garbage)
            sender.send_readings("b1", [number])
            sender.send(garbage, "status")
        wait_until(lambda: sender.stored == {"b1": 6})
    with psycopg.connect(homes) as connection:
        found = connection.execute("select count(*), max(length(payload)) from quarantine").fetchall()
    assert found == [(12, 65536)]
    sender.close()


def test_a_last_will_tells_even_an_ingest_that_was_away(homes: str, broker: Broker, tmp_path: Path) -> None:
    sender = Sender(broker, will=b'{"v":1,"online":false}')
    sender.send(b'{"v":1,"online":true}', "status", retain=True)
    sender.vanish()
    with serving(homes, broker, tmp_path), psycopg.connect(homes, autocommit=True) as connection:
        wait_until(lambda: connection.execute("select from gateway where online = false").rowcount == 1)


def test_settings_and_readings_leave_no_trace_in_the_log(homes: str, broker: Broker, tmp_path: Path) -> None:
    with serving(homes, broker, tmp_path) as services:
        sender = Sender(broker)
        sender.send(b'{"resident": "Peter", "phone": "+447700900123"}')
        sender.send(json.dumps({"gateway": "gw-1", "readings": [{"seq": "Rose Cottage"}]}).encode())
        sender.send_readings("b1", [1])
        wait_until(lambda: sender.stored == {"b1": 1})
        sender.close()
        log = services[0].log.read_text()
    assert "refused" in log
    for secret in ("Peter", "Rose", "447700900123", broker.passwords["ingest"], homes):
        assert secret not in log


def run_ingest(settings: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command, until it ends by itself."""
    command = [sys.executable, "-m", "ingest", *arguments]
    return subprocess.run(command, env=settings, check=False, capture_output=True, text=True, timeout=60)


WRONG = {
    "HEARTH_DATABASE_URL": "mysql://nowhere",
    "HEARTH_BROKER_PORT": "http",
    "HEARTH_BROKER_HOST": "",
    "HEARTH_WORKER": "a worker",
    "HEARTH_BATCH": "0",
    "HEARTH_CLOCK": "noon",
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_setting_ends_the_process_with_a_sentence_that_names_it(name: str) -> None:
    settings = environment("postgresql://nobody@127.0.0.1:1/x", Broker(Path(), port=1), **{name: WRONG[name]})
    ended = subprocess.run(
        [sys.executable, "-m", "ingest"], env=settings, check=False, capture_output=True, text=True, timeout=20
    )
    assert ended.returncode == 2
    assert ended.stderr.startswith(f"Cannot start. {name}: ")
    assert ended.stderr.count("\n") == 1
    assert "nobody" not in ended.stderr


def test_help_names_every_setting() -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "ingest", "--help"], check=False, capture_output=True, text=True, timeout=20
    )
    for name in IngestSettings.model_fields:
        assert f"HEARTH_{name.upper()} " in ended.stdout


def test_the_check_command_says_whether_the_rollups_are_right(homes: str) -> None:
    settings = {"HEARTH_DATABASE_URL": homes}
    assert run_ingest(settings, "check").returncode == 0
    with psycopg.connect(homes) as connection:
        connection.execute("insert into coverage_hour values (1, %s, 1)", [NOON])
    found = run_ingest(settings, "check")
    assert found.returncode == 1
    assert "coverage_hour home 1 2026-03-28T12:00Z: stored 1, the readings give nothing" in found.stdout


def test_it_waits_for_a_database_and_ends_when_it_is_told(broker: Broker, tmp_path: Path) -> None:
    service = Service("postgresql://postgres@127.0.0.1:1/x", broker, tmp_path / "log")
    service.start()
    wait_until(lambda: b"database_unreachable" in service.log.read_bytes())
    assert service.end(signal.SIGTERM) == 0
