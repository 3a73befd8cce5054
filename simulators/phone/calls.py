"""Calls of the simulated phone company: a phone rings, somebody answers, hears the words and presses a key.

After Twilio's OpenAPI description of the Call resource (api_v2010) and TwiML's Say and Gather.
"""

import secrets
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any
from xml.etree import ElementTree as ET

from simulators.phone.disorder import Disorder, Fate
from simulators.phone.later import Later
from simulators.phone.texts import date_2822
from simulators.phone.webhooks import Webhooks

MAX_TWIML = 4000


class CallStatus(StrEnum):
    """Twilio's words."""

    QUEUED = "queued"
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Call:
    """One call from us to a phone. `heard`: the words said so far."""

    sid: str
    from_number: str
    to_number: str
    twiml: str
    callback: str | None
    status: CallStatus
    created_at: datetime
    heard: tuple[str, ...] = ()

    def resource(self, account: str) -> dict[str, Any]:
        """As Twilio's API shows it."""
        return {
            "account_sid": account,
            "sid": self.sid,
            "to": self.to_number,
            "from": self.from_number,
            "status": self.status.value,
            "direction": "outbound-api",
            "start_time": date_2822(self.created_at),
            "date_created": date_2822(self.created_at),
            "date_updated": date_2822(self.created_at),
            "uri": f"/2010-04-01/Accounts/{account}/Calls/{self.sid}.json",
        }


class Exchange:
    """Thread-safe. Rings until somebody answers, or as was wished for."""

    def __init__(self, account: str, webhooks: Webhooks, now: Callable[[], datetime], pace_s: float) -> None:
        self._account, self._webhooks, self._now, self._pace_s = account, webhooks, now, pace_s
        self._later = Later()
        self._lock = threading.Lock()
        self._calls: dict[str, Call] = {}
        self.version = 0
        """Goes up with each change."""

    def stop(self) -> None:
        self._later.stop()

    def calls(self) -> list[Call]:
        """Newest first."""
        with self._lock:
            return sorted(self._calls.values(), key=lambda call: call.created_at, reverse=True)

    def find(self, sid: str) -> Call | None:
        with self._lock:
            return self._calls.get(sid)

    def ring(self, to: str, from_number: str, twiml: str, callback: str | None, ring_s: float, wish: Disorder) -> Call:
        sid = "CA" + secrets.token_hex(16)
        call = Call(sid, from_number, to, twiml, callback, CallStatus.QUEUED, self._now())
        with self._lock:
            self._calls[sid] = call
        self._later.do(self._pace_s, lambda: self._becomes(sid, CallStatus.RINGING))
        end = {Fate.FAILED: CallStatus.FAILED, Fate.UNDELIVERED: CallStatus.NO_ANSWER}.get(wish.fate)
        after_s = 2 * self._pace_s if end else ring_s
        self._later.do(after_s, lambda: self._ends_unanswered(sid, end or CallStatus.NO_ANSWER))
        return call

    def answer(self, sid: str) -> str:
        """Somebody picks it up; the words they hear."""
        call = self._becomes(sid, CallStatus.IN_PROGRESS)
        return self._say(sid, _words(call.twiml))

    def press(self, sid: str, key: str) -> str:
        """They press a key; the words they hear then. The call is over."""
        call = self.find(sid)
        if call is None or call.status is not CallStatus.IN_PROGRESS:
            raise LookupError(sid)
        gather = ET.fromstring(call.twiml).find("Gather")  # noqa: S314 - from our own service on loopback
        action = gather.get("action", "") if gather is not None else ""
        answer = self._webhooks.call(action, self._form(call) | {"Digits": key}) if action else None
        self._becomes(sid, CallStatus.COMPLETED)
        return self._say(sid, _words(answer or "<Response/>"))

    def hang_up(self, sid: str) -> None:
        self._becomes(sid, CallStatus.COMPLETED)

    def _ends_unanswered(self, sid: str, status: CallStatus) -> None:
        call = self.find(sid)
        if call is not None and call.status in (CallStatus.QUEUED, CallStatus.RINGING):
            self._becomes(sid, status)

    def _say(self, sid: str, words: str) -> str:
        with self._lock:
            call = self._calls[sid]
            self._calls[sid] = replace(call, heard=(*call.heard, words))
        return words

    def _becomes(self, sid: str, status: CallStatus) -> Call:
        with self._lock:
            call = self._calls[sid] = replace(self._calls[sid], status=status)
            self.version += 1
        if call.callback and status is not CallStatus.RINGING:
            form = self._form(call)
            self._later.do(0, lambda: self._webhooks.call(call.callback or "", form))
        return call

    def _form(self, call: Call) -> dict[str, str]:
        return {
            "CallSid": call.sid,
            "CallStatus": call.status.value,
            "AccountSid": self._account,
            "From": call.from_number,
            "To": call.to_number,
            "Direction": "outbound-api",
            "ApiVersion": "2010-04-01",
        }


def _words(twiml: str) -> str:
    """What a voice says, each sentence once."""
    said = [(verb.text or "").strip() for verb in ET.fromstring(twiml).iter("Say")]  # noqa: S314
    return " ".join(dict.fromkeys(said))
