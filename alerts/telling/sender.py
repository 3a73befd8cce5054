"""Handing messages over, so that none is lost and none is sent twice lightly.

A message is claimed in one transaction, handed to its route (a phone company, a mail server) outside
any, and its fate written in a second. A crash in between leaves a claim that runs out; then, as after a timeout,
nobody knows whether the text is out. That is looked up there before it is repeated.
Connections are in autocommit mode: a claim is one statement.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from psycopg import Connection
from psycopg.rows import class_row

from alerts.telling import receipts
from alerts.telling.carrying import Accepted, Answer, NotAnswered, Outgoing, Refused, Routes, Seen, Unknown
from alerts.telling.climbing import By
from alerts.telling.not_told import Lost, follow, hold_homes
from alerts.telling.queueing import queue_sign_in
from alerts.telling.receipts import MessageState, Report
from alerts.telling.refusals import Action, action_for
from gateway.clock import Clock
from gateway.log import about
from ingest.database import sql

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 5
"""A text that Twilio does not have after so many tries counts as not sent. Only its own word counts:
as long as Twilio cannot be reached at all nothing is given up."""
MOST_RISKED = 2
"""So often an urgent text is sent again although nobody could say whether it is out."""
CLOCKS_DIFFER = timedelta(minutes=2)
"""How far Twilio's clock may be from ours in a look-up."""
ASK_UNTIL = timedelta(hours=6)

Tell = Callable[[], datetime]
"""Says what time it is; main.py gives the clock's."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long machines are waited for, in the product's time (real seconds times the clock's speed)."""

    lease: timedelta
    """A claim older than this is a dead sender's: more than two timeouts of a request."""
    pause: timedelta
    """Between tries when Twilio is busy; longer with each."""
    look_after: timedelta
    """How long a text that is not urgent rests before its fate is looked up."""
    ask_after: timedelta
    """A text about which nothing is heard for so long is asked for."""

    ask_notify_after: timedelta
    """The same of a route that calls nobody back: it is asked for each news."""

    @classmethod
    def of(cls, clock: Clock) -> Self:
        return cls(*(timedelta(seconds=s * clock.speed) for s in (30, 2, 30, 180, 20)))

    def asks(self, provider: str | None) -> timedelta:
        return self.ask_notify_after if provider == "notify" else self.ask_after


