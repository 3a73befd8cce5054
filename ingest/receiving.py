"""The worker's side of the broker: one thread that owns the MQTT client.

It only moves messages: what comes in goes to a queue, and what was saved is acknowledged.
No other thread touches the client, so an acknowledgement can never slip into a later
connection, where its number would stand for another message that is not saved.

The client is driven by hand (paho's loop_read and loop_write), because its own thread
wakes up for every single packet.
"""

import contextlib
import logging
import select
import socket
import threading
import time
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from queue import SimpleQueue

import paho.mqtt.client as mqtt
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

from gateway.clock import Clock
from gateway.log import about
from gateway.messages import MAX_MESSAGE_BYTES, Stored, topic
from gateway.tls import context
from ingest.arrivals import Arrived
from ingest.client import FastClient
from ingest.saving import StoredUpTo
from ingest.settings import IngestSettings

READINGS = f"$share/ingest/{topic('+', 'readings')}"
STATUS = topic("+", "status")
DEVICES = topic("+", "devices")
"""These are not shared: the broker repeats retained messages only to a subscription of one's own,
and writing the same twice changes nothing."""

SESSION_S = 30 * 24 * 3600
KEEPALIVE_S = 30
MOST_UNSAVED_BYTES = 32 * 1024 * 1024
"""Beyond this the worker stops reading until it has saved; the broker keeps the rest."""
TELL_AFTER_S = 0.25
"""While messages pour in, a gateway is told what is stored once in so long, not after each batch."""
MOST_UNHEARD = 1000
"""Messages of ours that the broker has not acknowledged yet, if it allows so many."""
FIRST_WAIT_S, LONGEST_WAIT_S = 0.1, 5.0

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Done:
    """A batch that is committed: acknowledge it, and tell the gateways."""

    batch: Sequence[Arrived]
    stored: Sequence[StoredUpTo]


@dataclass(slots=True)
class _Counts:
    unsaved: int = 0
    unsaved_bytes: int = 0


