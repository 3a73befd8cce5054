"""Whoever is out when something is due at home is given time after coming back. Pure."""

from dataclasses import dataclass

from alerts.local_days import Hours, begun, instant, local_hour
from alerts.rules.unusual_quiet import UnusualQuiet
from alerts.sight import Sight
from alerts.visits import gone_since

BACK_MIN = 60
"""So long after coming back it is due again."""

RETRY_MIN = 30
_LONGEST_MIN = 12 * 60
_USUAL = UnusualQuiet()


@dataclass(frozen=True, slots=True)
class Away:
    """Out when something was due. Unix minutes."""

    left: int
    due: int
    """When it is due instead; beyond now where nobody has come back yet."""


def away_at(sight: Sight, hours: Hours, first: int, deadline: int) -> Away | None:
    """None for whoever was in. `first`: when the hours began at whose deadline somebody is missing."""
    left = _left(sight, deadline)
    if left is None:
        left = _still_gone(sight, hours, first, deadline)
    if left is None:
        return None
    back = sight.first_of(sight.within(sight.counted, deadline, sight.minute + 1))
    return Away(left, sight.minute + RETRY_MIN if back is None else back + BACK_MIN)


def _left(sight: Sight, at: int) -> int | None:
    """The last sign before `at`, where that was an outside door by day."""
    last = sight.last_of(sight.within(sight.counted, at - _LONGEST_MIN, at))
    if last is None or not sight.within(sight.outside_doors, last, last + 1):
        return None
    return last if _USUAL.out_from <= local_hour(sight.zone, last) < _USUAL.out_until else None


def _still_gone(sight: Sight, hours: Hours, first: int, deadline: int) -> int | None:
    """Since when she has been gone, but for short visits, where she was missing on the day before as well.

    Of such an absence the first day is told, and not each one that follows.
    """
    before = begun(hours, sight.zone, first - 1)
    if before is None:
        return None
    then = sight
    if sight.minute > deadline:
        then = Sight(sight.picture.as_at(deadline), sight.zone, instant(deadline))
    gone = gone_since(then)
    last = then.last_counted
    if gone is None and last is not None and sight.within(sight.outside_doors, last - 1, last + 1):
        gone = last
    return max(gone, sight.base) if gone is not None and gone < before.end - _LONGEST_MIN else None
