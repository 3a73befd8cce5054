"""Envelopes fit the contract, whatever is in the readings."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from gateway.envelopes import envelopes
from gateway.messages import MAX_MESSAGE_BYTES, Envelope, Kind
from gateway.outbox import Numbered, Rank

NOW = datetime(2026, 3, 2, 7, 30, 0, 5, tzinfo=UTC)


def numbered(seq: int, sensor: str = "door", value: float = 1.0) -> Numbered:
    return Numbered(1, "boot-a", seq, Rank.EVENT, sensor, Kind.CONTACT.value, value, 1_772_436_600_000_001 + seq)


@given(
    count=st.integers(1, 1300),
    sensor=st.from_regex(r"\A[A-Za-z0-9][A-Za-z0-9._:-]{0,63}\Z"),
    value=st.floats(-1e9, 1e9),
)
def test_all_readings_arrive_in_order_in_messages_of_the_contract(count: int, sensor: str, value: float) -> None:
    payloads = list(envelopes("gw-1", [numbered(seq, sensor, value) for seq in range(1, count + 1)], NOW))
    read = [Envelope.model_validate_json(payload) for payload in payloads]
    assert [one.seq for envelope in read for one in envelope.readings] == list(range(1, count + 1))
    assert all(len(payload) <= MAX_MESSAGE_BYTES for payload in payloads)
    assert {one.value for envelope in read for one in envelope.readings} == {value}


def test_times_go_over_the_wire_to_the_microsecond() -> None:
    (payload,) = envelopes("gw-1", [numbered(1)], NOW)
    read = Envelope.model_validate_json(payload)
    assert read.sent_at == NOW
    assert read.readings[0].at.microsecond == 2


def test_nothing_makes_no_envelope() -> None:
    assert list(envelopes("gw-1", [], NOW)) == []
