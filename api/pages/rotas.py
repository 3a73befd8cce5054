"""Rotas and teams: everybody of the team reads them, coordinators change them."""

from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api import duty
from api.access import Db, FromOurPage, MayCoordinate, MayRespond, Now
from api.people_changes import By
from api.routine_forms import clock_typed
from api.web import page

router = APIRouter()

Typed = Annotated[str, Form(max_length=80)]


@dataclass(frozen=True, slots=True)
class Asked:
    """The coordinator who asks, and what the pages need to answer."""

    request: Request
    person: MayCoordinate
    db: Db
    now: Now

    def by(self, rota_id: int | None = None) -> By:
        return By(self.person.id, self.now, rota_id=rota_id)


Asking = Annotated[Asked, Depends()]


@router.get("/rotas")
def show_rotas(request: Request, person: MayRespond, db: Db, now: Now) -> HTMLResponse:
    return _rotas(request, person, db, now)


@router.post("/rotas", dependencies=[FromOurPage])
def add_rota(asked: Asking, name: Typed = "") -> Response:
    try:
        made = duty.add_rota(asked.db, asked.by(), name)
    except ValueError as error:
        return _rotas(asked.request, asked.person, asked.db, asked.now, 400, error=str(error), at="rota-name")
    return RedirectResponse(f"/rotas/{made}", 303)


@router.post("/teams", dependencies=[FromOurPage])
def add_team(asked: Asking, name: Typed = "") -> Response:
    try:
        duty.add_team(asked.db, asked.by(), name)
    except ValueError as error:
        return _rotas(asked.request, asked.person, asked.db, asked.now, 400, error=str(error), at="team-name")
    return RedirectResponse("/rotas", 303)


@router.post("/teams/members", dependencies=[FromOurPage])
def change_member(asked: Asking, team: Typed = "", who: Typed = "", do: Typed = "added") -> Response:
    try:
        what = "member_removed" if do == "removed" else "member_added"
        duty.put(asked.db, asked.by(), what, {"team": _id(team, "a team"), "person": _id(who, "who is in it")})
    except ValueError as error:
        return _rotas(asked.request, asked.person, asked.db, asked.now, 400, error=str(error), at=f"who-{team}")
    return RedirectResponse("/rotas", 303)


@router.get("/rotas/{rota_id}")
def show_rota(request: Request, rota_id: int, person: MayRespond, db: Db, now: Now) -> HTMLResponse:
    return _rota(request, rota_id, person, db, now)


@router.post("/rotas/{rota_id}/shifts", dependencies=[FromOurPage])
def change_shift(
    asked: Asking,
    rota_id: int,
    weekday: Typed = "",
    start: Typed = "",
    end: Typed = "",
    who: Typed = "",
    do: Typed = "added",
) -> Response:
    typed = {"weekday": weekday, "start": start, "end": end, "who": who}
    _week(asked.db, rota_id, asked.now)
    try:
        values = {
            "weekday": _weekday(weekday),
            "start": _time("From", start),
            "end": _time("Until", start if do == "removed" else end),
            "person": _id(who, "who is on duty"),
        }
        what = "shift_removed" if do == "removed" else "shift_added"
        duty.put(asked.db, asked.by(rota_id), what, values)
    except ValueError as error:
        return _rota(
            asked.request, rota_id, asked.person, asked.db, asked.now, 400, error=str(error), at="weekday", typed=typed
        )
    return RedirectResponse(f"/rotas/{rota_id}", 303)


@router.post("/rotas/{rota_id}/overrides", dependencies=[FromOurPage])
def add_override(
    asked: Asking,
    rota_id: int,
    from_day: Typed = "",
    from_time: Typed = "",
    until_day: Typed = "",
    until_time: Typed = "",
    stand_in: Typed = "",
) -> Response:
    typed = {
        "from_day": from_day,
        "from_time": from_time,
        "until_day": until_day,
        "until_time": until_time,
        "stand_in": stand_in,
    }
    zone = _week(asked.db, rota_id, asked.now).rota.zone
    try:
        begin, end = _moment("From", from_day, from_time, zone), _moment("Until", until_day, until_time, zone)
        duty.override_times(begin, end, asked.now)
        person = None if stand_in == "nobody" else _id(stand_in, "who is on duty instead")
        duty.put(asked.db, asked.by(rota_id), "override_added", {"from": begin, "until": end, "person": person})
    except ValueError as error:
        return _rota(
            asked.request, rota_id, asked.person, asked.db, asked.now, 400, error=str(error), at="from_day", typed=typed
        )
    return RedirectResponse(f"/rotas/{rota_id}", 303)


@router.post("/rotas/{rota_id}/overrides/remove", dependencies=[FromOurPage])
def remove_override(asked: Asking, rota_id: int, one: Typed = "") -> Response:
    _week(asked.db, rota_id, asked.now)
    try:
        duty.put(asked.db, asked.by(rota_id), "override_removed", {"id": _id(one, "one")})
    except ValueError as error:
        return _rota(asked.request, rota_id, asked.person, asked.db, asked.now, 409, error=str(error), at="overrides")
    return RedirectResponse(f"/rotas/{rota_id}", 303)


def _rotas(request: Request, person: MayRespond, db: Db, now: Now, status: int = 200, **values: object) -> HTMLResponse:
    found = {"rotas": duty.all_rotas(db, now), "teams": duty.all_teams(db), "gaps": duty.gaps(db, now)}
    return page(request, "rotas.html", person, status, staff=duty.staff(db), **found, **values)


def _rota(
    request: Request, rota_id: int, person: MayRespond, db: Db, now: Now, status: int = 200, **values: object
) -> HTMLResponse:
    week = _week(db, rota_id, now)
    typed = values.pop("typed", {"start": "08:00", "end": "20:00"})
    staff = duty.staff(db)
    return page(
        request, "rota.html", person, status, week=week, staff=staff, days=duty.WEEKDAYS, typed=typed, **values
    )  # fmt: skip


def _week(db: Db, rota_id: int, now: datetime) -> duty.Week:
    found = duty.week(db, rota_id, now)
    if found is None:
        raise HTTPException(404, "There is no such page, or it is not one you may see.")
    return found


def _id(text: str, what: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 9:
        raise ValueError(f"Choose {what}")
    return int(text)


def _weekday(text: str) -> int:
    if text not in tuple("1234567"):
        raise ValueError("Choose a day of the week")
    return int(text)


def _time(label: str, text: str) -> time:
    return time.fromisoformat(clock_typed(label, text.strip()))


def _moment(label: str, day: str, at: str, zone: ZoneInfo) -> datetime:
    """A day as the browser sends it, or as people write it: 2026-11-27, 27/11/2026."""
    text = day.strip().replace(".", "/")
    try:
        parts = [int(part) for part in text.split("/")] if "/" in text else [0]
        on = date(parts[2], parts[1], parts[0]) if len(parts) == 3 else date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"“{label}” must have a real date, like 27/3/2027") from None
    return datetime.combine(on, _time(label, at), zone)
