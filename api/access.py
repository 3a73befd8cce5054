"""Who may use a route. Every route depends on one of these, or stands in PUBLIC with its reason.

Seeing a home is written down here, where the permission is given, so that no page can forget it.
What a person may not see answers exactly as what does not exist.
"""

import hmac
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, cast

from fastapi import Depends, Form, Header, HTTPException, Request
from psycopg import Connection
from psycopg.rows import class_row
from psycopg_pool import ConnectionPool

from api import looks, sessions
from api.live import Hub
from api.people import Home, Person, Session
from api.settings import ApiSettings
from ingest.database import sql


@dataclass(frozen=True, slots=True)
class Parts:
    """What the running service is made of; hangs on the application."""

    settings: ApiSettings
    pool: ConnectionPool
    hub: Hub


LEND_WITHIN_S = 5


class NotSignedInError(Exception):
    """Nobody is signed in: pages lead to the sign-in page, JSON answers 401."""


def parts(request: Request) -> Parts:
    return cast(Parts, request.app.state.parts)


def connection(request: Request) -> Iterator[Connection]:
    """A connection whose transaction commits before the answer leaves."""
    with parts(request).pool.connection(timeout=LEND_WITHIN_S) as lent:
        yield lent


def present(request: Request) -> datetime:
    """The time now. Asked once a request and handed on."""
    return parts(request).settings.clock.now()


def pace_of(request: Request) -> float:
    """How much faster than ours the clock runs: 1, but for a simulated street."""
    return parts(request).settings.clock.speed


Db = Annotated[Connection, Depends(connection, scope="function")]
Now = Annotated[datetime, Depends(present)]
Pace = Annotated[float, Depends(pace_of)]


def session_of(request: Request, db: Db, now: Now, pace: Pace) -> Session:
    """The caller's open session."""
    token = request.cookies.get(sessions.COOKIE)
    found = sessions.find(db, token, now, pace) if token else None
    if found is None:
        raise NotSignedInError
    return found


def signed_in(session: Annotated[Session, Depends(session_of)]) -> Person:
    """Anybody with an account. What they see depends on their links."""
    return session.person


SignedIn = Annotated[Person, Depends(signed_in)]


def responder(person: SignedIn) -> Person:
    """Somebody of the housing team."""
    if not person.on_the_team:
        raise _no_such_thing()
    return person


def coordinator(person: SignedIn) -> Person:
    """Somebody of the housing team who sets homes up: changes what is watched for."""
    if not person.sets_up:
        raise _no_such_thing()
    return person


def may_see_home(home_id: int, request: Request, person: SignedIn, db: Db, now: Now) -> Home:
    """The home, if this person is linked to it; the look is written down."""
    with db.cursor(row_factory=class_row(Home)) as cursor:
        values = {"home_id": home_id, "person_id": person.id}
        home = cursor.execute(sql(__file__, "home_of_person"), values).fetchone()
    return _looked_at(home, request, person, db, now)


def may_see_alert(alert_id: int, request: Request, person: SignedIn, db: Db, now: Now) -> Home:
    """The alert's home, if this person may see the alert; the look is written down."""
    with db.cursor(row_factory=class_row(Home)) as cursor:
        values = {"alert_id": alert_id, "person_id": person.id, "on_the_team": person.on_the_team}
        home = cursor.execute(sql(__file__, "home_of_alert"), values).fetchone()
    return _looked_at(home, request, person, db, now)


def from_our_page(request: Request, _: SignedIn, form_token: Annotated[str, Form()] = "") -> None:
    """A form that changes something carries the session's form token."""
    _want_token(request, form_token)


def from_our_script(request: Request, _: SignedIn, x_form_token: Annotated[str, Header()] = "") -> None:
    """The same for JSON, where the token is a header."""
    _want_token(request, x_form_token)


def _want_token(request: Request, token: str) -> None:
    expected = sessions.form_token(request.cookies[sessions.COOKIE])
    if from_elsewhere(request) or not hmac.compare_digest(expected.encode(), token.encode()):
        raise HTTPException(403, "This form has expired. Go back, load the page again and try once more.")


def from_elsewhere(request: Request) -> bool:
    """Whether the browser says that another site's page sent this."""
    return request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none")


MayRespond = Annotated[Person, Depends(responder)]
MayCoordinate = Annotated[Person, Depends(coordinator)]
SeenHome = Annotated[Home, Depends(may_see_home)]
SeenAlert = Annotated[Home, Depends(may_see_alert)]
FromOurPage = Depends(from_our_page)
FromOurScript = Depends(from_our_script)


def _looked_at(home: Home | None, request: Request, person: Person, db: Connection, now: datetime) -> Home:
    if home is None:
        raise _no_such_thing()
    looks.write(db, person.id, [home.id], request.scope["route"].name, now, looks.A_PAGE)
    return home


def _no_such_thing() -> HTTPException:
    return HTTPException(404, "There is no such page, or it is not one you may see.")


CHECKS = (signed_in, responder, coordinator, may_see_home, may_see_alert)
"""The permissions. A test walks every route and wants one of these."""
GUARDS = (from_our_page, from_our_script)
"""What changes something also wants one of these."""

PUBLIC = {
    "/sign-in": "how somebody becomes signed in",
    "/sign-in/code": "the second half of signing in",
    "/health": "says only whether the service works",
    "/api/1/claims": "how a gateway gets its identity: its claim code is the permission, and wrong ones are counted",
    "/static": "style and scripts, the same for everybody",
    "/twilio/status": "checked by Twilio's signature",
    "/twilio/inbound": "checked by Twilio's signature",
    "/twilio/call": "checked by Twilio's signature",
    "/twilio/key": "checked by Twilio's signature",
}
"""Routes without a signed-in person, and why."""
