"""The made-up home in the database: written once, by `--prepare`."""

from datetime import datetime

import psycopg

from alerts.judging import add_rule
from alerts.rules import DoorAtNight
from gateway.messages import GATEWAY_SENSOR
from ingest.database import sql
from simulators.probe.settings import ProbeSettings

DOOR = "probe-door"
ANY_HOUR = DoorAtNight(name="probe", start="00:00", end="23:59")
"""For the probe it is always night, but for the last minute of the day."""


def prepare(connection: psycopg.Connection, settings: ProbeSettings, now: datetime) -> bool:
    """Whether it was made now; False when it was there already."""
    values = {
        "gateway": settings.probe_gateway,
        "phone": settings.probe_phone,
        "door": DOOR,
        "own": GATEWAY_SENSOR,
        "now": now,
    }
    with connection.transaction():
        row = connection.execute(sql(__file__, "add_probe"), values).fetchone()
        if row is None:
            return False
        add_rule(connection, row[0], ANY_HOUR)
    return True