class Receiver:
    """Connects, reconnects, receives into `arrived`, acknowledges what `done` is given."""

    def __init__(self, settings: IngestSettings, clock: Clock) -> None:
        self.arrived: SimpleQueue[list[Arrived]] = SimpleQueue()
        self._settings = settings
        self._clock = clock
        self._now = clock.now()
        self._burst: list[Arrived] = []
        self._done: deque[Done] = deque()
        self._to_tell: dict[tuple[str, str], int] = {}
        self._tell_at = 0.0
        self._unheard: dict[int, StoredUpTo] = {}
        self._most_unheard = MOST_UNHEARD
        self._counts = _Counts()
        self._connection = 0
        self._wait_s = FIRST_WAIT_S
        self._stopping = threading.Event()
        self._wake_reader, self._wake_writer = socket.socketpair()
        self._wake_reader.settimeout(0)
        self._wake_writer.settimeout(0)
        self._client = self._make_client()
        self._thread = threading.Thread(target=self._run, name="receiving", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Acknowledge what is done and leave the broker in order; it keeps what is not done."""
        self._stopping.set()
        self._wake()
        self._thread.join(5)

    def done(self, done: Done) -> None:
        """A batch is committed. Called by the saving thread."""
        self._done.append(done)
        self._wake()

    def _wake(self) -> None:
        with contextlib.suppress(BlockingIOError):  # it is full of wakes already
            self._wake_writer.send(b"x")

    def _make_client(self) -> FastClient:
        settings = self._settings
        client = FastClient(settings.worker, self._on_arriving, self._on_taken, MAX_MESSAGE_BYTES)
        if settings.broker_password is not None:
            client.username_pw_set(settings.broker_user, settings.broker_password.get_secret_value())
        tls = context(settings, settings.broker_host)
        if tls is not None:
            client.tls_set_context(tls)
        client.on_connect = self._on_connect
        client.on_disconnect = self._on_disconnect
        return client

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                self._turn()
            except Exception:  # whatever it is, the thread must not die: begin with a new connection
                log.exception("Receiving failed", extra=about("receiving_failed"))
                with contextlib.suppress(Exception):
                    self._client.leave()
                self._pause()
        self._take_done()
        self._tell(time.monotonic())
        self._client.leave()

    def _turn(self) -> None:
        """Wait until something can be done, and do it."""
        connected = self._client.socket()
        if connected is None:
            self._connect()
            return
        full = self._counts.unsaved_bytes > MOST_UNSAVED_BYTES
        reads = [self._wake_reader] if full else [connected, self._wake_reader]
        writes = [connected] if self._client.want_write() else []
        readable, _, _ = select.select(reads, writes, [], TELL_AFTER_S if self._to_tell else 1.0)
        if connected in readable:
            self._read()
        if self._wake_reader in readable:
            self._wake_reader.recv(4096)
        self._take_done()
        if self._to_tell and (not self._counts.unsaved or time.monotonic() >= self._tell_at):
            self._tell(time.monotonic())
        if self._client.want_write():
            self._client.loop_write()
        self._client.loop_misc()

    def _read(self) -> None:
        """Read what is there, and hand over the messages in it together."""
        self._now = self._clock.now()
        self._client.loop_read()
        burst, self._burst = self._burst, []
        if burst:
            self._counts.unsaved += len(burst)
            self._counts.unsaved_bytes += sum(len(arrived.payload) for arrived in burst)
            self.arrived.put(burst)

    def _take_done(self) -> None:
        while self._done:
            done = self._done.popleft()
            self._counts.unsaved -= len(done.batch)
            self._counts.unsaved_bytes -= sum(len(arrived.payload) for arrived in done.batch)
            ours = self._connection
            self._client.acknowledge([found.mid for found in done.batch if found.connection == ours and found.mid])
            self._will_tell(done.stored)

    def _will_tell(self, news: Iterable[StoredUpTo]) -> None:
        for stored in news:
            key = (stored.gateway, stored.boot)
            self._to_tell[key] = max(stored.seq, self._to_tell.get(key, 0))

    def _tell(self, tick: float) -> None:
        """Tell some gateways what is stored; the rest when the broker has taken these."""
        if not self._client.is_connected():
            return
        while self._to_tell and len(self._unheard) < self._most_unheard:
            (gateway, boot), seq = self._to_tell.popitem()
            payload = Stored(boot=boot, seq=seq).model_dump_json().encode()
            self._unheard[self._client.send(topic(gateway, "stored"), payload)] = StoredUpTo(gateway, boot, seq)
        if not self._to_tell:
            self._tell_at = tick + TELL_AFTER_S

    def _connect(self) -> None:
        settings = self._settings
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = SESSION_S
        properties.ReceiveMaximum = min(65_535, 2 * settings.batch)
        self._client.begin()
        try:
            self._client.connect(
                settings.broker_host, settings.broker_port, KEEPALIVE_S, clean_start=False, properties=properties
            )
        except OSError as error:
            log.warning("Cannot reach the broker", extra=about("broker_unreachable", error=type(error).__name__))
            self._pause()

    def _pause(self) -> None:
        self._stopping.wait(self._wait_s)
        self._wait_s = min(2 * self._wait_s, LONGEST_WAIT_S)

    def _on_connect(
        self, client: mqtt.Client, _data: object, _flags: object, reason: ReasonCode, properties: Properties | None
    ) -> None:
        if reason.is_failure:
            log.error("The broker refused us", extra=about("broker_refused", reason=reason.getName()))
            return
        self._connection += 1
        self._wait_s = FIRST_WAIT_S
        self._most_unheard = min(MOST_UNHEARD, getattr(properties, "ReceiveMaximum", MOST_UNHEARD))
        client.subscribe([(name, SubscribeOptions(qos=1)) for name in (READINGS, STATUS, DEVICES)])
        log.info("Connected to the broker", extra=about("broker_connected", connection=self._connection))

    def _on_disconnect(
        self, _client: mqtt.Client, _data: object, _flags: object, reason: ReasonCode, _properties: object
    ) -> None:
        unheard, self._unheard = self._unheard, {}
        self._will_tell(unheard.values())
        if not self._stopping.is_set():
            log.warning("Lost the broker", extra=about("broker_lost", reason=reason.getName()))
            self._pause()

    def _on_taken(self, mid: int) -> None:
        self._unheard.pop(mid, None)

    def _on_arriving(self, name: str, payload: bytes, mid: int) -> None:
        self._burst.append(Arrived(name, payload, self._now, mid, self._connection))
