"""The two commands and their kin: what `make` tells about itself, and what the scripts refuse."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def test_make_alone_explains_each_target() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"^([a-z]+):", makefile, re.MULTILINE))
    told = subprocess.run(["make", "-C", str(ROOT)], capture_output=True, text=True, check=True).stdout
    lines = dict(line.split(None, 1) for line in told.splitlines() if re.match(r"[a-z]+ ", line))
    assert targets == lines.keys() - {"make"}
    assert {"run", "test", "bench", "lint", "types", "timescaledb", "lock", "clean", "wheel"} <= targets


def test_a_missing_python_is_one_clear_line() -> None:
    made = subprocess.run(["deploy/make-venv", "python2.9"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert made.returncode == 1
    assert made.stderr.count("\n") == 1
    assert "Python 3.11 or newer" in made.stderr


def test_what_is_there_is_not_installed_again() -> None:
    """`sh` stands for a part that every machine has."""
    again = subprocess.run(["deploy/install-parts", "sh"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert again.stdout == ""


def test_each_simulator_explains_itself() -> None:
    told = subprocess.run([sys.executable, "-m", "simulators", "--help"], capture_output=True, text=True, check=True)
    for part in ("demo", "street", "phone", "replay", "bench", "timescaledb"):
        assert re.search(rf"^  {part} ", told.stdout, re.MULTILINE)
        own = subprocess.run([sys.executable, "-m", "simulators", part, "--help"], capture_output=True, check=False)
        assert own.returncode == 0, own.stderr


def test_an_unknown_simulator_is_refused() -> None:
    assert (
        subprocess.run([sys.executable, "-m", "simulators", "weather"], capture_output=True, check=False).returncode
        == 2
    )
