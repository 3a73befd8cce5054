"""What is set aside, and why. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from gateway.messages import MAX_MESSAGE_BYTES

MOST_OF_ONE_TOPIC = 20
"""Rows that one batch writes about one topic; a babbling gateway is counted beyond that."""


class Reason(StrEnum):
    """Why a message or a reading is in quarantine: stable words, kept in the database."""

    TOO_LARGE = "too_large"  # more than 64 KiB; the first 64 KiB are kept
    NOT_UTF8 = "not_utf8"
    NOT_JSON = "not_json"
    WRONG_SHAPE = "wrong_shape"  # JSON, but not what the contract says
    WRONG_VERSION = "wrong_version"
    WRONG_GATEWAY = "wrong_gateway"  # the envelope names another gateway than the topic
    UNKNOWN_GATEWAY = "unknown_gateway"
    UNKNOWN_SENSOR = "unknown_sensor"
    UNKNOWN_KIND = "unknown_kind"
    FUTURE = "future"  # more than 2 min ahead, after the gateway's clock was corrected
    TOO_OLD = "too_old"  # from before there were such gateways: a clock that was never set
    NOT_SAVABLE = "not_savable"  # the database refused it


@dataclass(frozen=True, slots=True)
class Refusal:
    """One row of the quarantine."""

    received_at: datetime
    topic: str
    reason: Reason
    detail: str
    payload: bytes

    def kept(self) -> bytes:
        return self.payload[:MAX_MESSAGE_BYTES]


def bounded(refusals: Iterable[Refusal]) -> list[Refusal]:
    """The first MOST_OF_ONE_TOPIC of each topic; the last of them says how many more there were."""
    kept: dict[str, list[Refusal]] = {}
    over: dict[str, int] = {}
    for refusal in refusals:
        rows = kept.setdefault(refusal.topic, [])
        if len(rows) < MOST_OF_ONE_TOPIC:
            rows.append(refusal)
        else:
            over[refusal.topic] = over.get(refusal.topic, 0) + 1
    for topic, more in over.items():
        last = kept[topic][-1]
        detail = f"{last.detail} (and {more} more of this topic in the same batch)"
        kept[topic][-1] = Refusal(last.received_at, topic, last.reason, detail, last.payload)
    return [refusal for rows in kept.values() for refusal in rows]
