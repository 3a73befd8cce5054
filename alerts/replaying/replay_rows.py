"""Reading recorded homes: CSV with the columns home,time,sensor and, where there are, value and arrived.

`time` is local time without a zone or any time with one. Nothing is held but one line at a time.
"""

import csv
import gzip
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import TextIO
from zoneinfo import ZoneInfo

Row = tuple[str, float, str, float | None, float]
"""Home, Unix seconds, sensor, value where the file has one, Unix seconds of arrival."""


Columns = tuple[int, int, int, int | None, int | None]
"""Where home, time, sensor, value and arrival stand in a line."""

_WITHIN_HOUR = {
    f":{minute:02}:{second:02}": float(60 * minute + second) for minute in range(60) for second in range(60)
}


class BadReadingsError(ValueError):
    """A file that holds no readings; the message says which line and why."""


@contextmanager
def opened(file: Path) -> Iterator[TextIO]:
    with gzip.open(file, "rt", encoding="utf-8") if file.suffix == ".gz" else file.open(encoding="utf-8") as lines:
        yield lines


def rows(lines: TextIO, zone: ZoneInfo, arrivals: str | None = None) -> Iterator[Row]:
    """The lines of a file in its order. Without a column of arrivals each arrives as it happens."""
    reader = csv.reader(chain.from_iterable(_blocks(lines)))
    columns = _columns(next(reader, []), arrivals)
    seconds = Seconds(zone)
    try:
        if columns[3:] == (None, None):
            yield from _bare(reader, columns, seconds)
        else:
            yield from _full(reader, columns, seconds)
    except (ValueError, IndexError, csv.Error) as error:
        raise BadReadingsError(f"line {reader.line_num}: {error}") from None


def _blocks(lines: TextIO) -> Iterator[list[str]]:
    """The lines, a million characters at a time, which is a good deal quicker than one by one."""
    rest = ""
    while block := lines.read(1 << 20):
        whole = (rest + block).split("\n")
        rest = whole.pop()
        yield whole
    if rest:
        yield [rest]


def _bare(reader: Iterable[list[str]], columns: Columns, seconds: "Seconds") -> Iterator[Row]:
    """Home, time and sensor alone: the many rows of long recordings, so without a call for each."""
    home_at, time_at, sensor_at = columns[:3]
    hours = seconds.hours
    for line in reader:
        text = line[time_at]
        try:
            at = hours[text[:13]] + _WITHIN_HOUR[text[13:]]
        except KeyError:
            at = seconds.of(text, line[home_at])
        yield line[home_at], at, line[sensor_at], None, at


def _full(reader: Iterable[list[str]], columns: Columns, seconds: "Seconds") -> Iterator[Row]:
    home_at, time_at, sensor_at, value_at, arrived_at = columns
    for line in reader:
        at = seconds.of(line[time_at], line[home_at])
        text = line[value_at] if value_at is not None else ""
        value = (float(text) if text != "beat" else 0.0) if text else None
        came = line[arrived_at] if arrived_at is not None else ""
        yield line[home_at], at, line[sensor_at], value, seconds.of(came, "") if came else at


def _columns(header: list[str], arrivals: str | None) -> Columns:
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
        self.hours: dict[str, float] = {}
        """The beginning of each hour of local time met so far that comes once."""
        self.newest: dict[str, float] = {}

    def of(self, text: str, home: str) -> float:
        """Raises ValueError on what is no time. `home`: whose times rise, to tell an hour that comes twice."""
        within = _WITHIN_HOUR.get(text[13:])
        if within is None:
            return self._slowly(text, home)
        hour = text[:13]
        if hour not in self.hours and not self._add(hour):
            return self._slowly(text, home)
        return self.hours[hour] + within

    def _add(self, hour: str) -> bool:
        """Whether this hour comes once; then it is kept."""
        wall = datetime.fromisoformat(hour + ":00:00").replace(tzinfo=self.zone)
        first, second = wall.replace(fold=0).timestamp(), wall.replace(fold=1).timestamp()
        if first == second:
            self.hours[hour] = first
        return first == second

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
