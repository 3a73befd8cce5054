"""Child processes in order: started, watched, started again when they die, stopped without a trace.

Each child has a session of its own, so a Ctrl-C reaches only us and we stop them in order.
Their process ids are in a file, so that a start after a power cut can end what was left.
"""

import json
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

import psutil

PATIENCE_S = 3.0
"""How long a child may take to stop when asked."""

SOON_S = 10.0
"""Who dies within this time of a start waits before the next one."""


class Runs(Protocol):
    """A child: one of our services, a broker, or a database server."""

    process: subprocess.Popen[bytes] | None

    def start(self) -> None: ...
    def stop(self) -> None: ...


@dataclass(slots=True)
class Service:
    """One process of ours; what it says goes into a log."""

    arguments: Sequence[str]
    environment: Mapping[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                self.arguments,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env={**os.environ, **self.environment},
                start_new_session=True,
            )

    def stop(self) -> None:
        if self.process is None:
            return
        self.process.terminate()
        try:
            self.process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None


@dataclass(slots=True)
class Member:
    """A child with its name, its rank (lower ranks start earlier and stop later) and its luck."""

    name: str
    rank: int
    runs: Runs
    started: float = 0.0
    failures: int = 0
    again_at: float | None = None


@dataclass(slots=True)
class Crew:
    """All children. `say` tells the person at the terminal."""

    pids: Path
    say: Callable[[str], None]
    members: list[Member] = field(default_factory=list)

    def add(self, name: str, rank: int, runs: Runs) -> None:
        """Start a child and look after it from now on."""
        member = Member(name, rank, runs)
        self.members.append(member)
        self._start(member)

    def _start(self, member: Member) -> None:
        member.again_at = None
        member.started = time.monotonic()
        try:
            member.runs.start()
        finally:  # even a start that failed may have left a process
            self._write_pids()

    def processes(self) -> list[subprocess.Popen[bytes]]:
        return [member.runs.process for member in self.members if member.runs.process is not None]

    def _write_pids(self) -> None:
        known = []
        for process in self.processes():
            with suppress(psutil.Error):
                known.append([process.pid, psutil.Process(process.pid).create_time()])
        if known:
            self.pids.write_text(json.dumps(known))
        else:
            self.pids.unlink(missing_ok=True)

    def dead(self) -> list[str]:
        """The names of those that ended by themselves."""
        return [
            member.name
            for member in self.members
            if member.runs.process is not None and member.runs.process.poll() is not None
        ]

    def look(self) -> list[str]:
        """Start again whoever died, after a while if it died at once. Gives the names of those started."""
        return [member.name for member in self.members if self._started_again(member)]

    def _started_again(self, member: Member) -> bool:
        now = time.monotonic()
        process = member.runs.process
        if member.again_at is None and process is not None and process.poll() is not None:
            member.failures = member.failures + 1 if now - member.started < SOON_S else 0
            wait = min(2.0**member.failures - 1, 30.0)
            member.again_at = now + wait
            when = f"again in {wait:.0f} s" if wait else "again now"
            self.say(f"{member.name} stopped by itself ({_how(process.returncode)}); it is started {when}.")
        return member.again_at is not None and member.again_at <= now and self._try_again(member)

    def _try_again(self, member: Member) -> bool:
        try:
            self._start(member)
        except (OSError, RuntimeError) as error:
            member.failures += 1
            member.again_at = time.monotonic() + min(2.0**member.failures, 30.0)
            self.say(f"{member.name} could not be started: {error}")
            return False
        return True

    def stop(self, lowest: int = 0) -> None:
        """The highest rank first, down to the lowest; those of one rank together."""
        for rank in sorted({member.rank for member in self.members if member.rank >= lowest}, reverse=True):
            runs = [member.runs for member in self.members if member.rank == rank]
            with ThreadPoolExecutor(len(runs)) as pool:
                list(pool.map(lambda one: one.stop(), runs))
        self.members = [member for member in self.members if member.rank < lowest]
        self._write_pids()


def _how(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"


def end_leftovers(pids: Path) -> int:
    """End what an earlier run left behind when it was killed; gives how many there were."""
    if not pids.exists():
        return 0
    left = []
    for pid, created in json.loads(pids.read_text()):
        with suppress(psutil.Error):
            process = psutil.Process(pid)
            if abs(process.create_time() - created) < 0.01:  # else the number belongs to somebody new
                left.append(process)
    for process in reversed(left):
        with suppress(psutil.Error):
            # To PostgreSQL a SIGTERM means: wait for all clients first.
            process.send_signal(signal.SIGINT if process.name() == "postgres" else signal.SIGTERM)
    _, alive = psutil.wait_procs(left, timeout=PATIENCE_S)
    for process in alive:
        with suppress(psutil.Error):
            process.kill()
    psutil.wait_procs(alive, timeout=PATIENCE_S)
    pids.unlink()
    return len(left)
