"""The home's messages as they came, kept for some days beside the outbox.

So a mapping that was wrong can be mended and the days before read again (gateway/reread.py).
A file a day and run, of gzip members one after the other; each holds some minutes of
messages, so that a power cut costs those at most and a small card is not worn out. Nothing
here may stop the gateway: a full disk costs raw messages, never readings. The code that opens a
door's lock, and passwords, are kept of no message.
"""

import gzip
import json
import logging
import re
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from gateway.adapters import Message
from gateway.log import about
from gateway.messages import Kind
from gateway.outbox import Kept

log = logging.getLogger(__name__)

FLUSH_EVERY = timedelta(minutes=5)
FLUSH_AT_BYTES = 512 * 1024
MAX_BYTES = 100 * 1024 * 1024  # of all days together
MOST_A_MESSAGE = 512 * 1024
ENDING = ".jsonl.gz"
_NAMES_SECRET = rb"[^\"/]{0,40}(?:pin_?code|passcode|password|action_code|user_code|network_key)[^\"/]{0,40}"
_SECRET = re.compile(
    rb'("' + _NAMES_SECRET + rb'"\s*:\s*)("(?:[^"\\]|\\.){0,200}"|-?[0-9][^,}\]\s]{0,40}|\[[^\]]{0,400}\])',
    re.IGNORECASE,
)
_SECRET_TOPIC = re.compile(rb"(?:.*/)?" + _NAMES_SECRET, re.IGNORECASE)
Said = tuple[str, Kind]
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class Raw:
    """A message, and of which sensors and kinds it gave readings when it came."""

    message: Message
    gave: frozenset[Said]


class RawLog:
    """Collects messages and writes them now and then."""

    def __init__(self, folder: Path, days: int) -> None:
        self.folder = folder
        self.days = days
        self._lines: list[bytes] = []
        self._bytes = 0
        self._since: datetime | None = None
        self._failed = False
        self._run: int | None = None

    def note(self, message: Message, kept: Iterable[Kept]) -> None:
        if self.days and len(message.payload) <= MOST_A_MESSAGE and self._bytes <= 2 * FLUSH_AT_BYTES:
            line = _line(_without_secrets(message), kept)
            self._lines.append(line)
            self._bytes += len(line)
            self._since = self._since or message.at

    def tick(self, now: datetime) -> None:
        """Write what has waited for long, or is much."""
        if self._since and (self._bytes >= FLUSH_AT_BYTES or not timedelta() <= now - self._since < FLUSH_EVERY):
            self.flush(now)

    def flush(self, now: datetime) -> None:
        """Write what is there, and throw away the days that are too old or too much."""
        if not self._lines:
            return
        lines, self._lines, self._bytes, self._since = self._lines, [], 0, None
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            with self._file(now).open("ab") as file:
                file.write(gzip.compress(b"".join(lines)))
            self._tidy(now.astimezone(UTC).date())
        except OSError as error:
            if not self._failed:
                log.warning("Raw messages cannot be kept: %s", error.strerror, extra=about("raw_not_kept"))
            self._failed = True
        else:
            self._failed = False

    def _file(self, now: datetime) -> Path:
        """Each run has its own, for the one before may have been left half written."""
        if self._run is None:
            runs = [file.name.split(".")[1] for file in self.folder.glob(f"*.*{ENDING}")]
            self._run = max((int(run) for run in runs if run.isdigit()), default=0) + 1
        return self.folder / f"{now.astimezone(UTC):%Y-%m-%d}.{self._run:06}{ENDING}"

    def _tidy(self, today: date) -> None:
        files = sorted(self.folder.glob(f"*{ENDING}"), reverse=True)
        first = f"{today - timedelta(days=self.days):%Y-%m-%d}"
        total = 0
        for file in files:
            total += file.stat().st_size
            if file.name < first or (total > MAX_BYTES and file is not files[0]):
                file.unlink()


class ToldAgain:
    """What reading again has sent already, so that doing it twice sends nothing twice."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "told-again.jsonl"
        self.keys: set[Key] = set()
        if self.path.exists():
            for line in self.path.read_text().splitlines():
                sensor, kind, at = json.loads(line)
                self.keys.add((sensor, kind, at))

    def note(self, readings: Iterable[Kept]) -> None:
        with self.path.open("a") as file:
            file.writelines(json.dumps(key_of(reading)) + "\n" for reading in readings)


def _without_secrets(message: Message) -> Message:
    """Codes and passwords tell no mapping anything."""
    if _SECRET_TOPIC.fullmatch(message.topic.encode()):
        return replace(message, payload=b"null")
    return replace(message, payload=_SECRET.sub(rb"\1null", message.payload))


def key_of(reading: Kept) -> Key:
    return reading.sensor, reading.kind.value, reading.at.isoformat()


def read_raw(folder: Path) -> Iterator[Raw]:
    """Everything that is kept, oldest first; what a power cut has left half written is left out."""
    for file in sorted(folder.glob(f"*{ENDING}")):
        yield from _read_file(file)


def _read_file(file: Path) -> Iterator[Raw]:
    lines: list[bytes] = []
    rest = file.read_bytes()
    while rest:
        member = zlib.decompressobj(zlib.MAX_WBITS | 16)
        try:
            lines += member.decompress(rest).splitlines()
        except zlib.error:
            break
        rest = member.unused_data
    for line in lines:
        try:
            yield _raw(json.loads(line))
        except (ValueError, KeyError, TypeError):
            continue


def _line(message: Message, kept: Iterable[Kept]) -> bytes:
    try:
        payload: object = message.payload.decode()
    except UnicodeDecodeError:
        payload = [b64encode(message.payload).decode()]
    entry = {"at": message.at.isoformat(), "topic": message.topic, "payload": payload}
    gave = sorted({(one.sensor, one.kind.value) for one in kept})
    more = ({"retained": True} if message.retained else {}) | ({"gave": gave} if gave else {})
    return json.dumps(entry | more).encode() + b"\n"


def _raw(entry: dict[str, object]) -> Raw:
    payload, gave = entry["payload"], entry.get("gave", [])
    topic, at = entry["topic"], datetime.fromisoformat(str(entry["at"]))
    data = b64decode(str(payload[0])) if isinstance(payload, list) else str(payload).encode()
    if not isinstance(topic, str) or not isinstance(gave, list) or at.tzinfo is None:
        raise ValueError("not a line of ours")
    message = Message(topic, data, bool(entry.get("retained")), at)
    return Raw(message, frozenset((str(sensor), Kind(kind)) for sensor, kind in gave))
