"""The outbox: readings on disk until the ingest has said that they are stored.

A reading is here before it is sent and leaves only after "stored". It gets its number
(boot and seq) when it first goes into an envelope, in the same commit, and keeps it for
ever: so a crash never gives one reading two numbers, and throwing away what was never
sent leaves no hole in the sequence. Used by one thread.
"""

import logging
import secrets
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Self

from gateway.clock import EPOCH
from gateway.kept import Kept, Numbered, Rank
from gateway.messages import Kind
from gateway.outbox_file import OutboxBrokenError, OutboxFile, OutboxFullError, translated
from gateway.timekeeping import Mend

__all__ = ["Kept", "Numbered", "Outbox", "Rank"]

log = logging.getLogger(__name__)

DEFAULT_MAX_BYTES = 200 * 1024 * 1024
DROPPED_AT_ONCE = 500
MICROSECOND = timedelta(microseconds=1)


class Outbox:
    """One SQLite file (WAL, synchronous=FULL), and the lock that keeps others out.

    `boot` names this opening of the file; every number given from now on belongs to it.
    `path` None: in memory alone, for as long as the disk takes nothing. `may_wait`: a file that cannot
    be opened now is opened by a later `try_disk`; until then this keeps nothing, and says why.
    """

    def __init__(self, path: Path | None, max_bytes: int = DEFAULT_MAX_BYTES, *, may_wait: bool = False) -> None:
        self.max_bytes = max_bytes
        self._file = OutboxFile(path, may_wait=may_wait)
        self.boot = secrets.token_hex(8)
        try:
            self._open()
        except OutboxFullError:
            if not may_wait:
                raise
        except OutboxBrokenError:
            self.begin_anew()

    @property
    def _db(self) -> sqlite3.Connection:
        return self._file.db

    @property
    def is_open(self) -> bool:
        """Whether there is a file behind it, if there is to be one."""
        return self._file.why_not is None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._file.close()

    # -- filling

    def add(
        self,
        readings: Iterable[Kept],
        remembered: Mapping[str, float] | None = None,
        notes: Mapping[str, str | None] | None = None,
    ) -> None:
        """Keep all of these, or raise OutboxFullError and keep none: one transaction.

        `remembered` is saved with them: what the filter has to know after a restart. So are
        `notes`: what became of reminders; None forgets one. On a full disk the oldest repeats make room.
        """
        batch = list(readings)
        try:
            self._add(batch, remembered, notes)
        except OutboxFullError:
            with self._transaction():
                gone = self._drop(Rank.REPEAT)
            if not gone:
                raise
            self._add(batch, remembered, notes)

    def _add(
        self, readings: list[Kept], remembered: Mapping[str, float] | None, notes: Mapping[str, str | None] | None
    ) -> None:
        with self._transaction():
            before = self._next_id
            self._db.executemany("insert into waiting values (?, ?, ?, ?, ?, ?)", self._rows(readings))
            if remembered:
                self._db.executemany("insert or replace into remembered values (?, ?)", remembered.items())
            for note in (notes or {}).items():
                forget = "delete from note where name = ?1 and ?2 is null"
                self._db.execute("insert or replace into note values (?, ?)" if note[1] is not None else forget, note)
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
        return self._file.used_bytes()

    def remembered(self) -> dict[str, float]:
        return dict(self._db.execute("select name, value from remembered"))

    def notes(self) -> dict[str, str]:
        return dict(self._db.execute("select name, text from note"))

    def mend(self, mend: Mend) -> int:
        """Put right when what was kept since the file was opened, and was never sent, happened. How many they were."""
        since, until, by = ((at - EPOCH) // MICROSECOND for at in (mend.since, mend.until, EPOCH + mend.by))
        with self._transaction():
            return self._db.execute(
                "update waiting set at = at + ? where rank in (0, 1, 2) and id >= ? and at between ? and ?",
                (by, self._first_id, since, until),
            ).rowcount

    def take_waiting(self) -> list[Kept]:
        """Everything that was never sent, out of here, for another outbox."""
        with self._transaction():
            rows = self._db.execute("delete from waiting returning rank, id, sensor, kind, value, at").fetchall()
            self.waiting = 0
        return [_kept(*row) for row in sorted(rows, key=lambda row: int(row[1]))]

    # -- sending

    @property
    def depth(self) -> int:
        """Readings that are not stored yet."""
        return self.waiting + self.in_flight

    def urgent_left(self) -> int:
        """Calls for help that are not stored yet."""
        waiting = self._file.one("select count(*) from waiting where rank = ?", Rank.URGENT)
        return int(waiting) + int(self._file.one("select count(*) from sent where rank = ?", Rank.URGENT))

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
        numbers = "select min(seq) from sent where boot = (select number from boot where name = ?)"
        oldest: int | None = self._file.one(numbers, boot)
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
                self._new_boot(secrets.token_hex(8))

    # -- the file

    def try_disk(self) -> None:
        """Write something of no consequence, into the file; raises OutboxFullError if that cannot be done."""
        if not self.is_open:
            self._file.open_late()
            self._open()  # under the name that was told already: no number was given under it yet
        with self._transaction():
            self._db.execute("insert or replace into counter values ('tried', 1 + random())")

    def _open(self) -> None:
        try:
            self._load(self.boot)
        except sqlite3.DatabaseError as error:
            meant = translated(error)
            if isinstance(meant, OutboxFullError):
                self._file.give_up(meant)
                self._load(self.boot)
            raise meant from error

    def begin_anew(self) -> None:
        """Set a file that cannot be read aside under a new name, and start an empty one."""
        self._file.begin_anew()
        self._load(secrets.token_hex(8))

    def _load(self, boot: str) -> None:
        self.waiting = int(self._file.one("select count(*) from waiting"))
        self.in_flight = int(self._file.one("select count(*) from sent"))
        self.dropped = int(self._file.one("select value from counter where name = 'dropped'") or 0)
        self._next_id = 1 + max(
            int(self._file.one("select max(id) from waiting where rank = ?", rank) or 0) for rank in Rank
        )
        self._first_id = self._next_id
        self._db.execute("delete from boot where number not in (select boot from sent)")
        self._new_boot(boot)

    def _new_boot(self, boot: str) -> None:
        self.boot = boot
        self._boot = int(self._db.execute("insert into boot (name) values (?)", (self.boot,)).lastrowid or 0)
        self._next_seq = 1

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """All or nothing, on disk at the end; the counts in memory follow the file."""
        counts = (self.waiting, self.in_flight, self.dropped, self._next_id, self._next_seq, self.boot, self._boot)
        try:
            with self._file.transaction():
                yield
        except BaseException:
            self.waiting, self.in_flight, self.dropped, self._next_id, self._next_seq, self.boot, self._boot = counts
            raise


def _kept(rank: int, _id: int, sensor: str, kind: str, value: float, at: int) -> Kept:
    return Kept(sensor, Kind(kind), value, EPOCH + at * MICROSECOND, Rank(rank))
