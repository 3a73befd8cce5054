"""Readings of made-up homes, said shortly. Days are of November 2026, when London keeps UTC."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from alerts.picture import Picture, Seen, fold
from gateway.messages import Kind

LONDON = ZoneInfo("Europe/London")
BEAT = timedelta(minutes=5)


def at(text: str, day: int = 18) -> datetime:
    """ "07:30" on a Wednesday, or another day of that November."""
    hour, minute = map(int, text.split(":"))
    return datetime(2026, 11, day, hour, minute, tzinfo=UTC)


def motion(when: datetime, place: str = "kitchen") -> Seen:
    return Seen(when, place, "room", Kind.MOTION, 1)


def door(when: datetime, value: float = 1, place: str = "front door") -> Seen:
    return Seen(when, place, "outside_door", Kind.CONTACT, value)


def sos(when: datetime) -> Seen:
    return Seen(when, "bedroom", "button", Kind.BUTTON, 2)


def beats(start: datetime, end: datetime) -> Iterator[Seen]:
    """The beats with which a gateway covers everything from start to end."""
    when = start + BEAT
    while when <= end:
        yield Seen(when, "gateway", "gateway", Kind.BEAT, 0)
        when += BEAT


def stir(when: datetime, place: str = "kitchen", minutes: int = 6) -> list[Seen]:
    """Somebody is about: a movement every two minutes."""
    return [motion(when + timedelta(minutes=m), place) for m in range(0, minutes, 2)]


def picture(*readings: Iterable[Seen]) -> Picture:
    return fold(Picture.empty(), [one for some in readings for one in some])
