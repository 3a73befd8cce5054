"""The files in deploy/ do what they say, as far as it can be tried here."""

import os
import re
import shutil
import ssl
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gateway.home_settings import HomeSettings
from gateway.link import Acknowledged, Address, Came, Event, Session, Terms, Up
from gateway.messages import MAX_MESSAGE_BYTES, topic
from ingest.broker_passwords import hashed, password_lines
from ingest.broker_rules import RULES
from simulators.broker import mosquitto
from simulators.postgres import free_port
from tests.certificates import Authority
from tests.conftest import PASSWORDS
from tests.gateway.wire import until

ROOT = Path(__file__).parents[2]
UNIT = ROOT / "deploy" / "gateway" / "hearthlight-gateway.service"
PASSWORDS_UNIT = ROOT / "deploy" / "mosquitto" / "hearthlight-passwords.service"
CONTAINER = (ROOT / "deploy" / "gateway" / "Containerfile").read_text()
CONF = (ROOT / "deploy" / "mosquitto" / "server.conf").read_text()
NOT_AUTHORIZED = 0x87
FLATS_UNIT = ROOT / "deploy" / "flats" / "hearthlight-flats.service"
MOST_EXPOSED = {UNIT: 20, FLATS_UNIT: 20, PASSWORDS_UNIT: 40}
"""Tenths: systemd's own measure goes from 0 (shut) to 100. Whoever writes the broker's files is root."""


@pytest.fixture(params=MOST_EXPOSED, ids=lambda unit: unit.stem)
def unit(request: pytest.FixtureRequest) -> Path:
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze on this machine")
    found: Path = request.param
    return found


def here(unit: Path, folder: Path) -> str:
    """The unit with a Python that is on this machine."""
    made = folder / unit.name
    made.write_text(unit.read_text().replace("/opt/hearthlight/bin/python", sys.executable))
    return str(made)


def test_systemd_finds_nothing_wrong_with_the_unit(unit: Path, tmp_path: Path) -> None:
    command = ["systemd-analyze", "verify", here(unit, tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    ours = [line for line in done.stderr.splitlines() if unit.name in line]
    assert ours == []


def test_the_unit_leaves_little_for_an_intruder(unit: Path, tmp_path: Path) -> None:
    most = f"--threshold={MOST_EXPOSED[unit]}"
    command = ["systemd-analyze", "security", "--offline=yes", most, here(unit, tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if "unrecognized option" in done.stderr or "Unknown" in done.stderr:
        pytest.skip("this systemd cannot judge a file")
    assert done.returncode == 0, done.stdout[-300:] + done.stderr[-300:]


def test_the_unit_of_the_passwords_gives_a_command_that_there_is(tmp_path: Path) -> None:
    told = re.search(r"^ExecStart=\S+ (.*)$", PASSWORDS_UNIT.read_text(), re.MULTILINE)
    assert told
    environment = os.environ | {"HEARTH_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    arguments = told[1].replace(" --watch", "").replace("/etc/", f"{tmp_path}/").split()
    done = subprocess.run([sys.executable, *arguments], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1, done.stderr
    assert "The database cannot be reached" in done.stderr


@pytest.mark.parametrize(
    "text", [UNIT.read_text(), FLATS_UNIT.read_text(), CONTAINER], ids=["unit", "flats", "container"]
)
def test_each_setting_that_is_named_exists(text: str) -> None:
    named = set(re.findall(r"HEARTH_([A-Z_]+)", text))
    assert named
    assert {name.removesuffix("_FILE").lower() for name in named} <= set(HomeSettings.model_fields)


def test_the_container_takes_the_bare_wheel_with_locked_packages_and_is_not_root() -> None:
    assert (ROOT / "requirements-gateway.lock").exists()
    assert "--require-hashes -r /tmp/requirements-gateway.lock" in CONTAINER
    assert "[server]" not in CONTAINER
    assert re.search(r"^USER [1-9][0-9]*$", CONTAINER, re.MULTILINE)


@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "ours")


@pytest.fixture
def port(tmp_path: Path, authority: Authority) -> Iterator[int]:
    """A real Mosquitto with server.conf; only paths, the port and the user are others."""
    certificate, key = authority.sign("127.0.0.1")
    (tmp_path / "rules").write_text(RULES)
    hashes = [(name, hashed(word)) for name, word in PASSWORDS.items()]
    (tmp_path / "passwords").write_text(password_lines(hashes, ""))
    for name in ("rules", "passwords"):
        (tmp_path / name).chmod(0o600)
    free = free_port()
    conf = CONF.replace("listener 8883", f"listener {free} 127.0.0.1")
    for there, here in (
        ("/etc/mosquitto/certs/server.pem", certificate),
        ("/etc/mosquitto/certs/server.key", key),
        ("/etc/mosquitto/hearthlight.passwords", tmp_path / "passwords"),
        ("/etc/mosquitto/hearthlight.rules", tmp_path / "rules"),
        ("/var/lib/mosquitto/", f"{tmp_path}/"),
    ):
        assert there in conf
        conf = conf.replace(there, str(here))
    (tmp_path / "server.conf").write_text(conf + ("user root\n" if os.geteuid() == 0 else ""))
    log = tmp_path / "log"
    with log.open("wb") as file:
        process = subprocess.Popen([mosquitto(), "-c", str(tmp_path / "server.conf")], stderr=file)
    yield free
    assert process.poll() is None, log.read_text()
    process.terminate()
    process.wait(10)


class Client:
    """A client with a password, over TLS."""

    def __init__(self, port: int, name: str, authority: Authority, *topics: str) -> None:
        self.events: list[Event] = []
        tls = ssl.create_default_context(cafile=str(authority.file))
        address = Address("127.0.0.1", port, name, user=name, password=PASSWORDS[name], tls=tls)
        self.session = Session(address, Terms(topics), self.events.append)

    @property
    def came(self) -> list[tuple[str, bytes]]:
        return [(event.topic, event.payload) for event in self.events if isinstance(event, Came)]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # paho drops a socket that was refused
def test_the_servers_broker_keeps_homes_apart_over_tls(port: int, authority: Authority) -> None:
    clients: list[Client] = []

    def connected(name: str, *topics: str) -> Client:
        def tried() -> bool:
            client = Client(port, name, authority, *topics)
            until(lambda: client.events)
            clients.append(client)
            return isinstance(client.events[0], Up)

        until(tried)
        return clients[-1]

    ingest = connected("ingest", topic("+", "readings"))
    first = connected("gw-1", topic("gw-1", "stored"))
    second = connected("gw-2", topic("gw-2", "stored"), topic("gw-1", "stored"))
    for name in ("gw-1", "gw-2"):
        ingest.session.publish(topic(name, "stored"), name.encode())
    until(lambda: first.came and second.came)
    second.session.publish(topic("gw-1", "readings"), b"forged")
    until(lambda: NOT_AUTHORIZED in [event.code for event in second.events if isinstance(event, Acknowledged)])
    first.session.publish(topic("gw-1", "readings"), b"x" * MAX_MESSAGE_BYTES)
    until(lambda: ingest.came)
    for client in clients:
        client.session.close()
    assert ingest.came == [(topic("gw-1", "readings"), b"x" * MAX_MESSAGE_BYTES)]
    assert second.came == [(topic("gw-2", "stored"), b"gw-2")]
