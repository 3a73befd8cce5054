"""Calls by Twilio: a voice reads the alert out and listens for one key.

1: I have it. 2: I cannot. 9: once more. Without a key nobody has it, and the ladder goes on by its own
clock: an answered call may have reached an answering machine.
"""

from datetime import datetime
from xml.sax.saxutils import escape

from pydantic import SecretStr

from alerts.telling.carrying import Answer, Outgoing, Seen
from alerts.telling.twilio_api import TIMEOUT_S, answered, client, found, handed_over

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
        self._client = client(account, token, base_url, timeout_s)
        self._our_number = our_number
        self._gather_url, self._status_url = f"{public_url}/twilio/key", f"{public_url}/twilio/call"

    def send(self, out: Outgoing) -> Answer:
        return handed_over(
            lambda: self._client.calls.create(
                to=out.phone or "", from_=self._our_number, twiml=question(out.body, self._gather_url), timeout=RING_S,
                status_callback=self._status_url, status_callback_event=["answered", "completed"],
            )
        )  # fmt: skip

    def candidates(self, out: Outgoing, since: datetime) -> list[Seen]:
        calls = answered(
            lambda: self._client.calls.list(
                to=out.phone or "", from_=self._our_number, start_time_after=since, limit=50
            )
        )
        return [_seen(call) for call in calls]

    def ask(self, sid: str) -> Seen | None:
        call = found(lambda: self._client.calls(sid).fetch())
        return _seen(call) if call is not None else None


def _seen(call: object) -> Seen:
    def of(name: str) -> str:
        return getattr(call, name, None) or ""

    return Seen(
        of("sid"), STATUS.get(of("status"), "queued"), "", of("from_"), of("to"), None, of("direction"),
        getattr(call, "start_time", None),
    )  # fmt: skip
