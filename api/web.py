"""Rendering: templates with everything escaped, and the addresses of static files."""

import hashlib
from functools import cache
from pathlib import Path

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, PackageLoader, PrefixLoader

from api import sessions
from api.people import Person

STATIC = Path(__file__).parent / "static"


@cache
def static_url(path: str) -> str:
    """The address of a static file, with a mark that changes when the file does."""
    mark = hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:12]
    return f"/static/{path}?{mark}"


@cache
def _templates() -> Environment:
    govuk = PrefixLoader({"govuk_frontend_jinja": PackageLoader("govuk_frontend_jinja")})
    loader = ChoiceLoader([PackageLoader("api"), govuk])
    templates = Environment(loader=loader, autoescape=True, trim_blocks=True, lstrip_blocks=True, auto_reload=False)
    templates.globals["static_url"] = static_url
    return templates


def page(
    request: Request, template: str, person: Person | None = None, status: int = 200, **values: object
) -> HTMLResponse:
    """A whole page or a fragment of one."""
    token = request.cookies.get(sessions.COOKIE)
    html = (
        _templates()
        .get_template(template)
        .render(
            person=person,
            form_token=sessions.form_token(token) if person and token else "",
            **values,
        )
    )
    return HTMLResponse(html, status)


def is_fragment(request: Request) -> bool:
    """Whether a script of ours asks, to put the answer into an open page."""
    return request.headers.get("hx-request") == "true"
