"""Signing in and out."""

import hmac
import secrets
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from alerts.telling.sender import queue_sign_in
from api import sessions, signing_in
from api.access import Db, FromOurPage, Now, Pace, SignedIn, from_elsewhere, parts
from api.web import page

router = APIRouter()

VISIT_COOKIE = "hearthlight_visit"
"""Ties the sign-in form to the browser it was shown in, so that nobody is signed in by another's form."""

Typed = Annotated[str, Form(max_length=64)]


@router.get("/sign-in")
def show_sign_in(request: Request) -> HTMLResponse:
    return _form(request, "sign_in.html")


@router.post("/sign-in")
def send_code(request: Request, db: Db, now: Now, pace: Pace, phone: Typed = "", visit: Typed = "") -> HTMLResponse:
    if not _same_visit(request, visit):
        return _form(request, "sign_in.html", 403, error="This page was open for too long. Please try once more.")
    number = signing_in.normal_phone(phone)
    if number is None:
        return _form(request, "sign_in.html", 400, error="Enter a mobile number, like 07700 900123", phone=phone)
    signing_in.send_code(db, number, signing_in.Moment(now, pace), queue_sign_in)
    return _form(request, "code.html", phone=number)


@router.post("/sign-in/code")
def redeem_code(
    request: Request, db: Db, now: Now, pace: Pace, phone: Typed = "", code: Typed = "", visit: Typed = ""
) -> Response:
    if not _same_visit(request, visit):
        return _form(request, "sign_in.html", 403, error="This page was open for too long. Please try once more.")
    person = signing_in.redeem(db, phone, code, now)
    if person is None:
        error = "That code is not right, or it is too old. Check it, or ask for a new one."
        return _form(request, "code.html", 400, error=error, phone=phone)
    token = sessions.start(db, person, now, pace)
    response = RedirectResponse("/", 303)
    sessions.give_cookie(response, token, secure=parts(request).settings.secure)
    response.delete_cookie(VISIT_COOKIE, path="/sign-in")
    return response


@router.post("/sign-out", dependencies=[FromOurPage])
def sign_out(request: Request, db: Db, _: SignedIn) -> RedirectResponse:
    sessions.end(db, request.cookies[sessions.COOKIE])
    response = RedirectResponse("/sign-in", 303)
    sessions.take_cookie(response, secure=parts(request).settings.secure)
    return response


def _form(request: Request, template: str, status: int = 200, **values: str) -> HTMLResponse:
    """The form, bound to this browser by a cookie."""
    visit = request.cookies.get(VISIT_COOKIE) or secrets.token_urlsafe(24)
    response = page(request, template, None, status, visit=visit, **values)
    secure = parts(request).settings.secure
    response.set_cookie(VISIT_COOKIE, visit, httponly=True, samesite="lax", secure=secure, path="/sign-in")
    return response


def _same_visit(request: Request, visit: str) -> bool:
    if from_elsewhere(request):
        raise HTTPException(403, "This form came from another site.")
    return bool(visit) and hmac.compare_digest(visit.encode(), request.cookies.get(VISIT_COOKIE, "").encode())
