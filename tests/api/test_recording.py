"""Recording a sound for a reminder: in a real browser, whose microphone is the browser's own test tone."""

import re
from collections.abc import Iterator

import psycopg
import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect, sync_playwright

from gateway.config import MAX_ASSET_BYTES
from gateway.reminders.media import media_type
from tests.api.browser import WANTED, sign_in, violations
from tests.api.conftest import CHROMIUM, FLAGS, PHONE, Service, until
from tests.api.test_reminders import add
from tests.gateway.tablet import HEARD

MICROPHONE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
REFUSED = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream=deny"]

pytestmark = WANTED


@pytest.fixture(scope="module")
def recorders() -> Iterator[dict[str, Browser]]:
    """A browser that may use its microphone, and one that may not."""
    with sync_playwright() as playwright:
        started = {
            name: playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS + flags)
            for name, flags in (("allowed", MICROPHONE), ("refused", REFUSED))
        }
        yield started
        for browser in started.values():
            browser.close()


def opened(browser: Browser, service: Service, *, scripts: bool = True) -> Page:
    page = browser.new_context(viewport=PHONE, base_url=service.url, java_script_enabled=scripts).new_page()
    page.set_default_timeout(15_000)
    return page


def at_a_reminder(page: Page, service: Service) -> int:
    """Opens the page of a new reminder; its id."""
    rose = service.street.homes["Rose Cottage"]
    reminder = add(service, rose)
    sign_in(page, service, "Cora Hughes")
    page.goto(f"/homes/{rose}/reminders/{reminder}")
    return reminder


def kept(service: Service) -> list[bytes]:
    with psycopg.connect(service.database) as db:
        return [bytes(content) for (content,) in db.execute("select bytes from asset").fetchall()]


def test_a_voice_is_recorded_listened_to_and_kept(recorders: dict[str, Browser], service: Service) -> None:
    page = opened(recorders["allowed"], service)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda line: complaints.append(line.text) if "Policy" in line.text else None)
    page.add_init_script(HEARD)
    at_a_reminder(page, service)
    assert violations(page) == []
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_role("status")).to_have_text("Recording. Speak now. 20 seconds at most.")
    expect(page.get_by_role("button", name="Stop")).to_be_focused()
    expect(page.get_by_role("timer")).to_have_text("18 seconds left")
    assert violations(page) == []
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("status")).to_contain_text("Listen to it, then use it or discard it.")
    expect(page.get_by_role("button", name="Listen")).to_be_focused()
    assert violations(page) == []
    page.get_by_role("button", name="Listen").click()
    until(lambda: page.evaluate("heard.length && heard[0].readyState >= 3 && heard[0].currentTime > 1"))
    page.get_by_role("button", name="Use this recording").click()
    page.get_by_text("It has a sound of its own.").wait_for()
    assert violations(page) == []
    until(lambda: page.evaluate("document.querySelector('audio').readyState >= 1"))
    (content,) = kept(service)
    assert media_type(content) == "audio/webm"
    assert len(content) < MAX_ASSET_BYTES
    assert complaints == []
    page.context.close()


AS_SAFARI = """
const knows = MediaRecorder.isTypeSupported
MediaRecorder.isTypeSupported = (type) => type.startsWith('audio/mp4') && knows.call(MediaRecorder, type)
"""
"""A browser that records MP4 and nothing else."""


def test_a_browser_that_records_mp4_is_as_good(recorders: dict[str, Browser], service: Service) -> None:
    page = opened(recorders["allowed"], service)
    page.add_init_script(AS_SAFARI)
    at_a_reminder(page, service)
    page.get_by_role("button", name="Record").click()
    page.get_by_role("timer").filter(has_text=re.compile("1[4-7] seconds left")).wait_for()
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Use this recording").click()
    page.get_by_text("It has a sound of its own.").wait_for()
    assert media_type(kept(service)[0]) == "audio/mp4"
    until(lambda: page.evaluate("document.querySelector('audio').duration > 1"))
    page.context.close()


