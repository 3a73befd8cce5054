"""A new gateway, from the coordinator's page to its first beat in the database, and out again."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import httpx
import psycopg
import pytest

from gateway.clock import Clock
from gateway.messages import Kind
from ingest.kinds import NUMBER
from simulators.broker import Broker, Certificates
from simulators.postgres import free_port
from tests.api import street
from tests.api.conftest import Service as Pages
from tests.certificates import Authority
from tests.gateway.wire import Wire
from tests.ingest.service import Service
from tests.waiting import until

OURS = {name: value for name, value in os.environ.items() if not name.startswith("HEARTH_")}
SPEED = 60
"""How much faster the clock of all of them runs: a gateway's first beat comes after five minutes of listening."""
HOME = "Flat 3"
TLS = "HEARTH_BROKER_TLS"
"""Only because this broker is on the same machine, where no TLS is the usual."""


class Server:
    """The server's side as processes: broker with TLS, its password file, ingest, pages."""

    def __init__(self, database: str, broker: Broker, ca: Path, folder: Path, stack: ExitStack) -> None:
        self.database, self.broker, self.ca, self.folder, self.stack = database, broker, ca, folder, stack
        with psycopg.connect(database, autocommit=True) as db:
            self.street = street.build(db)
        now = Clock().now()
        self.clock = str(Clock(now, now.timestamp(), SPEED))
        self.pages = Pages(f"http://127.0.0.1:{free_port()}", database, self.street)

    def start(self) -> None:
        assert self.broker.process
        (self.folder / "pid").write_text(str(self.broker.process.pid))
        out, also = self.broker.folder / "passwords", self.folder / "also"
        also.write_text(out.read_text())
        files = ["--out", str(out), "--also", str(also), "--signal-pid-file", str(self.folder / "pid")]
        environment = {"HEARTH_DATABASE_URL": self.database, "HEARTH_CLOCK": self.clock}
        self.run("passwords", ["ingest", "passwords", *files, "--watch"], environment)
        more = {TLS: "true", "HEARTH_BROKER_CA": str(self.ca), "HEARTH_CLOCK": self.clock}
        worker = Service(self.database, self.broker, self.folder / "ingest.log", **more)
        worker.start()
        self.stack.callback(worker.end)
        until(lambda: b"broker_connected" in worker.log.read_bytes())
        environment |= {
            "HEARTH_TWILIO_TOKEN": "made-up",
            "HEARTH_API_PORT": str(httpx.URL(self.pages.url).port),
            "HEARTH_PUBLIC_URL": self.pages.url,
            "HEARTH_BROKER_PUBLIC_PORT": str(self.broker.port),
            "HEARTH_BROKER_PUBLIC_CA": str(self.ca),
        }
        self.run("api", ["api"], environment)
        until(self.answers, 30)

    def run(self, name: str, module: list[str], environment: dict[str, str]) -> None:
        self.stack.enter_context(running(module, environment, self.folder / f"{name}.log"))

    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.pages.url}/health").is_success
        except httpx.TransportError:
            return False

    def rows(self, query: str, *given: object) -> list[tuple[object, ...]]:
        with psycopg.connect(self.database) as db:
            return db.execute(query.encode(), given).fetchall()


@contextmanager
def running(module: list[str], environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    with log.open("wb") as written:
        process = subprocess.Popen(
            [sys.executable, "-m", *module], env=OURS | environment, stdout=written, stderr=written
        )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)


@pytest.fixture
def server(database: str, tmp_path: Path) -> Iterator[Server]:
    with ExitStack() as stack:
        authority = Authority(tmp_path / "authority")
        certificates = Certificates(authority.file, *authority.sign("127.0.0.1"))
        broker = Broker(tmp_path / "broker", {"ingest": "pw-ingest"}, certificates=certificates)
        broker.start()
        stack.callback(broker.stop)
        server = Server(database, broker, authority.file, tmp_path, stack)
        stack.callback(server.pages.close)
        server.start()
        yield server


class Coordinator:
    """Cora, signed in, at the page of gateways and sensors."""

    def __init__(self, server: Server) -> None:
        self.client = server.pages.signed_in("Cora Hughes")
        self.path = f"/homes/{server.street.homes[HOME]}/gateways"
        self.token = self.client.get("/api/1/me").json()["form_token"]

    def post(self, leaf: str = "", **said: str) -> httpx.Response:
        return self.client.post(self.path + leaf, data={"form_token": self.token, **said})

    def section(self, gateway: str) -> str:
        """What the page says of this gateway."""
        found = [part for part in self.client.get(self.path).text.split("<section") if gateway in part]
        return found[0] if found else ""

    def new_code(self) -> tuple[str, str]:
        """(code, gateway) of a new one."""
        page = self.post().text
        code, gateway = re.search(r'id="code">([^<]+)<', page), re.search(r"gw(-[0-9a-z]{4}){3}", page)
        assert code
        assert gateway
        return code[1], gateway[0]


def set_up(server: Server, folder: Path, code: str) -> subprocess.CompletedProcess[str]:
    """`python -m gateway setup` in the home, where somebody types the code."""
    folder.mkdir(exist_ok=True)
    command = [sys.executable, "-m", "gateway", "setup", server.pages.url, "--folder", str(folder)]
    return subprocess.run(command, input=f"{code}\n", env=OURS, capture_output=True, text=True, check=False)


def settings_of(folder: Path) -> dict[str, str]:
    lines = (folder / "gateway.env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines)


def test_a_code_lets_a_new_gateway_in_and_removing_the_claim_throws_it_out(
    server: Server, home_broker: Broker, tmp_path: Path
) -> None:
    cora = Coordinator(server)
    code, name = cora.new_code()
    home = tmp_path / "home"
    done = set_up(server, home, code)
    assert done.returncode == 0, done.stderr
    assert set_up(server, tmp_path / "thief", code).returncode == 4, "a code works once"

    zigbee = Wire(home_broker)
    zigbee.publish("zigbee2mqtt/bridge/state", {"state": "online"}, retain=True)
    environment = settings_of(home) | {
        TLS: "true",
        "HEARTH_HOME_BROKER_PORT": str(home_broker.port),
        "HEARTH_OUTBOX": str(home / "outbox.sqlite"),
        "HEARTH_CLOCK": server.clock,
    }
    beats = "select 1 from reading join sensor on sensor.id = sensor_id join gateway on gateway.id = gateway_id"
    with running(["gateway"], environment, tmp_path / "gateway.log"):
        until(lambda: server.rows(f"{beats} where gateway.name = %s and kind = %s", name, NUMBER[Kind.BEAT]), 30)
        until(lambda: "Online" in cora.section(name))

        zigbee.publish("zigbee2mqtt/hall-pir", {"occupancy": True})
        until(lambda: "hall-pir" in cora.section(name), 90)
        number = re.search(r"gateways/(\d+)/sensors", cora.section(name))
        assert number
        said = {"sensor": "hall-pir", "place": "hall", "role": "room"}
        assert cora.post(f"/{number[1]}/sensors", **said).status_code == 303

        def stored() -> bool:
            zigbee.publish("zigbee2mqtt/hall-pir", {"occupancy": False})
            zigbee.publish("zigbee2mqtt/hall-pir", {"occupancy": True})
            return bool(server.rows(f"{beats} where sensor.name = 'hall-pir' and gateway.name = %s", name))

        until(stored, 30)

        assert cora.post(f"/{number[1]}/remove").status_code == 303
        until(lambda: "Not connected" in cora.section(name), 30)
        assert "Set up " not in cora.section(name)
    zigbee.close()
