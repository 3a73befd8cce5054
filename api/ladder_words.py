"""Who is told, in this order, as people read it; and what would keep a step from telling anybody. Pure."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass

from api.next_told import listed

CLASSES = {"welfare": "missed routines", "urgent": "calls for help and doors at night"}
SEVERITIES = {"urgent": "that cannot wait", "high": "that matter much", "low": "that matter less"}
CHANNELS = {"sms": "by text", "voice": "by telephone", "email": "by e-mail", "webhook": "by a message to their system"}
ROLES = {
    "family": "everybody of the family",
    "responder": "everybody of the housing team",
    "coordinator": "everybody who sets this home up",
    "resident": "the resident",
}
ANYTHING = "anything at all"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of ladder_steps.sql."""

    id: int
    own: bool
    kind: str | None
    severity: str | None
    step: int
    after_s: int
    channel: str
    person_id: int | None
    rota_id: int | None
    team_id: int | None
    role: str | None
    endpoint_id: int | None
    name: str | None
    opted_out: bool
    number_refused: bool
    no_email: bool
    not_linked: bool
    people: int

    @property
    def teller(self) -> str:
        """Whom it tells, as the form has it: "person:3", "role:family"."""
        ids = {"person": self.person_id, "rota": self.rota_id, "team": self.team_id, "role": self.role}
        return next((f"{sort}:{value}" for sort, value in ids.items() if value is not None), "")


@dataclass(frozen=True, slots=True)
class Told:
    """One line within a step."""

    id: int
    words: str
    teller: str
    channel: str


@dataclass(frozen=True, slots=True)
class Step:
    """All who are told at the same time. `minutes`: after the step before; of the first, after the alert opened."""

    step: int
    minutes: int
    when: str
    told: tuple[Told, ...]


@dataclass(frozen=True, slots=True)
class Ladder:
    """One list of who is told. `own`: of this home; else the organisation's, which holds where a home has none."""

    own: bool
    kind: str | None
    severity: str | None
    title: str
    steps: tuple[Step, ...]
    warnings: tuple[str, ...]


Bare = Collection[int]
"""Rotas with stretches in the next days in which nobody is on duty."""


def ladders(rows: Sequence[Row], bare: Bare) -> list[Ladder]:
    """The lists that hold for this home, the organisation's only where it has none of its own."""
    groups: dict[tuple[bool, str | None, str | None], list[Row]] = {}
    for row in rows:
        groups.setdefault((row.own, row.kind, row.severity), []).append(row)
    in_use = _in_use(groups)
    return [_ladder(key, found, bare) for key, found in groups.items() if key in in_use or key[0]]


def told_of_nothing(rows: Sequence[Row]) -> list[str]:
    """What this home has no list for at all, in words."""
    lacking: list[str] = []
    for kind in CLASSES:
        missing = [severity for severity in SEVERITIES if not _fits(rows, kind, severity)]
        lacking += (
            [title(kind, None)] if len(missing) == len(SEVERITIES) else [title(kind, severity) for severity in missing]
        )
    return lacking


def _fits(rows: Iterable[Row], kind: str, severity: str) -> bool:
    return any(row.kind in (None, kind) and row.severity in (None, severity) for row in rows)


def _in_use(groups: Iterable[tuple[bool, str | None, str | None]]) -> set[tuple[bool, str | None, str | None]]:
    """The most particular list for each class and severity, as the view ladder_of_alert chooses it."""
    known = list(groups)
    used = set()
    for kind in CLASSES:
        for severity in SEVERITIES:
            fitting = [key for key in known if key[1] in (None, kind) and key[2] in (None, severity)]
            if fitting:
                used.add(max(fitting, key=lambda key: (key[0], key[1] is not None, key[2] is not None)))
    return used


def _ladder(key: tuple[bool, str | None, str | None], rows: Sequence[Row], bare: Bare) -> Ladder:
    own, kind, severity = key
    numbers = sorted({row.step for row in rows})
    steps = tuple(_step([row for row in rows if row.step == number], number == numbers[0]) for number in numbers)
    warnings = tuple(text for row in rows for text in warnings_of(row, bare))
    return Ladder(own, kind, severity, title(kind, severity), steps, warnings)


def _step(rows: Sequence[Row], first: bool) -> Step:
    minutes = max(row.after_s for row in rows) // 60
    told = tuple(Told(row.id, words(row), row.teller, row.channel) for row in rows)
    return Step(rows[0].step, minutes, _when(minutes, first=first), told)


def _when(minutes: int, *, first: bool) -> str:
    count = "1 minute" if minutes == 1 else f"{minutes} minutes"
    if first:
        return f"{count} after it is found" if minutes else "At once"
    return f"{count} later, if nobody has taken it" if minutes else "At the same time, if nobody has taken it"


def words(row: Row) -> str:
    """ "Rita Okafor, by text"."""
    return f"{named(row.name, row.rota_id, row.team_id, row.role)}, {CHANNELS[row.channel]}"


def named(name: str | None, rota_id: int | None, team_id: int | None, role: str | None) -> str:
    if rota_id is not None:
        return f"whoever is on duty on the rota “{name}”"
    if team_id is not None:
        return f"everybody of the team “{name}”"
    return ROLES.get(role or "", role or "") if name is None else name


def title(kind: str | None, severity: str | None) -> str:
    """What a list is for: "anything at all", "missed routines that matter less"."""
    if kind is None and severity is None:
        return ANYTHING
    return " ".join(part for part in (CLASSES.get(kind or "", "alerts"), SEVERITIES.get(severity or "", "")) if part)


def warnings_of(row: Row, bare: Bare) -> list[str]:
    """What would keep this step from telling anybody."""
    by_phone = row.channel in ("sms", "voice")
    found = [
        (row.opted_out and by_phone, f"{row.name} has stopped our texts and is passed by."),
        (row.number_refused and by_phone, f"The phone number of {row.name} does not work. {row.name} is passed by."),
        (row.no_email and row.channel == "email", f"We have no e-mail address of {row.name}."),
        (row.not_linked, f"{row.name} is told, but may not see this home's pages."),
        (row.team_id is not None and not row.people, f"The team “{row.name}” has nobody in it."),
        (row.role is not None and not row.people, f"Nobody here is {_SINGULAR.get(row.role or '')}."),
        (row.rota_id in bare, f"On the rota “{row.name}” there are times in the next 14 days with nobody on duty."),
    ]
    return [text for holds, text in found if holds]


_SINGULAR = {
    "family": "of the family",
    "responder": "of the housing team",
    "coordinator": "somebody who sets homes up",
    "resident": "the resident with a phone of their own; a tablet in the home asks all the same",
}


def sentence(ladder: Ladder) -> str:
    """One list in one sentence."""
    return "; then ".join(listed([told.words for told in step.told]) for step in ladder.steps)
