"""Writing texts that are to be sent, in the caller's transaction, and taking them back.

What is written here exists together with the reason for it or not at all; sender.py
hands it over afterwards.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from psycopg import Connection
from psycopg.rows import class_row

from alerts.telling import limits, texts
from alerts.telling.climbing import By
from ingest.database import CHANGED, sql

SEND = "hearth_send"
"""NOTIFY channel: a text waits to be sent, or a ladder goes on sooner than it said."""


class Purpose(StrEnum):
    ALERT = "alert"
    CALLED_AGAIN = "called_again"
    TAKEN = "taken"
    EXPLAINED = "explained"
    CLOSED = "closed"
    ANSWER = "answer"
    SIGN_IN = "sign_in"
    CHECK_IN = "check_in"
    HAND_OVER = "hand_over"
    VERIFY = "verify"
    STILL_YOU = "still_you"
    GOOD_NEWS = "good_news"
    SUMMARY = "summary"
    DIGEST = "digest"
    OPERATOR = "operator"


@dataclass(frozen=True, slots=True)
class Draft:
    """One message to write, to a person or an endpoint. `code` names the alert on this person's phone."""

    person_id: int | None
    purpose: Purpose
    body: str
    urgent: bool
    alert_id: int | None = None
    code: str | None = None
    step: int = 0
    round: int = 0
    channel: By = By.SMS
    endpoint_id: int | None = None
    not_before: datetime | None = None

    @property
    def can_wait(self) -> bool:
        return self.channel is By.SMS and self.purpose in limits.CAN_WAIT


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody, or a system, that was told of an alert. `channel`: how they hear what became of it."""

    alert_id: int
    person_id: int | None
    endpoint_id: int | None
    channel: str
    code: str | None
    step: int
    round: int


def queue(connection: Connection, drafts: Sequence[Draft], now: datetime) -> int:
    """Write these texts; the same thing to the same person is written once. Returns how many are new."""
    if not drafts:
        return 0
    columns = {
        name: [getattr(draft, name) for draft in drafts]
        for name in (
            "alert_id", "person_id", "endpoint_id", "channel", "purpose", "step", "round", "code", "body", "urgent",
            "not_before",
        )
    }  # fmt: skip
    made = connection.execute(sql(__file__, "queue"), {**columns, "now": now}).rowcount
    if made:
        limits.restrain(connection, {draft.person_id for draft in drafts if draft.person_id and draft.can_wait}, now)
        wake_senders(connection)
    return made


def wake_senders(connection: Connection) -> None:
    """When this transaction commits."""
    connection.execute("select pg_notify(%s, '')", (SEND,))


def changed(connection: Connection, alert_ids: Sequence[int]) -> None:
    """When this transaction commits, the pages about these alerts' homes are drawn again."""
    connection.execute(
        "select pg_notify(%s, home_id::text) from (select distinct home_id from alert where id = any(%s)) as home",
        (CHANGED, list(alert_ids)),
    )


def cancel_queued(connection: Connection, alert_ids: Sequence[int], now: datetime) -> int:
    """Take back what asks for help with these alerts and has not been handed over. Returns how many."""
    return connection.execute(sql(__file__, "cancel_queued"), {"alerts": list(alert_ids), "now": now}).rowcount


def tell_the_told(
    connection: Connection,
    alert_ids: Sequence[int],
    purpose: Purpose,
    words: Callable[[str], str],
    now: datetime,
    *,
    but: int | None = None,
) -> int:
    """Write to everybody who was told of these alerts, apart from person `but`; `words` takes the code."""
    with connection.cursor(row_factory=class_row(Told)) as cursor:
        told = cursor.execute(sql(__file__, "told"), {"alerts": list(alert_ids), "but": but}).fetchall()
    return queue(connection, [_news(one, purpose, words, now) for one in told], now)


def _news(one: Told, purpose: Purpose, words: Callable[[str], str], now: datetime) -> Draft:
    by = By(one.channel)
    body = machine_words(purpose, one.alert_id, now) if by is By.WEBHOOK else words(one.code or "the alert")
    return Draft(
        one.person_id,
        purpose,
        f"Hearthlight: news\n{body}" if by is By.EMAIL else body,
        urgent=False,
        alert_id=one.alert_id,
        code=one.code,
        step=one.step,
        round=one.round,
        channel=by,
        endpoint_id=one.endpoint_id,
    )


def machine_words(purpose: Purpose, alert_id: int, now: datetime, **more: object) -> str:
    """What another system is told: {"type": "alert.taken", "timestamp": ..., "data": {"alert": 7}}."""
    kind = "opened" if purpose is Purpose.ALERT else purpose.value
    return json.dumps({"type": f"alert.{kind}", "timestamp": now.isoformat(), "data": {"alert": alert_id, **more}})


def queue_sign_in(connection: Connection, person_id: int, code: str, now: datetime) -> None:
    """Write the text that brings a sign-in code, in the caller's transaction."""
    queue(connection, [Draft(person_id, Purpose.SIGN_IN, texts.sign_in(code), urgent=True)], now)
