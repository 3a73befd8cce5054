"""What the demo keeps from one run to the next, in one folder, and that only one run uses it."""

import fcntl
import secrets
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import IO, Self

from pydantic import BaseModel, ConfigDict, Field

from simulators.postgres import Kind
from simulators.street.days import ZONE
from simulators.street.people import RESIDENTS, Resident

BEGINS = time(9, 29)
"""Local time at which a run begins: a minute before a morning that did not happen is raised."""

TOO_LATE = time(3, 30)
"""A run that ended after this time has begun its last day: the next one takes the day after."""


class AlreadyRunningError(Exception):
    """Another run uses this folder."""


class Memory(BaseModel):
    """Kept as one JSON file that only its owner can read."""

    model_config = ConfigDict(validate_assignment=True)

    seed: int = 1
    database: Kind | None = None
    openings: dict[date, str] = {}
    """By the day on which a run began: the home that misses its morning."""
    ended: datetime | None = None
    """The street's time when the last run ended, or was last known to run."""
    word: str = Field(default_factory=lambda: secrets.token_urlsafe(24))
    """From which the passwords of this stack are made."""

    @classmethod
    def load(cls, path: Path) -> Self:
        return cls.model_validate_json(path.read_text()) if path.exists() else cls()

    def save(self, path: Path) -> None:
        half = path.with_suffix(".half")
        half.touch(mode=0o600)
        half.write_text(self.model_dump_json(indent=1))
        half.replace(path)

    def next_start(self, today: date) -> datetime:
        """When, in the street's time, the next run begins: today, or on the next morning after the last one."""
        if self.ended is None:
            return datetime.combine(today, BEGINS, ZONE)
        local = self.ended.astimezone(ZONE)
        day = local.date() if local.time() < TOO_LATE else local.date() + timedelta(days=1)
        return datetime.combine(day, BEGINS, ZONE)

    def open(self, day: date) -> Resident:
        """Whose morning does not happen on this day: the homes take turns, Peter first."""
        if day not in self.openings:
            self.openings = {**self.openings, day: RESIDENTS[len(self.openings) % len(RESIDENTS)].key}
        return next(resident for resident in RESIDENTS if resident.key == self.openings[day])


def lock(folder: Path) -> IO[str]:
    """Held until closed or until the process ends. Raises AlreadyRunningError."""
    folder.mkdir(parents=True, exist_ok=True)
    file = (folder / "lock").open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.close()
        raise AlreadyRunningError from None
    return file
