"""What the settings of several kinds of rule have in common. Pure."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from alerts.local_days import WEEKDAYS, Hours, Weekday

LocalTime = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$", description="local time, HH:MM")]
Name = Annotated[str, Field(min_length=1, max_length=60)]
Role = Literal["room", "outside_door", "fridge_door", "inside_door", "button", "plug", "bed", "chair", "alarm"]


class RuleBase(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    name: Annotated[str, Field(max_length=60)] = ""
    """What people call the rule; empty: its description."""


class WithHours(RuleBase):
    """Hours of the local day. Where `end` is not after `start` they cross midnight."""

    start: LocalTime
    end: LocalTime
    weekdays: Annotated[tuple[Weekday, ...], Field(min_length=1)] = WEEKDAYS
    """The days on which the hours begin."""

    @model_validator(mode="after")
    def _last_some_time(self) -> Self:
        if self.start == self.end:
            raise ValueError("start and end are the same time")
        return self

    @property
    def hours(self) -> Hours:
        return Hours(self.start, self.end, self.weekdays)
