"""A home with several integrations, between two real brokers: from messages to readings, and read again."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from gateway.messages import Status, topic
from simulators.broker import Broker
from tests.gateway.conftest import Start
from tests.gateway.wire import Ingest, Wire, until


@pytest.fixture
def ingest(broker: Broker) -> Iterator[Ingest]:
    with closing(Ingest(broker)) as wire:
        yield wire


@pytest.fixture
def home(home_broker: Broker) -> Iterator[Wire]:
    with closing(Wire(home_broker)) as wire:
        yield wire


def wait_until_listening(home: Wire, ingest: Ingest) -> None:
    """Until a press in the home arrives at the ingest."""

    def pressed() -> bool:
        home.publish("stat/probe/RESULT", {"Button1": {"Action": f"TRY{len(home.reasons)}"}})
        return bool(ingest.values("probe:Button1"))

    until(pressed)


def test_what_describes_itself_is_understood_wherever_it_speaks_and_what_is_replayed_opens_nothing(
    start_gateway: Start, ingest: Ingest, home: Wire
) -> None:
    door = {"device_class": "door", "state_topic": "odd/place/7", "unique_id": "u7", "device": {"identifiers": ["d7"]}}
    home.publish("homeassistant/binary_sensor/n/door/config", door, retain=True)
    home.publish("odd/place/7", b"ON", retain=True)
    start_gateway(HEARTH_INTEGRATIONS="tasmota,homeassistant")
    wait_until_listening(home, ingest)
    assert ingest.values("d7") == []
    for word in (b"OFF", b"ON", b"ON", b"OFF"):
        home.publish("odd/place/7", word)
    home.publish("tele/kettle/SENSOR", {"ENERGY": {"Power": 1950}})
    until(lambda: ingest.values("kettle") == [1950])
    assert ingest.values("d7") == [0, 0, 1]


def test_a_sensor_gone_wild_and_one_that_cannot_be_read_are_named_in_the_status(
    start_gateway: Start, ingest: Ingest, home: Wire
) -> None:
    ingest.subscribe(topic("gw-1", "status"))
    start_gateway(HEARTH_INTEGRATIONS="tasmota,theengs")
    wait_until_listening(home, ingest)
    for n in range(150):
        home.publish("tele/b/SENSOR", {"ZbReceived": {"flap": {"Device": "0x1", "Contact": n % 2}}})
    home.publish("tele/rf/RESULT", {"RfReceived": {"Data": "0xABCDEF"}})
    until(lambda: len(ingest.values("flap")) >= 60)

    def named() -> bool:
        said = [Status.model_validate_json(raw) for name, raw, _ in ingest.messages if name == topic("gw-1", "status")]
        return any("flap" in status.faulty and "rf:RfReceived" in status.unread for status in said)

    until(named)
    assert len(ingest.values("flap")) <= 62


def test_a_table_that_was_mended_finds_what_the_door_did(
    start_gateway: Start, ingest: Ingest, home: Wire, outbox_path: Path, tmp_path: Path
) -> None:
    gateway = start_gateway(HEARTH_INTEGRATIONS="tasmota")
    wait_until_listening(home, ingest)
    for word in ("OFF", "ON"):
        home.publish("stat/hall/SWITCH1", {"STATE": word})
    home.publish("stat/last/RESULT", {"Button1": {"Action": "SINGLE"}})
    until(lambda: ingest.values("last:Button1") == [1])
    assert gateway.end() == 0
    assert ingest.values("front-door") == []
    table = tmp_path / "devices.json"
    table.write_text(json.dumps({"hall/Switch1": {"role": "door", "sensor": "front-door"}}))
    settings = {
        "HEARTH_GATEWAY": "gw-1",
        "HEARTH_OUTBOX": str(outbox_path),
        "HEARTH_INTEGRATIONS": "tasmota",
        "HEARTH_DEVICES": str(table),
    }
    for readings in ("2 contact", "none"):
        command = [sys.executable, "-m", "gateway", "reread"]
        done = subprocess.run(
            command, env=os.environ | settings, capture_output=True, text=True, check=True, timeout=30
        )
        assert f"new readings: {readings};" in done.stdout
    start_gateway(HEARTH_INTEGRATIONS="tasmota")
    until(lambda: ingest.values("front-door") == [0, 1])
    assert ingest.values("last:Button1") == [1]
