"""The device table on the coordinator's page: what is asked first, what is kept, and what the gateway is told."""

from collections.abc import Iterator
from datetime import timedelta

import httpx
import psycopg
import pytest
from playwright.sync_api import Page, expect
from psycopg.types.json import Jsonb

from api import gateways
from api.devices import AS_IT_IS, IGNORED, Use, about, asks, likely_role, use_of
from api.people import Home
from gateway.config import Config
from gateway.device_list import DeviceSaid, Power
from gateway.devices import Role
from gateway.health import Problem
from gateway.messages import Kind
from tests.api.browser import WANTED, sign_in, violations
from tests.api.conftest import Service
from tests.api.street import NOW

PIR = DeviceSaid(sensor="pir", name="hall pir", make="Aqara", model="M-1", kinds=(Kind.MOTION,), power=Power.BATTERY)
CONTACT = DeviceSaid(sensor="contact", kinds=(Kind.CONTACT, Kind.BATTERY))
BUTTON = DeviceSaid(sensor="button", kinds=(Kind.BUTTON,))
PENDANT = DeviceSaid(sensor="pendant", kinds=(Kind.BUTTON,), calls=True)


@pytest.mark.parametrize(
    ("said", "role"),
    [
        (PIR, "room"),
        (CONTACT, ""),
        (PENDANT, "button"),
        (DeviceSaid(sensor="s", kinds=(Kind.SMOKE, Kind.TEMPERATURE)), "alarm"),
        (DeviceSaid(sensor="s", kinds=(Kind.POWER, Kind.ENERGY)), "plug"),
        (DeviceSaid(sensor="s", kinds=(Kind.PRESENCE, Kind.FALL)), "room"),
        (DeviceSaid(sensor="s", kinds=(Kind.MOTION, Kind.CONTACT)), "room"),
        (DeviceSaid(sensor="s", kinds=(Kind.TEMPERATURE, Kind.HUMIDITY)), "room"),
        (DeviceSaid(sensor="s"), ""),
        (None, ""),
    ],
)
def test_what_a_sensor_is_goes_by_what_it_tells_and_nobody_guesses_which_door(
    said: DeviceSaid | None, role: str
) -> None:
    assert likely_role(said) == role


def test_a_device_that_says_what_it_is_wants_only_a_room() -> None:
    assert asks(PIR, AS_IT_IS, is_placed=False, is_unread=False) == ("Where is it?",)
    assert asks(PENDANT, AS_IT_IS, is_placed=True, is_unread=False) == ()
    assert asks(CONTACT, AS_IT_IS, is_placed=False, is_unread=False) == ("Where is it, and what it is?",)


def test_a_button_that_does_not_say_it_calls_for_help_is_asked_about_until_somebody_says_so() -> None:
    (question,) = asks(BUTTON, AS_IT_IS, is_placed=True, is_unread=False)
    assert "for calling help" in question
    for used in ("sos", "cancel", "plain"):
        assert asks(BUTTON, Use(used), is_placed=True, is_unread=False) == ()
    in_the_home = BUTTON.model_copy(update={"role": Role.SOS})
    assert asks(in_the_home, AS_IT_IS, is_placed=True, is_unread=False) == ()


def test_nothing_is_asked_of_what_is_not_used() -> None:
    assert asks(CONTACT, Use(IGNORED), is_placed=False, is_unread=True) == ()


def test_a_device_is_told_in_one_line() -> None:
    assert about(PIR) == "hall pir, Aqara M-1, on a battery; tells movement"
    assert about(DeviceSaid(sensor="s")) == ""


def test_how_the_gateway_uses_it_now_is_told_whoever_said_so() -> None:
    def told(**more: object) -> str:
        return about(BUTTON.model_copy(update=more))

    assert told(role=Role.SOS) == "tells presses; its gateway takes it as SOS"
    assert told(invert=True) == "tells presses; its gateway takes it as the other way round"
    assert told(role=Role.BED, invert=True) == "tells presses; its gateway takes it as Bed the other way round"
    assert told(ignore=True) == "tells presses; its gateway ignores it"
    mat = CONTACT.model_copy(update={"role": Role.BED})
    assert likely_role(mat) == "bed"
    assert asks(mat.model_copy(update={"ignore": True}), AS_IT_IS, is_placed=False, is_unread=True) == ()


