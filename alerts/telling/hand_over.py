"""Handing over for a time: "my brother until Sunday 20:00", by a text or on the page.

Whoever stands in is told instead, wherever the other is on a ladder, until the time is over or
it is taken back.
"""

import logging
import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from psycopg import Connection

from alerts.telling import texts
from alerts.telling.queueing import Draft, Purpose, queue
from alerts.telling.state_table import Channel
from gateway.log import about
from ingest.database import sql

log = logging.getLogger(__name__)

LONGEST = timedelta(days=60)
_DAYS = ("MON", "TUE", "WED", "THU", "FRI", "SAT", "SUN")
_DAY = r"(?P<day>MON|TUE|WED|THU|FRI|SAT|SUN)[A-Z]*"
_TIME = r"(?P<hour>[01]?[0-9]|2[0-3])(?: (?P<minute>[0-5][0-9]))?"
_WHEN = re.compile(rf"(?:UNTIL )?(?:{_DAY} ?)?{_TIME}")


class CannotHandOverError(ValueError):
    """Why not, in plain words."""


def hand_over(
    connection: Connection, person_id: int, to_person_id: int, until: datetime, channel: Channel, now: datetime
) -> None:
    """From now on `to_person_id` is told instead. Raises CannotHandOverError."""
    if to_person_id == person_id:
        raise CannotHandOverError("somebody else has to stand in")
    if not now < until <= now + LONGEST:
        raise CannotHandOverError(f"the end has to lie within the next {LONGEST.days} days")
    with connection.transaction():
        values = {"person": person_id, "to": to_person_id, "until": until, "channel": channel, "now": now}
        connection.execute(sql(__file__, "end_hand_over"), values)
        row = connection.execute(sql(__file__, "keep_hand_over"), values).fetchone()
        if row is None:
            raise CannotHandOverError("texts to that person do not arrive")
        words = texts.you_stand_in(local(until, ZoneInfo(row[0])))
        queue(connection, [Draft(to_person_id, Purpose.HAND_OVER, words, urgent=False)], now)
    log.info("Somebody stands in", extra=about("handed_over", person_id=person_id, to_person_id=to_person_id))


def take_back(connection: Connection, person_id: int, now: datetime) -> bool:
    """Whether anything was handed over."""
    return connection.execute(sql(__file__, "end_hand_over"), {"person": person_id, "now": now}).rowcount > 0


def swap(connection: Connection, person_id: int, when: str, channel: Channel, now: datetime) -> str:
    """ "SWAP SUN 20:00": hand over to one's deputy. Returns the answer."""
    row = connection.execute("select deputy_id, time_zone from person where id = %s", (person_id,)).fetchone()
    if row is None or row[0] is None:
        return texts.NO_DEPUTY
    zone = ZoneInfo(row[1])
    until = read_until(when, zone, now)
    if until is None:
        return texts.WHEN_IS_THAT
    try:
        hand_over(connection, person_id, row[0], until, channel, now)
    except CannotHandOverError:
        return texts.NO_DEPUTY
    return texts.handed_over(local(until, zone))


def back(connection: Connection, person_id: int, now: datetime) -> str:
    take_back(connection, person_id, now)
    return texts.taken_back()


def read_until(text: str, zone: ZoneInfo, now: datetime) -> datetime | None:
    """The next time that these words mean: "SUN 20 00", "20 00", "UNTIL FRI 7"; None: not understood. Pure."""
    found = _WHEN.fullmatch(text)
    if found is None:
        return None
    local_now = now.astimezone(zone)
    ahead = (_DAYS.index(found["day"]) - local_now.weekday()) % 7 if found["day"] else 0
    at = local_now.replace(
        hour=int(found["hour"]), minute=int(found["minute"] or 0), second=0, microsecond=0, fold=0
    ) + timedelta(days=ahead)
    if at <= local_now:
        at += timedelta(days=7 if found["day"] else 1)
    return at.astimezone(UTC)


def local(at: datetime, zone: ZoneInfo) -> str:
    """ "Sun 20:00"."""
    return f"{at.astimezone(zone):%a %H:%M}"
