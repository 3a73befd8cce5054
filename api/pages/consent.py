"""What was agreed to for a home: shown to the team, written down and withdrawn by coordinators."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api import consents
from api.access import Db, FromOurPage, MayCoordinate, MayRespond, Now, SeenHome
from api.people import Home, Person
from api.typed_times import Given, TypedTime
from api.web import page

router = APIRouter()

Typed = Annotated[str, Form(max_length=200)]


@dataclass(frozen=True, slots=True)
class Asked:
    """One home, the coordinator who asks, and what the page needs to answer."""

    request: Request
    home: SeenHome
    person: MayCoordinate
    db: Db
    now: Now


Asking = Annotated[Asked, Depends()]


@router.get("/homes/{home_id}/consent")
def show_consent(request: Request, home: SeenHome, person: MayRespond, db: Db, now: Now) -> HTMLResponse:
    return _page(request, home, person, db, now)


@router.post("/homes/{home_id}/consent", dependencies=[FromOurPage])
def record_consent(asked: Asking, given: Given, basis: Typed = "", by: Typed = "") -> Response:
    try:
        day = given.read("The day it was agreed", asked.home.zone)
        consents.record(asked.db, asked.home, asked.person, basis, by, day, asked.now)
    except ValueError as error:
        typed = {"basis": basis, "by": by, "given": given}
        return _page(asked.request, asked.home, asked.person, asked.db, asked.now, 400, typed=typed, error=str(error))
    return _back(asked.home)


@router.post("/homes/{home_id}/consent/withdraw", dependencies=[FromOurPage])
def withdraw_consent(asked: Asking, by: Typed = "") -> Response:
    try:
        consents.withdraw(asked.db, asked.home, asked.person, by, asked.now)
    except ValueError as error:
        return _page(asked.request, asked.home, asked.person, asked.db, asked.now, 400, error=str(error))
    return _back(asked.home)


def _page(
    request: Request, home: Home, person: Person, db: Db, now: Now, status: int = 200, **values: object
) -> HTMLResponse:
    shown = {"typed": {"given": TypedTime()}, "error": ""} | values
    records = consents.of_home(db, home, now)
    return page(request, "consent.html", person, status, home=home, records=records, asked=consents.ASKED, **shown)


def _back(home: Home) -> RedirectResponse:
    return RedirectResponse(f"/homes/{home.id}/consent", 303)
