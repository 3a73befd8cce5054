"""Calls by Twilio: a voice reads the alert out and listens for one key.

1: I have it. 2: I cannot. 9: once more. Without a key nobody has it, and the ladder goes on by its own
clock: an answered call may have reached an answering machine.
"""

from datetime import datetime
from xml.sax.saxutils import escape

import requests
from pydantic import SecretStr
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.rest import Client

from alerts.telling.carrying import Accepted, Answer, NotAnswered, Outgoing, Seen, Unknown
from alerts.telling.twilio_sms import TIMEOUT_S, Http, answered, refusal

RING_S = 25
VOICE = 'voice="Polly.Amy" language="en-GB"'
STATUS = {
    "queued": "queued",
    "initiated": "queued",
    "ringing": "sending",
    "in-progress": "sent",
    "completed": "delivered",
    "busy": "undelivered",
    "no-answer": "undelivered",
    "failed": "failed",
    "canceled": "failed",
}
"""Twilio's word for a call in its word for a text."""


def question(words: str, gather_url: str) -> str:
    """TwiML that reads `words` twice and takes one key. At most 4,000 characters."""
    say = f"<Say {VOICE}>{escape(words)}</Say>"
    return (
        f'<Response><Gather numDigits="1" timeout="8" method="POST" action="{escape(gather_url)}">'
        f'{say}<Pause length="1"/>{say}</Gather></Response>'
    )


def farewell(words: str) -> str:
    return f"<Response><Say {VOICE}>{escape(words)}</Say></Response>"


class TwilioVoice:
    """One account and one number of ours."""

    name = "twilio_voice"

    def __init__(
        self,
        account: str,
        token: SecretStr,
        base_url: str,
        our_number: str,
        public_url: str,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._client = Client(account, token.get_secret_value(), http_client=Http(base_url, timeout_s))  # type: ignore[no-untyped-call]
        self._our_number = our_number
        self._gather_url, self._status_url = f"{public_url}/twilio/key", f"{public_url}/twilio/call"

    def send(self, out: Outgoing) -> Answer:
        try:
            made = self._client.calls.create(
                to=out.phone or "", from_=self._our_number, twiml=question(out.body, self._gather_url), timeout=RING_S,
                status_callback=self._status_url, status_callback_event=["answered", "completed"],
            )  # fmt: skip
        except (TwilioRestException, TwilioServiceException) as error:
            return refusal(error.status, error.code)
        except (TwilioException, requests.RequestException, ValueError) as error:
            return Unknown(type(error).__name__)
        return Accepted(made.sid) if made.sid else Unknown("no_sid")

    def candidates(self, out: Outgoing, since: datetime) -> list[Seen]:
        calls = answered(
            lambda: self._client.calls.list(
                to=out.phone or "", from_=self._our_number, start_time_after=since, limit=50
            )
        )
        return [_seen(call) for call in calls]

    def ask(self, sid: str) -> Seen | None:
        try:
            return _seen(answered(lambda: self._client.calls(sid).fetch()))
        except NotAnswered as error:
            if error.is_missing:
                return None
            raise


def _seen(call: object) -> Seen:
    def of(name: str) -> str:
        return getattr(call, name, None) or ""

    return Seen(
        of("sid"), STATUS.get(of("status"), "queued"), "", of("from_"), of("to"), None, of("direction"),
        getattr(call, "start_time", None),
    )  # fmt: skip
