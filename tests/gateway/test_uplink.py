"""What is sent when, what again, and what is forgotten. The broker is a list."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gateway.link import back_off
from gateway.messages import Envelope, Kind, Status, Stored
from gateway.outbox import Kept, Outbox, Rank
from gateway.uplink import (
    FORGOTTEN_ROUNDS,
    LONGEST_PATIENCE_S,
    NOBODY_LISTENS,
    NOT_AUTHORIZED,
    PATIENCE_S,
    UNDER_WAY,
    WINDOW,
    Uplink,
)

NOW = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)


class Wire:
    """Takes what is published; acknowledges and answers when the test says so."""

    def __init__(self, outbox: Outbox) -> None:
        self.uplink = Uplink("gw-1", outbox)
        self.outbox = outbox
        self.sent: list[Envelope] = []
        self.statuses: list[Status] = []
        self.open: list[int] = []
        self.wall = 1000.0
        self.mid = 0
        self.uplink.connected(self)

    def publish(self, _topic: str, payload: bytes, /, *, retain: bool = False) -> int:
        self.mid += 1
        if retain:
            self.statuses.append(Status.model_validate_json(payload))
        else:
            self.sent.append(Envelope.model_validate_json(payload))
            self.open.append(self.mid)
        return self.mid

    def pump(self, after: float = 0) -> list[Envelope]:
        """The envelopes that leave now."""
        self.wall += after
        before = len(self.sent)
        self.uplink.pump(NOW, self.wall)
        return self.sent[before:]

    def acknowledge(self, code: int = 0) -> None:
        taken, self.open = self.open, []
        for mid in taken:
            self.uplink.acknowledged(mid, code, self.wall)

    def store(self, seq: int, boot: str | None = None) -> None:
        said = Stored(boot=boot or self.outbox.boot, seq=seq)
        self.uplink.heard_stored(said.model_dump_json().encode(), self.wall)


def seqs(envelopes: list[Envelope]) -> list[int]:
    return [one.seq for envelope in envelopes for one in envelope.readings]


def motion(place: int, rank: Rank = Rank.EVENT) -> Kept:
    return Kept("kitchen", Kind.MOTION, float(place), NOW + timedelta(seconds=place), rank)


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[Wire]:
    with Outbox(tmp_path / "outbox.sqlite") as outbox:
        yield Wire(outbox)


def test_an_edge_leaves_at_once_and_what_piles_up_leaves_together(wire: Wire) -> None:
    wire.outbox.add([motion(1)])
    assert seqs(wire.pump()) == [1]
    for place in range(UNDER_WAY):
        wire.outbox.add([motion(place)])
        wire.pump()
    wire.outbox.add(motion(place) for place in range(300))
    assert wire.pump() == []
    wire.acknowledge()
    assert [len(envelope.readings) for envelope in wire.pump()] == [301]


def test_a_call_for_help_does_not_wait_in_line(wire: Wire) -> None:
    wire.outbox.add(motion(place) for place in range(WINDOW + 500))
    for _ in range(10):
        wire.pump()
        wire.acknowledge()
    assert wire.outbox.in_flight == WINDOW, "no more is sent than the window holds"
    assert wire.pump() == []
    wire.outbox.add([Kept("pendant", Kind.BUTTON, 2.0, NOW, Rank.URGENT)])
    (envelope,) = wire.pump()
    assert [one.sensor for one in envelope.readings] == ["pendant"]


def test_what_is_not_stored_in_time_is_sent_again_under_the_same_numbers(wire: Wire) -> None:
    wire.outbox.add(motion(place) for place in range(700))
    first = wire.pump()
    wire.acknowledge()
    wire.store(200)
    assert wire.pump(after=PATIENCE_S - 1) == []
    again = wire.pump(after=PATIENCE_S)
    assert seqs(again) == seqs(first)[200:]
    assert {envelope.boot for envelope in again} == {envelope.boot for envelope in first}


def test_patience_grows_and_comes_back(wire: Wire) -> None:
    wire.outbox.add([motion(1), motion(2)])
    wire.pump()
    times = []
    for _ in range(3000):
        wire.acknowledge()
        if wire.pump(after=1):
            times.append(wire.wall)
    waits = [later - sooner for sooner, later in pairwise(times)]
    assert max(waits) <= LONGEST_PATIENCE_S * 1.2 + 1
    assert waits[-1] >= LONGEST_PATIENCE_S
    wire.acknowledge()  # the last round may have ended with sending
    wire.store(1)
    assert seqs(wire.pump(after=PATIENCE_S * 1.2 + 1)) == [2]


@pytest.mark.parametrize("code", [NOBODY_LISTENS, NOT_AUTHORIZED, 0x97, 0x80])
def test_what_the_broker_does_not_accept_is_kept_and_tried_again_more_slowly(wire: Wire, code: int) -> None:
    wire.outbox.add([motion(1)])
    wire.pump()
    waits = []
    for _ in range(8):
        wire.acknowledge(code)
        waited = 0.0
        while not wire.pump(after=0.25):
            waited += 0.25
        waits.append(waited)
    assert waits[0] <= 15
    assert 3 <= waits[-1] <= 60
    assert wire.outbox.depth == 1
    wire.acknowledge(0)
    wire.store(1)
    assert wire.outbox.depth == 0


def test_while_refused_only_one_envelope_goes_out_as_a_probe(wire: Wire) -> None:
    wire.outbox.add(motion(place) for place in range(4000))
    assert len(wire.pump()) == UNDER_WAY
    wire.acknowledge(NOBODY_LISTENS)
    assert len(wire.pump(after=1)) == 1
    wire.acknowledge(0)
    assert seqs(wire.pump())[-1] == 4000


def test_after_a_new_connection_everything_not_stored_goes_again(wire: Wire) -> None:
    wire.outbox.add(motion(place) for place in range(600))
    wire.pump()
    wire.store(100)
    wire.uplink.disconnected()
    assert wire.pump() == []
    wire.uplink.connected(wire)
    assert seqs(wire.pump()) == list(range(101, 601))


def test_an_acknowledgement_of_an_old_connection_means_nothing(wire: Wire) -> None:
    wire.outbox.add([motion(1)])
    wire.pump()
    (old,) = wire.open
    wire.uplink.connected(wire)
    wire.uplink.acknowledged(old, NOBODY_LISTENS, wire.wall)
    assert seqs(wire.pump()) == [1]


def test_readings_of_an_earlier_boot_go_again_under_their_old_key(tmp_path: Path) -> None:
    with Outbox(tmp_path / "o") as outbox:
        outbox.add([motion(1), motion(2)])
        old = outbox.number(1)[0].boot
    with Outbox(tmp_path / "o") as outbox:
        wire = Wire(outbox)
        assert [(one.boot, seqs([one])) for one in wire.pump()] == [(old, [1]), (outbox.boot, [1])]
        wire.store(1, old)
        wire.store(1)
        assert outbox.depth == 0


def test_what_an_earlier_boot_left_is_sent_again_even_while_new_readings_are_stored(tmp_path: Path) -> None:
    with Outbox(tmp_path / "o") as outbox:
        outbox.add([motion(1)])
        old = outbox.number(1)[0].boot
    with Outbox(tmp_path / "o") as outbox:
        wire = Wire(outbox)
        wire.pump()
        for second in range(60):
            outbox.add([motion(second)])
            wire.pump(after=1)
            wire.acknowledge()
            wire.store(outbox.in_flight + second)
        assert len([one for one in wire.sent if one.boot == old]) > 1


def test_a_server_that_has_forgotten_gets_the_rest_under_new_numbers(wire: Wire) -> None:
    wire.outbox.add(motion(place) for place in range(10))
    wire.pump()
    wire.acknowledge()
    wire.store(5)
    old = wire.outbox.boot
    for _ in range(FORGOTTEN_ROUNDS + 1):
        wire.store(0, old)
        wire.store(0, old)  # twice in a round proves no more than once
        wire.pump(after=LONGEST_PATIENCE_S * 2)
        wire.acknowledge()
    assert wire.outbox.boot != old
    assert seqs(wire.pump() or wire.sent[-1:]) == [1, 2, 3, 4, 5]


def test_answers_that_overtake_each_other_are_no_forgetting(wire: Wire) -> None:
    wire.outbox.add(motion(place) for place in range(10))
    wire.pump()
    old = wire.outbox.boot
    for said in (5, 2, 3, 4, 1, 0):
        wire.store(said)
    assert wire.outbox.boot == old
    assert wire.outbox.depth == 5


@pytest.mark.parametrize("payload", [b"", b"{}", b"\xff", b'{"boot": "x", "seq": -1}', b"[" * 10000])
def test_nonsense_on_stored_is_survived(wire: Wire, payload: bytes) -> None:
    wire.outbox.add([motion(1)])
    wire.uplink.heard_stored(payload, wire.wall)
    assert wire.outbox.depth == 1


def test_the_status_comes_on_connecting_each_minute_and_when_readings_are_dropped(wire: Wire) -> None:
    for second in range(200):
        wire.outbox.dropped = 3 if second >= 90 else 0
        wire.uplink.report(NOW, wire.wall + second, {"kitchen": NOW})
    assert [status.dropped for status in wire.statuses] == [0, 0, 3, 3]
    assert wire.statuses[0].sensors_at == {"kitchen": NOW}
    assert wire.statuses[0].online


def test_the_status_names_at_most_as_many_sensors_as_the_contract_allows(wire: Wire) -> None:
    sensors = {f"s{n}": NOW + timedelta(seconds=n) for n in range(700)}
    wire.uplink.report(NOW, wire.wall, sensors)
    assert len(wire.statuses[0].sensors_at) == 500
    assert "s699" in wire.statuses[0].sensors_at


@given(st.integers(0, 10_000), st.sampled_from([0, 0x10, 0x86, 0x87, 0x97]))
def test_back_off_is_bounded_and_slower_where_we_are_not_let_in(tries: int, code: int) -> None:
    wait = back_off(tries, code)
    assert 0.25 <= wait <= 60
    if code in (0x86, 0x87):
        assert wait >= 5


@settings(max_examples=40, deadline=None)
@given(st.lists(st.sampled_from(["add", "urgent", "pump", "ack", "refuse", "store", "drop", "wait"]), max_size=60))
def test_in_the_end_everything_arrives_whatever_went_wrong(
    tmp_path_factory: pytest.TempPathFactory, steps: list[str]
) -> None:
    with Outbox(tmp_path_factory.mktemp("box") / "o") as outbox:
        wire, added = Wire(outbox), 0
        for step in steps:
            added = _act(wire, step, added)
        for _ in range(10):
            wire.uplink.connected(wire)
            wire.pump()
            wire.acknowledge()
            for boot in {envelope.boot for envelope in wire.sent}:
                wire.store(max(one.seq for e in wire.sent if e.boot == boot for one in e.readings), boot)
        assert outbox.depth == 0
        keys = {(e.boot, one.seq): one.value for e in wire.sent for one in e.readings}
        assert sorted(keys.values()) == list(range(added))


def _act(wire: Wire, step: str, added: int) -> int:
    if step in ("add", "urgent"):
        rank = Rank.URGENT if step == "urgent" else Rank.EVENT
        wire.outbox.add(motion(added + n, rank) for n in range(3))
        return added + 3
    if step == "pump":
        wire.pump()
    elif step == "ack":
        wire.acknowledge()
    elif step == "refuse":
        wire.acknowledge(NOBODY_LISTENS)
    elif step == "store" and wire.sent:
        wire.store(wire.sent[-1].readings[-1].seq, wire.sent[-1].boot)
    elif step == "drop":
        wire.open.clear()
        wire.uplink.connected(wire)
    elif step == "wait":
        wire.pump(after=400)
    return added


def test_a_status_of_another_boot_is_a_twin_once_the_broker_has_ours(wire: Wire) -> None:
    foreign = Status(online=False, boot="other").model_dump_json().encode()
    own = Status(online=False, boot=wire.outbox.boot).model_dump_json().encode()
    assert not wire.uplink.is_twin(foreign, retained=True), "of our own past"
    wire.uplink.report(NOW, wire.wall, {})
    assert not wire.uplink.is_twin(foreign, retained=True), "ours may not have arrived"
    wire.uplink.acknowledged(wire.mid, 0, wire.wall)
    assert wire.uplink.is_twin(foreign, retained=True)
    assert not wire.uplink.is_twin(own, retained=True)
    assert not wire.uplink.is_twin(b"nonsense", retained=False)


def test_time_in_which_the_disk_held_us_up_is_not_the_servers_fault(wire: Wire) -> None:
    wire.outbox.add([motion(1)])
    wire.pump()
    wire.acknowledge()
    wire.uplink.was_held_up(PATIENCE_S * 2)
    assert wire.pump(after=PATIENCE_S * 1.5) == []
    assert seqs(wire.pump(after=PATIENCE_S * 2)) == [1]


def test_while_it_holds_back_only_calls_for_help_get_a_number(wire: Wire) -> None:
    wire.outbox.add([motion(1), motion(2, Rank.URGENT)])
    wire.uplink.pump(NOW, wire.wall, hold=True)
    assert {one.value for envelope in wire.sent for one in envelope.readings} == {2}
    assert {one.value for envelope in wire.pump() for one in envelope.readings} == {1}
