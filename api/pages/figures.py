"""The figures page of the team, and the same as CSV."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from api import figures
from api.access import Db, MayRespond, Now
from api.web import page

router = APIRouter()

ForWhom = Annotated[str, Query(alias="for", max_length=16, description="commissioners: without small numbers")]


@router.get("/figures")
def show_figures(request: Request, person: MayRespond, db: Db, now: Now, for_whom: ForWhom = "") -> HTMLResponse:
    found = _found(person, db, now, for_whom)
    return page(request, "figures.html", person, figures=found, outside=for_whom == "commissioners")


@router.get("/figures.csv")
def figures_file(person: MayRespond, db: Db, now: Now, for_whom: ForWhom = "commissioners") -> Response:
    """Without small numbers, unless they are asked for: a file travels."""
    headers = {"content-disposition": f'attachment; filename="hearthlight-figures-{now:%Y-%m-%d}.csv"'}
    text = figures.written(_found(person, db, now, for_whom))
    return Response(text, media_type="text/csv; charset=utf-8", headers=headers)


def _found(person: MayRespond, db: Db, now: Now, for_whom: str) -> figures.Figures:
    found = figures.of_person(db, person, now)
    return figures.for_commissioners(found) if for_whom == "commissioners" else found
