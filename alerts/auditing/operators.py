"""Telling the operator, by a way that texts to families do not take."""

from datetime import datetime
from typing import Self

from pydantic import AnyHttpUrl, Field, SecretStr, model_validator

from alerts.telling.mail import Mailer, MailSettings
from alerts.telling.web_requests import SignedRequests

TIMEOUT_S = 10


class OperatorSettings(MailSettings):
    """Who is told, and how."""

    operator_email: str | None = Field(default=None, description="who is told by e-mail when the platform itself fails")
    operator_webhook_url: AnyHttpUrl | None = Field(default=None, description="the same by a signed web request")
    operator_webhook_secret: SecretStr | None = Field(
        default=None, description="secret of its Standard Webhooks signature: whsec_ and base64"
    )

    @model_validator(mode="after")
    def _is_whole(self) -> Self:
        if self.operator_email and not self.smtp_host:
            raise ValueError("HEARTH_OPERATOR_EMAIL needs HEARTH_SMTP_HOST")
        if self.operator_webhook_url and not self.operator_webhook_secret:
            raise ValueError("HEARTH_OPERATOR_WEBHOOK_URL needs HEARTH_OPERATOR_WEBHOOK_SECRET")
        return self

    @property
    def reach_somebody(self) -> bool:
        return bool(self.operator_email or self.operator_webhook_url)


class Operators:
    """Tells by every way there is."""

    def __init__(self, settings: OperatorSettings) -> None:
        self._settings = settings
        self._mailer = Mailer(settings) if settings.smtp_host else None

    def tell(self, subject: str, text: str, kind: str, data: dict[str, object], now: datetime) -> bool:
        """Whether one of the ways worked. `kind` and `data`: the same for another system, such as "platform.audit"."""
        message_id = f"{kind}-{now.timestamp():.0f}"
        ways = [self._mail(subject, text, message_id), self._request(kind, data, message_id, now)]
        return any(ways)

    def _mail(self, subject: str, text: str, message_id: str) -> bool:
        to = self._settings.operator_email
        return bool(to and self._mailer and self._mailer.send(to, subject, text, message_id) is None)

    def _request(self, kind: str, data: dict[str, object], message_id: str, now: datetime) -> bool:
        url, secret = self._settings.operator_webhook_url, self._settings.operator_webhook_secret
        if url is None or secret is None:
            return False
        body = {"type": kind, "timestamp": now.isoformat(), "data": data}
        return SignedRequests(TIMEOUT_S).post(str(url), secret, message_id, body) is None
