"""The seam to Twilio: send, look up, ask what became of a text, check a signature.

Every way a request can end becomes one of three answers. A timeout, a broken connection,
a 5xx or an answer that cannot be read is Unknown: the text may be out. Twilio has no
idempotency key, so an Unknown must be looked up before it is sent again.
"""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import requests
from pydantic import SecretStr
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.request_validator import RequestValidator
from twilio.rest import Client

from alerts.telling.carrying import Accepted, Answer, NotAnswered, Outgoing, Refused, Seen, Unknown

TIMEOUT_S = 10
VALID_S = 900
"""Twilio gives a text up after so long: a later one would only confuse."""
SHOWN_AT_ONCE = 200
"""Page size of a look-up."""


class Http(TwilioHttpClient):
    """Twilio's own client, with our timeout and base URL, and without a log of numbers and texts."""

    def __init__(self, base_url: str, timeout_s: float) -> None:
        silent = logging.getLogger("alerts.twilio_requests")
        silent.setLevel(logging.CRITICAL)
        logging.getLogger("urllib3").setLevel(logging.CRITICAL)  # it names the address of each look-up
        super().__init__(timeout=timeout_s, logger=silent)
        self._base = urlsplit(base_url)

    def request(self, method: str, uri: str, *args: Any, **kwargs: Any) -> Response:  # type: ignore[override]
        parts = urlsplit(uri)
        path = self._base.path.rstrip("/") + parts.path
        moved = urlunsplit((self._base.scheme, self._base.netloc, path, parts.query, ""))
        return super().request(method, moved, *args, **kwargs)


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
        self._client = Client(account, token.get_secret_value(), http_client=Http(base_url, timeout_s))  # type: ignore[no-untyped-call]
        self._our_number = our_number
        self._status_url = status_url

    name = "twilio"

    def send(self, out: Outgoing) -> Answer:
        try:
            made = self._client.messages.create(
                to=out.phone or "", from_=self._our_number, body=out.body,
                validity_period=VALID_S, status_callback=self._status_url,
            )  # fmt: skip
        except (TwilioRestException, TwilioServiceException) as error:
            return refusal(error.status, error.code)
        except (TwilioException, requests.RequestException, ValueError) as error:
            return Unknown(type(error).__name__)
        return Accepted(made.sid) if made.sid else Unknown("no_sid")

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
        try:
            return _seen(answered(lambda: self._client.messages(sid).fetch()))
        except NotAnswered as error:
            if error.is_missing:
                return None
            raise

    def _list(self, **wanted: Any) -> list[Seen]:
        found = answered(lambda: self._client.messages.list(page_size=SHOWN_AT_ONCE, **wanted))
        return [_seen(text) for text in found]


def signature_is_right(token: SecretStr, url: str, form: Mapping[str, str], signature: str | None) -> bool:
    """Whether Twilio made this request. `url` is the configured public one, never from the headers."""
    if not signature:
        return False
    validator = RequestValidator(token.get_secret_value())  # type: ignore[no-untyped-call]
    return bool(validator.validate(url, form, signature))  # type: ignore[no-untyped-call]


T = TypeVar("T")


def answered(look: Callable[[], T]) -> T:
    try:
        return look()
    except (TwilioRestException, TwilioServiceException) as error:
        if error.status == 404:
            raise NotAnswered("not there", is_missing=True) from None
        raise NotAnswered(f"status {error.status}") from None
    except (TwilioException, requests.RequestException, ValueError) as error:
        raise NotAnswered(type(error).__name__) from None


def refusal(status: int, code: int | None) -> Answer:
    if status >= 500:
        return Unknown(f"status_{status}")
    # Twilio's client puts the HTTP status where an answer carried no code of its own.
    return Refused(None if code == status else code, status)


def _seen(text: Any) -> Seen:
    return Seen(
        text.sid, text.status, text.body or "", text.from_ or "", text.to or "", text.error_code, text.direction,
        text.date_created,
    )  # fmt: skip
