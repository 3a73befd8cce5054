"""`python -m simulators replay`: recorded homes, played again through the whole path.

The file (CSV: `home,time,sensor`, local time, in order) goes through a gateway's outbox, a
real gateway, the broker and the ingest into a database. The recordings have no beats:
they are assumed, every five minutes, so each home counts as seen. Doors do not say
whether they opened or shut: they are taken in turns.
"""

import argparse
import csv
import gzip
import hashlib
import os
import secrets
import shutil
import sqlite3
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg

from gateway.clock import Clock
from gateway.messages import GATEWAY_SENSOR, MAX_READINGS, Kind
from gateway.outbox import Kept, Outbox
from ingest.database import sql
from simulators import postgres
from simulators.demo.stack import Stack
from simulators.street.history import BEAT, beats

ZONE = ZoneInfo("Europe/London")
PATIENCE_S = 600.0
ROLE = {"front-door": "outside_door", "back-door": "outside_door", "fridge-door": "fridge_door"}


@dataclass(frozen=True, slots=True)
class Seen:
    """One line of the file; `at` in UTC."""

    home: str
    at: datetime
    sensor: str


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which part of the file: one home or all, from `since` until just before `until` (local days)."""

    home: str | None = None
    since: date = date.min
    until: date = date.max

    def has(self, home: str, local: datetime) -> bool:
        return self.home in (None, home) and self.since <= local.date() < self.until


def recorded(file: Path, wanted: Wanted) -> Iterator[Seen]:
    """The wanted lines of the file, in its order. Raises ValueError on a file of another shape."""
    with gzip.open(file, "rt", newline="") if file.suffix == ".gz" else file.open(newline="") as lines:
        reader = csv.DictReader(lines)
        if reader.fieldnames != ["home", "time", "sensor"]:
            raise ValueError(f"{file} does not begin with home,time,sensor")
        for row in reader:
            local = datetime.fromisoformat(row["time"])
            if wanted.has(row["home"], local):
                yield Seen(row["home"], local.replace(tzinfo=ZONE).astimezone(UTC), row["sensor"])


def readings(seen: Iterable[Seen]) -> Iterator[Kept]:
    """Movements as 1; doors as opened and shut in turns."""
    open_now: dict[str, bool] = defaultdict(bool)
    for one in seen:
        if one.sensor in ROLE:
            open_now[one.sensor] = not open_now[one.sensor]
            yield Kept(one.sensor, Kind.CONTACT, float(open_now[one.sensor]), one.at)
        else:
            yield Kept(one.sensor, Kind.MOTION, 1.0, one.at)


@dataclass(slots=True)
class Counts:
    """How often each sensor spoke, by (home, sensor)."""

    in_file: Counter[tuple[str, str]] = field(default_factory=Counter)
    in_database: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def equal(self) -> bool:
        return self.in_file == self.in_database

    def told(self) -> str:
        lines = [
            f"  {home} {sensor:12} {count:6} in the file {self.in_database[home, sensor]:6} in the database"
            for (home, sensor), count in sorted(self.in_file.items())
        ]
        verdict = "The counts are equal." if self.equal else "The counts DIFFER."
        total = f"{self.in_file.total()} readings in the file, {self.in_database.total()} in the database."
        return "\n".join([*lines, total, verdict])


def gateway_of(home: str) -> str:
    return f"replay-{home}"


def register(connection: psycopg.Connection, homes: dict[str, set[str]], now: datetime) -> None:
    """Homes with their gateways and sensors, unless they are there from an earlier replay."""
    with connection.transaction():
        for home, sensors in homes.items():
            values = {"gateway": gateway_of(home), "name": f"Recorded home {home}", "resident": home, "now": now}
            connection.execute(sql(__file__, "replay_home"), values)
            for name in [*sorted(sensors), GATEWAY_SENSOR]:
                place = "fridge" if name == "fridge-door" else name.replace("-", " ")
                role = "gateway" if name == GATEWAY_SENSOR else ROLE.get(name, "room")
                sensor = {"gateway": gateway_of(home), "name": name, "place": place, "role": role}
                connection.execute(sql(__file__, "replay_sensor"), sensor)


def replay(seen: Sequence[Seen], stack: Stack, meanwhile: Callable[[], None] = lambda: None) -> Counts:
    """Play these through gateways of their own into the stack's database, and count.

    The same lines get the same keys each time, so playing them twice changes nothing.
    `meanwhile` is called again and again until all are stored.
    """
    homes: dict[str, list[Seen]] = defaultdict(list)
    for one in seen:
        homes[one.home].append(one)
    stored: Counter[tuple[str, str]] = Counter()
    with stack.connect() as connection:
        register(connection, {home: {one.sensor for one in own} for home, own in homes.items()}, stack.clock.now())
        for home, own in homes.items():
            fill(stack.outbox(gateway_of(home)), own)
            stack.start_gateway(gateway_of(home), f"{gateway_of(home)}/zigbee2mqtt")
        stack.wait("The replay", lambda: _delivered(stack, homes, meanwhile), seconds=PATIENCE_S)
        for home, own in homes.items():
            span = {"gateway": gateway_of(home), "since": own[0].at, "until": own[-1].at}
            for name, count in connection.execute(sql(__file__, "replay_counts"), span):
                stored[home, name] = count
    return Counts(Counter((one.home, one.sensor) for one in seen), stored)


def fill(path: Path, seen: Sequence[Seen]) -> None:
    """Put one home's lines and the beats between them into an outbox, under keys made from what they say."""
    until = max(one.at for one in seen) + BEAT
    kept = sorted([*readings(seen), *beats(seen[0].at - BEAT, until)], key=lambda one: one.at)
    with Outbox(path) as outbox:
        outbox.add(kept)
        while outbox.number(MAX_READINGS):
            pass
    digest = hashlib.sha256(repr(kept).encode()).hexdigest()[:32]
    with closing(sqlite3.connect(path)) as file, file:
        file.execute("update boot set name = ? where number = (select max(boot) from sent)", (f"replay-{digest}",))


