"""The settings of the auditor."""

from typing import Annotated, Self

from pydantic import AnyHttpUrl, Field, SecretStr, model_validator

from alerts.telling.mail import MailSettings
from ingest.settings import DatabaseSettings


class AuditSettings(DatabaseSettings, MailSettings):
    """Read once, in main.py. There must be a way to the operator that is not the one texts take."""

    operator_email: str | None = Field(default=None, description="who is told by e-mail when the platform itself fails")
    operator_webhook_url: AnyHttpUrl | None = Field(default=None, description="the same by a signed web request")
    operator_webhook_secret: SecretStr | None = Field(
        default=None, description="secret of its Standard Webhooks signature: whsec_ and base64"
    )
    heartbeat_url: AnyHttpUrl | None = Field(
        default=None,
        description="requested after each look that finds nothing wrong; who misses it outside raises an alarm",
    )
    audit_every_s: Annotated[int, Field(ge=1, le=3600)] = Field(default=60, description="seconds between two looks")

    @model_validator(mode="after")
    def _reaches_somebody(self) -> Self:
        if self.operator_email and not self.smtp_host:
            raise ValueError("HEARTH_OPERATOR_EMAIL needs HEARTH_SMTP_HOST")
        if self.operator_webhook_url and not self.operator_webhook_secret:
            raise ValueError("HEARTH_OPERATOR_WEBHOOK_URL needs HEARTH_OPERATOR_WEBHOOK_SECRET")
        if not (self.operator_email or self.operator_webhook_url or self.heartbeat_url):
            raise ValueError("give one of HEARTH_OPERATOR_EMAIL, HEARTH_OPERATOR_WEBHOOK_URL, HEARTH_HEARTBEAT_URL")
        return self
