"""A text that came in: whose it is, what it says about which alert, and what we answer.

Each text is taken in once, by Twilio's id; the same again gets the same answer and
changes nothing. A text from a phone we do not know changes nothing and gets no answer.
"""

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from psycopg import Connection
from psycopg.rows import class_row

from alerts.telling import hand_over, states, still_you, texts, verifying
from alerts.telling.asking import asked_for_help
from alerts.telling.not_told import tell_staff
from alerts.telling.queueing import Draft, Purpose, queue
from alerts.telling.reading_replies import DIGIT_OF, LONGEST, Reply, Wish, read
from alerts.telling.refusals import TELL_STAFF, Action
from alerts.telling.state_table import Outcome, State
from gateway.log import about
from ingest.database import sql

log = logging.getLogger(__name__)


class Meaning(StrEnum):
    """What a text came to; kept with it."""

    TAKE = "take"
    CANNOT = "cannot"
    ALL_WELL = "all_well"
    ATTEND = "attend"
    SAYS_WELL = "says_well"  # the resident
    WANTS_HELP = "wants_help"  # the resident
    SWAP = "swap"
    BACK = "back"
    PROVED = "proved"  # by the code we sent that the phone is theirs
    NOT_THE_CODE = "not_the_code"
    STILL_YOURS = "still_yours"  # asked whether the phone is
    NOT_YOURS = "not_yours"
    TOO_LATE = "too_late"  # somebody else has it, or it is closed
    WHICH = "which"  # several alerts are open, and it named none
    NONE_OPEN = "none_open"
    UNKNOWN_CODE = "unknown_code"
    NOT_UNDERSTOOD = "not_understood"
    STOP = "stop"
    START = "start"
    INFO = "info"
    UNKNOWN_PHONE = "unknown_phone"


FROM_ITS_OWNER = frozenset(Meaning) - {
    Meaning.WHICH, Meaning.NONE_OPEN, Meaning.UNKNOWN_CODE, Meaning.NOT_UNDERSTOOD, Meaning.NOT_THE_CODE,
    Meaning.NOT_YOURS, Meaning.STOP, Meaning.START, Meaning.INFO, Meaning.UNKNOWN_PHONE,
}  # fmt: skip
"""Only who we mean can have texted this: nobody need be asked whether the phone is still theirs."""


@dataclass(frozen=True, slots=True)
class Known:
    """An alert that this phone has a code for."""

    alert_id: int
    code: str
    state: State
    holder_id: int | None

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", State(self.state))


@dataclass(frozen=True, slots=True)
class Done:
    """What a text came to, and what to answer."""

    meaning: Meaning
    answer: str | None = None
    alert_id: int | None = None


def receive(
    connection: Connection, form: Mapping[str, str], now: datetime, sent_at: datetime | None = None
) -> str | None:
    """Take in Twilio's inbound webhook, whose signature was checked. Returns the text to answer with.

    A text that comes late, sent at `sent_at`, can only mean what its owner had been told by then.
    """
    sid, phone = form.get("MessageSid", ""), form.get("From", "")
    if not sid or not phone:
        log.warning("A text that came in cannot be read", extra=about("sms_inbound_unreadable"))
        return None
    body = form.get("Body", "").replace("\x00", "")[:LONGEST]
    with connection.transaction():
        person_id = _owner(connection, phone)
        values = {"sid": sid, "now": now, "phone": phone, "body": body, "person": person_id}
        if connection.execute(sql(__file__, "keep_inbound"), values).rowcount == 0:
            return _answered_before(connection, sid)
        done = Done(Meaning.UNKNOWN_PHONE)
        if person_id is not None:
            done = _act(connection, person_id, read(body), now, sent_at)
            connection.execute(sql(__file__, "number_works"), {"person": person_id})  # alerts are locked before
            if done.meaning in FROM_ITS_OWNER:
                still_you.heard(connection, person_id, now)
        connection.execute(
            "update inbound set meaning = %s, answer = %s, alert_id = %s where provider_id = %s",
            (done.meaning, done.answer, done.alert_id, sid),
        )
    ids = {"person_id": person_id, "alert_id": done.alert_id, "meaning": done.meaning.value}
    log.info("A text came in", extra=about("sms_received", **ids))
    return done.answer


