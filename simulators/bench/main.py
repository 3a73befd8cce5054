"""`python -m simulators bench` (`make bench`): how fast the parts are, as a table of medians. Never a test."""

import argparse
import os
import platform
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from statistics import median

from simulators import postgres
from simulators.bench import Row

PARTS = {
    "saving": "readings from the broker into the database",
    "judging": "homes that all fall due in the same minute",
    "replaying": "recorded homes from a file, without a database",
    "telling": "hundreds of homes that call for help at once, and the answers",
    "gateway": "a gateway's start, and its memory with a week to send",
    "path": "from a sensor's event to the text handed over, and each service's memory",
}
REPORT = Path(".hearthlight/bench.md")


def main(argv: list[str]) -> int:
    parser = argparse.ArgumentParser(
        prog="python -m simulators bench",
        description=f"Measure and print medians as a Markdown table, which is also written to {REPORT}. Parts: "
        + "; ".join(f"{name} ({what})" for name, what in PARTS.items()),
    )
    parser.add_argument("part", nargs="*", type=_part, metavar="PART", help="measure only these")
    wanted = parser.parse_args(argv).part or list(PARTS)
    rows: list[Row] = []
    for name in wanted:
        rows += _measured(name)
        _keep(report(rows, machine()))  # what is measured is kept, should a later part fail
    print(REPORT.read_text())
    return 0


def _keep(text: str) -> None:
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(text)


def _part(name: str) -> str:
    if name not in PARTS:
        raise argparse.ArgumentTypeError(f"the parts are {', '.join(PARTS)}")
    return name


def _measured(name: str) -> list[Row]:
    print(f"Measuring {PARTS[name]} ...", flush=True)
    run: Callable[[], list[Row]] = import_module(f"simulators.bench.{name}").run
    return run()


def machine() -> str:
    """What the figures were measured on."""
    root = postgres.timescaledb_root()
    kinds = "PostgreSQL 17 with TimescaleDB" if root else "embedded PostgreSQL (no TimescaleDB here)"
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}; {kinds}"


def report(rows: Sequence[Row], where: str) -> str:
    """The table in Markdown: medians, with each run's value behind them."""
    lines = [f"Measured on {where}.", "", "| what | median | aim | each run | limited by |", "|---|---:|---|---|---|"]
    for row in rows:
        each = ", ".join(_number(value) for value in row.values[:10]) + (" ..." if len(row.values) > 10 else "")
        middle = f"{_number(median(row.values))} {row.unit}" if row.values else "not measured"
        lines.append(f"| {row.what} | {middle} | {row.aim} | {each} | {row.limit} |")
    return "\n".join(lines) + "\n"


def _number(value: float) -> str:
    """Three digits that matter, thousands parted."""
    if value >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"
