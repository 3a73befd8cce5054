"""The line to the broker: hears all that the gateway says, tells it things, and can cut its line."""

import contextlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from paho.mqtt.client import Client, ConnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode
from paho.mqtt.subscribeoptions import SubscribeOptions

ANSWERS_WITHIN_S = 10.0
LOOK_EVERY_S = 0.1
GREETS_WITHIN_S = 0.3
THROWN_WITHIN_S = 2.0


class NoBrokerError(Exception):
    """The broker cannot be reached, or does not let us in; the message says which."""


@dataclass(frozen=True, slots=True)
class Way:
    """How to reach the broker, as the server."""

    host: str
    port: int
    user: str | None = None
    password: str | None = None
    ca: str | None = None


@dataclass(frozen=True, slots=True)
class Heard:
    """One message, and when it came. `retained`: as it was published."""

    topic: str
    payload: bytes
    retained: bool
    qos: int
    at: datetime


class Ear:
    """Everything under one gateway's topics, but what we say ourselves."""

    def __init__(self, way: Way, gateway: str, now: Callable[[], datetime]) -> None:
        self.way = way
        self.heard: list[Heard] = []
        self._now = now
        self._ready = threading.Event()
        self._refused = ""
        self._thrown: set[bytes] = set()
        self._topics = f"hearth/1/{gateway}/#"
        self._client = _client(way, "")
        self._client.on_connect = self._on_connect
        self._client.on_subscribe = lambda *_: self._ready.set()
        self._client.on_message = self._on_message
        _connect(self._client, way)
        self._client.loop_start()
        if not self._ready.wait(ANSWERS_WITHIN_S) or self._refused:
            self.close()
            raise NoBrokerError(self._refused or "the broker does not answer")
        time.sleep(GREETS_WITHIN_S)
        self.greeted = len(self.heard)
        """So many messages the broker had kept for us."""

    def _on_connect(
        self, client: Client, _data: object, _flags: ConnectFlags, reason: ReasonCode, _more: Properties | None
    ) -> None:
        if reason.is_failure:
            self._refused = f"the broker does not let us in: {reason}"
            self._ready.set()
        else:
            client.subscribe(self._topics, options=SubscribeOptions(qos=1, noLocal=True, retainAsPublished=True))

    def _on_message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        if message.payload in self._thrown:
            return
        self.heard.append(Heard(message.topic, bytes(message.payload), message.retain, message.qos, self._now()))

    def tell(self, topic: str, payload: bytes, *, retain: bool = False) -> None:
        """Publish as the server does, and wait until the broker has it."""
        self.until(self._client.is_connected, ANSWERS_WITHIN_S)
        told = self._client.publish(topic, payload, qos=1, retain=retain)
        with contextlib.suppress(RuntimeError):  # the line is gone again: paho tells it when it is back
            told.wait_for_publish(ANSWERS_WITHIN_S)

    def throw(self, topic: str, payload: bytes) -> None:
        """Publish what a broker may not take, on a line of its own: it ends the line of whoever sends too much."""
        self._thrown.add(payload)
        thrower = _client(self.way, "", again=False)
        there = threading.Event()
        thrower.on_connect = lambda *_: there.set()
        _connect(thrower, self.way)
        thrower.loop_start()
        there.wait(ANSWERS_WITHIN_S)
        with contextlib.suppress(RuntimeError):
            thrower.publish(topic, payload, qos=1).wait_for_publish(THROWN_WITHIN_S)
        thrower.disconnect()
        thrower.loop_stop()

    def until(self, true: Callable[[], bool], seconds: float) -> bool:
        """Whether it became true within so many seconds."""
        deadline = time.monotonic() + seconds
        while not true():
            if time.monotonic() > deadline:
                return False
            time.sleep(LOOK_EVERY_S)
        return True

    def cut(self, client_id: str) -> None:
        """Take the gateway's place for a moment: the broker then ends its connection, as a fault of the line would."""
        twin = _client(self.way, client_id)
        there = threading.Event()
        twin.on_connect = lambda *_: there.set()
        _connect(twin, self.way)
        twin.loop_start()
        there.wait(ANSWERS_WITHIN_S)
        twin.disconnect()
        twin.loop_stop()

    def close(self) -> None:
        self._client.disconnect()
        self._client.loop_stop()


def _client(way: Way, client_id: str, *, again: bool = True) -> Client:
    client = Client(
        CallbackAPIVersion.VERSION2,
        client_id=client_id,
        protocol=MQTTProtocolVersion.MQTTv5,
        reconnect_on_failure=again,
    )
    if way.user is not None:
        client.username_pw_set(way.user, way.password)
    if way.ca is not None:
        client.tls_set(ca_certs=way.ca)
    return client


def _connect(client: Client, way: Way) -> None:
    try:
        client.connect(way.host, way.port)
    except OSError as error:
        raise NoBrokerError(f"{way.host}:{way.port} cannot be reached: {error}") from error
