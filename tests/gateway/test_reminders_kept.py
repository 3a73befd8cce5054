"""What the home keeps on disk of reminders, config, pictures and sounds."""

import hashlib
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from gateway.config import MAX_ASSET_BYTES
from gateway.kept_config import KeptConfig
from gateway.messages import Kind
from gateway.outbox import Kept, Outbox, Rank
from gateway.reminders.pausing import Length, holds, until
from tests.gateway.reminding import MONDAY, at, config, tablets

PNG = b"\x89PNG\r\n\x1a\n" + b"picture"
NAME = hashlib.sha256(PNG).hexdigest()
READING = Kept("reminder-7", Kind.REMINDER, 1.0, at("08:30"))


def payload(**more: Any) -> bytes:
    return config(tablets(picture=NAME), **more).model_dump_json().encode()


def test_notes_are_kept_with_the_readings_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "outbox.sqlite"
    with Outbox(path) as outbox:
        outbox.add([], notes={"prompt/1": "shown", "pause": "x"})
        outbox.add([READING], notes={"pause": None, "prompt/1": "done"})
        with pytest.raises(sqlite3.IntegrityError):
            outbox.add([replace(READING, value=None)], notes={"prompt/1": "lost"})  # type: ignore[arg-type]
    with Outbox(path) as outbox:
        assert outbox.notes() == {"prompt/1": "done"}
        assert outbox.depth == 1


def test_a_call_for_help_is_counted_until_the_server_has_stored_it(tmp_path: Path) -> None:
    with Outbox(tmp_path / "outbox.sqlite") as outbox:
        outbox.add([READING, Kept("tablet", Kind.BUTTON, 2.0, MONDAY, Rank.URGENT)])
        assert outbox.urgent_left() == 1
        numbered = outbox.number(10)
        assert outbox.urgent_left() == 1
        outbox.stored(outbox.boot, numbered[-1].seq)
        assert outbox.urgent_left() == 0


def test_a_config_is_in_force_after_a_restart_with_what_it_names(tmp_path: Path) -> None:
    kept = KeptConfig(tmp_path / "config")
    assert kept.confirmed is None
    assert kept.take(payload())
    assert kept.missing() == (NAME,)
    assert kept.take_asset(PNG)
    again = KeptConfig(tmp_path / "config")
    assert again.confirmed == 1
    assert again.missing() == ()
    assert again.asset(NAME) == PNG


def test_an_older_config_and_one_that_does_not_fit_change_nothing(tmp_path: Path) -> None:
    kept = KeptConfig(tmp_path / "config")
    assert kept.take(payload(version=3, made_at=MONDAY + timedelta(hours=1)))
    for wrong in (
        payload(version=4),
        payload(version=3, made_at=MONDAY + timedelta(hours=1)),
        b"",
        b"\xff",
        b"[]",
        b'{"version": 9}',
        payload(version=9, made_at=MONDAY + timedelta(days=1), zone="Europe/London").replace(b"London", b"Lundon"),
    ):
        assert not kept.take(wrong)
    assert kept.confirmed == 3


def test_a_server_that_was_restored_from_a_backup_is_believed(tmp_path: Path) -> None:
    """Its versions begin lower again; what was made later holds."""
    kept = KeptConfig(tmp_path / "config")
    kept.take(payload(version=30))
    assert kept.take(payload(version=12, made_at=MONDAY + timedelta(days=1)))
    assert kept.confirmed == 12


def test_fields_of_a_newer_server_are_ignored(tmp_path: Path) -> None:
    kept = KeptConfig(tmp_path / "config")
    assert kept.take(payload().replace(b'{"v":1', b'{"weather": "rain", "v":1'))


def test_only_pictures_and_sounds_that_were_asked_for_are_kept_and_none_longer_than_needed(tmp_path: Path) -> None:
    kept = KeptConfig(tmp_path / "config")
    kept.take(payload())
    assert not kept.take_asset(b"something else")
    assert not kept.take_asset(b"x" * (MAX_ASSET_BYTES + 1))
    assert kept.take_asset(PNG)
    assert not kept.take_asset(PNG)
    assert kept.asset("../config.json") is None
    kept.take(config(tablets(), version=2).model_dump_json().encode())
    assert kept.asset(NAME) is None
    assert [file.name for file in (tmp_path / "config").iterdir()] == ["config.json"]


def test_a_config_that_cannot_be_written_holds_and_is_confirmed_when_it_can(tmp_path: Path) -> None:
    (tmp_path / "config").write_text("a file where the folder should be")
    kept = KeptConfig(tmp_path / "config")
    assert kept.take(config().model_dump_json().encode())
    assert kept.config is not None
    assert kept.confirmed is None
    (tmp_path / "config").unlink()
    kept.make_safe()
    assert kept.confirmed == 1


@pytest.mark.parametrize("spoilt", [b"", b"{", b"\x00" * 100_000])
def test_a_spoilt_file_is_as_no_file(tmp_path: Path, spoilt: bytes) -> None:
    (tmp_path / "config.json").write_bytes(spoilt)
    kept = KeptConfig(tmp_path)
    assert kept.config is None
    assert kept.take(payload())


def test_a_pause_ends_by_itself_also_over_the_change_of_the_clock() -> None:
    zone = ZoneInfo("Europe/London")
    evening = datetime(2026, 3, 28, 20, tzinfo=UTC)
    assert until(Length.AN_HOUR, evening, zone) == evening + timedelta(hours=1)
    assert until(Length.FOUR_HOURS, evening, zone) == evening + timedelta(hours=4)
    assert until(Length.TOMORROW, evening, zone) == datetime(2026, 3, 29, 6, tzinfo=UTC)
    assert holds(evening, evening - timedelta(minutes=1))
    assert not holds(evening, evening)
    assert not holds(None, evening)


def test_a_clock_that_is_put_back_makes_no_pause_of_a_year() -> None:
    assert not holds(MONDAY, MONDAY - timedelta(days=300))
