"""A gateway in the test's own process, turned by hand, so that its disk and its clock can be taken away."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from gateway.adapters.integrations import Every, Setup
from gateway.clock import Clock
from gateway.link import Address
from gateway.outbox import Outbox
from gateway.service import Service
from gateway.timekeeping import steady_seconds
from simulators.broker import Broker
from tests.conftest import PASSWORDS
from tests.gateway.wire import until


class Driven:
    """A gateway in this process, turned by hand, so that its disk can be taken away."""

    def __init__(self, broker: Broker, home: Broker, path: Path) -> None:
        self.outbox = Outbox(path)
        adapter = Every(("zigbee2mqtt",), Setup())
        self.service = Service("gw-1", Clock(), self.outbox, adapter, timedelta(seconds=300))
        self.service.connect(
            Address("127.0.0.1", broker.port, "gw-1", user="gw-1", password=PASSWORDS["gw-1"]),
            Address("127.0.0.1", home.port, "hearthlight-gw-1"),
        )

    def turn(self) -> None:
        self.service._round(self.service._gather(), Clock().now(), steady_seconds())

    def until(self, true: Callable[[], object], seconds: float = 30) -> None:
        def turned() -> object:
            self.turn()
            return true()

        until(turned, seconds)

    def take_disk(self, how: str) -> None:
        pages = self.outbox._file.one("pragma page_count")
        self.outbox._db.execute(how.format(pages=pages))
