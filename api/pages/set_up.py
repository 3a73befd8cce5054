"""Adding a home and its people, and how far it is set up. For coordinators."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api import home_people, setting_up
from api.access import Db, FromOurPage, MayCoordinate, Now, SeenHome
from api.home_people import Typed
from api.people_changes import By
from api.web import page

router = APIRouter()

Text = Annotated[str, Form(max_length=200)]


@dataclass(frozen=True, slots=True)
class Asked:
    """One home, the coordinator who asks, and what the page needs to answer."""

    request: Request
    home: SeenHome
    person: MayCoordinate
    db: Db
    now: Now

    @property
    def by(self) -> By:
        return By(self.person.id, self.now, home_id=self.home.id)


Asking = Annotated[Asked, Depends()]


@router.get("/homes/add")
def new_home(request: Request, person: MayCoordinate) -> HTMLResponse:
    return page(request, "home_add.html", person, typed={"occupants": "1"})


@router.post("/homes/add", dependencies=[FromOurPage])
def add_home(
    request: Request,
    person: MayCoordinate,
    db: Db,
    now: Now,
    name: Text = "",
    resident: Text = "",
    occupants: Text = "",
) -> Response:
    try:
        home_id = home_people.add_home(db, By(person.id, now), name, resident, occupants)
    except ValueError as error:
        typed = {"name": name, "resident": resident, "occupants": occupants}
        return page(request, "home_add.html", person, 400, typed=typed, error=str(error))
    return RedirectResponse(f"/homes/{home_id}/set-up", 303)


@router.get("/homes/{home_id}/set-up")
def show_set_up(asked: Asking) -> HTMLResponse:
    tasks = setting_up.of_home(asked.db, asked.home)
    return page(asked.request, "set_up.html", asked.person, home=asked.home, tasks=tasks)


@router.get("/homes/{home_id}/people")
def show_people(asked: Asking) -> HTMLResponse:
    return _people(asked)


@router.post("/homes/{home_id}/people", dependencies=[FromOurPage])
def add_person(asked: Asking, name: Text = "", phone: Text = "", role: Text = "") -> Response:
    typed = Typed(name, phone, role)
    try:
        home_people.add(asked.db, asked.home, asked.by, typed)
    except ValueError as error:
        return _people(asked, 400, typed=typed, error=str(error))
    return _back(asked)


@router.post("/homes/{home_id}/people/{person_id}/remove", dependencies=[FromOurPage])
def remove_person(asked: Asking, person_id: int) -> Response:
    try:
        home_people.remove(asked.db, asked.home, asked.by, person_id)
    except ValueError as error:
        return _people(asked, 409, refused=str(error))
    return _back(asked)


@router.post("/homes/{home_id}/people/{person_id}/number", dependencies=[FromOurPage])
def change_number(asked: Asking, person_id: int, phone: Text = "") -> Response:
    try:
        home_people.change_number(asked.db, asked.home, asked.by, person_id, phone)
    except ValueError as error:
        return _people(asked, 400, refused=str(error))
    return _back(asked)


def _people(asked: Asked, status: int = 200, **values: object) -> HTMLResponse:
    shown = {"typed": Typed(), "people": home_people.of_home(asked.db, asked.home), "roles": home_people.ADDED}
    return page(asked.request, "home_people.html", asked.person, status, home=asked.home, **(shown | values))


def _back(asked: Asked) -> RedirectResponse:
    return RedirectResponse(f"/homes/{asked.home.id}/people", 303)
