"""Judging "between 16 and 28 °C by day". Pure.

The clock runs over minutes that could be seen and for which a measurement speaks, from the end of the
first half hour that was too cold (or too hot) throughout; so one odd measurement never counts, and one
good half hour starts it anew. Half hours are as fine as a picture is: it is told rather later than too early.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from alerts.bits import nth
from alerts.local_days import Window, begun, coming, instant
from alerts.rules.own_sensors import DAY_MIN, Needed, never
from alerts.rules.parts import LocalTime, Name, WithHours
from alerts.rules.phrases import in_places, on_days
from alerts.sight import Sight
from alerts.verdicts import Evidence, Outcome, Reason, Verdict
from alerts.warmth import KEPT_SLOTS, SLOT_MIN, Warmth

SPEAKS_MIN = 90
"""A measurement speaks for its half hour and so long after it: gateways keep one an hour that has not moved."""

SILENT_MIN = 180
"""A sensor that has measured nothing for so long says nothing about now."""

LEAST = 2
"""Half hours with a measurement: nothing is said on one alone."""

RETRY_MIN = 10
"""How soon to look again at a home that cannot be seen."""

Degrees = Annotated[float, Field(ge=0, le=40)]


class Temperature(WithHours):
    """Too cold or too hot for long, within these hours; of a home that is let cool at night nothing is said."""

    kind: Literal["temperature"] = "temperature"
    start: LocalTime = "08:00"
    end: LocalTime = "22:00"
    places: tuple[Name, ...] = ()
    """Empty: every place that is measured."""
    # The UK Health Security Agency and the WHO (Housing and health guidelines, 2018) advise at least 18 °C
    # for those at risk; a rule that speaks at 18 would speak all winter in the 15 % of Worcestershire's
    # households that are fuel poor. The English heatwave plan kept rooms for people at risk below 26 °C.
    below: Degrees | None = 16.0
    """Degrees Celsius. None: never too cold."""
    above: Degrees | None = 28.0
    """None: never too hot."""
    minutes: Annotated[int, Field(ge=60, le=600)] = 120
    """Too cold or too hot for so long: late, which responders see."""
    grace_min: Annotated[int, Field(ge=0, le=240)] = 30
    """So much longer: missed, which families hear."""

    @model_validator(mode="after")
    def _leaves_some_room(self) -> Self:
        if self.below is None and self.above is None:
            raise ValueError("neither below nor above is given")
        if self.below is not None and self.above is not None and self.below >= self.above:
            raise ValueError("below must be less than above")
        return self

    def describe(self) -> str:
        low = f"not below {self.below:g} °C" if self.below is not None else ""
        high = f"not above {self.above:g} °C" if self.above is not None else ""
        limits = " and ".join(filter(None, (low, high)))
        days = on_days(self.weekdays, self.bank_holidays)
        hours = f"for {self.minutes} minutes between {self.start} and {self.end}"
        return f"It is {limits}{in_places(self.places)} {hours}, {days}"

    def judge(self, sight: Sight, since: int) -> Sequence[Verdict]:
        return evaluate(self, sight, since)

    def can_tell(self, sight: Sight, minute: int) -> bool:
        longest = self.minutes + self.grace_min + SPEAKS_MIN + 2 * SLOT_MIN
        return minute - longest >= sight.picture.newest - (KEPT_SLOTS - 1) * SLOT_MIN


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Since when it is too cold, or too hot, at a place."""

    reason: Reason
    first_slot: int
    degrees: float
    """The newest measurement, as near to the limit as it came in its half hour."""
    limit: float


def evaluate(rule: Temperature, sight: Sight, since: int) -> list[Verdict]:
    """One verdict for each place."""
    look = _soonest(rule, sight)
    window = begun(rule.hours, sight.zone, sight.minute)
    if window is None:
        return [Verdict(Outcome.AS_EXPECTED, Reason.NOT_ITS_TIME, "none", instant(look), instant(look))]
    measured = sight.picture.warmth
    places = [place for place in rule.places or sorted(measured) if place in measured]
    found = [_at_place(rule, sight, window, place, since, look) for place in places]
    return [*_never_measured(rule, sight, since, look), *sorted(found, key=lambda one: one.deadline)]


def _never_measured(rule: Temperature, sight: Sight, since: int, look: int) -> list[Verdict]:
    """Where a place of the rule has no sensor, or none has: it is given a day that could be seen."""
    missing = tuple(place for place in rule.places if place not in sight.picture.warmth)
    if not missing and sight.picture.warmth:
        return []
    seen = sight.within(sight.seen, since, sight.minute)
    short = DAY_MIN - seen.bit_count()
    if short > 0:
        again = instant(min(look, sight.minute + short))
        return [Verdict(Outcome.WAITING, Reason.SENSOR_NEVER_REPORTED, "never measured", again, again)]
    return [never(rule, Needed(missing, ("room",), "temperature"), sight.base + nth(seen, DAY_MIN) + 1, look)]


