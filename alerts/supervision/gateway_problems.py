"""What is wrong with gateways themselves, as they tell it in their status: in words, and as verdicts. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from alerts.supervision.troubles import OUR_OWN_CLOCK, Trouble, trouble
from alerts.verdicts import Evidence, Reason
from gateway.health import Problem

CLOCK_UNSET = "clock_unset"
"""As the database keeps that a clock is not set."""
LASTS = timedelta(minutes=10)
"""What is over sooner needs nobody: a gateway that has just started waits for its clock."""
WORDS: dict[str, str] = {
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
    CLOCK_UNSET: "Its clock is not set, so readings wait. It needs a way to a time server.",
}
"""What each means for people; a maker's own word is not among them."""
OURS = frozenset({Problem.CERTIFICATE_EXPIRED, Problem.CERTIFICATE_REFUSED, Problem.PUBLISH_REFUSED})
"""What all gateways tell together when it is ourselves."""


@dataclass(frozen=True, slots=True)
class GatewayProblem:
    """One problem of a gateway; `seen`: how many gateways are seen at all."""

    home_id: int
    gateway_id: int
    problem: str
    since: datetime
    seen: int


def problems(found: Sequence[GatewayProblem], now: datetime) -> list[Trouble]:
    """Those that need somebody in the home. What most gateways tell at once is nothing to mend in each."""
    times = Counter(one.problem for one in found)
    return [
        _trouble(one, now)
        for one in found
        if one.problem in WORDS
        and now - one.since >= LASTS
        and not (one.problem in OURS and times[one.problem] >= OUR_OWN_CLOCK and 2 * times[one.problem] > one.seen)
    ]


def _trouble(one: GatewayProblem, now: datetime) -> Trouble:
    occasion = f"gateway {one.gateway_id} {one.problem} {one.since.isoformat()}"
    evidence = Evidence(detail=WORDS[one.problem])
    return trouble(one.home_id, Reason.GATEWAY_TROUBLE, occasion, one.since, now, evidence)
