"""What the page lets in, and settings: questions that are too large, too many, or of somebody else's site."""

import hashlib
import http.client
import json
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from gateway.config import Command, Config, Do
from gateway.kept_config import KeptConfig
from gateway.messages import MAX_MESSAGE_BYTES
from gateway.outbox import Kept
from gateway.reminders.desk import Desk
from gateway.reminders.page import MOST_AT_ONCE, PageServer, Source, is_ours
from gateway.reminders.presses import Press, Pressed
from gateway.reminders.voice import Voice
from tests.gateway.reminding import MONDAY, at, config, png, tablets
from tests.gateway.test_home_settings import run

KEY = "7/2026-03-02T08:30"
OURS = {"content-type": "application/json", "x-hearthlight": "page"}


class Home:
    """A desk and its page without a gateway around them; presses are answered at once, at `now`."""

    def __init__(self, folder: Path) -> None:
        kept = KeptConfig(folder)
        kept.take(config(tablets()).model_dump_json().encode())
        self.desk = Desk(kept, Voice(folder / "spoken", "/nowhere"))
        self.desk.recall({}, at("08:00"))
        self.now = at("08:30")
        self.told: list[Kept] = list(self.desk.tick(self.now, lambda: 0))
        voice = self.desk.voice
        assert voice is not None
        self.server = PageServer("127.0.0.1", 0, Source(lambda: self.desk.board, kept.asset, voice.wav, self.press))
        self.server.start()
        self.port = self.server.server_address[1]

    def press(self, pressed: Pressed) -> None:
        self.told += self.desk.press(pressed, self.now)
        self.told += self.desk.tick(self.now, lambda: 0)
        pressed.answered.set()

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None
    ) -> tuple[int, bytes, dict[str, str]]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)) as line:
            line.request(method, path, body or None, headers or {})
            answer = line.getresponse()
            return answer.status, answer.read(), {name.lower(): value for name, value in answer.getheaders()}

    def values(self) -> list[float]:
        return [one.value for one in self.told]


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Home]:
    found = Home(tmp_path / "config")
    yield found
    found.server.close()


def done(key: str = KEY, what: str = "done") -> bytes:
    return json.dumps({"what": what, "key": key}).encode()


def test_every_answer_forbids_foreign_scripts_frames_and_keeping(home: Home) -> None:
    for path in ("/", "/page.css", "/page.js", "/icon.svg", "/state", "/nothing"):
        _, content, headers = home.ask("GET", path)
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["cache-control"] == "no-store"
        assert headers["x-content-type-options"] == "nosniff"
        assert "set-cookie" not in headers
        assert "python" not in headers["server"].lower()
        assert b"style=" not in content
        assert b"onclick" not in content


def test_a_press_of_our_page_is_taken_once(home: Home) -> None:
    assert home.values() == [1]
    assert home.ask("POST", "/press", done(), OURS)[:2] == (200, b'{"took": true}')
    assert home.ask("POST", "/press", done(), OURS)[:2] == (200, b'{"took": false}')
    assert home.values() == [1, 2]


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (done(), {"content-type": "application/json"}),
        (done(), OURS | {"content-type": "text/plain"}),
        (done(), OURS | {"content-type": "application/x-www-form-urlencoded"}),
        (done(), OURS | {"sec-fetch-site": "cross-site"}),
        (done(), OURS | {"host": "evil.example.org"}),
        (done(what="sell"), OURS),
        (done(key="x" * 101), OURS),
        (b"[]", OURS),
        (b"not json", OURS),
        (b"[" * 1000, OURS),
        (b'{"what": "done", "key": 7}', OURS),
        (b" " * 2000, OURS),
        (b"", OURS),
    ],
)
def test_a_press_of_anybody_else_changes_nothing(home: Home, body: bytes, headers: dict[str, str]) -> None:
    assert home.ask("POST", "/press", body, headers)[0] == 400
    assert home.values() == [1]


def test_a_page_under_a_name_of_the_wide_internet_is_refused(home: Home) -> None:
    assert home.ask("GET", "/state", headers={"host": "evil.example.org"})[0] == 421


@pytest.mark.parametrize(
    ("host", "ours"),
    [
        ("127.0.0.1:8300", True),
        ("192.168.1.20", True),
        ("[::1]:8300", True),
        ("hearthlight", True),
        ("hearthlight.local:8300", True),
        ("evil.example.org", False),
        ("192.168.1.20.evil.example.org", False),
        ("local.evil.org:80", False),
    ],
)
def test_names_of_the_home_are_told_from_others(host: str, ours: bool) -> None:
    assert is_ours(host) is ours


def test_nothing_outside_is_read(home: Home) -> None:
    for path in ("/asset/../config.json", "/spoken/../config.json", "/../page.py", "/asset/" + "0" * 64, "/page.py"):
        assert home.ask("GET", path)[0] == 404


