"""The tablet in a home, as the tests look at it and press it."""

import hashlib
from datetime import timedelta
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from gateway.config import Command, Do
from gateway.messages import Status, topic
from tests.gateway.reminding import config, png
from tests.gateway.wire import Ingest, until

LYING, STANDING = {"width": 1280, "height": 800}, {"width": 800, "height": 1280}
SMALL = {"width": 600, "height": 1024}
TARGET_PX = 133
"""20 mm on a seven-inch tablet of 600 x 1024 px; 22 mm on one of ten inches."""
LEGIBLE_PX = 96
"""Letters of which a capital is 20 minutes of arc high at 2 m on a ten-inch tablet (see page.css)."""
TODAY = {"schedule": {"times": ["08:30", "12:30"]}}
PICTURE = png(64, 48)
HASH = hashlib.sha256(PICTURE).hexdigest()


def tell(ingest: Ingest, *reminders: Any, **more: Any) -> None:
    payload = config(*reminders, **more).model_dump_json(exclude_none=True).encode()
    ingest.publish(topic("gw-1", "config"), payload, retain=True)


def order(ingest: Ingest, command: str, do: Do, **more: Any) -> None:
    at = config().made_at
    told = Command(id=command, do=do, at=at, expires_at=at + timedelta(days=2), **more)
    until(lambda: ingest.publish(topic("gw-1", "commands"), told.model_dump_json(exclude_none=True).encode()) == 0)


def visit(page: Page) -> None:
    """Opens the page as soon as the gateway serves it."""

    def answers() -> bool:
        try:
            return bool(page.goto("/"))
        except Exception:  # noqa: BLE001 - not yet
            return False

    until(answers)


def statuses(ingest: Ingest) -> list[Status]:
    found = [payload for name, payload, _ in ingest.messages if name == topic("gw-1", "status")]
    return [status for status in map(Status.model_validate_json, found) if status.online]


def faults(page: Page) -> list[str]:
    """What axe finds lying and standing, what is not to be seen whole, and buttons too small to be met."""
    found = []
    for size in (LYING, SMALL, STANDING):
        page.set_viewport_size(size)  # type: ignore[arg-type]
        until(lambda: page.evaluate(FITS))
        found += [f"{one['id']}: {one['help']}" for one in Axe().run(page).response["violations"]]
        for way in ("Width", "Height"):
            excess = page.evaluate(f"document.documentElement.scroll{way} - window.inner{way}")
            found += [f"{excess} px more {way} than there is at {size}"] if excess > 0 else []
        for button in page.locator("button:visible").all():
            box = button.bounding_box()
            assert box
            if min(box["width"], box["height"]) < TARGET_PX:
                found.append(f"{button.inner_text()} is {box['width']:.0f} x {box['height']:.0f}")
    return found


FITS = """() => [...document.querySelectorAll('.words')].every(
  (one) => one.offsetHeight <= one.parentElement.clientHeight && one.scrollWidth <= one.clientWidth)"""
"""Whether all that is said is to be seen whole; the page sees to it, once a second at the latest."""

HEARD = """
globalThis.heard = []
const play = HTMLMediaElement.prototype.play
HTMLMediaElement.prototype.play = function () { heard.push(this); return play.call(this) }
"""
"""Notes what the page plays, and lets it."""


def played(page: Page, address: str) -> bool:
    """Whether a sound of an address that begins so has been played to its end."""
    return bool(page.evaluate(PLAYED, address))


PLAYED = """(address) => heard.some(
  (one) => new URL(one.src).pathname.startsWith(address) && one.ended && one.duration > 0 && !one.error)"""


def letters(page: Page, what: str) -> float:
    """The height of its letters in px."""
    return float(page.locator(what).evaluate("one => parseFloat(getComputedStyle(one).fontSize)"))
