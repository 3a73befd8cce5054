"""The walk test: a real gateway, brokers, ingest, judge and a browser on a phone; and what it may never hide."""

import time
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Browser, Page, expect

from alerts.judging import judge_due
from api import walk_tests
from api.people import Home
from gateway.clock import Clock
from gateway.messages import BUTTON_VALUE, Button, Kind
from simulators.broker import Broker
from tests.api import street
from tests.api.browser import WANTED, sign_in, violations
from tests.api.conftest import PHONE, Service, serving, until
from tests.api.street import NOW
from tests.gateway.conftest import Start, outbox_path, start_gateway  # noqa: F401 - fixtures
from tests.gateway.wire import Wire
from tests.ingest.service import serving as ingesting

SOS = BUTTON_VALUE[Button.SOS]
PIR, DOOR, PENDANT = "0x00158d0000000001", "0x00158d0000000002", "0x00158d0000000003"


def device(name: str, address: str, *exposes: dict[str, object]) -> dict[str, object]:
    definition = {"vendor": "Aqara", "model": "M-1", "exposes": list(exposes)}
    return {"friendly_name": name, "ieee_address": address, "type": "EndDevice", "power_source": "Battery"} | {
        "definition": definition
    }


DEVICES = [
    device("pir", PIR, {"property": "occupancy"}),
    device("door", DOOR, {"property": "contact"}),
    device("pendant", PENDANT, {"property": "action", "values": ["emergency"]}),
]


class Flat:
    """Flat 3 with a gateway of its own that runs, and Zigbee2MQTT in it."""

    def __init__(self, service: Service, db: psycopg.Connection, zigbee: Wire) -> None:
        self.service = service
        self.db = db
        self.zigbee = zigbee
        self.id = service.street.homes["Flat 3"]

    def say(self, name: str, **body: object) -> None:
        self.zigbee.publish(f"zigbee2mqtt/{name}", body | {"linkquality": 80})

    def place(self, name: str, place: str, role: str) -> None:
        self.db.execute(
            "insert into sensor (gateway_id, home_id, name, place, role)"
            " select id, home_id, %s, %s, %s from gateway where name = 'gw-1'",
            (name, place, role),
        )

    def calls(self) -> int:
        """How many calls for help were found, with everything judged that is there."""
        now = Clock().now()
        self.db.execute("update home_state set due_at = %s where home_id = %s", (now, self.id))
        judge_due(self.db, now)
        row = self.db.execute(
            "select count(*) from finding where reason = 'call_for_help' and home_id = %s and found_at > %s",
            (self.id, now - timedelta(hours=1)),
        ).fetchone()
        assert row
        return int(row[0])

    def values(self, sensor: str) -> list[float]:
        """What a sensor has told, in order."""
        query = (
            "select value from reading join sensor on sensor.id = sensor_id where name = %s and kind = 1 order by at"
        )
        return [float(value) for (value,) in self.db.execute(query, (sensor,))]

    def online(self) -> bool:
        row = self.db.execute("select online, devices from gateway where name = 'gw-1'").fetchone()
        return bool(row and row[0] and row[1])


@pytest.fixture
def flat(
    database: str,
    broker: Broker,
    home_broker: Broker,
    start_gateway: Start,  # noqa: F811 - the fixture of that name
    tmp_path: Path,
) -> Iterator[Flat]:
    with psycopg.connect(database, autocommit=True) as db:
        homes = street.build(db)
        db.execute("update gateway set name = 'street-' || id")
        db.execute("update gateway set name = 'gw-1' where home_id = %s", (homes.homes["Flat 3"],))
        with (
            serving(database, clock=Clock()) as url,
            ingesting(database, broker, tmp_path),
            closing(Wire(home_broker)) as zigbee,
        ):
            zigbee.publish("zigbee2mqtt/bridge/state", {"state": "online"}, retain=True)
            zigbee.publish("zigbee2mqtt/bridge/devices", DEVICES, retain=True)
            flat = Flat(Service(url, database, homes), db, zigbee)
            for name, place, role in ((PIR, "hall", "room"), (DOOR, "front door", "outside_door")):
                flat.place(name, place, role)
            flat.place(PENDANT, "bedside", "button")
            start_gateway(HEARTH_INTEGRATIONS="zigbee2mqtt")
            until(flat.online)
            yield flat
            flat.service.close()


