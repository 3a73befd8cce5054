"""Twilio's REST API for calls, as far as we use it, and the hand of whoever answers them."""

from fastapi import APIRouter, Form, HTTPException, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from simulators.phone.calls import MAX_TWIML, Call
from simulators.phone.company import NUMBER
from simulators.phone.twilio_api import BEFORE_ACCEPTING, company_of, error, not_allowed, trouble

router = APIRouter()
ACCOUNT = "/2010-04-01/Accounts/{account}"


@router.post(f"{ACCOUNT}/Calls.json")
async def create(account: str, request: Request) -> Response:
    company = company_of(request)
    if refusal := not_allowed(company, account, request):
        return refusal
    form = {name: str(value) for name, value in (await request.form()).items()}
    to, twiml = form.get("To", ""), form.get("Twiml", "")
    wish = company.disorders.for_text(to)
    if wish.request in BEFORE_ACCEPTING:
        return await trouble(wish.request, request)
    if wish.refuse is not None:
        return error(400, wish.refuse, "Refused on request")
    if not NUMBER.fullmatch(to):
        return error(400, 21211, "The 'To' number is not a valid phone number.")
    if form.get("From") != company.account.number:
        return error(400, 21210, "The 'From' number is not verified.")
    if not twiml or len(twiml) > MAX_TWIML:
        return error(400, 21624, "Twiml is missing or too long.")
    ring_s = float(form.get("Timeout", "60"))
    call = company.exchange.ring(to, form["From"], twiml, form.get("StatusCallback"), ring_s, wish)
    return JSONResponse(call.resource(account), 201)


@router.get(f"{ACCOUNT}/Calls.json")
def index(account: str, request: Request) -> Response:
    company = company_of(request)
    if refusal := not_allowed(company, account, request):
        return refusal
    wanted = request.query_params
    found = [
        call.resource(account)
        for call in company.exchange.calls()
        if wanted.get("To") in (None, call.to_number) and wanted.get("From") in (None, call.from_number)
    ]
    return JSONResponse({"calls": found, "next_page_uri": None, "page": 0, "page_size": len(found)})


@router.get(f"{ACCOUNT}/Calls/{{sid}}.json")
def show(account: str, sid: str, request: Request) -> Response:
    company = company_of(request)
    if refusal := not_allowed(company, account, request):
        return refusal
    call = company.exchange.find(sid)
    return JSONResponse(call.resource(account)) if call else error(404, 20404, "The requested resource was not found")


@router.post("/calls/{sid}/answer")
def answer(request: Request, sid: str, *, quiet: bool = False) -> Response:
    """Pick it up."""
    words = company_of(request).exchange.answer(_call(request, sid).sid)
    return JSONResponse({"heard": words}) if quiet else RedirectResponse("/", 303)


@router.post("/calls/{sid}/key")
def press(request: Request, sid: str, key: str = Form(pattern="^[0-9*#]$"), *, quiet: bool = False) -> Response:
    """Press a key; the call ends."""
    try:
        words = company_of(request).exchange.press(_call(request, sid).sid, key)
    except LookupError:
        raise HTTPException(409, "Nobody has answered this call") from None
    return JSONResponse({"heard": words}) if quiet else RedirectResponse("/", 303)


def _call(request: Request, sid: str) -> Call:
    call = company_of(request).exchange.find(sid)
    if call is None:
        raise HTTPException(404)
    return call