@pytest.mark.parametrize("use", [Use("sos"), Use(IGNORED), Use("", "true"), Use("bed", "false"), Use(IGNORED, "true")])
def test_what_is_kept_is_what_was_said(use: Use) -> None:
    row = use.row()
    assert row is not None
    assert use_of(row) == use
    assert AS_IT_IS.row() is None


@pytest.fixture
def db(service: Service) -> Iterator[psycopg.Connection]:
    with psycopg.connect(service.database, autocommit=True) as connection:
        yield connection


@pytest.fixture
def number(service: Service, db: psycopg.Connection) -> int:
    """The gateway of Flat 3, which has told of four devices."""
    told = [one.model_dump(mode="json", exclude_defaults=True) for one in (PIR, CONTACT, BUTTON, PENDANT)]
    row = db.execute(
        "update gateway set devices = %s, online = true, status = '{\"online\": true}', status_at = %s"
        " where home_id = %s returning id",
        (Jsonb({"devices": told}), NOW, service.street.homes["Flat 3"]),
    ).fetchone()
    assert row
    return int(row[0])


def line(db: psycopg.Connection, service: Service) -> gateways.GatewayLine:
    home = Home(service.street.homes["Flat 3"], "Flat 3", "Jack", "Europe/London")
    return gateways.of_home(db, home, NOW)[0]


def save(service: Service, number: int, **said: list[str] | str) -> httpx.Response:
    client = service.signed_in("Cora Hughes")
    token = client.get("/api/1/me").json()["form_token"]
    path = f"/homes/{service.street.homes['Flat 3']}/gateways/{number}/sensors"
    return client.post(path, data={"form_token": token, **said})


def config(db: psycopg.Connection, number: int) -> Config:
    row = db.execute("select body from gateway_config where gateway_id = %s", (number,)).fetchone()
    assert row
    return Config.model_validate_json(row[0])


def test_what_has_not_spoken_yet_is_listed_and_what_needs_a_word_comes_first(
    service: Service, db: psycopg.Connection, number: int
) -> None:
    found = line(db, service)
    assert found.id == number
    first = [one for one in found.sensors if one.asks]
    assert [one.name for one in found.sensors[:4]] == [one.name for one in first]
    assert {one.name for one in first} == {"pir", "contact", "button", "pendant"}
    assert next(one for one in first if one.name == "pir").likely == "room"


def test_a_line_that_was_left_as_it_was_offered_says_nothing(
    service: Service, db: psycopg.Connection, number: int
) -> None:
    four = {"sensor": ["pir", "contact"], "place": ["hall", ""], "role": ["room", ""]}
    assert save(service, number, **four, used=["", ""], turned=["", ""]).status_code == 303
    assert db.execute("select name from sensor where name in ('pir', 'contact')").fetchall() == [("pir",)]
    assert db.execute("select count(*) from gateway_config").fetchone() == (0,), "there is nothing to tell"


def test_uses_and_beats_are_told_to_the_gateway_in_one_config_and_written_down(
    service: Service, db: psycopg.Connection, number: int
) -> None:
    form = {"sensor": ["button", "contact"], "place": ["", ""], "role": ["button", ""]}
    assert save(service, number, **form, used=["sos", "ignore"], turned=["", "true"], beat="60").status_code == 303
    told = config(db, number)
    assert (told.beat_s, {one.sensor: (one.role, one.invert, one.ignore) for one in told.devices}) == (
        60,
        {"button": (Role.SOS, None, None), "contact": (None, True, True)},
    )
    assert line(db, service).settings == "The gateway does not have these settings yet."
    db.execute("update gateway_config set confirmed_version = version")
    assert line(db, service).settings == "The gateway has these settings."
    assert save(service, number, **form, used=["sos", ""], turned=["", ""], beat="60").status_code == 303
    assert [one.sensor for one in config(db, number).devices] == ["button"]
    assert config(db, number).version == 2
    assert save(service, number, **form, used=["sos", ""], turned=["", ""], beat="60").status_code == 303
    assert config(db, number).version == 2, "the same again changes nothing"
    changes = db.execute("select sensor, after from device_change order by id").fetchall()
    assert changes == [
        ("button", {"role": "sos", "invert": None, "ignore": None}),
        ("contact", {"role": None, "invert": True, "ignore": True}),
        (None, {"beat_s": 60}),
        ("contact", None),
    ]


