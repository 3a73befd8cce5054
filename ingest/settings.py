"""The settings of the ingest."""

from typing import Annotated

from pydantic import Field, PostgresDsn, SecretStr, TypeAdapter, field_validator

from gateway.clock import Clock, ClockSetting
from gateway.settings import Settings
from gateway.tls import TlsSettings

_URL = TypeAdapter(PostgresDsn)


class DatabaseSettings(Settings):
    """What `migrate` and `check` need."""

    database_url: SecretStr = Field(description="where the database is: postgresql://user:password@host:port/name")
    clock: ClockSetting = Field(default=Clock(), description="a clock other than the wall's: TIME@UNIXxSPEED")
    log_json: bool = Field(default=False, description="one JSON object a line instead of plain lines")

    @field_validator("database_url")
    @classmethod
    def _is_a_url(cls, url: SecretStr) -> SecretStr:
        try:
            _URL.validate_python(url.get_secret_value())
        except ValueError:
            raise ValueError("write it as postgresql://user:password@host:port/name") from None
        return url


class IngestSettings(DatabaseSettings, TlsSettings):
    """What the running service needs."""

    broker_host: str = Field(min_length=1, description="name or address of the server's MQTT broker")
    broker_port: Annotated[int, Field(ge=1, le=65535)] = Field(default=1883, description="its port")
    broker_user: str = Field(default="ingest", description="the broker's name for this service")
    broker_password: SecretStr | None = Field(default=None, description="and its password")
    worker: str = Field(
        default="ingest-1",
        pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$",
        description="name of this worker, its own and the same at each start: the broker keeps its messages by it",
    )
    batch: Annotated[int, Field(ge=1, le=10_000)] = Field(
        default=1000, description="most messages that are saved in one transaction"
    )
