"""What the server tells and what the resident presses: between the gateway's service and the page.

Used by the service's thread alone. The page's threads read `board` and put `Pressed` into the
service's queue; a press is answered when what came of it is on disk.
"""

import json
import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from gateway.config import Do
from gateway.kept_config import KeptConfig
from gateway.log import about
from gateway.messages import MAX_MESSAGE_BYTES, Button
from gateway.outbox import Kept
from gateway.reminders import pausing
from gateway.reminders.orders import Orders
from gateway.reminders.presses import Press, Pressed, Standing, button
from gateway.reminders.prompt import Event
from gateway.reminders.prompts import Prompts
from gateway.reminders.view import Help, Scene, sentences, view
from gateway.reminders.voice import Voice

log = logging.getLogger(__name__)

LOOK_EVERY = timedelta(seconds=1)
SAFE_EVERY = timedelta(minutes=1)
HELP_SHOWN = timedelta(minutes=10)
LOOK_AHEAD = timedelta(days=1)
PAUSE = "pause"


class Desk:
    """`tick` often; the methods that give readings want them sent.

    `voice`: None where there is no page, so that nothing is shown or spoken.
    """

    def __init__(self, kept: KeptConfig, voice: Voice | None) -> None:
        self.kept = kept
        self.voice = voice
        self.prompts = Prompts()
        self.orders = Orders()
        self.board = b"{}"
        self._changed: dict[str, str | None] = {}
        self._help: Help | None = None
        self._paused_until: datetime | None = None
        self._cut_since: datetime | None = None
        self._looked: datetime | None = None
        self._tried: datetime | None = None
        self._missing: tuple[str, ...] = kept.missing()

    # -- the disk

    def recall(self, notes: Mapping[str, str], now: datetime) -> None:
        """After a restart: what `to_keep` once gave."""
        self.prompts.recall(notes)
        self.orders.recall(notes)
        try:
            self._paused_until = datetime.fromisoformat(notes[PAUSE]) if PAUSE in notes else None
        except ValueError:
            log.warning("The note about a pause cannot be read", extra=about("note_unreadable"))
        if self.kept.config:
            self.prompts.use(self.kept.config, now)

    def to_keep(self) -> dict[str, str | None]:
        """What must be on disk with the readings; None: may be forgotten."""
        return self._changed | self.orders.changed | self.prompts.changed

    def is_kept(self) -> None:
        """What `to_keep` gave is on disk."""
        for changed in (self._changed, self.orders.changed, self.prompts.changed):
            changed.clear()

    def keep_all(self) -> None:
        """The disk has forgotten everything."""
        self.prompts.keep_all()
        self.orders.keep_all()
        self._set_pause(self._paused_until)

    # -- the server

    def hear(self, leaf: str, payload: bytes, now: datetime) -> list[Kept]:
        """A message on `config`, `assets` or `commands`."""
        told: list[Kept] = []
        if len(payload) > MAX_MESSAGE_BYTES:
            log.warning("A message of the server is too large", extra=about("told_too_much"))
        elif leaf == "config" and payload and self.kept.take(payload) and self.kept.config:
            self.prompts.use(self.kept.config, now)
        elif leaf == "assets":
            self.kept.take_asset(payload)
        elif leaf == "commands":
            command = self.orders.take(payload, now)
            if command and command.do is Do.PROMPT:
                told = self.prompts.prompt_now(command.reminder or 0, f"now-{command.id}", now)
        self._missing = self.kept.missing()
        self._looked = None
        return told

    # -- the home

    def saw(self, readings: Iterable[Kept], now: datetime) -> list[Kept]:
        """Sensors told something, which may answer a reminder."""
        return self.prompts.saw(readings, now)

    def press(self, pressed: Pressed, now: datetime) -> list[Kept]:
        """A button of the page; sets `took`."""
        does: Mapping[Press, Callable[[str, datetime], list[Kept] | None]] = {
            Press.DONE: lambda key, at: self.prompts.press(key, Event.DONE, at),
            Press.LATER: lambda key, at: self.prompts.press(key, Event.LATER, at),
            Press.HELP: self._call,
            Press.FINE: self._fine,
            Press.CLOSE_HELP: self._close_help,
            Press.FINE_AFTER_ALL: self._fine_after_all,
            Press.PAUSE: self._pause,
            Press.RESUME: self._resume,
        }
        told = does[pressed.what](pressed.key, now)
        pressed.took = told is not None
        self._looked = None
        return told or []

    def _call(self, key: str, now: datetime) -> list[Kept]:
        """Help, wherever it was pressed. What was asked is answered by it."""
        self._help = Help(now, arrived=False)
        self.orders.ask(None)
        self.prompts.press(key, Event.HELP, now)
        return [button(Button.SOS, now)]

    def _fine(self, key: str, now: datetime) -> list[Kept] | None:
        if self.orders.asked is None or self.orders.asked.id != key:
            return None
        self.orders.ask(None)
        return [button(Button.OK, now)]

    def _close_help(self, _key: str, _now: datetime) -> list[Kept]:
        self._help = None
        return []

    def _fine_after_all(self, _key: str, now: datetime) -> list[Kept] | None:
        if self._help is None:
            return None
        self._help = None
        return [button(Button.CANCEL, now)]

    def _pause(self, key: str, now: datetime) -> list[Kept] | None:
        if key not in list(pausing.Length):
            return None
        self._set_pause(pausing.until(pausing.Length(key), now, self.prompts.zone))
        log.info("The resident pauses monitoring", extra=about("paused", length=key))
        return []

    def _resume(self, _key: str, _now: datetime) -> list[Kept]:
        self._set_pause(None)
        return []

    def _set_pause(self, until: datetime | None) -> None:
        self._paused_until = until
        self._changed[PAUSE] = until.isoformat() if until else None

    # -- time

    def line(self, now: datetime, *, is_up: bool) -> None:
        """Whether the server can be reached now."""
        self._cut_since = None if is_up else self._cut_since or now

    def tick(self, now: datetime, urgent_left: Callable[[], int]) -> list[Kept]:
        """What time brings. `urgent_left`: how many calls for help the server has not stored yet."""
        if self._looked is not None and timedelta() <= now - self._looked < LOOK_EVERY:
            return []
        self._looked = now
        told = self.prompts.tick(now)
        self.orders.tick(now)
        if self._paused_until and not pausing.holds(self._paused_until, now):
            self._set_pause(None)
        if self._help:
            gone = not timedelta() <= now - self._help.at < HELP_SHOWN
            self._help = None if gone else Help(self._help.at, self._help.arrived or urgent_left() == 0)
        if not self.kept.is_safe and (self._tried is None or now - self._tried >= SAFE_EVERY):
            self._tried = now
            self.kept.make_safe()
        self._show(now)
        return told

    def _show(self, now: datetime) -> None:
        if self.voice is None:
            return
        scene = Scene(
            now=now,
            config=self.kept.config,
            shown=tuple(self.prompts.shown()),
            ahead=tuple(self.prompts.ahead(now, now + LOOK_AHEAD)),
            asked=self.orders.asked.id if self.orders.asked else None,
            help=self._help,
            paused_until=self._paused_until,
            missing=self._missing,
            cut_since=self._cut_since,
        )
        spoken = {text: self.voice.spoken(text) for text in sentences(self.kept.config)}
        self.board = json.dumps(view(scene) | {"spoken": spoken, "voice": self.voice.is_there}).encode()

    def is_paused(self, now: datetime) -> bool:
        return pausing.holds(self._paused_until, now)

    def is_testing(self, now: datetime) -> bool:
        """Whether a walk test is on."""
        return self.orders.walk_test_until is not None and now < self.orders.walk_test_until

    def standing(self, now: datetime) -> Standing:
        """What the status is to say."""
        return Standing(
            config=self.kept.confirmed,
            missing=self._missing,
            voice=self.voice.is_there if self.voice else None,
            paused_until=self._paused_until if self.is_paused(now) else None,
            walk_test_until=self.orders.walk_test_until if self.is_testing(now) else None,
        )
