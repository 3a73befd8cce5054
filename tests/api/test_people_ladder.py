"""Who is told of what happens in a home: read by everybody of the home, changed by coordinators only."""

from typing import Any

import httpx
import psycopg
import pytest
from playwright.sync_api import Page

from api.ladder_words import Row, ladders, told_of_nothing
from tests.api.browser import WANTED, sign_in, violations
from tests.api.conftest import Service
from tests.api.street import at


@pytest.fixture
def jack(service: Service) -> int:
    """Flat 3: Ben is told at once, Rita five minutes later."""
    home_id = service.street.homes["Flat 3"]
    with psycopg.connect(service.database) as db:
        for step, name in ((1, "Ben Archer"), (2, "Rita Okafor")):
            db.execute(
                "insert into ladder_step (home_id, step, person_id, after_s) values (%s, %s, %s, %s)",
                (home_id, step, service.street.people[name], 300 * (step - 1)),
            )
    return home_id


def headers(client: httpx.Client) -> dict[str, str]:
    return {"x-form-token": client.get("/api/1/me").json()["form_token"]}


def row(**different: Any) -> Row:
    usual = {
        "id": 1, "own": True, "kind": None, "severity": None, "step": 1, "after_s": 0, "channel": "sms",
        "person_id": 1, "rota_id": None, "team_id": None, "role": None, "endpoint_id": None, "name": "Ben",
        "opted_out": False, "number_refused": False, "no_email": True, "not_linked": False, "people": 1,
    }  # fmt: skip
    return Row(**{**usual, **different})


def test_the_list_for_something_in_particular_holds_instead_of_the_one_for_anything() -> None:
    usual = row(own=False, id=1)
    urgent = row(own=True, id=2, kind="urgent")
    found = ladders([urgent, usual], set())
    assert [(one.own, one.title) for one in found] == [
        (True, "calls for help and doors at night"),
        (False, "anything at all"),
    ]
    assert told_of_nothing([urgent]) == ["missed routines"]
    assert told_of_nothing([urgent, row(kind="welfare", severity="high")]) == [
        "missed routines that cannot wait",
        "missed routines that matter less",
    ]


def test_an_organisation_list_that_a_home_replaces_is_not_shown() -> None:
    found = ladders([row(), row(own=False, id=2)], set())
    assert [one.own for one in found] == [True]


def test_what_would_keep_somebody_from_being_told_is_said() -> None:
    rows = [
        row(id=1, opted_out=True, not_linked=True),
        row(id=2, number_refused=True, channel="voice"),
        row(id=3, channel="email"),
        row(id=4, person_id=None, team_id=1, name="Nights", people=0),
        row(id=5, person_id=None, role="family", name=None, people=0),
        row(id=6, person_id=None, rota_id=7, name="On duty"),
    ]
    (found,) = ladders(rows, {7})
    assert found.warnings == (
        "Ben has stopped our texts and is passed by.",
        "Ben is told, but may not see this home's pages.",
        "The phone number of Ben does not work. Ben is passed by.",
        "We have no e-mail address of Ben.",
        "The team “Nights” has nobody in it.",
        "Nobody here is of the family.",
        "On the rota “On duty” there are times in the next 14 days with nobody on duty.",
    )


def test_each_change_is_kept_with_who_when_before_and_after(service: Service, jack: int) -> None:
    cora = service.signed_in("Cora Hughes")
    token = headers(cora)
    path = f"/api/1/homes/{jack}/ladder"
    dev = f"person:{service.street.people['Dev Patel']}"
    step = {"step": 3, "minutes": 10, "teller": dev, "channel": "voice", "version": 0}
    made = cora.post(path, headers=token, json=step).json()["id"]
    late = cora.post(path, headers=token, json={**step, "step": 4})
    assert (late.status_code, late.json()["detail"].split(".")[0]) == (409, "Somebody changed this list meanwhile")
    assert cora.put(f"{path}/{made}", headers=token, json={**step, "minutes": 15, "version": None}).is_success
    assert cora.delete(f"{path}/{made}", headers=token).status_code == 204
    found = cora.get(path).json()
    assert [one["what"] for one in found["changes"]] == ["took off the list", "changed the list", "added to the list"]
    assert found["changes"][1]["person"] == "Cora Hughes"
    assert found["changes"][1]["before"] == "Step 3 for anything at all: Dev Patel, by telephone, after 10 minutes"
    assert found["changes"][1]["after"] == "Step 3 for anything at all: Dev Patel, by telephone, after 15 minutes"
    assert found["changes"][0]["after"] == ""
    assert [step["minutes"] for step in found["ladders"][0]["steps"]] == [0, 5]


