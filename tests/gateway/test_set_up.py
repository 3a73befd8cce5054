"""Promises of setting a gateway up: one code, one identity, and a plain sentence for each fault."""

import json
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from gateway import claim, set_up
from gateway.claim_request import NoAnswerError, ask, checked_url
from gateway.set_up import Exit
from tests.certificates import Authority

CODE = "K7PM-2QXW-9HTD-4RVB"
CLAIMED = {
    "gateway": "gw-k7pm-2qxw-9htd",
    "broker_host": "mqtt.example.org",
    "broker_port": 8883,
    "ca_pem": "-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n",
    "password": "p" * 43,
}
Said = tuple[int, object]


class Server:
    """Answers every claim with what it was told to."""

    def __init__(self, answer: Said, tls: ssl.SSLContext | None = None) -> None:
        self.asked: list[object] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                outer.asked.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
                status, body = answer
                self.send_response(status)
                if status in (301, 302, 307, 308):
                    self.send_header("location", "http://127.0.0.1:1/api/1/claims")
                self.end_headers()
                self.wfile.write(body if isinstance(body, bytes) else json.dumps(body).encode())

            def log_message(self, *_: object) -> None:
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        if tls:
            self.server.socket = tls.wrap_socket(self.server.socket, server_side=True)
        scheme = "https" if tls else "http"
        self.url = f"{scheme}://127.0.0.1:{self.server.server_port}"


