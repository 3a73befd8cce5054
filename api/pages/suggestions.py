"""Suggested routines: proposed from the home's last weeks, tried on them, accepted by a named person."""

from typing import Annotated

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from alerts.accepting.changing import NotChangedError
from api import trying
from api.access import FromOurPage
from api.pages.routines import Asked, Asking
from api.web import page

router = APIRouter()

Word = Annotated[str, Query(max_length=80)]
Ticked = Annotated[str, Form(max_length=120)]


@router.get("/homes/{home_id}/routines/suggestions")
def show_suggestions(asked: Asking) -> HTMLResponse:
    return _suggestions(asked)


@router.get("/homes/{home_id}/routines/dry-run")
def dry_run(asked: Asking, names: Annotated[list[Word], Query(alias="try", max_length=40)] = []) -> HTMLResponse:  # noqa: B006 - never changed
    if not names:
        return _suggestions(asked, 400, "Choose at least one suggestion to try")
    return _comparison(asked, names)


@router.post("/homes/{home_id}/routines/accept", dependencies=[FromOurPage])
def accept_suggestions(
    asked: Asking,
    ticked: Annotated[list[Ticked], Form(alias="accept", max_length=40)] = [],  # noqa: B006 - never changed
    tried: Annotated[list[Ticked], Form(max_length=40)] = [],  # noqa: B006 - never changed
) -> Response:
    """`ticked`: "name:mark" of each suggestion that is accepted; `tried`: those that the page showed."""
    if not ticked:
        return _comparison(asked, tried, 400, "Tick each routine that you accept")
    try:
        trying.accept(asked.db, asked.by, asked.home, dict(_pair(one) for one in ticked))
    except NotChangedError as error:
        return _suggestions(asked, 409, str(error))
    return RedirectResponse(f"/homes/{asked.home.id}/routines", 303)


def _pair(text: str) -> tuple[str, str]:
    name, _, mark = text.partition(":")
    return name, mark


def _suggestions(asked: Asked, status: int = 200, error: str = "") -> HTMLResponse:
    found = trying.suggestions(asked.db, asked.home, asked.now)
    return page(asked.request, "suggestions.html", asked.person, status, home=asked.home, found=found, error=error)


def _comparison(asked: Asked, names: list[str], status: int = 200, error: str = "") -> HTMLResponse:
    compared = trying.compare(asked.db, asked.home, names, asked.now)
    values = {"home": asked.home, "compared": compared, "error": error}
    return page(asked.request, "dry_run.html", asked.person, status, **values)
