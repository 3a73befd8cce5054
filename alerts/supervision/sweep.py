"""Looking for devices in trouble: a few queries over all homes, and work only for homes where one is new.

Any number of processes may do this at once: an occasion is a finding once.
"""

import logging
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import TypeVar

import psycopg
from psycopg import Connection
from psycopg.rows import class_row

from alerts.findings import news
from alerts.one_home import Judgement
from alerts.opening import write_alerts
from alerts.supervision import troubles
from alerts.supervision.gateway_problems import GatewayProblem, problems
from alerts.supervision.troubles import CheckIn, ClockOff, Health, Storm, Stranger, Trouble
from gateway.log import about
from ingest.database import sql

log = logging.getLogger(__name__)

EVERY_S = 300.0
"""So often a process looks; see STORM_READINGS."""
STORM_READINGS = 150
"""Within ten minutes. Looking each five minutes, one of two looks sees at least half of that time, and so
a device that sends twice as often as this. Homes of the TIHM data (doi 10.1038/s41597-023-02519-y)
have at most one movement a minute from one sensor."""
AT_ONCE = 200
"""Homes in one transaction."""

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Swept:
    """How many new troubles were found, and how many alerts were opened."""

    found: int
    alerts: int


def sweep(connection: Connection, now: datetime) -> Swept:
    """Find devices in trouble and tell the housing team. The connection commits each statement."""
    found = _new(connection, _troubles(connection, now))
    homes: dict[int, list[Trouble]] = defaultdict(list)
    for trouble in found:
        homes[trouble.home_id].append(trouble)
    judged = [_judgement(home, homes[home], now) for home in sorted(homes)]
    alerts = sum(_write(connection, judged[first : first + AT_ONCE], now) for first in range(0, len(judged), AT_ONCE))
    if found:
        log.info("Devices are in trouble", extra=about("devices_in_trouble", found=len(found), alerts=alerts))
    return Swept(len(found), alerts)


def _troubles(connection: Connection, now: datetime) -> list[Trouble]:
    """Everything that is wrong with devices now."""
    check_ins = _rows(connection, CheckIn, "check_ins", now)
    by_gateway = groupby(check_ins, key=lambda one: one.gateway_id)
    silent = [trouble for _, sensors in by_gateway for trouble in troubles.silences(list(sensors), now)]
    return [
        *silent,
        *troubles.healths(_rows(connection, Health, "healths", now), now),
        *troubles.clocks(_rows(connection, ClockOff, "clocks", now), now),
        *troubles.storms(_rows(connection, Storm, "storms", now), now),
        *troubles.strangers(_rows(connection, Stranger, "strangers", now), now),
        *problems(_rows(connection, GatewayProblem, "gateway_problems", now), now),
    ]


def _rows(connection: Connection, kind: type[Row], name: str, now: datetime) -> list[Row]:
    with connection.cursor(row_factory=class_row(kind)) as cursor:
        return cursor.execute(sql(__file__, name), {"now": now, "most": STORM_READINGS}).fetchall()


def _new(connection: Connection, found: Sequence[Trouble]) -> list[Trouble]:
    """Those that nobody was told of."""
    if not found:
        return []
    values = {"homes": [one.home_id for one in found], "occasions": [one.verdict.occasion for one in found]}
    return [found[place] for (place,) in connection.execute(sql(__file__, "not_found_yet"), values)]


def _judgement(home_id: int, found: Sequence[Trouble], now: datetime) -> Judgement:
    said = (news(None, 0, one.verdict, (), now) for one in found)
    return Judgement(home_id, due_at=now, news=tuple(one for one in said if one))


def _write(connection: Connection, judged: Sequence[Judgement], now: datetime) -> int:
    """All at once; should the database refuse that, each home by itself, so that one cannot stop the others."""
    try:
        with connection.transaction():
            connection.execute(sql(__file__, "lock_homes"), {"homes": [one.home_id for one in judged]})
            return write_alerts(connection, judged, now)
    except psycopg.OperationalError:
        raise  # the connection or a lock: nothing is wrong with any home
    except Exception as error:  # noqa: BLE001 - whatever is wrong with one home must not stop the others
        if len(judged) > 1:
            return sum(_write(connection, [one], now) for one in judged)
        fields = about("home_set_aside", home_id=judged[0].home_id, error=type(error).__name__)
        log.error("A home's devices cannot be told of", extra=fields)  # noqa: TRY400 - its words may hold more
        return 0
