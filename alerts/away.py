"""Times in which nobody is expected at home: away and in hospital. Pure.

While one holds, every rule that watches for the person says "as expected"; supervision of the
kit, calls for help and doors at night go on. It ends on its date, by a person, or by itself
when the home is plainly lived in again. What was not seen before its end is no silence.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from alerts.bits import runs
from alerts.sight import Sight
from alerts.verdicts import Evidence, Outcome, Reason, Verdict

BACK_HOURS = 6
"""Hours with activity that counts, of the last 24, that show that somebody lives there again.

Of 51 recorded days with 1 to 25 events none has more than 5 such hours (a daily visit, movements
of nobody), and neither have a cleaner's morning and a neighbour's look together; 99 of 100 lived-in
days have 7 and more. Who comes back by day is noticed after 6 hours (median; 19 of 20 within 15).
"""
BACK_WITHIN = timedelta(hours=24)
BACK_PLACES = 2
"""And in so many places: one faulty sensor is nobody."""

NAG_AFTER = timedelta(days=7)
"""So long without an end, and again each time: the housing team is asked whether it still holds."""

LOOK_EVERY = timedelta(hours=1)
"""How soon an hour more of activity can be noticed."""

REMEMBERED = timedelta(days=7)
"""So long an end still matters: longer than any picture reaches back."""


class AbsenceKind(StrEnum):
    AWAY = "away"
    HOSPITAL = "hospital"


class EndedWhy(StrEnum):
    DATE = "date"
    ACTIVITY = "activity"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Absence:
    """Nobody is expected at home from `from_at` until the earliest of its ends; a planned one lies ahead."""

    home_id: int
    id: int
    from_at: datetime
    until_at: datetime | None = None
    ended_at: datetime | None = None

    @property
    def end(self) -> datetime | None:
        return self.ended_at or self.until_at

    def holds(self, now: datetime) -> bool:
        return self.from_at <= now and (self.end is None or now < self.end)


@dataclass(frozen=True, slots=True)
class Ended:
    """To be written down: an absence came to its end by itself."""

    absence_id: int
    at: datetime
    why: EndedWhy


def holding(absences: Sequence[Absence], now: datetime) -> Absence | None:
    """The one in force."""
    return next((one for one in absences if one.holds(now)), None)


def last_end(absences: Sequence[Absence], now: datetime) -> datetime | None:
    """When the newest one that was in force ended; what lies before is no silence."""
    ends = [one.end for one in absences if one.end is not None and one.from_at < one.end <= now]
    return max(ends, default=None)


def settle(absences: Sequence[Absence], sight: Sight) -> tuple[tuple[Absence, ...], tuple[Ended, ...]]:
    """The absences as they are by now, and which of them have come to their end."""
    ended = tuple(one for absence in absences if (one := _ended(absence, sight)))
    ends = {one.absence_id: one.at for one in ended}
    return tuple(replace(one, ended_at=ends.get(one.id, one.ended_at)) for one in absences), ended


def as_away(absence: Absence, now: datetime) -> Verdict:
    """What every rule says that watches for the person."""
    due = absence.until_at or now + LOOK_EVERY
    gone = Evidence(out_since=absence.from_at)
    return Verdict(
        Outcome.AS_EXPECTED, Reason.AWAY, f"away {absence.id}", due, min(due, now + LOOK_EVERY), evidence=gone
    )


def to_tell(absences: Sequence[Absence], ended: Sequence[Ended], now: datetime) -> Iterator[Verdict]:
    """What the housing team has to know: somebody seems to be back, or nobody has set an end for long."""
    starts = {one.id: one.from_at for one in absences}
    for one in ended:
        if one.why is EndedWhy.ACTIVITY:
            yield _technical(Reason.SEEMS_BACK, f"back {one.absence_id}", one.at, now, starts[one.absence_id])
    held = holding(absences, now)
    weeks = (now - held.from_at) // NAG_AFTER if held and held.until_at is None else 0
    if held and weeks:
        asked = held.from_at + weeks * NAG_AFTER
        yield _technical(Reason.STILL_AWAY, f"away {held.id} week {weeks}", asked, now, held.from_at)


def _technical(reason: Reason, occasion: str, due: datetime, now: datetime, since: datetime) -> Verdict:
    evidence = Evidence(out_since=since)
    return Verdict(Outcome.NOT_OBSERVABLE, reason, occasion, due, now + timedelta(days=1), evidence)


def _ended(absence: Absence, sight: Sight) -> Ended | None:
    if absence.ended_at is not None or sight.now < absence.from_at:
        return None
    if absence.until_at is not None and absence.until_at <= sight.now:
        return Ended(absence.id, absence.until_at, EndedWhy.DATE)
    return Ended(absence.id, sight.now, EndedWhy.ACTIVITY) if _is_lived_in(sight, absence.from_at) else None


def _is_lived_in(sight: Sight, since: datetime) -> bool:
    """Whether activity since then, of the last day, is more than visits and movements of nobody."""
    first = int(max(since, sight.now - BACK_WITHIN).timestamp() // 60)
    counted = sight.within(sight.counted, first, sight.minute + 1)
    hours = {minute // 60 for a, b in runs(counted) for minute in range(sight.base + a, sight.base + b)}
    places = {place for (place, _), bits in sight.picture.signs.items() if bits & counted}
    return len(hours) >= BACK_HOURS and len(places) >= BACK_PLACES
