"""Which devices there are, as far as anybody has told: by descriptions, and by what was heard. No clock, no disk."""

from collections.abc import Iterable
from typing import Protocol

from gateway.adapters import Adapter, Describes, Told
from gateway.device_list import MOST_DEVICES, DeviceList, DeviceSaid
from gateway.messages import BUTTON_VALUE, GATEWAY_SENSOR, MAX_MESSAGE_BYTES, Button, Kind, topic

SOONEST_S = 2.0
"""Descriptions come in hundreds: so long is waited for more."""
MOST_HEARD = 2000


class Publishes(Protocol):
    """A connection to the server's broker (link.Session)."""

    def publish(self, topic: str, payload: bytes, /, *, retain: bool = False) -> int:
        """Hand over for sending."""


class Inventory:
    """`note` what is heard; `tell` often. Used by one thread; `wall` is monotonic seconds."""

    def __init__(self, adapter: Adapter) -> None:
        self.adapter = adapter
        self.heard: dict[str, frozenset[Kind]] = {}
        self.calls: set[str] = set()
        self._is_news = True
        self._looked_at = -SOONEST_S
        self._told: bytes | None = None
        self._session: Publishes | None = None

    def recall(self, kinds: Iterable[tuple[str, Kind]]) -> None:
        """After a restart: sensors and what they told before it."""
        for sensor, kind in kinds:
            self._hear(sensor, kind)

    def note(self, told: Told) -> None:
        """A message of the home. While the resident has paused monitoring nothing may come here but descriptions."""
        self._is_news |= told.described
        for sensor in told.alive:
            self._hear(sensor, None)
        for fact in told.facts:
            self._hear(fact.sensor, fact.kind)
            if fact.kind is Kind.BUTTON and fact.value == BUTTON_VALUE[Button.SOS]:
                self._is_news |= fact.sensor not in self.calls
                self.calls.add(fact.sensor)

    def changed(self) -> None:
        """Sensors are used otherwise than before: whether a press called was perhaps their use."""
        self.calls.clear()
        self._is_news = True

    def _hear(self, sensor: str, kind: Kind | None) -> None:
        known = self.heard.get(sensor)
        if sensor == GATEWAY_SENSOR or (known is None and len(self.heard) >= MOST_HEARD):
            return
        if known is None or (kind is not None and kind not in known):
            self.heard[sensor] = (known or frozenset()) | ({kind} if kind is not None else frozenset())
            self._is_news = True

    def devices(self) -> DeviceList:
        """All that are known, by their ids."""
        described = {one.sensor: one for one in self._described()}
        for sensor, kinds in self.heard.items():
            said = described.get(sensor) or self._unnamed(sensor)
            calls = said.calls or sensor in self.calls
            described[sensor] = said.model_copy(
                update={"kinds": tuple(sorted(kinds.union(said.kinds))), "calls": calls and said.role is None}
            )
        found = [described[sensor] for sensor in sorted(described)]
        return fitting(found)

    def _described(self) -> Iterable[DeviceSaid]:
        return self.adapter.tell_devices() if isinstance(self.adapter, Describes) else ()

    def _unnamed(self, sensor: str) -> DeviceSaid:
        entry = self.adapter.table.of(sensor, self.adapter.table.find(sensor))
        return DeviceSaid(sensor=sensor, role=entry.role, invert=entry.invert, ignore=entry.ignore)

    def tell(self, gateway: str, session: Publishes | None, wall: float) -> None:
        """Publish the list if it changed, and on each new connection."""
        if session is None or (session is self._session and not self._is_news) or wall - self._looked_at < SOONEST_S:
            return
        self._looked_at, self._is_news = wall, False
        payload = self.devices().model_dump_json(exclude_defaults=True).encode()
        if payload != self._told or session is not self._session:
            session.publish(topic(gateway, "devices"), payload, retain=True)
        self._told, self._session = payload, session


def fitting(devices: list[DeviceSaid]) -> DeviceList:
    """As many as a message holds."""
    kept = devices[:MOST_DEVICES]
    told = DeviceList(devices=tuple(kept), left_out=len(devices) - len(kept))
    while len(told.model_dump_json(exclude_defaults=True).encode()) > MAX_MESSAGE_BYTES:
        kept = kept[: len(kept) * 9 // 10]
        told = DeviceList(devices=tuple(kept), left_out=len(devices) - len(kept))
    return told
