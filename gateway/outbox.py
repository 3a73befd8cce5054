"""The outbox: readings on disk until the ingest has said that they are stored.

A reading is here before it is sent and leaves only after "stored". It gets its number
(boot and seq) when it first goes into an envelope, in the same commit, and keeps it for
ever: so a crash never gives one reading two numbers, and throwing away what was never
sent leaves no hole in the sequence. Used by one thread.
"""

import fcntl
import logging
import os
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from pathlib import Path
from typing import Any, Self

from gateway.clock import EPOCH
from gateway.log import about
from gateway.messages import Kind

log = logging.getLogger(__name__)

SCHEMA = (Path(__file__).parent / "sql" / "outbox.sql").read_text()
SCHEMA_VERSION = 1
DEFAULT_MAX_BYTES = 200 * 1024 * 1024
CHECKED_WHOLE_BELOW = 16 * 1024 * 1024  # a bigger file would make the start slow
DROPPED_AT_ONCE = 500
MICROSECOND = timedelta(microseconds=1)


class Rank(IntEnum):
    """What goes first when the disk allowance is full (lowest), and last."""

    REPEAT = 0  # measurements, repeats
    EVENT = 1
    URGENT = 2  # never dropped


@dataclass(frozen=True, slots=True)
class Kept:
    """A reading that waits to be sent. `at` is aware; `sensor` fits messages.Id."""

    sensor: str
    kind: Kind
    value: float
    at: datetime
    rank: Rank = Rank.EVENT


@dataclass(frozen=True, slots=True)
class Numbered:
    """A reading with its key. `at_us` is microseconds since 1970, UTC."""

    boot_number: int
    boot: str
    seq: int
    rank: Rank
    sensor: str
    kind: str
    value: float
    at_us: int


class OutboxInUseError(Exception):
    """Another process has this outbox open."""


class OutboxFullError(Exception):
    """The disk is full or fails: nothing of this call was kept. Try again later."""


class OutboxBrokenError(Exception):
    """The file cannot be read any more. `begin_anew` sets it aside."""


