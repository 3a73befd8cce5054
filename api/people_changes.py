"""What people changed on ladders and rotas: written with each change, read back in words."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from psycopg import Connection
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from api.ladder_words import CHANNELS, named, title
from api.times import when
from ingest.database import sql

SHOWN = 50
_WHAT = {
    "step_added": "added to the list",
    "step_changed": "changed the list",
    "step_removed": "took off the list",
    "rota_added": "made the rota",
    "shift_added": "added a shift",
    "shift_removed": "took a shift off",
    "override_added": "set a change for some days",
    "override_removed": "took a change for some days back",
    "team_added": "made the team",
    "member_added": "added to a team",
    "member_removed": "took out of a team",
    "home_added": "added the home",
    "person_added": "linked to this home",
    "person_removed": "took off this home",
    "number_changed": "changed the number of",
}
_DAYS = ("", "Mondays", "Tuesdays", "Wednesdays", "Thursdays", "Fridays", "Saturdays", "Sundays")


@dataclass(frozen=True, slots=True)
class By:
    """Who changes something, when, and of which home or rota."""

    person_id: int
    now: datetime
    home_id: int | None = None
    rota_id: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """One change, for people. `before`, `after`: empty where there was nothing."""

    id: int
    at: str
    person: str
    what: str
    before: str
    after: str


class NotChangedError(ValueError):
    """Why nothing was changed, for people."""


def write(
    connection: Connection, by: By, what: str, before: dict[str, Any] | None, after: dict[str, Any] | None
) -> None:
    """Write a change down, in the transaction that makes it."""
    values = {
        "now": by.now,
        "person_id": by.person_id,
        "home_id": by.home_id,
        "rota_id": by.rota_id,
        "what": what,
        "before": Jsonb(before) if before is not None else None,
        "after": Jsonb(after) if after is not None else None,
    }
    connection.execute(sql(__file__, "write_people_change"), values)


def of(
    connection: Connection, zone: ZoneInfo, now: datetime, *, home_id: int | None = None, rota_id: int | None = None
) -> list[Change]:
    """The newest changes of a home's ladder, or of a rota."""
    values = {"home_id": home_id, "rota_id": rota_id, "limit": SHOWN}
    with connection.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(sql(__file__, "people_changes"), values).fetchall()
    return [_change(row, zone, now) for row in rows]


def _change(row: dict[str, Any], zone: ZoneInfo, now: datetime) -> Change:
    before, after = (_words(row, side, zone, now) for side in ("before", "after"))
    return Change(row["id"], when(row["at"], zone, now), row["person"], _WHAT[row["what"]], before, after)


def _words(row: dict[str, Any], side: str, zone: ZoneInfo, now: datetime) -> str:
    """What one side of a change was."""
    kept = row[side]
    if kept is None:
        return ""
    person = row[f"person_{side}"]
    if row["what"].startswith("step_"):
        return _step(kept, row, side)
    if row["what"].startswith("shift_"):
        return f"{_DAYS[kept['weekday']]} {kept['start_time'][:5]} to {kept['end_time'][:5]}: {person}"
    if row["what"].startswith("override_"):
        begin, end = (datetime.fromisoformat(kept[name]) for name in ("from_at", "until_at"))
        return f"{when(begin, zone, now)} to {when(end, zone, now)}: {person or 'nobody'}"
    return str(kept.get("name") or person or "")


def _step(kept: dict[str, Any], row: dict[str, Any], side: str) -> str:
    name = row[f"person_{side}"] or row[f"rota_{side}"] or row[f"team_{side}"]
    who = named(name, kept["rota_id"], kept["team_id"], kept["role"])
    about = title(kept["class"], kept["severity"])
    return f"Step {kept['step']} for {about}: {who}, {CHANNELS[kept['channel']]}, after {kept['after_s'] // 60} minutes"
