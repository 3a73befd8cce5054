"""A coordinator adds a home and its people, and sees what is still to do."""

import os
import subprocess
import sys

import httpx
import psycopg
import pytest
from playwright.sync_api import Page

from api.setting_up import Row, tasks
from tests.api.browser import WANTED, sign_in, violations
from tests.api.conftest import Service

NOTHING = Row(keeps=False, family=0, tells=False, gateways=0, heard=False, sensors=0, walked=False, rules=0)


def test_each_task_is_done_by_what_it_names() -> None:
    assert [task.done for task in tasks(NOTHING)] == [False] * 7
    everything = Row(keeps=True, family=1, tells=True, gateways=1, heard=True, sensors=3, walked=True, rules=2)
    assert [task.done for task in tasks(everything)] == [True] * 7


@WANTED
def test_a_home_is_added_with_its_people_and_the_list_says_what_is_left(page: Page, service: Service) -> None:
    with psycopg.connect(service.database) as db:
        db.execute("drop trigger agreed on home")
    sign_in(page, service, "Cora Hughes")
    page.goto("/homes")
    page.get_by_role("link", name="Add a home").click()
    assert violations(page) == []
    page.get_by_role("button", name="Add the home").click()
    page.get_by_role("alert").get_by_role("link", name="What the home is called is missing").wait_for()
    page.get_by_label("What the home is called").fill("Flat 12")
    page.get_by_label("What the resident is called").fill("Walter")
    page.get_by_role("button", name="Add the home").click()
    page.get_by_role("heading", name="Setting up Walter").wait_for()
    assert page.get_by_text("7 of 7 are still to do.").is_visible()
    assert violations(page) == []
    page.get_by_role("link", name="The people").click()
    page.get_by_label("Name", exact=True).fill("Ivy Cole")
    page.get_by_label("Mobile number", exact=True).fill("07700 900155")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("heading", name="Ivy Cole").wait_for()
    assert page.get_by_text("Is not on the list of who is told.").is_visible()
    assert violations(page) == []
    page.get_by_text("Change the number of Ivy Cole").click()
    page.get_by_label("New mobile number of Ivy Cole").fill("07700 900156")
    page.get_by_role("button", name="Change it").click()
    page.get_by_text("Family, 07700 900156").wait_for()
    page.get_by_role("button", name="Take off Rita Okafor").click()
    page.get_by_role("heading", name="Rita Okafor").wait_for(state="detached")
    page.goto("/homes")
    assert page.get_by_text("Not watched").is_visible()
    with psycopg.connect(service.database) as db:
        rows = db.execute("select name from person join home_person on person_id = id where home_id = 7 order by 1")
        assert [name for (name,) in rows] == ["Cora Hughes", "Dev Patel", "Ivy Cole"]
        told = db.execute("select what from people_change where home_id = 7 order by id").fetchall()
    assert told == [("home_added",), ("person_added",), ("number_changed",), ("person_removed",)]


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"name": "", "phone": "07700 900155", "role": "family"}, "The name is missing"),
        ({"name": "Ivy", "phone": "0121 496 0123", "role": "family"}, "number"),
        ({"name": "Ivy", "phone": "hello", "role": "family"}, "That is not a phone number"),
        ({"name": "Ivy", "phone": "07700 900155", "role": "coordinator"}, "Choose who it is"),
        ({"name": "Ann", "phone": "07700 900101", "role": "family"}, "Ann Field is linked to this home already"),
        ({"name": "Rita", "phone": "07700 900103", "role": "family"}, "has this number already, in another part"),
    ],
)
def test_what_does_not_fit_is_said_and_nobody_is_linked(service: Service, typed: dict[str, str], said: str) -> None:
    cora, path = service.signed_in("Cora Hughes"), f"/homes/{service.street.homes['Rose Cottage']}/people"
    before = people(service)
    answer = cora.post(path, data={"form_token": token(cora), **typed})
    assert answer.status_code == 400
    assert said in answer.text
    assert people(service) == before


def test_who_is_told_is_not_taken_off_and_nobody_takes_themselves_off(service: Service) -> None:
    cora, path = service.signed_in("Cora Hughes"), f"/homes/{service.street.homes['Rose Cottage']}/people"
    ann, own = service.street.people["Ann Field"], service.street.people["Cora Hughes"]
    with psycopg.connect(service.database) as db:
        step = "insert into ladder_step (home_id, step, person_id, after_s) values (%s, 9, %s, 0)"
        db.execute(step, (service.street.homes["Rose Cottage"], ann))
    before = people(service)
    for person, why in ((ann, "on the list of who is told"), (own, "You cannot take yourself off")):
        answer = cora.post(f"{path}/{person}/remove", data={"form_token": token(cora)})
        assert answer.status_code == 409
        assert why in answer.text
    assert people(service) == before


def test_a_number_is_changed_to_nobody_elses_and_never_that_of_the_team(service: Service) -> None:
    cora, path = service.signed_in("Cora Hughes"), f"/homes/{service.street.homes['Rose Cottage']}/people"
    ann, rita = service.street.people["Ann Field"], service.street.people["Rita Okafor"]
    for person, phone, why in (
        (ann, "07700 900103", "Somebody else has this number already"),
        (rita, "07700 900157", "whoever runs the server"),
        (service.street.people["Sam Stranger"], "07700 900157", "not linked to this home"),
    ):
        answer = cora.post(f"{path}/{person}/number", data={"form_token": token(cora), "phone": phone})
        assert answer.status_code == 400
        assert why in answer.text
    signed_in = service.signed_in("Ann Field")
    assert cora.post(f"{path}/{ann}/number", data={"form_token": token(cora), "phone": "07700900158"}).is_redirect
    assert signed_in.get("/homes").is_redirect, "who has the old phone is signed out"


def test_the_first_coordinator_is_added_by_a_command_and_may_see_every_home(service: Service) -> None:
    def add(role: str, phone: str) -> subprocess.CompletedProcess[str]:
        line = [sys.executable, "-m", "api", "--add", role, "Nadia Bell", phone]
        env = os.environ | {"HEARTH_DATABASE_URL": service.database}
        return subprocess.run(line, env=env, capture_output=True, text=True, timeout=60, check=False)

    assert add("coordinator", "07700 900199").returncode == 0
    with psycopg.connect(service.database) as db:
        query = "select count(*) from home_person join person on person.id = person_id where phone = '+447700900199'"
        assert db.execute(query).fetchall() == [(6,)]
    refusals = (("coordinator", "07700 900199", "number already"), ("king", "07700 900198", "the role is"))
    for role, phone, why in refusals:
        refused = add(role, phone)
        assert refused.returncode != 0
        assert why in refused.stderr


def people(service: Service) -> list[tuple[object, ...]]:
    with psycopg.connect(service.database) as db:
        return db.execute("select home_id, person_id, phone from home_person join person on id = person_id").fetchall()


def token(client: httpx.Client) -> str:
    return str(client.get("/api/1/me").json()["form_token"])
