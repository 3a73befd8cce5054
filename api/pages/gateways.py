"""Gateways and sensors of a home: codes for new ones, how they stand, and where each sensor is."""

from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api import claims, devices, gateways
from api.access import Db, FromOurPage, MayCoordinate, Now, SeenHome, parts
from api.claims import Made
from api.devices import Change, Use
from api.times import coming
from api.web import page
from ingest.composing import TooMuchError

router = APIRouter()

Short = Annotated[list[str], Form(max_length=gateways.MOST_SENSORS)]


@dataclass(frozen=True, slots=True)
class Asked:
    """One home, the coordinator who asks, and what the pages need to answer."""

    request: Request
    home: SeenHome
    person: MayCoordinate
    db: Db
    now: Now


Asking = Annotated[Asked, Depends()]


@router.get("/homes/{home_id}/gateways")
def show_gateways(asked: Asking) -> HTMLResponse:
    return _page(asked, gateways.of_home(asked.db, asked.home, asked.now))


@router.post("/homes/{home_id}/gateways", dependencies=[FromOurPage])
def add_gateway(asked: Asking) -> HTMLResponse:
    return _code(asked, claims.add_gateway(asked.db, asked.home.id, asked.person.id, asked.now))


@router.post("/homes/{home_id}/gateways/{gateway_id}/code", dependencies=[FromOurPage])
def new_claim_code(asked: Asking, gateway_id: int) -> HTMLResponse:
    made = claims.make(asked.db, asked.home.id, gateway_id, asked.person.id, asked.now)
    if made is None:
        raise _no_such_gateway()
    return _code(asked, made)


@router.post("/homes/{home_id}/gateways/{gateway_id}/remove", dependencies=[FromOurPage])
def remove_claim(asked: Asking, gateway_id: int) -> Response:
    if not claims.remove(asked.db, asked.home.id, gateway_id, asked.now):
        raise _no_such_gateway()
    return _back(asked)


@dataclass(frozen=True, slots=True)
class Sent:
    """The form of one gateway: a line for each sensor. Without `used` nothing is said of what they are used as."""

    sensor: list[str]
    place: list[str]
    role: list[str]
    used: list[str]
    turned: list[str]
    beat: str


def sent(
    sensor: Short = [],  # noqa: B006 - none of these is ever changed
    place: Short = [],  # noqa: B006
    role: Short = [],  # noqa: B006
    used: Short = [],  # noqa: B006
    turned: Short = [],  # noqa: B006
    beat: Annotated[str, Form(max_length=8)] = "",
) -> Sent:
    return Sent(sensor, place, role, used, turned, beat)


@router.post("/homes/{home_id}/gateways/{gateway_id}/sensors", dependencies=[FromOurPage])
def set_sensors(asked: Asking, gateway_id: int, form: Annotated[Sent, Depends(sent)]) -> Response:
    found = gateways.of_home(asked.db, asked.home, asked.now)
    ours = next((one for one in found if one.id == gateway_id), None)
    if ours is None:
        raise _no_such_gateway()
    try:
        lines = gateways.typed(form.sensor, form.place, form.role)
        typed = dict(zip(form.sensor, devices.typed(form.used, form.turned), strict=True)) if form.used else {}
        beat_s = devices.typed_beat(form.beat) if form.used else ours.beat_s
    except ValueError:
        raise HTTPException(400, "We could not read what was sent.") from None
    shown = {one.name for one in ours.sensors}
    uses = {name: use for name, use in typed.items() if name in shown}
    placed = gateways.to_place(lines, ours)
    errors = {one.name: one.error for one in placed if one.error}
    if not errors:
        errors = _keep(asked, gateway_id, placed, uses, beat_s)
    if not errors:
        return _back(asked)
    with_errors = [replace(one, error=errors.get(one.name, "")) for one in lines]
    again = gateways.with_typed(ours, with_errors, uses)
    return _page(asked, [again if one is ours else one for one in found], 400, errors.get(""))


def _keep(
    asked: Asked, gateway_id: int, placed: list[gateways.SensorLine], uses: dict[str, Use], beat_s: int | None
) -> dict[str, str]:
    """All of it or nothing; what was wrong, by sensor (empty: with the whole)."""
    by = Change(asked.home.id, gateway_id, asked.person.id, asked.now)
    try:
        with asked.db.transaction():
            gateways.place(asked.db, asked.home, gateway_id, placed)
            devices.keep(asked.db, by, uses, beat_s)
    except TooMuchError as error:
        return {"": str(error)}
    return {}


def _page(asked: Asked, lines: list[gateways.GatewayLine], status: int = 200, error: str | None = None) -> HTMLResponse:
    values = {
        "home": asked.home,
        "gateways": lines,
        "roles": gateways.ROLES,
        "uses": devices.USES,
        "turns": devices.TURNS,
        "beats": devices.BEATS,
        "error": error,
    }
    return page(asked.request, "gateways.html", asked.person, status, **values)


def _code(asked: Asked, made: Made) -> HTMLResponse:
    """The only page that ever shows the code."""
    until = coming(made.expires_at, asked.home.zone, asked.now)
    address = parts(asked.request).settings.public_url
    return page(
        asked.request, "claim_code.html", asked.person, home=asked.home, made=made, until=until, address=address
    )


def _back(asked: Asked) -> RedirectResponse:
    return RedirectResponse(f"/homes/{asked.home.id}/gateways", 303)


def _no_such_gateway() -> HTTPException:
    return HTTPException(404, "There is no such gateway in this home.")
