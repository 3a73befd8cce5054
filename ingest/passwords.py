"""`python -m ingest passwords`: the broker's password file, from the database.

Knows no password: only what the broker keeps of it. A gateway that set itself up is let in within
a second, one whose claim was removed is thrown out; the others notice nothing.
"""

import argparse
import logging
import signal
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString

import psycopg
from psycopg import Connection

from gateway import log as logs
from gateway.log import about
from gateway.settings import read
from ingest.broker_passwords import password_lines
from ingest.broker_rules import RULES
from ingest.database import connect, sql
from ingest.password_file import read_again, replace
from ingest.settings import DatabaseSettings

log = logging.getLogger(__name__)

LISTEN: LiteralString = "listen hearth_passwords"
LOOK_EVERY_S = 60
"""How often it looks although nothing was told."""
RETRY_S = 2.0
ENDS_WITHIN_S = 0.5


@dataclass(frozen=True, slots=True)
class Files:
    """Where everything is. `also`: lines for clients that are no gateways; `pid`: the broker's process id."""

    out: Path
    also: Path | None
    rules: Path | None
    pid: Path | None

    def write(self, gateways: list[tuple[str, str]], *, signal_anyway: bool) -> None:
        """Bring the files up to date. Raises OSError where one cannot be read or written."""
        also = self.also.read_text() if self.also else ""
        changed = replace(self.out, password_lines(gateways, also))
        if self.rules:
            changed |= replace(self.rules, RULES)
        if not (changed or signal_anyway):
            return
        told = self.pid is not None and read_again(self.pid)
        log.info("The broker's passwords are written", extra=about("passwords", gateways=len(gateways), told=told))


def main(arguments: list[str]) -> int:
    """Write the files once, or until told to end. The process's exit code."""
    given = _parser().parse_args(arguments)
    settings = read(DatabaseSettings)
    logs.start(as_json=settings.log_json)
    files = Files(given.out, given.also, given.rules, given.signal_pid_file)
    url = settings.database_url.get_secret_value()
    return _watch(url, files) if given.watch else _once(url, files)


def _once(url: str, files: Files) -> int:
    try:
        with connect(url) as connection:
            files.write(_gateways(connection), signal_anyway=False)
    except psycopg.OperationalError:
        log.error("The database cannot be reached", extra=about("database_unreachable"))  # noqa: TRY400
    except OSError as error:
        _cannot_write(error)
    else:
        return 0
    return 1


def _watch(url: str, files: Files) -> int:
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    while not stopping.is_set():
        try:
            with connect(url, autocommit=True) as connection:
                _follow(connection, files, stopping)
        except psycopg.OperationalError:
            log.warning("The database cannot be reached yet", extra=about("database_unreachable"))
        except OSError as error:
            _cannot_write(error)
        stopping.wait(RETRY_S)
    return 0


def _follow(connection: Connection, files: Files, stopping: threading.Event) -> None:
    """Write at each change. At first the broker is told in any case: we may have died between file and signal."""
    connection.execute(LISTEN)
    files.write(_gateways(connection), signal_anyway=True)
    quiet_s = 0.0
    while not stopping.is_set():
        told = list(connection.notifies(timeout=ENDS_WITHIN_S, stop_after=1))
        quiet_s = 0 if told else quiet_s + ENDS_WITHIN_S
        if told or quiet_s >= LOOK_EVERY_S:
            files.write(_gateways(connection), signal_anyway=False)
            quiet_s = 0


def _gateways(connection: Connection) -> list[tuple[str, str]]:
    return [(name, kept) for name, kept in connection.execute(sql(__file__, "gateway_passwords"))]


def _cannot_write(error: OSError) -> None:
    about_it = about("passwords_not_written", file=str(error.filename), reason=str(error.strerror))
    log.error("A file of the broker cannot be read or written", extra=about_it)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ingest passwords",
        description="Writes the broker's password file: every gateway that set itself up, and nobody else but "
        "the clients of --also. HEARTH_DATABASE_URL names the database.",
        epilog="The files are replaced whole and belong to whoever owned them before: make empty ones that the "
        "broker's user owns first, and run this as root or as that user.",
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help="Mosquitto's password_file")
    parser.add_argument(
        "--also",
        type=Path,
        metavar="FILE",
        help="lines of clients that are no gateways (ingest, probe), as mosquitto_passwd writes them",
    )
    parser.add_argument("--rules", type=Path, metavar="FILE", help="Mosquitto's acl_file: who may use which topic")
    parser.add_argument(
        "--signal-pid-file",
        type=Path,
        metavar="FILE",
        help="Mosquitto's pid_file: it is told (SIGHUP) to read the files again when they changed",
    )
    parser.add_argument("--watch", action="store_true", help="go on until ended, and follow each change at once")
    return parser