def receive_late(connection: Connection, form: Mapping[str, str], now: datetime, sent_at: datetime | None) -> None:
    """The same for a text whose webhook was lost: the answer goes out as a text of its own."""
    with connection.transaction():
        answer = receive(connection, form, now, sent_at)
        person_id = _owner(connection, form.get("From", ""))
        if answer is not None and person_id is not None:
            queue(connection, [Draft(person_id, Purpose.ANSWER, answer, urgent=True)], now)


def _owner(connection: Connection, phone: str) -> int | None:
    row = connection.execute("select id from person where phone = %s", (phone,)).fetchone()
    return row[0] if row else None


def _answered_before(connection: Connection, sid: str) -> str | None:
    row = connection.execute("select answer from inbound where provider_id = %s", (sid,)).fetchone()
    return row[0] if row else None


def _act(connection: Connection, person_id: int, reply: Reply, now: datetime, sent_at: datetime | None) -> Done:
    match reply.wish:
        case Wish.STOP:
            return _stop(connection, person_id, now)
        case Wish.START:
            connection.execute("update person set opted_out_at = null where id = %s", (person_id,))
            return Done(Meaning.START)
        case Wish.INFO:
            return Done(Meaning.INFO)  # the carrier answers these
        case Wish.SWAP | Wish.BACK | Wish.PROVE:
            return _about_themselves(connection, person_id, reply, now)
    known = _known(connection, person_id, now, sent_at)
    open_ones = [alert for alert in known if alert.state is not State.CLOSED]
    if reply.code is not None:
        named = next((alert for alert in known if alert.code == reply.code), None)
        return _about(connection, person_id, named, reply, now) if named else _unknown_code(open_ones)
    if reply.wish is Wish.NONE:
        return Done(Meaning.NOT_UNDERSTOOD, _how(open_ones))
    if len(open_ones) > 1:
        digit = DIGIT_OF[reply.wish]
        return Done(Meaning.WHICH, texts.which([alert.code for alert in open_ones], digit))
    if not open_ones:
        return _about_the_phone(connection, person_id, reply, now) or Done(Meaning.NONE_OPEN, texts.NONE_OPEN)
    return _about(connection, person_id, open_ones[0], reply, now)


def _about_the_phone(connection: Connection, person_id: int, reply: Reply, now: datetime) -> Done | None:
    """The answer to "is this still your phone?", if that was asked. An open alert comes first."""
    if reply.wish is Wish.TAKE and still_you.heard(connection, person_id, now):
        return Done(Meaning.STILL_YOURS, texts.STILL_YOURS)
    if reply.wish is Wish.CANNOT and still_you.refused(connection, person_id, now):
        return Done(Meaning.NOT_YOURS, texts.NOT_YOURS)
    return None


def _about_themselves(connection: Connection, person_id: int, reply: Reply, now: datetime) -> Done:
    """Handing over, taking back, and the code that shows whose phone it is."""
    if reply.wish is Wish.SWAP:
        return Done(Meaning.SWAP, hand_over.swap(connection, person_id, reply.until, "sms", now))
    if reply.wish is Wish.BACK:
        return Done(Meaning.BACK, hand_over.back(connection, person_id, now))
    if verifying.confirm(connection, person_id, reply.code or "", now):
        return Done(Meaning.PROVED, texts.NUMBER_PROVED)
    return Done(Meaning.NOT_THE_CODE, texts.NOT_THE_CODE)


def _unknown_code(open_ones: Sequence[Known]) -> Done:
    answer = texts.how_to_answer(open_ones[0].code) if len(open_ones) == 1 else texts.UNKNOWN_CODE
    return Done(Meaning.UNKNOWN_CODE, answer)


def _how(open_ones: Sequence[Known]) -> str:
    return texts.how_to_answer(open_ones[0].code) if len(open_ones) == 1 else texts.NOT_UNDERSTOOD


def _known(connection: Connection, person_id: int, now: datetime, sent_at: datetime | None) -> list[Known]:
    """The alerts that this phone's codes may mean, newest first: those not closed, and of the last days."""
    with connection.cursor(row_factory=class_row(Known)) as cursor:
        values = {"person": person_id, "now": now, "sent_at": sent_at}
        return cursor.execute(sql(__file__, "known_codes"), values).fetchall()


