"""Promises of claim codes and of the page of gateways and sensors."""

import base64
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import psycopg
import pytest
from playwright.sync_api import Page
from psycopg.types.json import Jsonb
from pydantic import SecretStr, ValidationError

from api import claims, gateways
from api.claims import Granted, Made
from api.people import Home
from api.settings import ApiSettings
from gateway.claim import Refused
from ingest.broker_passwords import hashed
from tests.api.browser import WANTED, sign_in, violations
from tests.api.conftest import Service
from tests.api.street import NOW, at

ADDRESS = "203.0.113.7"


@pytest.fixture
def db(database: str, service: Service) -> Iterator[psycopg.Connection]:
    """A connection to the database of the running service, with its street."""
    assert service
    with psycopg.connect(database, autocommit=True) as connection:
        yield connection


@pytest.fixture
def made(db: psycopg.Connection, service: Service) -> Made:
    return claims.add_gateway(db, service.street.homes["Flat 3"], service.street.people["Cora Hughes"], NOW)


def gateway_id(db: psycopg.Connection, name: str) -> int:
    row = db.execute("select id from gateway where name = %s", (name,)).fetchone()
    assert row
    return int(row[0])


def test_a_code_is_traded_once_for_a_password_of_which_only_a_hash_is_kept(db: psycopg.Connection, made: Made) -> None:
    granted = claims.redeem(db, made.code.lower().replace("-", " "), ADDRESS, NOW)
    assert isinstance(granted, Granted)
    assert granted.gateway == made.gateway
    row = db.execute("select password_hash, claimed_at from gateway where name = %s", (made.gateway,)).fetchone()
    assert row
    kept, claimed_at = row
    salt = base64.b64decode(kept.split("$")[3])
    assert kept == hashed(granted.password, salt)
    assert claimed_at == NOW
    assert claims.redeem(db, made.code, ADDRESS, NOW) is Refused.USED
    whole = str(db.execute("select claim, gateway from claim join gateway on gateway.id = gateway_id").fetchall())
    assert made.code.replace("-", "") not in whole
    assert granted.password not in whole


def test_a_code_is_good_for_two_days(db: psycopg.Connection, made: Made) -> None:
    assert claims.redeem(db, made.code, ADDRESS, NOW + timedelta(hours=48)) is Refused.EXPIRED
    assert isinstance(claims.redeem(db, made.code, ADDRESS, NOW + timedelta(hours=47, minutes=59)), Granted)


def test_a_newer_code_takes_the_place_of_the_older(db: psycopg.Connection, service: Service, made: Made) -> None:
    home, person = service.street.homes["Flat 3"], service.street.people["Cora Hughes"]
    newer = claims.make(db, home, gateway_id(db, made.gateway), person, NOW)
    assert newer
    assert newer.gateway == made.gateway
    assert claims.redeem(db, made.code, ADDRESS, NOW) is Refused.EXPIRED
    assert isinstance(claims.redeem(db, newer.code, ADDRESS, NOW), Granted)


def test_a_removed_claim_leaves_no_password_and_no_code(db: psycopg.Connection, service: Service, made: Made) -> None:
    home = service.street.homes["Flat 3"]
    assert isinstance(claims.redeem(db, made.code, ADDRESS, NOW), Granted)
    number = gateway_id(db, made.gateway)
    open_code = claims.make(db, home, number, service.street.people["Cora Hughes"], NOW)
    assert not claims.remove(db, service.street.homes["Far Away"], number, NOW), "only by way of its own home"
    assert claims.remove(db, home, number, NOW)
    assert open_code
    assert claims.redeem(db, open_code.code, ADDRESS, NOW) is Refused.EXPIRED
    assert db.execute("select password_hash from gateway where id = %s", (number,)).fetchone() == (None,)


