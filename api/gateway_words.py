"""What is wrong with a gateway itself, in plain words. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from alerts.supervision.gateway_problems import WORDS
from api.times import when

UNSURE_CLOCK = "Its clock has not been set by a time server since it started. Times may be a little wrong."


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something that is wrong with a gateway."""

    words: str
    since: str


def wrongs(problems: Mapping[str, str], zone: ZoneInfo, now: datetime) -> Iterator[Wrong]:
    """`problems`: the gateway's words and since when, as ISO 8601. A maker's own words are told as they are."""
    for problem, since in sorted(problems.items()):
        words = WORDS.get(problem, f"It says of itself: {problem.replace('_', ' ')}")
        yield Wrong(words, when(datetime.fromisoformat(since), zone, now))
