"""Promises of the simulated phone company: as Twilio behaves, and as badly as is wished."""

import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from simulators.phone.company import Account, Company
from simulators.phone.main import PhoneSettings, account
from tests.alerts.telling import ACCOUNT, ANNA, BEN, OURS, TOKEN, PhoneServer, start_company
from tests.waiting import until

MESSAGES = f"/2010-04-01/Accounts/{ACCOUNT}/Messages"


@pytest.fixture
def phone() -> Iterator[PhoneServer]:
    server = start_company()
    yield server
    server.stop()


@pytest.fixture
def http(phone: PhoneServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=phone.url, auth=(ACCOUNT, TOKEN.get_secret_value()), timeout=5) as client:
        yield client


def text(to: str = ANNA, body: str = "Reply K7 1 if you have it.", **more: str) -> dict[str, str]:
    return {"To": to, "From": OURS, "Body": body, **more}


def send(http: httpx.Client, **how: str) -> dict[str, Any]:
    answer = http.post(f"{MESSAGES}.json", data=text(**how))
    assert answer.status_code == 201
    found: dict[str, Any] = answer.json()
    return found


def test_a_text_has_twilios_shape(http: httpx.Client) -> None:
    made = send(http)
    assert made["sid"].startswith("SM")
    assert len(made["sid"]) == 34
    assert (made["status"], made["num_segments"], made["num_media"]) == ("queued", "1", "0")
    assert (made["price"], made["error_code"], made["date_sent"]) == (None, None, None)
    assert (made["from"], made["to"], made["direction"]) == (OURS, ANNA, "outbound-api")
    datetime.strptime(made["date_created"], "%a, %d %b %Y %H:%M:%S %z")
    assert made["uri"] == f"{MESSAGES}/{made['sid']}.json"


def test_a_repeated_request_is_a_second_text(http: httpx.Client, phone: PhoneServer) -> None:
    assert send(http)["sid"] != send(http)["sid"]
    assert len(phone.bodies(ANNA)) == 2


def test_a_text_lives_until_it_is_delivered(http: httpx.Client) -> None:
    made = send(http)
    shown = until(lambda: _when(http, made["sid"], "delivered"))
    assert shown["date_sent"] is not None


def _when(http: httpx.Client, sid: str, status: str) -> dict[str, Any] | None:
    shown: dict[str, Any] = http.get(f"{MESSAGES}/{sid}.json").json()
    return shown if shown["status"] == status else None


@pytest.mark.parametrize(
    ("form", "code"),
    [
        (text(to=""), 21604),
        (text(to="12345"), 21211),
        (text(body=""), 21602),
        (text(body="x" * 1601), 21617),
        ({**text(), "From": "+447700900777"}, 21606),
    ],
)
def test_what_twilio_refuses_is_refused_with_its_code(http: httpx.Client, form: dict[str, str], code: int) -> None:
    answer = http.post(f"{MESSAGES}.json", data=form)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_nobody_gets_in_without_the_account(http: httpx.Client) -> None:
    for auth in (None, ("AC", "x"), (ACCOUNT, "wrong")):
        answer = httpx.post(f"{http.base_url}{MESSAGES}.json", data=text(), auth=auth)
        assert (answer.status_code, answer.json()["code"]) == (401, 20003)
    assert http.get("/2010-04-01/Accounts/AC9/Messages.json").status_code == 401


def test_the_list_is_newest_first_filtered_and_paged(http: httpx.Client) -> None:
    sids = [send(http, body=f"{number}")["sid"] for number in range(5)]
    send(http, to=BEN)
    yesterday, tomorrow = (datetime.now(UTC) + timedelta(days=days) for days in (-1, 1))  # noqa: TID251 - real time
    seen: list[str] = []
    query: dict[str, Any] = {"To": ANNA, "DateSent>": yesterday.strftime("%Y-%m-%dT%H:%M:%SZ"), "PageSize": 2}
    page = http.get(f"{MESSAGES}.json", params=query).json()
    while True:
        seen += [one["sid"] for one in page["messages"]]
        if page["next_page_uri"] is None:
            break
        page = http.get(page["next_page_uri"]).json()
    assert seen == sids[::-1]
    query["DateSent>"] = tomorrow.strftime("%Y-%m-%d")
    assert http.get(f"{MESSAGES}.json", params=query).json()["messages"] == []


