"""A real browser: signing in, and what axe finds on a page."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.api.conftest import CHROMIUM, DESKTOP, PHONE, Service
from tests.api.street import PHONES

WANTED = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser here: install chromium ({CHROMIUM})")


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
