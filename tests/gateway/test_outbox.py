"""The outbox keeps what it took, whatever happens to the process, the disk or the file."""

import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.messages import Kind
from gateway.outbox import Kept, Numbered, Outbox, Rank
from gateway.outbox_file import OutboxFullError, OutboxInUseError

START = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)
MB = 1024 * 1024


def motion(place: int, rank: Rank = Rank.EVENT) -> Kept:
    """A reading that is told apart by its value."""
    return Kept("kitchen-motion", Kind.MOTION, float(place), START + timedelta(seconds=place), rank)


def drain(outbox: Outbox) -> list[Numbered]:
    taken: list[Numbered] = []
    while batch := outbox.number(500):
        taken += batch
    return taken


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "outbox.sqlite"


@pytest.fixture
def outbox(path: Path) -> Iterator[Outbox]:
    with Outbox(path) as box:
        yield box


def test_what_was_added_is_there_after_a_restart(path: Path) -> None:
    with Outbox(path) as outbox:
        outbox.add(motion(n) for n in range(1200))
    with Outbox(path) as outbox:
        assert outbox.depth == 1200
        assert [one.value for one in drain(outbox)] == list(range(1200))


def test_numbers_are_given_at_the_first_sending_and_kept_over_a_restart(path: Path) -> None:
    with Outbox(path) as outbox:
        outbox.add(motion(n) for n in range(5))
        first = outbox.number(3)
        assert [one.seq for one in first] == [1, 2, 3]
    with Outbox(path) as outbox:
        assert outbox.sent_after(0, 0, 10) == first
        assert [(one.boot, one.seq) for one in outbox.number(10)] == [(outbox.boot, 1), (outbox.boot, 2)]
        assert outbox.boot != first[0].boot


def test_one_answer_of_what_is_to_be_sent_again_is_of_one_boot(path: Path) -> None:
    for boot in range(3):
        with Outbox(path) as outbox:
            outbox.add([motion(boot)])
            outbox.number(1)
            latest = outbox.boot
    with Outbox(path) as outbox:
        key, seen = (0, 0), []
        while batch := outbox.sent_after(*key, 10):
            assert len(batch) == 1
            key = batch[-1].boot_number, batch[-1].seq
            seen.append(batch[0].value)
        assert seen == [0, 1, 2]
        assert outbox.stored(latest, 1) == 1
        assert outbox.in_flight == 2


def test_only_stored_lets_a_reading_go(outbox: Outbox) -> None:
    outbox.add(motion(n) for n in range(10))
    outbox.number(10)
    assert outbox.stored(outbox.boot, 4) == 4
    assert outbox.stored(outbox.boot, 4) == 0
    assert outbox.stored("another-boot", 10) == 0
    assert outbox.oldest_sent(outbox.boot) == 5
    assert [one.seq for one in outbox.sent_after(0, 0, 100)] == [5, 6, 7, 8, 9, 10]
    assert outbox.depth == 6


def test_what_was_never_sent_is_not_forgotten_by_a_stored_from_the_future(outbox: Outbox) -> None:
    outbox.add([motion(1)])
    assert outbox.stored(outbox.boot, 1_000_000) == 0
    assert outbox.depth == 1


def test_a_call_for_help_overtakes_what_waits(outbox: Outbox) -> None:
    outbox.add([motion(1, Rank.REPEAT), motion(2), motion(3), motion(4, Rank.URGENT)])
    assert [one.value for one in outbox.number(1)] == [4]
    assert outbox.number(10, Rank.URGENT) == []
    assert [one.value for one in outbox.number(10)] == [2, 3, 1]


