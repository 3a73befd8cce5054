"""Sensors gone wild: a broken magnet that says open and shut each second. Pure: the times are those of the facts.

Sixty changes in ten minutes are no resident. Such a sensor is told as faulty once, its
changes are not sent on, and when it has been calm for ten minutes it counts again.
"""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from gateway.messages import Kind

MOST_CHANGES = 60
WITHIN = timedelta(minutes=10)
Key = tuple[str, Kind]


@dataclass(slots=True)
class Course:
    """How one state of one sensor has gone."""

    value: float | None = None
    changes: deque[datetime] = field(default_factory=lambda: deque(maxlen=MOST_CHANGES + 1))
    faulty: bool = False

    def take(self, value: float, at: datetime) -> bool:
        """Whether this makes it faulty, just now."""
        if self.value == value:
            return False
        self.value = value
        self.changes.append(at)
        wild = len(self.changes) > MOST_CHANGES and self.changes[-1] - self.changes[0] <= WITHIN
        begins = wild and not self.faulty
        self.faulty |= wild
        return begins


@dataclass(slots=True)
class Storms:
    courses: dict[Key, Course] = field(default_factory=dict)
    faulty: dict[Key, None] = field(default_factory=dict)

    def begins(self, sensor: str, kind: Kind, value: float, at: datetime) -> bool:
        """Takes note of a state, and says whether the sensor has become faulty with it."""
        course = self.courses.setdefault((sensor, kind), Course())
        begins = course.take(value, at)
        if begins:
            self.faulty[sensor, kind] = None
        return begins

    def is_faulty(self, sensor: str) -> bool:
        return any(name == sensor for name, _ in self.faulty)

    def over(self, now: datetime) -> list[Key]:
        """Those that have been calm for long enough; from now on they count again."""
        calm = [key for key in self.faulty if now - self.courses[key].changes[-1] >= WITHIN]
        for key in calm:
            del self.faulty[key], self.courses[key]
        return calm

    def sensors(self) -> list[str]:
        """The faulty ones, the longest first."""
        return list(dict.fromkeys(sensor for sensor, _ in self.faulty))