def test_twilios_own_client_gets_along_with_it(phone: PhoneServer) -> None:
    class Here(TwilioHttpClient):
        def request(self, method: str, uri: str, *args: Any, **kwargs: Any) -> Any:  # type: ignore[override]
            return super().request(method, uri.replace("https://api.twilio.com", phone.url), *args, **kwargs)

    client = Client(ACCOUNT, TOKEN.get_secret_value(), http_client=Here(timeout=5))  # type: ignore[no-untyped-call]
    made = client.messages.create(to=ANNA, from_=OURS, body="Hello")
    assert made.sid
    assert client.messages(made.sid).fetch().body == "Hello"
    assert [one.sid for one in client.messages.list(to=ANNA, page_size=1)] == [made.sid]
    with pytest.raises(TwilioRestException) as refused:
        client.messages.create(to="12", from_=OURS, body="Hello")
    assert refused.value.code == 21211


def test_only_what_has_not_left_can_be_cancelled(http: httpx.Client, phone: PhoneServer) -> None:
    phone.wish(fate="stuck", times=1)
    waiting, gone = send(http), send(http)
    until(lambda: _when(http, gone["sid"], "delivered"))
    wish = {"Status": "canceled"}
    assert http.post(f"{MESSAGES}/{waiting['sid']}.json", data=wish).json()["status"] == "canceled"
    assert http.post(f"{MESSAGES}/{gone['sid']}.json", data=wish).status_code == 400
    assert http.post(f"{MESSAGES}/SM0.json", data=wish).status_code == 404


def test_stop_is_answered_and_refuses_further_texts(http: httpx.Client, phone: PhoneServer) -> None:
    phone.company.incoming(ANNA, "Stop")
    assert "unsubscribed" in phone.bodies(ANNA)[0]
    answer = http.post(f"{MESSAGES}.json", data=text())
    assert (answer.status_code, answer.json()["code"]) == (400, 21610)
    phone.company.incoming(ANNA, "START")
    send(http)


@pytest.mark.parametrize(
    ("wish", "status", "accepted"),
    [("429", 429, 0), ("5xx", 503, 0), ("5xx_after_accepting", 503, 1), ("nonsense_after_accepting", 201, 1)],
)
def test_trouble_comes_as_wished_and_only_as_often(
    http: httpx.Client, phone: PhoneServer, wish: str, status: int, accepted: int
) -> None:
    phone.wish(number=ANNA, request=wish, times=1)
    assert http.post(f"{MESSAGES}.json", data=text()).status_code == status
    assert len(phone.bodies(ANNA)) == accepted
    send(http)


def test_a_dropped_connection_and_a_hang_leave_the_sender_without_an_answer(
    http: httpx.Client, phone: PhoneServer
) -> None:
    phone.wish(request="dropped_after_accepting", times=1)
    with pytest.raises(httpx.RemoteProtocolError):
        http.post(f"{MESSAGES}.json", data=text())
    phone.wish(request="hang", times=1)
    with pytest.raises(httpx.ReadTimeout):
        http.post(f"{MESSAGES}.json", data=text(), timeout=0.2)
    assert len(phone.bodies(ANNA)) == 1


def test_wishes_can_be_taken_back(http: httpx.Client, phone: PhoneServer) -> None:
    phone.wish(request="5xx")
    assert http.delete("/disorder").status_code == 204
    send(http)
    assert http.post("/disorder", json={"request": "dance"}).status_code == 422


def test_texts_outlive_the_process_when_they_are_stored(tmp_path: Path) -> None:
    path = tmp_path / "phone.sqlite"
    first = Company(Account(ACCOUNT, "t", OURS, pace_s=0.001), path)
    first.incoming(ANNA, "STOP")
    until(lambda: all(one.status in ("delivered", "received") for one in first.texts()))
    bodies = [one.body for one in first.texts()]
    first.stop()
    second = Company(Account(ACCOUNT, "t", OURS), path)
    assert [one.body for one in second.texts()] == bodies
    assert second.phones()[0].opted_out
    second.stop()


