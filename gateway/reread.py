"""`python -m gateway reread`: the kept raw messages once more, through the mapping as it is now.

For when a mapping or the per-device table was mended. What was told at the time is not
told again; what is found now goes into the outbox with the time at which it happened. A
call for help that is found only now is counted and not sent: it would wake people about
the past.
"""

from collections import Counter
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace

from gateway.adapters import Adapter
from gateway.messages import Kind, is_urgent
from gateway.outbox import Kept, Rank
from gateway.raw import Key, Raw, key_of
from gateway.sieve import Sieve


@dataclass(slots=True)
class Found:
    """What reading again has brought."""

    readings: list[Kept] = field(default_factory=list)
    messages: int = 0
    calls: int = 0

    def summary(self) -> str:
        kinds = Counter(reading.kind.value for reading in self.readings)
        listed = ", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())) or "none"
        return f"{self.messages} messages read again; new readings: {listed}; calls for help not sent: {self.calls}"


def reread(raws: Iterable[Raw], adapter: Adapter, told: AbstractSet[Key] = frozenset()) -> Found:
    """Hear all of them anew, in order, as a gateway that has heard nothing before. `told`: by an earlier reading."""
    found, sieve = Found(), Sieve()
    for raw in raws:
        found.messages += 1
        for reading in sieve.keep(adapter.hear(raw.message).facts):
            known = (reading.sensor, reading.kind) in raw.gave or key_of(reading) in told
            if known or reading.kind is Kind.AVAILABLE:
                continue
            if is_urgent(reading.kind, reading.value):
                found.calls += 1
            else:
                found.readings.append(replace(reading, rank=Rank.REPEAT))
    return found
