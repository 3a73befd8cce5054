"""A phone company, our webhooks and made-up homes for the tests of telling people."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl
from xml.sax.saxutils import escape

import httpx
import psycopg
import uvicorn
from pydantic import SecretStr

from alerts.telling import pressed_keys, receipts, replies
from alerts.telling.carrying import Routes
from alerts.telling.climbing import By
from alerts.telling.sender import Patience
from alerts.telling.twilio_sms import Twilio, signature_is_right
from alerts.verdicts import USUAL_SEVERITY, AlertClass
from gateway.clock import Clock
from simulators.phone.company import Account, Company
from simulators.phone.main import app
from tests.waiting import until

ACCOUNT = "AC" + "1" * 32
TOKEN = SecretStr("a made-up token")
OURS = "+447700900001"
ANNA, BEN, CARA, DOT = "+447700900011", "+447700900012", "+447700900013", "+447700900014"
T0 = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
PATIENCE = Patience.of(Clock())


@dataclass(slots=True)
class Time:
    """A clock that the test moves."""

    at: datetime = T0

    def __call__(self) -> datetime:
        return self.at

    def pass_(self, **passed: float) -> datetime:
        self.at += timedelta(**passed)
        return self.at


class Webhooks:
    """Where the phone company calls us back: checks the signature, then does as the api does."""

    def __init__(self, database: str, time: Time) -> None:
        self.database, self.time = database, time
        self.forms: list[dict[str, str]] = []
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def take(self, path: str, form: dict[str, str]) -> str | None:
        self.forms.append(form)
        with psycopg.connect(self.database) as connection:
            if path in ("/twilio/status", "/twilio/call"):
                receipts.record(connection, form, self.time())
                return None
            return replies.receive(connection, form, self.time())

    def answer(self, path: str, form: dict[str, str]) -> str:
        if path == "/twilio/key":
            with psycopg.connect(self.database) as connection:
                return pressed_keys.press(connection, form, self.time())
        answer = self.take(path, form)
        return f"<Response>{f'<Message>{escape(answer)}</Message>' if answer else ''}</Response>"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        webhooks = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"])).decode()
                form = dict(parse_qsl(body, keep_blank_values=True))
                if not signature_is_right(TOKEN, webhooks.url + self.path, form, self.headers["X-Twilio-Signature"]):
                    self.send_error(403)
                    return
                twiml = webhooks.answer(self.path, form).encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/xml")
                self.send_header("Content-Length", str(len(twiml)))
                self.end_headers()
                self.wfile.write(twiml)

            def log_message(self, *_: object) -> None:
                pass

        return Handler


class PhoneServer:
    """The simulated phone company as a real HTTP server on a free port."""

    def __init__(self, company: Company) -> None:
        self.company = company
        config = uvicorn.Config(app(company), port=0, log_level="critical", access_log=False)
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run, daemon=True)
        self.thread.start()
        until(lambda: self.server.started)
        self.url = f"http://127.0.0.1:{self.server.servers[0].sockets[0].getsockname()[1]}"

    def stop(self) -> None:
        self.server.should_exit = True
        self.server.force_exit = True
        self.thread.join(10)
        self.company.stop()

    def wish(self, **disorder: Any) -> None:
        httpx.post(f"{self.url}/disorder", json=disorder).raise_for_status()

    def bodies(self, number: str) -> list[str]:
        """What a phone has received, oldest first."""
        phones = [phone for phone in self.company.phones() if phone.number == number]
        return [text.body for phone in phones for text in phone.texts if text.direction != "inbound"]


def start_company(
    inbound_url: str | None = None, pace_s: float = 0.005, now: Callable[[], datetime] | None = None
) -> PhoneServer:
    return PhoneServer(Company(Account(ACCOUNT, TOKEN.get_secret_value(), OURS, inbound_url, pace_s=pace_s), now=now))


@dataclass
class World:
    """Our database, the phone company, and the time, with everything that tests do to them."""

    db: psycopg.Connection
    database: str
    time: Time = field(default_factory=Time)
    people: dict[str, int] = field(default_factory=dict)

    @cached_property
    def webhooks(self) -> Webhooks:
        return Webhooks(self.database, self.time)

    @cached_property
    def phone(self) -> PhoneServer:
        """Started when a test first asks for it."""
        return start_company(f"{self.webhooks.url}/twilio/inbound", now=self.time)

    def stop(self) -> None:
        for name in ("phone", "webhooks"):
            if name in self.__dict__:
                getattr(self, name).stop()

    def carrier(self, timeout_s: float = 10) -> Routes:
        return Routes({By.SMS: [self.twilio(timeout_s)]})

    def twilio(self, timeout_s: float = 10) -> Twilio:
        return Twilio(ACCOUNT, TOKEN, self.phone.url, OURS, f"{self.webhooks.url}/twilio/status", timeout_s)

    def person(self, phone: str, role: str = "family") -> int:
        if phone not in self.people:
            self.people[phone] = add_person(self.db, phone, role)
        return self.people[phone]

    def home(self, *steps: tuple[int, tuple[str, ...]]) -> int:
        """A home whose ladder has these steps: (after_s, phones)."""
        return add_home(self.db, [(after_s, [self.person(phone) for phone in phones]) for after_s, phones in steps])

    def one(self, query: str, *values: object) -> Any:
        row = self.db.execute(query, values).fetchone()
        return row[0] if row and len(row) == 1 else row

    def all(self, query: str, *values: object) -> list[Any]:
        return [row[0] for row in self.db.execute(query, values).fetchall()]


def add_person(db: psycopg.Connection, phone: str, role: str = "family") -> int:
    row = db.execute(
        "insert into person (name, phone, role) values (%s, %s, %s) returning id",
        (f"Owner of {phone[-2:]}", phone, role),
    ).fetchone()
    assert row
    return int(row[0])


def add_home(db: psycopg.Connection, steps: list[tuple[int, list[int]]]) -> int:
    row = db.execute("insert into home (name, resident) values ('Rose Cottage', 'Peter') returning id").fetchone()
    assert row
    home = int(row[0])
    db.execute("insert into home_state (home_id, due_at) values (%s, %s) on conflict do nothing", (home, T0))
    for step, (after_s, people) in enumerate(steps, 1):
        for person in people:
            db.execute("insert into home_person values (%s, %s) on conflict do nothing", (home, person))
            db.execute("insert into ladder_step values (%s, %s, %s, %s)", (home, step, person, after_s))
    return home


def add_alert(
    db: psycopg.Connection, home: int, class_: str = "welfare", reason: str = "silent", at: datetime = T0
) -> int:
    row = db.execute(
        "insert into alert (home_id, class, severity, reason, deadline_at, opened_at)"
        " values (%s, %s, %s, %s, %s, %s) returning id",
        (home, class_, USUAL_SEVERITY[AlertClass(class_)], reason, at, at),
    ).fetchone()
    assert row
    db.execute("update home_state set eager = true where home_id = %s", (home,))
    return int(row[0])
