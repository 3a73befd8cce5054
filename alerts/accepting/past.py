"""The last weeks of one home, as rows that rules can be measured and tried on."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from psycopg import Connection

from alerts import loading
from alerts.away import Absence
from alerts.folding import HORIZON_MIN, Plain
from alerts.outages import ledger_since
from alerts.pauses import Pause
from alerts.replaying.around import NOTHING_ELSE, Around
from alerts.rules.fitting import Placed
from ingest.database import sql
from ingest.kinds import KIND

DAYS = 28
"""Whole local days, up to last midnight: what is suggested stays the same all day."""
MOST_READINGS = 300_000
"""Twenty times a lively home's four weeks; a device that sends without end is not learned from."""

_BEFORE = timedelta(minutes=HORIZON_MIN)


class TooManyReadingsError(ValueError):
    """More than can be looked at while somebody waits."""


@dataclass(frozen=True, slots=True)
class Past:
    """One home's readings in order, among them those of the three days before `start`."""

    readings: tuple[Plain, ...]
    zone: ZoneInfo
    start: datetime
    """Midnight of the first day that holds a reading, aware."""
    end: datetime
    sensors: tuple[Placed, ...] = ()
    occupants: int = 1
    around: Around = NOTHING_ELSE

    @property
    def days(self) -> int:
        """Whole days with readings, from the first such day on."""
        return (self.end.astimezone(self.zone).date() - self.start.astimezone(self.zone).date()).days

    @property
    def within(self) -> tuple[Plain, ...]:
        """The readings from `start` on."""
        first = self.start.timestamp()
        return tuple(reading for reading in self.readings if reading[0] >= first)


def past(connection: Connection, home_id: int, zone: ZoneInfo, now: datetime) -> Past:
    """The last DAYS days before today; fewer where the home is younger. Raises TooManyReadingsError."""
    today = now.astimezone(zone).date()
    start, end = _midnight(today - timedelta(days=DAYS), zone), _midnight(today, zone)
    values = {"home": home_id, "start": start - _BEFORE, "end": end, "kinds": loading.KINDS, "limit": MOST_READINGS}
    with connection.cursor(binary=True) as cursor:
        rows = cursor.execute(sql(__file__, "past_readings"), values).fetchall()
    if len(rows) > MOST_READINGS:
        raise TooManyReadingsError("This home has sent far too many readings to look at them all. Is a device faulty?")
    readings = tuple((at, place, role, KIND[kind], value) for at, place, role, kind, value in rows)
    first = next((at for at, *_ in readings if at >= start.timestamp()), None)
    if first is not None:
        start = _midnight(datetime.fromtimestamp(first, zone).date(), zone)
    row = connection.execute(sql(__file__, "occupants"), {"home": home_id}).fetchone()
    sensors = sensors_of(connection, home_id)
    around = _around(connection, home_id, start - _BEFORE)
    return Past(readings, zone, start if first is not None else end, end, sensors, row[0] if row else 1, around)


def _around(connection: Connection, home_id: int, since: datetime) -> Around:
    values = {"homes": [home_id], "since": since}
    absences = connection.execute(sql(loading.__file__, "load_absences"), values)
    pauses = connection.execute(sql(loading.__file__, "load_pauses"), values)
    return Around(
        ledger_since(connection, since),
        [Absence(*row) for row in absences],
        [Pause(*row) for _, *row in pauses],
    )


def sensors_of(connection: Connection, home_id: int) -> tuple[Placed, ...]:
    """Where a home has which sensors, but for the box itself."""
    return tuple(connection.execute(sql(__file__, "sensors_of_home"), {"home": home_id}).fetchall())


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(), zone).astimezone(UTC)
