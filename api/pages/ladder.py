"""Who is told of what happens in a home, in this order; coordinators add, change and take off steps."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api import ladders
from api.access import Db, FromOurPage, MayCoordinate, Now, SeenHome, SignedIn
from api.ladder_words import CHANNELS, CLASSES, SEVERITIES, Row
from api.ladders import CHOSEN_BY_PEOPLE, NewStep
from api.people_changes import By, NotChangedError
from api.web import page

router = APIRouter()

Typed = Annotated[str, Form(max_length=32)]


@dataclass(frozen=True, slots=True)
class StepForm:
    """What was typed, as it was typed."""

    kind: Typed = ""
    severity: Typed = ""
    step: Typed = ""
    minutes: Typed = ""
    teller: Typed = ""
    channel: Typed = ""
    version: Typed = ""
    do: Typed = ""

    def wanted(self) -> NewStep:
        """Raises ValueError with what is wrong, for people."""
        step = _whole("The step", self.step)
        minutes = _whole("The minutes", self.minutes)
        return NewStep(self.kind or None, self.severity or None, step, minutes, self.teller, self.channel)

    @property
    def seen(self) -> int:
        return int(self.version) if self.version.isdecimal() else -1


def step_form(
    kind: Typed = "",
    severity: Typed = "",
    step: Typed = "",
    minutes: Typed = "",
    teller: Typed = "",
    channel: Typed = "",
    version: Typed = "",
    do: Typed = "",
) -> StepForm:
    return StepForm(kind, severity, step, minutes, teller, channel, version, do)


@dataclass(frozen=True, slots=True)
class Asked:
    """One home, the coordinator who asks, and what the pages need to answer."""

    request: Request
    home: SeenHome
    person: MayCoordinate
    db: Db
    now: Now

    @property
    def by(self) -> By:
        return By(self.person.id, self.now, home_id=self.home.id)


Asking = Annotated[Asked, Depends()]
TypedStep = Annotated[StepForm, Depends(step_form)]


@router.get("/homes/{home_id}/ladder")
def show_ladder(request: Request, home: SeenHome, person: SignedIn, db: Db, now: Now) -> HTMLResponse:
    return page(request, "ladder.html", person, ladder=ladders.of_home(db, home, now))


@router.get("/homes/{home_id}/ladder/add")
def new_step(asked: Asking) -> HTMLResponse:
    own = [row for row in ladders.rows_of(asked.db, asked.home.id) if row.own and not row.kind and not row.severity]
    step = max((row.step for row in own), default=0) + 1
    return _form(asked, StepForm(step=str(step), minutes="5" if own else "0", channel="sms"))


@router.post("/homes/{home_id}/ladder/add", dependencies=[FromOurPage])
def add_step(asked: Asking, typed: TypedStep) -> Response:
    try:
        ladders.add(asked.db, asked.by, typed.wanted(), typed.seen)
    except NotChangedError as error:
        return _form(asked, typed, 409, error=str(error))
    except ValueError as error:
        return _form(asked, typed, 400, error=str(error))
    return _back(asked)


@router.get("/homes/{home_id}/ladder/{step_id}")
def show_step(asked: Asking, step_id: int) -> HTMLResponse:
    return _form(asked, _as_kept(_step(asked, step_id)), step_id=step_id)


@router.post("/homes/{home_id}/ladder/{step_id}", dependencies=[FromOurPage])
def change_step(asked: Asking, step_id: int, typed: TypedStep) -> Response:
    _step(asked, step_id)
    try:
        if typed.do == "remove":
            ladders.remove(asked.db, asked.by, step_id, typed.seen)
        else:
            ladders.change(asked.db, asked.by, step_id, typed.wanted(), typed.seen)
    except NotChangedError as error:
        return _form(asked, typed, 409, step_id=step_id, error=str(error))
    except ValueError as error:
        return _form(asked, typed, 400, step_id=step_id, error=str(error))
    return _back(asked)


def _form(
    asked: Asked, typed: StepForm, status: int = 200, step_id: int | None = None, error: str = ""
) -> HTMLResponse:
    known = ladders.of_home(asked.db, asked.home, asked.now)
    choices = {
        "tellers": ladders.tellers(asked.db, asked.home.id),
        "channels": {channel: CHANNELS[channel].capitalize() for channel in CHOSEN_BY_PEOPLE},
        "kinds": {"": "Anything at all", **{kind: words.capitalize() for kind, words in CLASSES.items()}},
        "severities": {"": "However much it matters", **{key: f"Those {words}" for key, words in SEVERITIES.items()}},
    }
    return page(
        asked.request, "ladder_step.html", asked.person, status,
        home=asked.home, typed=typed, known=known, step_id=step_id, error=error, **choices,
    )  # fmt: skip


def _step(asked: Asked, step_id: int) -> Row:
    found = ladders.own_step(asked.db, asked.home.id, step_id)
    if found is None:
        raise HTTPException(404, "There is no such page, or it is not one you may see.")
    return found


def _as_kept(row: Row) -> StepForm:
    return StepForm(
        row.kind or "", row.severity or "", str(row.step), str(row.after_s // 60), row.teller, row.channel
    )  # fmt: skip


def _whole(label: str, text: str) -> int:
    if not text.isascii() or not text.strip().isdigit() or len(text) > 4:
        raise ValueError(f"{label} must be a whole number")
    return int(text)


def _back(asked: Asked) -> RedirectResponse:
    return RedirectResponse(f"/homes/{asked.home.id}/ladder", 303)
