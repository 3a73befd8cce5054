"""The settings of the alerts service."""

from typing import Annotated

from pydantic import AnyHttpUrl, Field, SecretStr

from ingest.settings import DatabaseSettings


class AlertsSettings(DatabaseSettings):
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
    senders: Annotated[int, Field(ge=1, le=64)] = Field(
        default=4, description="how many texts may be on their way to Twilio at once"
    )
    sms_per_second: Annotated[float, Field(ge=1, le=1000)] = Field(
        default=10, description="how many texts a second our number may send; each alerts process keeps to it by itself"
    )
