"""Rotas and teams: read by the team, changed by coordinators, with the gaps of the next 14 days."""

import re
from typing import Any

import httpx
import psycopg
import pytest
from playwright.sync_api import Page

from tests.api.browser import WANTED, sign_in, violations
from tests.api.conftest import Service, hidden


@pytest.fixture
def rota(service: Service) -> int:
    """Rita by day, Dev by night but for Sundays; on the list of Flat 3."""
    people = service.street.people
    with psycopg.connect(service.database) as db:
        row = db.execute("insert into rota (name) values ('On duty') returning id").fetchone()
        assert row
        rota_id = int(row[0])
        for person, start, end, days in (("Rita Okafor", "08:00", "20:00", 7), ("Dev Patel", "20:00", "08:00", 6)):
            db.execute(
                "insert into rota_shift select %s, day, %s, %s, %s from generate_series(1, %s) day",
                (rota_id, start, end, people[person], days),
            )
        db.execute(
            "insert into ladder_step (home_id, step, rota_id, after_s) values (%s, 1, %s, 0)",
            (service.street.homes["Flat 3"], rota_id),
        )
    return rota_id


def send(client: httpx.Client, path: str, **typed: Any) -> httpx.Response:
    token = hidden(client.get("/rotas").text, "form_token")
    return client.post(path, data={"form_token": token, **{name: str(value) for name, value in typed.items()}})


def test_gaps_of_the_next_14_days_are_named(service: Service, rota: int) -> None:
    rita = service.signed_in("Rita Okafor")
    gaps = rita.get(f"/api/1/rotas/{rota}").json()["gaps"]
    assert gaps == [
        "Sunday 20:00 to Monday 08:00, 12 hours",
        "Sunday 29 November 20:00 to Monday 30 November 08:00, 12 hours",
    ]
    page = rita.get("/rotas").text
    assert "Nobody is on duty on “On duty”: Sunday 20:00 to Monday 08:00, 12 hours." in page
    assert "On duty now: Rita Okafor" in page
    assert "Add the rota" not in page


def test_a_coordinator_fills_a_gap_and_each_change_is_kept(service: Service, rota: int) -> None:
    cora = service.signed_in("Cora Hughes")
    dev = service.street.people["Dev Patel"]
    path = f"/rotas/{rota}"
    shift = {"weekday": 7, "start": "20:00", "end": "8:00", "who": dev}
    assert send(cora, f"{path}/shifts", **shift).status_code == 303
    assert cora.get(f"/api/1{path}").json()["gaps"] == []
    assert send(cora, f"{path}/shifts", **shift).status_code == 400, "there is one already"
    assert send(cora, f"{path}/shifts", **{**shift, "end": ""}, do="removed").status_code == 303
    absent = {"from_day": "23/11/2026", "from_time": "9:00", "until_day": "2026-11-23", "until_time": "12.00"}
    assert send(cora, f"{path}/overrides", **absent, stand_in="nobody").status_code == 303
    assert "Monday 09:00 to Monday 12:00, 3 hours" in cora.get(f"/api/1{path}").json()["gaps"]
    page = cora.get(path).text
    assert "Sundays 20:00 to 08:00: Dev Patel" in page
    override = re.findall(r'name="one" value="(\d+)"', page)
    assert send(cora, f"{path}/overrides/remove", one=override[0]).status_code == 303
    assert len(cora.get(f"/api/1{path}").json()["gaps"]) == 2
    with psycopg.connect(service.database) as db:
        kept = db.execute("select what from people_change where rota_id = %s order by id", (rota,)).fetchall()
    assert [what for (what,) in kept] == ["shift_added", "shift_removed", "override_added", "override_removed"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"weekday": "8"},
        {"start": "25:00"},
        {"end": ""},
        {"who": ""},
        {"who": "99999"},
        {"who": "9" * 30},
    ],
)
def test_a_shift_that_cannot_be_is_refused(service: Service, rota: int, wrong: dict[str, str]) -> None:
    cora = service.signed_in("Cora Hughes")
    shift = {"weekday": 1, "start": "08:00", "end": "20:00", "who": service.street.people["Dev Patel"]}
    assert send(cora, f"/rotas/{rota}/shifts", **{**shift, **wrong}).status_code == 400


def test_family_cannot_be_put_on_duty_nor_into_a_team(service: Service, rota: int) -> None:
    cora = service.signed_in("Cora Hughes")
    ben = service.street.people["Ben Archer"]
    shift = {"weekday": 1, "start": "09:00", "end": "20:00", "who": ben}
    assert send(cora, f"/rotas/{rota}/shifts", **shift).status_code == 400
    assert send(cora, "/teams", name="Nights").status_code == 303
    with psycopg.connect(service.database) as db:
        team = db.execute("select id from team").fetchone()
    assert team
    assert send(cora, "/teams/members", team=team[0], who=ben).status_code == 400
    assert send(cora, "/teams/members", team=team[0], who=service.street.people["Dev Patel"]).status_code == 303
    assert send(cora, "/teams", name="Nights").status_code == 400


@WANTED
def test_a_rota_in_the_browser(page: Page, service: Service, rota: int) -> None:
    sign_in(page, service, "Cora Hughes")
    page.get_by_role("link", name="Rotas").click()
    assert violations(page) == []
    page.get_by_label("New team").fill("Nights")
    page.get_by_role("button", name="Add the team").click()
    page.get_by_label("Add to Nights").select_option("Dev Patel")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("button", name="Take out Dev Patel of Nights").wait_for()
    assert violations(page) == []
    page.goto(f"/rotas/{rota}")
    page.get_by_text("Nobody is on duty: Sunday 20:00 to Monday 08:00, 12 hours.").wait_for()
    assert violations(page) == []
    page.get_by_role("button", name="Add the shift").click()
    page.get_by_role("alert").get_by_text("Choose a day of the week").wait_for()
    assert violations(page) == []
    page.get_by_label("Day", exact=True).select_option("Sunday")
    page.get_by_label("From", exact=True).fill("20:00")
    page.get_by_label("Until", exact=True).fill("08:00")
    page.get_by_label("Who", exact=True).select_option("Dev Patel")
    page.get_by_role("button", name="Add the shift").click()
    page.get_by_text("Somebody is on duty all the time.").wait_for()
    assert page.get_by_text("Cora Hughes added a shift").is_visible()
