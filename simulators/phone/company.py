"""The simulated phone company: takes texts, carries them to phones, brings answers back."""

import re
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path

from gateway.clock import Clock
from simulators.phone.calls import Exchange
from simulators.phone.disorder import Callbacks, Disorder, Disorders, Fate
from simulators.phone.later import Later
from simulators.phone.store import Store
from simulators.phone.texts import Habit, Phone, Status, Text, new_sid
from simulators.phone.webhooks import Webhooks, messages_in

OPT_OUT = frozenset({"STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"})
OPT_IN = frozenset({"START", "YES", "UNSTOP"})
NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
CODE = re.compile(r"\b([A-Z]{1,3}[2-9]) 1\b")
"""How a text of ours shows the code that an answer needs: "Reply K7 1"."""

MAX_BODY = 1600


@dataclass(frozen=True, slots=True)
class Account:
    """Whom the company serves. `pace_s` is the time between two steps of a text's life, in real seconds."""

    sid: str
    token: str
    number: str
    inbound_url: str | None = None
    clock: Clock = field(default_factory=Clock)
    pace_s: float = 0.3


class Refused(Exception):  # noqa: N818 - it is Twilio's answer, not a fault
    """The request to send is answered with this error."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message = status, code, message


_ENDS = frozenset({Status.DELIVERED, Status.UNDELIVERED, Status.FAILED, Status.CANCELED})


class Company:
    """Thread-safe. Everything a person sees on the page and the API comes from here."""

    def __init__(self, account: Account, store: Path | None = None, now: Callable[[], datetime] | None = None) -> None:
        self.account = account
        self.now = now or account.clock.now
        self.disorders = Disorders()
        self._version = 0
        self._webhooks = Webhooks(account.token)
        self.exchange = Exchange(account.sid, self._webhooks, self.now, account.pace_s)
        self._later = Later()
        self._store = Store(store)
        self._lock = threading.RLock()
        self._phones: dict[str, Phone] = {}
        self._texts: dict[str, Text] = {}
        self._load()

    def _load(self) -> None:
        texts, opted_out = self._store.load()
        for text in texts:
            self._keep(text, save=False)
        for number in opted_out:
            self._phones[number] = replace(self._phone(number), opted_out=True)

    def stop(self) -> None:
        self._later.stop()
        self.exchange.stop()
        self._store.close()

    # What is known

    @property
    def version(self) -> int:
        """Goes up with each change, so that the page knows when to draw again."""
        return self._version + self.exchange.version

    def phones(self) -> list[Phone]:
        """Every phone with its texts, oldest first."""
        with self._lock:
            texts = sorted(self._texts.values(), key=lambda text: text.created_at)
            return [
                replace(phone, texts=tuple(text for text in texts if text.phone == phone.number))
                for phone in self._phones.values()
            ]

    def text(self, sid: str) -> Text | None:
        with self._lock:
            return self._texts.get(sid)

    def texts(self) -> list[Text]:
        """All of them, newest first, as Twilio lists them."""
        with self._lock:
            return sorted(self._texts.values(), key=lambda text: text.created_at, reverse=True)

    def register(self, number: str, name: str, habit: Habit | None) -> None:
        """Show this phone on the page from the start, with its owner's name."""
        with self._lock:
            self._phones[number] = replace(self._phone(number), name=name, habit=habit)
            self._version += 1

    # From us to a phone

    def accept(self, to: str, from_number: str, body: str, callback: str | None, disorder: Disorder) -> Text:
        """Take a text on, as POST Messages does. Raises Refused."""
        self._check(to, from_number, body, disorder)
        return self._send(to, body, "outbound-api", callback, disorder)

    def _check(self, to: str, from_number: str, body: str, disorder: Disorder) -> None:
        if disorder.refuse is not None:
            raise Refused(400, disorder.refuse, "Refused on request")
        if not to:
            raise Refused(400, 21604, "A 'To' phone number is required.")
        if not NUMBER.fullmatch(to):
            raise Refused(400, 21211, "The 'To' number is not a valid phone number.")
        if not body:
            raise Refused(400, 21602, "Message body is required.")
        if len(body) > MAX_BODY:
            raise Refused(400, 21617, "The concatenated message body exceeds the 1600 character limit.")
        if from_number != self.account.number:
            raise Refused(400, 21606, "The 'From' phone number is not a valid, SMS-capable number of this account.")
        if self._phone(to).opted_out:
            raise Refused(400, 21610, "Attempt to send to unsubscribed recipient")

    def _send(self, to: str, body: str, direction: str, callback: str | None, disorder: Disorder) -> Text:
        now = self.now()
        text = Text(new_sid(), self.account.number, to, body, direction, Status.QUEUED, now, now, callback=callback)
        self._keep(text)
        self._plan(text, disorder)
        return text

    def _plan(self, text: Text, disorder: Disorder) -> None:
        """Let the text live: each step of its life at its time, and the reports about it."""
        pace = self.account.pace_s
        steps = _life(disorder)
        for place, status in enumerate(steps, 1):
            self._later.do(place * pace, lambda status=status: self._become(text.sid, status, disorder.error_code))  # type: ignore[misc]
        for after_s, status in _reports(steps, disorder, pace):
            self._later.do(after_s, lambda status=status: self._report(text, status, disorder.error_code))  # type: ignore[misc]

    def _become(self, sid: str, status: Status, error_code: int | None) -> None:
        with self._lock:
            text = self._texts[sid]
            if text.status in _ENDS:  # steps of a very short life may overtake each other
                return
            failed = status in (Status.UNDELIVERED, Status.FAILED)
            text = text.becomes(status, self.now(), error_code if failed else None)
            self._keep(text)
        if status is Status.DELIVERED:
            self._follow_habit(text)

    def _report(self, text: Text, status: Status, error_code: int | None) -> None:
        if text.callback is None:
            return
        form = {
            "MessageSid": text.sid,
            "SmsSid": text.sid,
            "MessageStatus": status.value,
            "SmsStatus": status.value,
            "AccountSid": self.account.sid,
            "From": text.from_number,
            "To": text.to_number,
            "ApiVersion": "2010-04-01",
        }
        if error_code is not None and status in (Status.UNDELIVERED, Status.FAILED):
            form["ErrorCode"] = str(error_code)
        self._webhooks.call(text.callback, form)

    def cancel(self, sid: str) -> Text:
        """Only what has not left yet can be cancelled."""
        with self._lock:
            text = self._texts[sid]
            if text.status is not Status.QUEUED:
                raise Refused(400, 30409, "Message is not in a cancelable state")
            text = text.becomes(Status.CANCELED, self.now())
            self._keep(text)
            return text

    # From a phone to us

    def incoming(self, number: str, body: str) -> Text:
        """The owner of the phone sends a text; what we answer comes back to the phone."""
        now = self.now()
        text = Text(new_sid(), number, self.account.number, body[:MAX_BODY], "inbound", Status.RECEIVED, now, now, now)
        self._keep(text)
        self._opt(number, body.strip().upper())
        disorder = self.disorders.now(number)
        if self.account.inbound_url and not disorder.inbound_lost:
            self._later.do(0, lambda: self._deliver_inbound(text))
        return text

    def _opt(self, number: str, word: str) -> None:
        """The carrier's own machinery: it acts on these words by itself, and answers them."""
        if word not in OPT_OUT | OPT_IN:
            return
        out = word in OPT_OUT
        with self._lock:
            self._phones[number] = replace(self._phone(number), opted_out=out)
            self._store.opted_out(number, out=out)
        answer = (
            "You have successfully been unsubscribed. You will not receive any more messages from this number. "
            "Reply START to resubscribe."
            if out
            else "You have successfully been re-subscribed to messages from this number."
        )
        self._send(number, answer, "outbound-reply", None, Disorder())

    def _deliver_inbound(self, text: Text) -> None:
        form = {
            "ToCountry": "GB",
            "SmsMessageSid": text.sid,
            "NumMedia": "0",
            "FromZip": "",
            "SmsSid": text.sid,
            "FromState": "",
            "SmsStatus": "received",
            "FromCity": "",
            "Body": text.body,
            "FromCountry": "GB",
            "To": text.to_number,
            "NumSegments": "1",
            "MessageSid": text.sid,
            "AccountSid": self.account.sid,
            "From": text.from_number,
            "ApiVersion": "2010-04-01",
        }
        for body in messages_in(self._webhooks.call(self.account.inbound_url or "", form)):
            if not self._phone(text.phone).opted_out:
                self._send(text.phone, body, "outbound-reply", None, Disorder())

    def _follow_habit(self, text: Text) -> None:
        """Plan the answer that the phone's owner gives to an alert, unless somebody answers before."""
        habit, code = self._phone(text.phone).habit, CODE.search(text.body)
        if habit is None or code is None:
            return
        wall_s = self.account.clock.wall_seconds(timedelta(seconds=habit.after_s))
        self._later.do(wall_s, lambda: self._answer_by_habit(text, code[1], habit))

    def _answer_by_habit(self, text: Text, code: str, habit: Habit) -> None:
        with self._lock:
            inbound = [o for o in self._texts.values() if o.direction == "inbound" and o.phone == text.phone]
        if any(other.created_at > text.created_at for other in inbound):
            return
        before = sum(code in other.body for other in inbound)
        self.incoming(text.phone, f"{code} {habit.answer(before)}")

    # Keeping

    def _phone(self, number: str) -> Phone:
        with self._lock:
            return self._phones.setdefault(number, Phone(number))

    def _keep(self, text: Text, *, save: bool = True) -> None:
        with self._lock:
            self._phone(text.phone)
            self._texts[text.sid] = text
            self._version += 1
            if save:
                self._store.save(text)


