"""What a picture or a sound is, and the part of it that is asked for."""

import pytest

from gateway.reminders.media import media_type, part_asked

HEADS = {
    "what Chromium records": "1a45dfa3 9f 42868101 42f78101 42f28104 42f38108 4282847765626d 42878104",
    "what Firefox records": "1a45dfa3 010000000000001f 42868101 42f78101 42f28104 42f38108 428284 7765626d 42878104",
}


@pytest.mark.parametrize("head", HEADS.values(), ids=HEADS)
def test_a_recording_of_a_browser_is_known(head: str) -> None:
    assert media_type(bytes.fromhex(head) + bytes(64)) == "audio/webm"


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"\0\0\0\x24ftypisom\0\0\2\0isomiso6", "audio/mp4"),
        (b"\0\0\0\x20ftypM4A \0\0\0\0", "audio/mp4"),
        (b"\0\0\0\x18ftypheic\0\0\0\0", None),
        (b"\0\0\0\x1cftypavif\0\0\0\0", None),
        (b"\x1a\x45\xdf\xa3\xa3\x42\x86\x81\x01\x42\x82\x88matroska", None),
        (b"\x1a\x45\xdf\xa3", None),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"RIFF0000WEBPVP8 ", "image/webp"),
        (b"GIF89a", None),
        (b"<svg onload=alert(1)>", None),
        (b"OggS\0\2", "audio/ogg"),
        (b"RIFF\0\0\0\0WAVEfmt ", "audio/wav"),
        (b"ID3\4", "audio/mpeg"),
        (b"\xff\xfb\x90", "audio/mpeg"),
        (b"\xff", None),
        (b"", None),
        (b"<html>", None),
    ],
)
def test_bytes_say_what_they_are(content: bytes, found: str | None) -> None:
    assert media_type(content) == found


@pytest.mark.parametrize(
    ("header", "given"),
    [
        ("bytes=0-1", b"01"),
        ("bytes=0-", b"0123456789"),
        ("bytes=4-100", b"456789"),
        ("bytes=-3", b"789"),
        ("bytes=-300", b"0123456789"),
    ],
)
def test_a_part_is_what_the_header_asks_for(header: str, given: bytes) -> None:
    part = part_asked(header, 10)
    assert part is not None
    assert b"0123456789"[part] == given


@pytest.mark.parametrize(
    "header",
    ["", "bytes=-", "bytes=10-", "bytes=5-2", "bytes=-0", "bytes=0-1,3-4", "items=0-1", "bytes=0-1" + "0" * 20],
)
def test_what_cannot_be_given_in_part_is_given_whole(header: str) -> None:
    assert part_asked(header, 10) is None
