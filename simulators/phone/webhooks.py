"""Calls our webhooks as Twilio does: a signed form, one retry when the connection fails."""

import logging
import threading
from collections.abc import Mapping
from urllib.parse import urldefrag
from xml.etree import ElementTree as ET

import requests
from twilio.request_validator import RequestValidator

from gateway.log import about

log = logging.getLogger(__name__)

CONNECT_S = 5
READ_S = 15


class Webhooks:
    """Signs with the account's token. Where nobody answers it gives up and says so in the log."""

    def __init__(self, token: str) -> None:
        self.token = token
        self._own = threading.local()

    def _session(self) -> requests.Session:
        """One for each thread, so that connections are kept."""
        if not hasattr(self._own, "session"):
            self._own.session = requests.Session()
        session: requests.Session = self._own.session
        return session

    def call(self, url: str, form: Mapping[str, str]) -> str | None:
        """The body of the answer, or None where there was none."""
        url = urldefrag(url).url
        signature = RequestValidator(self.token).compute_signature(url, form)  # type: ignore[no-untyped-call]
        for _ in range(2):
            try:
                answer = self._session().post(
                    url, data=form, headers={"X-Twilio-Signature": signature}, timeout=(CONNECT_S, READ_S)
                )
            except requests.ConnectionError:
                continue
            except requests.RequestException:
                break
            if answer.ok:
                return answer.text
            log.warning("A webhook was refused", extra=about("webhook_refused", status=answer.status_code))
            return None
        log.warning("A webhook was not answered", extra=about("webhook_not_answered"))
        return None


def messages_in(twiml: str | None) -> list[str]:
    """The texts of the <Message> verbs in an answer; none where it is not TwiML."""
    if not twiml or not twiml.strip():
        return []
    try:
        root = ET.fromstring(twiml)  # noqa: S314 - from our own service on loopback
    except ET.ParseError:
        log.warning("A webhook's answer is not TwiML", extra=about("webhook_not_twiml"))
        return []
    found = [(verb.findtext("Body") or verb.text or "").strip() for verb in root.iter("Message")]
    return [text for text in found if text]
