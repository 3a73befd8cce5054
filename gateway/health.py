"""What is wrong with the gateway itself, for its status. Pure; `wall` is monotonic seconds."""

from dataclasses import dataclass
from enum import StrEnum


class Problem(StrEnum):
    """Stable words: logged, and told in the status."""

    DISK_FULL = "disk_full"
    DISK_READ_ONLY = "disk_read_only"
    DISK_FAILS = "disk_fails"
    OUTBOX_LOST = "outbox_lost"  # its file could not be read and was set aside
    LOGIN_REFUSED = "login_refused"  # the server's broker does not know our name or password, or has banned us
    PUBLISH_REFUSED = "publish_refused"  # it takes no readings of us
    IDENTITY_SHARED = "identity_shared"  # another gateway connects under our name
    CERTIFICATE_EXPIRED = "certificate_expired"  # the server's
    CERTIFICATE_NOT_YET_VALID = "certificate_not_yet_valid"  # the server's; often it is our clock that is wrong
    CERTIFICATE_REFUSED = "certificate_refused"  # the server's is not signed by whom we trust, or has another name
    OWN_CERTIFICATE_EXPIRED = "own_certificate_expired"
    OWN_CERTIFICATE_REFUSED = "own_certificate_refused"


class ClockState(StrEnum):
    KNOWN = "known"  # a time source has set it
    UNSURE = "unsure"  # none has, or we cannot tell
    UNSET = "unset"  # it is before this software was written


@dataclass(frozen=True, slots=True)
class Condition:
    """What the status says of it."""

    problems: tuple[str, ...] = ()
    clock: ClockState | None = None


WELL = Condition()
TOLD_FOR_S = 3600.0
"""A line that was refused can say so only when it is back."""


class Health:
    """Problems, each until a time."""

    def __init__(self) -> None:
        self._until: dict[Problem, float] = {}

    def note(self, problem: Problem, wall: float, for_s: float = TOLD_FOR_S) -> bool:
        """Whether it is news."""
        is_news = problem not in self.problems(wall)
        self._until[problem] = max(wall + for_s, self._until.get(problem, 0.0))
        return is_news

    def is_over(self, *problems: Problem) -> None:
        for problem in problems:
            self._until.pop(problem, None)

    def problems(self, wall: float) -> tuple[Problem, ...]:
        return tuple(sorted(problem for problem, until in self._until.items() if wall < until))
