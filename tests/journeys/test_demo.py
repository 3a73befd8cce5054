"""`make run` as a person meets it: it starts, tells what it will do, stops, and leaves nothing running."""

import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import httpx
import psutil
import pytest

from simulators.postgres import data_folder
from tests.conftest import KINDS, missing
from tests.waiting import until

READY_S, STOPPED_S = 90, 30


class Run:
    """One `python -m simulators demo` on a folder."""

    def __init__(self, folder: Path) -> None:
        self.output = folder / "output.txt"
        command = [sys.executable, "-m", "simulators", "demo", "--folder", str(folder / "kept")]
        with self.output.open("wb") as output:
            self.process = subprocess.Popen(command, stdout=output, stderr=subprocess.STDOUT)

    @property
    def said(self) -> str:
        return self.output.read_text()

    def ready(self) -> None:
        until(lambda: "Hearthlight is running" in self.said or self.process.poll() is not None, READY_S)
        assert self.process.poll() is None, self.said

    def family(self) -> set[psutil.Process]:
        """Every process of this run, the grandchildren too."""
        return set(psutil.Process(self.process.pid).children(recursive=True))

    def page(self, name: str) -> str:
        found = re.search(rf"{name} +(http://\S+)", self.said)
        assert found, self.said
        return found[1]


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    """A folder for runs; whatever happens, none of their processes outlives the test."""
    yield tmp_path
    subprocess.run(_forget(tmp_path), check=False, capture_output=True)


def _forget(folder: Path) -> list[str]:
    return [sys.executable, "-m", "simulators", "demo", "--folder", str(folder / "kept"), "--forget"]


def living(processes: set[psutil.Process]) -> set[psutil.Process]:
    return {one for one in processes if one.is_running() and _state(one) != psutil.STATUS_ZOMBIE}


def is_ingest(process: psutil.Process) -> bool:
    with suppress(psutil.Error):  # it may end, or just have begun, while we look
        return process.cmdline()[-1:] == ["ingest"]
    return False


def _state(process: psutil.Process) -> str:
    with suppress(psutil.NoSuchProcess):
        return process.status()
    return psutil.STATUS_ZOMBIE


def test_the_demo_starts_heals_stops_and_goes_on_the_next_morning(folder: Path) -> None:
    first = Run(folder)
    first.ready()
    assert "Peter at Rose Cottage" in first.said
    assert httpx.get(first.page("Pages"), follow_redirects=True).is_success
    assert "Anna" in httpx.get(first.page("Phones")).text
    assert len((folder / "kept" / "answer-key.jsonl").read_text().splitlines()) == 10

    second = subprocess.run(first.process.args, capture_output=True, text=True, timeout=30, check=False)
    assert second.returncode == 1
    assert "already running" in second.stderr

    ingest = next(one for one in first.family() if is_ingest(one))
    ingest.kill()
    until(lambda: "The ingest stopped by itself" in first.said)
    until(lambda: any(is_ingest(one) for one in living(first.family()) - {ingest}))

    processes = first.family()
    assert len(processes) > 15
    first.process.send_signal(signal.SIGTERM)
    assert first.process.wait(STOPPED_S) == 0, first.said
    assert living(processes) == set()

    again = Run(folder)
    again.ready()
    assert "Jean at 4 Mill Lane" in again.said, "the next home has its turn"
    processes = again.family()
    again.process.send_signal(signal.SIGINT)
    again.process.send_signal(signal.SIGINT)
    assert again.process.wait(STOPPED_S) == 0, again.said
    assert living(processes) == set()


def test_what_a_killed_demo_leaves_behind_is_ended_by_the_next_command(folder: Path) -> None:
    run = Run(folder)
    until(lambda: any(is_ingest(one) for one in run.family()), READY_S)
    processes = run.family()
    data = [data_folder(folder / "kept" / kind, kind) for kind in KINDS if not missing(kind)]
    assert any(one.exists() for one in data)
    run.process.kill()
    run.process.wait()
    assert living(processes), "a killed parent cannot stop its children"
    subprocess.run(_forget(folder), check=True, timeout=60)
    until(lambda: living(processes) == set())
    assert not (folder / "kept").exists()
    assert not any(one.exists() for one in data)


def test_a_demo_stopped_while_it_starts_leaves_nothing(folder: Path) -> None:
    run = Run(folder)
    until(lambda: len(run.family()) >= 3, READY_S)
    processes = run.family()
    run.process.send_signal(signal.SIGINT)
    assert run.process.wait(STOPPED_S) == 0, run.said
    assert "Hearthlight is running" not in run.said
    assert living(processes) == set()
