"""Recorded readings put in order of arrival, and their times mended where a home's clock was wrong. Pure.

As ingest does it live: nothing can happen after it arrived, so a reading that says it did proves a clock
that runs ahead. One that runs behind shows by many arrivals in a row that are late by just as much;
what was held back comes in bursts and is late by all sorts of times.
"""

import heapq
from collections.abc import Iterable, Iterator
from itertools import chain, groupby

from alerts.replaying.replay_rows import Row

TOLERATED_S = 120.0
"""The same as ingest's: a clock, or a reading, may be so far off."""

AGREE_S = 60.0
BEHIND_S = 15 * 60.0
RUN = 4
"""So many arrivals in a row that are later than that, by as much within a minute, are a clock that runs behind."""

SLACK_S = 2 * 3600.0
"""A file in order of the times that a wrong clock gave is out of order of arrival by so much at most."""


def in_order_of_arrival(given: Iterable[Row]) -> Iterator[Row]:
    """Each home's readings by arrival, from a file in order of time or of arrival.

    Nothing arrives before it happens: once a home's time has come to T, all that arrived up to T is known,
    but for the error of its clock. Held in memory: what has not arrived, and two hours of each home.
    """
    waiting: dict[str, list[tuple[float, int, Row]]] = {}
    reached: dict[str, float] = {}
    for number, row in enumerate(given):
        home, known = row[0], min(row[1], row[4]) - SLACK_S
        heap = waiting.setdefault(home, [])
        heapq.heappush(heap, (row[4], number, row))
        if known > reached.get(home, 0.0):
            reached[home] = known
        while heap and heap[0][0] <= reached[home]:
            yield heapq.heappop(heap)[2]
    for heap in waiting.values():
        while heap:
            yield heapq.heappop(heap)[2]


Burst = list[Row]
"""What arrived at one moment from one home."""


class _Clock:
    """One home's clock. What may be the beginning of such a run is held back until that is known."""

    def __init__(self) -> None:
        self.lag = 0.0
        self.run = 0
        self.held: list[Burst] = []

    def mend(self, burst: Burst) -> Iterator[Row]:
        lag = burst[0][4] - max(row[1] for row in burst)
        if lag <= BEHIND_S:
            self.run = 0
            yield from self.release()
            yield from _moved(burst, lag) if lag < -TOLERATED_S else burst
            return
        if not self.run or abs(lag - self.lag) > AGREE_S:
            self.run = 0
            yield from self.release()
        self.run, self.lag = self.run + 1, lag
        self.held.append(burst)
        if self.run >= RUN:
            for one in self.held:
                yield from _moved(one, one[0][4] - max(row[1] for row in one))
            self.held = []

    def release(self) -> Iterator[Row]:
        """What was held back was not the clock's fault."""
        held, self.held = self.held, []
        return chain.from_iterable(held)


def mended(given: Iterable[Row]) -> Iterator[Row]:
    """Readings in order of arrival, with the times at which they happened. What is right is left as it is."""
    clocks: dict[str, _Clock] = {}
    for (home, _), burst in groupby(given, key=lambda row: (row[0], row[4])):
        yield from clocks.setdefault(home, _Clock()).mend(list(burst))
    for clock in clocks.values():
        yield from clock.release()


def _moved(burst: Burst, by: float) -> Iterator[Row]:
    return ((home, at + by, sensor, value, arrived) for home, at, sensor, value, arrived in burst)