class Outbox:
    """One SQLite file (WAL, synchronous=FULL), and the lock that keeps others out.

    `boot` names this opening of the file; every number given from now on belongs to it.
    """

    def __init__(self, path: Path, max_bytes: int = DEFAULT_MAX_BYTES) -> None:
        self.path = path
        self.max_bytes = max_bytes
        path.parent.mkdir(parents=True, exist_ok=True)
        self._lock = _locked(path)
        self._open_or_set_aside()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._db.close()
        os.close(self._lock)

    # -- filling

    def add(self, readings: Iterable[Kept], remembered: Mapping[str, float] | None = None) -> None:
        """Keep all of these, or raise OutboxFullError and keep none: one transaction.

        `remembered` is saved with them: what the filter has to know after a restart.
        On a full disk the oldest repeats make room.
        """
        batch = list(readings)
        try:
            self._add(batch, remembered)
        except OutboxFullError:
            with self._transaction():
                gone = self._drop(Rank.REPEAT)
            if not gone:
                raise
            self._add(batch, remembered)

    def _add(self, readings: list[Kept], remembered: Mapping[str, float] | None) -> None:
        with self._transaction():
            before = self._next_id
            self._db.executemany("insert into waiting values (?, ?, ?, ?, ?, ?)", self._rows(readings))
            if remembered:
                self._db.executemany("insert or replace into remembered values (?, ?)", remembered.items())
            self.waiting += self._next_id - before
            self._make_room()

    def _rows(self, readings: Iterable[Kept]) -> Iterator[tuple[int, int, str, str, float, int]]:
        for reading in readings:
            at = (reading.at - EPOCH) // MICROSECOND
            yield reading.rank, self._next_id, reading.sensor, reading.kind.value, reading.value, at
            self._next_id += 1

    def _make_room(self) -> None:
        """Throw away the oldest that was never sent: repeats, then events, never what is urgent."""
        while self.used_bytes() > self.max_bytes:
            if not (self._drop(Rank.REPEAT) or self._drop(Rank.EVENT)):
                return

    def _drop(self, rank: Rank) -> int:
        """Throw away the oldest of this rank that were never sent, and count them in the file."""
        gone = self._db.execute(
            "delete from waiting where rank = ?1 and id in"
            " (select id from waiting where rank = ?1 order by id limit ?2)",
            (rank, DROPPED_AT_ONCE),
        ).rowcount
        if gone:
            self.waiting -= gone
            self.dropped += gone
            self._db.execute("insert or replace into counter values ('dropped', ?)", (self.dropped,))
        return gone

    def used_bytes(self) -> int:
        """Bytes of the file that hold something (the free pages in it are used again)."""
        pages = int(self._one("pragma page_count")) - int(self._one("pragma freelist_count"))
        return pages * int(self._one("pragma page_size"))

    def remembered(self) -> dict[str, float]:
        return dict(self._db.execute("select name, value from remembered"))

    # -- sending

    @property
    def depth(self) -> int:
        """Readings that are not stored yet."""
        return self.waiting + self.in_flight

    def number(self, limit: int, lowest: Rank = Rank.REPEAT) -> list[Numbered]:
        """Give the next readings their numbers: urgent ones first, then by rank, oldest first.

        The numbers are on disk when this returns. Only readings of rank `lowest` or higher.
        """
        with self._transaction():
            numbered: list[Numbered] = []
            for rank in (Rank.URGENT, Rank.EVENT, Rank.REPEAT):
                if rank >= lowest and len(numbered) < limit:
                    numbered += self._number(rank, limit - len(numbered))
            self.waiting -= len(numbered)
            self.in_flight += len(numbered)
        return numbered

    def _number(self, rank: Rank, limit: int) -> list[Numbered]:
        rows = self._db.execute(
            "select id, sensor, kind, value, at from waiting where rank = ? order by id limit ?", (rank, limit)
        ).fetchall()
        if not rows:
            return []
        first = self._next_seq
        self._next_seq += len(rows)
        self._db.execute("delete from waiting where rank = ? and id <= ?", (rank, rows[-1][0]))
        numbered = [Numbered(self._boot, self.boot, seq, rank, *row[1:]) for seq, row in enumerate(rows, first)]
        self._db.executemany(
            "insert into sent values (?, ?, ?, ?, ?, ?, ?)",
            ((self._boot, one.seq, rank, one.sensor, one.kind, one.value, one.at_us) for one in numbered),
        )
        return numbered

    def sent_after(self, boot_number: int, seq: int, limit: int) -> list[Numbered]:
        """What was sent and is not stored, after this key, oldest boot first; all of one boot."""
        rows = self._db.execute(
            "select sent.boot, name, seq, rank, sensor, kind, value, at from sent join boot on number = sent.boot"
            " where (sent.boot, seq) > (?, ?) order by sent.boot, seq limit ?",
            (boot_number, seq, limit),
        ).fetchall()
        return [Numbered(*row) for row in rows if row[0] == rows[0][0]]

    def stored(self, boot: str, seq: int) -> int:
        """The ingest has committed this boot up to `seq`: forget those. How many they were."""
        with self._transaction():
            gone = self._db.execute(
                "delete from sent where boot = (select number from boot where name = ?) and seq <= ?", (boot, seq)
            ).rowcount
            self.in_flight -= gone
        return gone

    def oldest_sent(self, boot: str) -> int | None:
        """The lowest number of this boot that is not stored, if any."""
        oldest: int | None = self._one(
            "select min(seq) from sent where boot = (select number from boot where name = ?)", boot
        )
        return oldest

    def take_numbers_back(self, boot: str) -> None:
        """Let what was sent under this boot wait again, to get new numbers under a new boot.

        For an ingest that has forgotten what it stored (a backup was restored): under the
        old numbers it would wait for ever for what is no longer here.
        """
        with self._transaction():
            rows = self._db.execute(
                "delete from sent where boot = (select number from boot where name = ?)"
                " returning rank, sensor, kind, value, at",
                (boot,),
            ).fetchall()
            again = [(row[0], self._next_id + place, *row[1:]) for place, row in enumerate(rows)]
            self._db.executemany("insert into waiting values (?, ?, ?, ?, ?, ?)", again)
            self._next_id += len(rows)
            self.waiting += len(rows)
            self.in_flight -= len(rows)
            if boot == self.boot:
                self._new_boot()

    # -- the file

    def begin_anew(self) -> None:
        """Set a file that cannot be read aside under a new name, and start an empty one."""
        self._db.close()
        aside = self._set_aside()
        log.error("The outbox cannot be read; it was set aside", extra=about("outbox_set_aside", file=aside.name))
        self._open()

    def _open_or_set_aside(self) -> None:
        try:
            self._open()
        except OutboxBrokenError:
            self.begin_anew()

    def _open(self) -> None:
        self._db = sqlite3.connect(self.path, isolation_level=None, timeout=5)
        try:
            self._prepare()
        except sqlite3.OperationalError as error:
            raise OutboxFullError(str(error)) from error
        except sqlite3.DatabaseError as error:
            raise OutboxBrokenError(str(error)) from error

    def _prepare(self) -> None:
        for setting in ("journal_mode = wal", "synchronous = full", "journal_size_limit = 4194304"):
            self._db.execute(f"pragma {setting}")
        if self._one("pragma user_version") not in (0, SCHEMA_VERSION):
            raise OutboxBrokenError("made by another version")
        small = self.path.stat().st_size < CHECKED_WHOLE_BELOW
        if small and self._one("pragma quick_check(1)") != "ok":
            raise OutboxBrokenError("damaged")
        self._db.executescript(f"begin immediate; {SCHEMA} pragma user_version = {SCHEMA_VERSION}; commit;")
        self._load()

    def _load(self) -> None:
        self.waiting = int(self._one("select count(*) from waiting"))
        self.in_flight = int(self._one("select count(*) from sent"))
        self.dropped = int(self._one("select value from counter where name = 'dropped'") or 0)
        self._next_id = 1 + max(
            int(self._one("select max(id) from waiting where rank = ?", rank) or 0) for rank in Rank
        )
        self._db.execute("delete from boot where number not in (select boot from sent)")
        self._new_boot()

    def _new_boot(self) -> None:
        self.boot = secrets.token_hex(8)
        self._boot = int(self._db.execute("insert into boot (name) values (?)", (self.boot,)).lastrowid or 0)
        self._next_seq = 1

    def _set_aside(self) -> Path:
        """Rename the file and its companions; a name never used before."""
        number = 1
        while (aside := self.path.with_name(f"{self.path.name}.broken-{number}")).exists():
            number += 1
        for ending in ("-wal", "-shm", ""):
            file = self.path.with_name(self.path.name + ending)
            if file.exists():
                file.rename(aside.with_name(aside.name + ending))
        return aside

    def _one(self, statement: str, *values: str | int) -> Any:
        row = self._db.execute(statement, values).fetchone()
        return row[0] if row else None

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """All or nothing, on disk at the end; the counts in memory follow the file."""
        counts = (self.waiting, self.in_flight, self.dropped, self._next_id, self._next_seq, self.boot, self._boot)
        try:
            self._db.execute("begin immediate")
            yield
            self._db.execute("commit")
        except BaseException as error:
            self.waiting, self.in_flight, self.dropped, self._next_id, self._next_seq, self.boot, self._boot = counts
            self._roll_back()
            if isinstance(error, sqlite3.OperationalError):
                raise OutboxFullError(str(error)) from error
            if isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.IntegrityError):
                raise OutboxBrokenError(str(error)) from error
            raise

    def _roll_back(self) -> None:
        try:
            self._db.execute("rollback")
        except sqlite3.Error:  # a full disk has already ended the transaction
            log.debug("There was nothing left to roll back")


def _locked(path: Path) -> int:
    """A lock that ends with the process, however it ends."""
    lock = os.open(path.with_name(path.name + ".lock"), os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(lock)
        raise OutboxInUseError(str(path)) from None
    return lock
