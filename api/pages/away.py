"""Away and in hospital: setting it, and back home."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from alerts.absences import end_away
from api import absences
from api.access import Db, FromOurPage, Now, SeenHome, SignedIn
from api.people import Home
from api.web import page

router = APIRouter()

Typed = Annotated[str, Form(max_length=16)]
USUAL_END = "20:00"


@router.get("/homes/{home_id}/away")
def show_away(request: Request, home: SeenHome, person: SignedIn, db: Db, now: Now) -> HTMLResponse:
    set_by_now = absences.of_home(db, home.id, home.zone, now)
    typed = {"kind": "away", "time": USUAL_END}
    return page(request, "away.html", person, home=home, away=set_by_now, typed=typed)


@router.post("/homes/{home_id}/away", dependencies=[FromOurPage], name="set_away")
def set_to_away(
    request: Request,
    home: SeenHome,
    person: SignedIn,
    db: Db,
    now: Now,
    kind: Typed = "",
    day: Annotated[str, Form(alias="until-day", max_length=16)] = "",
    month: Annotated[str, Form(alias="until-month", max_length=16)] = "",
    year: Annotated[str, Form(alias="until-year", max_length=16)] = "",
    at: Annotated[str, Form(alias="until-time", max_length=16)] = "",
) -> Response:
    try:
        absences.set_until(db, home, person, kind, absences.end_typed((day, month, year), at, home.zone), now)
    except ValueError as error:
        typed = {"kind": kind, "day": day, "month": month, "year": year, "time": at}
        here = absences.of_home(db, home.id, home.zone, now)
        return page(request, "away.html", person, 400, home=home, away=here, typed=typed, error=str(error))
    return _back(home)


@router.post("/homes/{home_id}/back", dependencies=[FromOurPage], name="back_home")
def back_home(home: SeenHome, person: SignedIn, db: Db, now: Now) -> RedirectResponse:
    end_away(db, home.id, person.id, now)
    return _back(home)


def _back(home: Home) -> RedirectResponse:
    return RedirectResponse(f"/homes/{home.id}", 303)
