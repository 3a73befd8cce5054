"""The small web server of the page in the home, asked as browsers ask."""

from collections.abc import Iterator

import httpx
import pytest

from gateway.reminders.page import FILES, PageServer, Source

SOUND = b"OggS0123456789"


@pytest.fixture
def client() -> Iterator[httpx.Client]:
    source = Source(lambda: b'{"screen": "idle"}', {"a": SOUND}.get, lambda _: None, lambda _: None)
    server = PageServer("127.0.0.1", 0, source)
    server.start()
    with httpx.Client(base_url=f"http://127.0.0.1:{server.server_address[1]}") as client:
        yield client
    server.close()


def test_everything_the_page_is_made_of_is_there_and_may_run(client: httpx.Client) -> None:
    for path, (_, media) in FILES.items():
        answer = client.get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (200, media)
        assert "script-src 'self'" in answer.headers["content-security-policy"]
        assert "microphone=()" in answer.headers["permissions-policy"]


def test_a_part_of_a_sound_is_given_to_whoever_asks_for_it(client: httpx.Client) -> None:
    """Safari asks for the first two bytes before it plays anything."""
    whole = client.get("/asset/a")
    assert (whole.status_code, whole.content, whole.headers["accept-ranges"]) == (200, SOUND, "bytes")
    part = client.get("/asset/a", headers={"range": "bytes=0-1"})
    assert (part.status_code, part.content, part.headers["content-range"]) == (206, b"Og", "bytes 0-1/14")
    assert (part.headers["content-type"], part.headers["content-length"]) == ("audio/ogg", "2")


def test_the_chime_is_a_wav_file(client: httpx.Client) -> None:
    assert client.get("/chime.wav").headers["content-type"] == "audio/wav"


def test_the_state_says_which_page_belongs_to_it(client: httpx.Client) -> None:
    """After an update an open page loads itself anew."""
    marks = {client.get("/state").headers["x-hearthlight-page"] for _ in range(2)}
    assert len(marks) == 1
    assert all(len(mark) == 16 for mark in marks)
