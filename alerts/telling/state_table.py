"""What can happen to an alert, as one table. Pure.

Activity that returns never closes an alert: it explains it, and a person closes it.
"""

from datetime import timedelta
from enum import StrEnum
from typing import Literal

from alerts.verdicts import Severity


class State(StrEnum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    ATTENDING = "attending"
    EXPLAINED = "explained"
    CLOSED = "closed"


class Event(StrEnum):
    ACKNOWLEDGE = "acknowledge"  # somebody takes it
    ATTEND = "attend"  # somebody is with the resident
    CANNOT = "cannot"  # somebody who was told cannot come
    GIVE_BACK = "give_back"  # who has it cannot go on
    CLOSE = "close"
    EXPLAIN = "explain"  # data that came late explain it
    SAY_WELL = "say_well"  # the resident says that all is well
    LAPSE = "lapse"  # taken, and no outcome in time
    LAPSE_EXPLAINED = "lapse_explained"  # the same with one that was explained before
    FURTHER = "further"  # something further was found that belongs to it
    FURTHER_EXPLAINED = "further_explained"  # the same while somebody reads one that was explained
    RECUR = "recur"  # something was found soon after it was closed


TABLE: dict[tuple[State, Event], State | None] = {
    (State.OPEN, Event.ACKNOWLEDGE): State.ACKNOWLEDGED,
    (State.OPEN, Event.ATTEND): State.ATTENDING,
    (State.OPEN, Event.CANNOT): State.OPEN,
    (State.OPEN, Event.GIVE_BACK): None,
    (State.OPEN, Event.CLOSE): State.CLOSED,
    (State.OPEN, Event.EXPLAIN): State.EXPLAINED,
    (State.OPEN, Event.SAY_WELL): State.EXPLAINED,
    (State.OPEN, Event.LAPSE): None,
    (State.OPEN, Event.LAPSE_EXPLAINED): None,
    (State.OPEN, Event.FURTHER): State.OPEN,
    (State.OPEN, Event.FURTHER_EXPLAINED): None,
    (State.OPEN, Event.RECUR): None,
    (State.ACKNOWLEDGED, Event.ACKNOWLEDGE): None,
    (State.ACKNOWLEDGED, Event.ATTEND): State.ATTENDING,
    (State.ACKNOWLEDGED, Event.CANNOT): None,
    (State.ACKNOWLEDGED, Event.GIVE_BACK): State.OPEN,
    (State.ACKNOWLEDGED, Event.CLOSE): State.CLOSED,
    (State.ACKNOWLEDGED, Event.EXPLAIN): State.EXPLAINED,
    (State.ACKNOWLEDGED, Event.SAY_WELL): None,
    (State.ACKNOWLEDGED, Event.LAPSE): State.OPEN,
    (State.ACKNOWLEDGED, Event.LAPSE_EXPLAINED): State.EXPLAINED,
    (State.ACKNOWLEDGED, Event.FURTHER): State.ACKNOWLEDGED,
    (State.ACKNOWLEDGED, Event.FURTHER_EXPLAINED): State.OPEN,
    (State.ACKNOWLEDGED, Event.RECUR): None,
    (State.ATTENDING, Event.ACKNOWLEDGE): None,
    (State.ATTENDING, Event.ATTEND): None,
    (State.ATTENDING, Event.CANNOT): None,
    (State.ATTENDING, Event.GIVE_BACK): State.OPEN,
    (State.ATTENDING, Event.CLOSE): State.CLOSED,
    (State.ATTENDING, Event.EXPLAIN): State.EXPLAINED,
    (State.ATTENDING, Event.SAY_WELL): None,
    (State.ATTENDING, Event.LAPSE): State.OPEN,
    (State.ATTENDING, Event.LAPSE_EXPLAINED): State.EXPLAINED,
    (State.ATTENDING, Event.FURTHER): State.ATTENDING,
    (State.ATTENDING, Event.FURTHER_EXPLAINED): State.ATTENDING,
    (State.ATTENDING, Event.RECUR): None,
    (State.EXPLAINED, Event.ACKNOWLEDGE): State.ACKNOWLEDGED,
    (State.EXPLAINED, Event.ATTEND): State.ATTENDING,
    (State.EXPLAINED, Event.CANNOT): State.EXPLAINED,
    (State.EXPLAINED, Event.GIVE_BACK): None,
    (State.EXPLAINED, Event.CLOSE): State.CLOSED,
    (State.EXPLAINED, Event.EXPLAIN): None,
    (State.EXPLAINED, Event.SAY_WELL): None,
    (State.EXPLAINED, Event.LAPSE): None,
    (State.EXPLAINED, Event.LAPSE_EXPLAINED): None,
    (State.EXPLAINED, Event.FURTHER): State.OPEN,
    (State.EXPLAINED, Event.FURTHER_EXPLAINED): None,
    (State.EXPLAINED, Event.RECUR): None,
    (State.CLOSED, Event.ACKNOWLEDGE): None,
    (State.CLOSED, Event.ATTEND): None,
    (State.CLOSED, Event.CANNOT): None,
    (State.CLOSED, Event.GIVE_BACK): None,
    (State.CLOSED, Event.CLOSE): None,
    (State.CLOSED, Event.EXPLAIN): None,
    (State.CLOSED, Event.SAY_WELL): None,
    (State.CLOSED, Event.LAPSE): None,
    (State.CLOSED, Event.LAPSE_EXPLAINED): None,
    (State.CLOSED, Event.FURTHER): None,
    (State.CLOSED, Event.FURTHER_EXPLAINED): None,
    (State.CLOSED, Event.RECUR): State.OPEN,
}
"""The state after an event; None: the event is refused and changes nothing."""


class Outcome(StrEnum):
    """What closing an alert has to say."""

    ALL_WELL = "all_well"
    HELPED = "helped"
    FALSE_RULE = "false_rule"
    FALSE_VISITOR = "false_visitor"
    KIT = "kit"
    HOSPITAL = "hospital"


Channel = Literal["sms", "voice", "page", "tablet", "webhook", "engine"]

HELD = (State.ACKNOWLEDGED, State.ATTENDING)
"""Somebody has it."""

LAPSES_AFTER: dict[Severity, timedelta] = {
    Severity.URGENT: timedelta(minutes=15),
    Severity.HIGH: timedelta(minutes=30),
    Severity.LOW: timedelta(minutes=60),
}
"""Who has it says what came of it within this time, or it is open to all again."""
ATTENDING_LAPSES_AFTER = timedelta(hours=2)
"""The same for who is with the resident."""
TECHNICAL_LAPSES_AFTER = timedelta(hours=8)
"""A job for a visit, not for this hour."""
