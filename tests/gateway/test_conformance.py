"""Our own gateway keeps the contract: the test that other makers run has nothing to say against it."""

from gateway.clock import Clock
from simulators.broker import Broker
from simulators.conformance.main import report
from simulators.conformance.verdicts import Outcome
from tests.gateway.conftest import Start
from tests.gateway.wire import Wire, until
from tests.simulators.test_conformance import WAIT_S, played, with_outcome


def test_our_own_gateway_passes_every_point(broker: Broker, home_broker: Broker, start_gateway: Start) -> None:
    clock = Clock.parse(f"2026-03-02T07:30:00Z@{Clock().now().timestamp()}x60")
    home = Wire(home_broker)

    def begin() -> None:
        home.publish("zigbee2mqtt/bridge/state", {"state": "online"}, retain=True)
        log = start_gateway(HEARTH_CLOCK=str(clock)).log
        until(lambda: log.read_text().count("link_up") == 2)
        for contact in (True, False, True):
            home.publish("zigbee2mqtt/front", {"contact": contact})

    judged = played(broker, clock, begin, patience_s=WAIT_S, config_s=8)
    home.close()
    assert with_outcome(judged, Outcome.FAIL) == set(), report("gw-1", judged)
    assert with_outcome(judged, Outcome.NOT_TRIED) == set(), report("gw-1", judged)
    assert with_outcome(judged, Outcome.NOT_OFFERED) == set(), report("gw-1", judged)
