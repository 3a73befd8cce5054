"""How fast recorded homes are replayed, and how fast rules are suggested for them, on one core and without a database.

The homes are made up: about 330 readings a day each, as in the recorded ones; the rules are those
suggested from their first fortnight.
"""

import contextlib
import io
import random
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

from alerts.replaying import replay, suggest
from simulators.bench import Row

HOMES, DAYS, RUNS = 20, 42, 3
START = datetime(2026, 2, 2)  # noqa: DTZ001 - local times, as in the files
ROOMS = ("kitchen", "lounge", "hallway", "bedroom", "bathroom", "fridge-door")


def run() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder:
        readings, rules = Path(folder) / "readings.csv", Path(folder) / "rules.json"
        count = write(readings, HOMES, DAYS)
        learned = [_rate(count, lambda: suggest.main([str(readings), "--out", str(rules)])) for _ in range(RUNS)]
        options = [str(readings), "--rules", str(rules), "--out", str(Path(folder) / "out"), "--assume-covered"]
        replayed = [_rate(count, lambda: replay.main(options)) for _ in range(RUNS)]
    return [
        Row(
            f"recorded homes replayed, {count:,} readings of {HOMES} homes", replayed, "readings/s", "at least 100,000"
        ),
        Row("rules suggested from the first 14 days of each", learned, "readings/s", "to compare with"),
    ]


def _rate(count: int, part: Callable[[], int]) -> float:
    """Readings a second of this process's own time, so that what else runs here does not count."""
    began = time.process_time()
    with contextlib.redirect_stdout(io.StringIO()):
        if part() != 0:
            raise RuntimeError("the part that was to be measured failed")
    return count / (time.process_time() - began)


def write(file: Path, homes: int, days: int) -> int:
    """A file of made-up homes, one after the other. Returns how many readings it has."""
    dice, count = random.Random(1), 0
    with file.open("w") as out:
        out.write("home,time,sensor\n")
        for home in range(homes):
            for day in range(days):
                for at, sensor in _day(START + timedelta(days=day), dice):
                    out.write(f"home-{home},{at:%Y-%m-%d %H:%M:%S},{sensor}\n")
                    count += 1
    return count


def _day(start: datetime, dice: random.Random) -> Iterator[tuple[datetime, str]]:
    """Asleep but for two trips, about from seven to eleven, and out by the front door in the afternoon."""
    moments = sorted(dice.uniform(7, 23) for _ in range(310))
    for hour in (*(1 + n / 60 for n in range(5)), *(4 + n / 60 for n in range(5)), *moments):
        if not 14 <= hour < 16:
            yield start + timedelta(hours=hour), dice.choice(ROOMS)
        elif hour == min(moment for moment in moments if moment >= 14):
            yield start + timedelta(hours=14), "front-door"
            yield start + timedelta(hours=15.99), "front-door"
