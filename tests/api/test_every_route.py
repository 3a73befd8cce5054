"""No route without a check, and no stranger who learns a name."""

import re
from collections.abc import Iterator

import httpx
import psycopg
import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from psycopg_pool import ConnectionPool
from pydantic import SecretStr
from starlette.routing import BaseRoute, Mount

from api import access
from api.app import create_app
from api.look_words import WORDS
from api.settings import ApiSettings
from tests.api.conftest import Service, hidden
from tests.api.street import NAMES

READS = {"GET", "HEAD"}
FORM = {"outcome": "all_well", "kind": "away", "on": "false", "minutes": "30", "occupants": "2"}
"""What any form may want."""
JSON = {"outcome": "all_well", "kind": "away", "until": None, "accept": [{"name": "unseen", "mark": "x"}]}


def routes() -> list[BaseRoute]:
    """Every route of the real application, which needs no database to be built."""
    settings = ApiSettings(database_url=SecretStr("postgresql://nowhere"), twilio_token=SecretStr("x"))
    pool = ConnectionPool("postgresql://nowhere", open=False, min_size=1)
    return list(flat(create_app(settings, pool).routes))


def flat(found: list[BaseRoute]) -> Iterator[BaseRoute]:
    """Routes, also those kept inside an included router."""
    for route in found:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from flat(inner.routes)
        else:
            yield route


def checks(dependant: Dependant) -> set[object]:
    return {dependant.call}.union(*(checks(each) for each in dependant.dependencies))


def methods_of(route: APIRoute) -> set[str]:
    return route.methods or set()


def path_of(route: BaseRoute) -> str:
    return str(getattr(route, "path", "?"))


def test_there_are_routes_of_every_sort() -> None:
    found = {path_of(route) for route in routes()}
    assert {"/sign-in", "/homes/{home_id}", "/live", "/static", "/twilio/status", "/api/1/alerts/{alert_id}"} <= found


def test_every_look_at_a_home_is_written_down_in_plain_words() -> None:
    looked = {access.may_see_home, access.may_see_alert}
    names = {route.name for route in routes() if isinstance(route, APIRoute) and checks(route.dependant) & looked}
    assert "show_home" in names
    assert names - set(WORDS) == set()


@pytest.mark.parametrize("route", routes(), ids=path_of)
def test_every_route_says_who_may_use_it(route: BaseRoute) -> None:
    if path_of(route) in access.PUBLIC:
        return
    assert isinstance(route, APIRoute), f"{path_of(route)} is neither checked nor public"
    used = checks(route.dependant)
    assert used & set(access.CHECKS), f"{path_of(route)} checks nobody"
    if "{home_id}" in route.path:
        assert access.may_see_home in used
    if "{alert_id}" in route.path:
        assert access.may_see_alert in used
    if not methods_of(route) <= READS:
        assert used & set(access.GUARDS), f"{path_of(route)} would take a form of another site"


def test_public_lists_no_route_that_is_gone() -> None:
    assert set(access.PUBLIC) <= {path_of(route) for route in routes()}


def questions(service: Service) -> Iterator[tuple[str, str]]:
    """(method, path) of every protected route, about a home and an alert of somebody else."""
    ids = {
        "home_id": service.street.homes["Flat 3"],
        "alert_id": service.street.alerts["Flat 3"],
        "rule_id": service.street.rules["Flat 3"],
        "kind": "unseen",
        "gateway_id": service.street.homes["Flat 3"],
        "step_id": 1,
        "rota_id": 1,
        "person_id": 1,
        "reminder_id": 1,
        "visitor_id": 1,
    }
    for route in routes():
        if path_of(route) in access.PUBLIC or isinstance(route, Mount):
            continue
        assert isinstance(route, APIRoute)
        for method in methods_of(route):
            yield method, route.path.format(**ids)


def ask(client: httpx.Client, method: str, path: str, form_token: str = "") -> httpx.Response:
    headers = {"x-form-token": form_token}
    if method == "GET":
        return client.get(path, headers=headers)
    if path.startswith("/api/"):
        return client.request(method, path, headers=headers, json=JSON)
    return client.request(method, path, headers=headers, data={"form_token": form_token, **FORM})


def test_nobody_learns_anything_without_signing_in(service: Service) -> None:
    client = service.client()
    for method, path in questions(service):
        answer = ask(client, method, path)
        assert answer.status_code in (303, 401, 403), (method, path, answer.status_code)
        assert not names_in(answer.text), (method, path)


def test_a_person_who_is_not_linked_learns_no_name(service: Service) -> None:
    client = service.signed_in("Sam Stranger")
    token = client.get("/api/1/me").json()["form_token"]
    for method, path in questions(service):
        if path == "/live":
            continue  # a stream; tests/api/test_live.py shows what it tells to whom
        if path == "/sign-out":
            continue
        answer = ask(client, method, path, token)
        named = bool(re.search(r"/(homes|alerts)/\d", path)) or path.startswith("/queue")
        if named:
            assert answer.status_code in (403, 404), (method, path, answer.status_code)
        assert not names_in(answer.text) - {"Zebedee", "Far Away"}, (method, path)


def test_one_of_the_team_sees_only_linked_homes(service: Service) -> None:
    client = service.signed_in("Rita Okafor")
    assert client.get(f"/homes/{service.street.homes['Far Away']}").status_code == 404
    assert "Zebedee" not in client.get("/homes").text


def test_a_form_of_another_site_changes_nothing(service: Service) -> None:
    client = service.signed_in("Rita Okafor")
    alert = service.street.alerts["Flat 3"]
    page = client.get(f"/alerts/{alert}").text
    token = hidden(page, "form_token")
    assert client.post(f"/alerts/{alert}/take").status_code == 403
    assert client.post(f"/alerts/{alert}/take", data={"form_token": "f" * 64}).status_code == 403
    elsewhere = {"sec-fetch-site": "cross-site"}
    assert client.post(f"/alerts/{alert}/take", data={"form_token": token}, headers=elsewhere).status_code == 403
    assert "Nobody has it yet" in client.get(f"/alerts/{alert}").text


def names_in(text: str) -> set[str]:
    return {name for pair in NAMES.items() for name in pair if name in text}


def changing(service: Service) -> Iterator[tuple[str, str]]:
    """(method, path) of everything that only a coordinator may do, about a home that Ben and Rita may see."""
    ids = {"home_id": service.street.homes["Flat 3"], "rule_id": service.street.rules["Flat 3"], "kind": "unseen"}
    ids |= {"gateway_id": 1, "step_id": 1, "rota_id": 1, "person_id": 1}
    for route in routes():
        if isinstance(route, APIRoute) and access.coordinator in checks(route.dependant):
            for method in methods_of(route):
                yield method, route.path.format(**ids)


@pytest.mark.parametrize("name", ["Ben Archer", "Rita Okafor"])
def test_who_is_no_coordinator_changes_no_routine(service: Service, name: str) -> None:
    client = service.signed_in(name)
    token = client.get("/api/1/me").json()["form_token"]
    asked = list(changing(service))
    assert {"POST", "PUT", "DELETE", "GET"} <= {method for method, _ in asked}
    for method, path in asked:
        assert ask(client, method, path, token).status_code == 404, (method, path)
    with psycopg.connect(service.database) as db:
        row = db.execute(
            "select count(*), (select sum(version) from rule where enabled) from routine_change"
        ).fetchone()
    assert row == (0, 4 * len(NAMES))
