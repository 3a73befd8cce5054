"""All reminders of a home and what became of each time they were due. No clock, no disk.

What has to survive a restart is in `changed`; it goes to disk in one commit with the readings
that tell of it, so that nothing is shown twice and nothing that was answered goes untold.
"""

import json
import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from gateway.config import Config, Reminder
from gateway.log import about
from gateway.messages import Kind
from gateway.outbox import Kept
from gateway.reminders.prompt import VALUE, Event, Prompt, Said, State, as_plain, by_time, from_plain, span, step
from gateway.reminders.schedule import between
from gateway.reminders.signs import shows

log = logging.getLogger(__name__)

PREFIX = "prompt/"
MOST_REMEMBERED = 400
"""Counted and not by age: a clock that leaps ahead for a minute must not make us forget today."""
TOLERATED = timedelta(hours=1)
"""A clock that is further behind the making of the config is wrong: it shows nothing."""


class Prompts:
    """Ask `tick` often; hand in presses and what sensors told. Each gives the readings to send."""

    def __init__(self) -> None:
        self.config: Config | None = None
        self.prompts: dict[str, Prompt] = {}
        self.changed: dict[str, str | None] = {}
        self._reminders: dict[int, Reminder] = {}

    def recall(self, notes: Mapping[str, str]) -> None:
        """After a restart: what `changed` once gave."""
        for name, text in notes.items():
            if name.startswith(PREFIX):
                try:
                    prompt = from_plain(json.loads(text))
                except (ValueError, KeyError, TypeError):
                    log.warning("A note about a reminder cannot be read", extra=about("note_unreadable"))
                    self.changed[name] = None
                else:
                    self.prompts[prompt.key] = prompt

    def use(self, config: Config, now: datetime) -> None:
        """From now on these reminders; what is open of one that is gone is taken away."""
        before, self.config = self._reminders, config
        self._reminders = {one.id: one for one in config.reminders}
        self.prompts = {key: one for key, one in self.prompts.items() if one.state is not State.WAITING}
        for prompt in [one for one in self.prompts.values() if one.is_open and one.reminder not in self._reminders]:
            gone = before.get(prompt.reminder)
            settled = step(prompt, Event.GONE, gone, now)[0] if gone else None
            self._keep(settled or Prompt(prompt.key, prompt.reminder, prompt.due, now, State.EXPIRED, prompt.shown))

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.config.zone if self.config else "Europe/London")

    def tick(self, now: datetime) -> list[Kept]:
        """What time brings: the first showing, the next one, or the end."""
        if self.config is None or now < self.config.made_at - TOLERATED:
            return []
        self._look_ahead(now)
        told = []
        for prompt in list(self.prompts.values()):
            reminder = self._reminders.get(prompt.reminder)
            event = by_time(prompt, reminder, now) if reminder else None
            if event and reminder:
                told += self._step(prompt, event, reminder, now)
        self._forget_oldest()
        return told

    def _look_ahead(self, now: datetime) -> None:
        """Whatever is due about now gets its prompt, once."""
        for reminder in self._reminders.values():
            last = now + timedelta(minutes=reminder.early_min if reminder.done_by else 0)
            for due in between(reminder.schedule, self.zone, now - span(reminder), last):
                key = f"{reminder.id}/{due.name}"
                if key not in self.prompts:
                    self.prompts[key] = Prompt(key, reminder.id, due.at, due.at)

    def prompt_now(self, reminder_id: int, name: str, now: datetime) -> list[Kept]:
        """Show a reminder at once, whatever its schedule says. `name` makes it one occurrence and no more."""
        key, reminder = f"{reminder_id}/{name}", self._reminders.get(reminder_id)
        if reminder is None or key in self.prompts:
            return []
        return self._step(Prompt(key, reminder_id, now, now), Event.SHOW, reminder, now)

    def press(self, key: str, event: Event, now: datetime) -> list[Kept] | None:
        """A button on the page. None: there is no such reminder on the page (any more)."""
        prompt = self.prompts.get(key)
        reminder = self._reminders.get(prompt.reminder) if prompt else None
        if prompt is None or reminder is None or prompt.state is not State.SHOWN:
            return None
        return self._step(prompt, event, reminder, now)

    def saw(self, readings: Iterable[Kept], now: datetime) -> list[Kept]:
        """Sensors told something: it may answer a reminder that is open, or is due soon."""
        told = []
        for reading in readings:
            for prompt in [one for one in self.prompts.values() if one.is_open or one.state is State.WAITING]:
                reminder = self._reminders.get(prompt.reminder)
                if reminder and _answers(reminder, reading) and self._in_time(prompt, reminder, reading.at):
                    told += self._step(prompt, Event.DONE, reminder, now)
        return told

    @staticmethod
    def _in_time(prompt: Prompt, reminder: Reminder, at: datetime) -> bool:
        early = timedelta(minutes=reminder.early_min)
        return prompt.is_open or prompt.due - early <= at < prompt.due + span(reminder)

    def shown(self) -> list[tuple[Prompt, Reminder]]:
        """What is to be seen on the page, the longest due first."""
        found = [one for one in self.prompts.values() if one.state is State.SHOWN and one.reminder in self._reminders]
        return [(one, self._reminders[one.reminder]) for one in sorted(found, key=lambda one: (one.due, one.key))]

    def ahead(self, now: datetime, until: datetime) -> list[tuple[datetime, Reminder]]:
        """What comes next, in order of time, without what is done already."""
        found = [
            (due.at, reminder)
            for reminder in self._reminders.values()
            for due in between(reminder.schedule, self.zone, now, until)
            if self._waits(f"{reminder.id}/{due.name}")
        ]
        return sorted(found, key=lambda one: (one[0], one[1].id))

    def _waits(self, key: str) -> bool:
        return key not in self.prompts or self.prompts[key].state is State.WAITING

    def _step(self, prompt: Prompt, event: Event, reminder: Reminder, now: datetime) -> list[Kept]:
        after, said = step(prompt, event, reminder, now)
        if after is not prompt:
            self._keep(after)
        return [_reading(reminder, said, now)] if said else []

    def _keep(self, prompt: Prompt) -> None:
        self.prompts[prompt.key] = prompt
        self.changed[PREFIX + prompt.key] = json.dumps(as_plain(prompt))

    def keep_all(self) -> None:
        """The disk has forgotten everything."""
        for prompt in self.prompts.values():
            if prompt.state is not State.WAITING:
                self._keep(prompt)

    def _forget_oldest(self) -> None:
        excess = len(self.prompts) - MOST_REMEMBERED
        if excess > 0:
            settled = sorted((one for one in self.prompts.values() if not one.is_open), key=lambda one: one.due)
            for prompt in settled[:excess]:
                del self.prompts[prompt.key]
                self.changed[PREFIX + prompt.key] = None


def _answers(reminder: Reminder, reading: Kept) -> bool:
    by = reminder.done_by
    return by is not None and by.sensor == reading.sensor and shows(by.sign, reading.kind, reading.value)


def _reading(reminder: Reminder, said: Said, now: datetime) -> Kept:
    return Kept(reminder.sensor, Kind.REMINDER, VALUE[said], now)
