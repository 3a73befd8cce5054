"""What holds texts back: so many an hour to a phone, and so many a month. Never one that asks for somebody.

A text that can wait waits: until when is written in its row, so a restart forgets nothing. One that
would cost what is no longer there is taken back, and stays to be seen as cancelled.
"""

import logging
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from psycopg import Connection
from psycopg.rows import class_row

from gateway.log import about
from ingest.database import sql

log = logging.getLogger(__name__)

MOST_AN_HOUR = 20
"""To one phone, of texts that can wait."""

CAN_WAIT = ("taken", "explained", "closed", "hand_over", "good_news", "summary", "still_you", "digest")
"""Purposes of texts that ask nobody to go anywhere, and that nobody waits for. An alert is none of them,
however little it matters: whoever could help would hear of it too late."""

UNPAID = ("taken", "closed", "good_news", "summary", "still_you", "digest")
"""Those that a spent budget stops. That all is well after all is told all the same: somebody worries."""


@dataclass(frozen=True, slots=True)
class Month:
    """The texts of a month so far. `came_near`, `was_spent`: that was found by this count."""

    sent: int
    budget: int | None
    came_near: bool
    was_spent: bool

    @property
    def is_spent(self) -> bool:
        return self.budget is not None and self.sent >= self.budget


def restrain(connection: Connection, people: Collection[int], now: datetime) -> None:
    """Hold back what was just written to these people, in the transaction that wrote it."""
    if not people:
        return
    values = {"people": list(people), "purposes": list(UNPAID), "now": now}
    connection.execute(sql(__file__, "stop_unpaid"), values)
    waits = {"people": list(people), "purposes": list(CAN_WAIT), "now": now, "most": MOST_AN_HOUR}
    while connection.execute(sql(__file__, "hold_back"), waits).rowcount:
        pass


def count(connection: Connection, budget: int | None, now: datetime) -> Month:
    """Count this month's texts, say when they come near the budget, and stop what a spent one does not pay for."""
    with connection.transaction():
        with connection.cursor(row_factory=class_row(Month)) as cursor:
            values = {"now": now, "budget": budget}
            month = cursor.execute(sql(__file__, "count_texts"), values).fetchone()
        if month is None:
            raise LookupError("the month was not kept")
        if month.is_spent:
            everybody = {"people": None, "purposes": list(UNPAID), "now": now}
            connection.execute(sql(__file__, "stop_unpaid"), everybody)
    _say(month)
    return month


def _say(month: Month) -> None:
    if month.was_spent:
        fields = about("texts_budget_spent", sent=month.sent, budget=month.budget)
        log.error("This month's texts are spent: only what asks for somebody goes out", extra=fields)
    elif month.came_near:
        fields = about("texts_budget_nearly", sent=month.sent, budget=month.budget)
        log.warning("Four fifths of this month's texts are spent", extra=fields)
