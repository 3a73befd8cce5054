"""The stream on which open pages hear that something changed."""

from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Request
from fastapi.responses import StreamingResponse

from api.access import Parts, parts, session_of, signed_in
from api.live import StillHears
from api.people import Session
from ingest.database import sql

router = APIRouter()


@router.get("/live", dependencies=[Depends(signed_in)])
async def live(request: Request, session: Annotated[Session, Depends(session_of)]) -> StreamingResponse:
    running = parts(request)
    ear = running.hub.open_ear(session.person.id)
    if ear is None:
        raise HTTPException(429, "Too many pages are open for this person.", {"retry-after": "60"})
    return StreamingResponse(running.hub.events(ear, _still_hears(running, session)), media_type="text/event-stream")


def _still_hears(running: Parts, session: Session) -> StillHears:
    """Asks afresh each time, so that a link or a session that is gone is silent at once."""

    def ask(changed: frozenset[int] | None) -> list[int] | None:
        values = {
            "token_hash": session.token_hash,
            "changed": None if changed is None else sorted(changed),
            "now": running.settings.clock.now(),
        }
        with running.pool.connection(timeout=5) as connection:
            row = connection.execute(sql(__file__, "may_still_hear"), values).fetchone()
        return row[0] if row else None

    return ask
