"""`python -m simulators street`: ten homes whose devices speak as Zigbee2MQTT does."""

import argparse
import signal
from datetime import datetime
from pathlib import Path

from gateway.clock import Clock, ClockSetting
from gateway.settings import Settings, read
from simulators.street.lines import Lines
from simulators.street.live import Street
from simulators.street.script import Script


class StreetSettings(Settings):
    """The street's clock comes from HEARTH_CLOCK, as everybody's does."""

    clock: ClockSetting = Clock()


def main(argv: list[str]) -> None:
    arguments = _parser().parse_args(argv)
    clock = read(StreetSettings).clock
    script = Script.load(arguments.script) if arguments.script else Script(seed=arguments.seed)
    ports = dict(_line(text) for text in arguments.line)
    lines = Lines(ports, arguments.server_port) if ports else None
    street = Street(script, arguments.home_broker_port, lines, arguments.key)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: street.stopping.set())
    street.live(clock, arguments.since or clock.now())


def _line(text: str) -> tuple[str, int]:
    gateway, _, port = text.partition("=")
    return gateway, int(port)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m simulators street",
        description="Ten homes with ten residents, whose devices publish as Zigbee2MQTT does, "
        "each home below its own base topic. HEARTH_CLOCK sets the clock. Ends with Ctrl-C.",
    )
    parser.add_argument("--home-broker-port", type=int, default=1883, help="the homes' broker on loopback (1883)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same days (1)")
    parser.add_argument("--script", type=Path, help="a file with seed and stories, as the demo writes it")
    parser.add_argument("--since", type=datetime.fromisoformat, help="begin here and catch up with the clock (now)")
    parser.add_argument("--key", type=Path, help="append the answer key to this file, as JSON lines")
    parser.add_argument(
        "--line", action="append", default=[], metavar="GATEWAY=PORT", help="serve a gateway's line here"
    )
    parser.add_argument(
        "--server-port", type=int, default=1884, help="the server's broker, where the lines lead (1884)"
    )
    return parser
