"""A form for any kind of rule, made from its settings. Pure.

What no form can show (a home's usual day, the limits of single sensors) has no field.
"""

import types
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, StrEnum
from typing import Annotated, Any, Literal, Union, cast, get_args, get_origin

from pydantic.fields import FieldInfo

from alerts.rules import RuleBase, RuleSettings
from alerts.rules.fitting import Placed
from alerts.rules.own_sensors import INSIDE
from alerts.verdicts import Severity
from api import routine_words
from api.rule_kinds import kinds

OPTIONAL = (Union, types.UnionType)
_CLOCK = "^([01]"
"""How the pattern of a local time begins."""
_LATER = frozenset(
    {"coverage_needed", "roles", "bank_holidays", "severity", "limit", "days"}
    | {"out_after_door_min", "out_after_door_s", "out_from", "out_until", "out_cap_hours", "apart_min", "proof"}
)
"""Settings that few people need; the form folds them away."""
_STARTING = {"visit": {"start": "08:00", "end": "10:00"}}
"""Where a kind has no usual times of its own."""
_OFFERED: Mapping[str, frozenset[str]] = {
    "expected_activity": frozenset({*INSIDE, "outside_door"}),
    "door_at_night": frozenset({"outside_door"}),
    "left_open": frozenset({"outside_door", "inside_door", "fridge_door"}),
    "bathroom_visits": frozenset({"room"}),
    "temperature": frozenset({"room"}),
    "visit": frozenset({"outside_door", "button", "plug"}),
    "reminder": frozenset({"button", "plug", "inside_door"}),
}
"""Whose places a kind asks about: kinds of sensor that it can say something of."""
_ORDER = ("places", "start", "end", "weekdays")
"""These are asked first."""


class Shape(StrEnum):
    TEXT = "text"
    TIME = "time"
    TIMES = "times"  # from and until, or neither
    CLOCKS = "clocks"  # several, with commas
    NUMBER = "number"
    ONE = "one"
    SOME = "some"


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    text: str


