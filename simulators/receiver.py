"""Another system that is told by signed web requests: keeps those whose signature is right."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from standardwebhooks import Webhook, WebhookVerificationError

MOST_BYTES = 64 * 1024


@dataclass(slots=True)
class Receiver:
    """`taken`: body by webhook-id, so a repeat changes nothing. `status`: what it answers to what is right."""

    secret: str
    taken: dict[str, dict[str, Any]] = field(default_factory=dict)
    requests: int = 0
    beats: int = 0
    refused: int = 0
    status: int = 204
    url: str = ""

    def take(self, headers: dict[str, str], body: bytes) -> int:
        self.requests += 1
        try:
            data = Webhook(self.secret).verify(body, headers)
        except (WebhookVerificationError, json.JSONDecodeError):
            self.refused += 1
            return 401
        if self.status < 300:
            self.taken[headers["webhook-id"]] = data
        return self.status


@contextmanager
def receiver(secret: str = "whsec_aGVhcnRobGlnaHQtdGVzdC1zZWNyZXQ=") -> Iterator[Receiver]:  # noqa: S107 - made up
    made = Receiver(secret)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(min(int(self.headers["Content-Length"]), MOST_BYTES))
            self._answer(made.take({name.lower(): value for name, value in self.headers.items()}, body))

        def do_GET(self) -> None:
            made.beats += 1
            self._answer(204)

        def _answer(self, status: int) -> None:
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_port}/"
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    try:
        yield made
    finally:
        server.shutdown()
        server.server_close()
