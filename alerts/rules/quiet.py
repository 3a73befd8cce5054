"""What every rule about silence says of it: since when, what was seen meanwhile, which occasion. Pure."""

from alerts.local_days import instant
from alerts.sight import Sight
from alerts.verdicts import Evidence


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
    """A silence is named by the sign before it, while the picture still holds that."""
    last = sight.last_counted
    if last is None:
        return "never"
    return "for days" if last < sight.base else instant(last).isoformat()
