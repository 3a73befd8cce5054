"""One broker, reached again and again: the only file that speaks to paho.

Each connection is a Session of its own, with a client of its own, and is thrown away
when it ends: so nothing that belonged to an old connection (message ids to acknowledge,
a queue in memory) can reach a new one. The callbacks run in paho's thread; they put an
event into a queue and return.
"""

import logging
import random
import socket
import sys
import threading

from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, LogLevel, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from gateway.health import Problem
from gateway.link_events import Acknowledged, Address, Came, Down, Emit, Event, Terms, Up
from gateway.log import about
from gateway.refusals import problem_of_code, problem_of_error, problem_of_words

__all__ = ["Acknowledged", "Address", "Came", "Down", "Event", "Link", "Session", "Terms", "Up", "back_off"]

log = logging.getLogger(__name__)

KEEPALIVE_S = 20
RECEIVE_AT_ONCE = 500
"""Unacknowledged messages that a broker may send; its own default of 20 slows a batch down."""
SLOWEST_S = 60.0
REFUSED_S = 10.0
GIVES_UP_AFTER_S = 30.0
STEADY_S = 5.0


class Session:
    """One connection from its first byte to its last. Everything it has to say it emits."""

    def __init__(self, address: Address, terms: Terms, emit: Emit) -> None:
        self.terms = terms
        self.emit = emit
        self.over = False
        self._last_words = ""
        self.client = self._client(address)
        self.client.connect_async(
            address.host,
            address.port,
            keepalive=KEEPALIVE_S,
            clean_start=terms.keeps_s == 0,
            properties=_connect_properties(terms),
        )
        before = set(threading.enumerate())
        self.client.loop_start()
        started = [one for one in threading.enumerate() if one not in before]
        # Others may start theirs at this moment: paho's is named after the client.
        own = [one for one in started if one.name.endswith(f"client-{address.client_id}")]
        self._thread = next(iter(own or started), None)

    @property
    def died(self) -> bool:
        """Paho's thread has ended without a word, as it does when a broker sends what is not MQTT."""
        return not self.over and (self._thread is None or not self._thread.is_alive())

    def _client(self, address: Address) -> Client:
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=address.client_id,
            protocol=MQTTProtocolVersion.MQTTv5,
            reconnect_on_failure=False,
            manual_ack=self.terms.manual_ack,
        )
        client.suppress_exceptions = True  # our own never get that far; others must not end the thread
        if address.user is not None:
            client.username_pw_set(address.user, address.password)
        if address.tls is not None:
            client.tls_set_context(address.tls)
        if self.terms.will:
            topic, payload = self.terms.will
            client.will_set(topic, payload, qos=1, retain=True)
        client.max_inflight_messages_set(1000)  # how much is under way is limited by who publishes
        client.on_socket_open = _at_once
        client.on_connect = self._on_connect
        client.on_connect_fail = self._on_connect_fail
        client.on_disconnect = self._on_disconnect
        client.on_subscribe = self._on_subscribe
        client.on_message = self._on_message
        client.on_publish = self._on_publish
        client.on_log = self._on_log
        return client

    def _on_log(self, _client: Client, _data: object, level: int, text: str) -> None:
        """A broker that does not like our certificate says so after the handshake, and paho tells it nowhere else."""
        if level == LogLevel.MQTT_LOG_ERR:
            self._last_words = text

    def _on_connect(
        self, client: Client, _data: object, _flags: ConnectFlags, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        if reason.is_failure:
            self._end(reason.value, str(reason))
        elif self.terms.topics:
            client.subscribe([(topic, 1) for topic in self.terms.topics + self.terms.or_not])
        else:
            self.emit(Up(self))

    def _on_subscribe(
        self, _client: Client, _data: object, _mid: int, reasons: list[ReasonCode], _properties: Properties | None
    ) -> None:
        refused = next((reason for reason in reasons[: len(self.terms.topics)] if reason.is_failure), None)
        if refused is None:
            self.emit(Up(self))
        else:
            self._end(refused.value, str(refused))

    def _on_connect_fail(self, client: Client, _data: object) -> None:
        client.disconnect()  # ends paho's own attempts
        problem = problem_of_error(sys.exc_info()[1])  # paho calls this while it handles the error
        self._end(0, problem.replace("_", " ") if problem else "cannot be reached", problem)

    def _on_disconnect(
        self,
        _client: Client,
        _data: object,
        _flags: DisconnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        self._end(reason.value, str(reason))

    def _on_message(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        room = self.terms.waiting
        while room is not None and not room.acquire(timeout=0.5):
            if self.over:  # nobody will make room any more
                return
        try:
            topic = message.topic
        except UnicodeDecodeError:
            topic = ""
        self.emit(Came(self, topic, bytes(message.payload), message.retain, message.mid, message.qos))

    def _on_publish(
        self, _client: Client, _data: object, mid: int, reason: ReasonCode, _properties: Properties | None
    ) -> None:
        self.emit(Acknowledged(self, mid, reason.value))

    def _end(self, code: int, why: str, problem: Problem | None = None) -> None:
        if not self.over:
            self.over = True
            self.emit(Down(self, code, why, problem or problem_of_code(code) or problem_of_words(self._last_words)))

    def publish(self, topic: str, payload: bytes, *, retain: bool = False) -> int:
        """Hand over for sending; the message id that Acknowledged will name."""
        return self.client.publish(topic, payload, qos=1, retain=retain).mid

    def acknowledge(self, mid: int, qos: int) -> None:
        if not self.over and qos:
            self.client.ack(mid, qos)

    def close(self) -> None:
        """End it from our side. What is on its way still leaves, if the broker takes it at once."""
        self.over = True
        self.client.disconnect()

    def cut(self) -> None:
        """End it without waiting for anybody."""
        self.over = True
        self.client.disconnect()
        wire = self.client.socket()
        if isinstance(wire, socket.socket):
            try:
                wire.shutdown(socket.SHUT_RDWR)
            except OSError:
                log.debug("The connection was closed already")


class Link:
    """Keeps a Session up: back-off with jitter, never gives up. `tick` and `took` in one thread."""

    def __init__(self, name: str, address: Address, terms: Terms, emit: Emit) -> None:
        self.name = name
        self.address = address
        self.terms = terms
        self.emit = emit
        self.session: Session | None = None
        self.is_up = False
        self._tries = 0
        self._retry_at = 0.0
        self._since = 0.0
        self._said = ""

    def tick(self, wall: float) -> bool:
        """Connect if it is time to; True if the connection has just been given up. `wall`: monotonic seconds."""
        if self.session is None and wall >= self._retry_at:
            self._since = wall
            self.session = Session(self.address, self.terms, self.emit)
        elif self.session and not self.is_up and wall - self._since > GIVES_UP_AFTER_S:
            self._lost(0, "does not answer", wall)
            return True
        elif self.session and self.session.died:
            self._lost(0, "spoke nonsense", wall)
            return True
        return False

    def took(self, event: Up | Down, wall: float) -> bool:
        """Follow this event; False if it is about a connection of the past."""
        if event.session is not self.session:
            return False
        if isinstance(event, Up):
            self.is_up = True
            self._since = wall
            self._say("is connected", logging.INFO, "link_up")
        else:
            self._lost(event.code, event.why, wall, event.problem)
        return True

    def _lost(self, code: int, why: str, wall: float, problem: Problem | None = None) -> None:
        if self.session is not None:
            self.session.cut()
        if self.is_up and wall - self._since > STEADY_S:
            self._tries = 0
        self.session, self.is_up = None, False
        self._retry_at = wall + back_off(self._tries, code)
        self._tries += 1
        self._say(f"is not connected: {why}", logging.WARNING, problem or "link_down")

    def _say(self, what: str, level: int, word: str) -> None:
        """Each new state of things once, not each attempt."""
        if what != self._said:
            log.log(level, "%s %s", self.name, what, extra=about(word))
            self._said = what

    def close(self) -> None:
        if self.session is not None:
            self.session.close()
            self.session, self.is_up = None, False


def back_off(tries: int, code: int) -> float:
    """Seconds until the next attempt: 0.25 to 0.5 at first, at most a minute; slower where we are not let in."""
    longest = min(SLOWEST_S, 0.5 * 2.0 ** min(tries, 10))
    if code in (0x86, 0x87, 0x8A, 0x8E):  # bad user name or password, not authorized, banned; another has our name
        longest = max(REFUSED_S, longest)
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 (spreads gateways out, keeps no secret)


def _at_once(_client: Client, _data: object, wire: object) -> None:
    """Small messages leave at once; else each may wait 40 ms for the packet before it."""
    if isinstance(wire, socket.socket):
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _connect_properties(terms: Terms) -> Properties:
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
    properties.ReceiveMaximum = RECEIVE_AT_ONCE
    if terms.keeps_s:
        properties.SessionExpiryInterval = terms.keeps_s
    return properties
