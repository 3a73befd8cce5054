"""The newcomer's two minutes with `make run`: a quiet street, a text, an answer, an alert taken and closed."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect, sync_playwright

from tests.waiting import until

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1280, "height": 900}
SIZES = {"phone": PHONE, "desktop": DESKTOP}
READY_S, STOPPED_S, ALERT_MS = 90, 30, 180_000

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser here: install chromium ({CHROMIUM})")


class Demo:
    """What the running demo says of itself."""

    def __init__(self, said: str) -> None:
        self.pages = _find(r"Pages +(\S+)", said)
        self.phones = _find(r"Phones +(\S+)", said)
        self.family, self.family_phone = _sign_in("family", said)
        self.responder, self.responder_phone = _sign_in("responder", said)
        self.resident = _find(r"\d\d:\d\d +(\S+) at ", said)


def _find(pattern: str, said: str) -> str:
    found = re.search(pattern, said)
    assert found, said
    return found[1]


def _sign_in(role: str, said: str) -> tuple[str, str]:
    found = re.search(rf"as {role}: +sign in as (\S+) +([\d ]+\d)", said)
    assert found, said
    return found[1], found[2]


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    output = tmp_path / "output.txt"
    command = [sys.executable, "-m", "simulators", "demo", "--folder", str(tmp_path / "kept")]
    with output.open("wb") as written:
        process = subprocess.Popen(command, stdout=written, stderr=subprocess.STDOUT)
    try:
        until(lambda: "Hearthlight is running" in output.read_text() or process.poll() is not None, READY_S)
        yield Demo(output.read_text())
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(STOPPED_S)
        subprocess.run([*command, "--forget"], check=False, capture_output=True)


@pytest.fixture
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


def look(page: Page, pictures: Path, name: str) -> None:
    """axe finds nothing on a phone's and on a desktop's size; a picture of each is kept."""
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)
        page.screenshot(path=pictures / f"{name}-{size}.png", full_page=True)
        found = [f"{one['id']}: {one['help']}" for one in Axe().run(page).response["violations"]]
        assert found == [], f"{name} on a {size}"


def sign_in(context: BrowserContext, demo: Demo, name: str, number: str) -> Page:
    """Sign in with the code that this person reads on their phone."""
    page, phones = context.new_page(), context.new_page()
    page.goto(f"{demo.pages}/sign-in")
    page.get_by_label("Your mobile phone number").fill(number)
    page.get_by_role("button", name="Send me a code").click()
    page.get_by_label("Code from the text").wait_for()
    phones.goto(demo.phones)
    text = phones.locator("section", has=phones.get_by_role("heading", name=name)).get_by_text(re.compile(r"\b\d{6}\b"))
    expect(text.last).to_be_visible(timeout=30_000)
    code = _find(r"\b(\d{6})\b", text.last.inner_text())
    phones.close()
    page.get_by_label("Code from the text").fill(code)
    page.get_by_role("button", name="Sign in").click()
    return page


def test_a_newcomer_sees_a_missed_morning_taken_by_text_and_closed(
    demo: Demo, chromium: Browser, tmp_path: Path
) -> None:
    queue = sign_in(chromium.new_context(), demo, demo.responder, demo.responder_phone)
    queue.get_by_role("heading", level=1).wait_for()
    look(queue, tmp_path, "queue")

    alert = queue.get_by_role("link", name=re.compile(f"^{demo.resident}: "))
    alert.wait_for(timeout=ALERT_MS)  # the page shows it by itself
    look(queue, tmp_path, "queue-with-alert")
    alert.click()
    queue.get_by_text("delivered").first.wait_for(timeout=60_000)
    look(queue, tmp_path, "alert")

    family = sign_in(chromium.new_context(), demo, demo.family, demo.family_phone)
    family.get_by_text("Please check").first.wait_for()
    look(family, tmp_path, "home")

    phones = chromium.new_context().new_page()
    phones.goto(demo.phones)
    phones.get_by_role("button", name="I have it").first.click()
    queue.get_by_text(f"{demo.family} has it").wait_for(timeout=30_000)
    family.get_by_text("is looking after it").first.wait_for(timeout=30_000)
    look(family, tmp_path, "home-taken")

    queue.get_by_label("All is well").check()
    queue.get_by_role("button", name="Close the alert").click()
    queue.get_by_text("All is well, today").wait_for()
    look(queue, tmp_path, "alert-closed")
    family.get_by_text("Please check").first.wait_for(state="hidden", timeout=30_000)