@pytest.fixture
def phone(chromium: Browser, flat: Flat) -> Iterator[Page]:
    context = chromium.new_context(viewport=PHONE, base_url=flat.service.url)
    yield context.new_page()
    context.close()


@WANTED
def test_each_sensor_is_ticked_as_it_speaks_and_a_call_is_shown_and_not_told(flat: Flat, phone: Page) -> None:
    sign_in(phone, flat.service, "Cora Hughes")
    phone.goto(f"/homes/{flat.id}/walk-test")
    assert violations(phone) == []
    phone.get_by_role("button", name="Start the test").click()
    expect(phone.locator("[data-state=running]")).to_be_visible(timeout=20_000)
    assert violations(phone) == []
    line = phone.locator(".hl-walk__line--done")
    took = []
    for name, place, body in (("pir", "hall", {"occupancy": True}), ("door", "front door", {"contact": False})):
        began = time.monotonic()
        flat.say(name, **body)
        expect(line.filter(has_text=place)).to_be_visible(timeout=20_000)
        took.append(time.monotonic() - began)
    flat.say("pendant", action="emergency")
    expect(line.filter(has_text="Button works. Nobody was told.")).to_be_visible(timeout=20_000)
    print(f"ticked after {[round(one, 2) for one in took]} s")
    assert flat.calls() == 0
    assert violations(phone) == []
    phone.get_by_role("button", name="End the test").click()
    expect(phone.get_by_text("The test is over")).to_be_visible()
    assert violations(phone) == []
    flat.say("pendant", action="")
    time.sleep(2.1)  # a second press within two seconds would be the same one
    flat.say("pendant", action="emergency")
    until(lambda: flat.calls() == 1)


@WANTED
def test_a_press_after_the_page_was_closed_is_a_real_call(flat: Flat, phone: Page) -> None:
    sign_in(phone, flat.service, "Cora Hughes")
    phone.goto(f"/homes/{flat.id}/walk-test")
    phone.get_by_role("button", name="Start the test").click()
    expect(phone.locator("[data-state=running]")).to_be_visible(timeout=20_000)
    phone.goto("about:blank")
    flat.db.execute("update walk_test set watched_at = watched_at - interval '31 seconds'")
    flat.say("pendant", action="emergency")
    until(lambda: flat.calls() == 1)
    phone.goto(f"/homes/{flat.id}/walk-test")
    expect(phone.get_by_text("taken as a real call").first).to_be_visible()
    expect(phone.get_by_text("Calls for help are real calls again")).to_be_visible()
    assert violations(phone) == []


@WANTED
def test_what_a_coordinator_says_of_a_sensor_is_in_force_and_confirmed_without_a_restart(
    flat: Flat, phone: Page
) -> None:
    flat.say("door", contact=True)
    sign_in(phone, flat.service, "Cora Hughes")
    phone.goto(f"/homes/{flat.id}/gateways")
    phone.get_by_role("group", name=f"({DOOR})").first.get_by_text("How it is used").click()
    phone.get_by_label(f"What it says counts ({DOOR})").select_option("true")
    phone.get_by_role("button", name="Keep").first.click()

    def confirmed() -> bool:
        phone.reload()
        return phone.get_by_text("The gateway has these settings.").is_visible()

    until(confirmed)
    flat.say("door", contact=True)
    flat.say("door", contact=False)
    until(lambda: flat.values(DOOR)[-1:] == [0.0] and len(flat.values(DOOR)) == 2)
    flat.say("door", contact=True)
    until(lambda: flat.values(DOOR)[-1:] == [1.0])
    assert flat.values(DOOR) == [0.0, 0.0, 1.0], (
        "shut, as it was called then; nothing when it was called open; shut, open"
    )


