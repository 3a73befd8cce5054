"""A local voice for reminders without a sound of their own: `espeak-ng`, where it is installed.

Nothing leaves the home to be spoken. Each sentence is spoken once into a WAV file that is kept;
in a thread of its own, since a small machine takes a second or two.
"""

import hashlib
import logging
import os
import queue
import re
import shutil
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path

from gateway.log import about

log = logging.getLogger(__name__)

PROGRAM = "espeak-ng"
MANNER = ("-v", "en-gb", "-s", "120", "-g", "3")
"""Slow, for old ears: with its pauses this measures 118 words a minute; `-s 130` alone measures 152, as people talk."""
LEAST_WAV_BYTES = 4096
"""A tenth of a second: there was nothing in the sentence that can be spoken."""
MAX_WAV_BYTES = 4 * 1024 * 1024
"""A minute and a half. The longest reminder, 120 letters, takes 12 s; as digits, 35 s."""

_CLOCK = re.compile(r"\b([01]?[0-9]|2[0-3]):([0-5][0-9])\b")
_DOSE = re.compile(r"(?<=[0-9])\s?(mcg|mg|ml)\b", re.IGNORECASE)
_UNITS = {"mcg": " micrograms", "mg": " milligrams", "ml": " millilitres"}
_NOT_SAID = re.compile(r"[\[\]\x00-\x1f\x7f]+")
"""Brackets, which would make sounds of what stands between them, and a NUL, which would end the sentence."""


@dataclass(frozen=True, slots=True)
class Limits:
    """`program_s`: what takes longer for a sentence is ended. `again_s`: what failed is tried again after it."""

    program_s: float = 20.0
    again_s: float = 600.0
    most_kept: int = 100


LIMITS = Limits()


def name_of(text: str) -> str:
    """The name of the file of this sentence, spoken as we speak now."""
    return hashlib.sha256(" ".join((*MANNER, text)).encode()).hexdigest()


def as_said(text: str) -> str:
    """A sentence as it is to be read out: "at 13:00", "50 mg" and what a program would take for commands."""
    plain = _NOT_SAID.sub(" ", text)
    return _DOSE.sub(lambda found: _UNITS[found[1].lower()], _CLOCK.sub(_time_as_said, plain))


def _time_as_said(found: re.Match[str]) -> str:
    hour, minute = int(found[1]), int(found[2])
    twelve = hour % 12 or 12
    if minute == 0:
        return f"{twelve} o'clock"
    return f"{twelve} oh {minute}" if minute < 10 else f"{twelve} {minute}"


class Voice:
    """`folder` keeps the WAV files. Without the program it is silent, and says so once."""

    def __init__(self, folder: Path, program: str | None = None, limits: Limits = LIMITS) -> None:
        self.folder = folder
        self.program = program or shutil.which(PROGRAM)
        self.limits = limits
        self._wanted: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._asked: dict[str, float] = {}
        """When each sentence that is not there was asked for last, by the steady clock."""
        self._thread: threading.Thread | None = None
        if self.program is None:
            says = "There is no espeak-ng here: reminders without a sound of their own have a chime only"
            log.warning(says, extra=about("no_voice"))

    @property
    def is_there(self) -> bool:
        return self.program is not None

    def spoken(self, text: str) -> str | None:
        """The name of the WAV file of this sentence, once it is there; asks for it if it is not."""
        name = name_of(text)
        if (self.folder / f"{name}.wav").exists():
            self._asked.pop(name, None)
            return name
        steady = time.monotonic()
        asked = self._asked.get(name)
        if self.program is not None and (asked is None or steady - asked >= self.limits.again_s):
            self._asked[name] = steady
            self._wanted.put(text)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="voice", daemon=True)
                self._thread.start()
        return None

    def wav(self, name: str) -> bytes | None:
        try:
            return (self.folder / f"{name}.wav").read_bytes()
        except OSError:
            return None

    def close(self) -> None:
        self._wanted.put(None)

    def _run(self) -> None:
        while (text := self._wanted.get()) is not None:
            self._speak(text)

    def _speak(self, text: str) -> None:
        """The sentence goes in as a file, never as an argument, so that it can be no option."""
        half = self.folder / ".half.wav"
        command = [str(self.program), *MANNER, "-w", str(half), "--stdin"]
        said = as_said(text).encode()
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            half.unlink(missing_ok=True)
            subprocess.run(command, input=said, capture_output=True, timeout=self.limits.program_s, check=True)
            if not LEAST_WAV_BYTES <= half.stat().st_size <= MAX_WAV_BYTES:
                half.unlink()
                log.warning("A reminder has no words to speak, or too many", extra=about("not_spoken", error="size"))
                return
            self._keep(half, self.folder / f"{name_of(text)}.wav")
        except (OSError, subprocess.SubprocessError) as error:
            log.warning("A reminder could not be spoken", extra=about("not_spoken", error=type(error).__name__))

    def _keep(self, half: Path, whole: Path) -> None:
        """On disk before it has its name: a power cut must not leave an empty file that counts as spoken."""
        with half.open("rb") as file:
            os.fsync(file.fileno())
        half.replace(whole)
        files = sorted(self.folder.glob("*.wav"), key=lambda file: file.stat().st_mtime)
        for old in [file for file in files if file != half][: -self.limits.most_kept]:
            old.unlink(missing_ok=True)
