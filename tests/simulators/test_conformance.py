"""The contract's test finds what a maker has to know, and has nothing to say against our own gateway."""

import hashlib
import json
import threading
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from paho.mqtt.client import Client, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion

from gateway.clock import Clock
from gateway.messages import topic
from simulators.broker import Broker
from simulators.conformance.evidence import Evidence
from simulators.conformance.hearing import Ear, NoBrokerError, Way
from simulators.conformance.main import main, report
from simulators.conformance.playing import Plan, Play
from simulators.conformance.points import Judged, judge
from simulators.conformance.telling import TOO_LARGE
from simulators.conformance.verdicts import Outcome
from tests.conftest import PASSWORDS
from tests.gateway.wire import Wire, until

WAIT_S = 20.0
OPTIONAL = {"config", "assets", "walk test", "commands once", "commands expire"}


class MakersGateway:
    """The least that keeps the contract, and its faults. Sends anew every half second what is not stored."""

    def __init__(
        self,
        broker: Broker,
        clock: Clock,
        *,
        leaves_out: int = 0,
        forgets_at_once: bool = False,
        wrong_by_s: float = 0,
        dies_of: bytes | None = None,
    ) -> None:
        self.clock = clock
        self.leaves_out = leaves_out
        self.forgets_at_once = forgets_at_once
        self.wrong_by = timedelta(seconds=wrong_by_s)
        self.dies_of = dies_of
        self.kept: dict[int, dict[str, Any]] = {}
        self.last = 0
        self.ended = threading.Event()
        self.client = Client(CallbackAPIVersion.VERSION2, client_id="gw-1", protocol=MQTTProtocolVersion.MQTTv5)
        self.client.username_pw_set("gw-1", PASSWORDS["gw-1"])
        self.client.will_set(topic("gw-1", "status"), b'{"online": false}', qos=1, retain=True)
        self.client.reconnect_delay_set(1, 1)
        self.client.on_connect = lambda *_: self._begin()
        self.client.on_message = self._hear
        self.client.connect("127.0.0.1", broker.port)
        self.client.loop_start()
        self.thread = threading.Thread(target=self._work)
        self.thread.start()

    def _at(self) -> str:
        return (self.clock.now() + self.wrong_by).isoformat()

    def _begin(self) -> None:
        self.client.subscribe(topic("gw-1", "stored"), 1)
        says = {"online": True, "at": self._at(), "boot": "b1"}
        self.client.publish(topic("gw-1", "status"), json.dumps(says), qos=1, retain=True)

    def _hear(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        if self.dies_of is not None and message.payload.startswith(self.dies_of):
            self.ended.set()
        try:
            said = json.loads(message.payload)
        except (ValueError, RecursionError):
            return
        if isinstance(said, dict) and said.get("boot") == "b1":
            self.kept = {seq: one for seq, one in self.kept.items() if seq > said["seq"]}

    def _work(self) -> None:
        while not self.ended.wait(0.5):
            self._take_beat()
            if self.kept and self.client.is_connected():
                told = {"v": 1, "gateway": "gw-1", "boot": "b1", "sent_at": self._at()}
                told["readings"] = [self.kept[seq] for seq in sorted(self.kept)]
                self.client.publish(topic("gw-1", "readings"), json.dumps(told), qos=1)
                if self.forgets_at_once:
                    self.kept = {}

    def _take_beat(self) -> None:
        self.last += 1 + (self.last + 1 == self.leaves_out)
        at = self._at()
        self.kept[self.last] = {"seq": self.last, "sensor": "gateway", "kind": "beat", "value": 0, "at": at}

    def close(self) -> None:
        self.ended.set()
        self.thread.join()
        self.client.disconnect()
        self.client.loop_stop()


Make = Callable[..., MakersGateway]


@pytest.fixture
def makers(broker: Broker) -> Iterator[Make]:
    made: list[MakersGateway] = []

    def make(clock: Clock, **faults: Any) -> MakersGateway:
        made.append(MakersGateway(broker, clock, **faults))
        return made[-1]

    yield make
    for one in made:
        one.close()


def played(
    broker: Broker,
    clock: Clock,
    begin: Callable[[], object],
    patience_s: float = 4,
    config_s: float = 0.5,
    ignored_s: float = 8,
) -> list[Judged]:
    ear = Ear(Way("127.0.0.1", broker.port, "ingest", "pw-ingest"), "gw-1", clock.now)
    try:
        begin()
        off = timedelta(seconds=max(60, 3 * clock.speed))
        plan = Plan(
            "gw-1",
            "gw-1",
            wait_s=WAIT_S,
            patience_s=patience_s,
            beats_s=WAIT_S,
            off_by_most=off,
            config_s=config_s,
            ignored_s=ignored_s,
            follows_within=timedelta(seconds=5 * clock.speed),
        )
        return judge(Play(ear, plan, clock.now, lambda _text: None).run())
    finally:
        ear.close()


def with_outcome(judged: list[Judged], outcome: Outcome) -> set[str]:
    return {one.point.name for one in judged if one.verdict.outcome is outcome}


def test_a_small_gateway_of_another_maker_passes_too(broker: Broker, makers: Make) -> None:
    judged = played(broker, Clock(), lambda: makers(Clock()))
    assert with_outcome(judged, Outcome.FAIL) == set(), report("gw-1", judged)
    assert with_outcome(judged, Outcome.NOT_TRIED) == set()
    assert with_outcome(judged, Outcome.NOT_OFFERED) == OPTIONAL
    assert "start the gateway after this" not in report("gw-1", judged)


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        ({"leaves_out": 2}, {"numbers"}),
        ({"forgets_at_once": True}, {"resend", "resend when back"}),
        ({"wrong_by_s": -3600}, {"clock"}),
        ({"dies_of": b"[[["}, {"nonsense"}),
    ],
)
def test_each_fault_is_found_and_nothing_else(
    broker: Broker, makers: Make, fault: dict[str, Any], found: set[str]
) -> None:
    judged = played(broker, Clock(), lambda: makers(Clock(), **fault))
    text = report("gw-1", judged)
    failed = with_outcome(judged, Outcome.FAIL)
    # what was on its way when the line was cut may be missing for ever where nothing is sent again
    assert failed - ({"numbers"} if "resend" in found else set()) == found, text
    assert text.count("expected:") == len(failed)
    assert f"{len(failed)} fail" in text


