"""The outbox's file: its lock, its schema, and what to do with one that cannot be read."""

import fcntl
import logging
import os
import sqlite3
from pathlib import Path

from gateway.health import Problem
from gateway.log import about

log = logging.getLogger(__name__)

SCHEMA = (Path(__file__).parent / "sql" / "outbox.sql").read_text()
SCHEMA_VERSION = 1
CHECKED_WHOLE_BELOW = 16 * 1024 * 1024  # a bigger file would make the start slow


class OutboxInUseError(Exception):
    """Another process has this outbox open."""


class OutboxFullError(Exception):
    """The disk is full or fails: nothing of this call was kept. Try again later."""

    problem = Problem.DISK_FULL


class OutboxReadOnlyError(OutboxFullError):
    """The disk may not be written to, as a worn memory card says of itself."""

    problem = Problem.DISK_READ_ONLY


class OutboxFailsError(OutboxFullError):
    """The disk takes nothing and it is not for want of room."""

    problem = Problem.DISK_FAILS


class OutboxBrokenError(Exception):
    """The file cannot be read any more. `Outbox.begin_anew` sets it aside."""


_KINDS: dict[int, type[OutboxFullError]] = {
    sqlite3.SQLITE_FULL: OutboxFullError,
    sqlite3.SQLITE_IOERR_WRITE: OutboxFullError,  # how a quota that is used up shows itself
    sqlite3.SQLITE_READONLY: OutboxReadOnlyError,
}


def translated(error: BaseException) -> BaseException:
    """What an error of SQLite means for who uses the outbox."""
    if isinstance(error, sqlite3.OperationalError):
        code = error.sqlite_errorcode
        return (_KINDS.get(code) or _KINDS.get(code & 0xFF, OutboxFailsError))(str(error))
    if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.IntegrityError):
        return OutboxBrokenError(str(error))
    return error


def lock(path: Path) -> int:
    """Keep other processes out, until this one ends, however it ends."""
    held = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(held)
        raise OutboxInUseError(str(path)) from None
    return held


def open_or_set_aside(path: Path) -> sqlite3.Connection:
    try:
        return open_file(path)
    except OutboxBrokenError:
        set_aside(path)
        return open_file(path)


def open_in_memory() -> sqlite3.Connection:
    database = sqlite3.connect(":memory:", isolation_level=None)
    database.executescript(SCHEMA)
    return database


def open_file(path: Path) -> sqlite3.Connection:
    """A connection to a sound file with our tables in it."""
    database = sqlite3.connect(path, isolation_level=None, timeout=5)
    try:
        _prepare(database, path)
    except sqlite3.Error as error:
        database.close()
        raise translated(error) from error
    except OutboxBrokenError:
        database.close()
        raise
    return database


def _prepare(database: sqlite3.Connection, path: Path) -> None:
    for setting in ("journal_mode = wal", "synchronous = full", "journal_size_limit = 4194304"):
        database.execute(f"pragma {setting}")
    (made_by,) = database.execute("pragma user_version").fetchone()
    if made_by not in (0, SCHEMA_VERSION):
        raise OutboxBrokenError("made by another version")
    if path.stat().st_size < CHECKED_WHOLE_BELOW:
        (verdict,) = database.execute("pragma quick_check(1)").fetchone()
        if verdict != "ok":
            raise OutboxBrokenError("damaged")
    database.executescript(f"begin immediate; {SCHEMA} pragma user_version = {SCHEMA_VERSION}; commit;")


def set_aside(path: Path) -> None:
    """Give the file and its companions a name never used before, for somebody to look into."""
    number = 1
    while (aside := path.with_name(f"{path.name}.broken-{number}")).exists():
        number += 1
    for ending in ("-wal", "-shm", ""):
        file = path.with_name(path.name + ending)
        if file.exists():
            file.rename(aside.with_name(aside.name + ending))
    log.error("The outbox cannot be read; it was set aside", extra=about("outbox_set_aside", file=aside.name))
