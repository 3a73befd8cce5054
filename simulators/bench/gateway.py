"""How soon a gateway is at work, and how big it is: of one home with a week of readings that nobody has taken
yet, and of many flats in one process."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from datetime import timedelta
from pathlib import Path

import psutil

from gateway.clock import Clock
from gateway.kept import Kept
from gateway.messages import Kind, Status
from gateway.outbox import Outbox
from simulators.bench import Row
from simulators.broker import Broker
from simulators.conformance.hearing import Ear, Way

RUNS = 5
FLATS = 60
IDLE_S = 10
WEEK = 7 * 1500
MEGABYTE = 1024 * 1024
LONGEST_S = 60.0


def run() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        took = [_measured(Path(folder) / str(number)) for number in range(RUNS)]
        flats = [_measured_flats(Path(folder) / f"flats-{number}") for number in range(RUNS)]
    many = f"{FLATS} flats in one process"
    return [
        Row("a gateway from its start to its first status", [s for s, _ in took], "s", "below 2 s", "loading Python"),
        Row(f"memory of a gateway with {WEEK:,} readings to send", [mb for _, mb in took], "MB", "below 60 MB", ""),
        Row(f"{many}: from the start until all are online", [one[0] for one in flats], "s", "", "loading Python"),
        Row(f"{many}: memory", [one[1] for one in flats], "MB", "", "Python, then SQLite"),
        Row(f"{many}: CPU while nothing happens", [one[2] for one in flats], "% of a core", "", "a look a second"),
    ]


def _measured(folder: Path) -> tuple[float, float]:
    """(seconds until it says online, MB when all is on its way)"""
    began = Clock().now()
    with Outbox(folder / "outbox.sqlite") as outbox:
        outbox.add(Kept("pir", Kind.MOTION, 1.0, began - timedelta(minutes=n)) for n in range(WEEK))
    server, home = Broker(folder / "server"), Broker(folder / "home")
    for broker in (server, home):
        broker.start()
    ear = Ear(Way("127.0.0.1", server.port), "bench", Clock().now)
    settings = {
        "HEARTH_GATEWAY": "bench",
        "HEARTH_BROKER_PORT": str(server.port),
        "HEARTH_HOME_BROKER_PORT": str(home.port),
        "HEARTH_OUTBOX": str(folder / "outbox.sqlite"),
    }
    started = time.perf_counter()
    process = subprocess.Popen([sys.executable, "-m", "gateway"], env=os.environ | settings, stderr=subprocess.DEVNULL)
    try:
        ear.until(lambda: _online(ear), LONGEST_S)
        seconds = time.perf_counter() - started
        threading.Event().wait(3)  # let it send as much as it may
        return seconds, psutil.Process(process.pid).memory_info().rss / MEGABYTE
    finally:
        process.terminate()
        process.wait(10)
        ear.close()
        for broker in (server, home):
            broker.stop()


def _online(ear: Ear) -> bool:
    payloads = [one.payload for one in ear.heard if one.topic.endswith("/status")]
    return any(Status.model_validate_json(payload).online for payload in payloads)


def _measured_flats(folder: Path) -> tuple[float, float, float]:
    """(seconds until all say online, MB, CPU in per cent of a core while nothing happens)"""
    server, home = Broker(folder / "server"), Broker(folder / "home")
    for broker in (server, home):
        broker.start()
    for number in range(FLATS):
        _set_up(folder / "flats" / str(number), number, server.port)
    ear = Ear(Way("127.0.0.1", server.port), "+", Clock().now)
    settings = {"HEARTH_HOME_BROKER_PORT": str(home.port), "HEARTH_INTEGRATIONS": "chirpstack"}
    command = [sys.executable, "-m", "gateway", "flats", str(folder / "flats")]
    started = time.perf_counter()
    process = subprocess.Popen(command, env=os.environ | settings, stderr=subprocess.DEVNULL)
    try:
        ear.until(lambda: len({one.topic for one in ear.heard if one.topic.endswith("/status")}) == FLATS, LONGEST_S)
        seconds = time.perf_counter() - started
        seen = psutil.Process(process.pid)
        threading.Event().wait(IDLE_S / 2)
        before = sum(seen.cpu_times()[:2])
        threading.Event().wait(IDLE_S)
        return seconds, seen.memory_info().rss / MEGABYTE, (sum(seen.cpu_times()[:2]) - before) / IDLE_S * 100
    finally:
        process.terminate()
        process.wait(20)
        ear.close()
        for broker in (server, home):
            broker.stop()


def _set_up(folder: Path, number: int, port: int) -> None:
    folder.mkdir(parents=True)
    settings = f"HEARTH_GATEWAY=bench-{number}\nHEARTH_BROKER_HOST=127.0.0.1\nHEARTH_BROKER_PORT={port}\n"
    (folder / "gateway.env").write_text(settings)
    (folder / "devices.json").write_text(json.dumps({f"a8404100{number:04x}{place:04x}": {} for place in range(6)}))
