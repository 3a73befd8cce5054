"""What the web service is told from outside, read once at its start."""

import ipaddress
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, FilePath, SecretStr

from gateway.clock import Clock, ClockSetting
from gateway.settings import Settings


def on_loopback(url: str) -> bool:
    """Whether the address only exists inside this machine."""
    host = urlsplit(url).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _public(url: str) -> str:
    parts = urlsplit(url)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("write it as https://name, as in https://hearthlight.example.org")
    if parts.scheme == "http" and not on_loopback(url):
        raise ValueError("must begin with https: pages hold personal facts (http only on this machine itself)")
    return url.rstrip("/")


class ApiSettings(Settings):
    """Settings of `python -m api`."""

    database_url: SecretStr = Field(description="PostgreSQL address: postgresql://user@host/name")
    public_url: Annotated[str, AfterValidator(_public)] = Field(
        default="http://127.0.0.1:8000",
        description="The address people and Twilio reach the pages under. https, unless it is this machine.",
    )
    api_host: str = Field(default="127.0.0.1", description="Network address to listen on.")
    api_port: int = Field(default=8000, ge=0, le=65535, description="Port to listen on.")
    twilio_token: SecretStr = Field(description="Twilio's primary auth token: proves that a webhook is Twilio's.")
    broker_public_host: str | None = Field(
        default=None,
        pattern=r"^[A-Za-z0-9][A-Za-z0-9.:-]{0,252}$",
        description="The name under which gateways reach the server's broker; that of the pages unless given.",
    )
    broker_public_port: int = Field(default=8883, ge=1, le=65535, description="The broker's port for gateways.")
    broker_public_ca: FilePath | None = Field(
        default=None,
        description="PEM file of who signed the broker's certificate, for gateways; none if every system trusts them.",
    )
    database_connections: int = Field(default=8, ge=1, le=100, description="How many connections pages may use.")
    clock: ClockSetting = Field(default=Clock(), description="A simulated time, as TIME@UNIXxSPEED.")
    log_json: bool = Field(default=False, description="true: logs as one JSON object a line.")

    @property
    def secure(self) -> bool:
        """Whether people reach us by https, so that cookies may demand it."""
        return self.public_url.startswith("https:")

    @property
    def broker_name(self) -> str:
        """Where gateways find the server's broker."""
        return self.broker_public_host or urlsplit(self.public_url).hostname or ""

    def broker_ca_pem(self) -> str | None:
        """Read each time, so that a new certificate needs no restart."""
        return self.broker_public_ca.read_text() if self.broker_public_ca else None