@pytest.mark.parametrize(
    ("wrong", "status"),
    [
        ({"teller": "person:999"}, 400),
        ({"teller": "endpoint:1"}, 400),
        ({"step": 0}, 400),
        ({"minutes": 241}, 400),
        ({"channel": "webhook"}, 400),
        ({"teller": "role:" + "x" * 40}, 400),
        ({"step": 1, "minutes": 0, "teller": "BEN"}, 409),
    ],
)
def test_a_step_that_cannot_be_is_refused(service: Service, jack: int, wrong: dict[str, Any], status: int) -> None:
    cora = service.signed_in("Cora Hughes")
    ben = f"person:{service.street.people['Ben Archer']}"
    step = {"step": 3, "minutes": 10, "teller": ben, "channel": "sms"} | wrong
    step["teller"] = ben if step["teller"] == "BEN" else step["teller"]
    assert cora.post(f"/api/1/homes/{jack}/ladder", headers=headers(cora), json=step).status_code == status


def test_who_is_not_linked_to_the_home_cannot_be_put_on_its_list(service: Service, jack: int) -> None:
    cora = service.signed_in("Cora Hughes")
    sam = {"step": 3, "minutes": 0, "teller": f"person:{service.street.people['Sam Stranger']}"}
    assert cora.post(f"/api/1/homes/{jack}/ladder", headers=headers(cora), json=sam).status_code == 400


def test_all_who_are_told_in_one_step_wait_equally_long(service: Service, jack: int) -> None:
    cora = service.signed_in("Cora Hughes")
    dev = f"person:{service.street.people['Dev Patel']}"
    step = {"step": 2, "minutes": 20, "teller": dev}
    assert cora.post(f"/api/1/homes/{jack}/ladder", headers=headers(cora), json=step).is_success
    (found,) = cora.get(f"/api/1/homes/{jack}/ladder").json()["ladders"]
    assert [(one["minutes"], len(one["told"])) for one in found["steps"]] == [(0, 1), (20, 2)]


def test_the_family_reads_who_is_told_but_not_whose_phone_is_broken(service: Service, jack: int) -> None:
    with psycopg.connect(service.database) as db:
        db.execute("update person set opted_out_at = now() where name = 'Rita Okafor'")
    ben = service.signed_in("Ben Archer")
    page = ben.get(f"/homes/{jack}/ladder").text
    assert "Rita Okafor, by text" in page
    assert "stopped our texts" not in page
    assert "stopped our texts" not in ben.get(f"/api/1/homes/{jack}/ladder").text
    assert "Rita Okafor has stopped our texts" in service.signed_in("Cora Hughes").get(f"/homes/{jack}/ladder").text


@pytest.mark.usefixtures("jack")
def test_the_alert_page_says_who_is_told_next_and_when(service: Service) -> None:
    alert = service.street.alerts["Flat 3"]
    with psycopg.connect(service.database, autocommit=True) as db:
        db.execute("update alert set step = 1, next_step_at = %s where id = %s", (at("10:20"), alert))
        ben = service.signed_in("Ben Archer")
        assert "Rita Okafor is told next, today 10:20, unless somebody takes it first." in _case(ben, alert)
        db.execute("update alert set step = 2 where id = %s", (alert,))
        assert "The list starts again, today 10:20, unless somebody takes it first: then Ben Archer is" in _case(
            ben, alert
        )
        ben.post(f"/api/1/alerts/{alert}/acknowledge", headers=headers(ben))
        assert "told next" not in _case(ben, alert)
        assert "I am there" in _case(ben, alert)


def _case(client: httpx.Client, alert: int) -> str:
    return client.get(f"/alerts/{alert}/case").text


@WANTED
def test_a_coordinator_changes_who_is_told_in_the_browser(page: Page, service: Service, jack: int) -> None:
    with psycopg.connect(service.database) as db:
        db.execute("insert into rota (name) values ('Nights')")
    sign_in(page, service, "Cora Hughes")
    page.goto(f"/homes/{jack}")
    page.get_by_role("link", name="Who is told, in this order").click()
    page.get_by_role("heading", name="Who is told about Jack, in this order").wait_for()
    assert violations(page) == []
    page.get_by_role("button", name="Add somebody to tell").click()
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("alert").get_by_role("link", name="Choose who is told").click()
    assert violations(page) == []
    page.get_by_label("Who is told").select_option("Whoever is on duty: Nights")
    page.get_by_role("button", name="Add it").click()
    page.get_by_text("On the rota “Nights” there are times in the next 14 days with nobody on duty.").wait_for()
    assert violations(page) == []
    page.get_by_role("link", name="Change whoever is on duty on the rota “Nights”, by text, step 3").click()
    assert violations(page) == []
    page.get_by_role("button", name="Take it off the list").click()
    page.get_by_text("Cora Hughes took off the list").wait_for()
