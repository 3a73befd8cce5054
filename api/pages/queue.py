"""The team's queue of alerts."""

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse

from api import looks, paging, queue
from api.access import Db, MayRespond, Now
from api.views import Queue
from api.web import page

router = APIRouter()


@router.get("/queue")
def show_queue(request: Request, person: MayRespond, db: Db, now: Now, number: paging.PageNumber = 1) -> HTMLResponse:
    return _answer(request, "queue.html", person, queue.of_person(db, person, now, number), db, now)


@router.get("/queue/list")
def refresh_queue(
    request: Request, person: MayRespond, db: Db, now: Now, number: paging.PageNumber = 1
) -> HTMLResponse:
    return _answer(request, "_queue.html", person, queue.of_person(db, person, now, number), db, now)


def _answer(request: Request, template: str, person: MayRespond, found: Queue, db: Db, now: Now) -> HTMLResponse:
    looks.write(db, person.id, queue.home_ids(found), "show_queue", now, looks.A_LIST)
    return page(request, template, person, queue=found, pages=found.pages)
