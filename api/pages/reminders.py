"""The reminders of a home: what its tablet shows and what became of it today; adding, changing, deleting.

Everybody linked to the home may look. The family, the resident and coordinators may change them.
"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from api import reminder_changes, reminder_forms, reminder_rows
from api.access import Db, FromOurPage, Now, SeenHome, SignedIn
from api.headers import RECORDS_SOUND
from api.people import Home, Person, Role
from api.reminder_changes import By, NotChangedError
from api.reminder_rows import ReminderRow
from api.web import page
from gateway.config import MAX_ASSET_BYTES, Purpose, sensor_of
from gateway.reminders.media import media_type, part_asked
from ingest.database import sql

router = APIRouter()

PURPOSES = [(one.value, one.value.capitalize()) for one in Purpose]
NO_PAGE = "There is no such page, or it is not one you may see."


async def form_of(request: Request) -> FormData:
    """Everything that was typed."""
    return await request.form()


def may_change(person: SignedIn) -> Person:
    """Not responders: what a home is reminded of is the family's and the coordinators' business."""
    if person.role is Role.RESPONDER:
        raise HTTPException(404, NO_PAGE)
    return person


Typed = Annotated[FormData, Depends(form_of)]
Take = Annotated[str, Form(max_length=8)]
MayChange = Annotated[Person, Depends(may_change)]


@dataclass(frozen=True, slots=True)
class Asked:
    """One home, who asks, and what the pages need to answer."""

    request: Request
    home: SeenHome
    person: MayChange
    db: Db
    now: Now

    @property
    def by(self) -> By:
        return By(self.home.id, self.person.id, self.now)


Asking = Annotated[Asked, Depends()]


@router.get("/homes/{home_id}/reminders")
def show_reminders(request: Request, home: SeenHome, person: SignedIn, db: Db, now: Now) -> HTMLResponse:
    return _list(request, home, person, db, now)


@router.get("/homes/{home_id}/reminders/add")
def new_reminder(asked: Asking) -> HTMLResponse:
    return _form(asked, reminder_forms.values_of(None))


@router.post("/homes/{home_id}/reminders/add", dependencies=[FromOurPage])
def add_reminder(asked: Asking, typed: Typed) -> Response:
    settings, form = _read(asked, typed, None)
    if settings is None:
        return _form(asked, reminder_forms.typed_values(form), 400, errors=form.errors)
    try:
        with asked.db.transaction():
            reminder_id = reminder_changes.add(asked.db, asked.by, settings)
    except NotChangedError as error:
        return _form(asked, reminder_forms.typed_values(form), 409, refused=str(error))
    return RedirectResponse(f"/homes/{asked.home.id}/reminders/{reminder_id}", 303)


@router.get("/homes/{home_id}/reminders/{reminder_id}")
def show_reminder(asked: Asking, reminder_id: int) -> HTMLResponse:
    row = _row(asked, reminder_id)
    return _form(asked, reminder_forms.values_of(row), row=row)


@router.post("/homes/{home_id}/reminders/{reminder_id}", dependencies=[FromOurPage])
def change_reminder(asked: Asking, reminder_id: int, typed: Typed) -> Response:
    row = _row(asked, reminder_id)
    settings, form = _read(asked, typed, row)
    if settings is None:
        return _form(asked, reminder_forms.typed_values(form), 400, row=row, errors=form.errors)
    version = form.text("version")
    try:
        with asked.db.transaction():
            seen = int(version) if version.isascii() and version.isdigit() else 0
            reminder_changes.change(asked.db, asked.by, reminder_id, settings, seen)
    except NotChangedError as error:
        return _form(asked, reminder_forms.typed_values(form), 409, row=row, refused=str(error))
    return _back(asked.home)


@router.post("/homes/{home_id}/reminders/{reminder_id}/delete", dependencies=[FromOurPage])
def delete_reminder(asked: Asking, reminder_id: int) -> Response:
    reminder_changes.delete(asked.db, asked.by, reminder_id)
    return _back(asked.home)


@router.post("/homes/{home_id}/reminders/{reminder_id}/show-now", dependencies=[FromOurPage])
def show_reminder_now(asked: Asking, reminder_id: int) -> Response:
    reminder_changes.show_now(asked.db, asked.by, _row(asked, reminder_id).id)
    return _back(asked.home)


@router.get("/homes/{home_id}/reminders/{reminder_id}/picture")
def show_picture(request: Request, home: SeenHome, db: Db, reminder_id: int) -> Response:
    return _media(request, home, db, reminder_id, "picture")


@router.get("/homes/{home_id}/reminders/{reminder_id}/sound")
def play_sound(request: Request, home: SeenHome, db: Db, reminder_id: int) -> Response:
    return _media(request, home, db, reminder_id, "sound")


@router.post("/homes/{home_id}/reminders/{reminder_id}/picture", dependencies=[FromOurPage])
def set_picture(asked: Asking, reminder_id: int, file: UploadFile | None = None, take: Take = "") -> Response:
    return _set_media(asked, reminder_id, "picture", file, take)


@router.post("/homes/{home_id}/reminders/{reminder_id}/sound", dependencies=[FromOurPage])
def set_sound(asked: Asking, reminder_id: int, file: UploadFile | None = None, take: Take = "") -> Response:
    return _set_media(asked, reminder_id, "sound", file, take)


@router.post("/homes/{home_id}/ask", dependencies=[FromOurPage])
def ask_resident(home: SeenHome, person: SignedIn, db: Db, now: Now) -> Response:
    """Everybody who may see the home may ask."""
    reminder_changes.ask(db, By(home.id, person.id, now))
    return _back(home)


@router.post("/homes/{home_id}/visitors", dependencies=[FromOurPage])
def add_visitor(asked: Asking, typed: Typed) -> Response:
    found, form = reminder_forms.visitor(typed)
    told = {"typed": reminder_forms.typed_values(form), "errors": form.errors}
    if found is None:
        return _list(asked.request, asked.home, asked.person, asked.db, asked.now, 400, **told)
    try:
        with asked.db.transaction():
            reminder_changes.add_visitor(asked.db, asked.by, *found)
    except NotChangedError as error:
        told["errors"] = [("who", str(error))]
        return _list(asked.request, asked.home, asked.person, asked.db, asked.now, 409, **told)
    return _back(asked.home)


@router.post("/homes/{home_id}/visitors/{visitor_id}/delete", dependencies=[FromOurPage])
def delete_visitor(asked: Asking, visitor_id: int) -> Response:
    reminder_changes.delete_visitor(asked.db, asked.by, visitor_id)
    return _back(asked.home)


def _media(request: Request, home: Home, db: Db, reminder_id: int, what: str) -> Response:
    """The kept bytes, or the part of them that is asked for."""
    values = {"home_id": home.id, "reminder_id": reminder_id, "is_picture": what == "picture"}
    row = db.execute(sql(__file__, "media_of_reminder"), values).fetchone()
    if row is None:
        raise HTTPException(404, NO_PAGE)
    content = bytes(row[0])
    media = media_type(content) or "application/octet-stream"
    part = part_asked(request.headers.get("range", ""), len(content))
    headers = {"accept-ranges": "bytes"}
    if part is None:
        return Response(content, media_type=media, headers=headers)
    headers["content-range"] = f"bytes {part.start}-{part.stop - 1}/{len(content)}"
    return Response(content[part], 206, media_type=media, headers=headers)


def _set_media(asked: Asked, reminder_id: int, what: str, file: UploadFile | None, take: str) -> Response:
    """A new one, or none any more where `take` is "away"."""
    row = _row(asked, reminder_id)
    content = None if take == "away" else file.file.read() if file is not None else b""
    try:
        with asked.db.transaction():
            reminder_changes.set_media(asked.db, asked.by, reminder_id, what, content)
    except NotChangedError as error:
        return _form(asked, reminder_forms.values_of(row), 400, row=row, errors=[(what, str(error))])
    return RedirectResponse(f"/homes/{asked.home.id}/reminders/{reminder_id}#its-{what}", 303)


def _list(
    request: Request, home: Home, person: Person, db: Db, now: Now, status: int = 200, **values: object
) -> HTMLResponse:
    told = reminder_rows.answers(db, home, now)
    lines = [
        (row, reminder_rows.days_in_words(row.schedule), reminder_rows.today(row, told.get(row.id, []), home.zone, now))
        for row in reminder_rows.of_home(db, home.id)
    ]
    visits = [(one, reminder_rows.days_in_words(one.schedule)) for one in reminder_rows.visitors(db, home.id)]
    tablet = reminder_rows.tablet(db, home.id)
    standing = reminder_rows.standing(tablet, home.zone, now)
    asked = reminder_rows.asked_in_words(reminder_rows.last_question(db, home.id, now), home.zone, now)
    usual = {"typed": {"weekdays": reminder_forms.EVERY_DAY}, "errors": [], "weekdays": reminder_forms.WEEKDAYS}
    may = person.role is not Role.RESPONDER
    told_of = {"lines": lines, "visits": visits, "standing": standing, "asked": asked}
    shown = usual | {"home": home, "has_page": tablet is not None and tablet.voice is not None, "may_change": may}
    return page(request, "reminders.html", person, status, **shown | told_of | values)


def _form(asked: Asked, typed: dict[str, object], status: int = 200, **values: object) -> HTMLResponse:
    choices = reminder_rows.answerers(asked.db, asked.home.id)
    usual = {"errors": [], "row": None, "answerers": choices, "purposes": PURPOSES, "weekdays": reminder_forms.WEEKDAYS}
    shown = usual | {"home": asked.home, "typed": typed, "most_bytes": MAX_ASSET_BYTES} | values
    answer = page(asked.request, "reminder.html", asked.person, status, **shown)
    if shown["row"]:
        answer.headers.update(RECORDS_SOUND)
    return answer


def _read(
    asked: Asked, typed: FormData, row: ReminderRow | None
) -> tuple[reminder_forms.Settings | None, reminder_forms.Reading]:
    own = sensor_of(row.id) if row else None
    taken = [place for name, place in reminder_rows.places(asked.db, asked.home.id).items() if name != own]
    return reminder_forms.reminder(typed, reminder_rows.answerers(asked.db, asked.home.id), taken)


def _row(asked: Asked, reminder_id: int) -> ReminderRow:
    found = next((one for one in reminder_rows.of_home(asked.db, asked.home.id) if one.id == reminder_id), None)
    if found is None:
        raise HTTPException(404, NO_PAGE)
    return found


def _back(home: Home) -> RedirectResponse:
    return RedirectResponse(f"/homes/{home.id}/reminders", 303)
