"""The seam to Twilio: send, look up, ask what became of a text, check a signature.

Every way a request can end becomes one of three answers. A timeout, a broken connection,
a 5xx or an answer that cannot be read is Unknown: the text may be out. Twilio has no
idempotency key, so an Unknown must be looked up before it is sent again.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar
from urllib.parse import urlsplit, urlunsplit

import requests
from pydantic import SecretStr
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.request_validator import RequestValidator
from twilio.rest import Client

TIMEOUT_S = 10
SHOWN_AT_ONCE = 200
"""Page size of a look-up."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """Twilio has it, under this id."""

    sid: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Twilio certainly does not have it."""

    code: int | None
    http_status: int


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may be out. `why` is a stable word for the log."""

    why: str


Answer = Accepted | Refused | Unknown


@dataclass(frozen=True, slots=True)
class Seen:
    """A text as Twilio lists it. `status` is Twilio's word."""

    sid: str
    status: str
    body: str
    from_number: str
    to_number: str
    error_code: int | None
    direction: str
    created_at: datetime | None


class NotAnswered(Exception):  # noqa: N818 - the name says what happened
    """A look-up failed; nothing was changed by it. Try again later."""


class Carrier(Protocol):
    """What the sender needs of a phone company."""

    def send(self, to: str, body: str, valid_s: int) -> Answer: ...
    def sent_to(self, to: str, since: datetime) -> list[Seen]: ...
    def ask(self, sid: str) -> Seen | None: ...
    def received(self, since: datetime) -> list[Seen]: ...


class _Http(TwilioHttpClient):
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
        self._client = Client(account, token.get_secret_value(), http_client=_Http(base_url, timeout_s))  # type: ignore[no-untyped-call]
        self._our_number = our_number
        self._status_url = status_url

    def send(self, to: str, body: str, valid_s: int) -> Answer:
        try:
            made = self._client.messages.create(
                to=to, from_=self._our_number, body=body, validity_period=valid_s, status_callback=self._status_url
            )
        except (TwilioRestException, TwilioServiceException) as error:
            return _refusal(error.status, error.code)
        except (TwilioException, requests.RequestException, ValueError) as error:
            return Unknown(type(error).__name__)
        return Accepted(made.sid) if made.sid else Unknown("no_sid")

    def sent_to(self, to: str, since: datetime) -> list[Seen]:
        """What Twilio took from us for this number. Raises NotAnswered."""
        return self._list(to=to, from_=self._our_number, date_sent_after=since)

    def received(self, since: datetime) -> list[Seen]:
        """What came in for our number. Raises NotAnswered."""
        return [text for text in self._list(to=self._our_number, date_sent_after=since) if text.direction == "inbound"]

    def ask(self, sid: str) -> Seen | None:
        """This text as it stands, or None where Twilio does not know it. Raises NotAnswered."""
        try:
            return _seen(_answered(lambda: self._client.messages(sid).fetch()))
        except _NotThere:
            return None

    def _list(self, **wanted: Any) -> list[Seen]:
        found = _answered(lambda: self._client.messages.list(page_size=SHOWN_AT_ONCE, **wanted))
        return [_seen(text) for text in found]


def signature_is_right(token: SecretStr, url: str, form: Mapping[str, str], signature: str | None) -> bool:
    """Whether Twilio made this request. `url` is the configured public one, never from the headers."""
    if not signature:
        return False
    validator = RequestValidator(token.get_secret_value())  # type: ignore[no-untyped-call]
    return bool(validator.validate(url, form, signature))  # type: ignore[no-untyped-call]


class _NotThere(NotAnswered):
    """404 to a look-up."""


T = TypeVar("T")


def _answered(look: Callable[[], T]) -> T:
    try:
        return look()
    except (TwilioRestException, TwilioServiceException) as error:
        if error.status == 404:
            raise _NotThere from None
        raise NotAnswered(f"status {error.status}") from None
    except (TwilioException, requests.RequestException, ValueError) as error:
        raise NotAnswered(type(error).__name__) from None


def _refusal(status: int, code: int | None) -> Answer:
    if status >= 500:
        return Unknown(f"status_{status}")
    # Twilio's client puts the HTTP status where an answer carried no code of its own.
    return Refused(None if code == status else code, status)


def _seen(text: Any) -> Seen:
    return Seen(
        text.sid, text.status, text.body or "", text.from_ or "", text.to or "", text.error_code, text.direction,
        text.date_created,
    )  # fmt: skip
