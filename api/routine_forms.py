"""What people typed into the form of a rule, as settings or with what is wrong in plain words. Pure."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import isfinite
from typing import Any, Protocol

from pydantic.fields import FieldInfo

from alerts.rules import BadRuleError, RuleBase, RuleSettings, read
from api.routine_fields import Field, Form, Shape, inner_type, is_optional, notes

_CLOCK = re.compile(r"([01]?[0-9]|2[0-3])[:.]([0-5][0-9])")
MOST_TYPED = 120
"""Characters in one field."""


class Typed(Protocol):
    """What a browser sent: fields with one value or several."""

    def getlist(self, key: Any, /) -> list[Any]: ...


def taken(form: Form, settings: RuleBase, typed: Typed) -> tuple[RuleSettings | None, Form]:
    """The settings somebody typed, or None and the form that says what is wrong. `settings`: as they were."""
    values: dict[str, Any] = settings.model_dump(mode="json")
    fields: list[Field] = []
    for field in form.fields:
        sent = tuple(str(value).strip()[:MOST_TYPED] for value in typed.getlist(field.name))
        try:
            values[field.name] = _read(field, sent, type(settings).model_fields[field.name])
        except ValueError as error:
            fields.append(replace(field, values=sent, error=str(error)))
        else:
            fields.append(replace(field, values=sent, error=""))
    after = replace(form, fields=tuple(fields), problem="")
    if after.errors:
        return None, after
    try:
        return read(values), after
    except BadRuleError as error:
        return None, replace(after, problem=_sentence(str(error), form))


def _read(field: Field, sent: tuple[str, ...], info: FieldInfo) -> object:
    """What was typed into one field. Raises ValueError with what is wrong, in plain words."""
    first = sent[0] if sent else ""
    match field.shape:
        case Shape.TEXT:
            return first
        case Shape.TIME:
            return None if not first and is_optional(info) else clock_typed(field.label, first)
        case Shape.CLOCKS:
            return [clock_typed(field.label, text.strip()) for text in first.split(",")]
        case Shape.TIMES:
            return _times(field.label, sent)
        case Shape.NUMBER:
            return _number(field.label, first, info)
        case Shape.ONE:
            return _one(field, first, info)
        case Shape.SOME:
            return _some(field, sent, info)


def clock_typed(label: str, text: str) -> str:
    match = _CLOCK.fullmatch(text)
    if match is None:
        raise ValueError(f"“{label}” must be a time like 07:30")
    return f"{int(match[1]):02}:{match[2]}"


def _times(label: str, sent: Sequence[str]) -> tuple[str, str] | None:
    first, second = (*sent, "", "")[:2]
    if not first and not second:
        return None
    return clock_typed(label, first), clock_typed(label, second)


def _number(label: str, text: str, info: FieldInfo) -> float | int | None:
    whole = inner_type(info.annotation) is int
    if not text and is_optional(info):
        return None
    try:
        number = int(text) if whole else float(text)
    except ValueError:
        kind = "a whole number" if whole else "a number"
        raise ValueError(f"“{label}” must be {kind}{_range(info)}") from None
    if not _fits(number, info):
        raise ValueError(f"“{label}” must be{_range(info).removeprefix(',')}")
    return number


def _bounds(info: FieldInfo) -> Mapping[str, float]:
    return {
        name: getattr(note, name) for note in notes(info) for name in ("ge", "gt", "le", "lt") if hasattr(note, name)
    }


def _fits(number: float, info: FieldInfo) -> bool:
    low, high = (-float("inf"), float("inf"))
    bounds = _bounds(info)
    return (
        bounds.get("ge", low) <= number <= bounds.get("le", high)
        and bounds.get("gt", low) < number < bounds.get("lt", high)
        and isfinite(number)
    )


def _range(info: FieldInfo) -> str:
    bounds = _bounds(info)
    low, high = bounds.get("ge", bounds.get("gt")), bounds.get("le", bounds.get("lt"))
    if low is not None and high is not None:
        return f", from {low:g} to {high:g}"
    if low is not None:
        return f", at least {low:g}"
    return f", at most {high:g}" if high is not None else ""


def _one(field: Field, value: str, info: FieldInfo) -> str | bool | None:
    if value not in [choice.value for choice in field.choices]:
        raise ValueError(f"Choose an answer for “{field.label}”")
    if inner_type(info.annotation) is bool:
        return value == "yes"
    return value or None


def _some(field: Field, sent: Sequence[str], info: FieldInfo) -> list[str]:
    known = [choice.value for choice in field.choices]
    chosen = [value for value in known if value in sent]
    if set(sent) - set(known) - {""}:
        raise ValueError(f"Choose from the list for “{field.label}”")
    if not chosen and any(getattr(note, "min_length", 0) for note in notes(info)):
        raise ValueError(f"Choose at least one for “{field.label}”")
    return chosen


def _sentence(problem: str, form: Form) -> str:
    """What `read` says is wrong with the settings together, without the names that only programs know."""
    said = problem.removeprefix(f"{form.kind}: ").removeprefix(f"{form.kind}.")
    for field in form.fields:
        said = re.sub(rf"\b{re.escape(field.name)}\b", f"“{field.label}”", said)
    return said[:1].upper() + said[1:]
