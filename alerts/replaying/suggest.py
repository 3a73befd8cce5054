"""`python -m alerts suggest`: rules proposed from the first weeks of recorded homes, as a file for people to accept."""

import argparse
import sys
from collections.abc import Iterable
from pathlib import Path
from zoneinfo import ZoneInfo

from alerts.folding import Plain
from alerts.replaying.habits import measure
from alerts.replaying.proposing import Proposal, propose
from alerts.replaying.replay_rows import BadReadingsError, Row, opened, rows
from alerts.replaying.rule_files import EVERY_HOME, BadRulesFileError, Placed, RulesFile, load, save, short, zone_named
from gateway.messages import GATEWAY_SENSOR

FEWEST_DAYS, MOST_DAYS = 7, 28
_DAY_S = 24 * 3600.0

__all__ = ["main", "proposed", "suggest"]


def suggest(readings: Iterable[Plain], zone: ZoneInfo) -> Proposal:
    """What to propose for one home of which these readings are known."""
    return propose(measure(readings, zone))


def proposed(
    given: Iterable[Row], zone: ZoneInfo, days: int, sensors: dict[str, Placed] | None = None
) -> dict[str, Proposal]:
    """For each home, from the first `days` days after its first reading.

    Held in memory: those days of the homes that have not had them yet.
    """
    placed = dict(sensors or {})
    learning: dict[str, list[Plain]] = {}
    ends: dict[str, float] = {}
    found: dict[str, Proposal] = {}
    for home, at, sensor, value, _ in given:
        if home in found or sensor == GATEWAY_SENSOR:
            continue
        if at > ends.setdefault(home, at + days * _DAY_S):
            found[home] = suggest(learning.pop(home), zone)
            continue
        one = placed.get(sensor) or placed.setdefault(sensor, Placed.by_name(sensor))
        reading = (at, one.place or sensor, one.role, one.reports, 1.0 if value is None else value)
        learning.setdefault(home, []).append(reading)
    return {**found, **{home: suggest(readings, zone) for home, readings in learning.items()}}


def main(argv: list[str]) -> int:
    asked = _parser().parse_args(argv)
    try:
        zone = zone_named(asked.zone)
        sensors = dict(load(asked.sensors).sensors) if asked.sensors else {}
        with opened(asked.readings) as lines:
            found = proposed(rows(lines, zone), zone, asked.days, sensors)
        save(_file(found, asked.zone, sensors), asked.out)
    except (BadReadingsError, BadRulesFileError, OSError, ValueError) as error:
        print(f"Nothing can be suggested: {error}", file=sys.stderr)
        return 2
    print(f"Rules for {len(found)} homes written to {asked.out}. Nothing applies until somebody accepts it.")
    return 0


def _file(found: dict[str, Proposal], zone: str, sensors: dict[str, Placed]) -> RulesFile:
    usual = propose(measure((), zone_named(zone)))
    every = {home: one.rules for home, one in [(EVERY_HOME, usual), *found.items()]}
    return RulesFile.model_validate(
        {
            "version": 1,
            "zone": zone,
            "sensors": {name: one.model_dump(mode="json") for name, one in sensors.items()},
            "homes": {home: [short(rule) for rule in rules] for home, rules in every.items()},
            "evidence": {home: list(one.evidence) for home, one in found.items()},
        }
    )


def _days(text: str) -> int:
    days = int(text)
    if not FEWEST_DAYS <= days <= MOST_DAYS:
        raise argparse.ArgumentTypeError(f"from {FEWEST_DAYS} to {MOST_DAYS} days")
    return days


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m alerts suggest",
        description="Propose rules for recorded homes (CSV: home,time,sensor) from the first days of each.",
    )
    parser.add_argument("readings", type=Path, metavar="READINGS.csv[.gz]")
    parser.add_argument("--days", type=_days, default=14, metavar="N", help="from so many days (7 to 28; default 14)")
    parser.add_argument("--out", type=Path, required=True, metavar="RULES.json")
    parser.add_argument("--sensors", type=Path, metavar="RULES.json", help="a file that says what each sensor is")
    parser.add_argument("--zone", default="Europe/London", metavar="ZONE", help="of local times (Europe/London)")
    return parser