def _delivered(stack: Stack, homes: Iterable[str], meanwhile: Callable[[], None]) -> bool:
    meanwhile()
    return not any(_waiting(stack.outbox(gateway_of(home))) for home in homes)


def _waiting(path: Path) -> int:
    """How much of an outbox that a gateway is working on is not stored yet."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=5)) as file:
        (waiting,) = file.execute("select (select count(*) from sent) + (select count(*) from waiting)").fetchone()
    return int(waiting)


def main(argv: list[str]) -> int:
    arguments = _parser().parse_args(argv)
    try:
        seen = list(recorded(arguments.file, _wanted(arguments)))
    except (OSError, ValueError) as error:
        print(f"Cannot read the recording. {error}", file=sys.stderr)
        return 2
    if not seen:
        print("There is nothing in this file for that home and time.", file=sys.stderr)
        return 2
    print(f"Playing {len(seen)} readings of {len({one.home for one in seen})} homes ...", flush=True)
    with stack_for({one.home for one in seen}, os.environ.get("HEARTH_DATABASE_URL"), Clock()) as stack:
        counts = replay(seen, stack)
    print(counts.told())
    return 0 if counts.equal else 1


@contextmanager
def stack_for(homes: Iterable[str], database_url: str | None, clock: Clock) -> Iterator[Stack]:
    """A database (the one given, or one for the time being), brokers and an ingest in a temporary folder."""
    with tempfile.TemporaryDirectory(prefix="hearthlight-replay-") as folder:
        stack = Stack(Path(folder), clock, secrets.token_urlsafe(24))
        kind: postgres.Kind = "timescaledb" if postgres.timescaledb_root() else "embedded"
        try:
            stack.start_database(database_url, kind)
            stack.start_brokers(gateway_of(home) for home in homes)
            stack.start_ingest()
            yield stack
        finally:
            stack.crew.stop()
            if database_url is None:
                shutil.rmtree(postgres.data_folder(Path(folder) / kind, kind), ignore_errors=True)


def _wanted(arguments: argparse.Namespace) -> Wanted:
    if arguments.day:
        return Wanted(arguments.home, arguments.day, arguments.day + timedelta(days=1))
    return Wanted(arguments.home, arguments.since or date.min, arguments.until or date.max)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m simulators replay",
        description="Play recorded homes through gateway, broker and ingest, and compare the counts. "
        "HEARTH_DATABASE_URL names the database; without it one is made for the time being. "
        "Playing the same part of a file again changes nothing.",
    )
    parser.add_argument("file", type=Path, help="CSV with the columns home,time,sensor in local time; may be gzipped")
    parser.add_argument("--home", help="only this home")
    parser.add_argument("--day", type=date.fromisoformat, metavar="YYYY-MM-DD", help="only this local day")
    parser.add_argument("--from", dest="since", type=date.fromisoformat, metavar="YYYY-MM-DD", help="from this day on")
    parser.add_argument("--until", type=date.fromisoformat, metavar="YYYY-MM-DD", help="until just before this day")
    parser.add_argument("--speed", choices=["max"], default="max", help="as fast as it goes (the only speed)")
    return parser
