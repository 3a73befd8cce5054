"""The street as it lives: says at its time what each home's devices have to say."""

import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import paho.mqtt.client as mqtt
from paho.mqtt.enums import CallbackAPIVersion

from gateway.clock import Clock
from simulators.street.days import ZONE
from simulators.street.devices import Publish, devices_of, introductions
from simulators.street.lines import Lines
from simulators.street.people import RESIDENTS, Resident
from simulators.street.script import Script, answer_key, messages


class Home:
    """One home's Zigbee2MQTT at the broker in the home; its last will says that it is gone."""

    def __init__(self, resident: Resident, port: int) -> None:
        self.base = resident.base_topic
        self.devices = devices_of(resident)
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=f"street-{resident.key}")
        self.client.will_set(f"{self.base}/bridge/state", _OFFLINE, retain=True)
        self.client.on_connect = self._introduce
        self.client.connect("127.0.0.1", port)
        self.client.loop_start()

    def _introduce(self, *_: object) -> None:
        """After each connection, as Zigbee2MQTT does: a restarted broker has forgotten."""
        for message in introductions(self.devices):
            self.say(message)

    def say(self, message: Publish) -> None:
        self.client.publish(f"{self.base}/{message.topic}", message.payload, retain=message.retain)

    def leave(self) -> None:
        self.client.publish(f"{self.base}/bridge/state", _OFFLINE, retain=True).wait_for_publish(1)
        self.client.disconnect()
        self.client.loop_stop()


_OFFLINE = json.dumps({"state": "offline"})


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """Something the street does at a time."""

    at: datetime
    do: Callable[[], None] = field(compare=False)


class Street:
    """All homes, from `since` on. `stop` may come from a signal handler."""

    def __init__(self, script: Script, port: int, lines: Lines | None = None, key: Path | None = None) -> None:
        self.script = script
        self.lines = lines
        self.key = key
        self.homes = {resident: Home(resident, port) for resident in RESIDENTS}
        self.stopping = threading.Event()

    def live(self, clock: Clock, since: datetime) -> None:
        """Until stopped. What lies between `since` and the clock's time is said at once."""
        for step in self._steps(since):
            wait = clock.wall_seconds(step.at - clock.now())
            if self.stopping.wait(max(wait, 0)):
                break
            step.do()
        for home in self.homes.values():
            home.leave()

    def _steps(self, since: datetime) -> Iterator[Step]:
        day = since.astimezone(ZONE).date()
        while True:
            self._write_key(day)
            steps = (step for resident in RESIDENTS for step in self._of_day(resident, day))
            yield from sorted(step for step in steps if step.at >= since)
            day += timedelta(days=1)

    def _of_day(self, resident: Resident, day: date) -> Iterator[Step]:
        planned = self.script.day(resident, day)
        for message in messages(resident, planned):
            yield Step(message.at, _saying(self.homes[resident], message))
        if planned.cut and self.lines:
            yield Step(planned.cut.since, _cutting(self.lines, resident.gateway, cut=True))
            yield Step(planned.cut.until, _cutting(self.lines, resident.gateway, cut=False))

    def _write_key(self, day: date) -> None:
        if self.key:
            known = set(self.key.read_text().splitlines()) if self.key.exists() else set()
            with self.key.open("a") as file:
                file.writelines(f"{line}\n" for line in answer_key(self.script, day) if line not in known)


def _saying(home: Home, message: Publish) -> Callable[[], None]:
    return lambda: home.say(message)


def _cutting(lines: Lines, gateway: str, *, cut: bool) -> Callable[[], None]:
    return lambda: lines.set_cut(gateway, cut=cut)
