"""The seam to whatever carries a message: what is sent, every way it can end, and which route is taken.

A route is a phone company, a mail server or another system. Where there are two for the same
channel the second takes over while the first is sick.
"""

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from alerts.telling.climbing import By


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to hand over. Of `phone`, `email` and `url` there is what the person or endpoint has."""

    id: int
    channel: By
    body: str
    attempts: int
    created_at: datetime
    urgent: bool
    purpose: str
    alert_id: int | None = None
    code: str | None = None
    phone: str | None = None
    email: str | None = None
    url: str | None = None
    secret: str | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The other side has it, under this id. `final`: there will be no word about it, and none is needed."""

    sid: str
    final: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """The other side certainly does not have it."""

    code: int | None
    http_status: int


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may be out. `why` is a stable word for the log."""

    why: str


Answer = Accepted | Refused | Unknown


@dataclass(frozen=True, slots=True)
class Seen:
    """A message as the other side lists it. `status` is Twilio's word, or one put in its place."""

    sid: str
    status: str
    body: str
    from_number: str
    to_number: str
    error_code: int | None
    direction: str
    created_at: datetime | None


class NotAnswered(Exception):  # noqa: N818 - the name says what happened
    """A look-up failed; nothing was changed by it. Try again later.

    `is_missing`: the other side answered that there is no such thing.
    """

    def __init__(self, why: str, *, is_missing: bool = False) -> None:
        super().__init__(why)
        self.is_missing = is_missing


class Route(Protocol):
    """What the sender needs of whoever carries a message."""

    @property
    def name(self) -> str:
        """Stable; kept with the message."""

    def send(self, out: Outgoing, /) -> Answer: ...

    def candidates(self, out: Outgoing, since: datetime, /) -> list[Seen]:
        """What the other side has that may be this message. Raises NotAnswered."""

    def ask(self, sid: str, /) -> Seen | None:
        """What became of it; None where the other side does not know it. Raises NotAnswered."""


SICK_AFTER = 3
"""Failures in a row that make a route sick."""


@dataclass(slots=True)
class Health:
    """Which routes are sick; shared by all senders of a process."""

    rest: timedelta = timedelta(minutes=1)
    """So long a sick route is left alone before it is tried with one message."""
    failures: dict[str, int] = field(default_factory=dict)
    until: dict[str, datetime] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def heard(self, route: str, answer: Answer, now: datetime) -> None:
        ill = isinstance(answer, Unknown) or (isinstance(answer, Refused) and answer.http_status in (401, 403, 404))
        with self.lock:
            self.failures[route] = self.failures.get(route, 0) + 1 if ill else 0
            if self.failures[route] >= SICK_AFTER:
                self.until[route] = now + self.rest

    def is_well(self, route: str, now: datetime) -> bool:
        """Or may be tried again. Asking changes nothing, for often there is no message to try it with."""
        with self.lock:
            return self.failures.get(route, 0) < SICK_AFTER or now >= self.until[route]

    def tries(self, route: str, now: datetime) -> None:
        """A message goes there now; where it is sick the others go on sparing it until what came of it is known."""
        with self.lock:
            if self.failures.get(route, 0) >= SICK_AFTER:
                self.until[route] = now + self.rest


class Routes:
    """The routes of each channel, the first choice first. One for each thread; they share the health."""

    def __init__(self, routes: Mapping[By, Sequence[Route]], health: Health | None = None) -> None:
        self._routes = routes
        self._by_name = {route.name: route for some in routes.values() for route in some}
        self._health = health or Health()

    def choose(self, now: datetime) -> dict[str, str | None]:
        """The route of each channel as of now; None where there is none."""
        return {channel.value: self._choice(channel, now) for channel in By}

    def send(self, provider: str | None, out: Outgoing, now: datetime) -> Answer:
        route = self._by_name.get(provider or "")
        if route is None:
            return Refused(None, 0)
        self._health.tries(route.name, now)
        answer = route.send(out)
        self._health.heard(route.name, answer, now)
        return answer

    def not_answered(self, provider: str | None, now: datetime) -> None:
        """A look-up there failed."""
        route = self.of(provider)
        if route is not None:
            self._health.heard(route.name, Unknown("not_answered"), now)

    def has_better(self, channel: By, provider: str | None, now: datetime) -> bool:
        """Whether another route of this channel is well."""
        return any(
            route.name != provider and self._health.is_well(route.name, now) for route in self._routes.get(channel, ())
        )

    def of(self, provider: str | None) -> Route | None:
        """The route that took a message, or where none is written down the first choice for texts."""
        first = next(iter(self._routes.get(By.SMS, ())), None)
        return self._by_name.get(provider, None) if provider else first

    def _choice(self, channel: By, now: datetime) -> str | None:
        some = self._routes.get(channel, ())
        if len(some) < 2:
            return some[0].name if some else None
        return next((route.name for route in some if self._health.is_well(route.name, now)), some[0].name)