@pytest.mark.parametrize(
    "wrong",
    [
        {"used": ["king", ""], "turned": ["", ""]},
        {"used": ["sos", ""], "turned": ["yes", ""]},
        {"used": ["sos"], "turned": [""]},
        {"used": ["sos", ""], "turned": ["", ""], "beat": "1"},
    ],
)
def test_a_form_that_is_not_ours_changes_nothing(
    service: Service, db: psycopg.Connection, number: int, wrong: dict[str, list[str] | str]
) -> None:
    form: dict[str, list[str] | str] = {"sensor": ["button", "pir"], "place": ["", "hall"], "role": ["button", "room"]}
    assert save(service, number, **form | wrong).status_code == 400
    assert db.execute("select count(*) from device_setting").fetchone() == (0,)
    assert db.execute("select count(*) from sensor where name = 'pir'").fetchone() == (0,)


def test_a_sensor_that_this_page_does_not_show_cannot_be_set_by_it(
    service: Service, db: psycopg.Connection, number: int
) -> None:
    form = {"sensor": ["elsewhere"], "place": [""], "role": [""]}
    assert save(service, number, **form, used=["ignore"], turned=[""]).status_code == 303
    assert db.execute("select count(*) from device_setting").fetchone() == (0,)


def test_a_place_that_was_not_understood_keeps_back_the_uses_too(
    service: Service, db: psycopg.Connection, number: int
) -> None:
    form = {"sensor": ["contact"], "place": ["hall"], "role": [""]}
    answer = save(service, number, **form, used=["bed"], turned=[""])
    assert answer.status_code == 400
    assert '<option value="bed" selected>' in answer.text
    assert db.execute("select count(*) from device_setting").fetchone() == (0,)


def test_what_is_wrong_with_a_gateway_is_said_in_plain_words(
    service: Service, db: psycopg.Connection, number: int
) -> None:
    for problem in (Problem.DISK_FULL, "too_warm"):
        db.execute("insert into gateway_problem values (%s, %s, %s)", (number, problem, NOW - timedelta(hours=1)))
    found = line(db, service).wrongs
    assert [one.words[:28] for one in found] == ["Its disk is full. It goes on", "It says of itself: too warm"]
    assert found[0].since == "today 09:12"


@WANTED
def test_a_coordinator_gives_rooms_and_says_what_a_button_is_for(
    page: Page, service: Service, db: psycopg.Connection, number: int
) -> None:
    sign_in(page, service, "Cora Hughes")
    page.goto(f"/homes/{service.street.homes['Flat 3']}/gateways")
    expect(page.get_by_text("4 sensors need a word from you.")).to_be_visible()
    assert violations(page) == []
    for name, place in (("pir", "hall"), ("button", "bedside"), ("pendant", "bathroom"), ("contact", "fridge")):
        page.get_by_role("group", name=f"({name})").first.get_by_label("Where it is").fill(place)
    page.get_by_role("group", name="(contact)").first.get_by_label("What it is").select_option("fridge_door")
    page.get_by_label("Used as (button)").select_option("sos")
    page.get_by_role("button", name="Keep").click()
    expect(page.get_by_text("Nothing is left to decide.")).to_be_visible()
    expect(page.get_by_text("The gateway does not have these settings yet.")).to_be_visible()
    assert violations(page) == []
    assert [(one.sensor, one.role) for one in config(db, number).devices] == [("button", Role.SOS)]
    rows = db.execute("select name, role from sensor where place in ('hall', 'bedside', 'bathroom')").fetchall()
    roles: dict[str, str] = dict(rows)
    assert (roles["pir"], roles["button"], roles["pendant"]) == ("room", "button", "button")
