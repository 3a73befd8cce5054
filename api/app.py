"""The application: its parts put together, and how errors look. Knows no page by itself."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psycopg
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from psycopg_pool import ConnectionPool
from starlette.exceptions import HTTPException

from api import health, v1, v1_claims, v1_people, v1_rules, webhooks
from api.access import NotSignedInError, Parts
from api.headers import SafeHeaders, SmallBodies
from api.live import Hub
from api.pages import (
    alert,
    api_docs,
    away,
    consent,
    details,
    figures,
    gateways,
    hand_over,
    home,
    ladder,
    live,
    queue,
    reminders,
    rotas,
    routines,
    set_up,
    sign_in,
    suggestions,
    walk_test,
)
from api.settings import ApiSettings
from api.web import STATIC, is_fragment, page
from ingest.database import open_pool

_SAY = {
    403: "You cannot do that here",
    404: "Page not found",
    405: "That does not work here",
    409: "Nothing was changed",
    429: "Too many at once",
    503: "We cannot reach our records",
}


def create_app(settings: ApiSettings, pool: ConnectionPool | None = None, hub: Hub | None = None) -> FastAPI:
    """The web service on its database. Opens a pool and a listener of its own unless they are given."""
    url = settings.database_url.get_secret_value()
    running = Parts(settings, pool or open_pool(url, settings.database_connections), hub or Hub(url))
    app = FastAPI(
        title="Hearthlight",
        version="1",
        summary="Homes, alerts, and who has them.",
        lifespan=_lifespan,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
    )
    app.state.parts = running
    app.add_middleware(SmallBodies)
    app.add_middleware(SafeHeaders, secure=settings.secure)
    pages = (sign_in, set_up, home, away, suggestions, routines, reminders, gateways, walk_test, queue, alert, live)
    people = (api_docs, consent, ladder, rotas, hand_over, details, figures)
    for part in (health, *pages, *people, webhooks, v1, v1_rules, v1_claims, v1_people):
        app.include_router(part.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_exception_handler(NotSignedInError, _not_signed_in)
    app.add_exception_handler(HTTPException, _refused)
    app.add_exception_handler(RequestValidationError, _not_understood)
    app.add_exception_handler(psycopg.OperationalError, _no_database)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    running: Parts = app.state.parts
    running.hub.start()
    yield
    await running.hub.stop()
    running.pool.close()


def _not_signed_in(request: Request, _: Exception) -> Response:
    if is_fragment(request):
        return Response(status_code=401, headers={"hx-redirect": "/sign-in"})
    if _is_for_programs(request):
        return JSONResponse({"detail": "Sign in first."}, 401)
    return RedirectResponse("/sign-in", 303)


def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - what it is registered for
    return _problem(request, error.status_code, str(error.detail), dict(error.headers or {}))


def _not_understood(request: Request, _: Exception) -> Response:
    """A bad address or field. What was typed is not repeated."""
    if request.method == "GET":
        return _problem(request, 404, "There is no such page.", {})
    return _problem(request, 400, "We could not read what was sent.", {})


def _no_database(request: Request, _: Exception) -> Response:
    sentence = "We cannot reach our records at the moment. Please try again in a minute."
    return _problem(request, 503, sentence, {"retry-after": "30"})


def _problem(request: Request, status: int, sentence: str, headers: dict[str, str]) -> Response:
    if _is_for_programs(request):
        return JSONResponse({"detail": sentence}, status, headers)
    answer = page(request, "problem.html", status=status, title=_SAY.get(status, "Sorry"), sentence=sentence)
    answer.headers.update(headers)
    return answer


def _is_for_programs(request: Request) -> bool:
    return request.url.path.startswith(("/api/", "/twilio/", "/live"))