def test_wrong_codes_are_counted_by_address_and_in_all(db: psycopg.Connection, made: Made) -> None:
    for _ in range(claims.MOST_OF_ONE_ADDRESS):
        assert claims.redeem(db, "K7PM-2QXW-9HTD-4RVB", ADDRESS, NOW) is Refused.WRONG
    assert claims.redeem(db, made.code, ADDRESS, NOW) is Refused.TOO_MANY
    assert isinstance(claims.redeem(db, made.code, "198.51.100.1", NOW), Granted), "others are not held up"
    db.execute("insert into claim_attempt select %s, 'x' from generate_series(1, %s)", (NOW, claims.MOST_OF_ALL))
    assert claims.redeem(db, made.code, "198.51.100.2", NOW) is Refused.TOO_MANY
    later = NOW + timedelta(hours=1)
    assert claims.redeem(db, "K7PM-2QXW-9HTD-4RVB", ADDRESS, later) is Refused.WRONG
    assert db.execute("select count(*) from claim_attempt").fetchone() == (1,), "addresses are not kept"


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("8.8.8.8", "8.8.8.8"),
        ("2a00:1450:4001:81b::200e", "2a00:1450:4001:81b::/64"),
        ("127.0.0.1", None),
        ("10.0.0.7", None),
        ("testclient", None),
        (None, None),
    ],
)
def test_what_comes_by_way_of_a_proxy_of_ours_is_not_one_caller(host: str | None, counted: str | None) -> None:
    assert claims.origin(host) == counted


def trade(service: Service, code: str) -> httpx.Response:
    return service.client().post("/api/1/claims", json={"code": code})


def test_a_gateway_needs_no_session_and_learns_where_its_broker_is(service: Service, made: Made) -> None:
    answer = trade(service, made.code)
    assert answer.status_code == 200, answer.text
    told = answer.json()
    assert {**told, "password": ""} == {
        "gateway": made.gateway, "broker_host": "127.0.0.1", "broker_port": 8883, "ca_pem": None, "password": "",
    }  # fmt: skip
    assert len(told["password"]) >= 43
    again = trade(service, made.code)
    assert (again.status_code, again.json()["reason"]) == (410, "used")


def test_wrong_codes_by_http_are_counted_too(service: Service, db: psycopg.Connection) -> None:
    for code in ("K7PM-2QXW-9HTD-4RVB", "", "'; drop table claim; --"):
        answer = trade(service, code)
        assert (answer.status_code, answer.json()["reason"]) == (404, "wrong")
    assert db.execute("select count(*) from claim_attempt").fetchone() == (3,)
    assert trade(service, "x" * 65).status_code == 400
    assert service.client().post("/api/1/claims", content=b"x" * 70_000).status_code == 413


def test_a_certificate_that_is_not_there_is_found_at_the_start() -> None:
    with pytest.raises(ValidationError, match="broker_public_ca"):
        ApiSettings.model_validate(
            {"database_url": SecretStr("x"), "twilio_token": SecretStr("x"), "broker_public_ca": "/nowhere/ca.pem"}
        )


def tell_status(db: psycopg.Connection, home_id: int) -> str:
    """The home's gateway has said how it is, and named sensors nobody knows. Its name."""
    status = {
        "v": 1, "online": True, "version": "0.9", "outbox": 3, "config": 7, "unread": ["blu-1"],
        "sensors_at": {"kitchen": at("10:10").isoformat(), "hall-pir": at("10:11").isoformat(),
                       "tablet": at("10:11").isoformat(), "reminder-3": at("10:11").isoformat()},
    }  # fmt: skip
    row = db.execute(
        "update gateway set online = true, status = %s, status_at = %s where home_id = %s returning name",
        (Jsonb(status), NOW, home_id),
    ).fetchone()
    assert row
    return str(row[0])


def lines(db: psycopg.Connection, service: Service, home: str) -> list[gateways.GatewayLine]:
    return gateways.of_home(db, Home(service.street.homes[home], home, "x", "Europe/London"), NOW)