def _about(connection: Connection, person_id: int, alert: Known, reply: Reply, now: datetime) -> Done:
    if reply.wish in (Wish.TAKE, Wish.CANNOT, Wish.ALL_WELL) and _is_resident(connection, person_id, alert.alert_id):
        return _resident(connection, person_id, alert, reply, now)
    match reply.wish:
        case Wish.ATTEND:
            return _attend(connection, person_id, alert, now)
        case Wish.TAKE:
            return _take(connection, person_id, alert, now)
        case Wish.CANNOT:
            return _cannot(connection, person_id, alert, now)
        case Wish.ALL_WELL:
            return _all_well(connection, person_id, alert, now)
    return Done(Meaning.NOT_UNDERSTOOD, texts.how_to_answer(alert.code), alert.alert_id)


def _take(connection: Connection, person_id: int, alert: Known, now: datetime) -> Done:
    taken = states.acknowledge(connection, alert.alert_id, person_id, "sms", now)
    if taken.won:
        return Done(Meaning.TAKE, texts.you_have_it(alert.code), alert.alert_id)
    return _too_late(connection, alert)


def _attend(connection: Connection, person_id: int, alert: Known, now: datetime) -> Done:
    taken = states.attend(connection, alert.alert_id, person_id, "sms", now)
    if taken.won:
        return Done(Meaning.ATTEND, texts.you_attend(alert.code), alert.alert_id)
    return _too_late(connection, alert)


def _resident(connection: Connection, person_id: int, alert: Known, reply: Reply, now: datetime) -> Done:
    """The resident was asked "are you all right?"."""
    if reply.wish is Wish.CANNOT:
        asked_for_help(connection, alert.alert_id, person_id, "sms", now)
        return Done(Meaning.WANTS_HELP, texts.somebody_is_asked_to_come(), alert.alert_id)
    states.say_well(connection, alert.alert_id, person_id, "sms", now)
    return Done(Meaning.SAYS_WELL, texts.glad_you_are_well(), alert.alert_id)


def _is_resident(connection: Connection, person_id: int, alert_id: int) -> bool:
    """Whether this is the resident of the alert's home, who was asked how they are."""
    query = "select lives_in(%s, home_id) from alert where id = %s"
    row = connection.execute(query, (person_id, alert_id)).fetchone()
    return bool(row and row[0])


def _cannot(connection: Connection, person_id: int, alert: Known, now: datetime) -> Done:
    current = states.lock(connection, alert.alert_id)
    if current.state is State.CLOSED or current.holder_id not in (None, person_id):
        return _too_late(connection, alert)
    states.cannot(connection, alert.alert_id, person_id, "sms", now)
    values = {"id": alert.alert_id, "person": person_id, "now": now}
    somebody = connection.execute(sql(__file__, "somebody_else"), values).fetchone()
    answer = texts.next_person_is_asked if somebody else texts.nobody_else_to_ask
    return Done(Meaning.CANNOT, answer(alert.code), alert.alert_id)


def _all_well(connection: Connection, person_id: int, alert: Known, now: datetime) -> Done:
    current = states.lock_to_close(connection, alert.alert_id)
    if current.state is not State.CLOSED and current.holder_id not in (None, person_id):
        return _too_late(connection, alert)
    if states.close(connection, alert.alert_id, person_id, Outcome.ALL_WELL, "sms", now):
        return Done(Meaning.ALL_WELL, texts.you_closed_it(alert.code), alert.alert_id)
    return _too_late(connection, alert)


def _too_late(connection: Connection, alert: Known) -> Done:
    closed = states.lock(connection, alert.alert_id).state is State.CLOSED
    answer = texts.closed_already(alert.code) if closed else texts.somebody_else_has_it(alert.code)
    return Done(Meaning.TOO_LATE, answer, alert.alert_id)


def _stop(connection: Connection, person_id: int, now: datetime) -> Done:
    """The carrier refuses our texts to this phone from now on; the housing team must know."""
    tell_staff(connection, person_id, TELL_STAFF[Action.OPTED_OUT], now)
    connection.execute("update person set opted_out_at = coalesce(opted_out_at, %s) where id = %s", (now, person_id))
    return Done(Meaning.STOP)
