"""What becomes of one reminder that is due: a state machine as a table. Pure.

A showing is a showing, whether nobody answered or somebody said "later": each of the
reminder's few showings is counted, so "later" for ever is not possible. Who puts the last
one off has said no (skipped); where nobody answered at all it is over (expired).
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from gateway.config import Reminder


class State(StrEnum):
    WAITING = "waiting"
    SHOWN = "shown"
    PUT_OFF = "put_off"
    DONE = "done"
    SKIPPED = "skipped"
    EXPIRED = "expired"


class Event(StrEnum):
    SHOW = "show"  # it is time, and it may be shown (again)
    OVER = "over"  # it is time, and it was shown often enough
    DONE = "done"  # the button, or a sensor's word
    LATER = "later"
    NOT_NOW = "not_now"  # "later" at the last showing
    HELP = "help"
    GONE = "gone"  # the reminder was taken out of the config


class Said(StrEnum):
    """What is told of it; the reading's value is VALUE[said]."""

    SHOWN = "shown"
    DONE = "done"
    SKIPPED = "skipped"
    EXPIRED = "expired"


VALUE = {Said.SHOWN: 1.0, Said.DONE: 2.0, Said.SKIPPED: 3.0, Said.EXPIRED: 4.0}
FAR_AHEAD = timedelta(hours=12)
OPEN = frozenset({State.SHOWN, State.PUT_OFF})


class Step(NamedTuple):
    """Where an event leads, and what is told."""

    state: State
    said: Said | None = None


TABLE: Mapping[tuple[State, Event], Step | None] = {
    (State.WAITING, Event.SHOW): Step(State.SHOWN, Said.SHOWN),
    (State.WAITING, Event.OVER): None,
    (State.WAITING, Event.DONE): Step(State.DONE, Said.DONE),
    (State.WAITING, Event.LATER): None,
    (State.WAITING, Event.NOT_NOW): None,
    (State.WAITING, Event.HELP): None,
    (State.WAITING, Event.GONE): None,
    (State.SHOWN, Event.SHOW): Step(State.SHOWN, Said.SHOWN),
    (State.SHOWN, Event.OVER): Step(State.EXPIRED, Said.EXPIRED),
    (State.SHOWN, Event.DONE): Step(State.DONE, Said.DONE),
    (State.SHOWN, Event.LATER): Step(State.PUT_OFF),
    (State.SHOWN, Event.NOT_NOW): Step(State.SKIPPED, Said.SKIPPED),
    (State.SHOWN, Event.HELP): Step(State.PUT_OFF),
    (State.SHOWN, Event.GONE): Step(State.EXPIRED),
    (State.PUT_OFF, Event.SHOW): Step(State.SHOWN, Said.SHOWN),
    (State.PUT_OFF, Event.OVER): Step(State.SKIPPED, Said.SKIPPED),
    (State.PUT_OFF, Event.DONE): Step(State.DONE, Said.DONE),
    (State.PUT_OFF, Event.LATER): None,
    (State.PUT_OFF, Event.NOT_NOW): None,
    (State.PUT_OFF, Event.HELP): None,
    (State.PUT_OFF, Event.GONE): Step(State.EXPIRED),
    **{(state, event): None for state in (State.DONE, State.SKIPPED, State.EXPIRED) for event in Event},
}
"""None: it changes nothing."""


@dataclass(frozen=True, slots=True)
class Prompt:
    """One occurrence of one reminder. `key` names it for ever; `next_at`: when time is the next event."""

    key: str
    reminder: int
    due: datetime
    next_at: datetime
    state: State = State.WAITING
    shown: int = 0

    @property
    def is_open(self) -> bool:
        return self.state in OPEN


def span(reminder: Reminder) -> timedelta:
    """How long after it was due a reminder may still be shown first."""
    return timedelta(minutes=reminder.every_min * (reminder.repeats + 1))


def step(prompt: Prompt, event: Event, reminder: Reminder, now: datetime) -> tuple[Prompt, Said | None]:
    """The prompt after an event, and what is told of it."""
    if event is Event.LATER and prompt.shown > reminder.repeats:
        event = Event.NOT_NOW
    found = TABLE[prompt.state, event]
    if found is None:
        return prompt, None
    put_off = found.state is State.PUT_OFF
    wait = timedelta(minutes=reminder.later_min if put_off else reminder.every_min)
    shown = prompt.shown + (event is Event.SHOW)
    return replace(prompt, state=found.state, shown=shown, next_at=now + wait), found.said


def by_time(prompt: Prompt, reminder: Reminder, now: datetime) -> Event | None:
    """What time alone brings, if anything. Long after it was due nothing is shown any more.

    A clock that was put back must not hold a reminder up: nothing waits longer than its own interval.
    Nor may one of a far future stay that was shown while the clock had leapt ahead.
    """
    longest = timedelta(minutes=max(reminder.every_min, reminder.later_min))
    if prompt.state is State.WAITING:
        return Event.SHOW if prompt.due <= now < prompt.due + span(reminder) else None
    if not prompt.is_open or (now < prompt.next_at and prompt.next_at - now <= longest):
        return None
    if prompt.due - now > FAR_AHEAD:
        return Event.GONE
    late = now >= prompt.next_at + span(reminder)
    return Event.OVER if late or prompt.shown > reminder.repeats else Event.SHOW


def as_plain(prompt: Prompt) -> dict[str, object]:
    """For the disk."""
    return asdict(prompt) | {"due": prompt.due.isoformat(), "next_at": prompt.next_at.isoformat()}


def from_plain(found: dict[str, object]) -> Prompt:
    """From the disk; raises KeyError, TypeError or ValueError where it is not one of ours."""
    return Prompt(
        key=str(found["key"]),
        reminder=int(str(found["reminder"])),
        due=datetime.fromisoformat(str(found["due"])),
        next_at=datetime.fromisoformat(str(found["next_at"])),
        state=State(str(found["state"])),
        shown=int(str(found["shown"])),
    )
