"""The real service on a free port, with five homes in its database."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import psycopg
import pytest
import uvicorn
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from api.app import create_app
from api.live import Hub
from api.settings import ApiSettings
from gateway.clock import Clock
from tests.api import street
from tests.api.street import NOW, PHONES, Street

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1280, "height": 900}

TOKEN = "made-up-twilio-token"
PUBLIC = "http://127.0.0.1:8000"


class Service:
    """The web service, listening, and ways to speak with it."""

    def __init__(self, url: str, database: str, homes: Street) -> None:
        self.url = url
        self.database = database
        self.street = homes
        self._clients: list[httpx.Client] = []

    def client(self) -> httpx.Client:
        """A browser without a script: keeps cookies, follows no redirect."""
        self._clients.append(httpx.Client(base_url=self.url, timeout=20))
        return self._clients[-1]

    def close(self) -> None:
        for client in self._clients:
            client.close()

    def signed_in(self, name: str) -> httpx.Client:
        """A browser in which this person has signed in with the code from the text."""
        client = self.client()
        page = client.get("/sign-in").text
        client.post("/sign-in", data={"phone": PHONES[name], "visit": hidden(page, "visit")})
        values = {"phone": PHONES[name], "code": self.code_for(name), "visit": hidden(page, "visit")}
        answer = client.post("/sign-in/code", data=values)
        assert answer.status_code == 303, answer.text
        return client

    def code_for(self, name: str) -> str:
        """The six digits in the newest text that waits for this person."""
        with psycopg.connect(self.database) as db:
            row = db.execute(
                "select substring(body from '[0-9]{6}') from message join person on person.id = person_id"
                " where phone = %s and purpose = 'sign_in' order by message.id desc limit 1",
                (PHONES[name],),
            ).fetchone()
        assert row
        return str(row[0])


def hidden(page: str, name: str) -> str:
    """The value of a hidden field."""
    return page.split(f'name="{name}" value="')[1].split('"', maxsplit=1)[0]


@contextmanager
def serving(database: str, beat_s: float = 0.3, clock: Clock | None = None) -> Iterator[str]:
    """The address of a running service, at the time of the street unless told; it is stopped afterwards."""
    settings = ApiSettings(
        database_url=database,
        twilio_token=TOKEN,
        public_url=PUBLIC,
        clock=clock or Clock(NOW, time.time()),
        database_connections=4,
    )
    app = create_app(settings, hub=Hub(database, beat_s))
    config = uvicorn.Config(app, port=0, log_config=None, lifespan="on", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    until(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


def until(true: Callable[[], object], seconds: float = 20) -> None:
    """Wait for something to become true."""
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


@pytest.fixture
def service(database: str) -> Iterator[Service]:
    with psycopg.connect(database, autocommit=True) as db:
        homes = street.build(db)
    with serving(database) as url:
        running = Service(url, database, homes)
        yield running
        running.close()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, service: Service) -> Iterator[Page]:
    """An empty page on a phone; what its console complains of fails the test."""
    context = chromium.new_context(viewport=PHONE, base_url=service.url)
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda line: complaints.append(line.text) if "Security Policy" in line.text else None)
    yield opened
    context.close()
    assert not complaints