def test_of_a_gateway_that_never_speaks_it_says_what_to_do(broker: Broker) -> None:
    ear = Ear(Way("127.0.0.1", broker.port, "ingest", "pw-ingest"), "gw-1", Clock().now)
    plan = Plan("gw-1", "gw-1", wait_s=0, patience_s=0, beats_s=0, off_by_most=timedelta(minutes=1), config_s=0)
    judged = judge(Play(ear, plan, Clock().now, lambda _text: None).run())
    ear.close()
    assert with_outcome(judged, Outcome.FAIL) == {"status"}
    assert "let a sensor speak" in report("gw-1", judged)


class MakersDesk:
    """Beside a gateway: takes configs and commands, and says so in its status. And its faults."""

    def __init__(self, broker: Broker, faults: set[str]) -> None:
        self.faults = faults
        self.config: int | None = 1
        self.missing: list[str] = []
        self.until: str | None = None
        self.done: set[str] = set()
        self.client = Client(CallbackAPIVersion.VERSION2, client_id="gw-1-desk", protocol=MQTTProtocolVersion.MQTTv5)
        self.client.username_pw_set("gw-1", PASSWORDS["gw-1"])
        self.client.on_connect = lambda *_: self._begin()
        self.client.on_message = self._hear
        self.client.connect("127.0.0.1", broker.port)
        self.client.loop_start()

    def _begin(self) -> None:
        for leaf in ("config", "assets", "commands"):
            self.client.subscribe(f"hearth/1/gw-1/{leaf}", 1)
        self._say()

    def _say(self) -> None:
        told = {"online": True, "at": Clock().now().isoformat(), "boot": "b1", "config": self.config}
        told |= {"missing": self.missing} | ({"walk_test_until": self.until} if self.until else {})
        self.client.publish(topic("gw-1", "status"), json.dumps(told), qos=1, retain=True)

    def _hear(self, _client: Client, _data: object, message: MQTTMessage) -> None:
        leaf = message.topic.rpartition("/")[2]
        if leaf == "assets" and hashlib.sha256(message.payload).hexdigest() in self.missing:
            self.missing = self.missing if "assets" in self.faults else []
        try:
            said = json.loads(message.payload)
        except (ValueError, RecursionError):
            said = None
        if leaf == "config" and isinstance(said, dict) and "version" in said and "config" not in self.faults:
            self.config = said["version"]
            self.missing = [one["picture"] for one in said["reminders"]]
        if leaf == "commands" and isinstance(said, dict) and "do" in said:
            self._do(said)
        self._say()

    def _do(self, said: dict[str, Any]) -> None:
        late = datetime.fromisoformat(said["expires_at"]) <= Clock().now()
        again = said["id"] in self.done
        self.done.add(said["id"])
        if (late and "commands expire" not in self.faults) or (again and "commands once" not in self.faults):
            return
        begins = said["do"] == "walk_test"
        self.until = said["expires_at"] if begins or "walk test" in self.faults else None

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()


