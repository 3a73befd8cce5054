"""`python -m simulators`: what stands in for the outside world."""

import sys
from collections.abc import Callable

HELP = """\
usage: python -m simulators PART [options]

  demo         the whole product on this machine, with ten simulated homes (what `make run` starts)
  street       ten homes whose devices publish as Zigbee2MQTT does, by day and night
  phone        Twilio's API and webhooks on loopback, and a page to read and answer texts
  replay       recorded homes (home,time,sensor) through a gateway, the broker and the ingest
  conformance  test a gateway of your own against the MQTT contract, point by point
  score        recorded messages of devices through all adapters: right, unknown, wrong
  probe        a made-up home on a real platform: a door at night, the text, the reply, timed
  bench        measure the speed and report medians
  quality      measure detection and false alerts on recorded homes
  timescaledb  say which database servers can be had on this machine

Each part tells more with --help."""


def _demo(argv: list[str]) -> int | None:
    from simulators.demo.main import main  # each part imports only what it needs

    return main(argv)


def _street(argv: list[str]) -> int | None:
    from simulators.street.main import main

    main(argv)
    return 0


def _phone(argv: list[str]) -> int | None:
    from simulators.phone.main import main

    main(argv)
    return 0


def _replay(argv: list[str]) -> int | None:
    from simulators.replay import main

    return main(argv)


def _score(argv: list[str]) -> int | None:
    from simulators.score import main

    return main(argv)


def _conformance(argv: list[str]) -> int | None:
    from simulators.conformance.main import main

    return main(argv)


def _probe(argv: list[str]) -> int | None:
    from simulators.probe.main import main

    return main(argv)


def _bench(argv: list[str]) -> int | None:
    from simulators.bench.main import main

    return main(argv)


def _quality(argv: list[str]) -> int | None:
    from simulators.quality.main import main

    return main(argv)


def _timescaledb(argv: list[str]) -> int | None:
    from simulators.postgres import main

    return main(argv)


PARTS: dict[str, Callable[[list[str]], int | None]] = {
    "demo": _demo,
    "street": _street,
    "phone": _phone,
    "replay": _replay,
    "conformance": _conformance,
    "score": _score,
    "probe": _probe,
    "bench": _bench,
    "quality": _quality,
    "timescaledb": _timescaledb,
}


def main(argv: list[str]) -> int:
    if argv and argv[0] in PARTS:
        return PARTS[argv[0]](argv[1:]) or 0
    asked = bool(argv) and argv[0] in ("-h", "--help")
    print(HELP, file=sys.stdout if asked else sys.stderr)
    return 0 if asked else 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
