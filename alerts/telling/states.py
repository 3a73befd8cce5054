"""Applying what can happen to an alert (state_table.py).

Each function locks the alert's row, asks the table, writes what happened, and in the same
transaction queues and takes back texts. So of two people who take an alert at the same
moment one wins, and the other is told who.

Activity that returns never closes an alert: it explains it, and a person closes it.
Locks are taken in the order home_state, alert, person, message.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from psycopg import Connection
from psycopg.rows import class_row

from alerts.telling import texts
from alerts.telling.queueing import Purpose, cancel_queued, changed, tell_the_told, wake_senders
from alerts.telling.state_table import (
    ATTENDING_LAPSES_AFTER,
    HELD,
    LAPSES_AFTER,
    TABLE,
    TECHNICAL_LAPSES_AFTER,
    Channel,
    Event,
    Outcome,
    State,
)
from alerts.verdicts import AlertClass, Reason, Severity
from gateway.log import about
from ingest.database import sql

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Taken:
    """Whether taking it won, and who has it now (nobody, when it is closed and nobody had it)."""

    won: bool
    holder_id: int | None
    holder_name: str | None


@dataclass(frozen=True, slots=True)
class Alert:
    """An alert's row as far as its state goes."""

    id: int
    class_: AlertClass
    severity: Severity
    state: State
    holder_id: int | None
    explained_at: datetime | None
    reason: str
    unanswered_at: datetime | None

    def __post_init__(self) -> None:
        object.__setattr__(self, "class_", AlertClass(self.class_))
        object.__setattr__(self, "severity", Severity(self.severity))
        object.__setattr__(self, "state", State(self.state))

    @property
    def calls_for_help(self) -> bool:
        """Somebody asked for help: only a person closes that."""
        return self.reason == Reason.CALL_FOR_HELP


def acknowledge(connection: Connection, alert_id: int, person_id: int, channel: Channel, now: datetime) -> Taken:
    """This person takes the alert, unless somebody has it or it is closed."""
    with connection.transaction():
        alert = lock(connection, alert_id)
        state = TABLE[alert.state, Event.ACKNOWLEDGE]
        if state is None:
            return _who_has(connection, alert, person_id)
        become(connection, "acknowledge", alert, state, now, {"person": person_id, "lapses_at": now + _patience(alert)})
        note(connection, alert_id, "acknowledged", now, person_id, channel)
        cancel_queued(connection, [alert_id], now)
        if alert.state is State.OPEN:
            tell_the_told(connection, [alert_id], Purpose.TAKEN, texts.taken, now, but=person_id)
        taken = _who_has(connection, lock(connection, alert_id), person_id)
    _log("An alert was taken", "alert_acknowledged", alert_id, person_id=person_id)
    return taken


def attend(connection: Connection, alert_id: int, person_id: int, channel: Channel, now: datetime) -> Taken:
    """This person is with the resident; whoever else has it goes on having it."""
    with connection.transaction():
        alert = lock(connection, alert_id)
        state = TABLE[alert.state, Event.ATTEND]
        if state is None or alert.holder_id not in (None, person_id):
            return _who_has(connection, alert, person_id)
        lapses_at = now + max(ATTENDING_LAPSES_AFTER, _patience(alert))
        become(connection, "attend", alert, state, now, {"person": person_id, "lapses_at": lapses_at})
        note(connection, alert_id, "attending", now, person_id, channel)
        cancel_queued(connection, [alert_id], now)
        if alert.state is State.OPEN:
            tell_the_told(connection, [alert_id], Purpose.TAKEN, texts.taken, now, but=person_id)
        taken = _who_has(connection, lock(connection, alert_id), person_id)
    _log("Somebody is there", "alert_attending", alert_id, person_id=person_id)
    return taken


def cannot(connection: Connection, alert_id: int, person_id: int, channel: Channel, now: datetime) -> None:
    """This person cannot come: the next step at once. Who has the alert gives it back by this.

    They are asked again only when there is nobody else.
    """
    with connection.transaction():
        alert = lock(connection, alert_id)
        holds = alert.state in HELD and alert.holder_id == person_id
        state = TABLE[alert.state, Event.GIVE_BACK if holds else Event.CANNOT]
        if state is None:
            return
        if holds:
            become(connection, "give_back", alert, State.EXPLAINED if alert.explained_at else state, now)
        else:
            connection.execute(sql(__file__, "cannot"), {"id": alert_id, "person": person_id, "now": now})
        note(connection, alert_id, "given_back" if holds else "cannot", now, person_id, channel)
        wake_senders(connection)
    _log("Somebody cannot come", "alert_given_back" if holds else "alert_cannot", alert_id, person_id=person_id)


