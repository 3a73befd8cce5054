"""GOV.UK Notify as far as we use it: takes texts by its REST API with its tokens, and says what became of them.

After Notify's REST documentation (docs.notifications.service.gov.uk/rest-api.html): a token signed with the
service's secret (HS256, issuer the service's id, at most 30 s old), errors as JSON, statuses created,
sending, delivered, permanent-failure, temporary-failure, technical-failure.
"""

import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import jwt
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from simulators.postgres import free_port

SERVICE, SECRET = str(uuid.UUID(int=7)), str(uuid.UUID(int=11))
API_KEY = f"hearthlight-{SERVICE}-{SECRET}"
TEMPLATE = str(uuid.UUID(int=13))


@dataclass(slots=True)
class NotifyService:
    """`fate`: what becomes of each text. `trouble`: an HTTP status that every request is answered with."""

    texts: dict[str, dict[str, Any]] = field(default_factory=dict)
    fate: str = "delivered"
    trouble: int | None = None
    trouble_after_accepting: bool = False
    url: str = ""

    def accept(self, wanted: dict[str, Any]) -> dict[str, Any]:
        made = {
            "id": str(uuid.uuid4()),
            "reference": wanted.get("reference"),
            "phone_number": wanted["phone_number"],
            "type": "sms",
            "status": self.fate,
            "body": wanted["personalisation"]["body"],
            "created_at": datetime.fromtimestamp(0, UTC).isoformat().replace("+00:00", "Z"),
        }
        self.texts[made["id"]] = made
        return made


def app(service: NotifyService) -> FastAPI:
    made = FastAPI(docs_url=None, redoc_url=None, openapi_url=None)

    @made.middleware("http")
    async def check(request: Request, answer: Any) -> Response:
        try:
            token = request.headers.get("authorization", "").removeprefix("Bearer ")
            jwt.decode(token, SECRET, algorithms=["HS256"], issuer=SERVICE, options={"require": ["iss", "iat"]})
        except jwt.InvalidTokenError as error:
            return _error(403, "AuthError", str(error))
        if service.trouble and not service.trouble_after_accepting:
            return _error(service.trouble, "RateLimitError" if service.trouble == 429 else "Exception", "as wished")
        response: Response = await answer(request)
        return _error(service.trouble, "Exception", "as wished") if service.trouble else response

    @made.post("/v2/notifications/sms")
    async def send(request: Request) -> Response:
        wanted = await request.json()
        if wanted.get("template_id") != TEMPLATE:
            return _error(400, "BadRequestError", "Template not found")
        text = service.accept(wanted)
        return JSONResponse({"id": text["id"], "reference": text["reference"], "uri": f"/{text['id']}"}, 201)

    @made.get("/v2/notifications")
    def index(reference: str | None = None) -> dict[str, Any]:
        found = [text for text in service.texts.values() if reference in (None, text["reference"])]
        return {"notifications": found, "links": {"current": "/v2/notifications"}}

    @made.get("/v2/notifications/{sid}")
    def show(sid: str) -> Response:
        text = service.texts.get(sid)
        return JSONResponse(text) if text else _error(404, "NoResultFound", "No result found")

    return made


def _error(status: int, name: str, message: str) -> Response:
    return JSONResponse({"status_code": status, "errors": [{"error": name, "message": message}]}, status)


@contextmanager
def notify_service() -> Iterator[NotifyService]:
    service = NotifyService()
    port = free_port()
    service.url = f"http://127.0.0.1:{port}"
    server = uvicorn.Server(uvicorn.Config(app(service), port=port, log_level="critical", access_log=False))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        yield service
    finally:
        server.should_exit = server.force_exit = True
        thread.join(10)
