"""Your own details: how we reach you, and proving that your number is yours."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from alerts.telling import verifying
from api import details, hand_overs
from api.access import Db, FromOurPage, Now, SignedIn
from api.details import NotKeptError, Wanted
from api.web import page

router = APIRouter()

Typed = Annotated[str, Form(max_length=260)]
ShortTyped = Annotated[str, Form(max_length=16)]


@router.get("/you")
def show_you(request: Request, person: SignedIn, db: Db, now: Now, kept: str = "") -> HTMLResponse:
    return _answer(request, person, db, now, said=_SAID.get(kept[:20], ""))


@router.post("/you", dependencies=[FromOurPage])
def keep_you(
    request: Request,
    person: SignedIn,
    db: Db,
    now: Now,
    email: Typed = "",
    quiet_from: ShortTyped = "",
    quiet_until: ShortTyped = "",
    good_news: ShortTyped = "",
    deputy: ShortTyped = "",
) -> Response:
    wanted = Wanted(email, quiet_from, quiet_until, good_news, deputy)
    try:
        details.keep(db, person, wanted)
    except NotKeptError as error:
        return _answer(request, person, db, now, 400, typed=wanted, error=str(error), at=error.field)
    return RedirectResponse("/you?kept=details", 303)


@router.post("/you/code", dependencies=[FromOurPage])
def send_code(request: Request, person: SignedIn, db: Db, now: Now) -> Response:
    if not verifying.send_code(db, person.id, now):
        error = "We cannot send you a code now. Please try again in an hour."
        return _answer(request, person, db, now, 429, error=error, at="code")
    return RedirectResponse("/you?kept=sent", 303)


@router.post("/you/verify", dependencies=[FromOurPage])
def verify(request: Request, person: SignedIn, db: Db, now: Now, code: ShortTyped = "") -> Response:
    if not verifying.confirm(db, person.id, code, now):
        error = "That is not the code we sent last. Check it, or ask for a new one."
        return _answer(request, person, db, now, 400, error=error, at="code")
    return RedirectResponse("/you?kept=proved", 303)


_SAID = {
    "details": "Your details are kept.",
    "sent": "A code is on its way to your phone.",
    "proved": "Your number is proved. Thank you.",
}


def _answer(request: Request, person: SignedIn, db: Db, now: Now, status: int = 200, **values: object) -> HTMLResponse:
    kept = details.of_person(db, person)
    shown = {"typed": details.typed(kept), **values}
    return page(
        request,
        "details.html",
        person,
        status,
        kept=kept,
        good_news=details.GOOD_NEWS,
        people=hand_overs.stand_ins(db, person),
        handed=hand_overs.of_person(db, person, now),
        **shown,
    )
