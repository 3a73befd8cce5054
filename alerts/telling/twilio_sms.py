"""Texts by Twilio: send, look up, ask what became of one, check a signature."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pydantic import SecretStr
from twilio.request_validator import RequestValidator

from alerts.telling.carrying import Answer, Outgoing, Seen
from alerts.telling.twilio_api import TIMEOUT_S, answered, client, found, handed_over

VALID_S = 900
"""Twilio gives a text up after so long: a later one would only confuse."""
SHOWN_AT_ONCE = 200
"""Page size of a look-up."""


class Twilio:
    """One account and one number of ours. A connection pool each: make one per thread."""

    def __init__(
        self,
        account: str,
        token: SecretStr,
        base_url: str,
        our_number: str,
        status_url: str,
        timeout_s: float = TIMEOUT_S,
    ) -> None:
        self._client = client(account, token, base_url, timeout_s)
        self._our_number = our_number
        self._status_url = status_url

    name = "twilio"

    def send(self, out: Outgoing) -> Answer:
        return handed_over(
            lambda: self._client.messages.create(
                to=out.phone or "", from_=self._our_number, body=out.body,
                validity_period=VALID_S, status_callback=self._status_url,
            )
        )  # fmt: skip

    def candidates(self, out: Outgoing, since: datetime) -> list[Seen]:
        """The same words from us to this number. Raises NotAnswered."""
        return [text for text in self.sent(out.phone or "", since) if text.body == out.body]

    def sent(self, to: str, since: datetime) -> list[Seen]:
        """What Twilio took from us for this number, newest first. Raises NotAnswered."""
        sent = self._list(to=to, from_=self._our_number, date_sent_after=since)
        return [text for text in sent if text.direction == "outbound-api"]

    def received(self, since: datetime) -> list[Seen]:
        """What came in for our number. Raises NotAnswered."""
        return [text for text in self._list(to=self._our_number, date_sent_after=since) if text.direction == "inbound"]

    def ask(self, sid: str) -> Seen | None:
        """This text as it stands, or None where Twilio does not know it. Raises NotAnswered."""
        text = found(lambda: self._client.messages(sid).fetch())
        return _seen(text) if text is not None else None

    def _list(self, **wanted: Any) -> list[Seen]:
        texts = answered(lambda: self._client.messages.list(page_size=SHOWN_AT_ONCE, **wanted))
        return [_seen(text) for text in texts]


def signature_is_right(token: SecretStr, url: str, form: Mapping[str, str], signature: str | None) -> bool:
    """Whether Twilio made this request. `url` is the configured public one, never from the headers."""
    if not signature:
        return False
    validator = RequestValidator(token.get_secret_value())  # type: ignore[no-untyped-call]
    return bool(validator.validate(url, form, signature))  # type: ignore[no-untyped-call]


def _seen(text: Any) -> Seen:
    return Seen(
        text.sid, text.status, text.body or "", text.from_ or "", text.to or "", text.error_code, text.direction,
        text.date_created,
    )  # fmt: skip
