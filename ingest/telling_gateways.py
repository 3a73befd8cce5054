"""Publishes configs, pictures and commands to gateways, from any worker: each is claimed by a lease.

A config is retained, so the broker's word is enough; that it is in force is what the gateway
confirms in its status, and until it does the config is published again now and then (a broker
that lost its disk has forgotten it). Pictures, sounds and commands are not retained: they count
as sent only when the broker says that the gateway was there to take them.
"""

import logging
import queue
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import psycopg
from psycopg import Connection

from gateway.clock import Clock
from gateway.config import Command, Do
from gateway.link import Acknowledged, Address, Down, Event, Link, Session, Terms, Up
from gateway.log import about
from gateway.messages import Leaf, topic
from gateway.tls import context
from ingest.configuring import CONFIG
from ingest.database import connect, sql
from ingest.settings import IngestSettings

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=30)
PATIENCE_S = 10.0
LOOK_EVERY_S = 1.0
AT_ONCE = 20
LONGEST_PAUSE_S = 15.0
REFUSED = 0x80
NOBODY_LISTENS = 0x10


@dataclass(frozen=True, slots=True)
class Letter:
    """Something to publish. `id`: of its row."""

    id: int
    gateway: str
    leaf: Leaf
    payload: bytes
    retain: bool = False


class TellingGateways:
    """One thread; `start` and `stop`."""

    def __init__(self, settings: IngestSettings, clock: Clock) -> None:
        self._url = settings.database_url.get_secret_value()
        self._clock = clock
        self._events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._link = Link("The broker, for configs", _address(settings), Terms(()), self._events.put)
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="telling gateways", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopping.set()
        self._thread.join(5)

    def _run(self) -> None:
        """Whatever fails, begin again; readings never wait for it."""
        pause_s = LOOK_EVERY_S
        while not self._stopping.is_set():
            try:
                with connect(self._url, autocommit=True) as connection:
                    connection.execute(f"listen {CONFIG}")
                    self._serve(connection)
            except psycopg.Error as error:
                log.warning("The database failed", extra=about("database_failed", error=type(error).__name__))
            except Exception:  # what one config holds must not stop the others for ever
                log.exception("Telling gateways failed", extra=about("telling_gateways_failed"))
            self._stopping.wait(pause_s)
            pause_s = min(2 * pause_s, LONGEST_PAUSE_S)
        self._link.close()

    def _serve(self, connection: Connection) -> None:
        while not self._stopping.is_set():
            self._follow_link()
            if self._link.is_up and self._link.session is not None:
                self._tell(connection, self._link.session, self._clock.now())
            for _ in connection.notifies(timeout=LOOK_EVERY_S, stop_after=1):
                pass

    def _follow_link(self) -> None:
        """What has happened to the connection since we looked last."""
        wall = time.monotonic()
        while not self._events.empty():
            event = self._events.get()
            if isinstance(event, Up | Down):
                self._link.took(event, wall)
        self._link.tick(wall)

    def _tell(self, connection: Connection, session: Session, now: datetime) -> None:
        values = {"now": now, "until": now + LEASE, "most": AT_ONCE}
        self._tell_configs(connection, session, values)
        rows = connection.execute(sql(__file__, "claim_assets"), values).fetchall()
        self._publish(session, [Letter(row[0], row[1], "assets", bytes(row[2])) for row in rows], NOBODY_LISTENS)
        rows = connection.execute(sql(__file__, "claim_commands"), values).fetchall()
        if rows:
            taken = self._publish(session, [_command(row) for row in rows], NOBODY_LISTENS)
            connection.execute(sql(__file__, "note_sent"), {"ids": sorted(taken), "now": now})

    def _tell_configs(self, connection: Connection, session: Session, values: dict[str, object]) -> None:
        rows = connection.execute(sql(__file__, "claim_configs"), values).fetchall()
        if not rows:
            return
        letters = [Letter(row[0], row[1], "config", row[2].encode(), retain=True) for row in rows]
        taken = self._publish(session, letters, REFUSED)
        versions = {row[0]: row[3] for row in rows if row[0] in taken}
        given = {"ids": list(versions), "versions": list(versions.values()), "now": values["now"]}
        connection.execute(sql(__file__, "note_published"), given)
        log.info("Published configs", extra=about("configs_published", count=len(taken)))

    def _publish(self, session: Session, letters: Iterable[Letter], too_bad: int) -> set[int]:
        """Publish, wait for the broker's word, and give the ids of those it took with a code below `too_bad`."""
        waiting = {
            session.publish(topic(one.gateway, one.leaf), one.payload, retain=one.retain): one for one in letters
        }
        taken: set[int] = set()
        deadline = time.monotonic() + PATIENCE_S
        while waiting and not self._stopping.is_set() and time.monotonic() < deadline:
            try:
                event = self._events.get(timeout=0.2)
            except queue.Empty:
                continue
            if isinstance(event, Acknowledged) and event.session is session and event.mid in waiting:
                letter = waiting.pop(event.mid)
                taken |= {letter.id} if event.code < too_bad else set()
            elif isinstance(event, Up | Down):
                self._link.took(event, time.monotonic())
                if isinstance(event, Down):
                    break
        return taken


def _command(row: tuple[Any, ...]) -> Letter:
    command_id, gateway, do, reminder_id, at, expires_at = row
    command = Command(id=f"c{command_id}", do=Do(do), at=at, expires_at=expires_at, reminder=reminder_id)
    return Letter(command_id, gateway, "commands", command.model_dump_json(exclude_none=True).encode())


def _address(settings: IngestSettings) -> Address:
    password = settings.broker_password
    return Address(
        settings.broker_host,
        settings.broker_port,
        client_id=f"{settings.worker}-telling",
        user=settings.broker_user if password else None,
        password=password.get_secret_value() if password else None,
        tls=context(settings, settings.broker_host),
    )
