"""The page for the resident: a real gateway between two real brokers, in a real browser on a tablet."""

import re
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect, sync_playwright

from gateway.clock import Clock
from gateway.config import Do
from gateway.messages import topic
from gateway.reminders.voice import name_of
from simulators.broker import Broker
from simulators.postgres import free_port
from tests.api.conftest import CHROMIUM, FLAGS
from tests.gateway.conftest import Gateway, Start
from tests.gateway.reminding import tablets
from tests.gateway.tablet import HASH, LEGIBLE_PX, LYING, PICTURE, TODAY, faults, letters, order, statuses, tell, visit
from tests.gateway.test_voice import SPEAKS
from tests.gateway.wire import Ingest, Wire, until

pytestmark = pytest.mark.skipif(not CHROMIUM.exists(), reason=f"no browser here: install chromium ({CHROMIUM})")


KIOSK = "--autoplay-policy=no-user-gesture-required"
"""As a tablet's browser is started, so that it plays sounds before anybody has touched it."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*FLAGS, KIOSK])
        yield browser
        browser.close()


@pytest.fixture
def ingest(broker: Broker) -> Iterator[Ingest]:
    with closing(Ingest(broker)) as wire:
        wire.subscribe(topic("gw-1", "status"))
        yield wire


@pytest.fixture
def home(home_broker: Broker) -> Iterator[Wire]:
    with closing(Wire(home_broker)) as wire:
        wire.publish("zigbee2mqtt/bridge/state", {"state": "online"}, retain=True)
        yield wire


Begin = Callable[..., Gateway]


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def begin(start_gateway: Start, port: int, tmp_path: Path) -> Begin:
    """Starts the gateway with its page at a time of the Monday, in a home that has a voice."""
    voice = tmp_path / "bin" / "espeak-ng"
    voice.parent.mkdir()
    voice.write_text(SPEAKS)
    voice.chmod(0o755)

    def begin(clock: str = "08:29", speed: float = 1, **more: str) -> Gateway:
        settings = {
            "HEARTH_PAGE_PORT": str(port),
            "HEARTH_CLOCK": f"2026-03-02T{clock}:55Z@{Clock().now().timestamp()}x{speed}",
            "PATH": f"{voice.parent}:/usr/bin:/bin",
        }
        return start_gateway(**settings | more)

    return begin


@pytest.fixture
def page(chromium: Browser, port: int) -> Iterator[Page]:
    """A tablet that lies on the table; what its console complains of fails the test."""
    context = chromium.new_context(viewport=LYING, base_url=f"http://127.0.0.1:{port}", has_touch=True)  # type: ignore[arg-type]
    context.set_default_timeout(15_000)
    opened = context.new_page()
    complaints: list[str] = []
    opened.on("pageerror", lambda error: complaints.append(str(error)))
    opened.on("console", lambda line: complaints.append(line.text) if "Security Policy" in line.text else None)
    yield opened
    context.close()
    assert not complaints


def test_a_reminder_is_shown_and_answered_and_told(begin: Begin, ingest: Ingest, page: Page) -> None:
    begin()
    tell(ingest, tablets(**TODAY, picture=HASH))
    visit(page)
    page.get_by_role("heading", name="Take your tablets").wait_for()
    assert letters(page, "h1:visible") >= LEGIBLE_PX, "to be read from two metres"
    assert faults(page) == []
    until(lambda: statuses(ingest) and statuses(ingest)[-1].missing == (HASH,))
    ingest.publish("hearth/1/gw-1/assets", PICTURE)
    page.locator("#picture").wait_for()
    assert faults(page) == []
    page.get_by_role("button", name="Done").tap()
    page.get_by_role("heading", name="Monday morning").wait_for()
    assert page.get_by_text("12:30 Take your tablets").is_visible()
    until(lambda: ingest.values("reminder-7") == [1, 2])
    until(lambda: statuses(ingest)[-1].config == 1 and statuses(ingest)[-1].missing == ())
    assert faults(page) == []


def test_later_takes_it_away_and_it_comes_back(begin: Begin, ingest: Ingest, page: Page) -> None:
    begin(speed=30)
    tell(ingest, tablets(**TODAY, later_min=5, every_min=30))
    visit(page)
    page.get_by_role("button", name="Later").tap()
    page.get_by_role("heading", name="Monday morning").wait_for()
    page.get_by_role("heading", name="Take your tablets").wait_for()
    page.get_by_role("button", name="Done").tap()
    until(lambda: ingest.values("reminder-7") == [1, 1, 2])


def test_help_is_told_at_once_and_the_page_says_when_it_has_arrived(begin: Begin, ingest: Ingest, page: Page) -> None:
    begin()
    tell(ingest)
    visit(page)
    page.get_by_role("button", name="Help", exact=True).tap()
    page.get_by_role("heading", name="Your call for help has arrived").wait_for()
    assert ingest.values("tablet") == [2]
    assert faults(page) == []
    page.get_by_role("button", name="I am fine after all").tap()
    until(lambda: ingest.values("tablet") == [2, 3])


def test_without_a_line_the_page_sends_people_to_the_telephone(
    begin: Begin, broker: Broker, ingest: Ingest, page: Page
) -> None:
    begin()
    tell(ingest)
    visit(page)
    page.get_by_role("heading", name="Take your tablets").wait_for()
    broker.stop()
    page.get_by_role("button", name="Help", exact=True).tap()
    page.get_by_text("If you are in danger, call 999").wait_for(timeout=40_000)
    assert page.get_by_role("heading", name="We are asking for help").is_visible()
    assert faults(page) == []
    broker.start()
    page.get_by_role("heading", name="Your call for help has arrived").wait_for(timeout=40_000)
    assert ingest.values("tablet") == [2]


def test_reminders_go_on_without_the_internet_and_over_a_power_cut(
    begin: Begin, broker: Broker, ingest: Ingest, page: Page
) -> None:
    first = begin("08:00")
    tell(ingest)
    until(lambda: statuses(ingest) and statuses(ingest)[-1].config == 1)
    first.kill()
    broker.stop()
    second = begin()
    visit(page)
    page.get_by_role("heading", name="Take your tablets").wait_for()
    second.kill()
    third = begin("08:30")
    visit(page)
    page.get_by_role("button", name="Done").tap()
    page.get_by_role("heading", name="Monday morning").wait_for()
    third.kill()
    begin("08:31")
    visit(page)
    page.get_by_role("heading", name="Monday morning").wait_for()
    broker.start()
    until(lambda: ingest.values("reminder-7") == [1, 2], 40)


def test_a_lid_that_opens_answers_the_reminder(begin: Begin, ingest: Ingest, home: Wire, page: Page) -> None:
    begin()
    tell(ingest, tablets(done_by={"sensor": "pill-box", "sign": "opened"}))
    home.publish("zigbee2mqtt/pill-box", {"contact": True})
    visit(page)
    page.get_by_role("heading", name="Take your tablets").wait_for()
    home.publish("zigbee2mqtt/pill-box", {"contact": False})
    page.get_by_role("heading", name="Monday morning").wait_for()
    until(lambda: ingest.values("reminder-7") == [1, 2])


def test_the_server_asks_and_the_resident_is_fine(begin: Begin, ingest: Ingest, page: Page) -> None:
    begin("10:00")
    tell(ingest)
    visit(page)
    order(ingest, "c1", Do.ASK)
    page.get_by_role("heading", name="Are you all right?").wait_for()
    assert faults(page) == []
    page.get_by_role("button", name="I am fine").tap()
    page.get_by_role("heading", name="Monday morning").wait_for()
    until(lambda: ingest.values("tablet") == [1])
    order(ingest, "c1", Do.ASK)
    order(ingest, "c2", Do.PROMPT, reminder=7)
    page.get_by_role("heading", name="Take your tablets").wait_for()
    until(lambda: ingest.values("reminder-7") == [1])


def test_the_server_asks_and_the_resident_wants_help(begin: Begin, ingest: Ingest, page: Page) -> None:
    begin("10:00")
    tell(ingest)
    visit(page)
    order(ingest, "c1", Do.ASK)
    page.get_by_role("heading", name="Are you all right?").wait_for()
    page.get_by_role("button", name="I want help").tap()
    page.get_by_role("heading", name="Your call for help has arrived").wait_for()
    assert ingest.values("tablet") == [2]
    page.get_by_role("button", name="I will wait").tap()
    page.get_by_role("heading", name="Monday morning").wait_for()


def test_help_is_always_there_and_asks_first(begin: Begin, ingest: Ingest, page: Page) -> None:
    begin("10:00")
    visit(page)
    page.get_by_role("button", name="I want help").tap()
    page.get_by_role("heading", name="Do you want help?").wait_for()
    assert faults(page) == []
    page.get_by_role("button", name="No", exact=True).tap()
    page.get_by_role("button", name="I want help").tap()
    assert ingest.values("tablet") == []
    page.get_by_role("button", name="Yes, I want help").tap()
    until(lambda: ingest.values("tablet") == [2])


def test_a_pause_keeps_everything_in_the_home_but_help_and_reminders(
    begin: Begin, ingest: Ingest, home: Wire, page: Page
) -> None:
    begin("08:00", speed=60)
    tell(ingest)

    def seen() -> bool:
        home.publish("zigbee2mqtt/probe", {"action": f"try_{len(home.reasons)}"})
        return bool(ingest.values("probe"))

    until(seen)
    visit(page)
    page.get_by_role("button", name="Pause monitoring").tap()
    page.get_by_role("heading", name="Pause monitoring?").wait_for()
    assert faults(page) == []
    page.get_by_role("button", name="For 1 hour").tap()
    page.get_by_text(re.compile("Monitoring is paused until 0?9:")).wait_for()
    assert faults(page) == []
    until(lambda: statuses(ingest)[-1].paused_until)
    beats, presses = len(ingest.values("gateway")), len(ingest.values("probe"))
    home.publish("zigbee2mqtt/probe", {"action": "single"})
    home.publish("zigbee2mqtt/front", {"contact": False})
    home.publish("zigbee2mqtt/pendant", {"action": "emergency"})
    until(lambda: ingest.values("pendant") == [2])
    page.get_by_role("heading", name="Take your tablets").wait_for(timeout=60_000)
    page.get_by_role("button", name="Done").tap()
    until(lambda: ingest.values("reminder-7") == [1, 2])
    assert len(ingest.values("gateway")) == beats, "nobody takes the quiet for a quiet person"
    assert len(ingest.values("probe")) == presses
    assert ingest.values("front") == []
    assert "front" not in statuses(ingest)[-1].sensors_at
    page.get_by_role("button", name="Start monitoring again").tap()
    home.publish("zigbee2mqtt/front", {"contact": False})
    until(lambda: ingest.values("front") == [1])
    until(lambda: statuses(ingest)[-1].paused_until is None)


def test_a_walk_test_tells_of_each_sensor_within_seconds(begin: Begin, ingest: Ingest, home: Wire) -> None:
    begin("10:00")
    until(lambda: statuses(ingest))
    order(ingest, "c1", Do.WALK_TEST)
    until(lambda: statuses(ingest)[-1].walk_test_until, 10)
    for sensor in ("hall", "kitchen", "bedroom"):
        home.publish(f"zigbee2mqtt/{sensor}", {"occupancy": True})
        until(lambda sensor=sensor: sensor in statuses(ingest)[-1].sensors_at, 5)  # type: ignore[misc]
    order(ingest, "c2", Do.END_WALK_TEST)
    until(lambda: statuses(ingest)[-1].walk_test_until is None)


def test_the_idle_page_says_what_day_it_is_who_comes_and_what_is_next(begin: Begin, ingest: Ingest, page: Page) -> None:
    begin("10:00")
    visits = [
        {"who": "Jane, your carer", "schedule": {"times": ["13:00"], "weekdays": [1]}},
        {"who": "The doctor", "schedule": {"times": ["11:15"], "dates": ["2026-03-02"]}},
        {"who": "Nobody today", "schedule": {"times": ["11:00"], "weekdays": [2]}},
    ]
    tell(ingest, tablets(**TODAY), visits=visits)
    visit(page)
    expect(page.locator("#coming li")).to_have_text(["11:15  The doctor", "13:00  Jane, your carer"])
    expect(page.locator("#next")).to_have_text("12:30  Take your tablets")
    expect(page.locator("#date")).to_have_text("2 March 2026")
    expect(page.locator("#clock")).to_have_text(re.compile("10:0[01]"))
    assert faults(page) == []


def test_a_long_reminder_without_a_sound_of_its_own_fits_the_page_and_is_spoken(
    begin: Begin, ingest: Ingest, page: Page
) -> None:
    begin()
    heard: list[str] = []
    page.on("request", lambda asked: heard.append(asked.url) if "/spoken/" in asked.url else None)
    long = "Take the two white tablets and the small yellow one from the box by the kettle, with a whole glass of water"
    tell(ingest, tablets(text=long, picture=HASH))
    until(lambda: statuses(ingest) and statuses(ingest)[-1].missing == (HASH,))
    ingest.publish("hearth/1/gw-1/assets", PICTURE)
    visit(page)
    page.locator("#picture").wait_for()
    assert faults(page) == []
    name = name_of(long)

    def asked_for() -> bool:
        page.wait_for_timeout(50)
        return bool(heard)

    until(asked_for)
    assert {url.rsplit("/", 1)[1] for url in heard} == {name}
    assert statuses(ingest)[-1].voice is True


def test_at_night_the_page_is_dark(begin: Begin, ingest: Ingest, page: Page) -> None:
    begin("22:29")
    tell(ingest, tablets(text="Take your night tablets", schedule={"times": ["22:30"]}))
    visit(page)
    page.get_by_role("heading", name="Take your night tablets").wait_for()
    assert brightness(page) < 0.1
    assert faults(page) == []
    page.get_by_role("button", name="Done").tap()
    page.get_by_role("heading", name="Monday night").wait_for()
    assert faults(page) == []


def brightness(page: Page) -> float:
    """Of the page's background, from 0 to 1."""
    found = page.evaluate("getComputedStyle(document.body).backgroundColor")
    return max(int(one) for one in re.findall("[0-9]+", found)[:3]) / 255


