"""The reminders of a home, for the family and the coordinator: in a real browser, and what is kept of it."""

import random
from datetime import datetime
from pathlib import Path

import psycopg
import pytest
from playwright.sync_api import Page

from gateway.config import Config, Do
from gateway.messages import Kind
from ingest.kinds import NUMBER
from tests.api.browser import WANTED, sign_in, violations
from tests.api.conftest import Service, hidden, until
from tests.api.street import at
from tests.api.test_reminder_words import typed
from tests.gateway.reminding import png


def configs(service: Service, home: int) -> list[Config]:
    with psycopg.connect(service.database) as db:
        rows = db.execute(
            "select body from gateway_config join gateway g on g.id = gateway_id where g.home_id = %s", [home]
        )
        return [Config.model_validate_json(body) for (body,) in rows]


@pytest.fixture
def rose(service: Service) -> int:
    return service.street.homes["Rose Cottage"]


@WANTED
def test_the_family_adds_a_reminder_changes_it_and_deletes_it(
    page: Page, service: Service, rose: int, tmp_path: Path
) -> None:
    sign_in(page, service, "Ann Field")
    page.goto(f"/homes/{rose}")
    page.get_by_role("link", name="Reminders, and who comes").click()
    assert page.get_by_text("There are no reminders yet.").is_visible()
    assert violations(page) == []
    page.get_by_role("button", name="Add a reminder").click()
    page.get_by_label("What the tablet says").fill("Take your morning tablets")
    page.get_by_label("At", exact=True).fill("half past eight")
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("alert").get_by_role("link", name="Say the times like 08:30").click()
    assert violations(page) == []
    page.get_by_label("What we call it").fill("morning tablets")
    page.get_by_label("At", exact=True).fill("8:30")
    page.get_by_label("But not on these days").fill("25 12 2026")
    page.get_by_role("button", name="Add it").click()
    page.get_by_role("heading", name="morning tablets").wait_for()
    assert violations(page) == []
    (tmp_path / "box.png").write_bytes(png(2000, 1500))
    page.get_by_label("Picture file").set_input_files(tmp_path / "box.png")
    page.get_by_role("button", name="Keep the picture").click()
    page.get_by_role("img", name="The picture of this reminder").wait_for()
    assert violations(page) == []
    page.get_by_label("What the tablet says").fill("Take your tablets, please")
    page.get_by_role("button", name="Keep it").click()
    page.get_by_text("“Take your tablets, please” at 08:30, every day, but not on 25 December 2026.").wait_for()
    assert page.get_by_text("We have not heard that it was shown").is_visible()
    assert violations(page) == []
    (config,) = configs(service, rose)
    assert (config.version, config.reminders[0].text) == (3, "Take your tablets, please")
    assert config.reminders[0].picture is not None
    page.get_by_role("button", name="Delete morning tablets").click()
    page.get_by_text("There are no reminders yet.").wait_for()
    (config,) = configs(service, rose)
    assert (config.version, config.reminders) == (4, ())
    with psycopg.connect(service.database) as db:
        whats = db.execute("select what, person_id from reminder_change order by id").fetchall()
        assert [what for what, _ in whats] == ["added", "changed", "changed", "deleted"]
        assert {person for _, person in whats} == {service.street.people["Ann Field"]}
        assert db.execute("select count(*) from asset").fetchone() == (0,), "a picture that nothing shows is gone"


@WANTED
def test_a_large_photograph_is_made_small_before_it_is_sent(
    page: Page, service: Service, rose: int, tmp_path: Path
) -> None:
    """Noise, which no format can press: more than a form may hold."""
    add(service, rose)
    sign_in(page, service, "Cora Hughes")
    page.goto(f"/homes/{rose}/reminders")
    page.get_by_role("link", name="Change morning tablets").click()
    noise = random.Random(1).randbytes(300_000)
    (tmp_path / "noise.bmp").write_bytes(bitmap(316, 316, noise))
    page.get_by_label("Picture file").set_input_files(tmp_path / "noise.bmp")
    until(lambda: page.evaluate("document.querySelector('#picture').files[0].size") < 45_000)
    page.get_by_role("button", name="Keep the picture").click()
    page.get_by_role("img", name="The picture of this reminder").wait_for()


