"""What a gateway's status message says about its sensors and its clock. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from gateway.messages import Status
from ingest.arrivals import Arrived
from ingest.known import Gateway


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
