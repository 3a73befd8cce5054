"""Handing over for a time, and taking it back."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api import hand_overs
from api.access import Db, FromOurPage, Now, SignedIn
from api.web import page

router = APIRouter()

Typed = Annotated[str, Form(max_length=16)]
USUAL_END = "20:00"


@router.get("/hand-over")
def show_hand_over(request: Request, person: SignedIn, db: Db, now: Now) -> HTMLResponse:
    return _answer(request, person, db, now, {"at": USUAL_END})


@router.post("/hand-over", dependencies=[FromOurPage])
def start_hand_over(
    request: Request,
    person: SignedIn,
    db: Db,
    now: Now,
    to: Typed = "",
    day: Annotated[str, Form(alias="until-day", max_length=16)] = "",
    month: Annotated[str, Form(alias="until-month", max_length=16)] = "",
    year: Annotated[str, Form(alias="until-year", max_length=16)] = "",
    at: Annotated[str, Form(alias="until-time", max_length=16)] = "",
) -> Response:
    try:
        until = hand_overs.typed_end((day, month, year), at, hand_overs.zone_of(db, person))
        hand_overs.start(db, person, int(to) if to.isdecimal() else None, until, now)
    except ValueError as error:
        typed = {"to": to, "day": day, "month": month, "year": year, "at": at, "error": str(error)}
        return _answer(request, person, db, now, typed, 400)
    return RedirectResponse("/hand-over", 303)


@router.post("/hand-over/end", dependencies=[FromOurPage])
def end_hand_over(person: SignedIn, db: Db, now: Now) -> RedirectResponse:
    hand_overs.take_back(db, person, now)
    return RedirectResponse("/hand-over", 303)


def _answer(
    request: Request, person: SignedIn, db: Db, now: Now, typed: dict[str, str], status: int = 200
) -> HTMLResponse:
    handed = hand_overs.of_person(db, person, now)
    people = hand_overs.stand_ins(db, person)
    return page(request, "hand_over.html", person, status, handed=handed, people=people, typed=typed)
