"""Faults of delivery in real days: what is withheld, late, twice or in disorder. Pure and seeded."""

from collections.abc import Iterable, Iterator
from datetime import date
from random import Random

from alerts.folding import Plain
from gateway.messages import BEAT_EVERY_S, Kind
from simulators.quality.recorded import Home, start_of

Delivered = tuple[float, Plain]
"""Unix seconds of arrival, reading."""

GONE_S = 6 * 3600.0
AFTER_S = 18 * 3600.0


def beats(start: float, end: float) -> Iterator[Plain]:
    at = start
    while at < end:
        yield (at, "gateway", "gateway", Kind.BEAT, 0.0)
        at += BEAT_EVERY_S


def withheld(home: Home, start: float, gone: tuple[float, float], end: float) -> list[Delivered]:
    """Readings and beats; those of `gone` come in one burst when it is over."""
    readings: list[Plain] = [*home.between(start, end), *beats(start, end)]
    return sorted((gone[1] if gone[0] <= r[0] < gone[1] else r[0], r) for r in readings)


def lost(home: Home, start: float, gone: tuple[float, float], end: float) -> list[Delivered]:
    """The same where what was said meanwhile never comes."""
    kept = [one for one in withheld(home, start, gone, end) if not gone[0] <= one[1][0] < gone[1]]
    return sorted(kept)


def stuck(home: Home, start: float, gone: tuple[float, float], end: float) -> list[Delivered]:
    """Beats go on while readings are held back: the home seems to be seen, and seems silent."""
    held = [(gone[1] if gone[0] <= r[0] < gone[1] else r[0], r) for r in home.between(start, end)]
    return sorted([*held, *((r[0], r) for r in beats(start, end))])


def gone_at(day: date, dice: Random) -> tuple[float, float]:
    start = dice.uniform(start_of(day, 5), start_of(day, 16))
    return start, start + GONE_S


def in_bursts(readings: Iterable[Plain], *, every_s: float = 600, backwards: bool = False) -> list[Delivered]:
    """All that happens in ten minutes comes at their end."""
    held = [((r[0] // every_s + 1) * every_s, r) for r in readings]
    return sorted(held, key=lambda one: (one[0], -one[1][0] if backwards else one[1][0]))
