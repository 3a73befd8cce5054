"""Ten homes, who lives there, and who cares: invented people with numbers kept for drama.

The phone numbers are from Ofcom's range for television and radio (07700 900000 to 900999),
which is never given to anybody. Pure data.
"""

from dataclasses import dataclass
from datetime import time


@dataclass(frozen=True, slots=True)
class Contact:
    """Somebody who is told. `phone` is E.164."""

    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class Resident:
    """One person living alone, and how this person lives.

    Times of the day are hours in local time; the other numbers multiply the figures.
    """

    key: str
    name: str
    home: str
    family: Contact
    wakes: float
    sleeps: float
    up_by: time
    lively: float = 1.0
    nights: float = 1.5
    """Trips to the bathroom a night, on average."""
    outings: float = 0.9
    """Longer absences a day, on average."""

    @property
    def gateway(self) -> str:
        """The id of the home's gateway on the wire."""
        return f"gw-{self.key}"

    @property
    def base_topic(self) -> str:
        """Where the home's Zigbee2MQTT publishes."""
        return f"{self.key}/zigbee2mqtt"


def _drama(last: int) -> str:
    return f"+447700900{last:03}"


RESPONDER = Contact("Maya", _drama(100))
"""Of the community housing team: the second to be told, in every home."""
COORDINATOR = Contact("Nadia", _drama(111))
"""Of the same team: sets homes up, and shares its rota."""

SMS_FROM = _drama(1)

RESIDENTS = (
    Resident("rose-cottage", "Peter", "Rose Cottage", Contact("Anna", _drama(101)), 6.9, 22.6, time(9)),
    Resident("mill-lane", "Jean", "4 Mill Lane", Contact("Colin", _drama(102)), 6.2, 22.0, time(9), 1.1, 2.0, 1.2),
    Resident(
        "orchard-view", "Harold", "Orchard View", Contact("Susan", _drama(103)), 7.6, 23.0, time(10), 0.8, 1.0, 0.5
    ),
    Resident(
        "station-road",
        "Jack",
        "Flat 2, Station Road",
        Contact("Denise", _drama(104)),
        8.2,
        23.4,
        time(11),
        1.0,
        0.4,
        1.5,
    ),
    Resident(
        "the-elms", "Margaret", "3 The Elms", Contact("Fiona", _drama(105)), 6.6, 22.3, time(9, 30), 1.2, 2.2, 0.8
    ),
    Resident(
        "bridge-house", "Arthur", "Bridge House", Contact("Neil", _drama(106)), 7.2, 22.8, time(10), 0.9, 1.6, 1.0
    ),
    Resident(
        "hopton-close", "Doris", "17 Hopton Close", Contact("Karen", _drama(107)), 6.0, 21.8, time(9), 1.0, 2.4, 0.6
    ),
    Resident(
        "quarry-bank", "Winston", "Quarry Bank", Contact("Grace", _drama(108)), 7.8, 23.2, time(10, 30), 1.1, 1.2, 1.3
    ),
    Resident(
        "lower-wick", "Edna", "9 Lower Wick", Contact("Philip", _drama(109)), 6.8, 22.4, time(9, 30), 0.9, 1.8, 0.7
    ),
    Resident("chapel-row", "Tom", "Chapel Row", Contact("Ruth", _drama(110)), 7.4, 22.7, time(10), 1.0, 1.4, 1.1),
)
