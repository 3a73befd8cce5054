"""The contract's other direction: what the server tells a gateway. Pure.

    hearth/1/{gateway}/config    server, QoS 1, retained    Config: all that holds, with a version that rises
    hearth/1/{gateway}/assets    server, QoS 1, not         the bytes of one picture or sound
    hearth/1/{gateway}/commands  server, QoS 1, not         Command: do this now

The gateway keeps the config on disk and says in its status which version is in force, and
which pictures and sounds it still misses (Status.config, Status.missing). The server then
sends each of those by itself: the gateway knows it by its SHA-256. So no message is large,
no photograph of a family stays in the broker, what is lost is asked for again, and the
gateway needs no second set of credentials, as it would for fetching them over HTTPS.

Unlike readings, these may have fields that an older gateway does not know: it ignores them.
"""

from collections.abc import Iterator
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from gateway.device_list import MOST_DEVICES
from gateway.devices import Setting
from gateway.messages import BEAT_EVERY_S, Id, UtcTime

MAX_ASSET_BYTES = 48 * 1024
MOST_REMINDERS = 30
MOST_VISITS = 30
MOST_DATES = 40


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("there is no such time zone here") from None
    return name


ClockTime = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]
"""Hours and minutes of the home's local time."""
Weekday = Annotated[int, Field(ge=1, le=7)]
"""As ISO has it: 1 is Monday."""
Dates = Annotated[tuple[date, ...], Field(max_length=MOST_DATES)]
Hash = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""SHA-256 of a picture or a sound, in hexadecimal."""
Zone = Annotated[str, Field(max_length=64), AfterValidator(_zone)]


class Told(BaseModel):
    """Base of what the server tells: immutable, and unknown fields are ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class Schedule(Told):
    """Times of the home's own clock, on some days."""

    times: Annotated[tuple[ClockTime, ...], Field(min_length=1, max_length=8)]
    weekdays: Annotated[tuple[Weekday, ...], Field(max_length=7)] = (1, 2, 3, 4, 5, 6, 7)
    dates: Dates = ()
    """Where there are any, these days and no others; `weekdays` then says nothing."""
    first_day: date | None = None
    last_day: date | None = None
    not_on: Dates = ()
    """Exceptions: never on these days."""


class Purpose(StrEnum):
    MEDICINE = "medicine"
    MEAL = "meal"
    DRINK = "drink"
    APPOINTMENT = "appointment"
    TASK = "task"


class Sign(StrEnum):
    """What a sensor must tell for a reminder to count as done."""

    OPENED = "opened"  # a lid, the fridge, a cupboard
    USED = "used"  # a kettle or another plug took power
    MOVED = "moved"  # somebody was there


class DoneBy(Told):
    """A sensor of this gateway whose word answers the reminder."""

    sensor: Id
    sign: Sign


class Reminder(Told):
    """One thing to be reminded of. Its readings come from the sensor `reminder-<id>`.

    It is shown when it is due and, while nobody answers, again `repeats` times, `every_min`
    apart; "later" brings the next showing `later_min` from then. Every showing counts.
    """

    id: Annotated[int, Field(ge=1, lt=2**31)]
    purpose: Purpose = Purpose.TASK
    text: Annotated[str, Field(min_length=1, max_length=120)]
    schedule: Schedule
    every_min: Annotated[int, Field(ge=1, le=120)] = 5
    repeats: Annotated[int, Field(ge=0, le=20)] = 3
    later_min: Annotated[int, Field(ge=1, le=240)] = 10
    picture: Hash | None = None
    sound: Hash | None = None
    done_by: DoneBy | None = None
    early_min: Annotated[int, Field(ge=0, le=240)] = 30
    """A sign of `done_by` counts from so long before it is due."""

    @property
    def sensor(self) -> str:
        return sensor_of(self.id)


class Visit(Told):
    """Somebody who comes, for the page in the home: "Jane, your carer"."""

    who: Annotated[str, Field(min_length=1, max_length=60)]
    schedule: Schedule


class Config(Told):
    """Everything that the server sets for one gateway."""

    v: Literal[1] = 1
    version: Annotated[int, Field(ge=1, lt=2**31)]
    made_at: UtcTime
    zone: Zone = "Europe/London"
    beat_s: Annotated[int, Field(ge=1, le=BEAT_EVERY_S)] | None = None
    """Seconds between beats; None: as the gateway's own settings say."""
    devices: Annotated[tuple[Setting, ...], Field(max_length=MOST_DEVICES)] = ()
    """What single sensors are used as. It wins over what the gateway has in its own file."""
    reminders: Annotated[tuple[Reminder, ...], Field(max_length=MOST_REMINDERS)] = ()
    visits: Annotated[tuple[Visit, ...], Field(max_length=MOST_VISITS)] = ()

    def assets(self) -> Iterator[str]:
        """The hashes of all pictures and sounds, each as often as it is used."""
        for reminder in self.reminders:
            yield from (one for one in (reminder.picture, reminder.sound) if one)


class Do(StrEnum):
    WALK_TEST = "walk_test"  # until it expires the status follows each sensor within a second or two
    END_WALK_TEST = "end_walk_test"
    PROMPT = "prompt"  # show this reminder now
    ASK = "ask"  # ask the resident "are you all right?" until it expires


class Command(Told):
    """Something to do now, and not at all after `expires_at`. Repeats of one `id` change nothing."""

    v: Literal[1] = 1
    id: Id
    do: Do
    at: UtcTime
    expires_at: UtcTime
    reminder: Annotated[int, Field(ge=1, lt=2**31)] | None = None
    """Of PROMPT: which one."""


def sensor_of(reminder_id: int) -> str:
    """The sensor id under which a gateway tells what became of a reminder."""
    return f"reminder-{reminder_id}"


TABLET = "tablet"
"""The sensor id of the buttons on the page in the home."""
