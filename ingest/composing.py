"""From the rows of a home to the config of its gateway. Pure: no clock, no database."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from gateway.config import MOST_REMINDERS, MOST_VISITS, Config, DoneBy, Purpose, Reminder, Schedule, Sign, Visit
from gateway.device_list import MOST_DEVICES
from gateway.devices import Setting
from gateway.messages import MAX_MESSAGE_BYTES


class TooMuchError(ValueError):
    """Why a config cannot hold this, for people."""


@dataclass(frozen=True, slots=True)
class ReminderRow:
    """One row of reminders_of_gateway.sql."""

    id: int
    purpose: str
    text: str
    schedule: dict[str, Any]
    every_min: int
    repeats: int
    later_min: int
    early_min: int
    picture: str | None
    sound: str | None
    done_by: str | None
    """The name of the sensor on the wire."""
    sign: str | None


@dataclass(frozen=True, slots=True)
class VisitorRow:
    """One row of visitors_of_home.sql."""

    who: str
    schedule: dict[str, Any]


@dataclass(frozen=True, slots=True)
class SettingRow:
    """One row of device_settings_of_gateway.sql."""

    sensor: str
    role: str | None
    invert: bool | None
    ignore: bool | None


@dataclass(frozen=True, slots=True)
class Said:
    """What is to be told to one gateway."""

    zone: str
    beat_s: int | None = None
    devices: Sequence[SettingRow] = ()
    reminders: Sequence[ReminderRow] = ()
    visitors: Sequence[VisitorRow] = ()

    def __bool__(self) -> bool:
        """Whether there is anything that a gateway could not do without us."""
        return bool(self.beat_s or self.devices or self.reminders or self.visitors)


@dataclass(frozen=True, slots=True)
class Before:
    """The config that was made last."""

    version: int
    made_at: datetime
    body: str


def compose(said: Said, before: Before | None, now: datetime) -> Config | None:
    """The next config; None if it would say what the last one says. Raises TooMuchError."""
    if len(said.reminders) > MOST_REMINDERS:
        raise TooMuchError(f"A home can have {MOST_REMINDERS} reminders. Delete one first.")
    if len(said.visitors) > MOST_VISITS:
        raise TooMuchError(f"A home can have {MOST_VISITS} regular visitors. Delete one first.")
    if len(said.devices) > MOST_DEVICES:
        raise TooMuchError(f"A gateway can be told of {MOST_DEVICES} sensors. Let one be as it says itself first.")
    config = Config(
        version=before.version + 1 if before else 1,
        made_at=max(now, before.made_at + timedelta(milliseconds=1)) if before else now,
        zone=said.zone,
        beat_s=said.beat_s,
        devices=tuple(Setting.model_validate(asdict(row)) for row in said.devices),
        reminders=tuple(_reminder(row) for row in said.reminders),
        visits=tuple(Visit(who=row.who, schedule=Schedule.model_validate(row.schedule)) for row in said.visitors),
    )
    if len(config.model_dump_json().encode()) > MAX_MESSAGE_BYTES:
        raise TooMuchError("That is more than the tablet can take. Delete some reminders or exceptions first.")
    return None if before and _says(config) == _says(Config.model_validate_json(before.body)) else config


def _says(config: Config) -> dict[str, Any]:
    return config.model_dump(exclude={"version", "made_at"})


def _reminder(row: ReminderRow) -> Reminder:
    return Reminder(
        id=row.id,
        purpose=Purpose(row.purpose),
        text=row.text,
        schedule=Schedule.model_validate(row.schedule),
        every_min=row.every_min,
        repeats=row.repeats,
        later_min=row.later_min,
        early_min=row.early_min,
        picture=row.picture,
        sound=row.sound,
        done_by=DoneBy(sensor=row.done_by, sign=Sign(row.sign)) if row.done_by and row.sign else None,
    )
