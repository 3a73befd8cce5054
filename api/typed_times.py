"""A day and a time of day as somebody typed them into a form."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends, Form

from api.routine_forms import clock_typed

USUAL = "20:00"
"""The time of day that a form begins with."""


@dataclass(frozen=True, slots=True)
class TypedTime:
    """The four fields of `when` in people_parts.html."""

    day: str = ""
    month: str = ""
    year: str = ""
    at: str = USUAL

    def read(self, what: str, zone: ZoneInfo) -> datetime | None:
        """None: no day was typed. `what` names it: "The last day". Raises ValueError with what is wrong, for people."""
        typed = (self.day, self.month, self.year)
        if not any(part.strip() for part in typed):
            return None
        try:
            day, month, year = (int(part) for part in typed)
            found = date(year, month, day)
        except ValueError:
            raise ValueError(f"{what} must be a real date, like 27 3 2027") from None
        return datetime.combine(found, time.fromisoformat(clock_typed(f"The time of {what.lower()}", self.at)), zone)


def _until(
    day: Annotated[str, Form(alias="until-day", max_length=16)] = "",
    month: Annotated[str, Form(alias="until-month", max_length=16)] = "",
    year: Annotated[str, Form(alias="until-year", max_length=16)] = "",
    at: Annotated[str, Form(alias="until-time", max_length=16)] = "",
) -> TypedTime:
    return TypedTime(day, month, year, at)


def _from(
    day: Annotated[str, Form(alias="from-day", max_length=16)] = "",
    month: Annotated[str, Form(alias="from-month", max_length=16)] = "",
    year: Annotated[str, Form(alias="from-year", max_length=16)] = "",
    at: Annotated[str, Form(alias="from-time", max_length=16)] = "",
) -> TypedTime:
    return TypedTime(day, month, year, at)


def _given(
    day: Annotated[str, Form(alias="given-day", max_length=16)] = "",
    month: Annotated[str, Form(alias="given-month", max_length=16)] = "",
    year: Annotated[str, Form(alias="given-year", max_length=16)] = "",
) -> TypedTime:
    return TypedTime(day, month, year)


Until = Annotated[TypedTime, Depends(_until)]
From = Annotated[TypedTime, Depends(_from)]
Given = Annotated[TypedTime, Depends(_given)]
