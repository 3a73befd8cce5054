"""What was heard of a gateway, and what was done to it when. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cached_property

from pydantic import ValidationError

from gateway.messages import Envelope, Reading, Status
from simulators.conformance.hearing import Heard

Key = tuple[str, int]
"""Boot and seq."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """An envelope that fits the contract, with its place among all that was heard."""

    place: int
    heard: Heard
    envelope: Envelope


@dataclass(frozen=True, slots=True)
class Told:
    """What the gateway was told, and the places in `heard` from which on; None: it came not so far."""

    config: int | None = None
    asset: str = ""
    asset_sent: int | None = None
    walk_begun: int | None = None
    walk_ended: int | None = None
    repeated: int | None = None
    ended_again: int | None = None
    expired: int | None = None
    nonsense: int | None = None
    last_config: int | None = None


@dataclass(frozen=True)
class Evidence:
    """All that was heard, and what was done to the gateway when (places in `heard`).

    `cut` and `cut_again` are None where its line could not be cut.
    """

    gateway: str
    heard: tuple[Heard, ...]
    greeted: int
    """Before this place: what the broker had kept when we came."""
    withheld_from: int | None
    cut: int | None = None
    cut_again: int | None = None
    stored: dict[str, int] = field(default_factory=dict)
    told: Told = Told()
    beats_waited: bool = False
    off_by_most: timedelta = timedelta(minutes=1)
    follows_within: timedelta = timedelta(seconds=5)
    """After a sensor has spoken, in a walk test."""

    @cached_property
    def envelopes(self) -> list[Parsed]:
        found = []
        for place, heard in self.on("readings"):
            try:
                found.append(Parsed(place, heard, Envelope.model_validate_json(heard.payload)))
            except ValidationError:
                continue  # `form` says so
        return found

    @cached_property
    def statuses(self) -> list[tuple[int, Heard, Status]]:
        found = []
        for place, heard in self.on("status"):
            try:
                found.append((place, heard, Status.model_validate_json(heard.payload)))
            except ValidationError:
                continue  # `status` says so
        return found

    def on(self, leaf: str) -> Iterator[tuple[int, Heard]]:
        for place, heard in enumerate(self.heard):
            if heard.topic.rpartition("/")[2] == leaf:
                yield place, heard

    def came(self, first: int = 0, end: int | None = None) -> list[Key]:
        """The keys of readings heard from `first` on and before `end`, as often as they came."""
        last = len(self.heard) if end is None else end
        return [key for one in self.envelopes if first <= one.place < last for key in _keys(one.envelope)]

    def readings(self) -> Iterator[tuple[Parsed, Reading]]:
        for one in self.envelopes:
            for reading in one.envelope.readings:
                yield one, reading


def _keys(envelope: Envelope) -> list[Key]:
    return [(envelope.boot, reading.seq) for reading in envelope.readings]


def stored_up_to(evidence: Evidence) -> dict[str, int]:
    """Of each boot the highest number up to which nothing is missing: what a server would call stored."""
    seen: dict[str, set[int]] = {}
    for boot, seq in evidence.came():
        seen.setdefault(boot, set()).add(seq)
    return {boot: _unbroken(seqs) for boot, seqs in seen.items()}


def _unbroken(seqs: set[int]) -> int:
    top = min(seqs)
    while top + 1 in seqs:
        top += 1
    return top
