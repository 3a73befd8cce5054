"""The kinds of rule, each in a file of its own: its settings, its sentence and its judgement. Pure.

Settings are what the API stores and what RULES.json holds, checked with clear errors. Their
defaults come from 40 recorded homes of people who live mostly alone (TIHM, England, April to
June 2019, CC BY 4.0; doi 10.1038/s41597-023-02519-y); the figure stands beside each.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Annotated, Any

from pydantic import Field, TypeAdapter, ValidationError

from alerts.rules.bathroom_visits import BathroomVisits
from alerts.rules.door_at_night import DoorAtNight
from alerts.rules.expected_activity import ExpectedActivity
from alerts.rules.left_open import LeftOpen
from alerts.rules.night_activity import NightActivity
from alerts.rules.not_back import NotBack
from alerts.rules.parts import Role, RuleBase
from alerts.rules.reminder import AnsweredReminder
from alerts.rules.sensor_silent import SensorSilent, Watched
from alerts.rules.silence import Silence
from alerts.rules.temperature import Temperature
from alerts.rules.unseen import Unseen
from alerts.rules.unusual_quiet import USUAL_DAY, UnusualQuiet
from alerts.rules.visit import Proof, Visit
from alerts.rules.volume_drop import VolumeDrop

__all__ = [
    "USUAL_DAY",
    "AnsweredReminder",
    "BadRuleError",
    "BathroomVisits",
    "DoorAtNight",
    "ExpectedActivity",
    "LeftOpen",
    "NightActivity",
    "NotBack",
    "Proof",
    "Role",
    "Rule",
    "RuleBase",
    "RuleSettings",
    "SensorSilent",
    "Silence",
    "Temperature",
    "Unseen",
    "UnusualQuiet",
    "Visit",
    "VolumeDrop",
    "Watched",
    "read",
    "read_text",
]

_Any = (
    ExpectedActivity
    | Silence
    | UnusualQuiet
    | VolumeDrop
    | DoorAtNight
    | NotBack
    | NightActivity
    | BathroomVisits
    | LeftOpen
    | AnsweredReminder
    | Visit
    | Temperature
    | SensorSilent
    | Unseen
)
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