def home_of(service: Service) -> Home:
    return Home(service.street.homes["Flat 3"], "Flat 3", "Jack", "Europe/London")


@pytest.fixture
def db(service: Service) -> Iterator[psycopg.Connection]:
    with psycopg.connect(service.database, autocommit=True) as connection:
        yield connection


def test_only_who_started_it_keeps_calls_held_back(service: Service, db: psycopg.Connection) -> None:
    people, home = service.street.people, home_of(service)
    db.execute("update gateway set status_at = %s", (NOW,))
    walk_tests.start(db, home, people["Cora Hughes"], NOW)
    soon = NOW + timedelta(seconds=20)
    walk_tests.watch(db, home, people["Dev Patel"], soon)
    assert db.execute("select watched_at from walk_test").fetchall() == [(NOW,)]
    walk_tests.watch(db, home, people["Cora Hughes"], soon)
    assert db.execute("select watched_at from walk_test").fetchall() == [(soon,)]


def test_who_comes_back_to_the_page_later_turns_no_call_into_a_trial(service: Service, db: psycopg.Connection) -> None:
    home, cora = home_of(service), service.street.people["Cora Hughes"]
    db.execute("update gateway set status_at = %s", (NOW,))
    walk_tests.start(db, home, cora, NOW)
    db.execute("update walk_test set confirmed_at = %s", (NOW,))
    walk_tests.watch(db, home, cora, NOW + timedelta(seconds=31))
    assert db.execute("select watched_at from walk_test").fetchall() == [(NOW,)]
    assert walk_tests.of_home(db, home, NOW + timedelta(seconds=31)).calls_are_real


def test_a_new_test_ends_the_one_before_and_both_are_ordered(service: Service, db: psycopg.Connection) -> None:
    home, cora = home_of(service), service.street.people["Cora Hughes"]
    db.execute("update gateway set status_at = %s", (NOW,))
    walk_tests.start(db, home, cora, NOW)
    walk_tests.start(db, home, cora, NOW + timedelta(minutes=1))
    assert db.execute("select ended_at from walk_test order by id").fetchall() == [
        (NOW + timedelta(minutes=1),),
        (None,),
    ]
    orders = [command for (command,) in db.execute("select command from gateway_command order by id")]
    assert orders == ["walk_test", "end_walk_test", "walk_test"]


def test_it_ends_by_itself_after_a_quarter_of_an_hour(service: Service, db: psycopg.Connection) -> None:
    home, cora = home_of(service), service.street.people["Cora Hughes"]
    assert walk_tests.of_home(db, home, NOW).state is walk_tests.State.NONE
    db.execute("update gateway set status_at = %s", (NOW,))
    walk_tests.start(db, home, cora, NOW)
    assert walk_tests.of_home(db, home, NOW).state is walk_tests.State.WAITING
    db.execute("update walk_test set confirmed_at = %s", (NOW,))
    last = NOW + timedelta(minutes=15)
    assert walk_tests.of_home(db, home, last - timedelta(seconds=1)).state is walk_tests.State.RUNNING
    assert walk_tests.of_home(db, home, last).state is walk_tests.State.OVER


def test_a_responder_or_the_family_cannot_start_one(service: Service) -> None:
    home = service.street.homes["Flat 3"]
    for name in ("Rita Okafor", "Ben Archer"):
        client = service.signed_in(name)
        token = client.get("/api/1/me").json()["form_token"]
        assert client.get(f"/homes/{home}/walk-test").status_code == 404
        assert client.post(f"/homes/{home}/walk-test", data={"form_token": token}).status_code == 404


def test_what_a_sensor_said_is_told_in_words() -> None:
    assert walk_tests.words(Kind.CONTACT, 1, held=True) == "opened"
    assert walk_tests.words(Kind.BUTTON, SOS, held=False).startswith("Button works. This was taken as a real call")
    assert walk_tests.words(Kind.SMOKE, 1, held=True) == "Alarm works. Nobody was told."
    assert walk_tests.words(Kind.HUMIDITY, 40, held=True) == ""
