"""`python -m alerts replay`: recorded homes through the same judging as live, without a database.

Each home has a clock of its own, which follows the order of arrival. Homes may stand one after
the other in the file or be mixed; what is held of a home is its picture and what has not arrived.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO
from zoneinfo import ZoneInfo

from alerts.ledger import Ledger
from alerts.replaying.around import Around
from alerts.replaying.clocks import in_order_of_arrival, mended
from alerts.replaying.fleet_pass import FleetPass, Found
from alerts.replaying.lines import Line
from alerts.replaying.replay_home import HomeReplay
from alerts.replaying.replay_rows import BadReadingsError, Row, opened, rows
from alerts.replaying.rule_files import BadRulesFileError, RulesFile, load, zone_named
from gateway.messages import GATEWAY_SENSOR, Kind
from ingest.kinds import ACTIVITY_KINDS

__all__ = ["Replay", "main"]

_HORIZON_S = 4 * 24 * 3600.0
"""So long before the time from which it is asked, a home is judged already."""


_Sensor = tuple[str, str, Kind, float, bool]
"""Place, role, kind, the value where the file gives none, and whether its readings are never urgent."""


class Replay:
    """Readings of many homes in; lines out."""

    def __init__(
        self,
        rules: RulesFile,
        zone: ZoneInfo,
        out: Callable[[Line], None],
        *,
        assume_covered: bool = False,
        between: tuple[float, float] = (0.0, float("inf")),
        ledger: Ledger = (),
    ) -> None:
        self.rules, self.zone, self.assume_covered, self.ledger = rules, zone, assume_covered, ledger
        self.between, self.told = between, out
        self.homes: dict[str, HomeReplay] = {}
        self.sensors: dict[str, _Sensor] = {}
        self.read = 0

    def play(self, given: Iterable[Row]) -> None:
        """Readings that each arrive as they happen."""
        homes, sensors, until = self.homes, self.sensors, self.between[1]
        count = 0
        for home, at, sensor, value, arrived in given:
            count += 1
            if arrived >= until:
                continue
            place, role, kind, usual, plain = sensors.get(sensor) or self._placed(sensor)
            replay = homes.get(home) or self._home(home)
            reading = (at, place, role, kind, usual if value is None else value)
            if plain and at == arrived and replay.clock <= at <= replay.plain_until:
                replay.clock = at
                replay.pending.append(reading)
            else:
                replay.take(arrived, reading)
        self.read += count

    def finish(self) -> None:
        for replay in self.homes.values():
            replay.finish()

    def _home(self, home: str) -> HomeReplay:
        replay = self.homes[home] = HomeReplay(
            home,
            self.rules.of(home),
            self.zone,
            self._out,
            assume_covered=self.assume_covered,
            judge_from_s=self.between[0] - _HORIZON_S,
            around=Around(ledger=self.ledger),
        )
        return replay

    def _placed(self, sensor: str) -> "_Sensor":
        """A door that does not say which way it went is taken as opened: at night that is the safe side."""
        if sensor == GATEWAY_SENSOR:
            found = (sensor, "gateway", Kind.BEAT, 0.0, False)
        else:
            placed = self.rules.placed(sensor)
            plain = placed.reports is Kind.MOTION or placed.role in ("fridge_door", "inside_door")
            found = (placed.place or sensor, str(placed.role), placed.reports, 1.0, plain)
        self.sensors[sensor] = found
        return found

    def _out(self, line: Line) -> None:
        if self.between[0] <= line.raised_at.timestamp() < self.between[1]:
            self.told(line)


def main(argv: list[str]) -> int:
    asked = _parser().parse_args(argv)
    try:
        count, found = _replay(asked)
    except (BadRulesFileError, BadReadingsError, OSError, ValueError) as error:
        print(f"The replay cannot be done: {error}", file=sys.stderr)
        return 2
    print(f"{count} readings replayed, {found} lines written to {asked.out}")
    return 0


def _replay(asked: argparse.Namespace) -> tuple[int, int]:
    rules = load(asked.rules)
    zone = zone_named(asked.zone or rules.zone or "Europe/London")
    between = (_moment(asked.from_, zone, 0.0), _moment(asked.until, zone, float("inf")))
    outages = _fleet(asked, rules, zone) if asked.fleet else []
    found = 0
    with opened(asked.readings) as lines, asked.out.open("w", encoding="utf-8") as file:

        def write(line: dict[str, Any]) -> None:
            nonlocal found
            found += 1
            file.write(json.dumps(line) + "\n")

        for number, outage in enumerate(outages, 1):
            if between[0] <= outage.found_at.timestamp() < between[1]:
                write(outage.to_json(number))
        replay = Replay(
            rules,
            zone,
            lambda line: write(line.to_json()),
            assume_covered=asked.assume_covered,
            between=between,
            ledger=[one.outage for one in outages],
        )
        replay.play(_given(asked, lines, zone))
        replay.finish()
    return replay.read, found


def _given(asked: argparse.Namespace, lines: TextIO, zone: ZoneInfo) -> Iterable[Row]:
    given = rows(lines, zone, asked.arrivals)
    return mended(in_order_of_arrival(given)) if asked.arrivals else given


def _fleet(asked: argparse.Namespace, rules: RulesFile, zone: ZoneInfo) -> list[Found]:
    """The file is read once before it is judged: homes may stand one after the other in it."""
    watch = FleetPass(zone)
    signs: dict[str, bool] = {}
    with opened(asked.readings) as lines:
        for home, at, sensor, _, arrived in _given(asked, lines, zone):
            if sensor == GATEWAY_SENSOR:
                watch.hear_beat(home, arrived)
            elif signs.setdefault(sensor, rules.placed(sensor).reports in ACTIVITY_KINDS):
                watch.hear_sign(home, at, arrived)
    return watch.outages()


def _moment(text: str | None, zone: ZoneInfo, otherwise: float) -> float:
    if text is None:
        return otherwise
    at = datetime.fromisoformat(text)
    return (at if at.tzinfo else at.replace(tzinfo=zone)).timestamp()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m alerts replay",
        description="Judge recorded homes (CSV: home,time,sensor and optionally value, arrived) by rules from a file.",
    )
    parser.add_argument("readings", type=Path, metavar="READINGS.csv[.gz]")
    parser.add_argument("--rules", type=Path, required=True, metavar="RULES.json")
    parser.add_argument("--out", type=Path, required=True, metavar="ALERTS.jsonl")
    parser.add_argument("--from", dest="from_", metavar="T", help="tell only what was raised from this time on")
    parser.add_argument("--until", metavar="T", help="and before this one; read no further")
    parser.add_argument("--arrivals", metavar="COLUMN", help="the column that says when a reading arrived")
    parser.add_argument(
        "--fleet", action="store_true", help="also say when all homes fell silent together, and hold it against none"
    )
    parser.add_argument("--assume-covered", action="store_true", help="take a home without any beat as seen throughout")
    parser.add_argument("--zone", metavar="ZONE", help="of local times; otherwise the file's, or Europe/London")
    return parser
