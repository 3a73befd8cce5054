"""Looking at all homes together once a minute, and the ledger of times in which we could not see.

Any number of processes may ask for a look; one a minute is taken, whoever comes first. At most
one outage is open, which is one incident for the operator and nobody else's.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import psycopg
from psycopg import Connection

from alerts import fleet
from alerts.fleet import Counts, Habit
from alerts.ledger import REMEMBERED, Outage, OutageKind
from alerts.local_days import local_hour, minute_of
from gateway.log import about
from ingest.database import sql

log = logging.getLogger(__name__)

LOOK_EVERY = timedelta(minutes=1)
SAMPLE = 500
"""Signs of life are looked up in about so many homes; more would tell the same."""

FLEET_ZONE = ZoneInfo("Europe/London")
"""By whose clock homes stir: a fleet is one country's."""


@dataclass(frozen=True, slots=True)
class OpenOutage:
    """The incident that goes on, for the operator."""

    id: int
    kind: OutageKind
    began_at: datetime
    found_at: datetime
    homes: int
    """In service when it began."""
    heard: int
    """Of those still heard, or of a sample those that still stirred, when it was found."""


def ledger(connection: Connection, now: datetime) -> list[Outage]:
    """The outages that still matter to anybody's picture, oldest first."""
    return ledger_since(connection, now - REMEMBERED)


def ledger_since(connection: Connection, since: datetime) -> list[Outage]:
    """The outages that ended since then, or go on, oldest first."""
    rows = connection.execute(sql(__file__, "load_outages"), {"since": since})
    return [Outage(OutageKind(kind), began_at, ended_at) for kind, began_at, ended_at in rows]


def open_outage(connection: Connection) -> OpenOutage | None:
    """The one that goes on; None: all is well."""
    row = connection.execute(sql(__file__, "open_outage")).fetchone()
    return OpenOutage(row[0], OutageKind(row[1]), *row[2:]) if row else None


def look_at_all(connection: Connection, now: datetime) -> bool:
    """Look whether most homes fell silent together, or are heard again, unless that was just done. Whether it was."""
    with connection.transaction():
        before = _claim(connection, now)
        if before is None:
            return False
        held = open_outage(connection)
        if held is None:
            _begin(connection, before, now)
        else:
            _end(connection, held, now)
    return True


class Lookout:
    """Judging goes on only while this process knows that all homes were looked at lately.

    After a database, or the machine, was away for long every home seems silent: whether that is us
    has to be known before the first of them is judged.
    """

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._looked_at: datetime | None = None

    def look(self, connection: Connection) -> None:
        look_at_all(connection, self._now())
        self._looked_at = self._now()

    def look_if_missed(self, connection: Connection) -> None:
        """Look now if the last look is longer ago than two should be. A look that fails does not stop judging."""
        if self._looked_at is not None and self._now() - self._looked_at <= 2 * LOOK_EVERY:
            return
        try:
            self.look(connection)
        except psycopg.OperationalError:
            raise  # the database is away: no judging either
        except psycopg.Error as error:
            self._looked_at = self._now()
            log.exception("Homes cannot be looked at together", extra=about("fleet_unseen", error=type(error).__name__))


def _claim(connection: Connection, now: datetime) -> datetime | None:
    """The time of the look before this one; None: somebody else looks, or has just looked."""
    row = connection.execute(sql(__file__, "claim_look"), {"now": now, "every": LOOK_EVERY}).fetchone()
    return row[0] if row else None


def _begin(connection: Connection, before: datetime, now: datetime) -> None:
    counted = _count(connection, before, now)
    counts = counted.counts
    kind = fleet.stopped(counts, _usual(now))
    if kind is OutageKind.SIGNS:  # not usual elsewhere; perhaps it is here
        kind = fleet.stopped(counts, _usual_here(connection, counts, now))
    if kind is None:
        return
    began, homes, heard = counted.last_heard, counts.in_service, counts.heard
    if kind is OutageKind.SIGNS:
        began, homes, heard = counted.last_stirred, counts.lived_in, counts.stirred
    values = {"kind": kind, "began": began, "now": now, "homes": homes, "heard": heard}
    row = connection.execute(sql(__file__, "begin_outage"), values).fetchone()
    if row:
        log.error(
            "Most homes fell silent together: it is us. Nobody is told about single homes",
            extra=about("fleet_silent", outage_id=row[0], kind=kind, homes=homes, heard=heard, began_at=str(began)),
        )


def _end(connection: Connection, held: OpenOutage, now: datetime) -> None:
    counts = _count(connection, now, now).counts
    usual = _usual_here(connection, counts, now)
    if not fleet.is_over(Outage(held.kind, held.began_at), held.homes, counts, usual, now):
        return
    connection.execute(sql(__file__, "end_outage"), {"id": held.id, "now": now})
    fields = about("fleet_heard_again", outage_id=held.id, homes=held.homes, began_at=str(held.began_at))
    log.warning("Most homes are heard again", extra=fields)


def _usual(now: datetime) -> float:
    return fleet.usual_share(_hour(now))


def _usual_here(connection: Connection, counts: Counts, now: datetime) -> float:
    values = {"now": now, "days": fleet.HABIT_DAYS, "every": _one_in(counts.in_service)}
    habit = Habit(*(connection.execute(sql(__file__, "habit_of_hour"), values).fetchone() or (0, 0)))
    return fleet.usual_here(_usual(now), _hour(now), habit)


def _hour(now: datetime) -> float:
    return local_hour(FLEET_ZONE, minute_of(now))


def _one_in(homes: int) -> int:
    """Of so many homes every how manieth is asked."""
    return max(1, round(homes / SAMPLE))


@dataclass(frozen=True, slots=True)
class _Counted:
    counts: Counts
    last_heard: datetime | None
    """When the last home that is silent now was heard."""
    last_stirred: datetime | None
    """When something stirred last in a home in which nothing does now."""


def _count(connection: Connection, before: datetime, now: datetime) -> _Counted:
    """Who was heard in the hour before the last look counts as in service: nobody looked since."""
    within = now - timedelta(minutes=fleet.BEATS_WITHIN_MIN)
    service = min(before, within) - timedelta(minutes=fleet.BEFORE_MIN)
    homes = {"within": within, "before": service, "now": now}
    in_service, heard, last_heard = connection.execute(sql(__file__, "count_beats"), homes).fetchone() or (0, 0, None)
    signs = {
        "now": now,
        "within": within,
        "every": _one_in(heard),
        "lived": now - timedelta(minutes=fleet.LIVED_IN_MIN),
        "stirred": now - timedelta(minutes=fleet.SIGNS_WITHIN_MIN),
    }
    row = connection.execute(sql(__file__, "count_signs"), signs).fetchone() or (0, 0, 0, None)
    asked, lived_in, stirred, last_stirred = row
    return _Counted(Counts(in_service, heard, asked, lived_in, stirred), last_heard, last_stirred)
