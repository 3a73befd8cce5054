"""Homes in which the resident paused monitoring, in words."""

from collections.abc import Iterable
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


def of_home(connection: Connection, home_id: int, now: datetime) -> tuple[Pause, ...]:
    """The pauses of the last 14 days, as they count."""
    values = {"home": home_id, "since": now - LOOKED_AT}
    return counted(Pause(*row) for row in connection.execute(sql(__file__, "pauses_of_home"), values))


Told = tuple[str, str, str | None]
"""A pause as JSON: when it began, until when, and when it was ended."""


def held(told: Iterable[Told], now: datetime) -> Pause | None:
    """The one that goes on."""
    return next((one for one in counted(_read(*each) for each in told) if one.holds(now)), None)


def _read(from_at: str, until_at: str, ended_at: str | None) -> Pause:
    ended = datetime.fromisoformat(ended_at) if ended_at else None
    return Pause(datetime.fromisoformat(from_at), datetime.fromisoformat(until_at), ended)


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
