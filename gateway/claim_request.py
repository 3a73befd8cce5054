"""Asking the server for an identity, over HTTPS, with Python's own library."""

import json
import ssl
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener

from pydantic import ValidationError

from gateway.claim import PATH, Claimed, Refused
from gateway.tls import is_this_machine

MAX_ANSWER_BYTES = 64 * 1024
WAIT_S = 20.0


class RefusedError(Exception):
    """The server has no identity for this code."""

    def __init__(self, why: Refused) -> None:
        super().__init__(why.value)
        self.why = why


class NoAnswerError(Exception):
    """Nobody who could answer was reached; the sentence says what to look at."""


class _NoRedirects(HTTPRedirectHandler):
    """A code is sent to the address that was typed, and nowhere else."""

    def redirect_request(self, *_: Any) -> None:
        return None


def checked_url(url: str) -> str:
    """The address without its end. Raises ValueError with a sentence where a code may not be sent there."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        host = None
    if not host or parts.scheme not in ("http", "https") or parts.query or parts.fragment or parts.username:
        raise ValueError("Write the address like https://hearthlight.example.org.")
    if parts.scheme == "http" and not is_this_machine(host):
        raise ValueError("The address must begin with https: what is sent must not be read by others on the way.")
    return url.rstrip("/")


def ask(url: str, code: str, tls: ssl.SSLContext) -> Claimed:
    """Trade the code. Raises RefusedError or NoAnswerError."""
    body = json.dumps({"code": code}).encode()
    request = Request(url + PATH, body, {"content-type": "application/json", "accept": "application/json"})  # noqa: S310 - checked_url
    opener = build_opener(_NoRedirects, HTTPSHandler(context=tls))
    try:
        with opener.open(request, timeout=WAIT_S) as answer:
            return Claimed.model_validate_json(answer.read(MAX_ANSWER_BYTES))
    except HTTPError as error:
        with error:
            raise _refusal(error) from None
    except URLError as error:
        raise NoAnswerError(_unreachable(url, error.reason)) from None
    except (OSError, HTTPException) as error:
        raise NoAnswerError(_unreachable(url, error)) from None
    except ValidationError:
        raise NoAnswerError(f"What answers at {url} is not Hearthlight. Check the address.") from None


def _refusal(error: HTTPError) -> Exception:
    try:
        return RefusedError(Refused(json.loads(error.read(MAX_ANSWER_BYTES))["reason"]))
    except (ValueError, TypeError, KeyError, OSError, HTTPException):
        if error.code >= 500:
            return NoAnswerError("The server cannot answer at the moment. Wait a minute and try again.")
        return NoAnswerError(f"What answers there is not Hearthlight (it said {error.code}). Check the address.")


def _unreachable(url: str, why: object) -> str:
    if isinstance(why, ssl.SSLCertVerificationError):
        return (
            f"The certificate of {url} cannot be trusted ({why.verify_message}). "
            "Check the address, and that this machine's clock is right."
        )
    return f"{url} cannot be reached. Check the address and this machine's network, then try again."