@dataclass(frozen=True, slots=True)
class Field:
    """One setting as the form shows it. `values`: what stands in it; two of a pair of times."""

    name: str
    label: str
    hint: str
    shape: Shape
    values: tuple[str, ...]
    choices: tuple[Choice, ...] = ()
    unit: str = ""
    later: bool = False
    error: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A kind of rule with what stands in its fields. `problem`: what is wrong with them together."""

    kind: str
    title: str
    fields: tuple[Field, ...]
    problem: str = ""

    @property
    def errors(self) -> list[tuple[str, str]]:
        """(field, what is wrong) for the summary."""
        found = [(field.name, field.error) for field in self.fields if field.error]
        return [*found, (self.fields[0].name, self.problem)] if self.problem else found


def usual(kind: str) -> RuleSettings:
    """The rule of this kind as it is offered to everybody. Raises KeyError where there is none."""
    return cast(RuleSettings, kinds()[kind].model_validate(_STARTING.get(kind, {})))


def drawn(settings: RuleBase, sensors: Iterable[Placed]) -> Form:
    """The form with these settings in it; `sensors`: (place, role) of those of the home."""
    kind = kind_of(settings)
    offered = (place for place, role in sensors if role in _OFFERED.get(kind, ()))
    known = tuple(dict.fromkeys([*offered, *getattr(settings, "places", ())]))
    fields = (
        _field(kind, name, info, getattr(settings, name), known) for name, info in type(settings).model_fields.items()
    )
    return Form(kind, routine_words.kind_words(kind), tuple(sorted((field for field in fields if field), key=_place)))


def _place(field: Field) -> tuple[bool, bool, int]:
    order = _ORDER.index(field.name) if field.name in _ORDER else len(_ORDER)
    return field.later, field.name == "name", order


def kind_of(settings: RuleBase) -> str:
    return str(type(settings).model_fields["kind"].default)


def _field(kind: str, name: str, info: FieldInfo, value: object, places: Sequence[str]) -> Field | None:
    shape = _shape(name, info)
    if shape is None:
        return None
    choices = _choices(kind, name, info, places) if shape in (Shape.ONE, Shape.SOME) else ()
    return Field(
        name=name,
        label=routine_words.label(kind, name),
        hint=routine_words.hint(kind, name),
        shape=shape,
        values=(", ".join(_shown(value)),) if shape is Shape.CLOCKS else _shown(value),
        choices=choices,
        unit=routine_words.unit(name) if shape is Shape.NUMBER else "",
        later=name in _LATER,
    )


def _shape(name: str, info: FieldInfo) -> Shape | None:
    """How a setting is asked for; None: not at all."""
    inner = inner_type(info.annotation)
    if name == "kind" or inner is None:
        return None
    if get_origin(inner) is tuple:
        first, *rest = get_args(inner)
        if rest == [Ellipsis]:
            if _is_clock(first):
                return Shape.CLOCKS
            return Shape.SOME if name == "places" or _literals(first) else None
        return Shape.TIMES if len(rest) == 1 and _is_clock(first) else None
    if _literals(inner) or inner is bool:
        return Shape.ONE
    if inner in (int, float):
        return Shape.NUMBER
    if inner is str:
        return Shape.TIME if any(_pattern(note).startswith(_CLOCK) for note in notes(info)) else Shape.TEXT
    return None


def inner_type(annotation: Any) -> Any:
    """The type without "or None" and without what is noted with it; None: there are several."""
    if get_origin(annotation) in OPTIONAL:
        kept = [each for each in get_args(annotation) if each is not type(None)]
        return inner_type(kept[0]) if len(kept) == 1 else None
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def is_optional(info: FieldInfo) -> bool:
    return get_origin(info.annotation) in OPTIONAL


def notes(info: FieldInfo) -> list[Any]:
    """The bounds and patterns noted with a setting."""
    return [*info.metadata, *_notes_in(info.annotation)]


def _notes_in(annotation: Any) -> list[Any]:
    if get_origin(annotation) in OPTIONAL:
        return [note for each in get_args(annotation) for note in _notes_in(each)]
    found: list[Any] = []
    for note in getattr(annotation, "__metadata__", ()):
        found += note.metadata if isinstance(note, FieldInfo) else [note]
    return found


def _is_clock(annotation: Any) -> bool:
    """Whether what a tuple is of is a local time."""
    return any(_pattern(note).startswith(_CLOCK) for note in _notes_in(annotation))


def _pattern(note: Any) -> str:
    found = getattr(note, "pattern", None)
    return found if isinstance(found, str) else ""


def _literals(typed: Any) -> tuple[str, ...]:
    """The words that a setting may be."""
    if get_origin(typed) is Literal:
        return tuple(str(each) for each in get_args(typed))
    if isinstance(typed, type) and issubclass(typed, Enum):
        return tuple(str(each.value) for each in typed)
    return ()


def _choices(kind: str, name: str, info: FieldInfo, places: Sequence[str]) -> tuple[Choice, ...]:
    if name == "places":
        return tuple(Choice(place, place[:1].upper() + place[1:]) for place in places)
    if name == "severity":
        usual = routine_words.SEVERITIES[routine_words.usual_severity(kind, kinds()[kind].watches_for)]
        words = [Choice(each.value, routine_words.SEVERITIES[each]) for each in Severity]
        return (Choice("", f"As usual for this: {usual.lower()}"), *words)
    inner = inner_type(info.annotation)
    if inner is bool:
        return (Choice("yes", "Yes"), Choice("no", "No"))
    words_of = _literals(get_args(inner)[0] if get_origin(inner) is tuple else inner)
    known = [Choice(word, routine_words.choice(word)) for word in words_of]
    return (Choice("", "Whichever there is"), *known) if is_optional(info) else tuple(known)


def _shown(value: object) -> tuple[str, ...]:
    if value is None:
        return ("",)
    if isinstance(value, bool):
        return ("yes" if value else "no",)
    if isinstance(value, Enum):
        return (str(value.value),)
    if isinstance(value, tuple):
        return tuple(str(each) for each in value)
    return (f"{value:g}",) if isinstance(value, float) else (str(value),)
