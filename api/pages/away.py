"""Away and in hospital: setting it, and back home."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from alerts.absences import end_away
from api import absences
from api.access import Db, FromOurPage, Now, SeenHome, SignedIn
from api.people import Home
from api.typed_times import From, TypedTime, Until
from api.web import page

router = APIRouter()


@router.get("/homes/{home_id}/away")
def show_away(request: Request, home: SeenHome, person: SignedIn, db: Db, now: Now) -> HTMLResponse:
    set_by_now = absences.of_home(db, home.id, home.zone, now)
    typed = {"kind": "away", "begins": TypedTime(at="09:00"), "until": TypedTime()}
    return page(request, "away.html", person, home=home, away=set_by_now, typed=typed)


@router.post("/homes/{home_id}/away", dependencies=[FromOurPage], name="set_away")
def set_to_away(
    request: Request,
    home: SeenHome,
    person: SignedIn,
    db: Db,
    now: Now,
    begins: From,
    until: Until,
    kind: Annotated[str, Form(max_length=16)] = "",
) -> Response:
    try:
        begin, end = begins.read("The first day", home.zone), until.read("The last day", home.zone)
        absences.set_between(db, home, person, kind, begin, end, now)
    except ValueError as error:
        here = absences.of_home(db, home.id, home.zone, now)
        typed = {"kind": kind, "begins": begins, "until": until}
        return page(request, "away.html", person, 400, home=home, away=here, typed=typed, error=str(error))
    return _back(home)


@router.post("/homes/{home_id}/back", dependencies=[FromOurPage], name="back_home")
def back_home(home: SeenHome, person: SignedIn, db: Db, now: Now) -> RedirectResponse:
    end_away(db, home.id, person.id, now)
    return _back(home)


def _back(home: Home) -> RedirectResponse:
    return RedirectResponse(f"/homes/{home.id}", 303)
