"""The settings of the probe: those of the platform, and whom the made-up home belongs to."""

from typing import Annotated

from pydantic import AnyHttpUrl, Field, SecretStr

from alerts.auditing.operators import OperatorSettings
from gateway.clock import Clock, ClockSetting
from gateway.messages import Id
from gateway.tls import TlsSettings


class ProbeSettings(OperatorSettings, TlsSettings):
    """Read once, in main.py."""

    broker_host: str = Field(default="127.0.0.1", min_length=1, description="the server's broker")
    broker_port: Annotated[int, Field(ge=1, le=65535)] = Field(default=1883, description="its port")
    broker_password: SecretStr | None = Field(default=None, description="the password of the probe's gateway")
    twilio_account: str = Field(pattern=r"^AC[0-9a-fA-F]{32}$", description="Twilio's account")
    twilio_token: SecretStr = Field(description="Twilio's primary auth token: the reply is signed with it")
    twilio_url: AnyHttpUrl = Field(default=AnyHttpUrl("https://api.twilio.com"), description="Twilio's REST API")
    sms_from: str = Field(pattern=r"^\+[1-9][0-9]{6,14}$", description="our number")
    public_url: AnyHttpUrl = Field(description="where Twilio reaches the api service with a reply")
    probe_gateway: Id = Field(default="probe-1", description="the gateway of the made-up home")
    probe_phone: str = Field(pattern=r"^\+[1-9][0-9]{6,14}$", description="a number that nobody else uses")
    probe_within_s: Annotated[float, Field(ge=1, le=600)] = Field(
        default=60, description="real seconds after which a round has failed"
    )
    database_url: SecretStr | None = Field(default=None, description="for --prepare alone")
    clock: ClockSetting = Field(default=Clock(), description="a clock other than the wall's: TIME@UNIXxSPEED")
    log_json: bool = Field(default=False, description="one JSON object a line instead of plain lines")
