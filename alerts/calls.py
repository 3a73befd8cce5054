"""Calls for help: an SOS button, smoke, carbon monoxide, a leak, a fall. Pure.

No rule with settings, always on: each is a finding, whatever its age. How old it is stands
in the words.
"""

from datetime import UTC, datetime, timedelta

from alerts.local_days import instant
from alerts.sight import Sight
from alerts.verdicts import Evidence, Outcome, Reason, Verdict


def evaluate(sight: Sight) -> list[Verdict]:
    """One verdict for each minute in which somebody called, of one kind, from one place; newest first."""
    found: dict[tuple[int, str, str], float] = {}
    for (place, kind), times in sight.picture.calls.items():
        for at in times:
            minute = int(at // 60)
            found[minute, kind, place] = min(at, found.get((minute, kind, place), at))
    return [_called(sight, at, *key) for key, at in sorted(found.items(), reverse=True)]


def _called(sight: Sight, at: float, minute: int, kind: str, place: str) -> Verdict:
    when = datetime.fromtimestamp(at, UTC)
    return Verdict(
        Outcome.MISSED,
        Reason.CALL_FOR_HELP,
        f"{instant(minute).isoformat()} {kind} {place}",
        when,
        sight.now + timedelta(days=1),
        Evidence(call=kind, called_at=when, places=(place,)),
    )
