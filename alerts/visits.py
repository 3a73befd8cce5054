"""An absence that is broken only by short visits is one absence, not a new one each day. Pure.

Somebody is in hospital, or stays with her daughter; a neighbour comes by the door once a day, feeds
the cat and leaves by the door. In a recorded home that went on for a week: 4 min a day, with a
movement or two of nobody in between. Whoever lies ill at home is seen by such a visitor.
"""

from collections.abc import Iterator
from itertools import pairwise

from alerts.bits import highest, runs_down, upwards
from alerts.folding import HORIZON_MIN
from alerts.sight import Sight

APART_MIN = 30
"""After so many minutes without a sign what follows is a stay of its own."""

VISIT_MIN = 30
"""Who lives there stays longer than this, from the door to the door."""

NOBODY_MINUTES = 2
"""So many minutes with movement in one place alone, and no door, are nobody: sun, curtains, a fridge."""


def gone_since(sight: Sight) -> int | None:
    """The last sign of whoever left by the door, where there were only short visits since then.

    -1: that is more than three days ago. None: there was no visit, or she did not leave by the door.
    """
    visited = False
    for first, last in _stays(sight):
        if _is_visit(sight, first, last):
            visited = True
        elif not _is_nobody(sight, first, last + 1):
            return last if visited and _left(sight, first, last) is not None else None
    return -1 if visited else None


def longest_out(sight: Sight) -> int:
    """Minutes of the longest time out within the picture that ended by itself; 0: there was none."""
    outs = (
        came[0] - left[1]
        for came, left in pairwise(_all_stays(sight))
        if sight.within(sight.outside_doors, left[1] - 1, left[1] + 1)
    )
    return max(outs, default=0)


def _stays(sight: Sight) -> Iterator[tuple[int, int]]:
    """First and last minute of each stretch with signs that count, newest first."""
    newest = highest(sight.counted)
    if newest is None:
        return
    newest += sight.base
    if sight.within(sight.counted, newest - VISIT_MIN - APART_MIN + 1, newest - VISIT_MIN):
        return  # at home for longer than a visit: the usual case, known without a closer look
    yield from _all_stays(sight)


def _all_stays(sight: Sight) -> Iterator[tuple[int, int]]:
    together = runs_down(upwards(sight.within(sight.counted, _begins(sight), sight.minute + 1), APART_MIN))
    yield from ((sight.base + first, sight.base + end - APART_MIN) for first, end in together)


def _begins(sight: Sight) -> int:
    """So far back every picture reaches, whenever its home was heard last."""
    return sight.minute - HORIZON_MIN


def _is_visit(sight: Sight, first: int, last: int) -> bool:
    """In by the door, out by the door, and not for long.

    With which the picture begins, that may have been longer than it seems.
    """
    if first - _begins(sight) < APART_MIN:
        return False
    left = _left(sight, first, last)
    came = sight.within(sight.outside_doors, first, first + 2)
    return left is not None and bool(came) and left - first <= VISIT_MIN


def _left(sight: Sight, first: int, last: int) -> int | None:
    """The minute of the door with which a stay ended; None: it did not end with one."""
    door = sight.last_of(sight.within(sight.outside_doors, first, last + 1))
    if door is None or not _is_nobody(sight, door + 2, last + 1):
        return None
    return door


def _is_nobody(sight: Sight, first: int, end: int) -> bool:
    """No more than a movement or two in one place."""
    counted = sight.within(sight.counted, first, end)
    if counted & ~sight.rooms or counted.bit_count() > NOBODY_MINUTES:
        return False
    places = {place for (place, _), bits in sight.picture.signs.items() if bits & counted}
    return len(places) <= 1
