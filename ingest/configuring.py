"""What gateways are told: their configs, made anew when something changed, and commands.

In the caller's transaction: a reminder and the config that holds it are changed together or
not at all. `ingest/telling_gateways.py` publishes them.
"""

from datetime import datetime, timedelta
from typing import TypeVar

from psycopg import Connection
from psycopg.rows import class_row

from gateway.config import TABLET, Do, sensor_of
from ingest.composing import Before, ReminderRow, Said, SettingRow, VisitorRow, compose
from ingest.database import sql

CONFIG = "hearth_config"
"""NOTIFY channel: some gateway is to be told something."""
Row = TypeVar("Row")
ASKS_FOR = timedelta(minutes=15)
"""How long the question "are you all right?" stands on the tablet."""


def renew(connection: Connection, home_id: int, now: datetime) -> None:
    """Make the configs of a home's gateways anew where something changed.

    Raises composing.TooMuchError, and then nothing may be committed.
    """
    connection.execute(sql(__file__, "lock_home_of_config"), {"home": home_id})
    visitors = _rows(connection, VisitorRow, "visitors_of_home", home=home_id)
    rows = connection.execute(sql(__file__, "gateways_of_home"), {"home": home_id}).fetchall()
    for gateway_id, zone, beat_s, version, made_at, body in rows:
        devices = _rows(connection, SettingRow, "device_settings_of_gateway", gateway=gateway_id)
        reminders = _rows(connection, ReminderRow, "reminders_of_gateway", gateway=gateway_id)
        said = Said(zone, beat_s, devices, reminders, visitors)
        before = Before(version, made_at, body) if version else None
        config = compose(said, before, now) if before or said else None
        if config is not None:
            values = {"gateway": gateway_id, "version": config.version, "made_at": config.made_at}
            connection.execute(sql(__file__, "keep_config"), values | {"body": config.model_dump_json()})
    connection.execute("select pg_notify(%s, '')", [CONFIG])


def _rows(connection: Connection, kind: type[Row], name: str, **given: int) -> list[Row]:
    with connection.cursor(row_factory=class_row(kind)) as cursor:
        return cursor.execute(sql(__file__, name), given).fetchall()


def equip(connection: Connection, reminder_id: int) -> None:
    """The sensors under which this reminder and the tablet's buttons report."""
    values = {"reminder": reminder_id, "sensor": sensor_of(reminder_id), "tablet": TABLET}
    connection.execute(sql(__file__, "equip_reminder"), values)


def order(
    connection: Connection,
    gateway_id: int,
    do: Do,
    now: datetime,
    lasts: timedelta = ASKS_FOR,
    *,
    reminder_id: int | None = None,
    person_id: int | None = None,
    alert_id: int | None = None,
) -> int:
    """Tell a gateway to do something now; it is forgotten unless the gateway can be reached in time. Its id.

    `alert_id`: on whose behalf the resident is asked.
    """
    if do is Do.ASK:
        connection.execute(sql(__file__, "equip_tablet"), {"gateway": gateway_id, "tablet": TABLET})
    values = {
        "gateway": gateway_id,
        "command": do.value,
        "now": now,
        "expires_at": now + lasts,
        "reminder": reminder_id,
        "person": person_id,
        "alert": alert_id,
    }
    row = connection.execute(sql(__file__, "add_command"), values).fetchone()
    connection.execute("select pg_notify(%s, '')", [CONFIG])
    if row is None:
        raise LookupError(f"gateway {gateway_id}")
    return int(row[0])
