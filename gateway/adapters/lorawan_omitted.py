"""Fields that were left out because they were zero, false or empty. Pure.

The Things Stack may drop those: a codec's `open: false` arrives as nothing at all. Bytes
of the same length on the same port have the same fields, so what is missing of them was
zero; but only where the rest of them is there, and nothing else is.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

MOST_FIELDS = 64
MOST_LAYOUTS = 8
Layout = tuple[int | None, int]


@dataclass(slots=True)
class Layouts:
    """The yes-or-no fields of one device's messages, by port and length."""

    known: dict[Layout, dict[str, object]] = field(default_factory=dict)

    def completed(self, port: int | None, length: int, fields: Mapping[str, object]) -> Mapping[str, object]:
        """These fields, with those that must have been left out as false. Remembers them."""
        before = self.known.get((port, length), {})
        is_part = bool(fields) and fields.keys() < before.keys()
        if not is_part:
            fits = (port, length) in self.known or len(self.known) < MOST_LAYOUTS
            if fits and length and len(fields) <= MOST_FIELDS:
                self.known[port, length] = dict(fields)
            return fields
        missing = {name: False for name, value in before.items() if name not in fields and _is_yes(value)}
        return {**fields, **missing}


def _is_yes(value: object) -> bool:
    return value is True or (isinstance(value, int | float) and value == 1)
