"""One alert: why, who was told, and taking or closing it."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from alerts.telling import state_table, states
from api import cases
from api.access import Db, FromOurPage, Now, SeenAlert, SignedIn
from api.outcomes import OUTCOMES
from api.web import page

router = APIRouter()

CHANNEL: state_table.Channel = "page"


@router.get("/alerts/{alert_id}")
def show_alert(request: Request, alert_id: int, _: SeenAlert, person: SignedIn, db: Db, now: Now) -> HTMLResponse:
    return page(request, "alert.html", person, case=cases.of_alert(db, alert_id, person, now), outcomes=OUTCOMES)


@router.get("/alerts/{alert_id}/case")
def refresh_alert(request: Request, alert_id: int, _: SeenAlert, person: SignedIn, db: Db, now: Now) -> Response:
    case = cases.of_alert(db, alert_id, person, now)
    answer = page(request, "_case.html", person, case=case)
    if case.closed and request.query_params.get("shown") != "closed":
        answer.headers["hx-refresh"] = "true"  # the form that closes it must go too
    return answer


@router.post("/alerts/{alert_id}/take", dependencies=[FromOurPage])
def take(alert_id: int, _: SeenAlert, person: SignedIn, db: Db, now: Now) -> RedirectResponse:
    """Losing the race is no error: the page says who has it."""
    states.acknowledge(db, alert_id, person.id, CHANNEL, now)
    return _back(alert_id)


@router.post("/alerts/{alert_id}/attend", dependencies=[FromOurPage])
def attend(alert_id: int, _: SeenAlert, person: SignedIn, db: Db, now: Now) -> RedirectResponse:
    """With the resident: a longer clock runs until there must be an outcome."""
    states.attend(db, alert_id, person.id, CHANNEL, now)
    return _back(alert_id)


@router.post("/alerts/{alert_id}/cannot", dependencies=[FromOurPage])
def cannot(alert_id: int, _: SeenAlert, person: SignedIn, db: Db, now: Now) -> RedirectResponse:
    states.cannot(db, alert_id, person.id, CHANNEL, now)
    return _back(alert_id)


@router.post("/alerts/{alert_id}/close", dependencies=[FromOurPage])
def close(
    request: Request,
    alert_id: int,
    _: SeenAlert,
    person: SignedIn,
    db: Db,
    now: Now,
    outcome: Annotated[str, Form(max_length=32)] = "",
) -> Response:
    if outcome not in OUTCOMES:
        case = cases.of_alert(db, alert_id, person, now)
        error = "Choose what came of it"
        return page(request, "alert.html", person, 400, case=case, outcomes=OUTCOMES, error=error)
    states.close(db, alert_id, person.id, state_table.Outcome(outcome), CHANNEL, now)
    return _back(alert_id)


def _back(alert_id: int) -> RedirectResponse:
    return RedirectResponse(f"/alerts/{alert_id}", 303)