def bitmap(width: int, height: int, pixels: bytes) -> bytes:
    """A BMP of 24 bits a pixel."""
    row = (width * 3 + 3) // 4 * 4
    body = pixels[: row * height].ljust(row * height, b"\0")
    head = (54).to_bytes(4, "little") + (40).to_bytes(4, "little")
    head += width.to_bytes(4, "little") + height.to_bytes(4, "little") + b"\x01\0\x18\0" + bytes(24)
    return b"BM" + (54 + len(body)).to_bytes(4, "little") + bytes(4) + head + body


def add(service: Service, home: int, name: str = "Cora Hughes", **more: str) -> int:
    """A reminder, added by a form."""
    client = service.signed_in(name)
    token = hidden(client.get(f"/homes/{home}/reminders/add").text, "form_token")
    answer = client.post(f"/homes/{home}/reminders/add", data=dict(typed()) | {"form_token": token} | more)
    assert answer.status_code == 303, answer.text
    return int(answer.headers["location"].rsplit("/", 1)[1])


def told(service: Service, home: int, reminder: int, *answers: tuple[datetime, int]) -> None:
    with psycopg.connect(service.database) as db:
        stream = db.execute(
            "select stream.id from stream join gateway g on g.id = gateway_id where g.home_id = %s", [home]
        ).fetchall()[0][0]
        sensor = db.execute("select id from sensor where name = %s", [f"reminder-{reminder}"]).fetchall()[0][0]
        for seq, (when, value) in enumerate(answers, 90_000):
            db.execute(
                "insert into reading (at, received_at, sent_ms, seq, stream_id, sensor_id, kind, value)"
                " values (%s, %s, 0, %s, %s, %s, %s, %s)",
                [when, when, seq, stream, sensor, NUMBER[Kind.REMINDER], value],
            )


def test_the_family_sees_done_or_not_and_how_far_the_tablet_is(service: Service, rose: int) -> None:
    reminder = add(service, rose)
    told(service, rose, reminder, (at("08:30"), 1), (at("08:34"), 2))
    shown = service.signed_in("Ann Field").get(f"/homes/{rose}/reminders").text
    assert "Done at 08:34" in shown
    assert "The tablet does not have version 1 yet; it has confirmed none yet." in shown


def test_a_responder_reads_and_changes_nothing(service: Service, rose: int) -> None:
    reminder = add(service, rose)
    client = service.signed_in("Rita Okafor")
    shown = client.get(f"/homes/{rose}/reminders").text
    assert "Take your tablets" in shown
    assert "Delete" not in shown
    token = client.get("/api/1/me").json()["form_token"]
    for path in ("add", str(reminder), f"{reminder}/delete", f"{reminder}/picture", f"{reminder}/show-now"):
        answer = client.post(f"/homes/{rose}/reminders/{path}", data={"form_token": token} | dict(typed()))
        assert answer.status_code == 404, path
    assert len(configs(service, rose)[0].reminders) == 1


def test_of_two_who_change_one_reminder_the_second_is_told(service: Service, rose: int) -> None:
    reminder = add(service, rose)
    client = service.signed_in("Cora Hughes")
    token = client.get("/api/1/me").json()["form_token"]
    values = dict(typed(text="Others")) | {"form_token": token, "version": "1"}
    assert client.post(f"/homes/{rose}/reminders/{reminder}", data=values).status_code == 303
    again = client.post(f"/homes/{rose}/reminders/{reminder}", data=values)
    assert again.status_code == 409
    assert "Somebody changed this reminder meanwhile" in again.text


