"""What was agreed to: written down and withdrawn by a coordinator, plain to everybody while it is not there."""

import psycopg
import pytest
from playwright.sync_api import Page

from tests.api.browser import WANTED, sign_in, violations
from tests.api.conftest import Service


def test_families_and_responders_cannot_change_what_was_agreed(service: Service) -> None:
    path = f"/homes/{service.street.homes['Rose Cottage']}/consent"
    assert service.signed_in("Ann Field").get(path).status_code == 404
    rita = service.signed_in("Rita Okafor")
    assert "The resident agreed" in rita.get(path).text
    assert "Withdraw" not in rita.get(path).text
    token = rita.get("/api/1/me").json()["form_token"]
    answer = rita.post(f"{path}/withdraw", data={"form_token": token, "by": "Peter"})
    assert answer.status_code in (403, 404)
    assert "In force" in rita.get(path).text


def test_a_home_without_consent_is_not_watched_and_everybody_sees_it(service: Service) -> None:
    with psycopg.connect(service.database) as db:
        db.execute(
            "update consent set withdrawn_at = now(), withdrawn_by = 'Peter' where home_id = %s", (rose(service),)
        )
    ann = service.signed_in("Ann Field")
    assert "Nothing is kept or watched at Peter" in ann.get(f"/homes/{rose(service)}").text
    home = ann.get(f"/api/1/homes/{rose(service)}").json()
    assert home["standing"] == "not_kept"
    assert "Not watched" in ann.get("/homes").text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"by": "Peter"}, "Choose what was agreed"),
        ({"basis": "from_before", "by": "Peter"}, "Choose what was agreed"),
        ({"basis": "consent", "by": "  "}, "Say who agreed or decided"),
        ({"basis": "consent", "by": "x" * 121}, "in at most 120 characters"),
        ({"basis": "consent", "by": "Peter", "given-day": "1", "given-month": "1", "given-year": "2027"}, "lie ahead"),
        ({"basis": "consent", "by": "Peter", "given-day": "31", "given-month": "2", "given-year": "2026"}, "real date"),
    ],
)
def test_what_is_missing_is_said_and_nothing_is_changed(service: Service, typed: dict[str, str], said: str) -> None:
    cora = service.signed_in("Cora Hughes")
    token = cora.get("/api/1/me").json()["form_token"]
    path = f"/homes/{rose(service)}/consent"
    answer = cora.post(path, data={"form_token": token, **typed})
    assert answer.status_code == 400
    assert said in answer.text
    with psycopg.connect(service.database) as db:
        assert db.execute("select count(*) from consent where home_id = %s", (rose(service),)).fetchall() == [(1,)]


@WANTED
def test_a_coordinator_withdraws_and_writes_down_anew(page: Page, service: Service) -> None:
    sign_in(page, service, "Cora Hughes")
    page.goto(f"/homes/{rose(service)}")
    page.get_by_role("link", name="What was agreed to").click()
    assert violations(page) == []
    page.get_by_text("Withdraw it").first.click()
    page.get_by_label("Who withdraws it?").fill("Peter himself, by telephone")
    page.get_by_role("button", name="Withdraw it").click()
    page.get_by_text("Nothing is in force.").wait_for()
    assert page.get_by_text("by Peter himself, by telephone").is_visible()
    page.get_by_role("button", name="Write it down").click()
    page.get_by_role("alert").get_by_role("link", name="Choose what was agreed").wait_for()
    assert violations(page) == []
    page.get_by_label("It was decided in the best interests of the resident").check()
    page.get_by_label("Who agreed or decided?").fill("Ann Field, attorney for health and welfare")
    page.get_by_role("button", name="Write it down").click()
    page.get_by_text("By Ann Field, attorney for health and welfare").wait_for()
    assert page.get_by_text("In force").count() == 1
    assert violations(page) == []


def rose(service: Service) -> int:
    return service.street.homes["Rose Cottage"]
