"""Garbage ends in quarantine with its reason, and never stops what is good."""

import json
from datetime import timedelta

import pytest

from gateway.messages import MAX_MESSAGE_BYTES, Kind, Status
from ingest.kinds import KIND, NUMBER
from ingest.refusals import MOST_OF_ONE_TOPIC, Reason
from ingest.saving import StoredUpTo
from tests.ingest.homes import NOON, Ingest, arrived, message, reading

SENT = NOON.isoformat()
GOOD = {"seq": 1, "sensor": "kitchen", "kind": "motion", "value": 1, "at": SENT}
ENVELOPE = {"v": 1, "gateway": "gw-1", "boot": "b1", "sent_at": SENT}


def told(*readings: object, **changes: object) -> bytes:
    return json.dumps({**ENVELOPE, "readings": list(readings), **changes}).encode()


WHOLE = {
    "not json": (b"{", Reason.NOT_JSON),
    "empty": (b"", Reason.NOT_JSON),
    "deep": (b"[" * 60_000, Reason.NOT_JSON),
    "huge number": (b"9" * 60_000, Reason.NOT_JSON),
    "not utf-8": (b'{"v":1,"gateway":"\xff"}', Reason.NOT_UTF8),
    "a list": (b"[1]", Reason.WRONG_SHAPE),
    "no readings": (told(), Reason.WRONG_SHAPE),
    "wrong types": (told(GOOD, boot=["b"]), Reason.WRONG_SHAPE),
    "a boot that is no id": (told(GOOD, boot="b\u0000 1"), Reason.WRONG_SHAPE),
    "no time": (told(GOOD, sent_at="yesterday"), Reason.WRONG_SHAPE),
    "a naive time": (told(GOOD, sent_at="2026-03-28T12:00:00"), Reason.WRONG_SHAPE),
    "a new field": (told(GOOD, colour="\ud800\u0000"), Reason.WRONG_SHAPE),
    "too many readings": (told(*[GOOD] * 501), Reason.WRONG_SHAPE),
    "version 2": (told(GOOD, v=2), Reason.WRONG_VERSION),
    "another gateway": (told(GOOD, gateway="gw-2"), Reason.WRONG_GATEWAY),
    "1 MB": (told(GOOD, colour="x" * 1_000_000), Reason.TOO_LARGE),
}


@pytest.mark.parametrize("what", WHOLE)
def test_a_message_that_is_no_envelope_is_kept_whole_with_its_reason(ingest: Ingest, what: str) -> None:
    payload, reason = WHOLE[what]
    good = message(reading(7, "lounge"))
    assert ingest.save(good, arrived(payload), good).readings == 1
    kept = ingest.rows("select reason, topic, received_at, payload from quarantine")
    assert kept == [(reason.value, "hearth/1/gw-1/readings", NOON, payload[:MAX_MESSAGE_BYTES])]


ALONE = {
    "unknown kind": ({**GOOD, "kind": "mood"}, Reason.UNKNOWN_KIND),
    "unknown sensor": ({**GOOD, "sensor": "cellar"}, Reason.UNKNOWN_SENSOR),
    "a value that is no number": ({**GOOD, "value": "warm"}, Reason.WRONG_SHAPE),
    "a value out of all bounds": ({**GOOD, "value": 1e12}, Reason.WRONG_SHAPE),
    "far future": ({**GOOD, "at": (NOON + timedelta(days=9000)).isoformat()}, Reason.FUTURE),
    "a little too far ahead": ({**GOOD, "at": (NOON + timedelta(seconds=121)).isoformat()}, Reason.FUTURE),
    "a clock that was never set": ({**GOOD, "at": "1970-01-01T00:00:07Z"}, Reason.TOO_OLD),
    "a time that is none": ({**GOOD, "at": "0000-13-01"}, Reason.WRONG_SHAPE),
}


@pytest.mark.parametrize("what", ALONE)
def test_a_bad_reading_is_refused_alone_and_counts_as_stored(ingest: Ingest, what: str) -> None:
    bad, reason = ALONE[what]
    saved = ingest.save(arrived(told(bad, {**GOOD, "seq": 2})))
    assert ingest.numbers() == [("b1", 2)]
    assert ingest.reasons() == [(reason.value,)]
    assert saved.stored == [StoredUpTo("gw-1", "b1", 2)]
    kept = json.loads(bytes(ingest.rows("select payload from quarantine")[0][0]))  # type: ignore[call-overload]
    assert kept["seq"] == 1
    if reason in (Reason.UNKNOWN_SENSOR, Reason.FUTURE, Reason.TOO_OLD):  # known only once the number is
        ingest.save(arrived(told(bad, {**GOOD, "seq": 2})))
        assert len(ingest.reasons()) == 1


@pytest.mark.parametrize("what", ["version 2", "another gateway", "a new field", "no time", "1 MB"])
def test_numbers_that_can_be_read_count_as_stored_so_they_are_not_sent_for_ever(ingest: Ingest, what: str) -> None:
    saved = ingest.save(arrived(WHOLE[what][0]))
    assert saved.stored == [StoredUpTo("gw-1", "b1", 1)]
    assert ingest.numbers() == []


def test_a_gateway_that_nobody_knows_is_told_nothing(ingest: Ingest) -> None:
    saved = ingest.save(message(reading(1), gateway="stranger"), message(reading(1)))
    assert ingest.reasons() == [(Reason.UNKNOWN_GATEWAY.value,)]
    assert saved.stored == [StoredUpTo("gw-1", "b1", 1)]


def test_a_babbling_gateway_fills_no_quarantine(ingest: Ingest) -> None:
    ingest.save(*[arrived(b"{") for _ in range(500)], message(reading(1)))
    assert len(ingest.reasons()) == MOST_OF_ONE_TOPIC
    assert ingest.rows("select count(*) from quarantine where detail like '%(and 480 more%'") == [(1,)]
    assert ingest.numbers() == [("b1", 1)]


def test_a_status_is_kept_and_the_same_again_is_no_news(ingest: Ingest) -> None:
    lost = b'{"v":1,"online":false}'
    ingest.save(arrived(b'{"v":1,"online":true,"outbox":3}', leaf="status"), arrived(lost, leaf="status"))
    ingest.save(arrived(lost, leaf="status", at=NOON + timedelta(hours=1)))
    kept = Status.model_validate_json(lost).model_dump(mode="json", exclude_none=True)
    assert ingest.rows("select online, status, status_at from gateway") == [(False, kept, NOON)]
    ingest.save(arrived(b'{"online":"perhaps"}', leaf="status"))
    assert ingest.reasons() == [(Reason.WRONG_SHAPE.value,)]


def test_every_kind_has_a_number_of_its_own() -> None:
    assert set(NUMBER) == set(Kind)
    assert len(KIND) == len(NUMBER)
