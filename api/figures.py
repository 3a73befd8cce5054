"""Figures of the last 28 days for the team, and for commissioners with small numbers left out.

A figure that few homes stand behind could point at one of them, so commissioners read "fewer than 5 homes".
Where that leaves one figure of a sum out, the next smallest goes too, or it could be worked out.
"""

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from io import StringIO

from psycopg import Connection
from psycopg.rows import class_row

from alerts.verdicts import Reason
from api.outcomes import OUTCOMES
from api.people import Person
from api.times import how_long
from ingest.database import sql

SPAN = timedelta(days=28)
FEWEST = 5
"""Homes behind a figure that commissioners may read."""
FEW = "fewer than 5 homes"


class Unit(StrEnum):
    COUNT = "count"
    SECONDS = "seconds"


@dataclass(frozen=True, slots=True)
class Row:
    """One row of figures.sql."""

    key: str
    value: float
    homes: int


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure. `value`, `share`, `homes` are None where few homes stand behind it; `share`: of its group, 0 to 1."""

    key: str
    group: str
    words: str
    unit: Unit
    value: float | None
    share: float | None
    homes: int | None

    @property
    def shown(self) -> str:
        if self.value is None:
            return FEW
        if self.unit is Unit.SECONDS:
            return how_long(timedelta(seconds=self.value))
        return f"{self.value:,.0f}" + (f" ({self.share:.0%})" if self.share is not None and self.value else "")


@dataclass(frozen=True, slots=True)
class Figures:
    """All of them, in the order they are read in."""

    since: datetime
    until: datetime
    homes: int
    lines: tuple[Figure, ...]

    @property
    def groups(self) -> dict[str, list[Figure]]:
        found: dict[str, list[Figure]] = {}
        for line in self.lines:
            found.setdefault(line.group, []).append(line)
        return found


_ALERTS, _OUTCOMES, _NOTICED, _TIMES = "Alerts", "What came of them", "Noticed after it was due", "How long it took"
_TAKEN, _TEXTS, _UNSEEN = "Who took it", "Texts", "Homes we could not see"
_COUNTED: Mapping[str, tuple[str, str]] = {
    "alerts.urgent": (_ALERTS, "Calls for help and doors at night"),
    "alerts.welfare": (_ALERTS, "Missed routines"),
    "alerts.technical": (_ALERTS, "Equipment"),
    **{f"outcome.{key}": (_OUTCOMES, words) for key, words in OUTCOMES.items()},
    "taken_by.family": (_TAKEN, "Family"),
    "taken_by.team": (_TAKEN, "Housing team"),
    "taken_by.resident": (_TAKEN, "The resident"),
}
_LASTED: Mapping[str, tuple[str, str]] = {
    "noticed.median": (_NOTICED, "Half of them within"),
    "noticed.p95": (_NOTICED, "19 of 20 within"),
    "taken.median": (_TIMES, "Until somebody took it: half within"),
    "taken.p95": (_TIMES, "Until somebody took it: 19 of 20 within"),
    "closed.median": (_TIMES, "Until it was closed: half within"),
    "closed.p95": (_TIMES, "Until it was closed: 19 of 20 within"),
}
_SUMMED = (_ALERTS, _OUTCOMES, _TAKEN)
"""Groups whose figures add up to a whole."""


def of_person(connection: Connection, person: Person, now: datetime) -> Figures:
    """Of the homes this person may see."""
    since = now - SPAN
    values = {"person_id": person.id, "since": since, "now": now, "unseen": Reason.HOME_UNSEEN.value}
    with connection.cursor(row_factory=class_row(Row)) as cursor:
        rows = cursor.execute(sql(__file__, "figures"), values).fetchall()
    return read(rows, since, now)


def read(rows: Sequence[Row], since: datetime, until: datetime) -> Figures:
    """The rows as figures in words. Pure."""
    found = {row.key: row for row in rows}
    lines = [
        *_counted(found, _ALERTS),
        *_counted(found, _OUTCOMES),
        *_lasted(found, _NOTICED),
        *_lasted(found, _TIMES),
        *_counted(found, _TAKEN),
        *_texts(found),
        _figure(found, "unseen", _UNSEEN, "All homes together, after somebody of the team was told", Unit.SECONDS),
    ]
    return Figures(since, until, int(_value(found, "homes")), tuple(lines))


def for_commissioners(figures: Figures) -> Figures:
    """The same without what few homes stand behind. Pure."""
    hidden = {line.key for line in figures.lines if line.homes is not None and 0 < line.homes < FEWEST}
    for group, lines in figures.groups.items():
        some = [line for line in lines if line.value]
        if group in _SUMMED and sum(line.key in hidden for line in some) == 1 and len(some) > 1:
            rest = [line for line in some if line.key not in hidden]
            hidden.add(min(rest, key=lambda line: line.value or 0).key)
    texts = {"texts.not_delivered"} if "texts.sent" in hidden else set()
    return replace(
        figures,
        lines=tuple(
            replace(line, value=None, share=None, homes=None) if line.key in hidden | texts else line
            for line in figures.lines
        ),
    )


def written(figures: Figures) -> str:
    """As CSV: a line a figure; empty where it may not be told."""
    text = StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(("from", "until", "figure", "group", "words", "unit", "value", "share", "homes"))
    for line in figures.lines:
        value = FEW if line.value is None else round(line.value, 1)
        share = "" if line.share is None else round(line.share, 4)
        span = (figures.since.isoformat(), figures.until.isoformat())
        rows.writerow((*span, line.key, line.group, line.words, line.unit.value, value, share, line.homes))
    return text.getvalue()


def _value(found: Mapping[str, Row], key: str) -> float:
    return found[key].value if key in found else 0.0


def _counted(found: Mapping[str, Row], group: str) -> list[Figure]:
    keys = {key: words for key, (where, words) in _COUNTED.items() if where == group}
    total = sum(_value(found, key) for key in keys)
    return [
        replace(_figure(found, key, group, words), share=_value(found, key) / total if total else None)
        for key, words in keys.items()
    ]


def _lasted(found: Mapping[str, Row], group: str) -> list[Figure]:
    """None where nothing happened: there is no median of nothing."""
    return [
        _figure(found, key, group, words, Unit.SECONDS)
        for key, (where, words) in _LASTED.items()
        if where == group and key in found
    ]


def _texts(found: Mapping[str, Row]) -> list[Figure]:
    sent = _value(found, "texts.sent")
    not_delivered = _figure(found, "texts.not_delivered", _TEXTS, "Did not arrive, as far as we were told")
    share = (not_delivered.value or 0) / sent if sent else None
    return [_figure(found, "texts.sent", _TEXTS, "Sent about alerts"), replace(not_delivered, share=share)]


def _figure(found: Mapping[str, Row], key: str, group: str, words: str, unit: Unit = Unit.COUNT) -> Figure:
    return Figure(key, group, words, unit, _value(found, key), None, found[key].homes if key in found else 0)
