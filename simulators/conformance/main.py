"""`python -m simulators conformance`: test an own gateway against the contract."""

import argparse
import os
import sys
from datetime import timedelta
from pathlib import Path

from gateway.clock import Clock
from simulators.conformance.hearing import Ear, NoBrokerError, Way
from simulators.conformance.playing import Plan, Play
from simulators.conformance.points import Judged, judge
from simulators.conformance.verdicts import Outcome

DESCRIPTION = """\
Plays the server on a broker and tests one gateway against the contract
(python -m gateway contract). Use a broker of your own, not one that serves homes:
"stored" is withheld, the gateway's line is cut twice, nonsense is sent on each of its topics,
a config is sent and taken back, and a walk test is begun and ended.
Start the gateway after this, and let a sensor speak."""
EXIT = """\
Ends with 0 where every point that was tried passes, 1 where one fails, 2 where there is no broker.
What a gateway may do without (config, pictures, walk test) is reported as not offered."""
OFF_BY_S = 60.0
OFF_BY_REAL_S = 3.0
FOLLOWS_S = 5.0


def main(argv: list[str]) -> int:
    wanted = _parser().parse_args(argv)
    clock = Clock.parse(os.environ["HEARTH_CLOCK"]) if "HEARTH_CLOCK" in os.environ else Clock()
    host, _, port = wanted.broker.rpartition(":")
    way = Way(host, int(port), wanted.user, _password(wanted), wanted.ca)
    plan = Plan(
        wanted.gateway,
        wanted.client_id or wanted.gateway,
        wait_s=wanted.wait,
        patience_s=wanted.patience,
        beats_s=wanted.beats,
        off_by_most=timedelta(seconds=max(OFF_BY_S, OFF_BY_REAL_S * clock.speed)),
        by_hand=wanted.by_hand,
        follows_within=timedelta(seconds=FOLLOWS_S * clock.speed),
    )
    try:
        ear = Ear(way, wanted.gateway, clock.now)
    except NoBrokerError as error:
        print(error, file=sys.stderr)
        return 2
    try:
        judged = judge(Play(ear, plan, clock.now, lambda text: print(text, flush=True)).run())
    finally:
        ear.close()
    print(report(wanted.gateway, judged))
    return int(any(one.verdict.outcome is Outcome.FAIL for one in judged))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m simulators conformance",
        description=DESCRIPTION,
        epilog=EXIT,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--broker", required=True, type=_address, metavar="HOST:PORT", help="where both meet")
    parser.add_argument("--gateway", required=True, help="the gateway's id")
    parser.add_argument("--user", help="the server's user name there")
    parser.add_argument(
        "--password", type=Path, metavar="FILE", help="file with the password; else $HEARTH_BROKER_PASSWORD"
    )
    parser.add_argument("--ca", metavar="FILE", help="speak TLS, and trust who has this certificate")
    parser.add_argument("--client-id", help="the gateway's client id, to cut its line; its id unless given")
    parser.add_argument("--by-hand", action="store_true", help="you cut its line when asked")
    parser.add_argument("--wait", type=float, default=330, metavar="S", help="for the first reading (330)")
    parser.add_argument("--patience", type=float, default=90, metavar="S", help="for what is to be sent again (90)")
    parser.add_argument(
        "--beats", type=float, default=620, metavar="S", help="for two beats (620); 0: do not test them"
    )
    return parser


def _address(text: str) -> str:
    host, _, port = text.rpartition(":")
    if not host or not port.isdigit():
        raise argparse.ArgumentTypeError("write it as HOST:PORT, as in 127.0.0.1:1883")
    return text


def _password(wanted: argparse.Namespace) -> str | None:
    if wanted.password is None:
        return os.environ.get("HEARTH_BROKER_PASSWORD")
    return str(wanted.password.read_text().strip())


def report(gateway: str, judged: list[Judged]) -> str:
    """A line a point, with what was expected under each that fails."""
    lines = ["", f"{gateway} against the contract, version 1", ""]
    for one in judged:
        lines.append(f"  {one.verdict.outcome:11}  {one.point.name:16}  {one.verdict.said}")
        if one.verdict.outcome is Outcome.FAIL:
            lines.append(f"  {'':11}  {'':16}  expected: {one.point.expected}")
    counts = {outcome: sum(one.verdict.outcome is outcome for one in judged) for outcome in Outcome}
    counted = f"{counts[Outcome.PASS]} pass, {counts[Outcome.FAIL]} fail"
    rest = f"{counts[Outcome.NOT_TRIED]} not tried, {counts[Outcome.NOT_OFFERED]} not offered"
    return "\n".join([*lines, "", f"{counted}, {rest}"])
