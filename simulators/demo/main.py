"""`python -m simulators demo` (`make run`): the whole product on this machine, with a simulated street."""

import argparse
import os
import shutil
import signal
import sys
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import psycopg

from gateway.clock import Clock
from ingest.database import sql
from simulators import postgres
from simulators.demo import words
from simulators.demo.crew import end_leftovers
from simulators.demo.memory import AlreadyRunningError, Memory, lock
from simulators.demo.seed import seed
from simulators.demo.stack import HOMES, PHONE_COMPANY, Stack, Stopped, answers, port_or_free
from simulators.street.days import ZONE, midnight
from simulators.street.history import fill
from simulators.street.people import COORDINATOR, RESIDENTS, RESPONDER, Contact, Resident
from simulators.street.script import Script

API_PORT, PHONE_PORT, TABLET_PORT, BROKER_PORT = 8100, 8200, 8300, 8400
SETTLE_S, SETTLE_FAST_S = 8.0, 15.0
"""The street's clock strikes 09:29 so many real seconds after the start: about when all is ready.
Where it runs fast rather a little later, or the alert would be there before the page."""

LOOK_EVERY_S, NOTE_EVERY_S = 0.5, 5.0


def main(argv: list[str]) -> int:
    arguments = _parser().parse_args(argv)
    folder = arguments.folder.resolve()
    try:
        with lock(folder):
            end_leftovers(folder / "pids.json")
            if arguments.forget:
                return forget(folder)
            return Demo.prepare(folder, arguments.speed, Clock().now()).run()
    except AlreadyRunningError:
        print(f"Hearthlight is already running in {folder}. Stop it first, with Ctrl-C where it runs.", file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m simulators demo",
        description="Run the whole product on this machine with ten simulated homes. HEARTH_DATABASE_URL names a "
        "database to use instead of its own. Ends with Ctrl-C; what it knows is kept in the folder.",
    )
    parser.add_argument(
        "--speed", type=_speed, default=1.0, help="how many times faster than life the street lives (1)"
    )
    parser.add_argument("--folder", type=Path, default=Path(".hearthlight"), help="where all is kept (.hearthlight)")
    parser.add_argument("--forget", action="store_true", help="forget all that is kept there, and end")
    return parser


def _speed(text: str) -> float:
    speed = float(text)
    if not 0 < speed <= 600:
        raise argparse.ArgumentTypeError("must be more than 0 and at most 600")
    return speed


def forget(folder: Path) -> int:
    """Nothing of earlier runs remains; refused (by the lock) while one runs."""
    for kind in ("timescaledb", "embedded"):
        if (folder / kind).with_suffix(".log").exists():
            shutil.rmtree(postgres.data_folder(folder / kind, kind), ignore_errors=True)
    shutil.rmtree(folder)
    return 0


