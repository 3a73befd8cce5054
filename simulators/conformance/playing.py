"""What is done to the gateway: listen, withhold "stored", cut its line, store, cut again, tell it things."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from gateway.messages import GATEWAY_SENSOR, Kind, Stored, topic
from simulators.conformance.evidence import Evidence, stored_up_to
from simulators.conformance.hearing import Ear
from simulators.conformance.telling import NONSENSE, Telling

SETTLE_S = 2.0
"""For what is on its way: a message to the gateway, or its answer."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How to play; seconds are those of the wall clock."""

    gateway: str
    client_id: str
    wait_s: float
    patience_s: float
    beats_s: float
    off_by_most: timedelta
    config_s: float = 15.0
    ignored_s: float = 8.0
    """So long something that is to be ignored is given to show in the status."""
    follows_within: timedelta = timedelta(seconds=5)
    by_hand: bool = False


class Play:
    """One run against one gateway. `say` tells a person what is going on."""

    def __init__(self, ear: Ear, plan: Plan, now: Callable[[], datetime], say: Callable[[str], None]) -> None:
        self.ear = ear
        self.plan = plan
        self.now = now
        self.say = say
        self.known = Evidence(
            plan.gateway,
            (),
            ear.greeted,
            None,
            off_by_most=plan.off_by_most,
            follows_within=plan.follows_within,
        )

    def run(self) -> Evidence:
        self._withhold()
        cut = self._cut("the first time")
        if cut is not None:
            self.known = replace(self.look(), cut=cut)
            owed = set(self.look().came(self.known.withheld_from or 0, cut))
            self.until(lambda seen: owed <= set(seen.came(cut)))
        self._store()
        Telling(self).run()
        self._wait_for_beats()
        return self.look()

    def look(self) -> Evidence:
        return replace(self.known, heard=tuple(self.ear.heard))

    def until(self, true: Callable[[Evidence], bool], seconds: float | None = None) -> bool:
        return self.ear.until(lambda: true(self.look()), self.plan.patience_s if seconds is None else seconds)

    def pause(self) -> None:
        """For what is on its way."""
        self.ear.until(lambda: False, SETTLE_S)

    def _withhold(self) -> None:
        """The first readings, and no "stored" but of a boot that is not its own, and nonsense."""
        self.say(f"Waiting up to {self.plan.wait_s:.0f} s for a reading; let a sensor speak")
        if not self.until(lambda seen: bool(seen.came()), self.plan.wait_s):
            return
        first = next(iter(self.look().envelopes)).place
        self.known = replace(self.known, withheld_from=first)
        stored = topic(self.plan.gateway, "stored")
        for payload in (*NONSENSE, _stored("no-boot-of-yours", 2**31 - 1)):
            self.ear.tell(stored, payload)
        self.say(f"Keeping silent until it is sent again, up to {self.plan.patience_s:.0f} s")
        self.until(lambda seen: len(seen.came()) > len(set(seen.came())))

    def _cut(self, which: str) -> int | None:
        """The place in what was heard at which the line was cut, or None if it was not."""
        place = len(self.ear.heard)
        if self.plan.by_hand:
            self.say(f"Please unplug the gateway's network now ({which}), and plug it in again when its light says so")
        else:
            self.say(f"Cutting its line ({which})")
            self.ear.cut(self.plan.client_id)
        if self.until(lambda seen: len(list(seen.on("status"))) > _statuses_before(seen, place)):
            self.until(lambda seen: any(one.online for at, _, one in seen.statuses if at >= place))
            return place
        return None

    def _store(self) -> None:
        stored = stored_up_to(self.look())
        for boot, seq in stored.items():
            self.ear.tell(topic(self.plan.gateway, "stored"), _stored(boot, seq))
        self.known = replace(self.known, stored=stored)
        self.pause()
        if self.known.cut is None:
            return
        cut = self._cut("the second time")
        self.known = replace(self.known, cut_again=cut)
        self.pause()

    def _wait_for_beats(self) -> None:
        if self.plan.beats_s:
            self.say(f"Waiting up to {self.plan.beats_s:.0f} s for two beats")
            self.known = replace(self.known, beats_waited=True)
            self.until(lambda seen: _beats(seen) >= 2, self.plan.beats_s)


def _stored(boot: str, seq: int) -> bytes:
    return Stored(boot=boot, seq=seq).model_dump_json().encode()


def _statuses_before(seen: Evidence, place: int) -> int:
    return sum(at < place for at, _ in seen.on("status"))


def _beats(seen: Evidence) -> int:
    return len({r.at for _, r in seen.readings() if r.kind is Kind.BEAT and r.sensor == GATEWAY_SENSOR})
