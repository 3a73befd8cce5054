"""A home in which one adapter listens: for the tests of integrations."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from gateway.adapters import Adapter, Message, Told
from gateway.messages import Kind
from gateway.outbox import Kept
from gateway.sieve import Sieve

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def values(told: Told, *, plausible: bool = True) -> dict[Kind, float]:
    return {fact.kind: fact.value for fact in told.facts if fact.plausible is plausible}


def by_sensor(told: Told) -> dict[str, dict[Kind, float]]:
    found: dict[str, dict[Kind, float]] = {}
    for fact in told.facts:
        found.setdefault(fact.sensor, {})[fact.kind] = fact.value
    return found


class Ear:
    """Tells an adapter messages one second apart; `kept` is what the sieve let through of the last one."""

    def __init__(self, adapter: Adapter) -> None:
        self.adapter = adapter
        self.sieve = Sieve()
        self.kept: list[Kept] = []
        self.now = NOON

    def hear(self, topic: str, payload: Any, *, retained: bool = False, after: float = 1) -> Told:
        """`payload`: bytes as they are, anything else as JSON."""
        self.now += timedelta(seconds=after)
        raw = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
        message = Message(topic, raw, retained, self.now)
        told = self.adapter.hear(message) if self.adapter.owns(message) else Told()
        self.kept = self.sieve.keep(told.facts)
        return told
