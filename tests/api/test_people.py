"""Handing over for a time, and your own details."""

from datetime import timedelta

import httpx
import psycopg
import pytest
from playwright.sync_api import Page

from tests.api.browser import WANTED, sign_in, violations
from tests.api.conftest import Service
from tests.api.street import NOW


def headers(client: httpx.Client) -> dict[str, str]:
    return {"x-form-token": client.get("/api/1/me").json()["form_token"]}


def test_the_family_hands_over_and_takes_back(service: Service) -> None:
    ben, rita = service.signed_in("Ben Archer"), service.signed_in("Rita Okafor")
    token = headers(ben)
    wanted = {"to_person_id": service.street.people["Rita Okafor"], "until": (NOW + timedelta(days=2)).isoformat()}
    answer = ben.put("/api/1/hand-over", headers=token, json=wanted)
    assert [one["words"] for one in answer.json()] == ["Rita Okafor stands in for you until Sunday 10:12"]
    assert "Rita Okafor stands in for you until Sunday 10:12" in ben.get("/homes").text
    assert "You stand in for Ben Archer until Sunday 10:12" in rita.get("/homes").text
    with psycopg.connect(service.database) as db:
        told = db.execute(
            "select person.name from message join person on person.id = person_id where purpose = 'hand_over'"
        )
        assert told.fetchall() == [("Rita Okafor",)]
    assert ben.delete("/api/1/hand-over", headers=token).status_code == 204
    assert "stands in" not in ben.get("/homes").text


@pytest.mark.parametrize("name", ["Ben Archer", "Sam Stranger", "Ann Field"])
def test_only_somebody_of_the_same_homes_can_stand_in(service: Service, name: str) -> None:
    ben = service.signed_in("Ben Archer")
    wanted = {"to_person_id": service.street.people[name], "until": (NOW + timedelta(days=2)).isoformat()}
    answer = ben.put("/api/1/hand-over", headers=headers(ben), json=wanted)
    assert (answer.status_code, answer.json()["detail"]) == (400, "Choose who stands in for you")


@pytest.mark.parametrize(("hours", "why"), [(-1, "The end must still lie ahead"), (24 * 61, "within 60 days")])
def test_a_hand_over_ends_in_sensible_time(service: Service, hours: int, why: str) -> None:
    ben = service.signed_in("Ben Archer")
    wanted = {"to_person_id": service.street.people["Dev Patel"], "until": (NOW + timedelta(hours=hours)).isoformat()}
    answer = ben.put("/api/1/hand-over", headers=headers(ben), json=wanted)
    assert answer.status_code == 400
    assert why in answer.json()["detail"]


def test_the_team_hands_over_within_the_team_only(service: Service) -> None:
    rita = service.signed_in("Rita Okafor")
    page = rita.get("/hand-over").text
    assert "Dev Patel" in page
    assert "Ann Field" not in page


def test_your_details_are_kept_and_what_is_wrong_is_said(service: Service) -> None:
    ben = service.signed_in("Ben Archer")
    token = headers(ben)
    own = {
        "email": "ben@example.org", "quiet_from": "22:00", "quiet_until": "7:30", "good_news": "daily",
        "deputy": str(service.street.people["Rita Okafor"]),
    }  # fmt: skip
    assert ben.put("/api/1/you", headers=token, json=own).json() == own | {"quiet_until": "07:30"}
    for wrong in (
        {"email": "ben"},
        {"email": "a@b.c\nBcc: x@y.z"},
        {"quiet_from": "22:00", "quiet_until": ""},
        {"quiet_from": "22:00", "quiet_until": "22:00"},
        {"quiet_from": "late"},
        {"deputy": str(service.street.people["Sam Stranger"])},
    ):
        assert ben.put("/api/1/you", headers=token, json=own | wrong).status_code == 400, wrong
    assert ben.get("/api/1/you").json()["email"] == "ben@example.org"
    assert ben.put("/api/1/you", headers=token, json={}).json()["good_news"] == ""


def test_a_wrong_code_proves_nothing_and_spends_a_try(service: Service) -> None:
    ben = service.signed_in("Ben Archer")
    with psycopg.connect(service.database, autocommit=True) as db:
        db.execute("update person set verified_at = null where name = 'Ben Archer'")
        token = headers(ben)["x-form-token"]
        assert ben.post("/you/code", data={"form_token": token}).status_code == 303
        assert ben.post("/you/verify", data={"form_token": token, "code": "x"}).status_code == 400
        assert db.execute("select tries_left from verify_code").fetchone() == (4,)
        row = db.execute("select substring(body from '[0-9]{6}') from message where purpose = 'verify'").fetchone()
        assert row
        assert ben.post("/you/verify", data={"form_token": token, "code": row[0]}).status_code == 303
    assert "proved to be yours" in ben.get("/you?kept=proved").text
    assert "not yet proved" not in ben.get("/you").text


@WANTED
def test_somebody_hands_over_and_sets_details_in_the_browser(page: Page, service: Service) -> None:
    sign_in(page, service, "Ben Archer")
    page.get_by_role("link", name="You", exact=True).click()
    assert violations(page) == []
    page.get_by_label("E-mail").fill("nonsense")
    page.get_by_label("Once a day").check()
    page.get_by_role("button", name="Keep it").click()
    page.get_by_role("alert").get_by_text("The e-mail address must be one like").wait_for()
    assert violations(page) == []
    page.get_by_label("E-mail").fill("ben@example.org")
    page.get_by_role("button", name="Keep it").click()
    page.get_by_text("Your details are kept.").wait_for()
    page.get_by_role("link", name="Hand over to somebody for a time").click()
    page.get_by_role("button", name="Hand over", exact=True).click()
    page.get_by_role("alert").get_by_text("The last day must be a real date").wait_for()
    assert violations(page) == []
    page.get_by_label("Rita Okafor").check()
    for label, value in (("Day", "22"), ("Month", "11"), ("Year", "2026")):
        page.get_by_label(label, exact=True).fill(value)
    page.get_by_role("button", name="Hand over", exact=True).click()
    page.get_by_text("Rita Okafor stands in for you until Sunday 20:00.").wait_for()
    assert violations(page) == []
    page.get_by_role("link", name="Homes").click()
    page.get_by_text("Rita Okafor stands in for you until Sunday 20:00.").wait_for()
    assert violations(page) == []
    page.get_by_role("link", name="Take it back, or change it").click()
    page.get_by_role("button", name="Take it back now").click()
    page.get_by_role("button", name="Take it back now").wait_for(state="hidden")
