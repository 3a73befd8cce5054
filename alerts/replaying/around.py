"""What is known of a home beside its readings: when nobody was expected, when the resident had paused
monitoring, and when we ourselves could not see. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from alerts.away import Absence
from alerts.ledger import Ledger, Outage
from alerts.pauses import Pause

One = TypeVar("One", Outage, Absence, Pause)


@dataclass(frozen=True, slots=True)
class Around:
    """`ledger`: times in which all homes were silent; each is known from its beginning, not from when
    it was found, for a recording says nothing of the minutes between."""

    ledger: Ledger = ()
    absences: Sequence[Absence] = ()
    pauses: Sequence[Pause] = ()

    def as_at(self, now: datetime) -> "Around":
        """As it stood then: what ended later was going on."""
        if not (self.ledger or self.absences or self.pauses):
            return self
        return Around(
            [_going_on(one, now) for one in self.ledger if one.began_at <= now],
            [_going_on(one, now) for one in self.absences if one.from_at <= now],
            [_going_on(one, now) for one in self.pauses if one.from_at <= now],
        )


def _going_on(one: One, now: datetime) -> One:
    return one if one.ended_at is None or one.ended_at <= now else replace(one, ended_at=None)


NOTHING_ELSE = Around()
