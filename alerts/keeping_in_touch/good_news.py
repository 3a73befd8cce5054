""" "All as usual this morning", once a day, to families who want it.

The database says who might hear it; whether it is so is decided in morning.py, from the picture.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from psycopg import Connection
from psycopg.rows import class_row

from alerts import loading
from alerts.keeping_in_touch.morning import was_as_usual
from alerts.loading import HomeFacts
from alerts.telling import texts
from alerts.telling.queueing import Draft, Purpose, queue
from gateway.log import about
from ingest.database import sql

log = logging.getLogger(__name__)

AT_ONCE = 200
"""People in one transaction."""


@dataclass(frozen=True, slots=True)
class _Listener:
    """Somebody who might hear it today, and the homes of theirs in which somebody is expected."""

    person_id: int
    day: date
    follows_several: bool
    homes: list[int]


def tell(connection: Connection, now: datetime) -> int:
    """Tell whoever may be told now; how many. What is not out yet and no longer true is taken back."""
    connection.execute(sql(__file__, "take_back"), {"now": now})
    told, after = 0, 0
    while listeners := _listeners(connection, after, now):
        told += _tell(connection, listeners, now)
        after = listeners[-1].person_id
    if told:
        log.info("Good news was written", extra=about("good_news", people=told))
    return told


def _listeners(connection: Connection, after: int, now: datetime) -> list[_Listener]:
    values = {"now": now, "after": after, "limit": AT_ONCE}
    with connection.cursor(row_factory=class_row(_Listener)) as cursor:
        return cursor.execute(sql(__file__, "morning_due"), values).fetchall()


def _tell(connection: Connection, listeners: Sequence[_Listener], now: datetime) -> int:
    homes = sorted({home for one in listeners for home in one.homes})
    well = {home.home_id for home in loading.several(connection, homes, now) if _is_well(home, now)}
    good = {one.person_id: one for one in listeners if well.issuperset(one.homes)}
    if not good:
        return 0
    values = {"people": list(good), "days": [one.day for one in good.values()], "now": now}
    with connection.transaction():
        told = [good[row[0]] for row in connection.execute(sql(__file__, "morning_told"), values)]
        drafts = [
            Draft(one.person_id, Purpose.GOOD_NEWS, texts.good_news(several=one.follows_several), urgent=False)
            for one in told
        ]
        queue(connection, drafts, now)
    return len(told)


def _is_well(home: HomeFacts, now: datetime) -> bool:
    """A home that cannot be judged is no good news, and stops nobody else's."""
    try:
        return was_as_usual(home, now)
    except Exception as error:  # noqa: BLE001 - a picture of another version, a rule that cannot be read
        fields = about("good_news_set_aside", home_id=home.home_id, error=type(error).__name__)
        log.warning("A home's morning cannot be told", extra=fields)
        return False
