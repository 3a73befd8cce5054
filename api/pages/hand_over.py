"""Handing over for a time, and taking it back."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api import hand_overs
from api.access import Db, FromOurPage, Now, SignedIn
from api.typed_times import TypedTime, Until
from api.web import page

router = APIRouter()


@router.get("/hand-over")
def show_hand_over(request: Request, person: SignedIn, db: Db, now: Now) -> HTMLResponse:
    return _answer(request, person, db, now, {"until": TypedTime()})


@router.post("/hand-over", dependencies=[FromOurPage])
def start_hand_over(
    request: Request,
    person: SignedIn,
    db: Db,
    now: Now,
    until: Until,
    to: Annotated[str, Form(max_length=16)] = "",
) -> Response:
    try:
        end = until.read("The last day", hand_overs.zone_of(db, person))
        hand_overs.start(db, person, int(to) if to.isdecimal() else None, end, now)
    except ValueError as error:
        return _answer(request, person, db, now, {"to": to, "until": until, "error": str(error)}, 400)
    return RedirectResponse("/hand-over", 303)


@router.post("/hand-over/end", dependencies=[FromOurPage])
def end_hand_over(person: SignedIn, db: Db, now: Now) -> RedirectResponse:
    hand_overs.take_back(db, person, now)
    return RedirectResponse("/hand-over", 303)


def _answer(
    request: Request, person: SignedIn, db: Db, now: Now, typed: dict[str, object], status: int = 200
) -> HTMLResponse:
    handed = hand_overs.of_person(db, person, now)
    people = hand_overs.stand_ins(db, person)
    return page(request, "hand_over.html", person, status, handed=handed, people=people, typed=typed)