def close(
    connection: Connection, alert_id: int, person_id: int, outcome: Outcome, channel: Channel, now: datetime
) -> bool:
    """Close it with what came of it; False when it was closed already."""
    with connection.transaction():
        alert = lock_to_close(connection, alert_id)
        state = TABLE[alert.state, Event.CLOSE]
        if state is None:
            return False
        become(connection, "close", alert, state, now, {"outcome": outcome})
        note(connection, alert_id, "closed", now, person_id, channel, outcome)
        connection.execute(sql(__file__, "still_eager"), {"id": alert_id})
        cancel_queued(connection, [alert_id], now)
        if alert.explained_at is None:
            words = _closing_words(outcome)
            tell_the_told(connection, [alert_id], Purpose.CLOSED, words, now, but=person_id)
    _log("An alert was closed", "alert_closed", alert_id, person_id=person_id, outcome=outcome.value)
    return True


def say_well(connection: Connection, alert_id: int, person_id: int | None, channel: Channel, now: datetime) -> bool:
    """The resident says that all is well: those who were told are told, and a person still reads it."""
    with connection.transaction():
        alert = lock(connection, alert_id)
        note(connection, alert_id, "resident_well", now, person_id, channel)
        state = TABLE[alert.state, Event.SAY_WELL]
        if state is None or alert.class_ is not AlertClass.WELFARE or alert.calls_for_help:
            return False
        why = "Asked whether all is well, the resident answered yes."
        become(connection, "explain", alert, state, now, {"why": why})
        note(connection, alert_id, "explained", now, person_id, channel, why)
        cancel_queued(connection, [alert_id], now)
        tell_the_told(connection, [alert_id], Purpose.EXPLAINED, texts.said_well, now)
    _log("The resident said that all is well", "alert_explained", alert_id)
    return True


def explain(connection: Connection, alert_id: int, why: str, now: datetime) -> bool:
    """Data that came late explain it (`why`, in plain words); those who were told are told."""
    with connection.transaction():
        alert = lock(connection, alert_id)
        state = TABLE[alert.state, Event.EXPLAIN]
        if state is None or alert.calls_for_help:
            return False
        become(connection, "explain", alert, state, now, {"why": why})
        note(connection, alert_id, "explained", now, None, "engine", why)
        cancel_queued(connection, [alert_id], now)
        tell_the_told(connection, [alert_id], Purpose.EXPLAINED, texts.explained, now)
    _log("An alert was explained", "alert_explained", alert_id)
    return True


def lapse(connection: Connection, alert_id: int, now: datetime, what: str = "lapsed") -> bool:
    """Taken, and no outcome in time: it is open again, and its ladder starts from the top."""
    with connection.transaction():
        alert = lock(connection, alert_id)
        state = TABLE[alert.state, Event.LAPSE_EXPLAINED if alert.explained_at else Event.LAPSE]
        if state is None:
            return False
        become(connection, "lapse", alert, state, now)
        note(connection, alert_id, what, now, alert.holder_id, "engine")
    _log("An alert lapsed", "alert_lapsed", alert_id, person_id=alert.holder_id)
    return True


def lock(connection: Connection, alert_id: int) -> Alert:
    """The alert, held until the transaction ends. Raises LookupError where there is none."""
    with connection.cursor(row_factory=class_row(Alert)) as cursor:
        found = cursor.execute(sql(__file__, "lock_alert"), {"id": alert_id}).fetchone()
    if found is None:
        raise LookupError(f"alert {alert_id}")
    return found


def lock_to_close(connection: Connection, alert_id: int) -> Alert:
    """The same, with the home's state before it, because closing changes that too."""
    connection.execute(sql(__file__, "lock_home"), {"id": alert_id})
    return lock(connection, alert_id)


def note(
    connection: Connection,
    alert_id: int,
    what: str,
    now: datetime,
    person_id: int | None,
    channel: Channel,
    words: str | None = None,
) -> None:
    """Write down what happened to an alert, and up to which finding was known then."""
    values = {
        "alert": alert_id, "now": now, "what": what, "person": person_id, "channel": channel, "note": words,
    }  # fmt: skip
    connection.execute(sql(__file__, "note"), values)


def become(
    connection: Connection,
    query: str,
    alert: Alert,
    state: State,
    now: datetime,
    more: dict[str, object] | None = None,
) -> None:
    connection.execute(sql(__file__, query), {"id": alert.id, "state": state, "now": now, **(more or {})})
    changed(connection, [alert.id])


def _who_has(connection: Connection, alert: Alert, person_id: int) -> Taken:
    won = alert.state in HELD and alert.holder_id == person_id
    row = connection.execute("select name from person where id = %s", (alert.holder_id,)).fetchone()
    return Taken(won, alert.holder_id, row[0] if row else None)


def _patience(alert: Alert) -> timedelta:
    return TECHNICAL_LAPSES_AFTER if alert.class_ is AlertClass.TECHNICAL else LAPSES_AFTER[alert.severity]


def _closing_words(outcome: Outcome) -> Callable[[str], str]:
    return lambda code: texts.closed(code, all_well=outcome is Outcome.ALL_WELL)


def _log(sentence: str, action: str, alert_id: int, **ids: str | int | None) -> None:
    log.info(sentence, extra=about(action, alert_id=alert_id, **ids))
