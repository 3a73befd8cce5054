"""A gateway of one's own at the demo: a code from the coordinator's page, and its readings are stored."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser

from simulators.broker import Broker
from tests.gateway.wire import Wire
from tests.journeys.test_newcomer import Demo, chromium, demo, pytestmark, sign_in
from tests.waiting import until

__all__ = ["chromium", "demo", "pytestmark"]

OURS = {name: value for name, value in os.environ.items() if not name.startswith("HEARTH_")}
COORDINATOR, NUMBER = "Nadia", "07700 900111"
SETTLED_S = 60


def test_a_gateway_set_up_with_a_code_gets_into_the_demo_and_is_seen_there(
    demo: Demo, chromium: Browser, home_broker: Broker, tmp_path: Path
) -> None:
    page = sign_in(chromium.new_context(), demo, COORDINATOR, NUMBER)
    page.get_by_role("heading", level=1).wait_for()
    gateways = f"{demo.pages}/homes/1/gateways"
    page.goto(gateways)
    page.get_by_role("button", name="Add a gateway").click()
    code = page.locator("#code").inner_text()
    home = tmp_path / "home"
    home.mkdir()
    command = [sys.executable, "-m", "gateway", "setup", demo.pages, "--folder", str(home), "--code", code]
    subprocess.run(command, check=True, env=OURS, capture_output=True)
    name = re.search(r"gw(-[0-9a-z]{4}){3}", (home / "gateway.env").read_text())
    assert name
    own = dict(line.split("=", 1) for line in (home / "gateway.env").read_text().splitlines())
    own |= {"HEARTH_OUTBOX": str(home / "outbox.sqlite"), "HEARTH_HOME_BROKER_PORT": str(home_broker.port)}
    zigbee = Wire(home_broker)
    log = tmp_path / "gateway.log"
    with log.open("wb") as written:
        process = subprocess.Popen([sys.executable, "-m", "gateway"], env=OURS | own, stderr=written)
    try:
        until(lambda: log.read_text().count("link_up") == 2, SETTLED_S)

        def seen() -> bool:
            zigbee.publish("zigbee2mqtt/hall-pir", {"occupancy": False})
            zigbee.publish("zigbee2mqtt/hall-pir", {"occupancy": True})
            page.goto(gateways)
            section = page.locator("section", has_text=name[0])
            said = section.inner_text() if section.count() else ""
            return "Online" in said and "hall-pir" in said

        until(seen, SETTLED_S)
        assert "login_refused" not in log.read_text(), "it was let in before it first asked"
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(10)
        zigbee.close()
