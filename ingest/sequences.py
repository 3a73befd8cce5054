"""Which sequence numbers of a stream are stored: the deduplication.

The database keeps them as an int8multirange and gives it as text, `{[1,5),[7,9)}`:
in canonical form, so lower bounds are in it and upper bounds are not. Pure.
"""

import re
from bisect import bisect_right
from collections.abc import Iterable

_RANGE = re.compile(r"\[(\d+),(\d+)\)")


def up_to(stored: str) -> int:
    """The highest number N such that 1 to N are all stored; 0 where 1 is missing."""
    if not stored.startswith("{[1,"):
        return 0
    return int(stored[4 : stored.index(")")]) - 1


def as_multirange(numbers: Iterable[int]) -> str:
    """The literal of an int8multirange that holds exactly these numbers."""
    runs: list[list[int]] = []
    for number in sorted(numbers):
        if runs and number <= runs[-1][1]:
            runs[-1][1] = max(runs[-1][1], number + 1)
        else:
            runs.append([number, number + 1])
    return "{" + ",".join(f"[{low},{high})" for low, high in runs) + "}"


class Held:
    """What one stream holds, and what a batch takes into it."""

    __slots__ = ("_lowers", "_top", "_uppers", "stored", "taken")

    def __init__(self, stored: str) -> None:
        self.stored = stored
        self.taken: set[int] = set()
        # Nearly every number is above all that is stored, so the ranges are read only when one is not.
        self._top = int(stored[stored.rindex(",") + 1 : -2]) if stored != "{}" else 0
        self._lowers: list[int] = []
        self._uppers: list[int] = []

    def take(self, number: int) -> bool:
        """Take a number; False if it was stored or taken before."""
        if number in self.taken or (number < self._top and self._holds(number)):
            return False
        self.taken.add(number)
        return True

    def _holds(self, number: int) -> bool:
        if not self._lowers:
            runs = [(int(low), int(high)) for low, high in _RANGE.findall(self.stored)]
            self._lowers = [low for low, _ in runs]
            self._uppers = [high for _, high in runs]
        place = bisect_right(self._lowers, number) - 1
        return place >= 0 and number < self._uppers[place]
