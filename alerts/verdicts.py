"""What a rule can say, why, and on what evidence. Pure.

Three facts are never mixed up: the person is quiet (welfare, for families), something
urgent happened (for everybody at once), and the home cannot be seen (technical, for the
housing team).
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from typing import Any, Self


class Outcome(StrEnum):
    AS_EXPECTED = "as_expected"
    WAITING = "waiting"  # nothing to say yet: look again
    LATE = "late"  # past the window, inside its grace
    MISSED = "missed"  # welfare or urgent, by the rule's kind
    NOT_OBSERVABLE = "not_observable"  # could not be seen, so nobody may say "missed"


class Reason(StrEnum):
    """Why; stable words, stored and logged. alerts/words.py says each in plain English."""

    # as expected, or waiting
    SEEN = "seen"
    AWAY = "away"  # somebody said that nobody is at home
    SIGN_OF_LIFE = "sign_of_life"
    PRESUMED_OUT = "presumed_out"
    WINDOW_OPEN = "window_open"
    NOT_ITS_TIME = "not_its_time"
    DOOR_SHUT = "door_shut"
    HOME_SEEN = "home_seen"
    WITHIN_USUAL = "within_usual"  # a count or a measurement is as it should be
    BACK_HOME = "back_home"
    DONE = "done"  # a reminder, a dose
    VISITED = "visited"
    # late
    SEEN_LATE = "seen_late"
    NOT_YET = "not_yet"
    # missed, welfare
    NOTHING_THERE = "nothing_there"  # not where it was expected, but elsewhere in the home
    NOTHING_AT_ALL = "nothing_at_all"  # nor anywhere else
    SILENT = "silent"
    OUT_TOO_LONG = "out_too_long"
    MUCH_LESS = "much_less"  # the day so far far below the usual
    LEFT_OPEN = "left_open"
    NOT_BACK = "not_back"
    REMINDER_NOT_DONE = "reminder_not_done"
    NO_VISIT = "no_visit"
    TOO_COLD = "too_cold"
    TOO_HOT = "too_hot"
    # missed, for information: kept and shown, but nobody's case
    RESTLESS_NIGHT = "restless_night"
    BATHROOM_VISITS = "bathroom_visits"
    SLOW_CHANGE = "slow_change"
    # missed, urgent
    DOOR_AT_NIGHT = "door_at_night"
    CALL_FOR_HELP = "call_for_help"
    # not observable, technical
    NOT_COVERED = "not_covered"
    PAUSED = "paused"  # by the resident, and nobody's case
    SENSOR_SILENT = "sensor_silent"
    SENSOR_NEVER_REPORTED = "sensor_never_reported"
    HOME_UNSEEN = "home_unseen"
    NEVER_REPORTED = "never_reported"
    REMINDER_FAILED = "reminder_failed"  # not shown, or the box is empty or out of order
    RULE_BROKEN = "rule_broken"
    NOT_JUDGED = "not_judged"  # the home itself could not be judged
    NOT_CHECKED_IN = "not_checked_in"  # a device is silent beyond its own interval
    BATTERY_LOW = "battery_low"
    TAMPERED = "tampered"
    CLOCK_WRONG = "clock_wrong"
    STORM = "storm"  # a device sends without end
    UNREGISTERED = "unregistered"  # a device called for help that nobody had registered
    GATEWAY_TROUBLE = "gateway_trouble"  # something is wrong with the gateway itself
    STILL_AWAY = "still_away"  # away mode has no end and goes on for long
    SEEMS_BACK = "seems_back"  # set to away, yet plainly lived in: watched over again


class AlertClass(StrEnum):
    WELFARE = "welfare"
    URGENT = "urgent"
    TECHNICAL = "technical"


URGENT = frozenset({Reason.DOOR_AT_NIGHT, Reason.CALL_FOR_HELP})
WELFARE = frozenset(
    {
        Reason.NOTHING_THERE,
        Reason.NOTHING_AT_ALL,
        Reason.SILENT,
        Reason.OUT_TOO_LONG,
        Reason.MUCH_LESS,
        Reason.LEFT_OPEN,
        Reason.NOT_BACK,
        Reason.REMINDER_NOT_DONE,
        Reason.NO_VISIT,
        Reason.TOO_COLD,
        Reason.TOO_HOT,
    }
)
ABOUT_DEVICES = frozenset(
    {
        Reason.NOT_CHECKED_IN,
        Reason.BATTERY_LOW,
        Reason.TAMPERED,
        Reason.CLOCK_WRONG,
        Reason.STORM,
        Reason.UNREGISTERED,
        Reason.GATEWAY_TROUBLE,
    }
)
FOR_INFORMATION = frozenset({Reason.RESTLESS_NIGHT, Reason.BATHROOM_VISITS, Reason.SLOW_CHANGE})


class Severity(StrEnum):
    """How much a finding matters; picks the ladder."""

    URGENT = "urgent"
    HIGH = "high"
    LOW = "low"
    NONE = "none"  # kept and shown, but nobody's case


USUAL_SEVERITY = {
    AlertClass.URGENT: Severity.URGENT,
    AlertClass.WELFARE: Severity.HIGH,
    AlertClass.TECHNICAL: Severity.LOW,
    None: Severity.NONE,
}


def alert_class(outcome: Outcome, reason: Reason) -> AlertClass | None:
    """Whose case a finding is; None: nobody's, it is only kept."""
    if reason is Reason.PAUSED:
        return None
    if outcome is Outcome.NOT_OBSERVABLE:
        return AlertClass.TECHNICAL
    if reason in FOR_INFORMATION:
        return None
    if outcome is Outcome.MISSED:
        return AlertClass.URGENT if reason in URGENT else AlertClass.WELFARE
    return None


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch that could not be seen."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a verdict rests on; what does not apply is None or empty. Times are aware, in UTC."""

    expected: str = ""
    """What was expected, in words."""
    places: tuple[str, ...] = ()
    """Where it was expected, or where it happened."""
    window_start: datetime | None = None
    window_end: datetime | None = None
    seen_at: datetime | None = None
    """The sign that was asked for, in the window."""
    last_match_at: datetime | None = None
    """The newest sign before the deadline where it was expected."""
    last_sign_at: datetime | None = None
    last_sign_place: str | None = None
    """The newest sign of life anywhere in the home."""
    out_since: datetime | None = None
    covered_min: int | None = None
    """How many of `span_min` minutes could be seen."""
    span_min: int | None = None
    gaps: tuple[Gap, ...] = ()
    since_deadline: bool = False
    """Seen where it was expected after the deadline after all."""
    paused_at: datetime | None = None
    paused_until_at: datetime | None = None
    """For which monitoring was paused."""
    opened_at: datetime | None = None
    shut_at: datetime | None = None
    inside_at: datetime | None = None
    """First movement inside after the door was opened."""
    call: str | None = None
    """Kind of a call for help."""
    called_at: datetime | None = None
    count: int | None = None
    """What was counted: signs of life, visits."""
    usual: float | None = None
    """The same as it usually is."""
    measured: float | None = None
    """A measurement, in the unit of its kind."""
    limit: float | None = None
    detail: str | None = None

    def to_json(self) -> dict[str, Any]:
        """A dict for a jsonb column, without what does not apply."""
        return {
            f.name: _out(value) for f in fields(self) if (value := getattr(self, f.name)) not in (None, "", (), False)
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        return cls(**{name: _in(name, value) for name, value in data.items()})


NOTHING = Evidence()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one rule says about one occasion."""

    verdict: Outcome
    reason: Reason
    occasion: str
    """What makes it one: the day of a window, the last sign before a silence, the opening of a door."""
    deadline: datetime
    """When it was, or is, due; for what simply happened, when it happened."""
    look_again: datetime
    """Nothing can change before then, unless a reading comes."""
    evidence: Evidence = NOTHING

    @property
    def is_finding(self) -> bool:
        """Whether it is kept."""
        return self.verdict in (Outcome.LATE, Outcome.MISSED, Outcome.NOT_OBSERVABLE)


def _out(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, tuple):
        return [[one.start.isoformat(), one.end.isoformat()] if isinstance(one, Gap) else one for one in value]
    return value


def _in(name: str, value: Any) -> Any:
    if name == "gaps":
        return tuple(Gap(datetime.fromisoformat(start), datetime.fromisoformat(end)) for start, end in value)
    if name == "places":
        return tuple(value)
    if value is not None and (name.endswith("_at") or name in ("window_start", "window_end", "out_since")):
        return datetime.fromisoformat(value)
    return value
