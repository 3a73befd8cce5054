"""The server's commands: what stands of them, and which were done already. No clock, no disk."""

import json
import logging
from collections.abc import Mapping
from datetime import datetime

from pydantic import ValidationError

from gateway.config import Command, Do
from gateway.log import about

log = logging.getLogger(__name__)

MOST_HANDLED = 200
HANDLED, ASKED, WALK_TEST = "handled", "asked", "walk_test"


class Orders:
    """What has to survive a restart is in `changed`, as with Prompts."""

    def __init__(self) -> None:
        self.asked: Command | None = None
        """The question "are you all right?", while it stands."""
        self.walk_test_until: datetime | None = None
        self.changed: dict[str, str | None] = {}
        self._handled: dict[str, None] = {}

    def recall(self, notes: Mapping[str, str]) -> None:
        try:
            self._handled = dict.fromkeys(json.loads(notes.get(HANDLED, "[]")))
            self.asked = Command.model_validate_json(notes[ASKED]) if ASKED in notes else None
            self.walk_test_until = datetime.fromisoformat(notes[WALK_TEST]) if WALK_TEST in notes else None
        except (ValueError, TypeError):
            log.warning("The notes about commands cannot be read", extra=about("note_unreadable"))

    def take(self, payload: bytes, now: datetime) -> Command | None:
        """A command that is for now and new: the question and the walk test are noted here."""
        try:
            command = Command.model_validate_json(payload)
        except ValidationError:
            log.warning("A command does not fit the contract", extra=about("command_bad"))
            return None
        if now >= command.expires_at or command.id in self._handled:
            return None
        self._note_handled(command.id)
        log.info("A command of the server", extra=about("command", do=command.do.value))
        if command.do is Do.ASK:
            self.ask(command)
        elif command.do is not Do.PROMPT:
            self._test(command.expires_at if command.do is Do.WALK_TEST else None)
        return command

    def _test(self, until: datetime | None) -> None:
        self.walk_test_until = until
        self.changed[WALK_TEST] = until.isoformat() if until else None

    def ask(self, command: Command | None) -> None:
        """Ask this question from now on; None: it is answered."""
        if self.asked is not command:
            self.asked = command
            self.changed[ASKED] = command.model_dump_json() if command else None

    def tick(self, now: datetime) -> None:
        if self.asked and now >= self.asked.expires_at:
            self.ask(None)
        if self.walk_test_until and now >= self.walk_test_until:
            self._test(None)

    def keep_all(self) -> None:
        self._test(self.walk_test_until)
        self.changed[HANDLED] = json.dumps(list(self._handled))
        self.changed[ASKED] = self.asked.model_dump_json() if self.asked else None

    def _note_handled(self, command_id: str) -> None:
        self._handled[command_id] = None
        while len(self._handled) > MOST_HANDLED:
            del self._handled[next(iter(self._handled))]
        self.changed[HANDLED] = json.dumps(list(self._handled))
