"""Server-sent events: one connection listens to the database for all open pages.

A page hears "home 7 changed" and fetches its fragment again: no facts travel here, so a
lost or repeated event costs nothing. After a loss of the database everybody is told that
everything may have changed.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field

import psycopg
from psycopg import sql as compose
from starlette.concurrency import run_in_threadpool

from gateway.log import about
from ingest.database import CHANGED

log = logging.getLogger(__name__)

MAX_STREAMS_A_PERSON = 6
BEAT_S = 15.0
"""How often an idle stream says that it lives, and asks whether its session does."""
GATHER_S = 1.0
"""What changes within this time goes out together; pages wait less than this before they fetch."""
RETRY_S = 1.0

StillHears = Callable[[frozenset[int] | None], list[int] | None]
"""Given changed homes (None: all), those this session may see; None when the session is over."""


@dataclass(eq=False, slots=True)
class Ear:
    """One open stream."""

    person_id: int
    woken: asyncio.Event = field(default_factory=asyncio.Event)
    changed: set[int] = field(default_factory=set)
    everything: bool = True
    """A new stream is told so at once: something may have changed since its page was drawn, or while it was cut off."""

    def hear(self, homes: Iterable[int] | None) -> None:
        if homes is None:
            self.everything = True
        else:
            self.changed.update(homes)
        self.woken.set()

    def take(self) -> frozenset[int] | None:
        """What was heard since the last time; None means everything."""
        heard = None if self.everything else frozenset(self.changed)
        self.everything = False
        self.changed.clear()
        self.woken.clear()
        return heard


class Hub:
    """Listens once and wakes the streams. Lives on the server's event loop only."""

    def __init__(self, url: str, beat_s: float = BEAT_S) -> None:
        self._url = url
        self._beat_s = beat_s
        self._ears: set[Ear] = set()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._listen_for_ever())

    async def stop(self) -> None:
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    def open_ear(self, person_id: int) -> Ear | None:
        """A new stream's ear, or None when this person has too many open."""
        if sum(ear.person_id == person_id for ear in self._ears) >= MAX_STREAMS_A_PERSON:
            return None
        ear = Ear(person_id)
        self._ears.add(ear)
        return ear

    async def events(self, ear: Ear, still_hears: StillHears) -> AsyncIterator[str]:
        """The stream: `changed`, `home-7` and beats, until the session ends or the page closes."""
        try:
            yield ": open\n\n"
            while True:
                if not ear.everything:
                    await _wait(ear.woken, self._beat_s)
                heard = ear.take()
                try:
                    homes = await run_in_threadpool(still_hears, heard)
                except psycopg.Error:
                    ear.hear(heard)  # told once the database answers again
                    yield ": beat\n\n"
                    await asyncio.sleep(RETRY_S)
                    continue
                if homes is None:
                    yield _event("ended")
                    return
                yield "".join(map(_event, ("changed", *(f"home-{home}" for home in homes)))) if homes else ": beat\n\n"
                await asyncio.sleep(GATHER_S)
        finally:
            self._ears.discard(ear)

    async def _listen_for_ever(self) -> None:
        while True:
            try:
                await self._listen()
            except psycopg.Error as error:
                about_it = about("listener_lost", error=type(error).__name__)
                log.warning("Lost the connection that tells open pages of changes", extra=about_it)
            await asyncio.sleep(RETRY_S)

    async def _listen(self) -> None:
        connection = await psycopg.AsyncConnection.connect(
            self._url, autocommit=True, connect_timeout=5, keepalives_idle=10, keepalives_interval=5
        )
        async with connection:
            await connection.execute(compose.SQL("listen {}").format(compose.Identifier(CHANGED)))
            self._tell(None)
            async for notice in connection.notifies():
                if notice.payload.isdigit():
                    self._tell((int(notice.payload),))

    def _tell(self, homes: Iterable[int] | None) -> None:
        for ear in self._ears:
            ear.hear(homes)


async def _wait(woken: asyncio.Event, seconds: float) -> None:
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(woken.wait(), seconds)


def _event(name: str) -> str:
    return f"event: {name}\ndata: \n\n"
