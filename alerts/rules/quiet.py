"""What every rule about silence says of it: since when, what was seen meanwhile, which occasion. Pure."""

from alerts.bits import nth, runs
from alerts.folding import HORIZON_MIN
from alerts.local_days import instant
from alerts.sight import Sight
from alerts.verdicts import Evidence
from alerts.visits import gone_since, longest_out

HIDDEN_MIN = 15
"""After so many minutes that could not be seen the clock of a silence starts anew."""

RETRY_MIN = 10
"""How soon to look again at a home that cannot be seen."""

LONGER_OUT_MIN = 6 * 60
"""By so much at most time out is believed longer than its cap."""


def seen_again(sight: Sight, last: int) -> int:
    """The end of the newest stretch since the last sign that could not be seen; she may well have been about in it.

    So a loss of data never makes a finding that would not have been made without it. 0: there was none.
    """
    hidden = sight.within(~sight.seen, last + 1, sight.minute)
    if not hidden:
        return 0
    ends = [sight.base + end for first, end in runs(hidden) if end - first >= HIDDEN_MIN]
    return ends[-1] if ends else 0


def in_pieces_at(sight: Sight, first: int, limit: int) -> int:
    """When a silence since `first` reaches twice the limit, all that was seen of it taken together.

    A home that loses some data every few hours would start the clock anew for ever.
    """
    seen = sight.within(sight.seen, first, sight.minute)
    missing = 2 * limit - seen.bit_count()
    return sight.minute + missing if missing > 0 else sight.base + nth(seen, 2 * limit) + 1


def believed_out_until(sight: Sight, left: int, cap: int) -> int:
    """Until when somebody who left in the minute `left` is believed to be out; `cap` in minutes.

    Who was out for longer in the last days, and came back, may be so again: of an evening job, or nights at
    her daughter's, the first is told.
    """
    until = left + cap
    if sight.minute < until:
        return until
    return max(until, left + min(longest_out(sight), cap + LONGER_OUT_MIN))


def evidence(expected: str, sight: Sight, out: int | None) -> Evidence:
    """The silence since the last sign that counts; `out`: the minute in which the person went out."""
    last = sight.last_counted
    at, place = sight.at_and_where(last) if last is not None else (None, None)
    first = last + 1 if last is not None else sight.base
    return Evidence(
        expected=expected,
        last_sign_at=at,
        last_sign_place=place,
        out_since=instant(out) if out is not None else None,
        covered_min=sight.within(sight.seen, first, sight.minute).bit_count(),
        span_min=sight.minute - first,
        gaps=sight.gaps(max(first, sight.base), sight.minute),
    )


def occasion(sight: Sight) -> str:
    """A silence is named by the sign before it, for three days, which every picture holds.

    One that only short visits break is the same silence.
    """
    last = sight.last_counted
    if last is None:
        return "never"
    gone = sight.once(gone_since)
    first = last if gone is None else gone
    return "for days" if first < sight.minute - HORIZON_MIN else instant(first).isoformat()
