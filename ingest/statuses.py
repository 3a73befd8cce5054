"""What a gateway's status message says about its sensors, its clock and its pause. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.device_list import DeviceList
from gateway.messages import Status
from ingest.arrivals import Arrived
from ingest.known import Gateway

MOST_AT_ONCE = 20
"""So many changes of one gateway's pause are taken from one batch, the newest."""


@dataclass(frozen=True, slots=True)
class HeardStatus:
    """One status message of a gateway that we know."""

    gateway: Gateway
    arrived: Arrived
    status: Status

    def behind(self) -> timedelta | None:
        """How late it is, by its own time. That is the way it took, and its clock if that runs behind.

        Nothing of what is kept in an outbox: a status is made and sent at once, and never again.
        """
        return self.arrived.received_at - self.status.at if self.status.at else None

    def check_ins(self) -> Iterator[tuple[int, datetime]]:
        """Each sensor we know, and when it was last heard, by our clock: its age in the message counts."""
        received, made = self.arrived.received_at, self.status.at
        for name, at in self.status.sensors_at.items():
            sensor = self.gateway.sensor(name)
            if sensor is not None:
                yield sensor.id, received - max(timedelta(), (made or received) - at)

    def tells_as(self, other: "HeardStatus") -> bool:
        """Whether the other, of the same gateway, says the same about a pause."""
        ours, theirs = self.status, other.status
        return (ours.online, ours.paused_until) == (theirs.online, theirs.paused_until)


@dataclass(frozen=True, slots=True)
class HeardDevices:
    """What a gateway told of its devices."""

    told: DeviceList
    received_at: datetime


Round = dict[int, HeardStatus]
"""One status of each gateway at most, by its id in the database."""


def in_rounds(heard: Iterable[HeardStatus]) -> list[Round]:
    """The statuses of a batch, to be kept one round after the other.

    Of each gateway the last one says how it is; but a pause that began and ended while we were away, or
    between two looks, must leave its trace, so each that says something else about it is kept before that.
    """
    by_gateway: defaultdict[int, list[HeardStatus]] = defaultdict(list)
    last: Round = {}
    for one in heard:
        own = by_gateway[one.gateway.id]
        if not own or not own[-1].tells_as(one):
            own.append(one)
        last[one.gateway.id] = one
    for gateway, one in last.items():
        if by_gateway[gateway][-1] is not one:
            by_gateway[gateway].append(one)
    kept = {gateway: own[-MOST_AT_ONCE:] for gateway, own in by_gateway.items()}
    longest = max(map(len, kept.values()), default=0)
    return [{gateway: own[number] for gateway, own in kept.items() if number < len(own)} for number in range(longest)]
