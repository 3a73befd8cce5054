"""`python -m ingest`: serve, or `migrate`, `check` or `passwords`."""

import argparse
import gc
import logging
import signal
import sys
import threading

import psycopg
from sqlalchemy.exc import OperationalError as MigrationFailed

from gateway import log as logs
from gateway.log import about
from gateway.settings import described, read
from ingest import passwords
from ingest.checking import differences
from ingest.database import connect
from ingest.receiving import Receiver
from ingest.schema import migrate
from ingest.settings import DatabaseSettings, IngestSettings
from ingest.telling_gateways import TellingGateways
from ingest.worker import Intake, Worker

log = logging.getLogger(__name__)
SHOWN = 50


def main(arguments: list[str] | None = None) -> int:
    """Run one command; the process's exit code."""
    given = sys.argv[1:] if arguments is None else arguments
    if given[:1] == ["passwords"]:
        return passwords.main(given[1:])
    chosen = _parser().parse_args(given).command
    if chosen == "migrate":
        return _migrate(read(DatabaseSettings))
    if chosen == "check":
        return _check(read(DatabaseSettings))
    return _serve(read(IngestSettings))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m ingest",
        description="Takes readings from the broker into the database.",
        epilog=described(IngestSettings),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "command",
        nargs="?",
        default="serve",
        choices=["serve", "migrate", "check", "passwords"],
        help="serve (the default); migrate: bring the database to the newest schema; "
        "check: prove that the hourly rollups are what the readings give, exit 1 if not; "
        "passwords: write the broker's password file (more with passwords --help)",
    )
    return parser


def _migrate(settings: DatabaseSettings) -> int:
    logs.start(as_json=settings.log_json)
    try:
        migrate(settings.database_url.get_secret_value())
    except MigrationFailed:
        log.error("The database cannot be reached", extra=about("database_unreachable"))  # noqa: TRY400
        return 1
    return 0


def _check(settings: DatabaseSettings) -> int:
    try:
        with connect(settings.database_url.get_secret_value()) as connection:
            found = differences(connection)
    except psycopg.OperationalError:
        print("The database cannot be reached.")
        return 1
    for difference in found[:SHOWN]:
        print(difference)
    print(f"{len(found)} differences." if found else "The rollups are what the readings give.")
    return 1 if found else 0


def _serve(settings: IngestSettings) -> int:
    logs.start(as_json=settings.log_json)
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stopping.set())
    _migrate_until_done(settings.database_url.get_secret_value(), stopping)
    _be_quick()
    receiver = Receiver(settings, settings.clock)
    intake = Intake(receiver.arrived, settings.batch)
    receiver.start()
    telling = TellingGateways(settings, settings.clock)
    telling.start()
    log.info("Serving", extra=about("serving", worker=settings.worker))
    Worker(settings.database_url.get_secret_value(), intake, receiver.done, stopping).run()
    telling.stop()
    receiver.stop()
    return 0


def _be_quick() -> None:
    """Two threads share one interpreter, and a batch makes many objects that live shortly.

    By default a thread that the database has answered waits up to 5 ms for the other to
    let go, a dozen times a batch; and the collector looks through everything every few
    hundred objects, though nothing here makes circles. Measured: a third of the speed.
    """
    sys.setswitchinterval(0.0005)
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)


def _migrate_until_done(url: str, stopping: threading.Event) -> None:
    """Apply the schema; while the database cannot be reached, try again."""
    wait_s = 0.2
    while not stopping.is_set():
        try:
            migrate(url)
        except MigrationFailed:
            log.warning("The database cannot be reached yet", extra=about("database_unreachable"))
            stopping.wait(wait_s)
            wait_s = min(2 * wait_s, 5.0)
        else:
            return
