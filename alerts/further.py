"""Something further was found while an alert is not closed: who has to hear of it now.

Who has an alert hears of a further call for help. Everybody hears anew when nobody had answered,
when late data had explained it, and when it turns out to be a call for help.
"""

import logging
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from psycopg import Connection

from alerts.telling.queueing import cancel_queued
from alerts.telling.state_table import HELD, TABLE, Event, State
from alerts.telling.states import become, lock, note
from alerts.verdicts import Reason
from gateway.log import about

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Further:
    """What was found while an alert was not closed; `reason` is a verdict's."""

    reason: str
    deadline_at: datetime
    is_graver: bool = False
    """The alert's severity rose by it."""

    @property
    def rank(self) -> int:
        return 2 if self.reason == Reason.CALL_FOR_HELP else int(self.is_graver)


class Heard(StrEnum):
    """Who has to hear of something further."""

    HOLDER = "holder"
    EVERYBODY = "everybody"


def further(connection: Connection, alert_id: int, found: Further, now: datetime) -> Heard | None:
    """Something further was found. Who has to hear of it now; None: those whose turn it is hear anyway.

    A ladder that still runs goes on as it does, unless what was found is graver, a call for help above
    all: that is told to everybody from the top, and what was still held back is not sent after it.
    """
    alert = lock(connection, alert_id)
    read_meanwhile = alert.state in HELD and alert.explained_at is not None
    state = TABLE[alert.state, Event.FURTHER_EXPLAINED if read_meanwhile else Event.FURTHER]
    calls = found.reason == Reason.CALL_FOR_HELP
    if state in HELD:
        return Heard.HOLDER if calls else None
    graver = found.is_graver or (calls and alert.reason != Reason.CALL_FOR_HELP)
    if state is None or (alert.state is State.OPEN and not graver and alert.unanswered_at is None):
        return None
    told = found if calls or alert.reason != Reason.CALL_FOR_HELP else None
    values: dict[str, object] = {
        "reason": told and told.reason,
        "deadline_at": told and told.deadline_at,
        "severity": None,
    }
    cancel_queued(connection, [alert_id], now)
    become(connection, "reopen", alert, state, now, values)
    note(connection, alert_id, "reopened", now, None, "engine")
    log.info("An alert is told anew", extra=about("alert_reopened", alert_id=alert_id))
    return Heard.EVERYBODY
