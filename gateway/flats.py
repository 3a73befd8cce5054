"""`python -m gateway flats FOLDER`: the gateways of many flats in one process, each with its own thread.

For LoRaWAN, where all that the sensors of a housing scheme say arrives at one broker. Each subfolder is a
home of its own to the server: an identity, an outbox, a sequence, a password. What is wrong with one is
logged and tried again, and never stops another.
"""

import logging
import signal
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from gateway import log as logs
from gateway.assembling import Home, assemble
from gateway.flat_settings import DEVICES, Flat, double, folders_in, read_flat
from gateway.home_settings import HomeSettings
from gateway.log import FIELD, about
from gateway.set_up import ENV, PASSWORD
from gateway.settings import CannotStartError, made, refuse
from gateway.strangers import Strangers

log = logging.getLogger(__name__)

LOOK_EVERY_S = 1.0
RETRY_S = 10.0
ENDS_WITHIN_S = 8.0
TICK_S = 1.0
"""How often each flat's thread looks up while nothing happens; what happens wakes it at once."""


@dataclass(slots=True)
class Place:
    """A flat's folder, and what has become of it."""

    folder: Path
    flat: Flat | None = None
    home: Home | None = None
    thread: threading.Thread | None = None
    stamp: tuple[float, ...] = ()
    said: str = ""
    retry_at: float = 0.0
    ending: bool = False

    @property
    def runs(self) -> bool:
        return self.thread is not None and self.thread.is_alive()

    def files_at(self) -> tuple[float, ...]:
        """When what it is set up with was written last; 0 where it cannot be told."""
        return tuple(_written(self.folder / name) for name in (ENV, PASSWORD, DEVICES))

    def start(self, flat: Flat) -> None:
        """In a thread of its own from the opening of the outbox on, so that a slow disk is nobody else's."""
        self.flat, self.ending = flat, False
        self.thread = threading.Thread(target=self._run, args=(flat,), name=flat.settings.gateway, daemon=True)
        self.thread.start()

    def _run(self, flat: Flat) -> None:
        try:
            self.home = assemble(flat.settings)
            self.home.service.tick_s = TICK_S
            if self.ending:
                self.home.service.stop()
            self.say("runs", logging.INFO, "flat_runs")
            self.home.run()
        except CannotStartError as error:
            self.say(f"cannot start: {error}", logging.ERROR, "flat_broken")
        except Exception:
            log.exception("A flat has ended by a fault; it is started anew", extra=about("flat_fault"))
        finally:
            self.home = None

    def stop(self) -> None:
        self.ending = True
        home = self.home
        if home:
            home.service.stop()

    def say(self, what: str, level: int, word: str) -> None:
        """Each new state of things once, not each attempt."""
        if what != self.said:
            self.said = what
            log.log(level, "The flat in %s %s", self.folder.name, what, extra=about(word, flat=self.folder.name))


@dataclass(slots=True)
class Flats:
    """All of them. `stopping` is set when they are to end."""

    folder: Path
    stopping: threading.Event = field(default_factory=threading.Event)
    places: dict[Path, Place] = field(default_factory=dict)
    strangers: Strangers = field(default_factory=Strangers)

    def refuse_doubles(self) -> None:
        """At the start two flats with one device are a mistake to be mended first; a broken one is only tried later."""
        found = []
        for folder in folders_in(self.folder):
            try:
                found.append(read_flat(folder))
            except CannotStartError:
                continue  # `look` says so, and tries it again
        sentence = double(found)
        if sentence:
            raise CannotStartError(sentence)

    def run(self) -> None:
        while not self.stopping.is_set():
            self.look(time.monotonic())
            self.stopping.wait(LOOK_EVERY_S)
        self._end()

    def look(self, wall: float) -> None:
        """Start what is new or was mended, and start anew what has ended or is set up otherwise than it was.

        A flat whose folder cannot be seen any more goes on: it may be the disk, and there is memory.
        """
        try:
            folders = folders_in(self.folder)
        except OSError:
            folders = []
        for place in [self.places.setdefault(folder, Place(folder)) for folder in folders]:
            if place.runs:
                self._follow(place)
            elif wall >= place.retry_at:
                place.retry_at = wall + RETRY_S
                self._start(place)
        self.strangers.look(wall, [one.flat for one in self.places.values() if one.flat])

    def _follow(self, place: Place) -> None:
        """It is set up anew, if it is sound; with a slip of the pen it stays as it was."""
        stamp = place.files_at()
        if stamp == place.stamp or not stamp[0]:
            return
        place.stamp = stamp
        try:
            self._read(place)
        except CannotStartError as error:
            place.say(f"goes on as it was: {error}", logging.ERROR, "flat_broken")
            return
        place.say("is set up anew", logging.INFO, "flat_changed")
        place.stop()
        place.retry_at = 0.0

    def _start(self, place: Place) -> None:
        place.stamp = place.files_at()
        try:
            place.start(self._read(place))
        except CannotStartError as error:
            place.say(f"cannot start: {error}", logging.ERROR, "flat_broken")

    def _read(self, place: Place) -> Flat:
        """Raises CannotStartError, also where another flat has something of it."""
        flat = read_flat(place.folder)
        others = [one.flat for one in self.places.values() if one is not place and one.runs and one.flat]
        sentence = double([*others, flat])
        if sentence:
            raise CannotStartError(sentence)
        return flat

    def _end(self) -> None:
        """All at once, so that it takes no longer than for one."""
        for place in self.places.values():
            place.stop()
        self.strangers.close()
        deadline = time.monotonic() + ENDS_WITHIN_S
        for place in self.places.values():
            if place.thread:
                place.thread.join(max(0.0, deadline - time.monotonic()))


def _written(file: Path) -> float:
    try:
        return file.stat().st_mtime
    except OSError:
        return 0.0


class NamesFlat(logging.Filter):
    """Puts into each line of a flat's thread whose it is."""

    def filter(self, record: logging.LogRecord) -> bool:
        if record.threadName and record.threadName != "MainThread":
            setattr(record, FIELD, {**getattr(record, FIELD, {}), "gateway": record.threadName})
        return True


def main(folder: Path) -> None:
    try:
        shared = made(HomeSettings, {"gateway": "many"})
        flats = _flats_in(folder)
        logs.start(as_json=shared.log_json)
        flats.refuse_doubles()
    except CannotStartError as error:
        refuse(str(error))
    for handler in logging.getLogger().handlers:
        handler.addFilter(NamesFlat())
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: flats.stopping.set())
    flats.run()


def _flats_in(folder: Path) -> Flats:
    try:
        found: Iterable[Path] = folders_in(folder)
    except OSError as error:
        raise CannotStartError(f"{folder}: {error.strerror}") from None
    if not found:
        raise CannotStartError(f"No flat is set up in {folder}. Do so with: python -m gateway setup URL --folder FLAT")
    return Flats(folder)
