"""The simulated phone company's texts and phones, in the shapes of Twilio's REST API.

Shapes after Twilio's OpenAPI description of the Message resource (api_v2010): numbers as
strings, dates as RFC 2822, `price` null until billed.
"""

import secrets
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from enum import StrEnum
from typing import Any, Self

from alerts.telling.gsm import segments


class Status(StrEnum):
    """Twilio's words, those that an SMS can have."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    UNDELIVERED = "undelivered"
    FAILED = "failed"
    CANCELED = "canceled"
    RECEIVED = "received"


def new_sid() -> str:
    return "SM" + secrets.token_hex(16)


@dataclass(frozen=True, slots=True)
class Text:
    """One SMS, to a phone (outbound) or from it (inbound)."""

    sid: str
    from_number: str
    to_number: str
    body: str
    direction: str  # outbound-api, outbound-reply, inbound
    status: Status
    created_at: datetime
    updated_at: datetime
    sent_at: datetime | None = None
    error_code: int | None = None
    callback: str | None = None

    @property
    def phone(self) -> str:
        """The number of the person at the other end."""
        return self.from_number if self.direction == "inbound" else self.to_number

    def becomes(self, status: Status, now: datetime, error_code: int | None = None) -> Self:
        sent_at = self.sent_at or (None if status in (Status.SENDING, Status.CANCELED) else now)
        return replace(self, status=status, updated_at=now, sent_at=sent_at, error_code=error_code)

    def resource(self, account: str) -> dict[str, Any]:
        """As Twilio's API shows it."""
        uri = f"/2010-04-01/Accounts/{account}/Messages/{self.sid}"
        return {
            "account_sid": account,
            "api_version": "2010-04-01",
            "body": self.body,
            "date_created": date_2822(self.created_at),
            "date_sent": date_2822(self.sent_at),
            "date_updated": date_2822(self.updated_at),
            "direction": self.direction,
            "error_code": self.error_code,
            "error_message": None,
            "from": self.from_number,
            "messaging_service_sid": None,
            "num_media": "0",
            "num_segments": str(segments(self.body)),
            "price": None,
            "price_unit": None,
            "sid": self.sid,
            "status": self.status.value,
            "subresource_uris": {"media": f"{uri}/Media.json"},
            "to": self.to_number,
            "uri": f"{uri}.json",
        }

    def to_json(self) -> dict[str, Any]:
        times = {name: at.isoformat() if at else None for name, at in self._times().items()}
        return asdict(self) | {"status": self.status.value} | times

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> Self:
        times = {
            name: datetime.fromisoformat(kept[name]) if kept[name] else None
            for name in ("created_at", "updated_at", "sent_at")
        }
        return cls(**{**kept, "status": Status(kept["status"]), **times})

    def _times(self) -> dict[str, datetime | None]:
        return {"created_at": self.created_at, "updated_at": self.updated_at, "sent_at": self.sent_at}


def date_2822(at: datetime | None) -> str | None:
    return format_datetime(at.astimezone(UTC)) if at else None


@dataclass(frozen=True, slots=True)
class Habit:
    """What the owner of a phone does by itself: answer so, when this long nobody has."""

    after_s: float
    answers: tuple[str, ...]  # ("1", "3"): the first time, then; the code of the text is put before it

    def answer(self, before: int) -> str:
        """What is answered to an alert that this phone has answered so many times before."""
        return self.answers[min(before, len(self.answers) - 1)]


@dataclass(frozen=True, slots=True)
class Phone:
    """One phone. Only the simulator knows its owner's name; a text never carries it."""

    number: str
    name: str = ""
    habit: Habit | None = None
    opted_out: bool = False
    texts: tuple[Text, ...] = field(default=())
