"""The voice in the home: what is kept of it and what may go wrong, with a stand-in; and the real espeak-ng."""

import shutil
import struct
import wave
from pathlib import Path

import pytest

from gateway.reminders.view import ASK
from gateway.reminders.voice import PROGRAM, Limits, Voice, as_said, name_of
from tests.gateway.wire import until

SPEAKS = """#!/bin/sh
# stands in for espeak-ng: writes a WAV that holds what it was told on its standard input
while [ "$1" != "-w" ]; do shift; done
{ printf 'RIFF0000WAVEfmt '; cat; head -c 5000 /dev/zero; } > "$2"
"""
REAL = pytest.mark.skipif(
    shutil.which(PROGRAM) is None, reason="espeak-ng is not installed here: deploy/install-parts espeak-ng"
)
LONGEST = 120


def stand_in(folder: Path, script: str) -> str:
    program = folder / "speaker"
    program.write_text(script)
    program.chmod(0o755)
    return str(program)


def test_a_sentence_is_spoken_once_and_kept(tmp_path: Path) -> None:
    voice = Voice(tmp_path / "spoken", stand_in(tmp_path, SPEAKS))
    sentence = "--version; take your tablets"
    assert voice.spoken(sentence) is None
    until(lambda: voice.spoken(sentence))
    found = voice.wav(name_of(sentence))
    assert found is not None
    assert found.startswith(b"RIFF0000WAVEfmt --version; take your tablets\0")
    assert Voice(tmp_path / "spoken", "/nowhere").spoken(sentence) == name_of(sentence)


def test_a_voice_that_fails_is_silent_and_stops_nothing(tmp_path: Path) -> None:
    voice = Voice(tmp_path / "spoken", "/nowhere/espeak-ng")
    assert voice.spoken("One") is None
    assert voice.spoken("One") is None
    assert voice.wav("0" * 64) is None


def test_a_program_that_hangs_is_ended_and_the_next_sentence_is_spoken(tmp_path: Path) -> None:
    hangs = '#!/bin/sh\ncase "$(cat)" in One*) exec sleep 600;; esac\n' + SPEAKS.replace("cat;", "")
    voice = Voice(tmp_path / "spoken", stand_in(tmp_path, hangs), Limits(program_s=0.5))
    assert voice.spoken("One") is None
    until(lambda: voice.spoken("Two"))
    assert voice.spoken("One") is None


def test_what_could_not_be_spoken_is_tried_again(tmp_path: Path) -> None:
    """As after a full disk."""
    (tmp_path / "spoken").write_text("a file where the folder should be")
    voice = Voice(tmp_path / "spoken", stand_in(tmp_path, SPEAKS), Limits(again_s=0.2))
    assert voice.spoken("One") is None
    (tmp_path / "spoken").unlink()
    until(lambda: voice.spoken("One"))


def test_the_disk_never_holds_more_than_so_many_sentences(tmp_path: Path) -> None:
    voice = Voice(tmp_path / "spoken", stand_in(tmp_path, SPEAKS), Limits(most_kept=3))
    for number in range(6):
        until(lambda number=number: voice.spoken(f"Sentence {number}"))  # type: ignore[misc]
    until(lambda: len(list((tmp_path / "spoken").iterdir())) == 3)
    assert voice.spoken("Sentence 5") is not None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Take your tablets", "Take your tablets"),
        ("Dr Patel comes at 13:00", "Dr Patel comes at 1 o'clock"),
        ("At 08:30 and 20:05", "At 8 30 and 8 oh 5"),
        ("At 00:00 and 12:00", "At 12 o'clock and 12 o'clock"),
        ("50mg, then 2.5 ml", "50 milligrams, then 2.5 millilitres"),
        ("[[h@'loU]] there", " h@'loU  there"),
        ("one\0two\nthree", "one two three"),
        ("24:00 is 99:99", "24:00 is 99:99"),
    ],
)
def test_a_sentence_is_read_out_as_people_say_it(text: str, said: str) -> None:
    assert as_said(text) == said


def seconds(content: bytes, path: Path) -> float:
    """How long a WAV plays; raises wave.Error where it is none."""
    path.write_bytes(content)
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth()) == (1, 2)
        return float(file.getnframes() / file.getframerate())


@REAL
@pytest.mark.parametrize(
    "text",
    [
        ASK,
        "Take the two white tablets and the small yellow one from the box by the kettle, with a whole glass of water",
        "--help",
        "<b>Zoë's café</b> & “5 < 6” £3.50 … 日本 \N{SLICE OF PIZZA} [[ \x07\0 !!",
        "9" * LONGEST,
        "W" * LONGEST,
    ],
    ids=["question", "long", "option", "odd", "digits", "letters"],
)
def test_the_real_voice_says_whatever_it_is_given(tmp_path: Path, text: str) -> None:
    voice = Voice(tmp_path / "spoken")
    until(lambda: voice.spoken(text))
    content = voice.wav(name_of(text))
    assert content is not None
    assert 0.5 < seconds(content, tmp_path / "wav") < 60
    assert loudest(content) > 0.3, "it is to be heard, and not a file of silence"


def loudest(wav: bytes) -> float:
    """The highest swing, as a share of the greatest possible."""
    samples = struct.unpack(f"<{(len(wav) - 44) // 2}h", wav[44:])
    return float(max(abs(one) for one in samples)) / 2**15


@REAL
def test_the_real_voice_speaks_slowly(tmp_path: Path) -> None:
    text = (
        "It is time to take your morning tablets. Take them with a whole glass of water, and then have your breakfast."
    )
    voice = Voice(tmp_path / "spoken")
    until(lambda: voice.spoken(text))
    content = voice.wav(name_of(text))
    assert content is not None
    assert 100 <= len(text.split()) / seconds(content, tmp_path / "wav") * 60 <= 130


@REAL
@pytest.mark.parametrize("text", ["[[", " "])
def test_where_there_is_nothing_to_say_there_is_no_file(tmp_path: Path, text: str) -> None:
    voice = Voice(tmp_path / "spoken")
    voice.spoken(text)
    until(lambda: voice.spoken("After it"))
    assert voice.spoken(text) is None
