"""How a ladder goes on: who is told next, who is passed by, and when to look again. Pure.

All people of a step are told at once, and the next step comes its time after that: after the
end of their quiet hours, where what is told can wait for it. A step where nobody can be told is
passed by at once. After the last step the ladder starts once
more from the top; when that has not helped either, nobody answered, and the alert waits
in the queue of the housing team. As long as nobody was even told, it starts again and again, and is
looked at again when nobody can be told at all. Where somebody else comes on duty after nobody answered,
it goes on with them. The resident, who is asked whether all is well, counts as nobody there.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

REPEAT_AFTER = timedelta(minutes=10)
"""From the last step to the top again, and from the last step of all to "nobody answered"."""


class What(StrEnum):
    """What is written down about a ladder."""

    STEP = "step"
    SKIPPED = "skipped"
    REPEATED = "repeated"
    NOBODY_ANSWERED = "nobody_answered"


class WhyNot(StrEnum):
    """Why somebody is passed by."""

    OPTED_OUT = "opted_out"
    NUMBER_WRONG = "number_wrong"
    NO_EMAIL = "no_email"
    NOBODY_ON_DUTY = "nobody_on_duty"
    ANSWERED = "answered"  # the resident has answered
    CANNOT = "cannot"  # they said so about this alert
    NOT_ASKED = "not_asked"  # the resident, about what is urgent: whoever called for help has said how they are


class By(StrEnum):
    """How somebody is told."""

    SMS = "sms"
    VOICE = "voice"
    EMAIL = "email"
    WEBHOOK = "webhook"
    TABLET = "tablet"  # in the home: the resident alone


@dataclass(frozen=True, slots=True)
class Reach:
    """One way to tell one person, or one system, or to ask on the tablet of a home."""

    person_id: int | None
    by: By = By.SMS
    endpoint_id: int | None = None
    gateway_id: int | None = None
    not_before: datetime | None = None
    """The end of their quiet hours, where this can wait."""
    is_resident: bool = False
    is_new: bool = False
    """Nobody has told them of this alert yet."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of a ladder."""

    step: int
    after: timedelta
    reachable: tuple[Reach, ...]
    not_reachable: tuple[tuple[Reach, WhyNot], ...] = ()


@dataclass(frozen=True, slots=True)
class Ladder:
    """Where an alert stands on its home's ladder. `step` is the last that ran; 0: none yet."""

    rungs: tuple[Rung, ...]
    step: int = 0
    round: int = 0
    repeats_left: int = 1
    nobody_told: bool = False
    """No text about it may have arrived lately: the phone company is away, or refuses us."""
    unanswered: bool = False
    """That nobody answered has been said."""
    has_rota: bool = False
    """Somebody else may come on duty."""


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing to write down."""

    what: What
    person_id: int | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """What to do now. Without anybody to tell nobody answered; a next time is then only another look."""

    tell: tuple[Reach, ...]
    step: int
    round: int
    repeats_left: int
    next_step_at: datetime | None
    happened: tuple[Happened, ...]

    @property
    def unanswered(self) -> bool:
        return not self.tell


def go_on(ladder: Ladder, now: datetime) -> Move:
    """The next step of an alert whose next step is due."""
    ahead = [rung for rung in ladder.rungs if rung.step > ladder.step]
    happened: list[Happened] = []
    found = _first(ahead, happened)
    rungs = _in_the_next_round(ladder)
    again = found is None and any(rung.reachable for rung in rungs)
    if again:
        happened.append(Happened(What.REPEATED))
        found = _first(rungs, happened)
    round_, left = (ladder.round + 1, max(0, ladder.repeats_left - 1)) if again else (ladder.round, ladder.repeats_left)
    if found is None:
        happened = [] if ladder.unanswered else [*happened, Happened(What.NOBODY_ANSWERED)]
        look_again = now + REPEAT_AFTER if ladder.nobody_told or ladder.has_rota else None
        return Move((), ladder.step, round_, left, look_again, tuple(happened))
    happened.append(Happened(What.STEP, note=str(found.step)))
    next_step_at = _told_at(found, now) + _wait(ladder, found)
    return Move(found.reachable, found.step, round_, left, next_step_at, tuple(happened))


def _in_the_next_round(ladder: Ladder) -> Sequence[Rung]:
    if ladder.repeats_left > 0:
        return _once_more(ladder.rungs)
    rungs = _once_more(ladder.rungs) if ladder.nobody_told else ladder.rungs
    return [
        replace(rung, reachable=tuple(reach for reach in rung.reachable if _may_be_told(reach, ladder)))
        for rung in rungs
    ]


def _may_be_told(reach: Reach, ladder: Ladder) -> bool:
    """Once all have been told twice. The resident is not asked for ever."""
    return not reach.is_resident and (ladder.nobody_told or reach.is_new)


def _once_more(rungs: Sequence[Rung]) -> Sequence[Rung]:
    """Who is asked when the ladder starts again. Who said "I cannot" is spared, unless there is nobody else."""
    return rungs if any(rung.reachable for rung in rungs) else [_with_those_who_cannot(rung) for rung in rungs]


def _with_those_who_cannot(rung: Rung) -> Rung:
    asked = tuple(reach for reach, why in rung.not_reachable if why is WhyNot.CANNOT)
    others = tuple((reach, why) for reach, why in rung.not_reachable if why is not WhyNot.CANNOT)
    return Rung(rung.step, rung.after, rung.reachable + asked, others)


def _first(rungs: Sequence[Rung], happened: list[Happened]) -> Rung | None:
    """The first step on which somebody can be told; notes everybody who is passed by until then."""
    for rung in rungs:
        happened += [Happened(What.SKIPPED, reach.person_id, why) for reach, why in rung.not_reachable]
        if rung.reachable:
            return rung
    return None


def _told_at(rung: Rung, now: datetime) -> datetime:
    """When the first of them hears."""
    return min(reach.not_before or now for reach in rung.reachable)


def _wait(ladder: Ladder, present: Rung) -> timedelta:
    later = [rung for rung in ladder.rungs if rung.step > present.step]
    return later[0].after if later else REPEAT_AFTER
