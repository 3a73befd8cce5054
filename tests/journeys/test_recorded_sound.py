"""A daughter's voice, from the microphone of her browser to the tablet in the home, where it is heard."""

import hashlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from api import reminder_rows
from gateway.clock import Clock
from simulators.broker import Broker
from simulators.postgres import free_port
from tests.api.browser import sign_in
from tests.api.conftest import CHROMIUM, FLAGS, PHONE, Service, serving
from tests.api.street import NOW, build
from tests.api.test_recording import MICROPHONE
from tests.api.test_reminders import add
from tests.gateway.tablet import HEARD, LYING, played, visit
from tests.gateway.test_reminders_page import KIOSK
from tests.journeys.test_reminders import gateway, ingest
from tests.waiting import until

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser here: install chromium ({CHROMIUM})")


@pytest.fixture
def browser() -> Iterator[Browser]:
    """Both the daughter's, which has a microphone, and the tablet's."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, *MICROPHONE, KIOSK])
        yield browser
        browser.close()


def record(page: Page, service: Service, home: int, reminder: int) -> None:
    """Two seconds of a voice for this reminder; then it is to be shown now."""
    sign_in(page, service, "Ann Field")
    page.goto(f"/homes/{home}/reminders/{reminder}")
    page.get_by_role("button", name="Record").click()
    page.get_by_role("timer").filter(has_text="18 seconds left").wait_for()
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Use this recording").click()
    page.get_by_text("It has a sound of its own.").wait_for()


def show_now(page: Page, home: int) -> None:
    page.goto(f"/homes/{home}/reminders")
    page.get_by_role("button", name="Show it now").click()


def test_a_voice_that_was_recorded_in_a_browser_is_heard_in_the_home(
    database: str, broker: Broker, home_broker: Broker, browser: Browser, tmp_path: Path
) -> None:
    clock, port = Clock.parse(f"{NOW.isoformat()}@{Clock().now().timestamp()}x1"), free_port()
    with psycopg.connect(database, autocommit=True) as db:
        street = build(db)
        rose = street.homes["Rose Cottage"]
        db.execute("update gateway set name = 'gw-1' where home_id = %s", [rose])
        with (
            serving(database) as url,
            closing(Service(url, database, street)) as service,
            ingest(database, broker, clock, tmp_path),
            gateway(broker, home_broker, clock, tmp_path, port),
        ):
            reminder = add(service, rose)
            family = browser.new_context(viewport=PHONE, base_url=url).new_page()
            family.set_default_timeout(20_000)
            record(family, service, rose, reminder)

            def is_there() -> bool:
                found = reminder_rows.tablet(db, rose)
                return found is not None and found.confirmed_version == 2 and not found.missing

            until(is_there, 30)
            tablet = browser.new_context(viewport=LYING, base_url=f"http://127.0.0.1:{port}").new_page()  # type: ignore[arg-type]
            tablet.add_init_script(HEARD)
            visit(tablet)
            show_now(family, rose)
            tablet.get_by_role("heading", name="Take your tablets").wait_for(timeout=30_000)
            (content,) = db.execute("select bytes from asset").fetchall()[0]
            until(lambda: played(tablet, f"/asset/{hashlib.sha256(content).hexdigest()}"), 30)
