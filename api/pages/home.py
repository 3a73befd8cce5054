"""Homes: the list, one home today, and who looked at it."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api import hand_overs, homes, looks, paging, today
from api.access import Db, Now, SeenHome, SignedIn
from api.look_words import WORDS
from api.times import when
from api.views import HomesPage
from api.web import page

router = APIRouter()


@router.get("/")
def start(person: SignedIn, db: Db) -> RedirectResponse:
    """Where somebody lands: the queue, or their one home, or the list."""
    if person.on_the_team:
        return RedirectResponse("/queue", 303)
    home_ids = homes.first_ids(db, person)
    return RedirectResponse(f"/homes/{home_ids[0]}" if len(home_ids) == 1 else "/homes", 303)


@router.get("/homes")
def list_homes(request: Request, person: SignedIn, db: Db, now: Now, number: paging.PageNumber = 1) -> HTMLResponse:
    return _list(request, "homes.html", person, homes.of_person(db, person, now, number), db, now)


@router.get("/homes/list")
def refresh_homes(request: Request, person: SignedIn, db: Db, now: Now, number: paging.PageNumber = 1) -> HTMLResponse:
    return _list(request, "_homes.html", person, homes.of_person(db, person, now, number), db, now)


@router.get("/homes/{home_id}")
def show_home(request: Request, home: SeenHome, person: SignedIn, db: Db, now: Now) -> HTMLResponse:
    return page(request, "home.html", person, today=today.of_home(db, home, person, now))


@router.get("/homes/{home_id}/today")
def refresh_home(request: Request, home: SeenHome, person: SignedIn, db: Db, now: Now) -> Response:
    return page(request, "_today.html", person, today=today.of_home(db, home, person, now))


@router.get("/homes/{home_id}/looks")
def show_looks(request: Request, home: SeenHome, person: SignedIn, db: Db, now: Now) -> HTMLResponse:
    seen = [
        (look.person, look.role, WORDS.get(look.what, look.what), when(look.last_at, home.zone, now))
        for look in looks.of_home(db, home.id, home.time_zone)
    ]
    return page(request, "looks.html", person, home=home, looks=seen)


def _list(request: Request, template: str, person: SignedIn, found: HomesPage, db: Db, now: Now) -> HTMLResponse:
    looks.write(db, person.id, [line.id for line in found.lines], "list_homes", now, looks.A_LIST)
    handed = hand_overs.of_person(db, person, now)
    return page(request, template, person, homes=found.lines, pages=found.pages, handed=handed)
