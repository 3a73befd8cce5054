"""What Twilio tells us: receipts of our texts, and texts from people.

Twilio's signature is the permission: over the configured public address, never over what
the request says of itself. What is not signed rightly changes nothing and is not repeated in the log.
"""

import logging
from typing import Annotated
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

from fastapi import APIRouter, Depends, HTTPException, Request, Response

from alerts.telling import pressed_keys, receipts, replies
from alerts.telling.twilio_sms import signature_is_right
from api.access import Db, Now, parts
from gateway.log import about

log = logging.getLogger(__name__)
router = APIRouter(prefix="/twilio", include_in_schema=False)

Form = dict[str, str]


async def raw_body(request: Request) -> bytes:
    return await request.body()


def from_twilio(request: Request, body: Annotated[bytes, Depends(raw_body)]) -> Form:
    """The form as it was sent, blank values too, once the signature has been found right."""
    settings = parts(request).settings
    try:
        form = dict(parse_qsl(body.decode(), keep_blank_values=True, max_num_fields=200))
    except ValueError:
        raise _refuse(request) from None
    signature = request.headers.get("x-twilio-signature")
    url = settings.public_url + request.url.path
    if request.url.query:
        url += f"?{request.url.query}"
    if not signature_is_right(settings.twilio_token, url, form, signature):
        raise _refuse(request)
    return form


FromTwilio = Annotated[Form, Depends(from_twilio)]


@router.post("/status", status_code=204)
def status(form: FromTwilio, db: Db, now: Now) -> Response:
    """What became of a text of ours."""
    receipts.record(db, form, now)
    return Response(status_code=204)


@router.post("/inbound")
def inbound(form: FromTwilio, db: Db, now: Now) -> Response:
    """A text from somebody; the answer goes back as TwiML."""
    answer = replies.receive(db, form, now)
    inside = f"<Message>{escape(answer)}</Message>" if answer else ""
    twiml = f'<?xml version="1.0" encoding="UTF-8"?><Response>{inside}</Response>'
    return Response(twiml, media_type="text/xml")


@router.post("/call", status_code=204)
def call(form: FromTwilio, db: Db, now: Now) -> Response:
    """What became of a call of ours."""
    receipts.record(db, form, now)
    return Response(status_code=204)


@router.post("/key")
def key(form: FromTwilio, db: Db, now: Now) -> Response:
    """Somebody pressed a key in a call of ours; the voice answers."""
    return Response(pressed_keys.press(db, form, now), media_type="text/xml")


def _refuse(request: Request) -> HTTPException:
    log.warning("Refused a webhook whose signature is wrong", extra=about("webhook_forged", path=request.url.path))
    return HTTPException(403, "The signature is wrong.")
