"""500 homes at once: how soon everybody has their first text, what deciding costs, and how fast answers are read.

The services are processes of their own (alerts, the web service that takes Twilio's reports, the
simulated phone company over HTTP) and share the cores with the database and this bench.
"""

import secrets
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil
from psycopg import Connection

from alerts.telling import ladder, replies
from gateway.clock import Clock
from ingest.database import connect, sql
from simulators import postgres
from simulators.bench import Row
from simulators.demo.stack import Stack, answers

HOMES = 500
MORNING = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
ALERTS_SERVICE = "The alerts service"
REPLIES_A_MINUTE = 1000


@dataclass(frozen=True, slots=True)
class Wave:
    """How one run of opening all alerts and telling everybody went."""

    seconds: float
    """From the first alert to the last first text handed over."""
    deciding_ms: float
    """CPU of the process that opens the alerts, for each message."""
    database_ms: float
    """CPU of its session at the server, for each message."""


def run() -> list[Row]:
    with _stack() as stack, connect(stack.database_url, autocommit=True) as connection:
        connection.execute(sql(__file__, "telling_homes"), {"homes": HOMES})
        connection.execute("vacuum analyze")
        slow = _waves(stack, connection, per_second=10, runs=1)
        fast = _waves(stack, connection, per_second=100, runs=3)
        read = _replies_a_second(connection, stack.clock.now)
    name = f"{HOMES} homes call for help at once, until everybody has the first text, limit of {{}} a second"
    waves = slow + fast
    return [
        Row(name.format(10), [wave.seconds for wave in slow], "s", "<= 60", "the limit itself"),
        Row(name.format(100), [wave.seconds for wave in fast], "s", "<= 10", "all services share the cores"),
        Row("deciding and writing a message, CPU of the process", [w.deciding_ms for w in waves], "ms", "< 1"),
        Row("the same, CPU of the database's session", [wave.database_ms for wave in waves], "ms", "to compare with"),
        Row("answers by text, read one after the other", read, "replies/s", f">= {REPLIES_A_MINUTE / 60:.0f}"),
    ]


@contextmanager
def _stack() -> Iterator[Stack]:
    kind: postgres.Kind = "timescaledb" if postgres.timescaledb_root() else "embedded"
    with tempfile.TemporaryDirectory(prefix="hearthlight-bench-") as folder:
        stack = Stack(Path(folder), Clock(MORNING, time.time()), secrets.token_urlsafe(24))
        try:
            stack.start_database(None, kind)
            stack.api_port = postgres.free_port()
            stack.start_phone(postgres.free_port())
            stack.start_api(stack.api_port)
            stack.wait("The phone company", lambda: answers(stack.phone_url))
            stack.wait("The web service", lambda: answers(stack.api_url))
            yield stack
        finally:
            stack.crew.stop()
            shutil.rmtree(postgres.data_folder(Path(folder) / kind, kind), ignore_errors=True)


def _waves(stack: Stack, connection: Connection, per_second: int, runs: int) -> list[Wave]:
    """With an alerts service that was told this limit, and nothing else."""
    stack.service(ALERTS_SERVICE, ["alerts"], {"SMS_PER_SECOND": per_second})
    time.sleep(3)  # it has started, and found nothing to do
    waves = [_wave(stack, connection) for _ in range(runs)]
    service = next(member for member in stack.crew.members if member.name == ALERTS_SERVICE)
    stack.crew.members.remove(service)
    service.runs.stop()
    return waves


def _wave(stack: Stack, connection: Connection) -> Wave:
    connection.execute("truncate alert, message cascade")
    began, mine, theirs = stack.clock.now(), time.process_time(), _session_cpu(connection)
    with connection.transaction():
        alerts = [row[0] for row in connection.execute(sql(__file__, "telling_alerts"), {"now": began})]
        ladder.start(connection, alerts, began)
    mine, theirs = time.process_time() - mine, _session_cpu(connection) - theirs
    stack.wait("Every first text", lambda: _out(connection)[0] == HOMES, seconds=180)
    stack.wait("Every report", lambda: _out(connection)[2] == HOMES, seconds=180)  # the next wave begins at rest
    return Wave((_out(connection)[1] - began) / timedelta(seconds=1), 1000 * mine / HOMES, 1000 * theirs / HOMES)


def _out(connection: Connection) -> tuple[int, datetime, int]:
    row = connection.execute(sql(__file__, "telling_out")).fetchone()
    return (row[0], row[1], row[2]) if row else (0, MORNING, 0)


def _session_cpu(connection: Connection) -> float:
    used = psutil.Process(connection.info.backend_pid).cpu_times()
    return used.user + used.system


def _replies_a_second(connection: Connection, now: Callable[[], datetime]) -> list[float]:
    """Everybody takes their alert, and then closes it: two replies for each home."""
    told = connection.execute(sql(__file__, "telling_answers")).fetchall()
    figures = []
    for digit in ("1", "3"):
        began = time.perf_counter()
        for number, (phone, code) in enumerate(told):
            form = {"MessageSid": f"SM{digit}-{number}", "From": phone, "Body": f"{code} {digit}"}
            replies.receive(connection, form, now())
        figures.append(len(told) / (time.perf_counter() - began))
    return figures
