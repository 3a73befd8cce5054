"""Who is asking, and what they asked about, as rows of the database."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo


class Role(StrEnum):
    FAMILY = "family"
    RESPONDER = "responder"
    COORDINATOR = "coordinator"
    RESIDENT = "resident"


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
        """Whether this is somebody of the housing team, not of the family or the person who lives there."""
        return self.role in (Role.RESPONDER, Role.COORDINATOR)

    @property
    def sets_up(self) -> bool:
        """Whether this is somebody who sets homes up and may change what is watched for."""
        return self.role is Role.COORDINATOR


@dataclass(frozen=True, slots=True)
class Home:
    """A home this person may see."""

    id: int
    name: str
    resident: str
    time_zone: str
    occupants: int = 1
    keeps: bool = True
    """Whether consent is on record; without it nothing is kept, and nothing watched."""

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


@dataclass(frozen=True, slots=True)
class Session:
    """Somebody's open session. `token_hash`: SHA-256 of what the cookie holds."""

    token_hash: bytes
    person: Person
    expires_at: datetime
