"""A local voice for reminders without a sound of their own: `espeak-ng`, where it is installed.

Nothing leaves the home to be spoken. Each sentence is spoken once into a WAV file that is kept;
in a thread of its own, since a small machine takes a second or two.
"""

import hashlib
import logging
import queue
import shutil
import subprocess
import threading
from pathlib import Path

from gateway.log import about

log = logging.getLogger(__name__)

PROGRAM = "espeak-ng"
WORDS_A_MINUTE = "130"  # slow, for old ears
TIME_LIMIT_S = 20.0
MOST_KEPT = 200
MAX_WAV_BYTES = 4 * 1024 * 1024


def name_of(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


class Voice:
    """`folder` keeps the WAV files. Without the program it is silent, and says so once."""

    def __init__(self, folder: Path, program: str | None = None) -> None:
        self.folder = folder
        self.program = program or shutil.which(PROGRAM)
        self._wanted: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._asked: set[str] = set()
        self._thread: threading.Thread | None = None
        if self.program is None:
            says = "There is no espeak-ng here: reminders without a sound of their own are silent"
            log.warning(says, extra=about("no_voice"))

    @property
    def is_there(self) -> bool:
        return self.program is not None

    def spoken(self, text: str) -> str | None:
        """The name of the WAV file of this sentence, once it is there; asks for it if it is not."""
        name = name_of(text)
        if (self.folder / f"{name}.wav").exists():
            return name
        if self.program is not None and name not in self._asked:
            self._asked.add(name)
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
        command = [str(self.program), "-v", "en-gb", "-s", WORDS_A_MINUTE, "-w", str(half), "--stdin"]
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            subprocess.run(command, input=text.encode(), capture_output=True, timeout=TIME_LIMIT_S, check=True)
            if half.stat().st_size > MAX_WAV_BYTES:
                half.unlink()
                return
            half.replace(self.folder / f"{name_of(text)}.wav")
            self._tidy()
        except (OSError, subprocess.SubprocessError) as error:
            log.warning("A reminder could not be spoken", extra=about("not_spoken", error=type(error).__name__))

    def _tidy(self) -> None:
        files = sorted(self.folder.glob("*.wav"), key=lambda file: file.stat().st_mtime)
        for file in files[:-MOST_KEPT]:
            file.unlink(missing_ok=True)
