"""The description of the JSON interface, for people and for programs, once signed in."""

from typing import Any

from fastapi import APIRouter, Request
from fastapi.openapi.utils import get_openapi
from fastapi.responses import HTMLResponse

from api import v1, v1_claims, v1_rules
from api.access import SignedIn
from api.web import page

router = APIRouter(include_in_schema=False)


@router.get("/api/1/openapi.json")
def describe(request: Request, _: SignedIn) -> dict[str, Any]:
    return _schema(request)


@router.get("/api/1/docs")
def show_docs(request: Request, person: SignedIn) -> HTMLResponse:
    return page(request, "api_docs.html", person, schema=_schema(request))


def _schema(request: Request) -> dict[str, Any]:
    app = request.app
    return get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=v1.DESCRIPTION,
        routes=[*v1.router.routes, *v1_rules.router.routes, *v1_claims.router.routes],
    )
