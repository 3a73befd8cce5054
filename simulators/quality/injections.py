"""Made-up emergencies in real days. Pure and seeded: a home, a day and dice in; a changed story out."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from random import Random

from alerts.folding import Plain
from gateway.messages import Kind
from simulators.quality.recorded import DAY_S, Home, start_of

TRIES = 40
ROOMS = ("kitchen", "bathroom", "bedroom", "lounge", "hallway")


@dataclass(frozen=True, slots=True)
class Story:
    """What happens from midnight of the day on instead, and the moment from which the delay runs."""

    readings: tuple[Plain, ...]
    since: float
    until: float
    """Where the story ends, for judging."""


Injection = Callable[[Home, date, Random], Story | None]


def collapse(home: Home, day: date, dice: Random) -> Story | None:
    """Nothing any more after a random moment at home before 22:00."""
    at = _at_home(home, day, dice)
    if at is None:
        return None
    return Story(home.between(start_of(day), at), at, at + DAY_S)


def collapse_with_phantoms(home: Home, day: date, dice: Random) -> Story | None:
    """The same, in a home whose sensors speak three times a day by themselves."""
    story = collapse(home, day, dice)
    if story is None:
        return None
    phantoms = [motion(story.since + dice.uniform(0, DAY_S), dice.choice(ROOMS)) for _ in range(3)]
    return Story(tuple(sorted([*story.readings, *phantoms])), story.since, story.until)


def not_up(home: Home, day: date, dice: Random) -> Story | None:  # noqa: ARG001 - nothing is left to chance
    """Nothing any more from 04:00 on; she would have been up at the first real sign after it."""
    start = start_of(day, 4)
    later = home.between(start, start_of(day) + DAY_S)
    if not later or not home.is_home(start):
        return None
    return Story(home.between(start_of(day), start), later[0][0], later[0][0] + DAY_S)


def late(home: Home, day: date, dice: Random) -> Story | None:  # noqa: ARG001
    """Everything between 05:00 and three hours after the real first use of the kitchen is missing."""
    at = first_kitchen(home, day)
    if at is None:
        return None
    before, after = home.between(start_of(day), start_of(day, 5)), home.between(at + 3 * 3600, at + DAY_S)
    return Story(before + after, at, at + 3 * 3600)


def no_kitchen(home: Home, day: date, dice: Random) -> Story | None:  # noqa: ARG001
    """About, but never in the kitchen nor at the fridge, from 05:00 until midnight."""
    at = first_kitchen(home, day)
    if at is None:
        return None
    start, end = start_of(day), start_of(day) + DAY_S
    kept = tuple(r for r in home.between(start, end) if not _is_kitchen(r) or r[0] < start_of(day, 5))
    return Story(kept, at, end)


def night_exit(home: Home, day: date, dice: Random) -> Story | None:
    """Out of the door in the night, and nothing any more."""
    at = dice.uniform(start_of(day, 0.5), start_of(day, 4.5))
    return Story((*home.between(start_of(day), at), _door(home, at)), at, at + 1800)


def night_exit_again(home: Home, day: date, dice: Random) -> Story | None:
    """The same, when the door had been used in that night already; the delay runs from the second time."""
    first = dice.uniform(start_of(day, 0.5), start_of(day, 3.5))
    again = first + dice.uniform(1200, 3600)
    before = home.between(start_of(day), first)
    return Story((*before, _door(home, first), _door(home, again)), again, again + 1800)


def night_walking(home: Home, day: date, dice: Random) -> Story | None:
    """30 movements within 90 min between 01:00 and 04:30, on top of the real night."""
    start = dice.uniform(start_of(day, 1), start_of(day, 3))
    walk = sorted(start + dice.uniform(0, 5400) for _ in range(30))
    steps = [motion(at, dice.choice(ROOMS)) for at in walk]
    readings = sorted([*home.between(start_of(day), start_of(day) + DAY_S), *steps])
    return Story(tuple(readings), walk[0], start_of(day) + DAY_S)


def sensor_dead(home: Home, day: date, dice: Random) -> Story | None:
    """One sensor says nothing any more from noon on; for a week."""
    at = start_of(day, 12)
    places = sorted({r[1] for r in home.between(at - 7 * DAY_S, at)})
    if not places:
        return None
    dead = dice.choice(places)
    kept = tuple(r for r in home.between(start_of(day), at + 7 * DAY_S) if r[0] < at or r[1] != dead)
    return Story(kept, at, at + 7 * DAY_S)


def first_kitchen(home: Home, day: date) -> float | None:
    found = (r[0] for r in home.between(start_of(day, 5), start_of(day) + DAY_S) if _is_kitchen(r))
    return next(found, None)


def _is_kitchen(reading: Plain) -> bool:
    return reading[1] in ("kitchen", "fridge-door")


def _at_home(home: Home, day: date, dice: Random) -> float | None:
    real = home.between(start_of(day), start_of(day, 22))
    if not real:
        return None
    for _ in range(TRIES):
        at = dice.uniform(real[0][0], start_of(day, 22))
        if home.is_home(at):
            return at
    return None


def motion(at: float, place: str) -> Plain:
    return (at, place, "room", Kind.MOTION, 1.0)


def _door(home: Home, at: float) -> Plain:
    return (at, home.main_door, "outside_door", Kind.CONTACT, 1.0)