def test_who_says_nothing_does_not_keep_others_out_for_ever(home: Home) -> None:
    idle = [socket.create_connection(("127.0.0.1", home.port)) for _ in range(MOST_AT_ONCE + 10)]
    for line in idle:
        line.close()
    answered = False
    for _ in range(200):
        try:
            answered = home.ask("GET", "/state")[0] == 200
        except OSError:
            continue
        break
    assert answered


def test_each_button_has_its_meaning(home: Home) -> None:
    home.ask("POST", "/press", done(what="later"), OURS)
    assert json.loads(home.ask("GET", "/state")[1])["screen"] == "idle"
    home.ask("POST", "/press", done(what="help"), OURS)
    assert json.loads(home.ask("GET", "/state")[1])["screen"] == "help"
    home.ask("POST", "/press", done(what="close_help"), OURS)
    home.ask("POST", "/press", done("1h", "pause"), OURS)
    assert json.loads(home.ask("GET", "/state")[1])["paused_until"] == "09:30"
    assert home.ask("POST", "/press", done("for ever", "pause"), OURS)[1] == b'{"took": false}'
    home.ask("POST", "/press", done(what="resume"), OURS)
    assert json.loads(home.ask("GET", "/state")[1])["paused_until"] is None
    assert home.values() == [1, 2]
    assert {press.value for press in Press} >= {"done", "later", "help", "fine"}


def question(command: str, minutes: int = 10) -> bytes:
    expires = at(f"08:{30 + minutes}")
    return Command(id=command, do=Do.ASK, at=MONDAY, expires_at=expires).model_dump_json().encode()


def test_a_question_stands_over_a_restart_until_it_is_answered_or_too_late(home: Home, tmp_path: Path) -> None:
    desk = home.desk
    desk.hear("commands", question("c1"), at("08:31"))
    notes = {name: text for name, text in desk.to_keep().items() if text is not None}
    again = Desk(KeptConfig(tmp_path / "config"), Voice(tmp_path / "spoken", "/nowhere"))
    again.recall(notes, at("08:32"))
    again.tick(at("08:33"), lambda: 0)
    assert json.loads(again.board)["screen"] == "ask"
    again.hear("commands", question("c1"), at("08:34"))
    pressed = Pressed(Press.FINE, "c1")
    assert [one.value for one in again.press(pressed, at("08:34"))] == [1]
    again.hear("commands", question("c1"), at("08:35"))
    again.hear("commands", question("c2", minutes=2), at("08:35"))
    again.tick(at("08:36"), lambda: 0)
    assert json.loads(again.board)["ask"] is None
    assert again.to_keep()["asked"] is None


@pytest.mark.parametrize("payload", [b"", b"{}", b"\xff", b'{"id": "c1", "do": "explode"}', b"x" * 70_000])
def test_what_is_no_command_config_or_picture_changes_nothing(home: Home, payload: bytes) -> None:
    for leaf in ("commands", "config", "assets", "else"):
        assert home.desk.hear(leaf, payload, at("08:31")) == []
    assert home.desk.kept.confirmed == 1


def test_the_largest_config_is_a_message_of_the_contract() -> None:
    many = Config(version=1, made_at=MONDAY, reminders=tuple(tablets(id=n, text="x" * 120) for n in range(1, 31)))
    assert len(many.model_dump_json()) < MAX_MESSAGE_BYTES


@pytest.mark.parametrize(("name", "value"), [("HEARTH_PAGE_PORT", "0"), ("HEARTH_PAGE_HOST", "")])
def test_a_wrong_setting_of_the_page_is_named(tmp_path: Path, name: str, value: str) -> None:
    settings = {"HEARTH_GATEWAY": "gw-1", "HEARTH_OUTBOX": str(tmp_path / "o.sqlite"), name: value}
    ended = run(**settings)
    assert ended.returncode == 2
    assert name in ended.stderr


def test_a_port_that_is_taken_is_named(tmp_path: Path, home: Home) -> None:
    settings = {"HEARTH_GATEWAY": "gw-1", "HEARTH_OUTBOX": str(tmp_path / "o.sqlite")}
    ended = run(**settings, HEARTH_PAGE_PORT=str(home.port))
    assert ended.returncode == 2
    assert "HEARTH_PAGE_PORT" in ended.stderr


def test_a_picture_that_came_is_given_and_is_what_it_is(tmp_path: Path) -> None:
    picture = png(3, 2)
    name = hashlib.sha256(picture).hexdigest()
    found = Home(tmp_path / "config")
    found.desk.hear("config", config(tablets(picture=name), version=2).model_dump_json().encode(), found.now)
    found.desk.hear("assets", picture, found.now)
    status, content, headers = found.ask("GET", f"/asset/{name}")
    found.server.close()
    assert (status, content, headers["content-type"]) == (200, picture, "image/png")
