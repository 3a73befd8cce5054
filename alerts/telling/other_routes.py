"""E-mail and signed web requests as routes. Both may be sent again: who receives them knows them by an id."""

import json
from datetime import datetime

from pydantic import SecretStr

from alerts.telling.carrying import Accepted, Answer, Outgoing, Refused, Seen, Unknown
from alerts.telling.mail import Mailer
from alerts.telling.web_requests import SignedRequests

REFUSED_FOR_GOOD = 400
BUSY = 429


class Mail:
    """E-mails with a link to the page of the alert."""

    name = "smtp"

    def __init__(self, mailer: Mailer, public_url: str) -> None:
        self._mailer, self._public_url = mailer, public_url

    def send(self, out: Outgoing) -> Answer:
        link = f"\n\n{self._public_url}/alerts/{out.alert_id}" if out.alert_id else ""
        subject, _, text = out.body.partition("\n")
        failed = self._mailer.send(out.email or "", subject, text.strip() + link, f"message-{out.id}")
        if failed is None:
            return Accepted(f"mail-{out.id}", final=True)
        if not failed.certain:
            return Unknown(failed.why)
        return Refused(None, REFUSED_FOR_GOOD if failed.permanent else BUSY)

    def candidates(self, _out: Outgoing, _since: datetime) -> list[Seen]:
        return []

    def ask(self, _sid: str) -> Seen | None:
        return None


class Webhook:
    """Signed web requests to other systems; the body is JSON already."""

    name = "webhook"

    def __init__(self, requests: SignedRequests, public_url: str) -> None:
        self._requests, self._public_url = requests, public_url

    def send(self, out: Outgoing) -> Answer:
        if not out.url or not out.secret:
            return Refused(None, REFUSED_FOR_GOOD)
        body = json.loads(out.body)
        body["data"]["url"] = f"{self._public_url}/alerts/{out.alert_id}"
        failed = self._requests.post(out.url, SecretStr(out.secret), f"message-{out.id}", body)
        if failed is None:
            return Accepted(f"webhook-{out.id}", final=True)
        return Refused(None, REFUSED_FOR_GOOD) if failed.permanent else Unknown(failed.why)

    def candidates(self, _out: Outgoing, _since: datetime) -> list[Seen]:
        return []

    def ask(self, _sid: str) -> Seen | None:
        return None
