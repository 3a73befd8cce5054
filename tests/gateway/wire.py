"""A client of the tests on a real broker: what it was told, and how to wait for it."""

import json
import threading
import time
from collections.abc import Callable
from typing import Any

from paho.mqtt.client import Client, ConnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from gateway.messages import Envelope, Kind, Stored, topic
from simulators.broker import Broker

PATIENCE_S = 20


def until(true: Callable[[], Any], seconds: float = PATIENCE_S) -> None:
    """Wait for it, at most so long."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


class Wire:
    """Connected with MQTT 5; keeps messages and the reason code of each of its publishes."""

    def __init__(self, broker: Broker, user: str | None = None, password: str | None = None) -> None:
        self.messages: list[tuple[str, bytes, bool]] = []
        self.reasons: dict[int, int] = {}
        self.granted: list[int] = []
        self.connected = threading.Event()
        self.client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5)
        self.client.username_pw_set(user or "nobody", password)
        if broker.certificates:
            self.client.tls_set(str(broker.certificates.ca))
        self.client.reconnect_delay_set(1, 1)
        self.client.on_connect = self._on_connect
        self.client.on_message = self._on_message
        self.client.on_publish = lambda _c, _d, mid, reason, _p: self.reasons.__setitem__(mid, reason.value)
        self.client.on_subscribe = lambda _c, _d, _m, reasons, _p: self.granted.extend(one.value for one in reasons)
        self.topics: list[str] = []
        self.client.connect("127.0.0.1", broker.port)
        self.client.loop_start()
        assert self.connected.wait(PATIENCE_S)

    def _on_connect(
        self, client: Client, _data: object, _flags: ConnectFlags, reason: ReasonCode, _more: Properties | None
    ) -> None:
        if not reason.is_failure:
            for name in self.topics:
                client.subscribe(name, 1)
            self.connected.set()

    def _on_message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        self.messages.append((message.topic, bytes(message.payload), message.retain))
        self.heard(message.topic, bytes(message.payload))

    def heard(self, topic_name: str, payload: bytes) -> None:
        """For those who answer."""

    def subscribe(self, name: str) -> int:
        """The reason code of the SUBACK."""
        self.topics.append(name)
        before = len(self.granted)
        self.client.subscribe(name, 1)
        until(lambda: len(self.granted) > before)
        return self.granted[-1]

    def publish(self, name: str, payload: object, *, retain: bool = False) -> int:
        """The reason code of the PUBACK."""
        raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        mid = self.client.publish(name, raw, qos=1, retain=retain).mid
        until(lambda: mid in self.reasons)
        return self.reasons[mid]

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


class Ingest(Wire):
    """Stands where the ingest will: remembers each key and answers "stored"."""

    def __init__(self, broker: Broker, gateway: str = "gw-1", *, answers: bool = True) -> None:
        self.gateway = gateway
        self.answers = answers
        self.keys: dict[tuple[str, int], tuple[str, str, float]] = {}
        self.twice = 0
        super().__init__(broker, "ingest", "pw-ingest")
        self.subscribe(topic(gateway, "readings"))

    def heard(self, topic_name: str, payload: bytes) -> None:
        if topic_name != topic(self.gateway, "readings"):
            return
        envelope = Envelope.model_validate_json(payload)
        for one in envelope.readings:
            key = (envelope.boot, one.seq)
            fact = (one.sensor, one.kind.value, one.value)
            assert self.keys.setdefault(key, fact) == fact, "one key, one reading"
        if self.answers:
            self.answer(envelope.boot)

    def answer(self, boot: str) -> None:
        numbers = {seq for name, seq in self.keys if name == boot}
        highest = next(seq for seq in range(1, len(numbers) + 2) if seq not in numbers) - 1
        self.client.publish(topic(self.gateway, "stored"), Stored(boot=boot, seq=highest).model_dump_json(), qos=1)

    def values(self, sensor: str) -> list[float]:
        return sorted(value for name, _, value in self.keys.values() if name == sensor)


def contacts(ingest: Ingest, prefix: str = "door") -> list[str]:
    return [name for name, kind, _ in list(ingest.keys.values()) if kind == Kind.CONTACT and name.startswith(prefix)]
