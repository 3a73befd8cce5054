"""What is heard from the page in the home: the chime, a sound, a voice; in a real browser that plays it."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from gateway.clock import Clock
from gateway.messages import topic
from gateway.reminders.chime import chime
from gateway.reminders.voice import name_of
from simulators.broker import Broker
from simulators.postgres import free_port
from tests.api.conftest import CHROMIUM, FLAGS
from tests.gateway.conftest import Start
from tests.gateway.reminding import tablets
from tests.gateway.tablet import HEARD, LYING, faults, played, statuses, tell, visit
from tests.gateway.test_reminders_page import KIOSK
from tests.gateway.test_voice import REAL, seconds
from tests.gateway.wire import Ingest, until

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser here: install chromium ({CHROMIUM})")


@pytest.fixture(scope="module")
def browsers() -> Iterator[dict[str, Browser]]:
    """As a tablet's is started, and as anybody's is."""
    with sync_playwright() as playwright:
        started = {
            name: playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS + more)
            for name, more in (("kiosk", [KIOSK]), ("usual", ["--autoplay-policy=document-user-activation-required"]))
        }
        yield started
        for browser in started.values():
            browser.close()


@pytest.fixture
def ingest(broker: Broker) -> Iterator[Ingest]:
    with closing(Ingest(broker)) as wire:
        wire.subscribe(topic("gw-1", "status"))
        yield wire


class Tablet:
    """Opens pages of one gateway that runs, at half a minute before a reminder is due."""

    def __init__(self, start: Start, browsers: dict[str, Browser]) -> None:
        self.port = free_port()
        self.start = start
        self.browsers = browsers

    def begin(self, path: str = "/usr/bin:/bin") -> None:
        clock = f"2026-03-02T08:29:55Z@{Clock().now().timestamp()}x1"
        self.start(HEARTH_PAGE_PORT=str(self.port), HEARTH_CLOCK=clock, PATH=path)

    def open(self, browser: str = "kiosk") -> Page:
        url = f"http://127.0.0.1:{self.port}"
        page = self.browsers[browser].new_context(viewport=LYING, base_url=url, has_touch=True).new_page()  # type: ignore[arg-type]
        page.set_default_timeout(15_000)
        page.add_init_script(HEARD)
        visit(page)
        return page


@pytest.fixture
def tablet(start_gateway: Start, browsers: dict[str, Browser]) -> Tablet:
    return Tablet(start_gateway, browsers)


def test_the_chime_is_a_soft_sound_of_a_second(tmp_path: Path) -> None:
    assert 1 < seconds(chime(), tmp_path / "chime.wav") < 1.5
    assert len(chime()) < 48_000


def test_without_a_voice_or_a_sound_there_is_a_chime(tablet: Tablet, ingest: Ingest) -> None:
    tablet.begin(path="/nowhere")
    tell(ingest)
    page = tablet.open()
    page.get_by_role("heading", name="Take your tablets").wait_for()
    until(lambda: played(page, "/chime.wav"))
    assert page.locator("#allow-sound").is_hidden()


@REAL
def test_the_real_voice_is_heard_after_the_chime(tablet: Tablet, ingest: Ingest) -> None:
    tablet.begin(os.environ["PATH"])
    tell(ingest)
    page = tablet.open()
    page.get_by_role("heading", name="Take your tablets").wait_for()
    until(lambda: played(page, f"/spoken/{name_of('Take your tablets')}"))
    page.get_by_role("button", name="Help", exact=True).tap()
    until(
        lambda: played(
            page, f"/spoken/{name_of('Your call for help has arrived. Somebody will be in touch with you.')}"
        )
    )


@REAL
def test_a_sound_that_this_browser_cannot_play_is_spoken_instead(tablet: Tablet, ingest: Ingest) -> None:
    broken = b"OggS and nothing that could be played"
    name = hashlib.sha256(broken).hexdigest()
    tablet.begin(os.environ["PATH"])
    tell(ingest, tablets(sound=name))
    until(lambda: statuses(ingest) and statuses(ingest)[-1].missing == (name,))
    ingest.publish(topic("gw-1", "assets"), broken)
    page = tablet.open()
    until(lambda: played(page, f"/spoken/{name_of('Take your tablets')}"))


def test_a_browser_that_plays_nothing_by_itself_asks_for_one_touch(tablet: Tablet, ingest: Ingest) -> None:
    """And asks before anything is due: nobody should learn of it by a reminder that was not heard."""
    tablet.begin(path="/nowhere")
    page = tablet.open("usual")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    def has_settled() -> bool:
        """Nothing may be looked up in the page before: for the browser that would be a touch."""
        page.wait_for_timeout(50)
        return sum(url.endswith("/state") for url in asked) > 3

    until(has_settled)
    touch = page.get_by_role("button", name="Touch here to switch the sound on")
    touch.wait_for()
    assert faults(page) == []
    touch.tap()
    expect(touch).to_be_hidden()
    until(lambda: played(page, "/chime.wav"))
    before = page.evaluate("heard.length")
    tell(ingest)
    page.get_by_role("heading", name="Take your tablets").wait_for()
    until(lambda: page.evaluate("heard.length") > before and played(page, "/chime.wav"))
    assert touch.is_hidden()