def test_the_list_says_how_a_gateway_stands_and_names_what_nobody_knows(
    db: psycopg.Connection, service: Service
) -> None:
    tell_status(db, service.street.homes["Flat 3"])
    (gateway,) = lines(db, service, "Flat 3")
    assert gateway.standing == "Online"
    assert "Software 0.9" in gateway.facts
    assert "Readings waiting to be sent: 3" in gateway.facts
    assert "Settings from here: version 7" in gateway.facts
    named = {sensor.name: (sensor.place, sensor.role, sensor.heard) for sensor in gateway.sensors}
    assert named["hall-pir"] == ("", "", "heard today 10:11")
    assert named["blu-1"] == ("", "", "heard, but not understood")
    assert named["kitchen"] == ("kitchen", "room", "heard today 10:10")
    assert not {"gateway", "tablet", "reminder-3"} & set(named)
    assert gateway.unplaced == 2


def test_a_gateway_that_fell_silent_is_not_called_online(db: psycopg.Connection, service: Service) -> None:
    home = service.street.homes["Flat 3"]
    name = tell_status(db, home)
    db.execute("update gateway set status_at = %s where name = %s", (NOW - timedelta(minutes=16), name))
    assert lines(db, service, "Flat 3")[0].standing == "Not connected"
    tell_status(db, home)
    assert claims.remove(db, home, gateway_id(db, name), NOW)
    assert lines(db, service, "Flat 3")[0].standing == "Not connected", "the broker throws it out without a word"


def save(client: httpx.Client, service: Service, number: int, **said: list[str]) -> httpx.Response:
    token = client.get("/api/1/me").json()["form_token"]
    path = f"/homes/{service.street.homes['Flat 3']}/gateways/{number}/sensors"
    return client.post(path, data={"form_token": token, **said})


def placed(db: psycopg.Connection, name: str) -> list[tuple[str, str]]:
    return db.execute("select place, role from sensor where name = %s order by id", (name,)).fetchall()


def test_a_coordinator_says_where_a_sensor_is_and_moves_it(db: psycopg.Connection, service: Service) -> None:
    name = tell_status(db, service.street.homes["Flat 3"])
    client, number = service.signed_in("Cora Hughes"), gateway_id(db, name)
    said = {"sensor": ["hall-pir", "blu-1"], "place": [" hall ", ""], "role": ["room", ""]}
    assert save(client, service, number, **said).status_code == 303
    assert placed(db, "hall-pir") == [("hall", "room")]
    assert placed(db, "blu-1") == [], "a line left empty says nothing"
    assert save(client, service, number, sensor=["hall-pir"], place=["landing"], role=["room"]).status_code == 303
    assert placed(db, "hall-pir") == [("landing", "room")]


@pytest.mark.parametrize(
    ("place", "role", "word"),
    [
        ("", "room", "Say where it is"),
        ("x" * 41, "room", "at most 40"),
        ("hall", "", "Choose what it is"),
        ("hall", "gateway", "Choose what it is"),
    ],
)
def test_what_was_not_understood_is_said_and_nothing_changes(
    db: psycopg.Connection, service: Service, place: str, role: str, word: str
) -> None:
    name = tell_status(db, service.street.homes["Flat 3"])
    said = {"sensor": ["hall-pir", "blu-1"], "place": [place, "loft"], "role": [role, "room"]}
    answer = save(service.signed_in("Cora Hughes"), service, gateway_id(db, name), **said)
    assert answer.status_code == 400
    assert word in answer.text
    assert 'value="loft"' in answer.text, "what was typed well is still there"
    assert placed(db, "hall-pir") == placed(db, "blu-1") == []


@pytest.mark.parametrize("names", [["gateway"], ["a b"], ["x"] * 201, ["hall-pir", "more than places"]])
def test_a_form_that_is_not_ours_changes_nothing(db: psycopg.Connection, service: Service, names: list[str]) -> None:
    name = tell_status(db, service.street.homes["Flat 3"])
    places = ["hall"] * (1 if len(names) == 2 else len(names))
    answer = save(
        service.signed_in("Cora Hughes"), service, gateway_id(db, name),
        sensor=names, place=places, role=["room"] * len(places),
    )  # fmt: skip
    assert answer.status_code == 400
    assert placed(db, "hall-pir") == []


