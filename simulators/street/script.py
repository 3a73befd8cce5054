"""Which story each home has on each day, and everything that is said because of it. Pure.

The script is a small file, so that the history before a start and the live street after it
tell one and the same story.
"""

import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

from pydantic import BaseModel, ConfigDict

from simulators.street.days import ZONE, Event
from simulators.street.devices import Publish, devices_of, reports
from simulators.street.people import RESIDENTS, Resident
from simulators.street.stories import Day, Story, live, story_of


class Script(BaseModel):
    """`openings` name the home that misses its morning on a day on which a demo began."""

    model_config = ConfigDict(frozen=True)

    seed: int = 1
    openings: dict[date, str] = {}
    stories_from: date = date.min
    """Before this day nothing out of the ordinary happened."""

    @classmethod
    def load(cls, path: Path) -> "Script":
        return cls.model_validate_json(path.read_text())

    def save(self, path: Path) -> None:
        path.write_text(self.model_dump_json())

    def story(self, resident: Resident, day: date) -> Story:
        if day in self.openings:
            return Story.MISSED_MORNING if self.openings[day] == resident.key else Story.ORDINARY
        return story_of(resident, day, self.seed) if day >= self.stories_from else Story.ORDINARY

    def day(self, resident: Resident, day: date) -> Day:
        return live(resident, day, self.seed, self.story(resident, day))

    def events(self, resident: Resident, since: datetime, until: datetime) -> list[Event]:
        """What happened in this home from `since` until just before `until`."""
        days = _days(since, until)
        return [event for day in days for event in self.day(resident, day).events if since <= event.at < until]


def _days(since: datetime, until: datetime) -> Iterator[date]:
    day = since.astimezone(ZONE).date()
    while day <= until.astimezone(ZONE).date():
        yield day
        day += timedelta(days=1)


def messages(resident: Resident, day: Day) -> list[Publish]:
    """What the devices of a home say on a day, in order of time."""
    said: list[Publish] = []
    for device in devices_of(resident):
        events = [event for event in day.events if event.place == device.place]
        said += reports(device, events, Random(f"{device.address}/{day.answer.since.isoformat()}"))
    return sorted(said, key=lambda message: message.at)


def answer_key(script: Script, day: date) -> list[str]:
    """One JSON line a home: what must and must not be alerted on this day."""
    return [json.dumps(script.day(resident, day).answer.to_json()) for resident in RESIDENTS]
