"""Counting many recorded homes per minute, to find the times in which all of them fell silent together. Pure.

Homes may stand one after the other in a file, so all must be read before any moment can be judged.
What is held is a few numbers for each home and each minute, however many readings there are.
Whether so many silent homes are too many is decided in alerts/fleet.py, as it is live.
"""

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from alerts.fleet import (
    BEATS_WITHIN_MIN,
    BEFORE_MIN,
    LIVED_IN_MIN,
    SIGNS_WITHIN_MIN,
    Counts,
    is_over,
    stopped,
    usual_share,
)
from alerts.ledger import Outage, OutageKind
from alerts.local_days import instant, local_hour


@dataclass(frozen=True, slots=True)
class Found:
    """An outage of all homes, when it was found, and what was counted then."""

    outage: Outage
    found_at: datetime
    counts: Counts

    def to_json(self, number: int) -> dict[str, Any]:
        """A line of the replay, for whoever runs the platform."""
        signs = self.outage.kind is OutageKind.SIGNS
        return {
            "home": "*",
            "rule": "fleet_silent",
            "kind": "fleet_silent",
            "class": "operator",
            "severity": "high",
            "verdict": "not_observable",
            "deadline": self.outage.began_at.isoformat(),
            "raised_at": self.found_at.isoformat(),
            "reason": "fleet_silent",
            "evidence": {
                "missing": self.outage.kind.value,
                "began_at": self.outage.began_at.isoformat(),
                "ended_at": self.outage.ended_at.isoformat() if self.outage.ended_at else None,
                "homes": self.counts.lived_in if signs else self.counts.in_service,
                "heard": self.counts.stirred if signs else self.counts.heard,
            },
            "alert": f"*-{number}",
        }


class _Heard:
    """In how many homes something was heard within so many minutes, at each full minute."""

    def __init__(self, within_min: int) -> None:
        self.within_min = within_min
        self.changes: Counter[int] = Counter()
        self.until: dict[str, int] = {}
        self.fell_silent: set[int] = set()
        """Minutes in which some home was heard for the last time for so long."""

    def hear(self, home: str, at: float, arrived: float) -> None:
        end = -int(-at // 60) + self.within_min
        until = self.until.get(home, 0)
        if end <= until:
            return
        start = -int(-arrived // 60)
        if start > until:
            self.fell_silent.add(until - self.within_min)
        else:
            start = until
        if start < end:
            self.changes[start] += 1
            self.changes[end] -= 1
            self.until[home] = end

    def last_heard(self) -> list[int]:
        return sorted(self.fell_silent | {end - self.within_min for end in self.until.values()})


class FleetPass:
    """Told of every reading, those of each home in order of arrival; times are Unix seconds."""

    def __init__(self, zone: ZoneInfo) -> None:
        self.zone = zone
        self._beats = _Heard(BEATS_WITHIN_MIN)
        self._service = _Heard(BEATS_WITHIN_MIN + BEFORE_MIN)
        self._signs = _Heard(SIGNS_WITHIN_MIN)
        self._lived_in = _Heard(LIVED_IN_MIN)
        self._minutes: dict[str, int] = {}
        self._latest = 0

    def hear_beat(self, home: str, arrived: float) -> None:
        """Whenever it was sent: what comes late shows that the home is heard now."""
        self._latest = max(self._latest, int(arrived // 60))
        self._beats.hear(home, arrived, arrived)
        self._service.hear(home, arrived, arrived)

    def hear_sign(self, home: str, at: float, arrived: float) -> None:
        minute = int(arrived // 60)
        if self._minutes.get(home) == minute and arrived == at:
            return  # in this minute the home was heard before
        self._minutes[home] = minute
        self._latest = max(self._latest, minute)
        self._signs.hear(home, at, arrived)
        self._lived_in.hear(home, at, arrived)

    def outages(self) -> list[Found]:
        """Oldest first; the last one may go on. After the last reading of all nothing is judged."""
        found: list[Found] = []
        homes = 0
        for minute, counts in self._counted():
            going_on = bool(found) and found[-1].outage.ended_at is None
            if not going_on and _is_plainly_well(counts):
                continue
            now, usual = instant(minute), usual_share(local_hour(self.zone, minute))
            if going_on:
                if is_over(found[-1].outage, homes, counts, usual, now):
                    found[-1] = replace(found[-1], outage=replace(found[-1].outage, ended_at=now))
                continue
            kind = stopped(counts, usual)
            if kind is not None:
                homes = counts.in_service if kind is OutageKind.BEATS else counts.lived_in
                found.append(Found(Outage(kind, self._began(kind, minute)), now, counts))
        return found

    def _began(self, kind: OutageKind, minute: int) -> datetime:
        """When the last of those homes that are silent now was heard."""
        heard = self._beats if kind is OutageKind.BEATS else self._signs
        last = heard.last_heard()
        place = bisect_right(last, minute - heard.within_min)
        return datetime.fromtimestamp(last[max(0, place - 1)] * 60, UTC)

    def _counted(self) -> Iterator[tuple[int, Counts]]:
        """Each full minute in which somebody counts, and the counts; what follows is no more than the last ones."""
        parts = (self._service, self._beats, self._lived_in, self._signs)
        changes = [part.changes for part in parts]
        moments = [at for at in sorted(set().union(*changes)) if at <= self._latest]
        asked = len(self._lived_in.until)
        now = [0, 0, 0, 0]
        for moment, following in zip(moments, [*moments[1:], self._latest + 1], strict=False):
            now = [count + change[moment] for count, change in zip(now, changes, strict=True)]
            counts = Counts(in_service=now[0], heard=now[1], asked=asked, lived_in=now[2], stirred=now[3])
            last = following if now[0] or now[2] else moment + 1  # homes that nobody lives in tell nothing
            yield from ((minute, counts) for minute in range(moment, last))


def _is_plainly_well(counts: Counts) -> bool:
    """At most hours fewer homes stir than this, and none of them needs be looked at more closely."""
    return counts.stirred * 2 >= counts.lived_in and counts.heard * 2 >= counts.in_service
