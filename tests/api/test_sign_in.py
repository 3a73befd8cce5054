"""Signing in by a code in a text."""

import psycopg
import pytest

from api.signing_in import TRIES, normal_phone
from tests.api.conftest import Service, hidden
from tests.api.street import PHONES

ANN = PHONES["Ann Field"]
UNKNOWN = "07700 900999"


@pytest.mark.parametrize(
    "typed",
    ["07700900101", "07700 900 101", "+44 7700 900101", "0044 7700 900101", "(07700) 900-101", "+44 (0)7700 900101"],
)
def test_a_phone_number_may_be_typed_in_any_british_way(typed: str) -> None:
    assert normal_phone(typed) == ANN


@pytest.mark.parametrize("typed", ["", "Ann", "12", "0" * 60])
def test_what_is_no_phone_number_is_refused(typed: str) -> None:
    assert normal_phone(typed) is None


def ask_for_code(service: Service, phone: str) -> tuple[int, str]:
    client = service.client()
    visit = hidden(client.get("/sign-in").text, "visit")
    answer = client.post("/sign-in", data={"phone": phone, "visit": visit})
    return answer.status_code, answer.text.replace(visit, "")


def waiting(service: Service) -> int:
    with psycopg.connect(service.database) as db:
        row = db.execute("select count(*) from message where purpose = 'sign_in'").fetchone()
    assert row
    return int(row[0])


def test_the_answer_does_not_say_whether_a_phone_is_known(service: Service) -> None:
    status, page = ask_for_code(service, "07700 900101")
    other_status, other_page = ask_for_code(service, UNKNOWN)
    assert (status, page.replace(ANN, "")) == (other_status, other_page.replace("+447700900999", ""))
    assert waiting(service) == 1


def test_a_phone_gets_only_so_many_codes_an_hour(service: Service) -> None:
    answers = {ask_for_code(service, ANN)[0] for _ in range(7)}
    assert answers == {200}
    assert waiting(service) == 5


def test_a_code_dies_after_five_wrong_tries(service: Service) -> None:
    client = service.client()
    visit = hidden(client.get("/sign-in").text, "visit")
    client.post("/sign-in", data={"phone": ANN, "visit": visit})
    right = service.code_for("Ann Field")
    wrong = "000000" if right != "000000" else "111111"
    for _ in range(TRIES):
        answer = client.post("/sign-in/code", data={"phone": ANN, "code": wrong, "visit": visit})
        assert answer.status_code == 400
    answer = client.post("/sign-in/code", data={"phone": ANN, "code": right, "visit": visit})
    assert answer.status_code == 400
    assert "hearthlight" not in client.cookies


def test_a_code_works_once_and_may_be_typed_with_spaces(service: Service) -> None:
    client = service.client()
    visit = hidden(client.get("/sign-in").text, "visit")
    client.post("/sign-in", data={"phone": ANN, "visit": visit})
    code = service.code_for("Ann Field")
    values = {"phone": ANN, "code": f"{code[:3]} {code[3:]}", "visit": visit}
    assert client.post("/sign-in/code", data=values).status_code == 303
    again = service.client()
    values["visit"] = hidden(again.get("/sign-in").text, "visit")
    assert again.post("/sign-in/code", data=values).status_code == 400


def test_a_code_too_old_is_refused(service: Service) -> None:
    client = service.client()
    visit = hidden(client.get("/sign-in").text, "visit")
    client.post("/sign-in", data={"phone": ANN, "visit": visit})
    with psycopg.connect(service.database) as db:
        db.execute("update sign_in_code set expires_at = expires_at - interval '11 minutes'")
    values = {"phone": ANN, "code": service.code_for("Ann Field"), "visit": visit}
    assert client.post("/sign-in/code", data=values).status_code == 400


def test_nobody_is_signed_in_by_a_form_shown_to_another_browser(service: Service) -> None:
    visit = hidden(service.client().get("/sign-in").text, "visit")
    victim = service.client()
    assert victim.post("/sign-in", data={"phone": ANN, "visit": visit}).status_code == 403
    assert waiting(service) == 0


def test_the_database_holds_neither_the_code_nor_the_token(service: Service) -> None:
    client = service.signed_in("Ann Field")
    token = client.cookies["hearthlight"].encode()
    with psycopg.connect(service.database) as db:
        rows = db.execute("select token_hash from session").fetchall()
    assert len(rows) == 1
    assert token not in rows[0][0]


def test_signing_out_ends_the_session_for_good(service: Service) -> None:
    client = service.signed_in("Ann Field")
    cookie = client.cookies["hearthlight"]
    form_token = client.get("/api/1/me").json()["form_token"]
    assert client.post("/sign-out", data={"form_token": form_token}).status_code == 303
    client.cookies.set("hearthlight", cookie)
    assert client.get("/homes").headers["location"] == "/sign-in"


def test_people_land_where_they_belong(service: Service) -> None:
    street = service.street
    assert service.signed_in("Ann Field").get("/").headers["location"] == f"/homes/{street.homes['Rose Cottage']}"
    assert service.signed_in("Ben Archer").get("/").headers["location"] == "/homes"
    assert service.signed_in("Rita Okafor").get("/").headers["location"] == "/queue"


def test_a_session_ends_when_it_is_not_used(service: Service) -> None:
    client = service.signed_in("Rita Okafor")
    assert client.get("/queue").status_code == 200
    with psycopg.connect(service.database) as db:
        db.execute("update session set expires_at = expires_at - interval '13 hours'")
    assert client.get("/queue").headers["location"] == "/sign-in"
