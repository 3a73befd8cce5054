"""What the demo keeps from run to run, and when its next run begins. The report of the bench."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from gateway.messages import Kind
from gateway.outbox import Outbox
from simulators.bench import Row
from simulators.bench.main import report
from simulators.demo.memory import AlreadyRunningError, Memory, lock
from simulators.demo.words import welcome
from simulators.street.history import fill
from simulators.street.people import RESIDENTS
from simulators.street.script import Script

SUMMER = date(2026, 7, 1)


def test_the_first_run_begins_today_a_minute_before_the_alert() -> None:
    assert Memory().next_start(SUMMER).astimezone(UTC) == datetime(2026, 7, 1, 8, 29, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ended", "day"),
    [
        (datetime(2026, 7, 1, 9, 0, tzinfo=UTC), 2),
        (datetime(2026, 7, 1, 23, 30, tzinfo=UTC), 2),  # 00:30 on the 2nd in London
        (datetime(2026, 7, 2, 1, 0, tzinfo=UTC), 2),
        (datetime(2026, 7, 2, 4, 0, tzinfo=UTC), 3),  # the 2nd has begun: its morning can no longer be missed
    ],
)
def test_a_later_run_begins_on_the_next_morning(ended: datetime, day: int) -> None:
    assert Memory(ended=ended).next_start(date(2020, 1, 1)).date() == date(2026, 7, day)


def test_what_is_kept_is_for_its_owner_only(tmp_path: Path) -> None:
    memory = Memory()
    memory.open(SUMMER)
    memory.save(tmp_path / "memory.json")
    assert Memory.load(tmp_path / "memory.json") == memory
    assert (tmp_path / "memory.json").stat().st_mode & 0o077 == 0


def test_the_homes_take_turns_and_a_repeated_start_keeps_its_home() -> None:
    memory = Memory()
    assert memory.open(SUMMER) == memory.open(SUMMER) == RESIDENTS[0]
    assert memory.open(SUMMER + timedelta(days=1)) == RESIDENTS[1]


def test_one_folder_serves_one_run(tmp_path: Path) -> None:
    with lock(tmp_path), pytest.raises(AlreadyRunningError):
        lock(tmp_path)
    lock(tmp_path).close()


def test_history_is_in_the_outbox_with_beats_that_prove_all_of_it(tmp_path: Path) -> None:
    since = datetime(2026, 6, 30, 23, 0, tzinfo=UTC)
    until = since + timedelta(hours=33)
    count = fill(tmp_path / "outbox.sqlite", RESIDENTS[0], Script(), since, until)
    with Outbox(tmp_path / "outbox.sqlite") as outbox:
        assert outbox.depth == count
        kept = outbox.number(100_000)
    times = [one.at_us for one in kept if one.kind == Kind.BEAT]
    assert len(times) == 33 * 12
    assert max(times) == until.timestamp() * 1e6
    assert [one.at_us for one in kept] == sorted(one.at_us for one in kept)


def test_the_welcome_says_where_who_and_what_next() -> None:
    now = datetime(2026, 7, 1, 8, 29, tzinfo=UTC)
    said = welcome(
        opening=RESIDENTS[0],
        api="http://a",
        phone="http://p",
        tablet="http://t",
        now=now,
        speed=60,
        database="D",
        folder="F",
    )
    for part in ("http://a", "http://p", "07700 900101", "07700 900100", "09:30", "Anna", "60 times as fast"):
        assert part in said
    assert max(map(len, said.splitlines())) <= 110


def test_the_report_shows_medians_beside_their_aims() -> None:
    said = report([Row("a thing", [3.0, 1.0, 2.0], "s", "below 4 s")], "this machine")
    assert "| a thing | 2 s | below 4 s | 3, 1, 2 |" in said
    assert "this machine" in said
