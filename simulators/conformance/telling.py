"""What a gateway is told: a config with a picture, a walk test, commands to be ignored, and nonsense."""

import hashlib
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from gateway.config import Command, Config, Do, Reminder, Schedule
from gateway.messages import MAX_MESSAGE_BYTES, Leaf, topic
from simulators.conformance.evidence import Evidence, Told

if TYPE_CHECKING:
    from simulators.conformance.playing import Play

NONSENSE = (b"", b"{", b'{"boot": 7}', b"\xff\xfe")
TOO_LARGE = b"[" * (MAX_MESSAGE_BYTES + 1)
PICTURE = b"\x89PNG\r\n\x1a\n of nothing"
NEVER = Schedule(times=("03:00",), dates=(date(2099, 1, 1),))
WALK = timedelta(hours=2)
TOLD: tuple[Leaf, ...] = ("stored", "config", "assets", "commands")


class Telling:
    """One part of a Play, on its line."""

    def __init__(self, play: "Play") -> None:
        self.play = play
        self.asset = hashlib.sha256(PICTURE).hexdigest()

    def run(self) -> None:
        """Everything in turn; what a gateway does not offer is passed over."""
        version = self._config()
        self._assets()
        self._walk_test()
        self._nonsense(version + 1)
        self._tell("config", b"", retain=True)  # leave nothing behind in the broker

    def _config(self) -> int:
        named = [one.config for _, _, one in self.play.look().statuses if one.config is not None]
        version = max(named, default=0) + 1
        self.play.say(f"Telling it version {version} of a config")
        reminder = Reminder(id=1, text="Only a test", schedule=NEVER, picture=self.asset)
        config = Config(version=version, made_at=self.play.now(), reminders=(reminder,))
        body = config.model_dump(mode="json") | {"a_field_of_tomorrow": {"any": "thing"}}
        self._tell("config", json.dumps(body).encode(), retain=True)
        self._note(config=version, asset=self.asset)
        self._until(lambda seen: any(one.config == version for _, _, one in seen.statuses))
        return version

    def _assets(self) -> None:
        self._tell("assets", b"not what was asked for")
        self._until(lambda seen: any(self.asset in one.missing for _, _, one in seen.statuses))
        place = len(self.play.ear.heard)
        self._note(asset_sent=place)
        self._tell("assets", PICTURE)
        if any(self.asset in one.missing for _, _, one in self.play.look().statuses):
            self._until(lambda seen: any(self.asset not in one.missing for at, _, one in seen.statuses if at >= place))

    def _walk_test(self) -> None:
        self.play.say("Beginning a walk test; let a sensor speak")
        begun = self._noted("walk_begun")
        first = self._command("conformance-walk", Do.WALK_TEST)
        if not self._until(lambda seen: any(one.walk_test_until for at, _, one in seen.statuses if at >= begun)):
            self._note(walk_ended=len(self.play.ear.heard))
            return
        self._until(lambda seen: any(at >= begun for at, _ in seen.on("readings")))
        self.play.pause()
        self._end_walk_test("walk_ended")
        self._noted("repeated")
        self._tell("commands", first)
        self.play.ear.until(lambda: False, self.play.plan.ignored_s)
        self._end_walk_test("ended_again")
        self._noted("expired")
        self._command("conformance-late", Do.WALK_TEST, late=True)
        self.play.ear.until(lambda: False, self.play.plan.ignored_s)

    def _end_walk_test(self, what: str) -> None:
        place = self._noted(what)
        self._command(f"conformance-{what}", Do.END_WALK_TEST)
        self._until(lambda seen: any(one.walk_test_until is None for at, _, one in seen.statuses if at >= place))

    def _command(self, name: str, do: Do, *, late: bool = False) -> bytes:
        """Of this moment, or of yesterday; under an id that no run before has used."""
        at = self.play.now() - (timedelta(days=1) if late else timedelta())
        command = Command(id=f"{name}-{at:%Y%m%dT%H%M%S}", do=do, at=at, expires_at=at + WALK)
        payload = json.dumps(command.model_dump(mode="json") | {"a_field_of_tomorrow": 1}).encode()
        self._tell("commands", payload)
        return payload

    def _nonsense(self, version: int) -> None:
        self.play.say("Telling it nonsense")
        place = self._noted("nonsense")
        for leaf in TOLD:
            for payload in NONSENSE:
                self._tell(leaf, payload)
            self.play.ear.throw(topic(self.play.plan.gateway, leaf), TOO_LARGE)
        config = Config(version=version, made_at=self.play.now())
        self._tell("config", config.model_dump_json().encode(), retain=True)
        self._note(last_config=version)
        offered = any(one.config is not None for _, _, one in self.play.look().statuses)
        if offered:
            self._until(lambda seen: any(one.config == version for _, _, one in seen.statuses))
        else:
            self.play.until(lambda seen: len(seen.heard) > place)

    def _tell(self, leaf: Leaf, payload: bytes, *, retain: bool = False) -> None:
        self.play.ear.tell(topic(self.play.plan.gateway, leaf), payload, retain=retain)

    def _until(self, true: Callable[[Evidence], bool]) -> bool:
        return self.play.until(true, self.play.plan.config_s)

    def _note(self, **what: object) -> None:
        told: Told = replace(self.play.known.told, **what)  # type: ignore[arg-type]
        self.play.known = replace(self.play.known, told=told)

    def _noted(self, what: str) -> int:
        """The place from which on this is done."""
        place = len(self.play.ear.heard)
        self._note(**{what: place})
        return place
