"""Where a gateway trades its claim code for its identity. Public: the code is the permission."""

import logging
from http import HTTPStatus

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from api import claims
from api.access import Db, Now, parts
from gateway.claim import PATH, Claim, Claimed, Refused
from gateway.log import about

log = logging.getLogger(__name__)
router = APIRouter(tags=["1"])

_ANSWERS = {
    Refused.WRONG: (HTTPStatus.NOT_FOUND, "There is no such code."),
    Refused.USED: (HTTPStatus.GONE, "This code has been used. Ask for a new one."),
    Refused.EXPIRED: (HTTPStatus.GONE, "This code is too old, or a newer one took its place. Ask for a new one."),
    Refused.TOO_MANY: (HTTPStatus.TOO_MANY_REQUESTS, "Too many wrong codes were tried. Try again in an hour."),
}


@router.post(PATH, response_model=Claimed, name="claim_gateway")
def claim(request: Request, asked: Claim, db: Db, now: Now) -> Claimed | JSONResponse:
    """Trade a claim code for a gateway's identity and its broker's address. Needs no sign-in; works once."""
    settings = parts(request).settings
    ca_pem = settings.broker_ca_pem()  # before the code is used up
    found = claims.redeem(db, asked.code, claims.origin(request.client.host if request.client else None), now)
    if isinstance(found, Refused):
        log.warning("A claim code was refused", extra=about("claim_refused", reason=found.value))
        return _refusal(found)
    log.info("A gateway set itself up", extra=about("claimed", gateway=found.gateway))
    return Claimed(
        gateway=found.gateway,
        broker_host=settings.broker_name,
        broker_port=settings.broker_public_port,
        ca_pem=ca_pem,
        password=found.password,
    )


def _refusal(why: Refused) -> JSONResponse:
    """Returned, not raised: what was counted is committed."""
    status, sentence = _ANSWERS[why]
    return JSONResponse({"reason": why.value, "detail": sentence}, status)