def test_the_gateway_of_another_home_is_not_reached_by_way_of_mine(db: psycopg.Connection, service: Service) -> None:
    other = gateway_id(db, tell_status(db, service.street.homes["Far Away"]))
    client = service.signed_in("Cora Hughes")
    assert save(client, service, other, sensor=["x"], place=["hall"], role=["room"]).status_code == 404
    token = client.get("/api/1/me").json()["form_token"]
    home = service.street.homes["Flat 3"]
    for leaf in ("code", "remove"):
        answer = client.post(f"/homes/{home}/gateways/{other}/{leaf}", data={"form_token": token})
        assert answer.status_code == 404, leaf
    assert db.execute("select count(*) from claim").fetchone() == (0,)


def test_a_gateway_that_serves_other_homes_tells_nothing_of_them(db: psycopg.Connection, service: Service) -> None:
    homes = service.street.homes
    name = tell_status(db, homes["Flat 3"])
    db.execute(
        "insert into sensor (gateway_id, home_id, name, place, role) values (%s, %s, 'hall-pir', 'their hall', 'room')",
        (gateway_id(db, name), homes["Far Away"]),
    )
    client = service.signed_in("Cora Hughes")
    page = client.get(f"/homes/{homes['Flat 3']}/gateways").text
    assert "their hall" not in page
    assert "hall-pir" not in page
    save(client, service, gateway_id(db, name), sensor=["hall-pir"], place=["mine"], role=["room"])
    assert placed(db, "hall-pir") == [("their hall", "room")]


def test_a_sensor_that_called_for_help_before_anybody_knew_it_can_be_placed(
    db: psycopg.Connection, service: Service
) -> None:
    home = service.street.homes["Flat 3"]
    number = gateway_id(db, tell_status(db, home))
    db.execute(
        "insert into sensor (gateway_id, home_id, name, place, role, found_at)"
        " values (%s, %s, 'pendant', 'unknown sensor', 'button', %s)",
        (number, home, datetime(2026, 11, 19, tzinfo=UTC)),
    )
    assert lines(db, service, "Flat 3")[0].sensors[0].name == "pendant", "what nobody has placed comes first"
    client = service.signed_in("Cora Hughes")
    assert save(client, service, number, sensor=["pendant"], place=["bedside"], role=["button"]).status_code == 303
    found = db.execute("select place, found_at from sensor where name = 'pendant'").fetchone()
    assert found == ("bedside", None)


@WANTED
def test_a_coordinator_adds_a_gateway_and_sees_its_code_once(
    page: Page, service: Service, db: psycopg.Connection
) -> None:
    home = service.street.homes["Flat 3"]
    tell_status(db, home)
    sign_in(page, service, "Cora Hughes")
    page.goto(f"/homes/{home}")
    page.get_by_role("link", name="Gateways and sensors").click()
    assert violations(page) == []
    page.get_by_role("button", name="Add a gateway").click()
    code = page.locator("#code").inner_text()
    assert violations(page) == []
    assert isinstance(claims.redeem(db, code, ADDRESS, NOW), Granted)
    page.get_by_role("link", name="Gateways and sensors").click()
    assert code not in page.content()
    removing = page.get_by_role("group").filter(has_text="Remove the claim")
    removing.get_by_text("Remove the claim").first.click()
    assert violations(page) == []
    removing.get_by_role("button", name="Remove the claim").click()
    assert page.get_by_role("group").filter(has_text="Remove the claim").count() == 0
    page.get_by_role("group", name="hall-pir").get_by_label("Where it is").fill("hall")
    page.get_by_role("button", name="Keep").first.click()
    assert "Choose what it is" in page.get_by_role("alert").inner_text()
    assert violations(page) == []
    page.get_by_role("group", name="hall-pir").get_by_label("What it is").select_option("room")
    page.get_by_role("button", name="Keep").first.click()
    page.get_by_text("1 sensor needs a word from you").wait_for()
    assert placed(db, "hall-pir") == [("hall", "room")]
