"""A connection comes back, whatever the other side did to it."""

import queue
import socket
import threading
import time
from collections.abc import Iterator

import pytest

from gateway.link import Address, Came, Down, Event, Link, Session, Terms, Up
from simulators.broker import Broker
from tests.conftest import PASSWORDS
from tests.gateway.wire import Wire, until

CONNACK = bytes([0x20, 3, 0, 0, 0])


class Rude:
    """Something on a port that greets as a broker does, and then says this."""

    def __init__(self, then: bytes) -> None:
        self.then = then
        self.visits = 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                visitor, _ = self.listener.accept()
            except OSError:
                return
            self.visits += 1
            self._greet(visitor)

    def _greet(self, visitor: socket.socket) -> None:
        with visitor:
            visitor.settimeout(1)
            try:
                visitor.recv(4096)
                visitor.sendall(CONNACK + self.then)
                while visitor.recv(4096):
                    pass
            except OSError:
                return


NONSENSE = [
    b"\xff\xff\xff\xff\xff\xff",
    bytes([0x32, 4, 0xFF, 0xFF, 0, 0]),  # a topic longer than its message
    bytes([0x90, 1, 0]),  # a SUBACK that ends too soon
    bytes([0x40, 0]),
    b"HTTP/1.1 400 Bad Request\r\n\r\n",
    b"",
]


class Driver:
    """Turns a link's wheel, as the service does."""

    def __init__(self, address: Address, terms: Terms) -> None:
        self.events: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self.link = Link("The broker", address, terms, self.events.put)
        self.seen: list[Event] = []

    def turn(self) -> list[Event]:
        """Everything that has come until now."""
        wall = time.monotonic()
        while not self.events.empty():
            event = self.events.get()
            self.seen.append(event)
            if isinstance(event, Up | Down):
                self.link.took(event, wall)
        self.link.tick(wall)
        return self.seen

    def up(self) -> bool:
        self.turn()
        return self.link.is_up


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_a_broker_that_speaks_nonsense_is_tried_again(nonsense: bytes) -> None:
    rude = Rude(nonsense)
    driver = Driver(Address("127.0.0.1", rude.port, "gw-1"), Terms(()))

    def visited_again() -> bool:
        driver.turn()
        return rude.visits >= 3

    until(visited_again, 30)
    driver.link.close()
    rude.listener.close()


@pytest.fixture
def driver(broker: Broker) -> Iterator[Driver]:
    address = Address("127.0.0.1", broker.port, "gw-1", "gw-1", PASSWORDS["gw-1"])
    driver = Driver(address, Terms(("hearth/1/gw-1/stored",)))
    yield driver
    driver.link.close()


def test_a_broker_that_comes_late_and_goes_and_comes_again(driver: Driver, broker: Broker) -> None:
    broker.stop()
    until(driver.turn)
    broker.start()
    until(driver.up)
    broker.kill()
    until(lambda: not driver.up())
    broker.start()
    until(driver.up)


def test_a_gateway_that_is_let_in_later_gets_in(broker: Broker, caplog: pytest.LogCaptureFixture) -> None:
    late = Driver(Address("127.0.0.1", broker.port, "gw-9", "gw-9", "pw-gw-9"), Terms(()))
    until(late.turn)
    assert any(isinstance(event, Down) and event.code >= 0x80 for event in late.seen)
    broker.add({"gw-9": "pw-gw-9"})
    until(late.up, 30)
    assert sum("is not connected" in line for line in caplog.messages) == 1, "said once, in one sentence"
    late.link.close()


def test_news_of_an_old_connection_is_told_from_those_of_the_new_one(driver: Driver, broker: Broker) -> None:
    until(driver.up)
    old = driver.link.session
    assert isinstance(old, Session)
    broker.kill()
    broker.start()
    until(lambda: driver.up() and driver.link.session is not old)
    assert not driver.link.took(Down(old, 0, "late news"), time.monotonic())
    assert driver.link.is_up


def test_what_piles_up_waits_at_the_broker_and_not_in_our_memory(home_broker: Broker) -> None:
    room = threading.Semaphore(5)
    driver = Driver(Address("127.0.0.1", home_broker.port, "x"), Terms(("t",), waiting=room))
    until(driver.up)
    wire = Wire(home_broker)
    for _ in range(50):
        wire.publish("t", b"1")
    until(lambda: driver.events.qsize() >= 5)
    driver.turn()
    assert sum(isinstance(event, Came) for event in driver.seen) == 5
    for _ in range(45):
        room.release()
    until(lambda: sum(isinstance(event, Came) for event in driver.turn()) == 50)
    driver.link.close()
    wire.close()
