"""Away and in hospital: setting it, and back home."""

from datetime import date, datetime, time, timedelta
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from alerts.absences import BadAbsenceError, end_away, set_away
from alerts.away import AbsenceKind
from api import absences
from api.access import Db, FromOurPage, Now, SeenHome, SignedIn
from api.people import Home
from api.routine_forms import clock_typed
from api.web import page

router = APIRouter()

Typed = Annotated[str, Form(max_length=16)]
FURTHEST = timedelta(days=366)
USUAL_END = "20:00"


@router.get("/homes/{home_id}/away")
def show_away(request: Request, home: SeenHome, person: SignedIn, db: Db, now: Now) -> HTMLResponse:
    set_by_now = absences.of_home(db, home.id, home.zone, now)
    typed = {"kind": "away", "time": USUAL_END}
    return page(request, "away.html", person, home=home, away=set_by_now, typed=typed)


@router.post("/homes/{home_id}/away", dependencies=[FromOurPage], name="set_away")
def set_to_away(
    request: Request,
    home: SeenHome,
    person: SignedIn,
    db: Db,
    now: Now,
    kind: Typed = "",
    day: Annotated[str, Form(alias="until-day", max_length=16)] = "",
    month: Annotated[str, Form(alias="until-month", max_length=16)] = "",
    year: Annotated[str, Form(alias="until-year", max_length=16)] = "",
    at: Annotated[str, Form(alias="until-time", max_length=16)] = "",
) -> Response:
    try:
        until = end_typed((day, month, year), at, home.zone, now)
        set_away(db, home.id, _kind(kind), now, until, person.id, now)
    except ValueError as error:
        typed = {"kind": kind, "day": day, "month": month, "year": year, "time": at}
        here = absences.of_home(db, home.id, home.zone, now)
        return page(request, "away.html", person, 400, home=home, away=here, typed=typed, error=_sentence(error))
    return _back(home)


@router.post("/homes/{home_id}/back", dependencies=[FromOurPage], name="back_home")
def back_home(home: SeenHome, person: SignedIn, db: Db, now: Now) -> RedirectResponse:
    end_away(db, home.id, person.id, now)
    return _back(home)


def end_typed(typed: tuple[str, str, str], at: str, zone: ZoneInfo, now: datetime) -> datetime | None:
    """The end that was typed, as day, month, year and local time; None: left empty. Raises ValueError."""
    if not any(part.strip() for part in typed):
        return None
    try:
        day, month, year = (int(part) for part in typed)
        last = date(year, month, day)
    except ValueError:
        raise ValueError("The day must be a real date, like 27 3 2027, or left empty") from None
    end = datetime.combine(last, time.fromisoformat(clock_typed("The time", at)), zone)
    if end <= now:
        raise ValueError("The end must still lie ahead")
    if end > now + FURTHEST:
        raise ValueError("The end must be within a year from now")
    return end


def _kind(text: str) -> AbsenceKind:
    try:
        return AbsenceKind(text)
    except ValueError:
        raise ValueError("Choose whether it is away or in hospital") from None


def _sentence(error: ValueError) -> str:
    return str(error) if not isinstance(error, BadAbsenceError) else "The end must still lie ahead"


def _back(home: Home) -> RedirectResponse:
    return RedirectResponse(f"/homes/{home.id}", 303)
