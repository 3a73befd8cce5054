"""The gateway's settings: HEARTH_ and the field's name in capitals."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr
from pydantic_settings import NoDecode

from gateway.adapters.integrations import ADAPTERS
from gateway.clock import Clock, ClockSetting
from gateway.messages import BEAT_EVERY_S, Id
from gateway.tls import TlsSettings

Port = Annotated[int, Field(ge=1, le=65535)]
Name = Annotated[str, Field(min_length=1)]


def _listed(value: object) -> object:
    return tuple(one.strip() for one in value.split(",") if one.strip()) if isinstance(value, str) else value


def _known(names: tuple[str, ...]) -> tuple[str, ...]:
    for name in names:
        if name not in ADAPTERS:
            raise ValueError(f"there is no integration {name}; there are {', '.join(ADAPTERS)}")
    return names


Listed = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]
Filter = Annotated[str, Field(min_length=1, pattern=r"^([^#+]+|\+)?(/([^#+]+|\+)?)*(/?#)?$")]
Filters = Annotated[tuple[Filter, ...], NoDecode, BeforeValidator(_listed)]
Integrations = Annotated[Listed, Field(min_length=1), AfterValidator(_known)]


class HomeSettings(TlsSettings):
    """Every field's description is what `python -m gateway --help` says of it."""

    gateway: Id = Field(description="this gateway's id on the wire, and its user name at the server's broker")
    broker_host: Name = Field("127.0.0.1", description="the server's broker")
    broker_port: Port = Field(1883, description="its port")
    broker_user: str | None = Field(None, description="user name there; the gateway's id unless given")
    broker_password: SecretStr | None = Field(None, description="password there; …_FILE names a file with it")
    home_broker_host: Name = Field("127.0.0.1", description="the broker inside the home")
    home_broker_port: Port = Field(1883, description="its port")
    home_broker_user: str | None = Field(None, description="user name there, if it asks for one")
    home_broker_password: SecretStr | None = Field(None, description="password there; …_FILE names a file with it")
    zigbee2mqtt_topic: Annotated[str, Field(pattern=r"^[^#+]*[^#+/]$")] = Field(
        "zigbee2mqtt", description="Zigbee2MQTT's base topic"
    )
    integrations: Integrations = Field(
        ("zigbee2mqtt",), description=f"what to understand, with commas between: {', '.join(ADAPTERS)}"
    )
    more_topics: Filters = Field(
        (), description="topic filters to subscribe to beside the usual ones, where topics were renamed"
    )
    outbox: Path = Field(Path("outbox.sqlite"), description="file of the readings that are not stored yet")
    outbox_max_mb: Annotated[int, Field(ge=1)] = Field(200, description="how big that file may grow, in MB")
    raw_days: Annotated[int, Field(ge=0, le=60)] = Field(
        7, description="days for which the home's own messages are kept beside it; 0 keeps none"
    )
    devices: Path | None = Field(None, description="JSON file with what to know of single devices")
    only_devices: bool = Field(
        False,  # noqa: FBT003 (pydantic's way)
        description="hear only those that this file names (chirpstack, things_stack), where a network serves several "
        "homes; `flats` always does",
    )
    beat_s: Annotated[int, Field(ge=1, le=BEAT_EVERY_S)] = Field(
        BEAT_EVERY_S, description="seconds from one beat to the next"
    )
    page_host: Name = Field("127.0.0.1", description="address of this machine on which the page for a tablet is served")
    page_port: Port | None = Field(None, description="its port; without one there is no page")
    clock: ClockSetting = Field(Clock(), description="TIME@UNIXxSPEED, for a simulated home; else the real time")
    log_json: bool = Field(False, description="logs as one JSON object a line")  # noqa: FBT003 (pydantic's way)
