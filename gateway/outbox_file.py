"""The outbox's file: its lock, its schema, and what to do with one that cannot be read."""

import errno
import fcntl
import logging
import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import Any

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
    sqlite3.SQLITE_IOERR_SHMSIZE: OutboxFullError,
    sqlite3.SQLITE_READONLY: OutboxReadOnlyError,
}
_ERRNOS: dict[int | None, type[OutboxFullError]] = {
    errno.ENOSPC: OutboxFullError,
    errno.EDQUOT: OutboxFullError,
    errno.EROFS: OutboxReadOnlyError,
    errno.EACCES: OutboxReadOnlyError,
    errno.EPERM: OutboxReadOnlyError,
}


def translated(error: BaseException) -> BaseException:
    """What an error of SQLite means for who uses the outbox."""
    if isinstance(error, sqlite3.OperationalError):
        code = error.sqlite_errorcode
        return (_KINDS.get(code) or _KINDS.get(code & 0xFF, OutboxFailsError))(str(error))
    if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.IntegrityError):
        return OutboxBrokenError(str(error))
    return error


def _full(error: OSError | OutboxFullError) -> OutboxFullError:
    if isinstance(error, OSError):
        return _ERRNOS.get(error.errno, OutboxFailsError)(error.strerror)
    return error


class OutboxFile:
    """The connection `db`, and the lock that keeps others out. `path` None: in memory alone.

    With `may_wait` a disk that takes nothing is no reason to give up: until `open` succeeds, `db` is a
    stand-in that nothing may be kept in, with what could be read of the file's `remembered` and `note`.
    """

    def __init__(self, path: Path | None, *, may_wait: bool) -> None:
        self.path = path
        self.why_not: OutboxFullError | None = None
        """Why the file is not open."""
        self._held: int | None = None
        if path is None:
            self.db = open_in_memory()
            return
        try:
            self.open()
        except OutboxFullError as error:
            if not may_wait:
                raise
            self.why_not = error
            self.db = _stand_in(path)

    def open(self) -> None:
        """Raises OutboxFullError, with the problem that it is, or OutboxInUseError."""
        if self.path is None:
            return
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            if self._held is None:
                self._held = lock(self.path)
            opened = open_or_set_aside(self.path)
        except (OSError, OutboxFullError) as error:
            meant = _full(error)
            if isinstance(meant, OutboxFailsError) and not os.access(self.path.parent, os.W_OK):
                meant = OutboxReadOnlyError(str(meant))
            raise meant from error
        if self.why_not:
            self.db.close()
        self.db, self.why_not = opened, None

    def open_late(self) -> None:
        """Now that we are at work, nobody else's lock is a reason to end."""
        try:
            self.open()
        except OutboxInUseError as error:
            raise OutboxFailsError("another gateway is using the outbox") from error

    def give_up(self, why: OutboxFullError) -> None:
        """It could be opened, but not written to: as if it could not be opened."""
        self.db.close()
        self.why_not = why
        self.db = _stand_in(self.path) if self.path else open_in_memory()

    def begin_anew(self) -> None:
        """Set a file that cannot be read aside under a new name, and start an empty one."""
        self.db.close()
        if self.path is None:
            self.db = open_in_memory()
            return
        try:
            set_aside(self.path)
            self.db = open_file(self.path)
        except (OSError, OutboxFullError) as error:
            self.why_not = _full(error)
            self.db = open_in_memory()

    def one(self, statement: str, *values: str | int) -> Any:
        """The first value of the first row, if there is one."""
        row = self.db.execute(statement, values).fetchone()
        return row[0] if row else None

    def used_bytes(self) -> int:
        """Bytes that hold something (the free pages in it are used again)."""
        pages = int(self.one("pragma page_count")) - int(self.one("pragma freelist_count"))
        return pages * int(self.one("pragma page_size"))

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, on disk at the end."""
        if self.why_not:
            raise self.why_not
        try:
            self.db.execute("begin immediate")
            yield
            self.db.execute("commit")
        except BaseException as error:
            with suppress(sqlite3.Error):  # a full disk has already ended the transaction
                self.db.execute("rollback")
            meant = translated(error)
            if meant is error:
                raise
            raise meant from error

    def close(self) -> None:
        self.db.close()
        if self._held is not None:
            os.close(self._held)
            self._held = None


def lock(path: Path) -> int:
    """Keep other processes out, until this one ends, however it ends."""
    file = path.with_name(path.name + ".lock")
    try:
        held = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        if error.errno not in (errno.EROFS, errno.EACCES) or not file.exists():
            raise
        held = os.open(file, os.O_RDONLY | os.O_CLOEXEC)  # a disk that takes nothing can still tell who is there
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
    database.execute("pragma page_size = 1024")  # mostly empty, and there may be many
    database.executescript(SCHEMA)
    return database


def _stand_in(path: Path) -> sqlite3.Connection:
    """What has to be known after a restart can often be read from a disk that takes nothing."""
    stand_in = open_in_memory()
    log_file = path.with_name(path.name + "-wal")
    with suppress(sqlite3.Error, OSError):
        how = "mode=ro" if log_file.exists() and log_file.stat().st_size else "immutable=1"
        _copy(f"{path.resolve().as_uri()}?{how}", stand_in)
    return stand_in


def _copy(uri: str, into: sqlite3.Connection) -> None:
    with closing(sqlite3.connect(uri, uri=True)) as file:
        for table in ("remembered", "note"):
            into.executemany(f"insert into {table} values (?, ?)", file.execute(f"select * from {table}"))  # noqa: S608


def open_file(path: Path) -> sqlite3.Connection:
    """A connection to a sound file with our tables in it."""
    try:
        database = sqlite3.connect(path, isolation_level=None, timeout=5)
    except sqlite3.Error as error:
        raise translated(error) from error
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