def _life(disorder: Disorder) -> list[Status]:
    match disorder.fate:
        case Fate.STUCK:
            return []
        case Fate.SENT:
            return [Status.SENDING, Status.SENT]
        case Fate.FAILED:
            return [Status.FAILED]
        case Fate.UNDELIVERED:
            return [Status.SENDING, Status.SENT, Status.UNDELIVERED]
        case Fate.DELIVERED:
            return [Status.SENDING, Status.SENT, Status.DELIVERED]


def _reports(steps: list[Status], disorder: Disorder, pace: float) -> Iterable[tuple[float, Status]]:
    """When which report is sent. There is none about the first status, as with Twilio."""
    on_time = [(place * pace, status) for place, status in enumerate(steps, 1) if status is not Status.SENDING]
    match disorder.callbacks:
        case Callbacks.FINE:
            return on_time
        case Callbacks.LATE:
            return [(at + disorder.late_s, status) for at, status in on_time]
        case Callbacks.REPEATED:
            return [(at + extra, status) for at, status in on_time for extra in (0.0, pace / 2)]
        case Callbacks.REVERSED:
            times = sorted((at + pace * len(steps) for at, _ in on_time), reverse=True)
            return list(zip(times, (status for _, status in on_time), strict=True))
        case Callbacks.LOST:
            return []
