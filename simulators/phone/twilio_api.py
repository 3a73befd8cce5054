"""Twilio's REST API for messages, as far as we use it, with the disorder that was wished for.

After Twilio's OpenAPI description (api_v2010) and its documented behaviour: a repeated
POST is a second text; the list is newest first and paged; errors are JSON with a code.
"""

import asyncio
import base64
import binascii
import hmac
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from simulators.phone.company import Company, Refused
from simulators.phone.disorder import Request as Wish
from simulators.phone.texts import Text

HANG_S = 120
MAX_PAGE = 1000
BEFORE_ACCEPTING = frozenset({Wish.TOO_MANY, Wish.BROKEN_BEFORE, Wish.HANG})

router = APIRouter(prefix="/2010-04-01/Accounts/{account}")


@router.post("/Messages.json")
async def create(account: str, request: Request) -> Response:
    company = company_of(request)
    if refusal := not_allowed(company, account, request):
        return refusal
    form = await request.form()
    to = str(form.get("To", ""))
    disorder = company.disorders.for_text(to)
    if disorder.request in BEFORE_ACCEPTING:
        return await trouble(disorder.request, request)
    try:
        text = company.accept(
            to,
            str(form.get("From", "")),
            str(form.get("Body", "")),
            str(form["StatusCallback"]) if "StatusCallback" in form else None,
            disorder,
        )
    except Refused as refused:
        return error(refused.status, refused.code, refused.message)
    if disorder.request is not Wish.FINE:
        return await trouble(disorder.request, request)
    return JSONResponse(text.resource(account), 201)


@router.get("/Messages.json")
def index(account: str, request: Request) -> Response:
    company = company_of(request)
    if refusal := not_allowed(company, account, request):
        return refusal
    if company.disorders.listing_fails():
        return PlainTextResponse("Internal Server Error", 500)
    try:
        found = list(_matching(company.texts(), request.query_params))
        size = min(max(int(request.query_params.get("PageSize", 50)), 1), MAX_PAGE)
        page = max(int(request.query_params.get("Page", 0)), 0)
    except ValueError:
        return error(400, 20001, "Invalid parameter")
    return JSONResponse(_page(found, page, size, account, request))


@router.get("/Messages/{sid}.json")
def show(account: str, sid: str, request: Request) -> Response:
    company = company_of(request)
    if refusal := not_allowed(company, account, request):
        return refusal
    text = company.text(sid)
    return JSONResponse(text.resource(account)) if text else error(404, 20404, "The requested resource was not found")


@router.post("/Messages/{sid}.json")
async def update(account: str, sid: str, request: Request) -> Response:
    company = company_of(request)
    if refusal := not_allowed(company, account, request):
        return refusal
    if company.text(sid) is None:
        return error(404, 20404, "The requested resource was not found")
    form = await request.form()
    if form.get("Status") != "canceled":
        return error(400, 20001, "Only Status=canceled is simulated")
    try:
        return JSONResponse(company.cancel(sid).resource(account))
    except Refused as refused:
        return error(refused.status, refused.code, refused.message)


def company_of(request: Request) -> Company:
    company = request.app.state.company
    assert isinstance(company, Company)  # noqa: S101 - tells the type checker what main.py put there
    return company


def not_allowed(company: Company, account: str, request: Request) -> Response | None:
    scheme, _, credentials = request.headers.get("Authorization", "").partition(" ")
    try:
        given = base64.b64decode(credentials, validate=True)
    except binascii.Error:
        given = b""
    wanted = f"{company.account.sid}:{company.account.token}".encode()
    if scheme.lower() == "basic" and hmac.compare_digest(given, wanted) and account == company.account.sid:
        return None
    return error(401, 20003, "Authenticate")


def error(status: int, code: int, message: str) -> Response:
    more = f"https://www.twilio.com/docs/errors/{code}"
    return JSONResponse({"code": code, "message": message, "more_info": more, "status": status}, status)


async def trouble(wish: Wish, request: Request) -> Response:
    """The answer that was wished for, or none."""
    match wish:
        case Wish.TOO_MANY:
            return error(429, 20429, "Too Many Requests")
        case Wish.BROKEN_BEFORE | Wish.BROKEN_AFTER:
            return PlainTextResponse("<html><body>Service Unavailable</body></html>", 503, media_type="text/html")
        case Wish.NONSENSE_AFTER:
            return PlainTextResponse("<html>", 201, media_type="text/html")
        case Wish.DROPPED_AFTER:
            return _Dropped()
    await _hang(request)
    return PlainTextResponse("", 504)


async def _hang(request: Request) -> None:
    for _ in range(HANG_S * 10):
        if await request.is_disconnected():
            return
        await asyncio.sleep(0.1)


class _Dropped(Response):
    """An answer that ends before its end: the server closes the connection."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 - ASGI's signature
        await send({"type": "http.response.start", "status": 201, "headers": [(b"content-length", b"500")]})
        await send({"type": "http.response.body", "body": b'{"sid": "SM', "more_body": True})
        raise ConnectionAbortedError


def _matching(texts: Iterable[Text], wanted: Any) -> Iterable[Text]:
    earliest, latest = _moment(wanted.get("DateSent>")), _moment(wanted.get("DateSent<"), end=True)
    on = wanted.get("DateSent")
    for text in texts:
        at = text.sent_at or text.created_at
        if (
            wanted.get("To") in (None, text.to_number)
            and wanted.get("From") in (None, text.from_number)
            and (earliest is None or at >= earliest)
            and (latest is None or at <= latest)
            and (on is None or at.date() == date.fromisoformat(on[:10]))
        ):
            yield text


def _moment(written: str | None, *, end: bool = False) -> datetime | None:
    """A day (GMT) or a moment, as the filters take them."""
    if written is None:
        return None
    if len(written) == len("2026-11-21"):
        day = datetime.fromisoformat(written).replace(tzinfo=UTC)
        return day + timedelta(days=1) if end else day
    return datetime.fromisoformat(written)


def _page(found: list[Text], page: int, size: int, account: str, request: Request) -> dict[str, Any]:
    here = found[page * size : (page + 1) * size]

    def address(number: int) -> str:
        query = {**request.query_params, "PageSize": size, "Page": number}
        return f"{request.url.path}?{urlencode(query)}"

    return {
        "end": page * size + len(here) - 1 if here else 0,
        "first_page_uri": address(0),
        "messages": [text.resource(account) for text in here],
        "next_page_uri": address(page + 1) if len(found) > (page + 1) * size else None,
        "page": page,
        "page_size": size,
        "previous_page_uri": address(page - 1) if page else None,
        "start": page * size,
        "uri": address(page),
    }
