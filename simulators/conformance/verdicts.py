"""What is said of a gateway about one promise of the contract."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from pydantic import ValidationError

from simulators.conformance.evidence import Evidence


class Outcome(StrEnum):
    PASS = "pass"  # noqa: S105 (a verdict)
    FAIL = "FAIL"
    NOT_TRIED = "not tried"
    NOT_OFFERED = "not offered"  # a part of the contract that a gateway may do without


@dataclass(frozen=True, slots=True)
class Verdict:
    """`said`: what was found, a few words or a sentence."""

    outcome: Outcome
    said: str


@dataclass(frozen=True, slots=True)
class Point:
    """One promise of the contract."""

    name: str
    expected: str
    judge: Callable[[Evidence], Verdict]


def passed(said: str) -> Verdict:
    return Verdict(Outcome.PASS, said)


def failed(said: str) -> Verdict:
    return Verdict(Outcome.FAIL, said)


def not_tried(why: str) -> Verdict:
    return Verdict(Outcome.NOT_TRIED, why)


def not_offered(why: str) -> Verdict:
    return Verdict(Outcome.NOT_OFFERED, why)


def why(error: ValidationError) -> str:
    first = error.errors(include_url=False, include_input=False)[0]
    where = ".".join(str(part) for part in first["loc"]) or "the message"
    return f"{where}: {first['msg']}"