@pytest.mark.parametrize(
    ("faults", "besides"),
    [
        (set(), set()),
        ({"assets", "commands once", "commands expire"}, set()),
        ({"config", "walk test"}, {"commands once", "commands expire"}),
    ],
)
def test_what_a_gateway_makes_of_what_it_is_told_is_tried(
    broker: Broker, makers: Make, faults: set[str], besides: set[str]
) -> None:
    """`besides`: what cannot be judged well where another point fails."""
    desks: list[MakersDesk] = []

    def begin() -> None:
        makers(Clock())
        desks.append(MakersDesk(broker, faults))

    judged = played(broker, Clock(), begin, config_s=2, ignored_s=1)
    desks[0].close()
    text = report("gw-1", judged)
    assert with_outcome(judged, Outcome.FAIL) - besides == faults, text
    assert bool(with_outcome(judged, Outcome.PASS) >= OPTIONAL) is not bool(faults), text


def test_what_is_too_large_reaches_the_gateway_and_not_the_report(broker: Broker) -> None:
    ear = Ear(Way("127.0.0.1", broker.port, "ingest", "pw-ingest"), "gw-1", Clock().now)
    gateway = Wire(broker, "gw-1", PASSWORDS["gw-1"])
    gateway.subscribe("hearth/1/gw-1/commands")
    ear.throw("hearth/1/gw-1/commands", TOO_LARGE)
    until(lambda: [payload for _, payload, _ in gateway.messages] == [TOO_LARGE])
    ear.tell("hearth/1/gw-1/commands", b"on the line that was there before")
    until(lambda: len(gateway.messages) == 2)
    assert ear.heard == []
    gateway.close()
    ear.close()


def test_nothing_heard_is_nothing_proved() -> None:
    judged = judge(Evidence("gw-1", (), 0, None))
    assert with_outcome(judged, Outcome.PASS) <= {"topics"}


def test_a_broker_that_is_not_there_is_said_and_is_no_verdict(
    capsys: pytest.CaptureFixture[str], broker: Broker, tmp_path: Path
) -> None:
    broker.stop()
    word = tmp_path / "word"
    word.write_text("pw")
    address = f"127.0.0.1:{broker.port}"
    assert main(["--broker", address, "--gateway", "gw-1", "--user", "ingest", "--password", str(word)]) == 2
    assert "cannot be reached" in capsys.readouterr().err


def test_a_wrong_password_is_said(broker: Broker) -> None:
    with pytest.raises(NoBrokerError, match="does not let us in"):
        Ear(Way("127.0.0.1", broker.port, "ingest", "wrong"), "gw-1", Clock().now)
