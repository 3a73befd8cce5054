"""TLS to the server's broker: on unless the broker is on this machine."""

import ipaddress
import ssl
from functools import lru_cache
from pathlib import Path

from pydantic import Field

from gateway.settings import CannotStartError, Settings, refuse


class TlsSettings(Settings):
    """What every service that speaks to the server's broker is told of TLS."""

    broker_tls: bool | None = Field(
        default=None, description="speak TLS to the server's broker; unless given: yes, if it is not on this machine"
    )
    broker_ca: Path | None = Field(
        default=None,
        description="PEM file of who signed the broker's certificate; else what the system trusts",
    )
    broker_certificate: Path | None = Field(
        default=None, description="PEM file of our own certificate, where the broker asks for one"
    )
    broker_key: Path | None = Field(default=None, description="PEM file of its key")


def context(settings: TlsSettings, host: str) -> ssl.SSLContext | None:
    """None: no TLS. Ends the process with a sentence where a file cannot be used."""
    try:
        return made_context(settings, host)
    except CannotStartError as error:
        refuse(str(error))


def made_context(settings: TlsSettings, host: str) -> ssl.SSLContext | None:
    """None: no TLS. Raises CannotStartError where a file cannot be used."""
    wanted = settings.broker_tls if settings.broker_tls is not None else not is_this_machine(host)
    if not wanted:
        return None
    if (settings.broker_certificate is None) != (settings.broker_key is None):
        raise CannotStartError("HEARTH_BROKER_CERTIFICATE and HEARTH_BROKER_KEY belong together")
    try:
        if settings.broker_certificate is None:
            return _trusting(settings.broker_ca.read_text() if settings.broker_ca else None)
        made = ssl.create_default_context(cafile=settings.broker_ca)
        made.minimum_version = ssl.TLSVersion.TLSv1_2
        made.load_cert_chain(settings.broker_certificate, settings.broker_key)
    except (OSError, ValueError, ssl.SSLError) as error:
        sentence = f"HEARTH_BROKER_CA, HEARTH_BROKER_CERTIFICATE or HEARTH_BROKER_KEY: {error}"
        raise CannotStartError(sentence) from None
    return made


@lru_cache(maxsize=4)
def _trusting(ca_pem: str | None) -> ssl.SSLContext:
    """One for all connections that trust the same: the system's list alone takes more than a megabyte."""
    made = ssl.create_default_context(cadata=ca_pem)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    return made


def is_this_machine(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
