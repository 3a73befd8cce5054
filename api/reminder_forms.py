"""What people typed about a reminder or a visitor: settings, or what is wrong in plain words. Pure."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol, TypeVar

from api.reminder_rows import Answerer, ReminderRow
from gateway.config import MOST_DATES, Purpose, Schedule

MOST_TYPED = 2000
MOST_NAME, MOST_TEXT, MOST_WHO = 40, 120, 60
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")
_DAY = re.compile(r"([0-9]{1,2})[ ./-]([0-9]{1,2})[ ./-]([0-9]{4})")
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
EVERY_DAY = tuple(range(1, 8))

T = TypeVar("T")
Values = Mapping[str, Any]


class Typed(Protocol):
    """What a browser sent: fields with one value or several."""

    def getlist(self, key: Any, /) -> list[Any]: ...


@dataclass(frozen=True, slots=True)
class Settings:
    """What somebody wants a reminder to be."""

    name: str
    text: str
    purpose: Purpose
    schedule: Schedule
    every_min: int = 5
    repeats: int = 3
    later_min: int = 10
    done_by: Answerer | None = None


@dataclass(slots=True)
class Reading:
    """One form as it is read: what was typed, and what is wrong with it (field, sentence)."""

    typed: Typed
    errors: list[tuple[str, str]] = field(default_factory=list)

    def text(self, name: str) -> str:
        found = self.typed.getlist(name)
        return str(found[0]).strip()[:MOST_TYPED] if found else ""

    def read(self, name: str, how: Callable[[str], T], otherwise: T) -> T:
        try:
            return how(self.text(name))
        except ValueError as error:
            self.errors.append((name, str(error)))
            return otherwise

    def schedule(self) -> Schedule:
        no_times: tuple[str, ...] = ()
        no_days: tuple[date, ...] = ()
        times = self.read("times", clocks, no_times)
        dates = self.read("dates", days, no_days)
        not_on = self.read("not_on", days, no_days)
        ticked = [str(one) for one in self.typed.getlist("weekdays")]
        weekdays = tuple(day for day in EVERY_DAY if str(day) in ticked)
        if not weekdays and not dates:
            self.errors.append(("weekdays", "Choose at least one day"))
        return Schedule(times=times or ("00:00",), weekdays=weekdays or EVERY_DAY, dates=dates, not_on=not_on)


def reminder(typed: Typed, answerers: Iterable[Answerer], taken: Iterable[str]) -> tuple[Settings | None, Reading]:
    """The reminder that was typed, or None. `taken`: names that other sensors of the home have."""
    form = Reading(typed)
    name = form.read("name", lambda text: short(text, "the name", MOST_NAME), "")
    if name.lower() in {one.lower() for one in taken}:
        form.errors.append(("name", "Something in this home is called that already. Choose another name"))
    found = Settings(
        name=name,
        text=form.read("text", lambda text: short(text, "what the tablet says", MOST_TEXT), ""),
        purpose=form.read("purpose", purpose, Purpose.TASK),
        schedule=form.schedule(),
        every_min=form.read("every_min", lambda text: number(text, "the minutes between", 1, 120), 5),
        repeats=form.read("repeats", lambda text: number(text, "how many times more", 0, 20), 3),
        later_min=form.read("later_min", lambda text: number(text, "the minutes after “Later”", 1, 240), 10),
        done_by=next((one for one in answerers if str(one.id) == form.text("done_by")), None),
    )
    return (None if form.errors else found), form


def visitor(typed: Typed) -> tuple[tuple[str, Schedule] | None, Reading]:
    """Who comes and when, or None."""
    form = Reading(typed)
    who = form.read("who", lambda text: short(text, "who comes", MOST_WHO), "")
    schedule = form.schedule()
    return (None if form.errors else (who, schedule)), form


def values_of(row: ReminderRow | None) -> dict[str, Any]:
    """What the form of a reminder begins with."""
    if row is None:
        return {"purpose": "medicine", "weekdays": EVERY_DAY, "every_min": 5, "repeats": 3, "later_min": 10}
    schedule = Schedule.model_validate(row.schedule)
    return {
        "name": row.name,
        "text": row.text,
        "purpose": row.purpose,
        "times": ", ".join(schedule.times),
        "weekdays": schedule.weekdays,
        "dates": "\n".join(map(as_typed, schedule.dates)),
        "not_on": "\n".join(map(as_typed, schedule.not_on)),
        "every_min": row.every_min,
        "repeats": row.repeats,
        "later_min": row.later_min,
        "done_by": row.done_by_id,
    }


def typed_values(form: Reading) -> dict[str, Any]:
    """The same of what somebody typed, to be shown again."""
    names = ("name", "text", "purpose", "times", "dates", "not_on", "every_min", "repeats", "later_min", "who")
    ticked = [str(one) for one in form.typed.getlist("weekdays")]
    found: dict[str, Any] = {name: form.text(name) for name in names}
    chosen = form.text("done_by")
    return found | {
        "weekdays": tuple(day for day in EVERY_DAY if str(day) in ticked),
        "done_by": int(chosen) if chosen.isascii() and chosen.isdigit() else None,
    }


def short(text: str, what: str, most: int) -> str:
    if not text:
        raise ValueError(f"Say {what}")
    if len(text) > most:
        raise ValueError(f"Keep {what} to {most} letters")
    return " ".join(text.split())


def purpose(text: str) -> Purpose:
    if text not in list(Purpose):
        raise ValueError("Choose what it is about")
    return Purpose(text)


def number(text: str, what: str, least: int, most: int) -> int:
    if not text.isascii() or not text.isdigit() or not least <= int(text[:6]) <= most:
        raise ValueError(f"Say {what} as a whole number from {least} to {most}")
    return int(text)


def clocks(text: str) -> tuple[str, ...]:
    """ "8:30, 20.00" as 08:30 and 20:00, in order."""
    found = [_CLOCK.fullmatch(one.strip()) for one in text.split(",") if one.strip()]
    if not found or not all(found) or len(found) > 8:
        raise ValueError("Say the times like 08:30, or 08:30, 20:00; at most 8")
    return tuple(sorted({f"{int(one[1]):02}:{one[2]}" for one in found if one}))


def days(text: str) -> tuple[date, ...]:
    """One day a line, "25 12 2026"."""
    found: set[date] = set()
    for line in text.replace(",", "\n").splitlines():
        if line.strip():
            match = _DAY.fullmatch(line.strip())
            try:
                found.add(date(int(match[3]), int(match[2]), int(match[1]))) if match else _no_day()
            except ValueError:
                _no_day()
    if len(found) > MOST_DATES:
        raise ValueError(f"At most {MOST_DATES} days")
    return tuple(sorted(found))


def as_typed(day: date) -> str:
    return f"{day.day} {day.month} {day.year}"


def _no_day() -> None:
    raise ValueError("Say each day on a line of its own, like 25 12 2026")
