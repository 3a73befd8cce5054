"""Homes of one area that fall silent together: a power cut in a block, a mast that is down.

That is one incident for the housing team, with the homes in the order of how much to worry, instead
of a job about each. Families hear nothing: a home that cannot be seen is no silence of a person.
Any number of processes may look; an area has one open incident.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg import Connection
from psycopg.rows import class_row

from alerts import fleet
from alerts.ledger import GRACE
from gateway.log import about
from ingest.database import sql

log = logging.getLogger(__name__)

LOOK_EVERY_S = 60.0
FEWEST = 5
"""So many homes must have fallen silent, and at least half of those in service in the area."""
SILENT_FOR = timedelta(minutes=fleet.BEATS_WITHIN_MIN)
TOGETHER = timedelta(minutes=15)
"""All last heard within so long of each other."""
IN_SERVICE = timedelta(minutes=fleet.BEFORE_MIN)
"""Heard so long before all that."""


@dataclass(frozen=True, slots=True)
class AreaIncident:
    """One that goes on."""

    id: int
    area: str
    began_at: datetime
    found_at: datetime
    homes: int
    """In service in the area when it was found."""
    silent: int
    """Homes it has hit so far."""


@dataclass(frozen=True, slots=True)
class HomeAtRisk:
    """One home of an incident."""

    home_id: int
    name: str
    alert_id: int | None
    """Something about the person is open there."""
    nobody_has_it: bool
    nobody_answered: bool
    lives_alone: bool
    last_sign_at: datetime | None
    heard_at: datetime | None


def look_at_areas(connection: Connection, now: datetime) -> None:
    """Open incidents, let homes and their technical alerts join them, and end those that are over."""
    silent = now - SILENT_FOR
    values = {
        "now": now,
        "silent": silent,
        "together": silent - TOGETHER,
        "service": silent - TOGETHER - IN_SERVICE,
        "fewest": FEWEST,
        "apart": TOGETHER,
        "longest_ago": now - fleet.LONGEST,
        "rested": now - GRACE,
    }
    with connection.transaction():
        begun = connection.execute(sql(__file__, "begin_area_incidents"), values).fetchall()
        connection.execute(sql(__file__, "join_area_incidents"), values)
        ended = connection.execute(sql(__file__, "end_area_incidents"), values).fetchall()
    for incident, homes in begun:
        fields = about("area_silent", incident_id=incident, homes=homes)
        log.warning("Many homes of one area fell silent together", extra=fields)
    for (incident,) in ended:
        log.info("The homes of an area are heard again", extra=about("area_heard_again", incident_id=incident))


def open_incidents(connection: Connection) -> list[AreaIncident]:
    """Those that go on, the newest first."""
    with connection.cursor(row_factory=class_row(AreaIncident)) as cursor:
        return cursor.execute(sql(__file__, "open_area_incidents")).fetchall()


def homes_at_risk(connection: Connection, incident_id: int, now: datetime) -> list[HomeAtRisk]:
    """The homes of an incident, those first about whom to worry most."""
    with connection.cursor(row_factory=class_row(HomeAtRisk)) as cursor:
        return cursor.execute(sql(__file__, "homes_at_risk"), {"incident": incident_id, "now": now}).fetchall()
