"""Every page in a real browser, on a phone's and a desktop's size: axe finds nothing, and the buttons work."""

import psycopg
from playwright.sync_api import Browser, Page

from tests.api.browser import WANTED, sign_in, violations
from tests.api.conftest import Service
from tests.api.street import NOW

pytestmark = WANTED


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
    page.get_by_role("button", name="I am there").click()
    page.get_by_text("You are there").wait_for()
    page.goto("/queue")
    page.get_by_text("Rita Okafor is there").wait_for()
    page.get_by_role("link", name="Jack: No activity").click()
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