@pytest.mark.parametrize(
    ("what", "content", "says"),
    [
        ("picture", b"<svg onload=alert(1)>", "no picture that the tablet knows"),
        ("picture", b"RIFF0000WAVEfmt ", "no picture that the tablet knows"),
        ("sound", png(4, 4), "no sound that the tablet knows"),
        ("sound", b"OggS" + bytes(50_000), "too large"),
    ],
)
def test_only_pictures_and_sounds_go_to_the_tablet(
    service: Service, rose: int, what: str, content: bytes, says: str
) -> None:
    reminder = add(service, rose)
    client = service.signed_in("Cora Hughes")
    token = client.get("/api/1/me").json()["form_token"]
    answer = client.post(
        f"/homes/{rose}/reminders/{reminder}/{what}", data={"form_token": token}, files={"file": ("x", content)}
    )
    assert answer.status_code == 400
    assert says in answer.text


def test_a_sound_is_kept_and_taken_away_again(service: Service, rose: int) -> None:
    reminder = add(service, rose)
    client = service.signed_in("Ann Field")
    token = client.get("/api/1/me").json()["form_token"]
    path = f"/homes/{rose}/reminders/{reminder}/sound"
    client.post(path, data={"form_token": token}, files={"file": ("voice.ogg", b"OggS voice")})
    assert configs(service, rose)[0].reminders[0].sound is not None
    assert client.post(path, data={"form_token": token}).status_code == 400
    assert configs(service, rose)[0].reminders[0].sound is not None, "an empty form takes nothing away"
    client.post(path, data={"form_token": token, "take": "away"})
    assert configs(service, rose)[0].reminders[0].sound is None


def test_shown_now_is_a_command_for_its_gateway(service: Service, rose: int) -> None:
    reminder = add(service, rose)
    client = service.signed_in("Ann Field")
    token = client.get("/api/1/me").json()["form_token"]
    client.post(f"/homes/{rose}/reminders/{reminder}/show-now", data={"form_token": token})
    with psycopg.connect(service.database) as db:
        rows = db.execute("select command, reminder_id, expires_at > at from gateway_command").fetchall()
    assert rows == [(Do.PROMPT.value, reminder, True)]


@pytest.mark.parametrize(
    ("answer", "sent", "says"),
    [
        (1, True, "Asked today 10:12. The answer, at 10:12: “I am fine”."),
        (2, True, "Asked today 10:12. The answer, at 10:12: “I want help”."),
        (None, True, "Asked today 10:12. No answer so far."),
        (None, False, "Asked today 10:12. The tablet has not been reached so far."),
    ],
)
def test_a_responder_asks_on_the_tablet_and_sees_the_answer(
    service: Service, rose: int, answer: int | None, *, sent: bool, says: str
) -> None:
    add(service, rose)
    client = service.signed_in("Rita Okafor")
    token = client.get("/api/1/me").json()["form_token"]
    assert client.post(f"/homes/{rose}/ask", data={"form_token": token}).status_code == 303
    with psycopg.connect(service.database) as db:
        (asked,) = db.execute("select at from gateway_command where command = 'ask'").fetchall()[0]
        db.execute("update gateway_command set sent_at = %s", [asked if sent else None])
        if answer is not None:
            db.execute(
                "insert into reading (at, received_at, sent_ms, seq, stream_id, sensor_id, kind, value)"
                " select %s, %s, 0, 95000, stream.id, sensor.id, %s, %s"
                " from sensor join stream using (gateway_id) where sensor.name = 'tablet'",
                [asked, asked, NUMBER[Kind.BUTTON], answer],
            )
    assert says in client.get(f"/homes/{rose}/reminders").text


@WANTED
def test_who_comes_is_added_and_deleted(page: Page, service: Service, rose: int) -> None:
    sign_in(page, service, "Cora Hughes")
    page.goto(f"/homes/{rose}/reminders")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("alert").get_by_role("link", name="Say who comes").wait_for()
    assert violations(page) == []
    page.get_by_label("Who", exact=True).fill("Jane, your carer")
    page.get_by_label("At", exact=True).fill("13:00")
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_text("at 13:00, every day").wait_for()
    assert [one.who for one in configs(service, rose)[0].visits] == ["Jane, your carer"]
    assert violations(page) == []
    page.get_by_role("button", name="Delete Jane, your carer").click()
    page.get_by_text("at 13:00, every day").wait_for(state="detached")
    assert configs(service, rose)[0].visits == ()
