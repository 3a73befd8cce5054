"""Changing the reminders and visitors of a home in somebody's name.

In the caller's transaction, with the new config of the gateway: both or neither.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.types.json import Jsonb

from api.reminder_forms import Settings
from gateway.config import MAX_ASSET_BYTES, Do, Schedule
from gateway.reminders.media import PICTURES, SOUNDS, media_type
from ingest import configuring
from ingest.composing import TooMuchError
from ingest.database import sql


class NotChangedError(ValueError):
    """Why nothing was changed, for people."""


@dataclass(frozen=True, slots=True)
class By:
    """Who changes something, and when."""

    home_id: int
    person_id: int
    now: datetime


def add(db: Connection, by: By, settings: Settings) -> int:
    """A new reminder. Raises NotChangedError."""
    row = db.execute(sql(__file__, "add_reminder"), _values(by, settings)).fetchone()
    if row is None:
        raise NotChangedError("This home has no gateway yet, so nothing can be shown there.")
    configuring.equip(db, row[0])
    _note(db, by, "added", row[0], after=_plain(settings))
    _renew(db, by)
    return int(row[0])


def change(db: Connection, by: By, reminder_id: int, settings: Settings, seen_version: int) -> None:
    """Raises NotChangedError, also where somebody else was quicker."""
    values = _values(by, settings) | {"reminder_id": reminder_id, "version": seen_version}
    if db.execute(sql(__file__, "change_reminder"), values).fetchone() is None:
        raise NotChangedError("Somebody changed this reminder meanwhile. Look at it as it is now, then change it.")
    configuring.equip(db, reminder_id)
    _note(db, by, "changed", reminder_id, after=_plain(settings))
    _renew(db, by)


def delete(db: Connection, by: By, reminder_id: int) -> None:
    values = {"reminder_id": reminder_id, "home_id": by.home_id, "now": by.now}
    if db.execute(sql(__file__, "delete_reminder"), values).fetchone() is not None:
        db.execute(sql(__file__, "forget_assets"), {"home_id": by.home_id})
        _note(db, by, "deleted", reminder_id)
        _renew(db, by)


def set_media(db: Connection, by: By, reminder_id: int, what: str, content: bytes | None) -> None:
    """A picture or sound for a reminder, or none any more. Raises NotChangedError."""
    name = None
    if content is not None:
        _check(what, content)
        name = hashlib.sha256(content).hexdigest()
        db.execute(sql(__file__, "keep_asset"), {"home_id": by.home_id, "hash": name, "bytes": content})
    values = {"reminder_id": reminder_id, "home_id": by.home_id, "hash": name, "is_picture": what == "picture"}
    db.execute(sql(__file__, "set_media"), values)
    db.execute(sql(__file__, "forget_assets"), {"home_id": by.home_id})
    _note(db, by, "changed", reminder_id, after={what: name})
    _renew(db, by)


def show_now(db: Connection, by: By, reminder_id: int) -> None:
    """Show it on the tablet at once, if it can be reached within a quarter of an hour."""
    row = db.execute(sql(__file__, "gateway_of_reminder"), {"reminder_id": reminder_id, "home_id": by.home_id})
    found = row.fetchone()
    if found is not None:
        configuring.order(db, found[0], Do.PROMPT, by.now, reminder_id=reminder_id, person_id=by.person_id)
        _note(db, by, "shown_now", reminder_id)


def ask(db: Connection, by: By) -> None:
    """Let the tablet ask "are you all right?", if it can be reached within a quarter of an hour."""
    found = db.execute(sql(__file__, "tablet_of_home"), {"home_id": by.home_id}).fetchone()
    if found is not None:
        configuring.order(db, found[0], Do.ASK, by.now, person_id=by.person_id)


def add_visitor(db: Connection, by: By, who: str, schedule: Schedule) -> None:
    values = {"home_id": by.home_id, "who": who, "schedule": Jsonb(schedule.model_dump(mode="json"))}
    row = db.execute(sql(__file__, "add_visitor"), values).fetchone()
    _note(db, by, "added", visitor_id=row[0] if row else None, after={"who": who})
    _renew(db, by)


def delete_visitor(db: Connection, by: By, visitor_id: int) -> None:
    values = {"visitor_id": visitor_id, "home_id": by.home_id, "now": by.now}
    if db.execute(sql(__file__, "delete_visitor"), values).fetchone() is not None:
        _note(db, by, "deleted", visitor_id=visitor_id)
        _renew(db, by)


def _check(what: str, content: bytes) -> None:
    if not content:
        raise NotChangedError(f"Choose a {what} first.")
    if len(content) > MAX_ASSET_BYTES:
        raise NotChangedError(f"That {what} is too large: at most {MAX_ASSET_BYTES // 1024} kB go to the tablet.")
    if media_type(content) not in (PICTURES if what == "picture" else SOUNDS):
        kinds = "JPEG, PNG or WebP" if what == "picture" else "MP3, M4A, OGG, WebM or WAV"
        raise NotChangedError(f"That is no {what} that the tablet knows: it takes {kinds}.")


def _renew(db: Connection, by: By) -> None:
    try:
        configuring.renew(db, by.home_id, by.now)
    except TooMuchError as error:
        raise NotChangedError(str(error)) from None


def _values(by: By, settings: Settings) -> dict[str, Any]:
    return {
        "home_id": by.home_id,
        "name": settings.name,
        "text": settings.text,
        "purpose": settings.purpose.value,
        "schedule": Jsonb(settings.schedule.model_dump(mode="json")),
        "every_min": settings.every_min,
        "repeats": settings.repeats,
        "later_min": settings.later_min,
        "done_by": settings.done_by.id if settings.done_by else None,
        "sign": settings.done_by.sign.value if settings.done_by else None,
    }


def _plain(settings: Settings) -> dict[str, Any]:
    return {"name": settings.name, "text": settings.text, "schedule": settings.schedule.model_dump(mode="json")}


def _note(
    db: Connection,
    by: By,
    what: str,
    reminder_id: int | None = None,
    visitor_id: int | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    values = {"home_id": by.home_id, "person_id": by.person_id, "now": by.now, "what": what}
    more = {"reminder_id": reminder_id, "visitor_id": visitor_id, "after": Jsonb(after) if after else None}
    db.execute(sql(__file__, "note_reminder_change"), values | more)
