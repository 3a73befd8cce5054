"""What is wrong with a gateway itself, in plain words. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from api.times import when
from gateway.health import Problem

CLOCK_UNSET = "clock_unset"
WORDS = {
    Problem.DISK_FULL: "Its disk is full. It goes on from memory, and what it holds is lost if its power fails.",
    Problem.DISK_READ_ONLY: "Its disk cannot be written to. It goes on from memory; the memory card needs replacing.",
    Problem.DISK_FAILS: "Its disk fails. It goes on from memory; the memory card needs replacing.",
    Problem.OUTBOX_LOST: "What it had kept could not be read any more. Some readings may be missing.",
    Problem.LOGIN_REFUSED: "It was refused here: its name or password is wrong. It may need a new claim code.",
    Problem.PUBLISH_REFUSED: "What it sends is refused here. Tell whoever runs the server.",
    Problem.IDENTITY_SHARED: "Another gateway uses the same name. Set one of them up with a new claim code.",
    Problem.CERTIFICATE_EXPIRED: "It found our server's certificate expired. Tell whoever runs the server.",
    Problem.CERTIFICATE_NOT_YET_VALID: "Our server's certificate is not valid yet for it: is its clock wrong?",
    Problem.CERTIFICATE_REFUSED: "It does not trust our server's certificate. Tell whoever runs the server.",
    Problem.OWN_CERTIFICATE_EXPIRED: "Its own certificate has expired. Set it up again with a new claim code.",
    Problem.OWN_CERTIFICATE_REFUSED: "Its own certificate is refused here. Set it up again with a new claim code.",
}
CLOCKS = {
    "unsure": "Its clock has not been set by a time server since it started. Times may be a little wrong.",
    "unset": "Its clock is not set, so readings wait. It needs a way to a time server.",
}


@dataclass(frozen=True, slots=True)
class Wrong:
    """Something that is wrong with a gateway."""

    words: str
    since: str


def wrongs(problems: Mapping[str, str], zone: ZoneInfo, now: datetime) -> Iterator[Wrong]:
    """`problems`: the gateway's words and since when, as ISO 8601. A maker's own words are told as they are."""
    known = {problem.value: words for problem, words in WORDS.items()} | {CLOCK_UNSET: CLOCKS["unset"]}
    for problem, since in sorted(problems.items()):
        words = known.get(problem, f"It says of itself: {problem.replace('_', ' ')}")
        yield Wrong(words, when(datetime.fromisoformat(since), zone, now))
