"""The settings of the alerts service."""

from typing import Annotated

from pydantic import AnyHttpUrl, Field, SecretStr

from gateway.clock import Clock, ClockSetting
from gateway.settings import Settings


class AlertsSettings(Settings):
    """Read once, in main.py."""

    database_url: SecretStr
    clock: ClockSetting = Clock()
    log_json: bool = False

    twilio_account: Annotated[str, Field(pattern=r"^AC[0-9a-fA-F]{32}$")]
    twilio_token: SecretStr
    twilio_url: AnyHttpUrl = AnyHttpUrl("https://api.twilio.com")
    """Where Twilio's REST API is; the simulated phone company puts itself here."""
    sms_from: Annotated[str, Field(pattern=r"^\+[1-9][0-9]{6,14}$")]
    public_url: AnyHttpUrl
    """Where Twilio reaches our api service, for its reports about each text."""

    senders: Annotated[int, Field(ge=1, le=64)] = 4
    """Threads that hand texts to Twilio."""
    sms_per_second: Annotated[float, Field(gt=0, le=1000)] = 10
    """What our number may send; each alerts process keeps to it by itself."""
