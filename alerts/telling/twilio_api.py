"""Twilio's REST API, of which texts and calls are two parts: our client, and every way a request can end.

A timeout, a broken connection, a 5xx or an answer that cannot be read is Unknown: what was sent may be
out. Twilio has no idempotency key, so an Unknown must be looked up before it is sent again.
"""

import logging
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import urlsplit, urlunsplit

import requests
from pydantic import SecretStr
from twilio.base.exceptions import TwilioException, TwilioRestException, TwilioServiceException
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from alerts.telling.carrying import Accepted, Answer, NotAnswered, Refused, Unknown

TIMEOUT_S = 10

T = TypeVar("T")


def client(account: str, token: SecretStr, base_url: str, timeout_s: float) -> Client:
    """For one thread."""
    return Client(account, token.get_secret_value(), http_client=_Http(base_url, timeout_s))  # type: ignore[no-untyped-call]


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


def handed_over(make: Callable[[], Any]) -> Answer:
    """What came of asking Twilio for a text or a call."""
    try:
        made = make()
    except (TwilioRestException, TwilioServiceException) as error:
        return _refusal(error.status, error.code)
    except (TwilioException, requests.RequestException, ValueError) as error:
        return Unknown(type(error).__name__)
    return Accepted(made.sid) if made.sid else Unknown("no_sid")


def answered(look: Callable[[], T]) -> T:
    """What a look-up gave. Raises NotAnswered."""
    try:
        return look()
    except (TwilioRestException, TwilioServiceException) as error:
        if error.status == 404:
            raise NotAnswered("not there", is_missing=True) from None
        raise NotAnswered(f"status {error.status}") from None
    except (TwilioException, requests.RequestException, ValueError) as error:
        raise NotAnswered(type(error).__name__) from None


def found(look: Callable[[], T]) -> T | None:
    """The same, and None where Twilio does not know it. Raises NotAnswered."""
    try:
        return answered(look)
    except NotAnswered as error:
        if error.is_missing:
            return None
        raise


def _refusal(status: int, code: int | None) -> Answer:
    if status >= 500:
        return Unknown(f"status_{status}")
    # Twilio's client puts the HTTP status where an answer carried no code of its own.
    return Refused(None if code == status else code, status)
