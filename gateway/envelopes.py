"""Packing numbered readings into envelopes of the contract. Pure."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from gateway.clock import EPOCH
from gateway.messages import MAX_MESSAGE_BYTES, MAX_READINGS, VERSION
from gateway.outbox import Numbered


def moment(at: datetime) -> str:
    """RFC 3339 in UTC."""
    return at.isoformat().replace("+00:00", "Z")


def envelopes(gateway: str, readings: Sequence[Numbered], sent_at: datetime) -> Iterator[bytes]:
    """Envelopes for these readings, all of one boot.

    Each holds 1 to MAX_READINGS readings and at most MAX_MESSAGE_BYTES.
    """
    if not readings:
        return
    head = {"v": VERSION, "gateway": gateway, "boot": readings[0].boot, "sent_at": moment(sent_at)}
    opening = json.dumps(head, separators=(",", ":"))[:-1] + ',"readings":['
    room = MAX_MESSAGE_BYTES - len(opening) - len("]}")
    texts: list[str] = []
    size = 0
    for reading in readings:
        text = _text(reading)
        if texts and (len(texts) == MAX_READINGS or size + len(text) + 1 > room):
            yield f"{opening}{','.join(texts)}]}}".encode()
            texts, size = [], 0
        texts.append(text)
        size += len(text) + 1
    yield f"{opening}{','.join(texts)}]}}".encode()


def _text(reading: Numbered) -> str:
    fields = {
        "seq": reading.seq,
        "sensor": reading.sensor,
        "kind": reading.kind,
        "value": reading.value,
        "at": moment(EPOCH + timedelta(microseconds=reading.at_us)),
    }
    return json.dumps(fields, separators=(",", ":"))
