"""Gateways and sensors of a home: codes for new ones, how they stand, and where each sensor is."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from api import claims, gateways
from api.access import Db, FromOurPage, MayCoordinate, Now, SeenHome, parts
from api.claims import Made
from api.times import coming
from api.web import page

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


@router.post("/homes/{home_id}/gateways/{gateway_id}/sensors", dependencies=[FromOurPage])
def place_sensors(asked: Asking, gateway_id: int, sensor: Short = [], place: Short = [], role: Short = []) -> Response:  # noqa: B006 - never changed
    found = gateways.of_home(asked.db, asked.home, asked.now)
    if gateway_id not in (one.id for one in found):
        raise _no_such_gateway()
    try:
        said = gateways.typed(sensor, place, role)
    except ValueError:
        raise HTTPException(400, "We could not read what was sent.") from None
    if any(one.error for one in said):
        lines = [gateways.with_typed(one, said) if one.id == gateway_id else one for one in found]
        return _page(asked, lines, 400)
    gateways.place(asked.db, asked.home, gateway_id, said)
    return _back(asked)


def _page(asked: Asked, lines: list[gateways.GatewayLine], status: int = 200) -> HTMLResponse:
    values = {"home": asked.home, "gateways": lines, "roles": gateways.ROLES}
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