def test_the_open_page_says_that_its_box_is_away_and_goes_on_when_it_is_back(begin: Begin, page: Page) -> None:
    first = begin("10:00")
    visit(page)
    page.get_by_role("heading", name="Monday morning").wait_for()
    first.kill()
    page.get_by_text("This page cannot reach its box at the moment.").wait_for(timeout=30_000)
    assert page.locator("#clock").is_hidden(), "a clock that stands still is worse than none"
    assert faults(page) == []
    begin("13:00")
    page.get_by_role("heading", name="Monday afternoon").wait_for(timeout=30_000)
    page.locator("#trouble").wait_for(state="hidden")
    assert page.locator("#clock").is_visible()


def test_an_open_page_loads_itself_anew_after_an_update(begin: Begin, page: Page) -> None:
    """Nobody goes round the homes to press a button for it."""
    begin("10:00")
    visit(page)
    page.get_by_role("heading", name="Monday morning").wait_for()

    def of_the_update(route: Route) -> None:
        answer = route.fetch()
        route.fulfill(response=answer, headers={**answer.headers, "x-hearthlight-page": "another"})

    with page.expect_event("load"):
        page.route("**/state", of_the_update)
    page.get_by_role("heading", name="Monday morning").wait_for()
    page.unroute_all(behavior="ignoreErrors")


def test_the_idle_page_says_when_the_world_outside_cannot_be_reached(
    begin: Begin, broker: Broker, ingest: Ingest, page: Page
) -> None:
    begin("10:00", speed=60)
    tell(ingest)
    visit(page)
    until(lambda: statuses(ingest) and statuses(ingest)[-1].config == 1)
    assert page.get_by_text("There is no connection to the outside now.").is_hidden()
    broker.stop()
    page.get_by_text("There is no connection to the outside now.").wait_for(timeout=40_000)
    assert faults(page) == []
    broker.start()
    page.get_by_text("There is no connection to the outside now.").wait_for(state="hidden", timeout=40_000)


def test_a_home_without_a_voice_says_so(begin: Begin, ingest: Ingest) -> None:
    gateway = begin(PATH="/nowhere")
    until(lambda: statuses(ingest) and statuses(ingest)[-1].voice is False)
    assert "no_voice" in gateway.log.read_text()


def test_a_gateway_without_a_page_has_no_open_door(start_gateway: Start, ingest: Ingest) -> None:
    start_gateway()
    tell(ingest)
    until(lambda: statuses(ingest) and statuses(ingest)[-1].config == 1)
    assert statuses(ingest)[-1].voice is None
