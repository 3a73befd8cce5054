"""One whole Hearthlight on this machine: database, brokers and services as child processes.

The demo, the replay and the measurements all stand on it. It knows how each part is told
what it needs, and how to see that it is ready; when and with which homes is the caller's.
"""

import hashlib
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import psycopg

from gateway.clock import Clock
from ingest.broker_rules import INGEST
from ingest.schema import migrate
from simulators import postgres
from simulators.broker import Broker
from simulators.demo.crew import Crew, Service
from simulators.street.people import SMS_FROM

# Lower ranks start earlier and stop later.
SERVERS, SERVICES, HOMES = 0, 1, 2

PHONE_COMPANY = "The phone company"

ACCOUNT = "AC" + "5" * 32
"""Our account at the simulated phone company."""


class Stopped(Exception):  # noqa: N818 - it is a wish, not a fault
    """Somebody asked us to stop while something was starting."""


@dataclass(slots=True)
class Stack:
    """Everything in one folder. `stopping` is set when somebody wants us to end."""

    folder: Path
    clock: Clock
    word: str
    say: Callable[[str], None] = print
    stopping: threading.Event = field(default_factory=threading.Event)
    database_url: str = ""
    broker: Broker = field(init=False)
    home_broker: Broker = field(init=False)
    crew: Crew = field(init=False)
    api_port: int = 0
    phone_port: int = 0
    tablet_port: int = 0

    def __post_init__(self) -> None:
        self.logs.mkdir(parents=True, exist_ok=True)
        self.crew = Crew(self.pids, self.say)
        self.home_broker = Broker(self.folder / "home-broker")

    @property
    def logs(self) -> Path:
        return self.folder / "logs"

    @property
    def pids(self) -> Path:
        return self.folder / "pids.json"

    @property
    def api_url(self) -> str:
        return f"http://127.0.0.1:{self.api_port}"

    @property
    def phone_url(self) -> str:
        return f"http://127.0.0.1:{self.phone_port}"

    def secret(self, name: str) -> str:
        """The password of one client: the same in each run, and another for everybody."""
        return hashlib.sha256(f"{self.word}/{name}".encode()).hexdigest()

    # -- starting

    def start_database(self, url: str | None, kind: postgres.Kind) -> None:
        """The one at this URL, or one of our own; with the newest schema."""
        if url is None:
            server = postgres.Server(kind, self.folder / kind, {"log_statement": "none"})
            self._add("The database", SERVERS, server)
            url = server.url
        self.database_url = url
        migrate(url)

    def start_brokers(self, gateways: Iterable[str], port: int | None = None) -> None:
        """The server's, with a password for each gateway, and the one in the homes. `port`: of the server's;
        with one, gateways may set themselves up too (`start_passwords`)."""
        passwords = {name: self.secret(name) for name in (INGEST, *gateways)}
        self.broker = Broker(self.folder / "broker", passwords, port or postgres.free_port(), followed=bool(port))
        self._add("The server's broker", SERVERS, self.broker)
        self._add("The broker in the homes", SERVERS, self.home_broker)

    def start_phone(self, port: int, pace_s: float = 0.3) -> None:
        self.phone_port = port
        store = str(self.folder / "texts.sqlite")
        command = ["simulators", "phone", f"--port={port}", f"--store={store}", f"--pace={pace_s}"]
        self.service(PHONE_COMPANY, command, {})

    def start_ingest(self) -> None:
        told = {"BROKER_PORT": self.broker.port, "BROKER_USER": INGEST, "BROKER_PASSWORD": self.secret(INGEST)}
        self.service("The ingest", ["ingest"], told)

    def start_passwords(self) -> None:
        """Lets in who has set itself up with a claim code, and keeps out whose claim was removed."""
        broker = self.broker
        files = [f"--out={broker.password_file}", f"--also={broker.also}", f"--signal-pid-file={broker.pid_file}"]
        self.service("The passwords", ["ingest", "passwords", "--watch", *files], {})

    def start_api(self, port: int) -> None:
        self.api_port = port
        told = {"API_PORT": port, "BROKER_PUBLIC_HOST": "127.0.0.1", "BROKER_PUBLIC_PORT": self.broker.port}
        self.service("The web service", ["api"], told)

    def start_alerts(self) -> None:
        self.service("The alerts service", ["alerts"], {})

    def start_gateway(
        self, gateway: str, base_topic: str, line_port: int | None = None, page_port: int | None = None
    ) -> None:
        """`line_port`: where its line to the server begins, if that is not the broker itself.
        `page_port`: of its page for a tablet, if it has one."""
        told: dict[str, object] = {
            "GATEWAY": gateway,
            "BROKER_PORT": line_port or self.broker.port,
            "BROKER_PASSWORD": self.secret(gateway),
            "HOME_BROKER_PORT": self.home_broker.port,
            "ZIGBEE2MQTT_TOPIC": base_topic,
            "OUTBOX": self.outbox(gateway),
        } | ({"PAGE_PORT": page_port} if page_port else {})
        self.service(f"The gateway {gateway}", ["gateway"], told, HOMES)

    def outbox(self, gateway: str) -> Path:
        return self.folder / "outboxes" / f"{gateway}.sqlite"

    def service(self, name: str, command: Sequence[str], told: Mapping[str, object], rank: int = SERVICES) -> None:
        """`python -m` this command, with the settings that all share and these of its own."""
        log = self.logs / f"{name.removeprefix('The ').replace(' ', '-')}.log"
        own = {f"HEARTH_{key}": str(value) for key, value in told.items()}
        self._add(name, rank, Service([sys.executable, "-m", *command], self._shared() | own, log))

    def _shared(self) -> dict[str, str]:
        return {
            "HEARTH_CLOCK": str(self.clock),
            "HEARTH_DATABASE_URL": self.database_url,
            "HEARTH_BROKER_HOST": "127.0.0.1",
            "HEARTH_TWILIO_ACCOUNT": ACCOUNT,
            "HEARTH_TWILIO_TOKEN": self.secret("twilio"),
            "HEARTH_TWILIO_URL": self.phone_url,
            "HEARTH_SMS_FROM": SMS_FROM,
            "HEARTH_PUBLIC_URL": self.api_url,
            "PYTHONUNBUFFERED": "1",
        }

    def _add(self, name: str, rank: int, runs: "postgres.Server | Broker | Service") -> None:
        if self.stopping.is_set():
            raise Stopped
        self.crew.add(name, rank, runs)

    def stop_homes(self) -> None:
        """The gateways and the street end; the servers and services go on."""
        self.crew.stop(lowest=HOMES)

    # -- readiness

    def wait(self, what: str, ready: Callable[[], bool], seconds: float = 60) -> None:
        """Until it is; raises Stopped, or RuntimeError when it takes too long."""
        deadline = time.monotonic() + seconds
        while not ready():
            if dead := self.crew.dead():
                raise RuntimeError(f"{', '.join(dead)} stopped at once: see {self.logs}")
            if self.stopping.wait(0.1):
                raise Stopped
            if time.monotonic() > deadline:
                raise RuntimeError(f"{what} did not become ready; the logs are in {self.logs}")

    def connect(self) -> psycopg.Connection:
        return psycopg.connect(self.database_url, autocommit=True)


def answers(url: str) -> bool:
    """Whether a web server gives a page there."""
    try:
        return httpx.get(url, timeout=2, follow_redirects=True).is_success
    except httpx.HTTPError:
        return False


def port_or_free(wanted: int) -> int:
    """This port if nobody listens there, else any free one."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", wanted))
        except OSError:
            return postgres.free_port()
    return wanted
