"""The settings of the auditor."""

from typing import Annotated, Self

from pydantic import AnyHttpUrl, Field, model_validator

from alerts.auditing.operators import OperatorSettings
from ingest.settings import DatabaseSettings


class AuditSettings(DatabaseSettings, OperatorSettings):
    """Read once, in main.py. There must be a way to the operator that is not the one texts take."""

    heartbeat_url: AnyHttpUrl | None = Field(
        default=None,
        description="requested after each look that finds nothing wrong; who misses it outside raises an alarm",
    )
    audit_every_s: Annotated[int, Field(ge=1, le=3600)] = Field(default=60, description="seconds between two looks")

    @model_validator(mode="after")
    def _reaches_somebody(self) -> Self:
        if not (self.reach_somebody or self.heartbeat_url):
            raise ValueError("give one of HEARTH_OPERATOR_EMAIL, HEARTH_OPERATOR_WEBHOOK_URL, HEARTH_HEARTBEAT_URL")
        return self
