"""The ingest as a process, and a gateway that speaks to it, for tests on the real broker."""

import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import paho.mqtt.client as mqtt
import psycopg
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from gateway.clock import Clock
from gateway.messages import Envelope, Kind, Reading, Stored, topic
from simulators.broker import Broker


def environment(url: str, broker: Broker, **settings: str) -> dict[str, str]:
    """The settings of a worker; those that the machine has for itself are left out."""
    ours = {
        "HEARTH_DATABASE_URL": url,
        "HEARTH_BROKER_HOST": "127.0.0.1",
        "HEARTH_BROKER_PORT": str(broker.port),
        "HEARTH_BROKER_PASSWORD": broker.passwords.get("ingest", ""),
    }
    return {name: value for name, value in os.environ.items() if not name.startswith("HEARTH_")} | ours | settings


class Service:
    """One worker as a process. Its log is a file."""

    def __init__(self, url: str, broker: Broker, log: Path, **settings: str) -> None:
        self.environment = environment(url, broker, **settings)
        self.log = log
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen([sys.executable, "-m", "ingest"], stderr=log, env=self.environment)

    def end(self, how: signal.Signals = signal.SIGTERM) -> int:
        """End it, and give its exit code."""
        assert self.process is not None
        self.process.send_signal(how)
        return self.process.wait(10)


@contextmanager
def serving(url: str, broker: Broker, folder: Path, *workers: str) -> Iterator[list[Service]]:
    """These workers, connected and subscribed."""
    services = [Service(url, broker, folder / f"{name}.log", HEARTH_WORKER=name) for name in workers or ("ingest-1",)]
    for service in services:
        service.start()
    try:
        for service in services:
            wait_until(lambda service=service: b"broker_connected" in service.log.read_bytes())  # type: ignore[misc]
        yield services
    finally:
        for service in services:
            if service.process is not None and service.process.poll() is None:
                service.end()


def wait_until(true: Callable[[], object], seconds: float = 20) -> None:
    """Ask again and again until it is true; fail if it never is."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.02)


class Sender:
    """A gateway as seen from the server: it publishes, and hears what is stored."""

    def __init__(
        self, broker: Broker, name: str = "gw-1", will: bytes | None = None, tls: ssl.SSLContext | None = None
    ) -> None:
        self.name = name
        self.stored: dict[str, int] = {}
        self.client = mqtt.Client(
            CallbackAPIVersion.VERSION2, client_id=name, protocol=MQTTProtocolVersion.MQTTv5, reconnect_on_failure=True
        )
        self.client.username_pw_set(name, broker.passwords[name])
        if tls is not None:
            self.client.tls_set_context(tls)
        self.client.on_message = self._hear
        self.client.on_connect = lambda client, *_: client.subscribe(topic(name, "stored"), qos=1)
        if will is not None:
            self.client.will_set(topic(name, "status"), will, qos=1, retain=True)
        self.client.connect("127.0.0.1", broker.port)
        self.client.loop_start()
        wait_until(self.client.is_connected)

    def _hear(self, _client: mqtt.Client, _data: object, message: mqtt.MQTTMessage) -> None:
        stored = Stored.model_validate_json(message.payload)
        self.stored[stored.boot] = max(stored.seq, self.stored.get(stored.boot, 0))

    def send(self, payload: bytes, leaf: str = "readings", *, retain: bool = False) -> None:
        name = topic(self.name, "readings").removesuffix("readings") + leaf
        self.client.publish(name, payload, qos=1, retain=retain).wait_for_publish(10)

    def send_readings(self, boot: str, numbers: Iterable[int]) -> None:
        """Movements in the kitchen, just now, with these sequence numbers."""
        self.send(envelope(self.name, boot, numbers))

    def vanish(self) -> None:
        """Let the line go dead: the broker loses sight of it, and publishes its will."""
        self.client.loop_stop()
        line = self.client.socket()
        assert isinstance(line, socket.socket)
        line.close()

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


def envelope(gateway: str, boot: str, numbers: Iterable[int]) -> bytes:
    now = Clock().now()
    readings = tuple(Reading(seq=seq, sensor="kitchen", kind=Kind.MOTION, value=1, at=now) for seq in numbers)
    return Envelope(gateway=gateway, boot=boot, sent_at=now, readings=readings).model_dump_json().encode()


def stored_once(url: str) -> tuple[int, int]:
    """How many readings there are, and how many different ones."""
    with psycopg.connect(url) as connection:
        found = connection.execute("select count(*), count(distinct (stream_id, seq)) from reading").fetchall()
    return int(found[0][0]), int(found[0][1])
