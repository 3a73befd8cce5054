"""The settings of the rules that know a home's own habits. Pure.

`python -m alerts suggest` proposes their figures from a home's first weeks; the defaults are
those of many homes (TIHM, 40 recorded homes of people who live mostly alone, England, April to
June 2019, CC BY 4.0; doi 10.1038/s41597-023-02519-y).
"""

from typing import Annotated, Literal

from pydantic import Field

from alerts.rule_parts import LocalTime, Name, Role, RuleBase, WithHours

Share = Annotated[float, Field(ge=0, le=1)]

# Share of the days at home on which something stirred in the hour: mean of 30 homes.
USUAL_DAY: tuple[float, ...] = (
    0.41, 0.37, 0.37, 0.40, 0.38, 0.47, 0.61, 0.81, 0.92, 0.95, 0.95, 0.94,
    0.92, 0.92, 0.90, 0.92, 0.92, 0.92, 0.92, 0.93, 0.85, 0.80, 0.77, 0.60,
)  # fmt: skip


class UnusualQuiet(RuleBase):
    """No sign of life for longer than is usual at these hours, while at home.

    Each hour of silence counts by the square of the share of days on which this home stirs in that
    hour: one in which it does on 95 days of 100 nearly whole, one in which it does on half of them a quarter.
    """

    kind: Literal["unusual_quiet"] = "unusual_quiet"
    usual: Annotated[tuple[Share, ...], Field(min_length=24, max_length=24)] = USUAL_DAY
    """For each hour of the local day from 00:00: the share of days at home on which something stirs."""
    # With the day of many homes: 3.5 are too many once in a home and a fortnight, 3.25 once in 11 days.
    limit: Annotated[float, Field(ge=1, le=24)] = 3.5
    """So many hours that count are too many."""
    at_most_hours: Annotated[float, Field(ge=2, le=48)] = 11.5
    """And so many by the clock are, at whatever hour. Longest silence of a day: p95 8.7 h, p99 11.7."""
    # Of 413 absences of 2 h or more, 402 began with an outside door as the very last sign.
    out_after_door_s: Annotated[int, Field(ge=0, le=60)] = 15
    """Nothing inside later than this after an outside door means "out". 0: never presume it."""
    out_from: Annotated[int, Field(ge=0, le=23)] = 5
    out_until: Annotated[int, Field(ge=1, le=24)] = 20
    """A door before or after these hours of the day is locking up, not leaving (after 19:00 only 38 % are)."""
    out_cap_hours: Annotated[float, Field(ge=1, le=48)] = 11.5
    """"Out" is believed for so long."""


class NightActivity(WithHours):
    """Much more about in the night than this home usually is."""

    kind: Literal["night_activity"] = "night_activity"
    start: LocalTime = "00:00"
    end: LocalTime = "05:00"
    movements: Annotated[int, Field(ge=3, le=500)] = 28
    """So many signs of life, each room once a minute, ..."""
    within_min: Annotated[int, Field(ge=10, le=300)] = 90
    """... within so many minutes. 30 homes reach 28 in 90 once in three and a half weeks."""


class Watched(RuleBase):
    """One sensor, and how long it may be silent while the home is not."""

    place: Name
    role: Role | Literal[""] = ""
    """Empty: any at that place."""
    active_hours: Annotated[int, Field(ge=4, le=60)] = 32
    """Hours in which something else stirred in the home since."""
    days: Annotated[float, Field(ge=0.25, le=90)] = 1
    """And at least so long by the calendar; for what is used seldom."""


class SensorSilent(RuleBase):
    """A sensor has said nothing while the home was alive. For the housing team."""

    kind: Literal["sensor_silent"] = "sensor_silent"
    sensors: tuple[Watched, ...] = ()
    """Those with habits of their own; all others are given the figures below."""
    active_hours: Annotated[int, Field(ge=4, le=60)] = 40
    days: Annotated[float, Field(ge=0.25, le=90)] = 3
    """At least three silent days in a live home: once in 6 weeks in a home with eight sensors."""
