"""A gateway that runs as it does in a home: a process of its own."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from simulators.broker import Broker
from tests.conftest import PASSWORDS

Start = Callable[..., "Gateway"]


@dataclass
class Gateway:
    process: subprocess.Popen[bytes]
    log: Path

    def kill(self) -> None:
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(10)


@pytest.fixture
def outbox_path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.sqlite"


@pytest.fixture
def start_gateway(broker: Broker, home_broker: Broker, outbox_path: Path, tmp_path: Path) -> Iterator[Start]:
    """Starts gw-1 between the two brokers; more settings as keywords. Ended after the test."""
    started: list[Gateway] = []

    def start(**more: str) -> Gateway:
        settings = {
            "HEARTH_GATEWAY": "gw-1",
            "HEARTH_BROKER_PORT": str(broker.port),
            "HEARTH_BROKER_PASSWORD": PASSWORDS["gw-1"],
            "HEARTH_HOME_BROKER_PORT": str(home_broker.port),
            "HEARTH_OUTBOX": str(outbox_path),
        }
        log = tmp_path / f"gateway-{len(started)}.log"
        with log.open("wb") as file:
            process = subprocess.Popen([sys.executable, "-m", "gateway"], env=os.environ | settings | more, stderr=file)
        started.append(Gateway(process, log))
        return started[-1]

    yield start
    for gateway in started:
        if gateway.process.poll() is None:
            gateway.kill()
