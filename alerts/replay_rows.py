"""Reading recorded homes: CSV with the columns home,time,sensor and, where there are, value and arrived.

`time` is local time without a zone or any time with one. Nothing is held but one line at a time.
"""

import csv
import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo

Row = tuple[str, float, str, float | None, float]
"""Home, Unix seconds, sensor, value where the file has one, Unix seconds of arrival."""


class BadReadingsError(ValueError):
    """A file that holds no readings; the message says which line and why."""


@contextmanager
def opened(file: Path) -> Iterator[TextIO]:
    with gzip.open(file, "rt", newline="") if file.suffix == ".gz" else file.open(newline="") as lines:
        yield lines


def rows(lines: TextIO, zone: ZoneInfo, arrivals: str | None = None) -> Iterator[Row]:
    """The lines of a file in its order. Without a column of arrivals each arrives as it happens."""
    reader = csv.reader(lines)
    columns = _columns(next(reader, []), arrivals)
    home_at, time_at, sensor_at, value_at, arrived_at = columns
    seconds = Seconds(zone)
    try:
        for line in reader:
            at = seconds.of(line[time_at], line[home_at])
            text = line[value_at] if value_at is not None else ""
            value = (float(text) if text != "beat" else 0.0) if text else None
            came = line[arrived_at] if arrived_at is not None else ""
            yield line[home_at], at, line[sensor_at], value, seconds.of(came, "") if came else at
    except (ValueError, IndexError) as error:
        raise BadReadingsError(f"line {reader.line_num}: {error}") from None
    except csv.Error as error:
        raise BadReadingsError(f"line {reader.line_num}: {error}") from None


def _columns(header: list[str], arrivals: str | None) -> tuple[int, int, int, int | None, int | None]:
    names = [name.strip().lower() for name in header]
    missing = [
        name for name in ("home", "time", "sensor", *([arrivals.lower()] if arrivals else [])) if name not in names
    ]
    if missing:
        raise BadReadingsError(f"the first line must name the columns; missing: {', '.join(missing)}")
    return (
        names.index("home"),
        names.index("time"),
        names.index("sensor"),
        names.index("value") if "value" in names else None,
        names.index(arrivals.lower()) if arrivals else None,
    )


class Seconds:
    """Texts to Unix seconds; each hour of the file is worked out once."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self.hours: dict[str, float | None] = {}
        self.newest: dict[str, float] = {}

    def of(self, text: str, home: str) -> float:
        """Raises ValueError on what is no time. `home`: whose times rise, to tell an hour that comes twice."""
        if len(text) != 19:
            return self._slowly(text, home)
        start = self.hours.get(text[:13], 0.0)
        if start == 0.0:
            start = self.hours[text[:13]] = self._hour(text[:13])
        if start is None:
            return self._slowly(text, home)
        return start + int(text[14:16]) * 60 + int(text[17:])

    def _hour(self, text: str) -> float | None:
        """The beginning of this hour of local time; None where it comes twice or never."""
        wall = datetime.fromisoformat(text + ":00:00").replace(tzinfo=self.zone)
        first, second = wall.replace(fold=0).timestamp(), wall.replace(fold=1).timestamp()
        return first if first == second else None

    def _slowly(self, text: str, home: str) -> float:
        at = datetime.fromisoformat(text)
        if at.tzinfo is not None:
            return at.timestamp()
        first = at.replace(tzinfo=self.zone, fold=0).timestamp()
        second = at.replace(tzinfo=self.zone, fold=1).timestamp()
        # In the hour that comes twice, times that go back mean the second one.
        chosen = second if second > first and first < self.newest.get(home, 0.0) else first
        self.newest[home] = max(self.newest.get(home, 0.0), chosen)
        return chosen
