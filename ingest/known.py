"""The gateways and sensors that the database knows, remembered so that a batch need not ask.

What is not remembered is looked up; what is not there is not asked for again for a few
seconds, so that a stranger who sends without end costs one query now and then. What is
remembered is asked for again after some minutes, so that a moved sensor is noticed; and
what was not asked for since is forgotten, so that only gateways that speak take up memory.
"""

from array import array
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import NamedTuple, TypeVar

from psycopg import Connection

from gateway.messages import GATEWAY_SENSOR
from ingest.database import sql

KEEP_S = 300.0
CONSENT_KNOWN_S = 20.0
"""So long what is known of consent holds: who withdraws it is heard within a minute, whatever is slow."""
ASK_AGAIN_S = 3.0
UNKNOWN_PLACE = "unknown sensor"
"""Where a sensor is of which nobody has said it."""
MOST_CALLERS = 20
"""Sensors of one gateway that are put in because they call for help."""


class Sensor(NamedTuple):
    """A sensor in a home."""

    id: int
    home_id: int
    place: str
    role: str


class Caller(NamedTuple):
    """A sensor that nobody registered and that calls for help."""

    gateway: str
    name: str
    role: str
    found_at: datetime


@dataclass(frozen=True, slots=True)
class Gateway:
    """A gateway and its sensors.

    A county has hundreds of thousands of sensors: they are rows of numbers here, and their words
    are shared by all gateways that have the same. An object for each would take twice to four times as much.
    """

    id: int
    name: str
    home_id: int
    names: tuple[str, ...]  # of the sensors, on the wire
    ids: "array[int]"
    homes: "array[int]"
    spots: tuple[tuple[str, str], ...]  # place and role
    asked_at: float

    def sensor(self, name: str) -> Sensor | None:
        """The sensor of this name on the wire."""
        if name not in self.names:
            return None
        at = self.names.index(name)
        return Sensor(self.ids[at], self.homes[at], *self.spots[at])


Words = TypeVar("Words", tuple[str, ...], tuple[str, str], tuple[tuple[str, str], ...])


@dataclass(slots=True)
class Known:
    """The memory of one worker. Times are seconds of the machine's own monotonic clock."""

    gateways: dict[str, Gateway] = field(default_factory=dict)
    ahead: set[int] = field(default_factory=set)
    """Gateways whose clocks run ahead."""
    not_kept: set[int] = field(default_factory=set)
    """Homes for which nobody has recorded consent: nothing of them is kept."""
    _strangers: dict[str, float] = field(default_factory=dict)
    _tidied_at: float = 0.0
    _consent_at: float = float("-inf")
    _words: dict[object, object] = field(default_factory=dict)

    def learn(self, connection: Connection, names: Collection[str], tick: float) -> None:
        """Look up those of these gateways that are not remembered, or were long ago."""
        wanted = [name for name in names if self._is_unsure(name, tick)]
        if wanted:
            self._tidy(tick)
            self._ask(connection, wanted, tick)
        if tick - self._consent_at > CONSENT_KNOWN_S:
            self._ask_consent(connection, tick)

    def learn_sensors(self, connection: Connection, names: Collection[str], tick: float) -> bool:
        """Look up gateways again that spoke of sensors we do not know; whether any was due for it."""
        wanted = [name for name in names if name in self.gateways and self._may_ask(self.gateways[name], tick)]
        if wanted:
            self._ask(connection, wanted, tick)
        return bool(wanted)

    def register(self, connection: Connection, callers: Collection[Caller], tick: float) -> None:
        """Put in sensors that call for help, so that the call is heard. Not within a transaction:
        what is remembered must be in the database."""
        gateways, names, roles, found = zip(*sorted(callers), strict=True)
        connection.execute(
            sql(__file__, "add_callers"),
            {
                "gateways": list(gateways),
                "names": list(names),
                "roles": list(roles),
                "found": list(found),
                "place": UNKNOWN_PLACE,
                "most": MOST_CALLERS,
            },
        )
        self._ask(connection, sorted(set(gateways)), tick)

    def forget(self) -> None:
        """Forget all, because the database may be another one now."""
        self.gateways.clear()
        self.ahead.clear()
        self.not_kept.clear()
        self._consent_at = float("-inf")
        self._strangers.clear()
        self._words.clear()

    def _tidy(self, tick: float) -> None:
        if tick - self._tidied_at > KEEP_S:
            self._tidied_at = tick
            self._words.clear()
            self.gateways = {name: one for name, one in self.gateways.items() if tick - one.asked_at <= 2 * KEEP_S}
            self.ahead &= {one.id for one in self.gateways.values()}

    def _shared(self, words: Words) -> Words:
        """The same words, as they were met before."""
        return self._words.setdefault(words, words)  # type: ignore[return-value]

    def _is_unsure(self, name: str, tick: float) -> bool:
        gateway = self.gateways.get(name)
        if gateway is not None:
            return tick - gateway.asked_at > KEEP_S
        return tick - self._strangers.get(name, -ASK_AGAIN_S) >= ASK_AGAIN_S

    @staticmethod
    def _may_ask(gateway: Gateway, tick: float) -> bool:
        return tick - gateway.asked_at >= ASK_AGAIN_S

    def _ask_consent(self, connection: Connection, tick: float) -> None:
        self.not_kept = {row[0] for row in connection.execute("select id from home where not keeps")}
        self._consent_at = tick

    def _ask(self, connection: Connection, names: list[str], tick: float) -> None:
        self._strangers = {name: at for name, at in self._strangers.items() if tick - at < ASK_AGAIN_S}
        for name in names:
            self.gateways.pop(name, None)
        given = {"names": names, "own": GATEWAY_SENSOR}
        connection.execute(sql(__file__, "add_own_sensors"), given)
        rows = connection.execute(sql(__file__, "find_gateways"), given).fetchall()
        for (name, gateway_id, home_id, is_ahead), found in groupby(rows, key=lambda row: row[:4]):
            sensors = [row[4:] for row in found]
            if is_ahead:
                self.ahead.add(gateway_id)
            self.gateways[name] = Gateway(
                gateway_id,
                name,
                home_id,
                names=self._shared(tuple(sensor for sensor, *_ in sensors)),
                ids=array("i", [sensor_id for _, sensor_id, *_ in sensors]),
                homes=array("i", [home for _, _, home, *_ in sensors]),
                spots=self._shared(tuple(self._shared((place, role)) for *_, place, role in sensors)),
                asked_at=tick,
            )
        self._ask_consent(connection, tick)  # among them may be a home that is new
        self._strangers |= {name: tick for name in names if name not in self.gateways}
