"""What became of each text: Twilio's reports, in any order, twice or never.

States have ranks and never go back. Each of Twilio's words about a text is kept once; a
word that comes before we have written down Twilio's id waits for it.
"""

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Literal

from psycopg import Connection
from psycopg.rows import class_row

from alerts.telling.not_told import Lost, follow, hold_homes
from alerts.telling.refusals import action_for
from alerts.telling.twilio_voice import STATUS as CALL_STATUS
from gateway.log import about
from ingest.database import CHANGED, sql

log = logging.getLogger(__name__)


class MessageState(StrEnum):
    QUEUED = "queued"
    SENDING = "sending"
    UNKNOWN = "unknown"
    HANDED_OVER = "handed_over"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    CANCELLED = "cancelled"


RANK: dict[MessageState, int] = {
    MessageState.QUEUED: 0,
    MessageState.SENDING: 1,
    MessageState.UNKNOWN: 2,
    MessageState.HANDED_OVER: 3,
    MessageState.SENT: 4,
    MessageState.DELIVERED: 5,
    MessageState.UNDELIVERED: 5,
    MessageState.FAILED: 5,
    MessageState.CANCELLED: 5,
}
END = RANK[MessageState.DELIVERED]
"""Nothing comes after a state of this rank."""

LOST = frozenset({MessageState.UNDELIVERED, MessageState.FAILED})

STATE_OF: dict[str, MessageState] = {
    "accepted": MessageState.HANDED_OVER,
    "scheduled": MessageState.HANDED_OVER,
    "queued": MessageState.HANDED_OVER,
    "sending": MessageState.HANDED_OVER,
    "sent": MessageState.SENT,
    "partially_delivered": MessageState.SENT,
    "delivered": MessageState.DELIVERED,
    "read": MessageState.DELIVERED,
    "undelivered": MessageState.UNDELIVERED,
    "failed": MessageState.FAILED,
    "canceled": MessageState.FAILED,  # not by us: nobody was told
}
"""By Twilio's word for it."""

Source = Literal["engine", "receipt", "poll", "risk"]
"""risk: sent again although nobody could say whether it was out."""


@dataclass(frozen=True, slots=True)
class Report:
    """One of Twilio's words about one text."""

    sid: str
    status: str
    error_code: int | None
    source: Source


@dataclass(frozen=True, slots=True)
class Row:
    """A text of ours, as far as its fate is concerned."""

    id: int
    alert_id: int | None
    person_id: int | None
    state: MessageState
    attempts: int

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", MessageState(self.state))


def record(connection: Connection, form: Mapping[str, str], now: datetime) -> None:
    """Take in Twilio's status callback, about a text or a call, whose signature was checked.

    What it says may still be anything.
    """
    sid = form.get("MessageSid") or form.get("CallSid", "")
    status = form.get("MessageStatus") or form.get("SmsStatus") or CALL_STATUS.get(form.get("CallStatus", ""), "")
    if not sid or status not in STATE_OF:
        log.warning("A report cannot be read", extra=about("sms_report_unreadable"))
        return
    code = form.get("ErrorCode", "")[:6]
    take_in(connection, Report(sid, status, int(code) if code.isascii() and code.isdigit() else None, "receipt"), now)


def take_in(connection: Connection, report: Report, now: datetime) -> None:
    """Keep the report, and move the text on if it is ours. The same report again changes nothing."""
    with connection.transaction():
        hold(connection, report.sid)
        values = {"sid": report.sid, "status": report.status, "error_code": report.error_code, "now": now}
        if connection.execute(sql(__file__, "keep_receipt"), values).rowcount == 0:
            return
        query = "select id, person_id from message where provider_id = %s"
        found = connection.execute(query, (report.sid,)).fetchone()
        if found:
            _hold_homes(connection, found[1], [(report.status, report.error_code)])
            advance(connection, lock(connection, found[0]), report, now)


def hand_over(connection: Connection, message_id: int, sid: str, now: datetime, ask_at: datetime | None) -> None:
    """Twilio has this text under this id; then take in what it reported before we knew that."""
    values = {"id": message_id, "sid": sid, "now": now, "ask_at": ask_at, "changed": CHANGED}
    with connection.transaction():
        hold(connection, sid)
        early = connection.execute(sql(__file__, "early_receipts"), {"sid": sid}).fetchall()
        if early:
            person = connection.execute("select person_id from message where id = %s", (message_id,)).fetchone()
            _hold_homes(connection, person[0] if person else 0, early)
            lock(connection, message_id)
        if connection.execute(sql(__file__, "hand_over"), values).fetchone() is None:
            return
        for status, error_code in early:
            advance(connection, lock(connection, message_id), Report(sid, status, error_code, "receipt"), now)
    log.info("Handed a text over", extra=about("sms_handed_over", message_id=message_id))


def advance(connection: Connection, row: Row, report: Report, now: datetime) -> None:
    """Move a locked text on, never back."""
    state = STATE_OF[report.status]
    if RANK[state] <= RANK[row.state]:
        return
    _move(connection, row.id, state, report.source, report.error_code, now)
    log.info(
        "A text moved on",
        extra=about("sms_" + state.value, message_id=row.id, alert_id=row.alert_id, error_code=report.error_code),
    )
    if state in LOST:
        lost = Lost(row.id, row.alert_id, row.person_id, report.error_code)
        follow(connection, lost, action_for(report.error_code), now)


def fail(connection: Connection, row: Row, error_code: int | None, now: datetime) -> None:
    """A locked text that will never go out; the caller follows it up."""
    _move(connection, row.id, MessageState.FAILED, "engine", error_code, now)
    log.warning(
        "A text was refused", extra=about("sms_failed", message_id=row.id, alert_id=row.alert_id, error_code=error_code)
    )


def lock(connection: Connection, message_id: int) -> Row:
    """The text's row, held until the transaction ends; its alert's row before it, as everywhere."""
    connection.execute(
        "select from alert where id = (select alert_id from message where id = %s) for update", (message_id,)
    )
    with connection.cursor(row_factory=class_row(Row)) as cursor:
        row = cursor.execute(
            "select id, alert_id, person_id, state, attempts from message where id = %s for update", (message_id,)
        ).fetchone()
    if row is None:
        raise LookupError(message_id)
    return row


def hold(connection: Connection, sid: str) -> None:
    """Until the transaction ends nobody else works on what Twilio calls `sid`."""
    connection.execute("select pg_advisory_xact_lock(hashtextextended(%s, 0))", (sid,))


def _hold_homes(connection: Connection, person_id: int | None, reports: Iterable[tuple[str, int | None]]) -> None:
    """What will open technical alerts holds the homes first."""
    for status, error_code in reports:
        if STATE_OF[status] in LOST:
            hold_homes(connection, person_id, action_for(error_code))


def note(
    connection: Connection, message_id: int, state: MessageState, source: Source, error_code: int | None, now: datetime
) -> None:
    connection.execute(
        "insert into message_event (message_id, at, state, source, error_code) values (%s, %s, %s, %s, %s)",
        (message_id, now, state, source, error_code),
    )


def _move(
    connection: Connection, message_id: int, state: MessageState, source: Source, error_code: int | None, now: datetime
) -> None:
    """Pages hear of it by the table's own trigger."""
    ended_at = now if RANK[state] == END else None
    values = {"id": message_id, "state": state, "error_code": error_code, "ended_at": ended_at}
    connection.execute(sql(__file__, "move"), {**values, "source": source, "now": now})
