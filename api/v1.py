"""The JSON interface, version 1: the same facts and permissions as the pages."""

from typing import Annotated

from fastapi import APIRouter, Body, Request, Response
from pydantic import BaseModel

from alerts.telling import state_table, states
from api import cases, homes, looks, paging, queue, sessions, today, v1_models
from api.access import Db, FromOurScript, Now, SeenAlert, SeenHome, SignedIn
from api.views import AlertLine, Case, HomeLine, Today

DESCRIPTION = """
Sign in on the pages: the session cookie is the permission. A POST, PUT or DELETE also carries the header
`X-Form-Token`, whose value `GET /api/1/me` tells. What you may not see answers 404, as what does not exist.
Each view of a home is written down. Hearthlight is not an emergency alarm service.
"""

CHANNEL: state_table.Channel = "page"

router = APIRouter(prefix="/api/1", tags=["1"])


@router.get("/me", response_model=v1_models.Me)
def me(request: Request, person: SignedIn) -> dict[str, str]:
    """Who is signed in."""
    token = sessions.form_token(request.cookies[sessions.COOKIE])
    return {"name": person.name, "role": person.role.value, "form_token": token}


@router.get("/homes", response_model=list[v1_models.HomeInList], name="list_homes")
def list_homes(
    response: Response, person: SignedIn, db: Db, now: Now, number: paging.PageNumber = 1
) -> tuple[HomeLine, ...]:
    """The homes you may see, those that want somebody first; 50 to a page. The Link header leads to the next."""
    found = homes.of_person(db, person, now, number)
    looks.write(db, person.id, [line.id for line in found.lines], "list_homes", now, looks.A_LIST)
    response.headers.update(paging.link_to_next("/api/1/homes", found.pages.after))
    return found.lines


@router.get("/homes/{home_id}", response_model=v1_models.Home, name="show_home")
def one_home(home: SeenHome, person: SignedIn, db: Db, now: Now) -> Today:
    """One home today: how it stands, its routines with their verdicts, and what could not be seen."""
    return today.of_home(db, home, person, now)


@router.get("/homes/{home_id}/looks", response_model=list[v1_models.Looks], name="show_looks")
def looks_of_home(home: SeenHome, db: Db) -> list[looks.Looks]:
    """Who looked at this home, newest first."""
    return looks.of_home(db, home.id, home.time_zone)


@router.get("/alerts", response_model=list[v1_models.AlertInList], name="show_queue")
def alerts(response: Response, person: SignedIn, db: Db, now: Now, number: paging.PageNumber = 1) -> list[AlertLine]:
    """The alerts that are not closed in homes you may see, 50 to a page. The Link header leads to the next.

    What needs somebody comes first, then what somebody has, what is explained, and equipment;
    in each part urgent ones first, then the oldest.
    """
    found = queue.of_person(db, person, now, number)
    looks.write(db, person.id, queue.home_ids(found), "show_queue", now, looks.A_LIST)
    response.headers.update(paging.link_to_next("/api/1/alerts", found.pages.after))
    return queue.lines(found)


@router.get("/alerts/{alert_id}", response_model=v1_models.Alert, name="show_alert")
def one_alert(alert_id: int, _: SeenAlert, person: SignedIn, db: Db, now: Now) -> Case:
    """One alert: its evidence, whom it was told to and what became of each text, and what happened."""
    return cases.of_alert(db, alert_id, person, now)


@router.post(
    "/alerts/{alert_id}/acknowledge", response_model=v1_models.Taken, dependencies=[FromOurScript], name="take"
)
def acknowledge(alert_id: int, _: SeenAlert, person: SignedIn, db: Db, now: Now) -> states.Taken:
    """Take it. Only one person has an alert; the answer says who."""
    return states.acknowledge(db, alert_id, person.id, CHANNEL, now)


@router.post("/alerts/{alert_id}/attend", response_model=v1_models.Taken, dependencies=[FromOurScript], name="attend")
def attend(alert_id: int, _: SeenAlert, person: SignedIn, db: Db, now: Now) -> states.Taken:
    """You are with the resident: a longer clock runs until there must be an outcome."""
    return states.attend(db, alert_id, person.id, CHANNEL, now)


class Closing(BaseModel):
    """What came of it."""

    outcome: state_table.Outcome


@router.post("/alerts/{alert_id}/close", response_model=v1_models.Closed, dependencies=[FromOurScript], name="close")
def close(
    alert_id: int, closing: Annotated[Closing, Body()], _: SeenAlert, person: SignedIn, db: Db, now: Now
) -> dict[str, bool]:
    """Close it with an outcome."""
    return {"closed": states.close(db, alert_id, person.id, closing.outcome, CHANNEL, now)}
