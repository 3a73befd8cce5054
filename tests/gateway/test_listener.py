"""Whether a home can be seen, and which of its sensors cannot be believed or read."""

from datetime import UTC, datetime

from gateway.adapters import NOTHING, Fact, Message, Sort, Told
from gateway.devices import DeviceTable
from gateway.listener import Listener
from gateway.messages import Kind
from gateway.sieve import Sieve

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class Script:
    """An adapter that tells what it is given, one after the other."""

    def __init__(self, *said: Told) -> None:
        self.said = list(said)
        self.table = DeviceTable()

    def topics(self) -> tuple[str, ...]:
        return ("#",)

    def owns(self, message: Message) -> bool:
        return bool(message.topic)

    def hear(self, message: Message) -> Told:
        return self.said.pop(0) if message.topic else NOTHING


def heard(*said: Told) -> Listener:
    listener = Listener(Script(*said), Sieve())
    listener.connected()
    for _ in said:
        listener.hear(Message("t", b"", retained=False, at=NOON))
    return listener


def fact(sensor: str, kind: Kind = Kind.MOTION) -> Fact:
    return Fact(sensor, kind, 1.0, Sort.STATE, NOON)


def test_a_home_is_seen_when_a_device_spoke_or_a_bridge_said_so() -> None:
    assert not heard().listening
    assert not heard(Told(described=True)).listening
    assert heard(Told(alive=("a",), by="tasmota")).listening
    assert heard(Told(bridge=True, by="zigbee2mqtt")).listening


def test_of_two_bridges_none_may_be_gone() -> None:
    up, gone = Told(bridge=True, by="tasmota"), Told(bridge=False, by="zigbee2mqtt")
    assert not heard(up, gone, Told(alive=("plug",), by="tasmota")).listening
    assert heard(up, gone, Told(alive=("door",), by="zigbee2mqtt")).listening


def test_several_sensors_of_one_message_are_all_alive() -> None:
    listener = heard(Told(alive=("a", "b")))
    assert listener.sensors_at == {"a": NOON, "b": NOON}


def test_who_speaks_and_was_never_understood_is_named() -> None:
    cannot = Told(alive=("tag",), unread=True)
    assert heard(cannot).troubles.unread == ("tag",)
    assert heard(cannot, Told((fact("tag"),), alive=("tag",))).troubles.unread == ()
    assert heard(Told((fact("tag"),), alive=("tag",)), cannot).troubles.unread == ()
