"""Who is asking, and what they asked about, as rows of the database."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo


class Role(StrEnum):
    FAMILY = "family"
    RESPONDER = "responder"
    COORDINATOR = "coordinator"


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who is signed in. `role` decides where they land and which kinds of alert they see."""

    id: int
    name: str
    role: Role

    def __post_init__(self) -> None:
        object.__setattr__(self, "role", Role(self.role))

    @property
    def on_the_team(self) -> bool:
        """Whether this is somebody of the housing team, not of the family."""
        return self.role is not Role.FAMILY


@dataclass(frozen=True, slots=True)
class Home:
    """A home this person may see."""

    id: int
    name: str
    resident: str
    time_zone: str

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody's open session. `token_hash`: SHA-256 of what the cookie holds."""

    token_hash: bytes
    person: Person
    expires_at: datetime
