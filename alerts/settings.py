"""The settings of the alerts service."""

from typing import Annotated, Self

from pydantic import AnyHttpUrl, Field, SecretStr, model_validator

from alerts.telling.mail import MailSettings
from ingest.settings import DatabaseSettings


class AlertsSettings(DatabaseSettings, MailSettings):
    """Read once, in main.py."""

    twilio_account: str = Field(pattern=r"^AC[0-9a-fA-F]{32}$", description="Twilio's account: AC and 32 digits")
    twilio_token: SecretStr = Field(description="Twilio's primary auth token")
    twilio_url: AnyHttpUrl = Field(
        default=AnyHttpUrl("https://api.twilio.com"), description="where Twilio's REST API is, or what stands in for it"
    )
    sms_from: str = Field(
        pattern=r"^\+[1-9][0-9]{6,14}$", description="our number, which texts come from: +447700900000"
    )
    public_url: AnyHttpUrl = Field(
        default=AnyHttpUrl("http://127.0.0.1:8000"), description="where Twilio reaches the api service with its reports"
    )
    notify_key: SecretStr | None = Field(
        default=None, description="GOV.UK Notify's API key: the second route for texts, taken while Twilio is sick"
    )
    notify_template: str | None = Field(default=None, description="the id of its template, whose text is ((body))")
    notify_url: AnyHttpUrl = Field(
        default=AnyHttpUrl("https://api.notifications.service.gov.uk"), description="where Notify is"
    )
    voice: bool = Field(default=True, description="let ladders call people; our number must be able to")
    senders: Annotated[int, Field(ge=1, le=64)] = Field(
        default=4,
        description="how many texts may be on their way to Twilio at once; "
        "where an answer takes a quarter of a second, 100 a second need 25",
    )
    sms_per_second: Annotated[float, Field(ge=1, le=1000)] = Field(
        default=10, description="how many texts a second our number may send; all alerts processes keep to it together"
    )

    sms_a_month: Annotated[int, Field(ge=1, le=100_000_000)] | None = Field(
        default=None,
        description="how many texts a month are paid for; beyond it only what asks for somebody goes out; "
        "unset: as many as it takes",
    )
    digest_at: str = Field(
        default="07:30",
        pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$",
        description="local time at which staff are mailed what is not urgent",
    )

    @model_validator(mode="after")
    def _notify_is_whole(self) -> Self:
        if (self.notify_key is None) != (self.notify_template is None):
            raise ValueError("HEARTH_NOTIFY_KEY and HEARTH_NOTIFY_TEMPLATE belong together")
        return self
