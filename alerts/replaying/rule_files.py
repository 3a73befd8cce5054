"""RULES.json: the rules of many homes in one file, read and written with clear errors. Pure but for the file.

```json
{"version": 1,
 "zone": "Europe/London",
 "sensors": {"kitchen": {"place": "kitchen", "role": "room"}, "back-door": {"role": "outside_door"}},
 "homes": {
   "*":     [{"kind": "door_at_night"}, {"kind": "unseen", "minutes": 25}],
   "16f4b": [{"kind": "expected_activity", "places": ["kitchen"], "end": "10:30"}]},
 "evidence": {"16f4b": ["Kitchen by 10:30: seen by 09:30 on 13 of 13 days"]}}
```

A home has the rules under its own name, or those under "*" where it has none. Rules are the settings that
the API stores (alerts/rules). A sensor that is not listed is placed by its name: "fridge..." is a fridge
door, "...door" an outside door, anything else a room with a movement sensor. "evidence" is for people.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from alerts.rules import BadRuleError, RuleSettings, read
from alerts.rules.parts import Role
from gateway.messages import Kind

EVERY_HOME = "*"

_KIND_OF_ROLE: dict[str, Kind] = {
    "room": Kind.MOTION,
    "outside_door": Kind.CONTACT,
    "fridge_door": Kind.CONTACT,
    "inside_door": Kind.CONTACT,
    "button": Kind.BUTTON,
    "plug": Kind.POWER,
    "bed": Kind.BED,
    "chair": Kind.CHAIR,
    "alarm": Kind.SMOKE,
}


class BadRulesFileError(ValueError):
    """A file that holds no rules; the message says where and why, for people."""


class Placed(BaseModel):
    """Where a sensor is and what it is. Without a place it is called by its own name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    place: Annotated[str, Field(max_length=60)] = ""
    role: Role = "room"
    kind: Kind | None = None
    """None: what such a sensor usually reports."""

    @classmethod
    def by_name(cls, sensor: str) -> Self:
        if sensor.startswith("fridge"):
            return cls(role="fridge_door")
        return cls(role="outside_door" if sensor.endswith("door") else "room")

    @property
    def reports(self) -> Kind:
        return self.kind or _KIND_OF_ROLE[self.role]


class RulesFile(BaseModel):
    """The rules of every home."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: Literal[1] = 1
    zone: str | None = None
    sensors: dict[str, Placed] = Field(default_factory=dict)
    homes: dict[str, tuple[RuleSettings, ...]]
    evidence: dict[str, list[str]] = Field(default_factory=dict)

    @field_validator("zone")
    @classmethod
    def _known(cls, zone: str | None) -> str | None:
        if zone is not None:
            zone_named(zone)
        return zone

    @field_validator("homes", mode="before")
    @classmethod
    def _read_each(cls, homes: object) -> object:
        if not isinstance(homes, Mapping):
            raise ValueError('must be an object such as {"*": [{"kind": "unseen"}]}')  # noqa: TRY004 - pydantic's way
        return {str(home): _rules_of(str(home), rules) for home, rules in homes.items()}

    def of(self, home: str) -> tuple[RuleSettings, ...]:
        return self.homes.get(home, self.homes.get(EVERY_HOME, ()))

    def placed(self, sensor: str) -> Placed:
        return self.sensors.get(sensor) or Placed.by_name(sensor)


def _rules_of(home: str, rules: object) -> tuple[RuleSettings, ...]:
    if not isinstance(rules, list | tuple):
        raise ValueError(f"the rules of {home} must be a list")  # noqa: TRY004 - pydantic's way
    return tuple(_rule(f"rule {number} of {home}", rule) for number, rule in enumerate(rules, 1))


def _rule(where: str, rule: object) -> RuleSettings:
    if isinstance(rule, BaseModel):
        return read(rule.model_dump())
    if not isinstance(rule, Mapping):
        raise ValueError(f'{where} must be an object such as {{"kind": "unseen"}}')  # noqa: TRY004 - pydantic's way
    try:
        return read(rule)
    except BadRuleError as error:
        raise ValueError(f"{where}: {error}") from None


def zone_named(name: str) -> ZoneInfo:
    """Raises ValueError on a name nobody knows."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"no time zone is called {name!r}; one is Europe/London") from None


def load(file: Path) -> RulesFile:
    """Raises BadRulesFileError."""
    try:
        return parse(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadRulesFileError(f"{file} cannot be read: {error}") from None
    except BadRulesFileError as error:
        raise BadRulesFileError(f"{file}: {error}") from None


def parse(text: str) -> RulesFile:
    """Raises BadRulesFileError."""
    try:
        return RulesFile.model_validate(json.loads(text))
    except json.JSONDecodeError as error:
        raise BadRulesFileError(f"this is no JSON: {error}") from None
    except ValidationError as error:
        raise BadRulesFileError(_plainly(error)) from None


def save(rules: RulesFile, file: Path) -> None:
    """Written so that a person can read it: one rule a line."""
    file.write_text(written(rules), encoding="utf-8")


def written(rules: RulesFile) -> str:
    plain = rules.model_dump(mode="json", exclude_defaults=True)
    head: dict[str, Any] = {"version": rules.version}
    head |= {key: plain[key] for key in ("zone", "sensors") if key in plain}
    homes = [
        f"  {json.dumps(home)}: [\n" + ",\n".join(f"   {json.dumps(short(rule))}" for rule in own) + "\n  ]"
        for home, own in rules.homes.items()
    ]
    parts = [f" {json.dumps(key)}: {json.dumps(value)}" for key, value in head.items()]
    parts.append(' "homes": {\n' + ",\n".join(homes) + "\n }")
    if rules.evidence:
        parts.append(' "evidence": ' + json.dumps(rules.evidence, indent=2, ensure_ascii=False).replace("\n", "\n "))
    return "{\n" + ",\n".join(parts) + "\n}\n"


def short(rule: RuleSettings) -> dict[str, Any]:
    """A rule with its kind and what differs from the defaults."""
    return {"kind": rule.kind, **rule.model_dump(mode="json", exclude_defaults=True)}


def _plainly(error: ValidationError) -> str:
    return "; ".join(
        ": ".join(filter(None, (".".join(str(part) for part in one["loc"]), one["msg"].removeprefix("Value error, "))))
        for one in error.errors(include_input=False, include_url=False)
    )
