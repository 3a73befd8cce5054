"""The walk test: for who sets a home up, with a phone in hand."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api import walk_tests
from api.access import Db, FromOurPage, MayCoordinate, Now, SeenHome
from api.web import page

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Asked:
    """One home, the coordinator who asks, and what the page needs to answer."""

    request: Request
    home: SeenHome
    person: MayCoordinate
    db: Db
    now: Now


Asking = Annotated[Asked, Depends()]


@router.get("/homes/{home_id}/walk-test")
def show_walk_test(asked: Asking) -> HTMLResponse:
    return _page(asked, "walk_test.html")


@router.get("/homes/{home_id}/walk-test/state")
def show_walk_test_state(asked: Asking) -> HTMLResponse:
    """The part that changes; asking for it says that the page is in somebody's hand."""
    return _page(asked, "_walk_test.html")


@router.post("/homes/{home_id}/walk-test", dependencies=[FromOurPage])
def start_walk_test(asked: Asking) -> Response:
    walk_tests.start(asked.db, asked.home, asked.person.id, asked.now)
    return _back(asked)


@router.post("/homes/{home_id}/walk-test/end", dependencies=[FromOurPage])
def end_walk_test(asked: Asking) -> Response:
    walk_tests.end(asked.db, asked.home, asked.now)
    return _back(asked)


def _page(asked: Asked, template: str) -> HTMLResponse:
    walk_tests.watch(asked.db, asked.home, asked.person.id, asked.now)
    found = walk_tests.of_home(asked.db, asked.home, asked.now)
    return page(asked.request, template, asked.person, home=asked.home, walk=found)


def _back(asked: Asked) -> RedirectResponse:
    return RedirectResponse(f"/homes/{asked.home.id}/walk-test", 303)
