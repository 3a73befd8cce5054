"""A hostile gateway reaches nothing of another home."""

from collections.abc import Iterator

import pytest
from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from gateway.messages import topic
from simulators.broker import Broker
from tests.conftest import PASSWORDS
from tests.gateway.wire import Wire, until

NOT_AUTHORIZED = 0x87


@pytest.fixture
def hostile(broker: Broker) -> Iterator[Wire]:
    """Has the password of gw-1, and bad intentions."""
    wire = Wire(broker, "gw-1", PASSWORDS["gw-1"])
    yield wire
    wire.close()


@pytest.fixture
def victim(broker: Broker) -> Iterator[Wire]:
    wire = Wire(broker, "gw-2", PASSWORDS["gw-2"])
    for leaf in ("stored", "config", "commands"):
        wire.subscribe(topic("gw-2", leaf))
    yield wire
    wire.close()


@pytest.fixture
def ingest(broker: Broker) -> Iterator[Wire]:
    wire = Wire(broker, "ingest", PASSWORDS["ingest"])
    wire.subscribe("hearth/1/+/readings")
    wire.subscribe("hearth/1/+/status")
    yield wire
    wire.close()


FOREIGN = [
    *(f"hearth/1/gw-2/{leaf}" for leaf in ("readings", "status", "stored", "config", "commands")),
    "hearth/1/gw-1/stored",
    "hearth/1/gw-1/config",
    "hearth/1/gw-1/readings/more",
    "hearth/1/GW-1/readings",
    "hearth/2/gw-1/readings",
    "anything",
    "$SYS/broker/clients/total",
    "$CONTROL/dynamic-security/v1",
]


def test_it_cannot_write_where_it_has_no_business(hostile: Wire, victim: Wire, ingest: Wire) -> None:
    for name in FOREIGN:
        assert hostile.publish(name, {"forged": True}, retain=True) >= 0x80, name
    assert hostile.publish(topic("gw-1", "readings"), {"own": True}) == 0
    until(lambda: ingest.messages)
    assert [message[0] for message in ingest.messages] == [topic("gw-1", "readings")], "nothing came before its own"
    assert victim.messages == []


def test_a_forged_publish_is_answered_with_not_authorized(hostile: Wire) -> None:
    assert hostile.publish(topic("gw-2", "readings"), {"forged": True}) == NOT_AUTHORIZED


WIDE = [
    "hearth/1/gw-2/#",
    "hearth/1/gw-2/stored",
    "hearth/#",
    "#",
    "hearth/1/+/commands",
    "$SYS/#",
    "$share/x/hearth/1/+/readings",
]


def test_it_cannot_read_what_is_meant_for_others(hostile: Wire, victim: Wire, ingest: Wire) -> None:
    """The broker may grant the subscription; it delivers only what the rules allow."""
    for name in WIDE:
        hostile.subscribe(name)
    hostile.subscribe(topic("gw-1", "stored"))
    assert ingest.publish(topic("gw-2", "stored"), {"secret": 1}) == 0
    assert victim.publish(topic("gw-2", "readings"), {"secret": 2}) == 0
    until(lambda: victim.messages)
    ingest.publish(topic("gw-1", "stored"), {"mine": 1})
    until(lambda: hostile.messages)
    assert {message[0] for message in hostile.messages} == {topic("gw-1", "stored")}


@pytest.mark.parametrize(("user", "password"), [("gw-1", "pw-gw-2"), ("gw-1", None), ("nobody", "x")])
def test_a_wrong_password_does_not_get_in(broker: Broker, user: str, password: str | None) -> None:
    reasons: list[int] = []
    client = Client(CallbackAPIVersion.VERSION2, protocol=MQTTProtocolVersion.MQTTv5, reconnect_on_failure=False)
    client.username_pw_set(user, password)
    client.on_connect = lambda _c, _d, _f, reason, _p: reasons.append(reason.value)
    client.connect("127.0.0.1", broker.port)
    client.loop_forever()
    assert len(reasons) == 1
    assert reasons[0] >= 0x80
