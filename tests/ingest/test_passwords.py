"""Promises of the broker's password file: who set a gateway up gets in, whose claim was removed does not."""

import base64
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from ingest.broker_passwords import hashed, new_password, password_lines
from ingest.password_file import read_again, replace
from simulators.broker import Broker, mosquitto
from tests.ingest.homes import add_home
from tests.waiting import until

NOT_AUTHORIZED = 0x87
Passwords = Callable[..., subprocess.Popen[bytes]]


class Visitor:
    """A gateway's connection to the broker, once or for as long as it is let in."""

    def __init__(self, broker: Broker, name: str, password: str) -> None:
        self.reason: int | None = None
        self.lost = False
        self.client = Client(CallbackAPIVersion.VERSION2, client_id=name, protocol=MQTTProtocolVersion.MQTTv5)
        self.client.username_pw_set(name, password)
        self.client.on_connect = self._answered
        self.client.on_disconnect = self._gone
        self.client.connect("127.0.0.1", broker.port)
        self.client.loop_start()
        until(lambda: self.reason is not None)

    def _answered(self, _client: Client, _data: object, _flags: object, reason: Any, _properties: object) -> None:
        self.reason = reason.value

    def _gone(self, *_: object) -> None:
        self.lost = True

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


def gets_in(broker: Broker, name: str, password: str) -> bool:
    client = Visitor(broker, name, password)
    client.close()
    assert client.reason in (0, NOT_AUTHORIZED)
    return client.reason == 0


@pytest.fixture
def static(broker: Broker, tmp_path: Path) -> Path:
    """The lines of clients that are no gateways."""
    path = tmp_path / "static"
    path.write_text((broker.folder / "passwords").read_text())
    return path


@pytest.fixture
def passwords(database: str, broker: Broker, static: Path, tmp_path: Path) -> Iterator[Passwords]:
    """Runs the command beside the broker; ended after the test."""
    assert broker.process
    (tmp_path / "pid").write_text(f"{broker.process.pid}\n")
    started: list[subprocess.Popen[bytes]] = []

    def start(*more: str) -> subprocess.Popen[bytes]:
        files = ["--out", str(broker.folder / "passwords"), "--also", str(static)]
        command = [sys.executable, "-m", "ingest", "passwords", *files, "--signal-pid-file", str(tmp_path / "pid")]
        started.append(subprocess.Popen([*command, *more], env=os.environ | {"HEARTH_DATABASE_URL": database}))
        return started[-1]

    yield start
    for process in started:
        if process.poll() is None:
            process.send_signal(signal.SIGKILL)
            process.wait(10)


def claim(db: psycopg.Connection, name: str, password: str | None) -> None:
    kept = hashed(password) if password else None
    db.execute("update gateway set password_hash = %s where name = %s", (kept, name))


def test_the_broker_reads_our_form_of_a_password_and_ours_is_its_own(tmp_path: Path) -> None:
    path = tmp_path / "theirs"
    path.write_text("gw-1:pw with spaces\n")
    subprocess.run([mosquitto("mosquitto_passwd"), "-U", str(path)], check=True, capture_output=True)
    kept = path.read_text().strip().partition(":")[2]
    salt = base64.b64decode(kept.split("$")[3])
    assert hashed("pw with spaces", salt) == kept
    assert hashed("x") != hashed("x"), "each has a salt of its own"
    assert new_password() != new_password()


def test_a_gateway_that_was_claimed_gets_in_without_a_restart_and_disturbs_nobody(
    db: psycopg.Connection, broker: Broker, passwords: Passwords
) -> None:
    add_home(db, "gw-new")
    other = Visitor(broker, "gw-1", "pw-gw-1")
    passwords("--watch")
    assert not gets_in(broker, "gw-new", "its own password")
    claim(db, "gw-new", "its own password")
    until(lambda: gets_in(broker, "gw-new", "its own password"))
    assert not gets_in(broker, "gw-new", "another")
    assert not other.lost
    other.close()


def test_a_gateway_whose_claim_was_removed_is_thrown_out_and_stays_out(
    db: psycopg.Connection, broker: Broker, passwords: Passwords
) -> None:
    add_home(db, "gw-new")
    claim(db, "gw-new", "its own password")
    passwords("--watch")
    until(lambda: gets_in(broker, "gw-new", "its own password"))
    inside = Visitor(broker, "gw-new", "its own password")
    claim(db, "gw-new", None)
    until(lambda: inside.lost)
    inside.close()
    assert not gets_in(broker, "gw-new", "its own password")


def test_once_is_enough_where_a_timer_runs_it(db: psycopg.Connection, broker: Broker, passwords: Passwords) -> None:
    add_home(db, "gw-new")
    claim(db, "gw-new", "its own password")
    assert passwords().wait(20) == 0
    until(lambda: gets_in(broker, "gw-new", "its own password"))
    assert gets_in(broker, "ingest", "pw-ingest")
    assert (broker.folder / "passwords").stat().st_mode & 0o777 == 0o600


def test_the_rules_are_written_too(db: psycopg.Connection, passwords: Passwords, tmp_path: Path) -> None:
    add_home(db, "gw-new")
    assert passwords("--rules", str(tmp_path / "acl")).wait(20) == 0
    assert "pattern write hearth/1/%u/readings" in (tmp_path / "acl").read_text()


def test_a_file_that_cannot_be_written_is_a_fault_and_not_half_a_file(
    passwords: Passwords, broker: Broker, static: Path
) -> None:
    before = (broker.folder / "passwords").read_text()
    static.unlink()
    assert passwords().wait(20) == 1
    assert (broker.folder / "passwords").read_text() == before


def test_it_ends_when_told_to(passwords: Passwords, broker: Broker, static: Path) -> None:
    static.write_text(static.read_text() + "probe:$7$101$x$y\n")
    process = passwords("--watch")
    until(lambda: "probe" in (broker.folder / "passwords").read_text())
    process.send_signal(signal.SIGTERM)
    assert process.wait(10) == 0


def test_a_gateway_never_takes_the_name_of_a_service() -> None:
    lines = password_lines([("ingest", "theirs"), ("gw-1", "kept")], "# ours\ningest:ours\n\n")
    assert lines == "ingest:ours\ngw-1:kept\n"


def test_what_is_the_same_is_not_written_again(tmp_path: Path) -> None:
    path = tmp_path / "file"
    assert replace(path, "a")
    assert not replace(path, "a")
    assert replace(path, "b")
    assert path.read_text() == "b"
    assert path.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["file"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_the_broker_still_owns_its_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_text("a")
    os.chown(path, 12345, 23456)
    assert replace(path, "b")
    assert (path.stat().st_uid, path.stat().st_gid) == (12345, 23456)


def test_a_process_id_that_is_another_programs_by_now_is_left_alone(tmp_path: Path) -> None:
    other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    try:
        for written in (f"{other.pid}", "0", "-1", "", "no number", "999999999"):
            (tmp_path / "pid").write_text(written)
            assert not read_again(tmp_path / "pid")
        assert not read_again(tmp_path / "none")
        assert other.poll() is None
    finally:
        other.communicate(b"\n", 10)
