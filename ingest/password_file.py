"""Files that the broker reads, replaced whole, and the signal that has it read them again."""

import os
import signal
import tempfile
from contextlib import suppress
from pathlib import Path


def replace(path: Path, text: str) -> bool:
    """Put this text in place of the file's, readable by its owner alone. Whether it was another one.

    Nobody ever reads half of it. Who owned the file before owns it afterwards (the broker runs as
    a user of its own); that needs root, and raises PermissionError without.
    """
    if path.is_file() and path.read_text() == text:
        return False
    handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")  # made with 0600
    try:
        with os.fdopen(handle, "w") as file:
            file.write(text)
            file.flush()
            _give_to_owner_of(path, file.fileno())
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except OSError:
        with suppress(FileNotFoundError):
            Path(temporary).unlink()
        raise
    return True


def _give_to_owner_of(path: Path, handle: int) -> None:
    with suppress(FileNotFoundError):
        before, made = path.stat(), os.fstat(handle)
        if (before.st_uid, before.st_gid) != (made.st_uid, made.st_gid):
            os.fchown(handle, before.st_uid, before.st_gid)


def read_again(pid_file: Path) -> bool:
    """Have the broker whose process id is in this file read its files again. Whether it runs.

    A process id that was taken over by another program is left alone: most would end by the signal.
    """
    try:
        number = int(pid_file.read_text())
        if number <= 0 or not _is_mosquitto(number):
            return False
        os.kill(number, signal.SIGHUP)
    except (FileNotFoundError, ValueError, ProcessLookupError):
        return False
    return True


def _is_mosquitto(number: int) -> bool:
    try:
        return Path(f"/proc/{number}/comm").read_text().startswith("mosquitto")
    except FileNotFoundError:
        return not Path("/proc/self/comm").exists()  # no such process, or a system that does not tell
