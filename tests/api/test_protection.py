"""Headers, cookies and limits, on the running service."""

import re

import httpx
import pytest
from pydantic import SecretStr, ValidationError

from api.settings import ApiSettings
from tests.api.conftest import Service


def test_every_page_forbids_foreign_and_inline_scripts_and_is_not_kept(service: Service) -> None:
    answer = service.signed_in("Ann Field").get(f"/homes/{service.street.homes['Rose Cottage']}")
    policy = answer.headers["content-security-policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert not re.search(r"<script(?![^>]*\bsrc=)", answer.text)
    assert "style=" not in answer.text


def test_static_files_are_kept_for_long(service: Service) -> None:
    page = service.client().get("/sign-in").text
    addresses = re.findall(r'(?:href|src)="(/static/[^"]+)"', page)
    assert len(addresses) >= 5
    for address in addresses:
        answer = service.client().get(address)
        assert answer.status_code == 200, address
        assert "immutable" in answer.headers["cache-control"]


@pytest.mark.parametrize("path", ["/sign-in", "/twilio/inbound", "/api/1/alerts/1/close"])
def test_a_large_body_is_refused_unread(service: Service, path: str) -> None:
    assert service.client().post(path, content=b"x" * 70_000).status_code == 413


def test_a_large_body_that_does_not_say_its_length_is_refused_too(service: Service) -> None:
    pieces = (b"x" * 10_000 for _ in range(10))
    assert service.client().post("/sign-in", content=pieces).status_code == 413


def test_the_session_cookie_is_not_for_scripts_nor_for_other_sites(service: Service) -> None:
    client = service.client()
    sent: list[str] = []
    client.event_hooks["response"].append(lambda answer: sent.extend(answer.headers.get_list("set-cookie")))
    client.get("/sign-in")
    assert all("HttpOnly" in cookie and "samesite=lax" in cookie.lower() for cookie in sent)


def test_a_public_address_must_be_https_unless_it_is_this_machine() -> None:
    assert under("https://care.example.org/").secure
    assert not under("http://127.0.0.1:8000").secure
    with pytest.raises(ValidationError, match="https"):
        under("http://care.example.org")


def under(public_url: str) -> ApiSettings:
    return ApiSettings(database_url=SecretStr("x"), twilio_token=SecretStr("y"), public_url=public_url)


def test_health_says_only_that_it_works(service: Service) -> None:
    assert service.client().get("/health").json() == {"ok": True}


def test_an_unknown_page_is_calm(service: Service) -> None:
    answer: httpx.Response = service.client().get("/nowhere")
    assert answer.status_code == 404
    assert "Page not found" in answer.text
