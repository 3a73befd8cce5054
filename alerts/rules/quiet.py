"""What every rule about silence says of it: since when, what was seen meanwhile, which occasion. Pure."""

from alerts.bits import nth, runs
from alerts.folding import HORIZON_MIN
from alerts.local_days import instant
from alerts.sight import LONE_MIN, Sight
from alerts.verdicts import Evidence, Outcome, Reason, Verdict
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


def broken(sight: Sight, deadline: int, look: int, out: int | None) -> Verdict:
    """Not too long so far: she was about, or is presumed out."""
    if out is not None:
        return said(Outcome.AS_EXPECTED, Reason.PRESUMED_OUT, sight, deadline, look, Evidence(out_since=instant(out)))
    at, place = sight.at_and_where(sight.last_counted or 0)
    evidence = Evidence(last_sign_at=at, last_sign_place=place)
    return said(Outcome.AS_EXPECTED, Reason.SIGN_OF_LIFE, sight, deadline, look, evidence)


def before_lone(sight: Sight, look: int) -> int:
    """When to look again: a movement this young counts for now. Should it prove a lone one, the clock never stopped."""
    last = sight.last_counted or 0
    if sight.minute - last <= LONE_MIN and sight.may_be_lone(last):
        return min(look, last + LONE_MIN + 1)
    return look


def unseen(expected: str, sight: Sight, deadline: int, out: int | None) -> Verdict:
    """Nobody can say, for the home cannot be seen."""
    found = evidence(expected, sight, out)
    return said(Outcome.NOT_OBSERVABLE, Reason.NOT_COVERED, sight, deadline, sight.minute + RETRY_MIN, found)


def said(
    outcome: Outcome, reason: Reason, sight: Sight, deadline: int, look: int, evidence: Evidence | None = None
) -> Verdict:
    """The verdict on the silence that lasts until now; `deadline` and `look` are minutes."""
    looks = instant(max(look, sight.minute + 1))
    return Verdict(outcome, reason, sight.once(occasion), instant(deadline), looks, evidence or Evidence())