@contextmanager
def answering(answer: Said, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    served = Server(answer, tls)
    thread = threading.Thread(target=served.server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield served
    finally:
        served.server.shutdown()
        thread.join()
        served.server.server_close()


@pytest.fixture
def set_up_at(tmp_path: Path) -> Callable[..., int]:
    return lambda url, *more: set_up.main([url, "--folder", str(tmp_path), "--code", CODE, *more])


def test_the_identity_is_written_for_its_owner_alone(tmp_path: Path, set_up_at: Callable[..., int]) -> None:
    with answering((200, CLAIMED)) as server:
        assert set_up_at(server.url + "/") == Exit.DONE
    assert server.asked == [{"code": CODE.replace("-", "")}]
    assert (tmp_path / "gateway.env").read_text().splitlines() == [
        "HEARTH_GATEWAY=gw-k7pm-2qxw-9htd",
        "HEARTH_BROKER_HOST=mqtt.example.org",
        "HEARTH_BROKER_PORT=8883",
        f"HEARTH_BROKER_PASSWORD_FILE={tmp_path / 'gateway.password'}",
        f"HEARTH_BROKER_CA={tmp_path / 'broker-ca.pem'}",
    ]
    assert (tmp_path / "gateway.password").read_text().strip() == CLAIMED["password"]
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}
    assert len(list(tmp_path.iterdir())) == 3


def test_the_password_is_never_shown(set_up_at: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    with answering((200, CLAIMED)) as server:
        set_up_at(server.url)
    said = capsys.readouterr()
    assert "gw-k7pm-2qxw-9htd" in said.out
    assert str(CLAIMED["password"]) not in said.out + said.err
    assert str(CLAIMED["password"]) not in repr(claim.Claimed.model_validate(CLAIMED))


def test_an_identity_that_is_there_is_replaced_only_by_saying_so(
    tmp_path: Path, set_up_at: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "gateway.env").write_text("HEARTH_GATEWAY=old\n")
    with answering((200, CLAIMED)) as server:
        assert set_up_at(server.url) == Exit.CANNOT_START
        assert "--again" in capsys.readouterr().err
        assert server.asked == [], "the code is not spent"
        assert (tmp_path / "gateway.env").read_text() == "HEARTH_GATEWAY=old\n"
        assert set_up_at(server.url, "--again") == Exit.DONE
    assert "old" not in (tmp_path / "gateway.env").read_text()


@pytest.mark.parametrize(
    ("answer", "code", "word"),
    [
        ((404, {"reason": "wrong"}), Exit.WRONG_CODE, "letter by letter"),
        ((410, {"reason": "used"}), Exit.USED_CODE, "used already"),
        ((410, {"reason": "expired"}), Exit.EXPIRED_CODE, "too old"),
        ((429, {"reason": "too_many"}), Exit.TOO_MANY_CODES, "Wait an hour"),
        ((404, b"<html>no such page"), Exit.NO_ANSWER, "not Hearthlight"),
        ((404, {"reason": "some new word"}), Exit.NO_ANSWER, "not Hearthlight"),
        ((404, [1]), Exit.NO_ANSWER, "not Hearthlight"),
        ((503, {"detail": "x"}), Exit.NO_ANSWER, "Wait a minute"),
        ((200, b"hello"), Exit.NO_ANSWER, "not Hearthlight"),
        ((200, b"x" * 100_000), Exit.NO_ANSWER, "not Hearthlight"),
        ((200, CLAIMED | {"gateway": "a\nHEARTH_X=1"}), Exit.NO_ANSWER, "not Hearthlight"),
        ((200, CLAIMED | {"broker_host": "$(reboot)"}), Exit.NO_ANSWER, "not Hearthlight"),
        ((302, b""), Exit.NO_ANSWER, "not Hearthlight"),
        ((307, b""), Exit.NO_ANSWER, "not Hearthlight"),
    ],
)
def test_each_fault_has_its_exit_code_and_one_plain_sentence(
    tmp_path: Path,
    set_up_at: Callable[..., int],
    capsys: pytest.CaptureFixture[str],
    answer: Said,
    code: Exit,
    word: str,
) -> None:
    with answering(answer) as server:
        assert set_up_at(server.url) == code
    said = capsys.readouterr().err
    assert word in said
    assert said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_what_cannot_be_a_code_is_not_sent(tmp_path: Path) -> None:
    with answering((200, CLAIMED)) as server:
        for typed in ("", "K7PM", CODE + "2", CODE.replace("K", "0"), "O" * 16):
            assert set_up.main([server.url, "--folder", str(tmp_path), "--code", typed]) == Exit.WRONG_CODE
        assert server.asked == []


def test_without_a_network_it_says_so(
    set_up_at: Callable[..., int], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert set_up_at("http://127.0.0.1:1") == Exit.NO_ANSWER
    assert "cannot be reached" in capsys.readouterr().err
    assert set_up.main(["http://127.0.0.1:1", "--folder", str(tmp_path / "none"), "--code", CODE]) == Exit.CANNOT_START


@pytest.mark.parametrize(
    "url", ["http://example.org", "ftp://example.org", "example.org", "https://", "https://a@b", "https://a:x/"]
)
def test_a_code_goes_to_no_address_on_which_others_could_read_it(set_up_at: Callable[..., int], url: str) -> None:
    assert set_up_at(url) == Exit.CANNOT_START


def test_addresses_that_are_well() -> None:
    assert checked_url("https://example.org/") == "https://example.org"
    assert checked_url("http://localhost:8000") == "http://localhost:8000"


def test_a_server_whose_certificate_is_not_trusted_gets_no_code(tmp_path: Path) -> None:
    ours = Authority(tmp_path / "ours")
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(*ours.sign("127.0.0.1"))
    with answering((200, CLAIMED), tls) as server:
        with pytest.raises(NoAnswerError, match="certificate"):
            ask(server.url, CODE, ssl.create_default_context())
        assert server.asked == []
        trusting = ssl.create_default_context(cafile=str(ours.file))
        assert ask(server.url, CODE, trusting).gateway == CLAIMED["gateway"]


def test_the_code_may_be_typed_as_people_type_and_is_asked_for(tmp_path: Path) -> None:
    typed = " k7pm 2qxw-9htd 4rvb\n"
    found = {"PYTHONPATH": str(Path(set_up.__file__).parents[1])}
    with answering((200, CLAIMED)) as server:
        command = [sys.executable, "-m", "gateway", "setup", server.url]
        done = subprocess.run(
            command, input=typed, check=False, capture_output=True, text=True, cwd=tmp_path, env=found
        )
    assert done.returncode == 0, done.stderr
    assert "What to do next" in done.stdout
    assert server.asked == [{"code": CODE.replace("-", "")}]


def test_codes_have_no_letters_that_are_taken_for_one_another() -> None:
    codes = {claim.new_code() for _ in range(200)}
    assert len(codes) == 200
    assert not set("".join(codes)) & set("0O1ILU")
    assert all(claim.tidy(claim.shown(code).lower()) == code for code in codes)
