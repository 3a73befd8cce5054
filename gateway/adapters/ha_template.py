"""The templates of Home Assistant's discovery that can be read safely. Pure.

Never Jinja: a template is a programme, and it comes from the network. Read are paths into
the message (`value_json.x`, `value_json['x'][0]`, `value`) with harmless filters behind
them, whether such a path is equal to one plain value, and a choice between two words by
either. Anything else is not understood.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from gateway.adapters.vocabulary import number

MAX_LENGTH = 500
_BRACES = re.compile(r"\{\{-?(.*?)-?\}\}", re.DOTALL)
_STEP = re.compile(r"""\.(?P<name>[A-Za-z_]\w*)|\[\s*(?:'(?P<one>[^'\\]*)'|"(?P<two>[^"\\]*)"|(?P<place>\d+))\s*\]""")
_CHOICE = re.compile(
    r"""(?P<q>['"])(?P<yes>[^'"]*)(?P=q)\s+if\s+(?P<path>.+?)\s+else\s+(?P<r>['"])(?P<no>[^'"]*)(?P=r)"""
)
_EQUAL = re.compile(
    r"""(?P<path>[^=!]+?)\s*(?P<sign>==|!=)\s*(?:(?P<q>['"])(?P<word>[^'"]*)(?P=q)|(?P<plain>-?\d+(?:\.\d+)?|true|false))"""
)
_FILTER = re.compile(r"\s*(?P<name>[a-z_]+)\s*(?:\((?P<given>[^()]*)\))?\s*")
Value = object


class _Missing:
    """What a path leads to that is not there."""


@dataclass(frozen=True, slots=True)
class Equal:
    """Whether a value is this one; `yes` False: whether it is not."""

    to: str | float | bool
    yes: bool


MISSING = _Missing()


@dataclass(frozen=True, slots=True)
class Template:
    """`render` gives the value, with its type as in the message, or MISSING."""

    steps: tuple[str | int, ...]
    of_json: bool
    filters: tuple[Callable[[Value], Value], ...] = ()
    equal: Equal | None = None
    choice: tuple[str, str] | None = None

    @property
    def field(self) -> str | None:
        """The name that the path ends with, if it ends with one."""
        return next((step for step in reversed(self.steps) if isinstance(step, str)), None)

    def render(self, text: str, body: object) -> Value:
        """`text`: the payload as it came; `body`: what it is as JSON."""
        value = body if self.of_json else text
        for step in self.steps:
            value = _into(value, step)
        for turn in self.filters:
            value = turn(value)
        if isinstance(value, _Missing):
            return value
        if self.equal:
            value = (value == self.equal.to) is self.equal.yes
        if self.choice:
            return self.choice[0] if value else self.choice[1]
        return value


WHOLE = Template((), of_json=False)
UNREADABLE = Template((), of_json=False, filters=(lambda _: MISSING,))
"""Stands for a template that we do not read: whoever has it is alive, and says nothing."""


def read_template(source: object) -> Template | None:
    """None: not one of those that we read. No template at all is the whole payload."""
    if source is None or source == "":
        return WHOLE
    found = _BRACES.fullmatch(source.strip()) if isinstance(source, str) and len(source) <= MAX_LENGTH else None
    if found is None:
        return None
    inside = found[1].strip()
    chosen = _CHOICE.fullmatch(inside)
    asked = (chosen["path"] if chosen else inside).strip()
    compared = _EQUAL.fullmatch(asked)
    path = _path(compared["path"] if compared else asked)
    if path is None:
        return None
    return replace(
        path,
        equal=_equal(compared) if compared else None,
        choice=(chosen["yes"], chosen["no"]) if chosen else None,
    )


def _equal(found: re.Match[str]) -> Equal:
    to = found["word"] if found["plain"] is None else json.loads(found["plain"])
    return Equal(to, yes=found["sign"] == "==")


def _path(source: str) -> Template | None:
    head, *behind = source.split("|")
    head = head.strip()
    root = next((name for name in ("value_json", "value") if head.startswith(name)), None)
    if root is None:
        return None
    steps: list[str | int] = []
    place = len(root)
    while place < len(head):
        step = _STEP.match(head, place)
        if step is None or root == "value":
            return None
        steps.append(int(step["place"]) if step["place"] else step["name"] or step["one"] or step["two"] or "")
        place = step.end()
    filters = [_filter(one) for one in behind]
    known = tuple(one for one in filters if one is not None)
    return Template(tuple(steps), root == "value_json", known) if len(known) == len(filters) else None


def _filter(source: str) -> Callable[[Value], Value] | None:
    found = _FILTER.fullmatch(source)
    return FILTERS.get(found["name"]) if found else None


def _same(value: Value) -> Value:
    return value


def _as_number(value: Value) -> Value:
    """What is no number stays out, whatever stands there as a default: that would be made up."""
    found = number(value)
    return MISSING if found is None else found


def _of_text(turn: Callable[[str], str]) -> Callable[[Value], Value]:
    return lambda value: turn(value) if isinstance(value, str) else value


FILTERS: dict[str, Callable[[Value], Value]] = {
    "float": _as_number,
    "int": _as_number,
    "round": _as_number,
    "is_defined": _same,
    "default": _same,
    "string": _same,
    "lower": _of_text(str.lower),
    "upper": _of_text(str.upper),
    "trim": _of_text(str.strip),
}


def _into(value: Value, step: str | int) -> Value:
    if isinstance(step, str):
        return value.get(step, MISSING) if isinstance(value, dict) else MISSING
    return value[step] if isinstance(value, list) and step < len(value) else MISSING