def test_a_phone_with_a_habit_answers_by_itself_unless_somebody_did(http: httpx.Client, phone: PhoneServer) -> None:
    for number, after_s in ((BEN, 0.2), (ANNA, 0.4)):
        http.post("/phones", json={"number": number, "name": "Somebody", "habit_after_s": after_s}).raise_for_status()
        send(http, to=number)
    http.post(f"/phones/{BEN}/texts", params={"quiet": True}, data={"body": "K7 2"}).raise_for_status()
    until(lambda: _sent_by(phone, ANNA) == ["K7 1"])  # so Ben's habit would have come before
    assert _sent_by(phone, BEN) == ["K7 2"]


def test_a_habit_may_answer_otherwise_when_it_is_asked_again(http: httpx.Client, phone: PhoneServer) -> None:
    habit = {"number": ANNA, "habit_after_s": 0.1, "habit_answers": ["1", "3"]}
    http.post("/phones", json=habit).raise_for_status()
    send(http)
    until(lambda: _sent_by(phone, ANNA) == ["K7 1"])
    send(http)
    until(lambda: _sent_by(phone, ANNA) == ["K7 3", "K7 1"])  # newest first


def _sent_by(phone: PhoneServer, number: str) -> list[str]:
    return [one.body for one in phone.company.texts() if one.direction == "inbound" and one.phone == number]


def test_the_page_shows_each_phone_and_takes_answers(http: httpx.Client, phone: PhoneServer) -> None:
    assert "No phone has had a text yet" in http.get("/").text
    http.post("/phones", json={"number": ANNA, "name": "Anna <b>"}).raise_for_status()
    send(http)
    page = http.get("/").text
    assert "Anna &lt;b&gt;" in page
    assert "Reply K7 1 if you have it." in page
    assert 'value="K7 3"' in page
    assert http.post(f"/phones/{ANNA}/texts", data={"body": "K7 1"}).status_code == 303
    assert _sent_by(phone, ANNA) == ["K7 1"]
    version = phone.company.version
    until(lambda: http.get("/phones", params={"seen": phone.company.version}).status_code == 204)
    assert http.get("/phones", params={"seen": version - 1}).status_code == 200


@pytest.mark.parametrize("number", ["nobody", "+44", "%2B447700900011%00"])
def test_a_number_that_is_none_has_no_phone(http: httpx.Client, number: str) -> None:
    assert http.post(f"/phones/{number}/texts", data={"body": "1"}).status_code == 404


def test_the_settings_are_those_of_the_alerts_service(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEARTH_TWILIO_ACCOUNT", ACCOUNT)
    monkeypatch.setenv("HEARTH_PUBLIC_URL", "http://127.0.0.1:8000/")
    made = account(PhoneSettings(), 0.1)
    assert (made.sid, made.inbound_url) == (ACCOUNT, "http://127.0.0.1:8000/twilio/inbound")


def test_the_page_is_live_accessible_and_keeps_what_is_being_typed(
    phone: PhoneServer, http: httpx.Client, browser: Browser
) -> None:
    http.post("/phones", json={"number": BEN, "name": "Ben"}).raise_for_status()
    send(http)
    page = browser.new_page(viewport={"width": 390, "height": 844})
    page.goto(phone.url)
    assert Axe().run(page).violations_count == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.get_by_label("Text from Ben").fill("half typed")
    page.get_by_role("button", name="K7 1").click()
    page.get_by_text("Sent by this phone: K7 1").wait_for()
    assert page.get_by_label("Text from Ben").input_value() == "half typed"
    assert _sent_by(phone, ANNA) == ["K7 1"]
    page.set_viewport_size({"width": 1280, "height": 900})
    assert Axe().run(page).violations_count == 0


@pytest.fixture
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("no Chromium here: on Debian `apt install chromium`")
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield found
        found.close()
