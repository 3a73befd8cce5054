"""Devices of a network server that speak and belong to no flat: so a new sensor is noticed. Their topics alone
are looked at, never what they say."""

import logging
import queue
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field

from gateway.adapters.belonging import plain_name
from gateway.flat_settings import BY_NETWORK, Flat
from gateway.link import Address, Came, Down, Event, Link, Terms, Up
from gateway.log import about

log = logging.getLogger(__name__)

TOPICS = {"chirpstack": "application/+/device/+/event/up", "things_stack": "v3/+/devices/+/up"}
_DEVICE = re.compile(r"/devices?/([^/]{1,64})/(?:event/)?up$")
MOST = 2000


class Watch:
    """One network server's broker. Paho's thread writes `heard`, ours looks at it."""

    def __init__(self, address: Address, topics: tuple[str, ...]) -> None:
        self.events: queue.SimpleQueue[Up | Down] = queue.SimpleQueue()
        self.heard: dict[str, None] = {}
        self.link = Link("The network server's broker", address, Terms(topics), self.emit)

    def emit(self, event: Event) -> None:
        if isinstance(event, Came):
            device = _DEVICE.search(event.topic)
            if device and len(self.heard) < MOST:
                self.heard[plain_name(device[1])] = None
        elif isinstance(event, Up | Down):
            self.events.put(event)


@dataclass(slots=True)
class Strangers:
    """`look` often, in one thread."""

    watches: dict[tuple[object, ...], Watch] = field(default_factory=dict)
    named: dict[str, None] = field(default_factory=dict)
    """All that were told of."""

    def look(self, wall: float, flats: Sequence[Flat]) -> None:
        for flat in flats:
            self._watch(flat)
        known = {device for flat in flats for device in flat.devices}
        for watch in self.watches.values():
            while not watch.events.empty():
                watch.link.took(watch.events.get(), wall)
            watch.link.tick(wall)
            for device in list(watch.heard):
                del watch.heard[device]
                if device not in known and device not in self.named and len(self.named) < MOST:
                    self._name(device)

    def _name(self, device: str) -> None:
        self.named[device] = None
        extra = about("device_without_flat", device=device, devices_without_flat=len(self.named))
        log.warning("The device %s speaks and belongs to no flat", device, extra=extra)

    def _watch(self, flat: Flat) -> None:
        settings = flat.settings
        topics = tuple(TOPICS[name] for name in settings.integrations if name in BY_NETWORK)
        key = (settings.home_broker_host, settings.home_broker_port, settings.home_broker_user, topics)
        if not topics or key in self.watches:
            return
        password = settings.home_broker_password
        address = Address(
            settings.home_broker_host,
            settings.home_broker_port,
            client_id=f"hearthlight-watch-{secrets.token_hex(4)}",
            user=settings.home_broker_user,
            password=password.get_secret_value() if password else None,
        )
        self.watches[key] = Watch(address, topics)

    def close(self) -> None:
        for watch in self.watches.values():
            watch.link.close()
