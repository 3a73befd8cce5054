"""The settings of each kind of rule: what the API stores, checked with clear errors. Pure.

Defaults come from 40 recorded homes of people who live mostly alone (TIHM, England, April to
June 2019, CC BY 4.0; doi 10.1038/s41597-023-02519-y); the figure stands beside each.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any, Literal, Self

from pydantic import Field, TypeAdapter, ValidationError, model_validator

from alerts.habit_rules import NightActivity, SensorSilent, UnusualQuiet
from alerts.local_days import WEEKDAYS, Weekday, clock_minutes
from alerts.rule_parts import LocalTime, Name, Role, RuleBase, WithHours


class ExpectedActivity(WithHours):
    """Somebody is to be seen in one of these places between `start` and `end`."""

    kind: Literal["expected_activity"] = "expected_activity"
    # First kitchen or fridge event of a day: median 07:30, p95 10:18, p99 13:12.
    start: LocalTime = "05:00"
    end: LocalTime = "10:00"
    places: tuple[Name, ...] = ()
    """Empty: any place."""
    roles: tuple[Role, ...] = ()
    """Empty: any kind of sensor there."""
    grace_min: Annotated[int, Field(ge=0, le=360)] = 30
    """After `end`: late, which responders see, before it is missed, which families hear."""
    coverage_needed: Annotated[float, Field(gt=0, le=1)] = 0.9
    """How much of the window and grace must have been seen before anybody says "missed"."""

    @model_validator(mode="after")
    def _over_before_it_begins_again(self) -> Self:
        length = (clock_minutes(self.end) - clock_minutes(self.start)) % (24 * 60)
        if length + self.grace_min >= 23 * 60:
            raise ValueError("window and grace together must be shorter than 23 hours")
        return self


class Silence(RuleBase):
    """No sign of life for so many hours that could be seen, while at home."""

    kind: Literal["silence"] = "silence"
    # Longest silence of a day: median 3.2 h, p95 8.7, p99 11.7; between 07:00 and 22:00: p95 6.2, p99 10.3.
    hours: Annotated[float, Field(ge=0.5, le=48)] = 12
    by_day: tuple[LocalTime, LocalTime] | None = None
    """Judge each day between these times by itself, so that sleep is no silence. None: at any hour."""
    # Of daytime silences of 2 h or more that follow an outside door by at most 2 min 87 % end
    # at a door: out. After 19:00 it is 38 %: locking up.
    out_after_door_min: Annotated[int, Field(ge=0, le=30)] = 2
    """A silence that begins so soon after an outside door means "out". 0: never presume it."""
    out_from: LocalTime = "05:00"
    out_until: LocalTime = "20:00"
    """A door outside these hours is locking up, not leaving."""
    out_cap_hours: Annotated[float, Field(ge=1, le=48)] = 12
    """"Out" is believed for so long, and then judged like any silence."""

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if clock_minutes(self.out_until) <= clock_minutes(self.out_from):
            raise ValueError("out_until must be later in the day than out_from")
        if self.by_day:
            length = (clock_minutes(self.by_day[1]) - clock_minutes(self.by_day[0])) % (24 * 60)
            if self.hours * 60 > length:
                raise ValueError("by_day must be at least as long as the silence")
        return self

    @property
    def minutes(self) -> int:
        return round(self.hours * 60)


class DoorAtNight(WithHours):
    """An outside door is opened at night."""

    kind: Literal["door_at_night"] = "door_at_night"
    # An outside door was used between 23:00 and 05:00 on 17 % of nights; in 9 of 32 homes never.
    start: LocalTime = "23:00"
    end: LocalTime = "05:00"
    places: tuple[Name, ...] = ()
    """Empty: every outside door."""


class Unseen(RuleBase):
    """The home could not be seen for so long, or has never reported. For the housing team, not the family."""

    kind: Literal["unseen"] = "unseen"
    minutes: Annotated[int, Field(ge=15, le=24 * 60)] = 60


_Any = ExpectedActivity | Silence | UnusualQuiet | DoorAtNight | NightActivity | SensorSilent | Unseen
RuleSettings = Annotated[_Any, Field(discriminator="kind")]
_ADAPTER: TypeAdapter[_Any] = TypeAdapter(RuleSettings)


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule of one home as it is kept."""

    id: int
    version: int
    settings: RuleSettings
    since: datetime | None = None
    """What began earlier is none of its business. None: it was always there."""


class BadRuleError(ValueError):
    """Settings that fit no rule; the message says which field and why, for people."""


def read(settings: Mapping[str, Any]) -> RuleSettings:
    """The settings in a dict. Raises BadRuleError."""
    try:
        return _ADAPTER.validate_python(settings)
    except ValidationError as error:
        raise BadRuleError(_plainly(error)) from None


@lru_cache(maxsize=4096)
def read_text(text: str) -> RuleSettings:
    """The settings in a JSON text; homes with the same text share them. Raises BadRuleError."""
    try:
        return _ADAPTER.validate_json(text)
    except ValidationError as error:
        raise BadRuleError(_plainly(error)) from None


def _plainly(error: ValidationError) -> str:
    return "; ".join(
        ": ".join(filter(None, (".".join(str(part) for part in one["loc"]), one["msg"].removeprefix("Value error, "))))
        for one in error.errors(include_input=False, include_url=False)
    )


def describe(settings: RuleSettings) -> str:
    """One plain sentence without a full stop: what the rule watches for."""
    match settings:
        case ExpectedActivity():
            days = _days(settings.weekdays)
            return f"Up and about{_where(settings.places)} between {settings.start} and {settings.end}, {days}"
        case Silence():
            when = f" between {settings.by_day[0]} and {settings.by_day[1]}" if settings.by_day else ""
            return f"Some activity at least every {_hours(settings.hours)}{when} while at home"
        case DoorAtNight():
            doors = f"The {_listed(settings.places)}" if settings.places else "Outside doors"
            return f"{doors} not opened between {settings.start} and {settings.end}, {_days(settings.weekdays)}"
        case UnusualQuiet():
            most = _hours(settings.at_most_hours)
            return f"Some activity while at home, as usual for the hour, and at least every {most}"
        case NightActivity():
            return (
                f"Fewer than {settings.movements} movements in {settings.within_min} minutes "
                f"between {settings.start} and {settings.end}, {_days(settings.weekdays)}"
            )
        case SensorSilent():
            return "Every sensor says something while there is life in the home"
        case Unseen():
            return f"The home can be seen: its box reports at least every {settings.minutes} minutes"


def _where(places: Sequence[str]) -> str:
    return f" in the {_listed(places)}" if places else ""


def _listed(places: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(places[:-1]), places[-1])))


def _hours(hours: float) -> str:
    return f"{hours:g} hour" if hours == 1 else f"{hours:g} hours"


def _days(days: Sequence[Weekday]) -> str:
    chosen = tuple(day for day in WEEKDAYS if day in days)
    if chosen == WEEKDAYS:
        return "every day"
    if chosen == WEEKDAYS[:5]:
        return "Monday to Friday"
    if chosen == WEEKDAYS[5:]:
        return "at weekends"
    return "on " + " and ".join(filter(None, (", ".join(map(_day, chosen[:-1])), _day(chosen[-1]))))


def _day(day: Weekday) -> str:
    return _DAY_NAMES[day]


_DAY_NAMES: dict[Weekday, str] = {
    "mon": "Mondays",
    "tue": "Tuesdays",
    "wed": "Wednesdays",
    "thu": "Thursdays",
    "fri": "Fridays",
    "sat": "Saturdays",
    "sun": "Sundays",
}
