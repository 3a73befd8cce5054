"""The page on which a person reads each phone's texts and answers; and the control of the simulator."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles
from fastapi.templating import Jinja2Templates
from pydantic import BaseModel, ConfigDict, Field

from gateway.clock import EPOCH
from simulators.phone.calls import Call, CallStatus
from simulators.phone.company import CODE, NUMBER, Company
from simulators.phone.disorder import Disorder
from simulators.phone.texts import Habit, Phone, Status, Text

HERE = Path(__file__).parent
SHOWN = 60
"""How many of a phone's texts the page shows."""

router = APIRouter()
templates = Jinja2Templates(HERE / "templates")

STATUS_WORDS = {
    Status.QUEUED: "Waiting to be sent",
    Status.SENDING: "On its way",
    Status.SENT: "Sent",
    Status.UNDELIVERED: "Could not be delivered",
    Status.FAILED: "Failed",
    Status.CANCELED: "Cancelled",
}
LIVE = frozenset({CallStatus.RINGING, CallStatus.IN_PROGRESS})
LOST = frozenset({Status.UNDELIVERED, Status.FAILED, Status.CANCELED})


@dataclass(frozen=True, slots=True)
class Bubble:
    """One text as the page shows it."""

    sid: str
    body: str
    at: datetime
    mine: bool
    note: str
    lost: bool
    """It never reached the phone; the page shows it all the same."""


@dataclass(frozen=True, slots=True)
class Screen:
    """One phone as the page shows it. `code` is that of its newest alert text, if any."""

    number: str
    title: str
    opted_out: bool
    bubbles: tuple[Bubble, ...]
    calls: tuple[Call, ...]
    """Those that ring or are being heard."""
    code: str | None


def static_files() -> StaticFiles:
    return StaticFiles(directory=HERE / "static")


@router.get("/", response_class=HTMLResponse)
def index(request: Request) -> Response:
    return templates.TemplateResponse(request, "index.html", _context(_company(request)))


@router.get("/phones", response_class=HTMLResponse)
def phones(request: Request, seen: int = -1) -> Response:
    """All phones as a fragment, or 204 when nothing has changed since version `seen`."""
    company = _company(request)
    if seen == company.version:
        return Response(status_code=204)
    return templates.TemplateResponse(request, "phones.html", _context(company))


@router.post("/phones/{number}/texts")
def answer(
    request: Request, number: str, body: Annotated[str, Form(min_length=1, max_length=5000)], quiet: bool = False
) -> Response:
    """The owner of this phone sends a text. `quiet` for scripts: no page in return."""
    if not NUMBER.fullmatch(number):
        raise HTTPException(404)
    text = _company(request).incoming(number, body)
    return JSONResponse({"sid": text.sid}, 201) if quiet else RedirectResponse("/", 303)


class NewPhone(BaseModel):
    """A phone to show from the start. With a habit it answers by itself after so many (simulated) seconds."""

    model_config = ConfigDict(extra="forbid")

    number: Annotated[str, Field(pattern=NUMBER.pattern)]
    name: Annotated[str, Field(max_length=60)] = ""
    habit_after_s: Annotated[float, Field(ge=0)] | None = None
    habit_answers: Annotated[tuple[str, ...], Field(min_length=1, max_length=9)] = ("1",)


@router.post("/phones", status_code=204)
def register(request: Request, wanted: NewPhone) -> None:
    habit = Habit(wanted.habit_after_s, wanted.habit_answers) if wanted.habit_after_s is not None else None
    _company(request).register(wanted.number, wanted.name, habit)


@router.post("/disorder", status_code=204)
def disorder(request: Request, wish: Disorder) -> None:
    _company(request).disorders.add(wish)


@router.delete("/disorder", status_code=204)
def order(request: Request) -> None:
    """Take every wish back."""
    _company(request).disorders.clear()


def _company(request: Request) -> Company:
    company = request.app.state.company
    assert isinstance(company, Company)  # noqa: S101 - tells the type checker what main.py put there
    return company


def _context(company: Company) -> dict[str, object]:
    version = company.version
    phones = sorted(company.phones(), key=_first_text)
    calls = [call for call in company.exchange.calls() if call.status in LIVE]
    return {"phones": [_screen(phone, calls) for phone in phones], "version": version}


def _first_text(phone: Phone) -> tuple[bool, datetime]:
    """Phones with texts come first, in the order they began, so that none moves while it is read."""
    return (not phone.texts, phone.texts[0].created_at if phone.texts else EPOCH)


def _screen(phone: Phone, calls: Sequence[Call]) -> Screen:
    arrived = [text for text in phone.texts if text.direction != "inbound" and text.status not in LOST]
    codes = [found[1] for text in reversed(arrived) if (found := CODE.search(text.body))]
    return Screen(
        phone.number,
        phone.name or phone.number,
        phone.opted_out,
        tuple(_bubble(text) for text in phone.texts[-SHOWN:]),
        tuple(call for call in calls if call.to_number == phone.number),
        codes[0] if codes else None,
    )


def _bubble(text: Text) -> Bubble:
    note = STATUS_WORDS.get(text.status, "")
    if text.error_code is not None:
        note = f"{note} ({text.error_code})"
    return Bubble(text.sid, text.body, text.created_at, text.direction == "inbound", note, text.status in LOST)