def _soonest(rule: Temperature, sight: Sight) -> int:
    """The earliest that a cold which begins only now can last too long; readings make no home due."""
    window = begun(rule.hours, sight.zone, sight.minute)
    if window is not None and sight.minute + rule.minutes <= window.end:
        return sight.minute + rule.minutes
    return coming(rule.hours, sight.zone, sight.minute).first + rule.minutes


def _at_place(rule: Temperature, sight: Sight, window: Window, place: str, since: int, look: int) -> Verdict:
    warmth = sight.picture.warmth[place]
    silent_from = int(warmth.newest // 60) + SILENT_MIN
    if not sight.is_seen_now:
        return _unseen(rule, sight, window, place)
    if sight.minute >= silent_from:
        return _silent(rule, warmth, place, silent_from, look)
    look = min(look, silent_from)
    stretch = _stretch(rule, warmth)
    if stretch is None:
        usual = Evidence(places=(place,), measured=_newest(warmth))
        return _said(Outcome.AS_EXPECTED, Reason.WITHIN_USUAL, window, place, look, look, usual)
    return _lasting(rule, sight, window, place, max(since, window.first), look, stretch)


def _lasting(
    rule: Temperature, sight: Sight, window: Window, place: str, from_minute: int, look: int, stretch: _Stretch
) -> Verdict:
    warmth = sight.picture.warmth[place]
    first = max((stretch.first_slot + 1) * SLOT_MIN, from_minute)
    until = min(window.end, sight.minute)
    counted = sight.within(sight.seen & warmth.spoken_for(sight.base, SPEAKS_MIN), first, until)
    count, told = counted.bit_count(), rule.minutes + rule.grace_min
    if count >= told:
        outcome, reason = Outcome.MISSED, stretch.reason
        deadline = sight.base + nth(counted, told) + 1
    else:
        is_late = count >= rule.minutes
        outcome, reason = (Outcome.LATE, stretch.reason) if is_late else (Outcome.AS_EXPECTED, Reason.WITHIN_USUAL)
        deadline = sight.minute + (told if is_late else rule.minutes) - count
        look = min(look, deadline) if deadline <= window.end else look
    return _said(outcome, reason, window, place, deadline, look, _evidence(rule, place, stretch))


def _stretch(rule: Temperature, warmth: Warmth) -> _Stretch | None:
    """The half hours since the last one in which it was not too cold, or not too hot; None: no two of them."""
    for reason, limit, sign in ((Reason.TOO_COLD, rule.below, 1), (Reason.TOO_HOT, rule.above, -1)):
        if limit is None:
            continue
        # The measurement nearest to the limit decides: the highest where it is cold, the lowest where it is hot.
        nearest = {slot: high if sign > 0 else low for slot, (low, high) in warmth.slots.items()}
        good = [slot for slot, tenths in nearest.items() if tenths * sign >= limit * 10 * sign]
        bad = [slot for slot in nearest if slot > max(good, default=0)]
        if len(bad) >= LEAST:
            return _Stretch(reason, min(bad), nearest[max(bad)] / 10, limit)
    return None


def _newest(warmth: Warmth) -> float | None:
    """The highest measurement of the newest half hour, in degrees."""
    return warmth.slots[max(warmth.slots)][1] / 10 if warmth.slots else None


def _unseen(rule: Temperature, sight: Sight, window: Window, place: str) -> Verdict:
    hidden = sight.minute - max(int(sight.picture.last_beat // 60), sight.watched_again)
    outcome = Outcome.NOT_OBSERVABLE if hidden >= rule.minutes else Outcome.WAITING
    look = sight.minute + RETRY_MIN
    evidence = Evidence(expected=rule.describe(), places=(place,))
    return _said(outcome, Reason.NOT_COVERED, window, place, sight.minute, look, evidence)


def _silent(rule: Temperature, warmth: Warmth, place: str, deadline: int, look: int) -> Verdict:
    newest = datetime.fromtimestamp(warmth.newest, UTC)
    evidence = Evidence(expected=rule.describe(), places=(place,), last_match_at=newest, detail="temperature")
    occasion = f"{place} silent since {newest:%Y-%m-%dT%H:%M}"
    return Verdict(Outcome.NOT_OBSERVABLE, Reason.SENSOR_SILENT, occasion, instant(deadline), instant(look), evidence)


def _evidence(rule: Temperature, place: str, stretch: _Stretch) -> Evidence:
    return Evidence(
        expected=rule.describe(),
        places=(place,),
        seen_at=instant(stretch.first_slot * SLOT_MIN),
        measured=stretch.degrees,
        limit=stretch.limit,
    )


def _said(
    outcome: Outcome, reason: Reason, window: Window, place: str, deadline: int, look: int, evidence: Evidence
) -> Verdict:
    """A day's hours are one occasion: what is still too cold tomorrow is told again tomorrow."""
    occasion = f"{place} {window.day.isoformat()}"
    return Verdict(outcome, reason, occasion, instant(deadline), instant(look), evidence)
