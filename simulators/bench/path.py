"""How long the whole path takes: from a door that opens at night to the text that Twilio has accepted.

Everything is real (a home's broker, gateway, Mosquitto, ingest, alerts, the simulated phone
company over HTTP), each a process of its own, and nothing else happens meanwhile. Each
event is in another home, because one home has one open alert; one gateway runs at a time.
"""

import json
import secrets
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil

from alerts.rules import DoorAtNight
from gateway.clock import Clock
from ingest.database import sql
from simulators import postgres
from simulators.bench import Row
from simulators.demo.crew import Member, Runs, Service
from simulators.demo.seed import add_home, add_person
from simulators.demo.stack import PHONE_COMPANY, Stack, answers
from simulators.street.devices import Device, devices_of
from simulators.street.live import Home
from simulators.street.people import RESIDENTS, RESPONDER, Contact, Resident

WARM_UP, EVENTS = 3, 20
AT_NIGHT = datetime(2026, 1, 15, 2, 0, tzinfo=UTC)
MEGABYTE = 1024 * 1024
AIM_S, AIM_MB = "median under 0.5 s", "below 200 MB"


def run() -> list[Row]:
    homes = [_resident(number) for number in range(WARM_UP + EVENTS)]
    with _stack(homes) as stack:
        took = [_event(stack, resident) for resident in homes]
        memory = {member.name: _resident_mb(member.runs) for member in stack.crew.members if _is_ours(member)}
    delays = Row(
        "door opened at night to text accepted, idle platform",
        took[WARM_UP:],
        "s",
        AIM_S,
        "commits and requests in a row",
    )
    return [delays, *(Row(f"memory of {_named(name)}", [mb], "MB", AIM_MB) for name, mb in memory.items())]


def _resident(number: int) -> Resident:
    """A home of the street under another name."""
    return replace(RESIDENTS[0], key=f"bench-{number}", family=Contact("Anna", f"+44770090{5000 + number}"))


@contextmanager
def _stack(homes: list[Resident]) -> Iterator[Stack]:
    kind: postgres.Kind = "timescaledb" if postgres.timescaledb_root() else "embedded"
    with tempfile.TemporaryDirectory(prefix="hearthlight-bench-") as folder:
        stack = Stack(Path(folder), Clock(AT_NIGHT, time.time()), secrets.token_urlsafe(24))
        try:
            _start(stack, kind, homes)
            yield stack
        finally:
            stack.crew.stop()
            shutil.rmtree(postgres.data_folder(Path(folder) / kind, kind), ignore_errors=True)


def _start(stack: Stack, kind: postgres.Kind, homes: list[Resident]) -> None:
    stack.start_database(None, kind)
    with stack.connect() as connection:
        responder = add_person(connection, RESPONDER, "responder")
        for resident in homes:
            add_home(connection, resident, responder, [DoorAtNight()], AT_NIGHT)
    stack.start_brokers(resident.gateway for resident in homes)
    stack.api_port = postgres.free_port()
    stack.start_phone(postgres.free_port())
    stack.start_ingest()
    stack.start_api(stack.api_port)
    stack.start_alerts()
    stack.wait("The phone company", lambda: answers(stack.phone_url))
    stack.wait("The web service", lambda: answers(stack.api_url))


def _event(stack: Stack, resident: Resident) -> float:
    """Real seconds from the door sensor's message to the text that was handed over."""
    door = next(device for device in devices_of(resident) if device.place == "front door")
    home = Home(resident, stack.home_broker.port)
    stack.start_gateway(resident.gateway, resident.base_topic)
    stack.wait("The gateway", lambda: _is_heard(stack, home, door, resident))
    time.sleep(0.3)  # what the start set in motion is over: the platform is idle
    began = stack.clock.now()
    _say(home, door, shut=False)
    stack.wait("The text", lambda: _one(stack, "path_handed_over", resident) is not None)
    ended = _one(stack, "path_handed_over", resident)
    home.leave()
    if resident.key != f"bench-{WARM_UP + EVENTS - 1}":  # the last gateway stays, to be weighed
        stack.stop_homes()
    return (ended - began) / timedelta(seconds=1) if ended else float("nan")


def _is_heard(stack: Stack, home: Home, door: Device, resident: Resident) -> bool:
    """Says again that the door is shut, and whether that has arrived: nobody keeps it for a gateway that starts."""
    _say(home, door, shut=True)
    return _one(stack, "path_shut", resident) is not None


def _say(home: Home, door: Device, *, shut: bool) -> None:
    state = {"contact": shut, "battery": 90, "linkquality": 120}
    home.client.publish(f"{home.base}/{door.name}", json.dumps(state))


def _one(stack: Stack, query: str, resident: Resident) -> datetime | None:
    with stack.connect() as connection:
        row = connection.execute(sql(__file__, query), {"gateway": resident.gateway}).fetchone()
    return row[0] if row else None


def _is_ours(member: Member) -> bool:
    """Whether it is a service of the product, not a server or a simulator."""
    return isinstance(member.runs, Service) and member.name != PHONE_COMPANY


def _resident_mb(runs: Runs) -> float:
    return psutil.Process(runs.process.pid).memory_info().rss / MEGABYTE if runs.process else float("nan")


def _named(name: str) -> str:
    if name.startswith("The gateway"):
        return "a gateway"
    return name[0].lower() + name[1:]
