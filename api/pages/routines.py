"""The routines of a home: what is watched for, and adding, changing and switching them off and on."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from starlette.datastructures import FormData

from alerts.accepting import changing
from alerts.accepting.changing import By, NotChangedError
from alerts.accepting.kept import rules_of
from alerts.accepting.past import sensors_of
from alerts.rules import RuleBase, RuleSettings
from api import routine_fields, routine_forms, routine_words, routines, trying
from api.access import Db, FromOurPage, MayCoordinate, Now, SeenHome, SignedIn
from api.people import Home
from api.routine_fields import Form as Drawn
from api.rule_kinds import kinds
from api.web import page

router = APIRouter()

MOST_PEOPLE = 20


async def form_of(request: Request) -> FormData:
    """Everything that was typed; the fields depend on the kind of rule."""
    return await request.form()


Typed = Annotated[FormData, Depends(form_of)]


@dataclass(frozen=True, slots=True)
class Asked:
    """One home, who asks, and what the pages need to answer."""

    request: Request
    home: SeenHome
    person: MayCoordinate
    db: Db
    now: Now

    @property
    def by(self) -> By:
        return By(self.home.id, self.person.id, self.now)


Asking = Annotated[Asked, Depends()]


@router.get("/homes/{home_id}/routines")
def show_routines(request: Request, home: SeenHome, person: SignedIn, db: Db, now: Now) -> HTMLResponse:
    return _routines(request, home, person, db, now)


@router.post("/homes/{home_id}/occupants", dependencies=[FromOurPage])
def set_occupants(asked: Asking, occupants: Annotated[str, Form(max_length=4)] = "") -> Response:
    if not occupants.isascii() or not occupants.isdigit() or not 1 <= int(occupants) <= MOST_PEOPLE:
        error = f"How many people live here must be a whole number, from 1 to {MOST_PEOPLE}"
        return _routines(asked.request, asked.home, asked.person, asked.db, asked.now, 400, error)
    changing.set_occupants(asked.db, asked.by, int(occupants))
    return _back(asked.home)


@router.get("/homes/{home_id}/routines/add")
def choose_kind(request: Request, home: SeenHome, person: MayCoordinate) -> HTMLResponse:
    offered = [(kind, routine_words.kind_words(kind), routine_words.kind_hint(kind)) for kind in kinds()]
    return page(request, "routine_kinds.html", person, home=home, kinds=offered)


@router.get("/homes/{home_id}/routines/add/{kind}")
def new_routine(asked: Asking, kind: str) -> HTMLResponse:
    return _form(asked, _drawn(asked, _usual(kind)))


@router.post("/homes/{home_id}/routines/add/{kind}", dependencies=[FromOurPage])
def add_routine(asked: Asking, kind: str, typed: Typed) -> Response:
    settings, form = routine_forms.taken(_drawn(asked, _usual(kind)), _usual(kind), typed)
    if settings is None:
        return _form(asked, form, 400)
    if typed.get("do") == "try":
        return _form(asked, form, tried=trying.dry_run(asked.db, asked.home, [settings], asked.now))
    try:
        changing.add(asked.db, asked.by, settings)
    except NotChangedError as error:
        return _form(asked, form, 409, refused=str(error))
    return _back(asked.home)


@router.get("/homes/{home_id}/routines/{rule_id}")
def show_routine(asked: Asking, rule_id: int) -> HTMLResponse:
    line = _line(asked, rule_id)
    return _form(asked, _drawn(asked, _settings(line)), line=line)


@router.post("/homes/{home_id}/routines/{rule_id}", dependencies=[FromOurPage])
def change_routine(asked: Asking, rule_id: int, typed: Typed) -> Response:
    line = _line(asked, rule_id)
    settings, form = routine_forms.taken(_drawn(asked, _settings(line)), _settings(line), typed)
    if settings is None:
        return _form(asked, form, 400, line=line)
    if typed.get("do") == "try":
        return _form(asked, form, line=line, tried=trying.dry_run(asked.db, asked.home, [settings], asked.now))
    version = str(typed.get("version", ""))
    try:
        changing.change(asked.db, asked.by, rule_id, settings, int(version) if version.isdigit() else 0)
    except NotChangedError as error:
        return _form(asked, form, 409, line=line, refused=str(error))
    return _back(asked.home)


@router.post("/homes/{home_id}/routines/{rule_id}/switch", dependencies=[FromOurPage])
def switch_routine(asked: Asking, rule_id: int, on: Annotated[bool, Form()]) -> Response:
    line = _line(asked, rule_id)
    try:
        changing.switch(asked.db, asked.by, rule_id, on=on)
    except NotChangedError as error:
        return _form(asked, _drawn(asked, _settings(line)), 409, line=line, refused=str(error))
    return _back(asked.home)


def _routines(
    request: Request, home: Home, person: SignedIn, db: Db, now: Now, status: int = 200, error: str = ""
) -> HTMLResponse:
    found = routines.of_home(db, home, person, now)
    lives = routine_words.lives(home.occupants)
    return page(request, "routines.html", person, status, routines=found, lives=lives, error=error)


def _form(asked: Asked, form: Drawn, status: int = 200, **values: object) -> HTMLResponse:
    return page(asked.request, "routine.html", asked.person, status, home=asked.home, form=form, **values)


def _drawn(asked: Asked, settings: RuleBase) -> Drawn:
    return routine_fields.drawn(settings, sensors_of(asked.db, asked.home.id))


def _usual(kind: str) -> RuleSettings:
    """The rule of this kind as it is proposed to everybody."""
    if kind not in kinds():
        raise HTTPException(404, "There is no such kind of routine.")
    return routine_fields.usual(kind)


def _line(asked: Asked, rule_id: int) -> routines.Line:
    kept = next((one for one in rules_of(asked.db, asked.home.id) if one.id == rule_id), None)
    if kept is None:
        raise HTTPException(404, "There is no such page, or it is not one you may see.")
    return routines.line(kept, None, asked.home.zone, asked.now)


def _settings(line: routines.Line) -> RuleSettings:
    """What is to be changed; of a rule that cannot be read, a new one of its kind."""
    return line.settings or _usual(line.kind)


def _back(home: Home) -> RedirectResponse:
    return RedirectResponse(f"/homes/{home.id}/routines", 303)
