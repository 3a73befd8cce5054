"""The second route for texts: GOV.UK Notify, by its own client.

Notify knows each message by our reference, so what may be out is found exactly. It calls nobody back
here; the sender asks. One template is needed there, whose text is `((body))`.
Source: docs.notifications.service.gov.uk/python.html.
"""

import logging
from datetime import datetime
from typing import Any

from notifications_python_client.errors import APIError, HTTPError
from notifications_python_client.notifications import NotificationsAPIClient
from pydantic import SecretStr

from alerts.telling.carrying import Accepted, Answer, NotAnswered, Outgoing, Refused, Seen, Unknown

STATUS: dict[str, tuple[str, int | None]] = {
    "created": ("queued", None),
    "sending": ("sending", None),
    "pending": ("sent", None),
    "sent": ("sent", None),
    "delivered": ("delivered", None),
    "permanent-failure": ("undelivered", 21211),
    "temporary-failure": ("undelivered", 30003),
    "technical-failure": ("failed", None),
}
"""Notify's word in Twilio's, with the error code that asks for the same to be done."""

TOO_MANY = 429


class Notify:
    """One service at Notify. The client is not thread-safe: make one per thread."""

    name = "notify"

    def __init__(self, api_key: SecretStr, template_id: str, base_url: str, timeout_s: float = 10) -> None:
        logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)  # it names what it asks for
        logging.getLogger("urllib3").setLevel(logging.CRITICAL)
        # Untyped, as the whole of this client is.
        self._client: Any = NotificationsAPIClient(api_key.get_secret_value(), base_url=base_url, timeout=timeout_s)  # type: ignore[no-untyped-call]
        self._template_id = template_id

    def send(self, out: Outgoing) -> Answer:
        try:
            made: dict[str, Any] = self._client.send_sms_notification(
                out.phone, self._template_id, personalisation={"body": out.body}, reference=_reference(out)
            )
        except HTTPError as error:
            return _refusal(error)
        except (APIError, OSError, ValueError) as error:
            return Unknown(type(error).__name__)
        return Accepted(made["id"]) if made.get("id") else Unknown("no_id")

    def candidates(self, out: Outgoing, _since: datetime) -> list[Seen]:
        found = self._answered(lambda: self._client.get_all_notifications(reference=_reference(out)))
        return [_seen(one) for one in found.get("notifications", [])]

    def ask(self, sid: str) -> Seen | None:
        try:
            return _seen(self._client.get_notification_by_id(sid))
        except HTTPError as error:
            if error.status_code == 404:
                return None
            raise NotAnswered(f"status {error.status_code}") from None
        except (APIError, OSError, ValueError) as error:
            raise NotAnswered(type(error).__name__) from None

    def _answered(self, look: Any) -> dict[str, Any]:
        try:
            found: dict[str, Any] = look()
        except HTTPError as error:
            raise NotAnswered(f"status {error.status_code}") from None
        except (APIError, OSError, ValueError) as error:
            raise NotAnswered(type(error).__name__) from None
        return found


def _reference(out: Outgoing) -> str:
    """The same for every try: found under it, a message is never sent again."""
    return f"hearthlight-{out.id}"


def _refusal(error: HTTPError) -> Answer:
    status = int(error.status_code or 503)
    if status >= 500 or error.response is None:
        return Unknown(f"status_{status}")
    return Refused(20429 if status == TOO_MANY else None, status)


def _seen(one: dict[str, Any]) -> Seen:
    status, code = STATUS.get(one["status"], ("sending", None))
    created = datetime.fromisoformat(one["created_at"]) if one.get("created_at") else None
    return Seen(
        one["id"], status, one.get("body") or "", "", one.get("phone_number") or "", code, "outbound-api", created
    )
