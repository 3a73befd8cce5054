"""What every answer carries and how much every question may hold. Plain ASGI, so that streams pass untouched."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_BODY_BYTES = 64 * 1024

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_ALWAYS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
_A_YEAR = "max-age=31536000"

RECORDS_SOUND = {
    "content-security-policy": f"{_POLICY}; media-src 'self' blob:",
    "permissions-policy": "camera=(), microphone=(self), geolocation=()",
}
"""What the one page carries on which a sound is recorded and listened to (the recording is a `blob:`)."""


class SafeHeaders:
    """Adds the headers that protect people; everything but static files is never kept by a browser.

    A header that an answer carries already stays: that page needs another, and says so where it is made.
    """

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self.app = app
        self.always = dict(_ALWAYS)
        if secure:
            self.always["strict-transport-security"] = _A_YEAR

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        static = scope["path"].startswith("/static/")

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                caching = f"public, {_A_YEAR}, immutable" if static and message["status"] == 200 else "no-store"
                pairs = {**self.always, "cache-control": caching}
                own = list(message.get("headers", ()))
                there = {name.lower() for name, _ in own}
                more = [(name.encode(), value.encode()) for name, value in pairs.items()]
                message["headers"] = own + [(name, value) for name, value in more if name not in there]
            await send(message)

        await self.app(scope, receive, send_with_headers)


class SmallBodies:
    """Refuses (413) a body above the limit, whether or not it says its length.

    Reads the body before anything else does: what fits is small enough to hold.
    """

    def __init__(self, app: ASGIApp, limit: int = MAX_BODY_BYTES) -> None:
        self.app = app
        self.limit = limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self.app(scope, receive, send)
            return
        body = await self._read(scope, receive)
        if body is None:
            await _refuse(send)
            return
        given = False

        async def again() -> Message:
            nonlocal given
            if given:
                return await receive()
            given = True
            return {"type": "http.request", "body": body, "more_body": False}

        await self.app(scope, again, send)

    async def _read(self, scope: Scope, receive: Receive) -> bytes | None:
        """The whole body, or None when it is too large or the sender has gone."""
        if _declared(scope) > self.limit:
            return None
        body: bytes = b""
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return None
            body += bytes(message.get("body", b""))
            if len(body) > self.limit:
                return None
            if not message.get("more_body", False):
                return body


def _declared(scope: Scope) -> int:
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit():
            return int(value)
    return 0


async def _refuse(send: Send) -> None:
    await send({"type": "http.response.start", "status": 413, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"That is more than we can take."})