def test_a_recording_stops_by_itself_and_fits_the_tablet(recorders: dict[str, Browser], service: Service) -> None:
    """With a limit of 9 kB instead of 48, so that nobody waits for 20 seconds."""
    page = opened(recorders["allowed"], service)
    at_a_reminder(page, service)
    page.evaluate("document.querySelector('[data-recorder]').dataset.mostBytes = 9 * 1024")
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_role("status")).to_contain_text("Recorded: ")
    assert page.get_by_role("timer").is_hidden()
    page.get_by_role("button", name="Use this recording").click()
    page.get_by_text("It has a sound of its own.").wait_for()
    assert 4096 < len(kept(service)[0]) < 9 * 1024
    page.context.close()


def test_a_recording_that_is_discarded_is_gone(recorders: dict[str, Browser], service: Service) -> None:
    page = opened(recorders["allowed"], service)
    at_a_reminder(page, service)
    page.get_by_role("button", name="Record").click()
    page.get_by_role("timer").filter(has_text="19 seconds left").wait_for()
    page.get_by_role("button", name="Stop").click()
    page.get_by_role("button", name="Discard").click()
    expect(page.get_by_role("status")).to_have_text("Discarded. Nothing was kept.")
    expect(page.get_by_role("button", name="Record")).to_be_focused()
    assert page.get_by_role("button", name="Use this recording").is_hidden()
    assert kept(service) == []
    page.context.close()


def test_without_the_microphone_the_page_says_what_to_do(recorders: dict[str, Browser], service: Service) -> None:
    page = opened(recorders["refused"], service)
    at_a_reminder(page, service)
    page.get_by_role("button", name="Record").click()
    expect(page.get_by_role("status")).to_contain_text("This browser may not use the microphone.")
    assert page.get_by_label("Sound file").is_visible()
    assert violations(page) == []
    page.context.close()


def test_without_a_script_a_file_can_be_chosen_as_before(recorders: dict[str, Browser], service: Service) -> None:
    page = opened(recorders["allowed"], service, scripts=False)
    at_a_reminder(page, service)
    assert page.get_by_role("button", name="Record").is_hidden()
    sound = FilePayload(name="voice.txt", mimeType="text/plain", buffer=b"OggS voice")
    page.get_by_label("Sound file").set_input_files(sound)
    page.get_by_role("button", name="Keep the sound").click()
    page.get_by_text("It has a sound of its own.").wait_for()
    assert kept(service) == [b"OggS voice"], "its bytes say what it is, and its name does not matter"
    page.context.close()


def test_no_other_page_may_use_the_microphone(recorders: dict[str, Browser], service: Service) -> None:
    page = opened(recorders["allowed"], service)
    at_a_reminder(page, service)
    asks = "() => navigator.mediaDevices.getUserMedia({audio: true}).then(() => 'allowed', (error) => error.name)"
    assert page.evaluate(asks) == "allowed"
    page.get_by_role("link", name="Reminders of").click()
    page.get_by_role("heading", name="Who comes", exact=True).wait_for()
    assert page.evaluate(asks) == "NotAllowedError"
    page.context.close()


def test_a_part_of_a_sound_is_given_to_whoever_asks_for_it(service: Service) -> None:
    """Safari asks for the first two bytes before it plays anything."""
    rose = service.street.homes["Rose Cottage"]
    path = f"/homes/{rose}/reminders/{add(service, rose)}/sound"
    client = service.signed_in("Ann Field")
    assert client.get(path).status_code == 404
    token = client.get("/api/1/me").json()["form_token"]
    client.post(path, data={"form_token": token}, files={"file": ("voice", b"OggS voice")})
    whole, part = client.get(path), client.get(path, headers={"range": "bytes=0-1"})
    assert (whole.status_code, whole.content, whole.headers["content-type"]) == (200, b"OggS voice", "audio/ogg")
    assert (part.status_code, part.content, part.headers["content-range"]) == (206, b"Og", "bytes 0-1/10")
    until(lambda: service.client().get(path).status_code == 303)
