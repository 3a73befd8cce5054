"""The team's queue of alerts."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api import looks, queue
from api.access import Db, MayRespond, Now
from api.web import page

router = APIRouter()


@router.get("/queue")
def show_queue(request: Request, person: MayRespond, db: Db, now: Now) -> HTMLResponse:
    return _answer(request, "queue.html", person, db, now)


@router.get("/queue/list")
def refresh_queue(request: Request, person: MayRespond, db: Db, now: Now) -> HTMLResponse:
    return _answer(request, "_queue.html", person, db, now)


def _answer(request: Request, template: str, person: MayRespond, db: Db, now: Now) -> HTMLResponse:
    found = queue.of_person(db, person, now)
    looks.write(db, person.id, sorted(queue.home_ids(found)), "show_queue", now, looks.A_LIST)
    return page(request, template, person, queue=found)