@dataclass(slots=True)
class Demo:
    """One run. `opening` is whose morning does not happen on its first day."""

    folder: Path
    memory: Memory
    stack: Stack
    script: Script
    opening: Resident

    @classmethod
    def prepare(cls, folder: Path, speed: float, now: datetime) -> "Demo":
        memory = Memory.load(folder / "memory.json")
        begins = memory.next_start(now.astimezone(ZONE).date())
        opening = memory.open(begins.date())
        clock = Clock(begins.astimezone(UTC), time.time() + (SETTLE_S if speed <= 1 else SETTLE_FAST_S), speed)
        script = Script(seed=memory.seed, openings=memory.openings, stories_from=min(memory.openings))
        script.save(folder / "script.json")
        return cls(folder, memory, Stack(folder, clock, memory.word), script, opening)

    def run(self) -> int:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stack.stopping.set())
        try:
            self.start()
            print(self._welcome(), flush=True)
            self._go_on()
            print("\nStopping ...", flush=True)
        except Stopped:
            print("\nStopping before all was started ...", flush=True)
        except (RuntimeError, psycopg.OperationalError) as error:
            print(f"Cannot start. {error}", file=sys.stderr, flush=True)
            return 1
        finally:
            self.stack.crew.stop()
        return 0

    # -- starting, in order

    def start(self) -> None:
        print("Starting ...", flush=True)
        stack = self.stack
        url = os.environ.get("HEARTH_DATABASE_URL")
        if self.memory.database is None:
            self.memory.database = "timescaledb" if postgres.timescaledb_root() else "embedded"
        stack.start_brokers((resident.gateway for resident in RESIDENTS), port_or_free(BROKER_PORT))
        stack.phone_port, stack.api_port = port_or_free(PHONE_PORT), port_or_free(API_PORT)
        stack.tablet_port = port_or_free(TABLET_PORT)
        stack.start_phone(stack.phone_port)
        stack.start_database(url, self.memory.database)
        since = self.memory.ended or midnight(stack.clock.now().astimezone(ZONE).date() - timedelta(days=1))
        with stack.connect() as connection:
            seed(connection, since)
        stack.start_ingest()
        stack.start_passwords()
        stack.start_api(stack.api_port)
        self._hand_out_phones()
        self._start_street(since)
        stack.wait("The ingest", self._all_delivered)
        # Only now: who looks before the history is here would see ten homes that cannot be seen.
        stack.start_alerts()
        stack.wait("The web service", lambda: answers(stack.api_url))
        stack.wait("The alerts service", self._judging)

    def _start_street(self, since: datetime) -> None:
        """What happened since the last run is in the outboxes before a gateway starts."""
        stack = self.stack
        until = stack.clock.now()
        for resident in RESIDENTS:
            fill(stack.outbox(resident.gateway), resident, self.script, since, until)
        self.memory.ended = until
        self.memory.save(self.folder / "memory.json")
        lines = {resident.gateway: postgres.free_port() for resident in RESIDENTS}
        command = ["simulators", "street", *(f"--line={gateway}={port}" for gateway, port in lines.items())]
        command += [f"--home-broker-port={stack.home_broker.port}", f"--server-port={stack.broker.port}"]
        command += [f"--script={self.folder / 'script.json'}", f"--key={self.folder / 'answer-key.jsonl'}"]
        stack.service("The street", [*command, f"--since={until.isoformat()}"], {}, HOMES)
        for resident in RESIDENTS:
            page_port = stack.tablet_port if resident is RESIDENTS[0] else None
            stack.start_gateway(resident.gateway, resident.base_topic, lines[resident.gateway], page_port)

    def _hand_out_phones(self) -> None:
        """The family of the opening says first that it has it; the others at once that all is well."""
        self.stack.wait(PHONE_COMPANY, lambda: answers(self.stack.phone_url))
        self._phone(self.opening.family, self.opening.family.name, "1", "3")
        self._phone(RESPONDER, f"{RESPONDER.name}, housing team")
        self._phone(COORDINATOR, f"{COORDINATOR.name}, housing team")
        for resident in RESIDENTS:
            if resident != self.opening:
                self._phone(resident.family, resident.family.name, "3")

    def _phone(self, owner: Contact, name: str, *answers: str) -> None:
        phone: dict[str, object] = {"number": owner.phone, "name": name}
        if answers:
            phone |= {"habit_after_s": words.ANSWERS_AFTER.total_seconds(), "habit_answers": answers}
        httpx.post(f"{self.stack.phone_url}/phones", json=phone, timeout=5).raise_for_status()

    def _all_delivered(self) -> bool:
        """Whether the ingest has stored what the gateways had to tell from before the start."""
        with self.stack.connect() as connection:
            row = connection.execute(sql(__file__, "behind"), {"since": self.memory.ended}).fetchone()
        return row == (0,)

    def _judging(self) -> bool:
        """Whether the alerts service has looked at each home once since the history came."""
        with self.stack.connect() as connection:
            row = connection.execute(sql(__file__, "unjudged"), {"since": self.memory.ended}).fetchone()
        return row == (0,)

    # -- running

    def _go_on(self) -> None:
        """Until told to stop. The time is noted, so that even a power cut leaves it to the next run."""
        noted = 0.0
        while not self.stack.stopping.wait(LOOK_EVERY_S):
            if PHONE_COMPANY in self.stack.crew.look():
                threading.Thread(target=self._hand_out_phones, daemon=True).start()
            if time.monotonic() - noted > NOTE_EVERY_S:
                noted = time.monotonic()
                self._note_time()
        self._note_time()

    def _note_time(self) -> None:
        self.memory.ended = self.stack.clock.now()
        self.memory.save(self.folder / "memory.json")

    def _welcome(self) -> str:
        own = os.environ.get("HEARTH_DATABASE_URL") is None
        kinds = {"timescaledb": "PostgreSQL with TimescaleDB", "embedded": "embedded PostgreSQL"}
        return words.welcome(
            opening=self.opening,
            api=self.stack.api_url,
            phone=self.stack.phone_url,
            tablet=f"http://127.0.0.1:{self.stack.tablet_port}",
            now=self.stack.clock.now(),
            speed=self.stack.clock.speed,
            database=kinds[self.memory.database or "embedded"] if own else "the one named by HEARTH_DATABASE_URL",
            folder=_shown(self.folder),
        )


def _shown(folder: Path) -> str:
    return str(folder.relative_to(Path.cwd())) if folder.is_relative_to(Path.cwd()) else str(folder)