def test_a_full_allowance_drops_repeats_first_then_events_and_never_what_is_urgent(path: Path) -> None:
    with Outbox(path, max_bytes=MB // 2) as outbox:
        for batch in range(30):
            numbers = range(batch * 500, batch * 500 + 500)
            outbox.add(
                motion(n, Rank.URGENT if n % 100 == 0 else Rank.EVENT if n % 10 == 0 else Rank.REPEAT) for n in numbers
            )
        assert outbox.dropped > 0
        assert outbox.used_bytes() <= MB // 2
        left = drain(outbox)
        assert [one.value for one in left if one.rank is Rank.URGENT] == list(range(0, 15000, 100))
        assert sum(one.rank is Rank.EVENT for one in left) == 1350, "no event goes while there are repeats"
        assert len(left) + outbox.dropped == 15000
        repeats = [one.value for one in left if one.rank is Rank.REPEAT]
        assert repeats == sorted(repeats)
        assert repeats[-1] == 14999, "the oldest go first"
    with Outbox(path, max_bytes=MB // 2) as again:
        assert again.dropped == outbox.dropped, "the counter is kept in the file"


def test_dropping_leaves_no_hole_in_the_sequence_and_spares_what_was_sent(path: Path) -> None:
    with Outbox(path, max_bytes=MB // 2) as outbox:
        outbox.add(motion(n) for n in range(500))
        sent = outbox.number(500)
        for batch in range(40):
            outbox.add(motion(n) for n in range(batch * 500, batch * 500 + 500))
        assert outbox.dropped > 0
        assert outbox.sent_after(0, 0, 1000) == sent
        assert [one.seq for one in drain(outbox)] == list(range(501, outbox.in_flight + 1))


def test_the_file_stays_within_its_allowance_for_ever(path: Path) -> None:
    with Outbox(path, max_bytes=MB) as outbox:
        for _ in range(120):
            outbox.add(motion(n, random.choice([Rank.REPEAT, Rank.EVENT])) for n in range(500))
        assert path.stat().st_size < 2 * MB


def test_a_full_disk_keeps_what_is_there_and_takes_again_when_there_is_room(outbox: Outbox) -> None:
    outbox.add(motion(n) for n in range(100))
    (pages,) = outbox._db.execute("pragma page_count").fetchone()
    outbox._db.execute(f"pragma max_page_count = {pages}")  # as SQLite answers when the disk is full
    with pytest.raises(OutboxFullError):
        outbox.add(motion(n) for n in range(100, 5000))
    kept = outbox.depth
    assert kept == 100
    outbox._db.execute("pragma max_page_count = 100000")
    outbox.add([motion(1)])
    assert len(drain(outbox)) == kept + 1


def test_on_a_full_disk_a_call_for_help_takes_the_place_of_repeats(outbox: Outbox) -> None:
    outbox.add(motion(n, Rank.REPEAT) for n in range(2000))
    (pages,) = outbox._db.execute("pragma page_count").fetchone()
    outbox._db.execute(f"pragma max_page_count = {pages}")
    for n in range(300):
        outbox.add([motion(n, Rank.URGENT)])
    assert sum(one.rank is Rank.URGENT for one in drain(outbox)) == 300
    assert outbox.dropped > 0


@pytest.mark.parametrize("garbage", [b"this is no database" * 500, b"SQLite format 3\0" + b"\xff" * 8000])
def test_a_file_that_cannot_be_read_is_set_aside_and_a_new_one_begun(path: Path, garbage: bytes) -> None:
    path.write_bytes(garbage)
    with Outbox(path) as outbox:
        outbox.add([motion(1)])
        assert outbox.depth == 1
    assert (path.parent / "outbox.sqlite.broken-1").read_bytes() == garbage


def test_a_damaged_page_is_noticed_and_a_second_file_gets_a_name_of_its_own(path: Path) -> None:
    for number in (1, 2):
        with Outbox(path) as outbox:
            outbox.add(motion(n) for n in range(3000))
        with path.open("r+b") as file:
            file.seek(4096 * 2)
            file.write(os.urandom(4096 * 4))
        with Outbox(path) as outbox:
            assert outbox.depth == 0
        assert (path.parent / f"outbox.sqlite.broken-{number}").exists()


def test_a_file_that_breaks_while_it_is_in_use_is_set_aside_too(path: Path, outbox: Outbox) -> None:
    outbox.add(motion(n) for n in range(100))
    old = outbox.boot
    outbox.begin_anew()
    outbox.add([motion(1)])
    assert outbox.depth == 1
    assert outbox.boot != old, "numbers of a lost file are not given again"
    assert path.with_name("outbox.sqlite.broken-1").exists()
    with pytest.raises(OutboxInUseError):
        Outbox(path)


def test_two_gateways_cannot_use_one_outbox(path: Path, outbox: Outbox) -> None:
    with pytest.raises(OutboxInUseError):
        Outbox(path)
    outbox.add([motion(1)])


def test_numbers_taken_back_are_given_anew_under_another_boot(outbox: Outbox) -> None:
    outbox.add(motion(n) for n in range(6))
    old = outbox.boot
    outbox.number(6)
    outbox.stored(old, 2)
    outbox.take_numbers_back(old)
    again = drain(outbox)
    assert outbox.boot != old
    assert [(one.boot, one.seq, one.value) for one in again] == [(outbox.boot, n, n + 1) for n in range(1, 5)]


def test_what_the_filter_has_to_know_survives(path: Path) -> None:
    with Outbox(path) as outbox:
        outbox.add([motion(1)], {"contact front": 1.0})
    with Outbox(path) as outbox:
        assert outbox.remembered() == {"contact front": 1.0}


WRITER = """
import sys
from datetime import UTC, datetime
from pathlib import Path
from gateway.messages import Kind
from gateway.outbox import Kept, Outbox
at = datetime(2026, 3, 2, tzinfo=UTC)
with Outbox(Path(sys.argv[1])) as outbox:
    first = int(sys.argv[2])
    while True:
        outbox.add(Kept("s", Kind.MOTION, float(first + n), at) for n in range(7))
        first += 7
        print(first, flush=True)  # committed up to here
        if first % 3 == 0:
            outbox.number(5)
"""


def test_kill_9_while_writing_loses_nothing_that_was_committed(path: Path) -> None:
    chance = random.Random(5)
    next_value = 0
    for _ in range(10):
        command = [sys.executable, "-c", WRITER, str(path), str(next_value)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            assert child.stdout is not None
            for _ in range(chance.randint(1, 60)):
                committed = int(child.stdout.readline())
            time.sleep(chance.random() / 200)  # somewhere within the next ones
            child.send_signal(signal.SIGKILL)
            committed = max([committed, *(int(line) for line in child.stdout)])
        with Outbox(path) as outbox:
            values = _everything(outbox)
        assert values[:committed] == list(range(committed))
        assert len(values) - committed in (0, 7), "all of a batch or nothing"
        next_value = len(values)


def _everything(outbox: Outbox) -> list[int]:
    waiting = [row[0] for row in outbox._db.execute("select value from waiting")]
    sent = [row[0] for row in outbox._db.execute("select value from sent")]
    keys = outbox._db.execute("select boot, min(seq), max(seq), count(*) from sent group by boot").fetchall()
    assert all(high - low + 1 == count for _, low, high, count in keys), "numbers without gaps in each boot"
    return sorted(int(value) for value in waiting + sent)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(st.sampled_from(["add", "number", "stored", "restart", "take_back"]), max_size=25))
def test_every_reading_is_in_one_place_or_stored(tmp_path: Path, steps: list[str]) -> None:
    path = Path(tempfile.mkdtemp(dir=tmp_path)) / "outbox.sqlite"
    outbox, added, stored = Outbox(path), 0, 0
    for step in steps:
        if step == "add":
            outbox.add(motion(added + n) for n in range(4))
            added += 4
        elif step == "number":
            outbox.number(3)
        elif step == "stored":
            stored += outbox.stored(outbox.boot, (outbox.oldest_sent(outbox.boot) or 0) + 1)
        elif step == "restart":
            outbox.close()
            outbox = Outbox(path)
        else:
            outbox.take_numbers_back(outbox.boot)
    left = _everything(outbox)
    assert len(left) == len(set(left)) == added - stored == outbox.depth
    outbox.close()
