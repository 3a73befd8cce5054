"""`python -m simulators quality` (`make quality`): how good the rules are on recorded homes. Minutes; never a test."""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from multiprocessing import get_context
from pathlib import Path

from alerts.replaying.rule_files import load
from alerts.replaying.suggest import suggest
from alerts.rules import RuleSettings, UnusualQuiet
from simulators.quality.measuring import Figures, measure
from simulators.quality.recorded import ZONE, Home, folder, recorded
from simulators.quality.shipped import SHIPPED
from simulators.quality.table import RESAMPLES, is_good, least_room, render

OTHER_LIMITS = (0.25, -0.25)

REPORT = Path(".hearthlight/quality.md")

RulesOf = Callable[[Home], Sequence[RuleSettings]]


def main(argv: list[str]) -> int:
    asked = _parser().parse_args(argv)
    file = folder() / "tihm_activity_dev.csv.gz"
    if not file.is_file():
        print(f"No recorded homes here ({file.parent}): set HEARTH_TEST_DATA to the folder that holds tihm/.")
        return 0
    homes = recorded(file)[:: asked.every]
    began = time.monotonic()
    results: dict[str, Sequence[Figures]] = {}
    for name, rules_of in _sets(asked.rules, asked.only).items():
        results[name] = _all(homes, rules_of, asked.processes)
    if asked.rules is None and asked.only is None and not asked.quick:
        results["chosen on other homes"] = _crossed(homes, results["accepted suggestions"], asked.processes)
    text = render(results, asked.resamples)
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(text)
    print(f"{text}\n{len(homes)} homes in {time.monotonic() - began:.0f} s; also in {REPORT}")
    return 0 if all(is_good(figures) for figures in results.values()) else 1


def shipped(home: Home) -> Sequence[RuleSettings]:  # noqa: ARG001 - the same for every home
    """What a new home is given before anything is known of it."""
    return SHIPPED


def learned(home: Home) -> Sequence[RuleSettings]:
    """What is suggested from its first days, accepted as it stands."""
    return suggest(home.learning, ZONE).rules


def stricter_by(by: float, home: Home) -> Sequence[RuleSettings]:
    """The same with another limit of quiet: the constant on which most of the table depends."""
    return [
        rule.model_copy(update={"limit": rule.limit - by}) if isinstance(rule, UnusualQuiet) else rule
        for rule in learned(home)
    ]


def _crossed(homes: Sequence[Home], accepted: Sequence[Figures], processes: int) -> list[Figures]:
    """Each half of the homes under the limit that is best for the other half, as homes nobody looked at would fare.

    Best is what leaves the line nearest to its bound the most room.
    """
    tried = [accepted, *(_all(homes, partial(stricter_by, by), processes) for by in OTHER_LIMITS)]
    return across(tried, [home.name for home in homes], least_room)


def across(
    tried: Sequence[Sequence[Figures]], names: Sequence[str], room: Callable[[Sequence[Figures]], float]
) -> list[Figures]:
    """The figures of each half of the homes under what has the most room on the other half."""
    halves = [set(names[first::2]) for first in (0, 1)]
    found: list[Figures] = []
    for own, other in (halves, halves[::-1]):
        best = max(tried, key=lambda figures: room([one for one in figures if one.home in other]))
        found.extend(one for one in best if one.home in own)
    return found


def from_file(file: Path, home: Home) -> Sequence[RuleSettings]:
    return load(file).of(home.name)


def _sets(file: Path | None, only: str | None) -> dict[str, RulesOf]:
    if file is not None:
        return {file.name: partial(from_file, file)}
    both = {"shipped defaults": partial(shipped), "accepted suggestions": partial(learned)}
    return {name: rules for name, rules in both.items() if only is None or name.startswith(only)}


def _all(homes: Sequence[Home], rules_of: RulesOf, processes: int) -> list[Figures]:
    if processes == 1:
        return [_one(home, rules_of) for home in homes]
    with get_context("fork").Pool(processes) as pool:
        return pool.map(partial(_one, rules_of=rules_of), sorted(homes, key=lambda h: -len(h.measured)), chunksize=1)


def _one(home: Home, rules_of: RulesOf) -> Figures:
    figures = measure(home, rules_of(home))
    figures.delays, figures.counts, figures.kinds = dict(figures.delays), dict(figures.counts), dict(figures.kinds)
    print(f"  {home.name}: {figures.days} days", file=sys.stderr, flush=True)
    return figures


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m simulators quality",
        description="Measure detection and false alerts on recorded homes with made-up emergencies, as a table.",
    )
    parser.add_argument("--rules", type=Path, metavar="RULES.json", help="measure these rules, not the two usual sets")
    parser.add_argument("--only", choices=("shipped", "accepted"), help="measure only one of the two usual sets")
    parser.add_argument("--quick", action="store_true", help="do not choose a limit on half of the homes for the other")
    parser.add_argument("--every", type=int, default=1, metavar="N", help="only every Nth home, for a quick look")
    parser.add_argument("--processes", type=int, default=2, metavar="N", help="work in N processes (2)")
    parser.add_argument("--resamples", type=int, default=RESAMPLES, metavar="N", help="of the bootstrap; 0: none")
    return parser
