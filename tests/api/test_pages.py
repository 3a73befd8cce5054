"""Every page in a real browser, on a phone's and a desktop's size: axe finds nothing, and the buttons work."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from tests.api.conftest import Service
from tests.api.street import NOW, PHONES

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1280, "height": 900}

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser here: install chromium ({CHROMIUM})")


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


def sign_in(page: Page, service: Service, name: str) -> None:
    page.goto("/sign-in")
    page.get_by_label("Your mobile phone number").fill(PHONES[name])
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code from the text").fill(service.code_for(name))
    page.get_by_role("button", name="Sign in").click()


def violations(page: Page) -> list[str]:
    """What axe finds on this page, on a desktop and on a phone, and whether it scrolls sideways there."""
    found = []
    for size in (DESKTOP, PHONE):
        page.set_viewport_size(size)
        found += [f"{one['id']}: {one['help']}" for one in Axe().run(page).response["violations"]]
        found += ["wider than the window"] if wide(page) > 0 else []
    return found


def wide(page: Page) -> int:
    """By how much the page is wider than the window."""
    return int(page.evaluate("document.documentElement.scrollWidth - window.innerWidth"))


def test_the_sign_in_pages_have_no_violation(page: Page) -> None:
    page.goto("/sign-in")
    assert violations(page) == []
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_role("alert").wait_for()
    assert violations(page) == []
    page.get_by_label("Your mobile phone number").fill("07700 900101")
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code from the text").wait_for()
    assert violations(page) == []


def test_the_pages_of_a_family_have_no_violation(page: Page, service: Service) -> None:
    sign_in(page, service, "Ben Archer")
    flat = service.street.homes["Flat 3"]
    alert = service.street.alerts["Flat 3"]
    for path in ("/homes", f"/homes/{flat}", f"/homes/{flat}/looks", f"/alerts/{alert}", "/homes/9999"):
        page.goto(path)
        assert violations(page) == [], path


def test_the_pages_of_the_team_have_no_violation(page: Page, service: Service) -> None:
    sign_in(page, service, "Rita Okafor")
    street = service.street
    alerts = [f"/alerts/{alert}" for alert in street.alerts.values()]
    homes = [f"/homes/{street.homes[home]}" for home in ("Rose Cottage", "Elm Row")]
    for path in ("/queue", "/homes", "/api/1/docs", *alerts, *homes):
        page.goto(path)
        assert violations(page) == [], path


def test_an_alert_is_taken_and_closed_with_an_outcome(page: Page, service: Service) -> None:
    sign_in(page, service, "Rita Okafor")
    page.get_by_role("link", name="Jack: No activity").click()
    page.get_by_role("button", name="Take it").click()
    page.get_by_text("You have it").wait_for()
    page.get_by_role("button", name="Close the alert").click()
    page.get_by_role("alert").get_by_role("link", name="Choose what came of it").click()
    assert violations(page) == []
    page.get_by_label("All is well").check()
    page.get_by_role("button", name="Close the alert").click()
    page.get_by_text("All is well, today").wait_for()
    assert not page.get_by_role("button", name="Close the alert").is_visible()
    assert violations(page) == []


def test_an_open_page_shows_what_happens_without_being_touched(page: Page, service: Service) -> None:
    sign_in(page, service, "Ben Archer")
    page.goto(f"/alerts/{service.street.alerts['Flat 3']}")
    page.get_by_text("Nobody has it yet").wait_for()
    rita = service.signed_in("Rita Okafor")
    token = rita.get("/api/1/me").json()["form_token"]
    alert = service.street.alerts["Flat 3"]
    rita.post(f"/api/1/alerts/{alert}/acknowledge", headers={"x-form-token": token})
    page.get_by_text("Rita Okafor has it").wait_for()
    rita.post(f"/api/1/alerts/{alert}/close", headers={"x-form-token": token}, json={"outcome": "helped"})
    page.get_by_text("Somebody helped, today").wait_for()
    page.get_by_role("button", name="Close the alert").wait_for(state="hidden")


def test_the_queue_shows_a_new_alert_by_itself(page: Page, service: Service) -> None:
    sign_in(page, service, "Rita Okafor")
    page.get_by_role("heading", name="1 alert needs somebody").wait_for()
    with psycopg.connect(service.database) as db:
        db.execute(
            "with made as (insert into alert (home_id, class, reason, deadline_at, opened_at)"
            " values (%s, 'urgent', 'call_for_help', %s, %s) returning id)"
            " insert into alert_event (alert_id, at, what) select id, %s, 'opened' from made",
            (service.street.homes["Rose Cottage"], NOW, NOW, NOW),
        )
    page.get_by_role("heading", name="2 alerts need somebody").wait_for()


def test_the_pages_work_without_scripts(chromium: Browser, service: Service) -> None:
    context = chromium.new_context(java_script_enabled=False, base_url=service.url)
    page = context.new_page()
    sign_in(page, service, "Rita Okafor")
    page.get_by_role("link", name="Jack: No activity").click()
    page.get_by_role("button", name="Take it").click()
    assert page.get_by_text("You have it").is_visible()
    context.close()
