"""Keeps the texts in a SQLite file, so that a second run of the demo goes on where the first ended."""

import json
import sqlite3
import threading
from pathlib import Path

from simulators.phone.texts import Text


class Store:
    """Every text by its id; without a path nothing outlives the process."""

    def __init__(self, path: Path | None) -> None:
        self._lock = threading.Lock()
        self._file = sqlite3.connect(path or ":memory:", check_same_thread=False, isolation_level=None)
        self._file.execute("pragma journal_mode = wal")
        self._file.execute("create table if not exists text (sid text primary key, kept text not null)")
        self._file.execute("create table if not exists opted_out (number text primary key)")

    def save(self, text: Text) -> None:
        with self._lock:
            self._file.execute("insert or replace into text values (?, ?)", (text.sid, json.dumps(text.to_json())))

    def opted_out(self, number: str, *, out: bool) -> None:
        change = "insert or ignore into opted_out values (?)" if out else "delete from opted_out where number = ?"
        with self._lock:
            self._file.execute(change, (number,))

    def load(self) -> tuple[list[Text], set[str]]:
        """All texts in the order they began, and the numbers that opted out."""
        with self._lock:
            kept = self._file.execute("select kept from text").fetchall()
            numbers = self._file.execute("select number from opted_out").fetchall()
        texts = sorted((Text.from_json(json.loads(row[0])) for row in kept), key=lambda text: text.created_at)
        return texts, {row[0] for row in numbers}

    def close(self) -> None:
        with self._lock:
            self._file.close()