@dataclass(frozen=True, slots=True)
class Claim:
    """A text that is ours to see to until the claim runs out. `state` is what it was before."""

    id: int
    state: MessageState
    person_id: int | None
    channel: By
    provider: str | None
    phone: str | None
    email: str | None
    url: str | None
    secret: str | None
    purpose: str
    alert_id: int | None
    code: str | None
    body: str
    urgent: bool
    attempts: int
    created_at: datetime
    handed_over_at: datetime | None
    provider_id: str | None
    wanted: bool
    """Whether there is still a reason to send it."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", MessageState(self.state))
        object.__setattr__(self, "channel", By(self.channel))

    def outgoing(self) -> Outgoing:
        return Outgoing(**{name: getattr(self, name) for name in Outgoing.__dataclass_fields__})


def send_next(connection: Connection, routes: Routes, tell: Tell, patience: Patience) -> bool:
    """Send the text whose turn it is; False when none waits."""
    claim = claim_to_send(connection, tell(), patience, routes)
    if claim is None:
        return False
    answer = routes.send(claim.provider, claim.outgoing(), tell())
    settle(connection, claim, answer, tell(), patience)
    return True


def claim_to_send(connection: Connection, now: datetime, patience: Patience, routes: Routes) -> Claim | None:
    """Urgent ones first, then each home in its turn, then the oldest."""
    return _claim(connection, "claim_to_send", now, patience, routes.choose(now))


def settle(connection: Connection, claim: Claim, answer: Answer, now: datetime, patience: Patience) -> None:
    """Write down what became of it."""
    match answer:
        case Accepted(sid, final):
            receipts.hand_over(connection, claim.id, sid, now, None if final else now + patience.asks(claim.provider))
        case Refused(code, http_status):
            _refused(connection, claim, code, action_for(code, http_status), now, patience)
        case Unknown(why):
            later = now if claim.urgent else now + patience.look_after
            _rest(connection, claim, MessageState.UNKNOWN, later, now)
            log.warning("Nobody knows whether a text is out", extra=about("sms_unknown", message_id=claim.id, why=why))


def look_next(connection: Connection, routes: Routes, tell: Tell, patience: Patience) -> bool:
    """See to the text that waits longest for a look-up: an unknown fate, or no news; False when none does."""
    claim = _claim(connection, "claim_to_look_up", tell(), patience)
    if claim is None:
        return False
    if claim.state in (MessageState.SENDING, MessageState.UNKNOWN):
        _reconcile(connection, routes, claim, tell, patience)
    else:
        _ask(connection, routes, claim, tell)
    return True


def _claim(
    connection: Connection,
    query: str,
    now: datetime,
    patience: Patience,
    routes: Mapping[str, str | None] | None = None,
) -> Claim | None:
    values = {
        "now": now,
        "until": now + patience.lease,
        "ask_after": patience.ask_after,
        "ask_notify_after": patience.ask_notify_after,
        "ask_until": ASK_UNTIL,
        **(routes or {}),
    }
    with connection.cursor(row_factory=class_row(Claim)) as cursor:
        return cursor.execute(sql(__file__, query), values).fetchone()


def _refused(
    connection: Connection, claim: Claim, code: int | None, action: Action, now: datetime, patience: Patience
) -> None:
    with connection.transaction():
        hold_homes(connection, claim.person_id, action)
        row = receipts.lock(connection, claim.id)
        if row.state is not MessageState.SENDING:
            return
        lost = Lost(claim.id, row.alert_id, row.person_id, code)
        if action in (Action.SEND_AGAIN, Action.SEND_AGAIN_OUR_FAULT):
            again = now + patience.pause * 2 ** min(claim.attempts - 1, 5)
            _rest(connection, claim, MessageState.QUEUED, again, now)
            log.warning("A text has to wait", extra=about("sms_waits", message_id=claim.id, error_code=code))
            if action is Action.SEND_AGAIN_OUR_FAULT:
                log.error("Twilio refuses our account", extra=about("sms_configuration_fault", error_code=code))
            return
        receipts.fail(connection, row, code, now)
        follow(connection, lost, action, now)


def _rest(
    connection: Connection,
    claim: Claim,
    state: MessageState,
    until: datetime,
    now: datetime,
    source: receipts.Source = "engine",
) -> None:
    """Leave it for another try, unless somebody else has moved it on meanwhile."""
    with connection.transaction():
        changed = connection.execute(
            "update message set state = %s, next_try_at = %s where id = %s and state in ('sending', 'unknown')",
            (state, until, claim.id),
        ).rowcount
        if changed:
            receipts.note(connection, claim.id, state, source, None, now)


def _reconcile(connection: Connection, routes: Routes, claim: Claim, tell: Tell, patience: Patience) -> None:
    """Find out whether Twilio has the text; if not, or if that cannot be found out and it is urgent, send again."""
    try:
        route = routes.of(claim.provider)
        listed = route.candidates(claim.outgoing(), claim.created_at - CLOCKS_DIFFER) if route else []
        there = _not_another(connection, listed)
    except NotAnswered as error:
        log.warning("A look-up failed", extra=about("sms_look_up_failed", message_id=claim.id, why=str(error)))
        now = tell()
        routes.not_answered(claim.provider, now)
        _risk(connection, routes, claim, now, patience)
        return
    now = tell()
    if there is None:
        _repeat(connection, claim, now, patience)
        return
    receipts.hand_over(connection, claim.id, there.sid, now, now + patience.asks(claim.provider))
    _report(connection, there, now)


def _not_another(connection: Connection, same: Sequence[Seen]) -> Seen | None:
    """The one among those on the other side that belongs to no other of our messages."""
    rows = connection.execute(
        "select provider_id from message where provider_id = any(%s)", ([text.sid for text in same],)
    ).fetchall()
    known = {row[0] for row in rows}
    return next((text for text in same if text.sid not in known), None)


def _risk(connection: Connection, routes: Routes, claim: Claim, now: datetime, patience: Patience) -> None:
    """Nobody can say whether it is out: an urgent text is sent again a few times, then it waits for the look-up.

    Where another route is well, it takes that one.
    """
    risked = _tries(connection, claim, "risk") if claim.urgent and claim.wanted else MOST_RISKED
    elsewhere = claim.urgent and claim.wanted and routes.has_better(claim.channel, claim.provider, now)
    if risked < MOST_RISKED or (elsewhere and claim.attempts < MOST_ATTEMPTS):
        _rest(connection, claim, MessageState.QUEUED, now + patience.pause * risked, now, "risk")
        return
    connection.execute(
        "update message set next_try_at = %s where id = %s and state = 'unknown'", (now + patience.look_after, claim.id)
    )


def _tries(connection: Connection, claim: Claim, source: receipts.Source) -> int:
    """How often this text was put back to be sent again for this reason."""
    query = "select count(*) from message_event where message_id = %s and state = 'queued' and source = %s"
    row = connection.execute(query, (claim.id, source)).fetchone()
    return int(row[0]) if row else 0


def _repeat(connection: Connection, claim: Claim, now: datetime, patience: Patience) -> None:
    """Twilio says that it does not have it. The first time it is sent again at once."""
    tries = _tries(connection, claim, "poll")
    with connection.transaction():
        row = receipts.lock(connection, claim.id)
        if row.state is not MessageState.UNKNOWN:
            return
        if not claim.wanted:
            connection.execute(sql(__file__, "cancel"), {"id": claim.id, "now": now})
            receipts.note(connection, claim.id, MessageState.CANCELLED, "engine", None, now)
        elif tries + 1 >= MOST_ATTEMPTS:
            receipts.fail(connection, row, None, now)
            follow(connection, Lost(claim.id, row.alert_id, row.person_id, None), Action.GIVE_UP, now)
        else:
            pause = patience.pause * (2**tries - 1)
            _rest(connection, claim, MessageState.QUEUED, now + pause, now, "poll")
            log.warning("A text is sent again", extra=about("sms_repeated", message_id=claim.id))


def _ask(connection: Connection, routes: Routes, claim: Claim, tell: Tell) -> None:
    try:
        route = routes.of(claim.provider)
        found = route.ask(claim.provider_id or "") if route else None
    except NotAnswered as error:
        log.warning("A look-up failed", extra=about("sms_look_up_failed", message_id=claim.id, why=str(error)))
        return
    if found is not None:
        _report(connection, found, tell())


def _report(connection: Connection, text: Seen, now: datetime) -> None:
    if text.status in receipts.STATE_OF:
        receipts.take_in(connection, Report(text.sid, text.status, text.error_code, "poll"), now)


__all__ = ["Patience", "claim_to_send", "look_next", "queue_sign_in", "send_next", "settle"]
