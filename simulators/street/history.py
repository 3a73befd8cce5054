"""What the street's gateways saw before now, put into their outboxes as if their lines had been down."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from gateway.messages import BEAT_EVERY_S, GATEWAY_SENSOR, Kind
from gateway.outbox import Kept, Outbox, Rank
from simulators.street.devices import devices_of
from simulators.street.people import Resident
from simulators.street.script import Script

BEAT = timedelta(seconds=BEAT_EVERY_S)


def fill(outbox: Path, resident: Resident, script: Script, since: datetime, until: datetime) -> int:
    """Readings and beats of one home from `since` to `until`; gives how many. The gateway must not run."""
    kept = sorted([*_events(resident, script, since, until), *beats(since, until)], key=lambda one: one.at)
    with Outbox(outbox) as opened:
        opened.add(kept)
    return len(kept)


def _events(resident: Resident, script: Script, since: datetime, until: datetime) -> Iterator[Kept]:
    devices = {device.place: device for device in devices_of(resident)}
    for event in script.events(resident, since, until):
        device = devices[event.place]
        yield Kept(device.address, device.kind, event.value, event.at)


def beats(since: datetime, until: datetime) -> Iterator[Kept]:
    """One every five minutes, the last at `until`: together they prove the whole stretch."""
    at = until
    while at > since:
        yield Kept(GATEWAY_SENSOR, Kind.BEAT, 0, at, Rank.EVENT)
        at -= BEAT
