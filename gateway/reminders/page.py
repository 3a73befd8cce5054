"""The page on a tablet in the home: a small web server of the standard library's own.

It works without the internet and asks nobody: whoever is in the home's network may see it and
press its buttons, as with buttons on a wall. A page of another site cannot: what changes
something must be JSON with a header of ours, to an address of this home's network. No cookies,
no scripts but ours, and every question is small and soon over.
"""

import hashlib
import ipaddress
import json
import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import cast

from gateway.log import about
from gateway.reminders.chime import chime
from gateway.reminders.media import media_type, part_asked
from gateway.reminders.presses import Press, Pressed

log = logging.getLogger(__name__)

STATIC = Path(__file__).parent / "static"
FILES = {
    "/": ("page.html", "text/html; charset=utf-8"),
    "/page.css": ("page.css", "text/css; charset=utf-8"),
    "/page.js": ("page.js", "text/javascript; charset=utf-8"),
    "/fit.js": ("fit.js", "text/javascript; charset=utf-8"),
    "/sound.js": ("sound.js", "text/javascript; charset=utf-8"),
    "/icon.svg": ("icon.svg", "image/svg+xml"),
}
MAX_BODY_BYTES = 1024
MAX_KEY = 100
IDLE_S = 30.0
MOST_AT_ONCE = 24
ANSWERED_WITHIN_S = 6.0
OUR_HEADER = "x-hearthlight"
NOTHING_MORE: Mapping[str, str] = {}

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; media-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Source:
    """What the page is made from; each may be called from any thread."""

    board: Callable[[], bytes]
    """The page's state as JSON."""
    asset: Callable[[str], bytes | None]
    wav: Callable[[str], bytes | None]
    press: Callable[[Pressed], None]


class PageServer(ThreadingHTTPServer):
    """Listens from its making on; `start` answers. Raises OSError where the port cannot be had."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 16

    def __init__(self, host: str, port: int, source: Source) -> None:
        self.source = source
        self.room = threading.BoundedSemaphore(MOST_AT_ONCE)
        super().__init__((host, port), _Handler)

    def start(self) -> None:
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.2}, name="page", daemon=True).start()
        log.info("The page for the tablet is there", extra=about("page_up", port=self.server_address[1]))

    def close(self) -> None:
        self.shutdown()
        self.server_close()

    def process_request(self, request: object, client_address: object) -> None:
        """No more than so many at once: a full house is told to come again."""
        if not self.room.acquire(blocking=False):
            self.shutdown_request(request)  # type: ignore[arg-type]
            return
        super().process_request(request, client_address)  # type: ignore[arg-type]

    def process_request_thread(self, request: object, client_address: object) -> None:
        try:
            super().process_request_thread(request, client_address)  # type: ignore[arg-type]
        finally:
            self.room.release()

    def handle_error(self, *_: object) -> None:
        """A tablet that goes away in the middle is no event, and an address is not logged."""
        log.debug("A question to the page broke off")


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = IDLE_S
    server_version = "Hearthlight"
    sys_version = ""

    def do_GET(self) -> None:
        if not is_ours(self.headers.get("host", "")):
            self._say(421, b"This page is reached by its address in the home only.", "text/plain; charset=utf-8")
            return
        path, source = self.path.partition("?")[0], self._source
        if path in FILES:
            name, media = FILES[path]
            self._say(200, _file(name), media)
        elif path == "/state":
            self._say(200, source.board(), "application/json", {"x-hearthlight-page": made_of()})
        elif path == "/chime.wav":
            self._media(chime())
        elif path.startswith("/asset/"):
            self._media(source.asset(path.removeprefix("/asset/")))
        elif path.startswith("/spoken/") and path.removeprefix("/spoken/").isalnum():
            self._media(source.wav(path.removeprefix("/spoken/")))
        else:
            self._say(404, b"There is nothing here.", "text/plain; charset=utf-8")

    def do_POST(self) -> None:
        pressed = self._pressed()
        if pressed is None:
            self.close_connection = True  # what was sent may not have been read
            self._say(400, b'{"took": false}', "application/json")
            return
        self._source.press(pressed)
        if not pressed.answered.wait(ANSWERED_WITHIN_S):
            self._say(503, b'{"took": false}', "application/json")
            return
        self._say(200, json.dumps({"took": pressed.took}).encode(), "application/json")

    def _pressed(self) -> Pressed | None:
        """The button that was pressed, if the question is one of our own page."""
        length = self.headers.get("content-length", "")
        ours = is_ours(self.headers.get("host", "")) and OUR_HEADER in self.headers
        here = self.headers.get("sec-fetch-site", "same-origin") == "same-origin"
        plain = self.headers.get("content-type", "") == "application/json"
        small = length.isdigit() and len(length) < 5 and int(length) <= MAX_BODY_BYTES
        if self.path != "/press" or not (ours and here and plain and small):
            return None
        return read_press(self.rfile.read(int(length)))

    def _media(self, content: bytes | None) -> None:
        media = media_type(content) if content else None
        if content is None or media is None:
            self._say(404, b"There is nothing here.", "text/plain; charset=utf-8")
            return
        part, more = part_asked(self.headers.get("range", ""), len(content)), {"accept-ranges": "bytes"}
        if part is None:
            self._say(200, content, media, more)
        else:
            more["content-range"] = f"bytes {part.start}-{part.stop - 1}/{len(content)}"
            self._say(206, content[part], media, more)

    def _say(self, status: int, content: bytes, media: str, more: Mapping[str, str] = NOTHING_MORE) -> None:
        self.send_response(status)
        for name, value in {**HEADERS, "content-type": media, "content-length": str(len(content)), **more}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(content)

    @property
    def _source(self) -> Source:
        return cast(PageServer, self.server).source

    def log_message(self, *_: object) -> None:
        """Who looks at the page is nobody's business."""


def read_press(body: bytes) -> Pressed | None:
    """A press as the page sends it: {"what": "done", "key": "7/2026-03-02T08:30"}."""
    try:
        found = json.loads(body)
        what, key = Press(found["what"]), found.get("key", "")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    return Pressed(what, key) if isinstance(key, str) and len(key) <= MAX_KEY else None


def is_ours(host: str) -> bool:
    """Whether a Host header names this machine by a number or a name of the home's network.

    A name of the wide internet that somebody points here (DNS rebinding) is none of ours.
    """
    name = host.rsplit(":", 1)[0] if not host.endswith("]") else host
    try:
        return bool(ipaddress.ip_address(name.strip("[]")))
    except ValueError:
        return "." not in name or name.endswith((".local", ".lan", ".home", ".home.arpa", ".internal"))


@cache
def made_of() -> str:
    """A mark of the page's own files: where it changes after an update, the page loads itself anew."""
    return hashlib.sha256(b"".join(_file(name) for name, _ in FILES.values())).hexdigest()[:16]


@cache
def _file(name: str) -> bytes:
    return (STATIC / name).read_bytes()
