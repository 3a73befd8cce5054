"""Homes in which the resident paused monitoring, in words."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from psycopg import Connection

from alerts.pauses import Pause, counted
from api.people import Home
from api.times import clock, coming
from api.views import Paused
from ingest.database import sql

LOOKED_AT = timedelta(days=14)
OFTEN = 5
"""Paused on so many of the last 14 days: more than one day of three, and perhaps by mistake."""


def of_homes(connection: Connection, home_ids: Sequence[int], now: datetime) -> dict[int, tuple[Pause, ...]]:
    """The pauses of the last 14 days as they count, of those of these homes that had any."""
    told: defaultdict[int, list[Pause]] = defaultdict(list)
    values = {"homes": list(home_ids), "since": now - LOOKED_AT}
    for home_id, *pause in connection.execute(sql(__file__, "pauses_of_homes"), values):
        told[home_id].append(Pause(*pause))
    return {home_id: counted(some) for home_id, some in told.items()}


def of_home(connection: Connection, home_id: int, now: datetime) -> tuple[Pause, ...]:
    """The same of one home."""
    return of_homes(connection, [home_id], now).get(home_id, ())


def held(pauses: Iterable[Pause], now: datetime) -> Pause | None:
    """The one that goes on."""
    return next((one for one in pauses if one.holds(now)), None)


def in_words(pause: Pause, resident: str, zone: ZoneInfo, now: datetime) -> Paused:
    """ "Paused by Peter until 14:00"."""
    today = pause.end.astimezone(zone).date() == now.astimezone(zone).date()
    until = clock(pause.end, zone) if today else coming(pause.end, zone, now)
    return Paused(f"Paused by {resident} until {until}", pause.from_at, pause.end)


def how_often(pauses: Iterable[Pause], home: Home, now: datetime) -> str:
    """That it is paused on many days, for the team; empty: it is not."""
    today = now.astimezone(home.zone).date()
    first = today - LOOKED_AT + timedelta(days=1)
    days = {day for one in pauses for day in _days(one, home.zone, now) if day >= first}
    if len(days) < OFTEN:
        return ""
    return (
        f"Monitoring was paused on {len(days)} of the last {LOOKED_AT.days} days. "
        f"Perhaps it is pressed by mistake: please ask {home.resident}."
    )


def _days(pause: Pause, zone: ZoneInfo, now: datetime) -> Iterable[date]:
    """The local days that it touches, up to today."""
    first, last = pause.from_at.astimezone(zone).date(), min(pause.end, now).astimezone(zone).date()
    return (first + timedelta(days=number) for number in range((last - first).days + 1))
