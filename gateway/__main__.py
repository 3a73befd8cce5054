"""`python -m gateway`: the gateway of one home, or those of many flats."""

import argparse
import json
import sys
from pathlib import Path

from gateway import flats, set_up
from gateway.contract import contract
from gateway.home_settings import HomeSettings
from gateway.main import main, read_again
from gateway.settings import described

DESCRIPTION = """\
Reads the sensors of one home from its broker, keeps their readings on disk, and
publishes them to the server's broker until the server says that they are stored.
"""

DEVICES = """

HEARTH_DEVICES names devices by address or friendly name; every part of an entry is optional:

  {"0x00158d0001020304": {"sensor": "front-door", "invert": false, "ignore": false},
   "Bedside button": {"role": "sos"}}

Roles: sos, cancel (what a press means), bed, chair (what a mat or contact is under),
door, motion (what a switch input is wired to, as in "hall/Switch1": on is open).
"""

FLATS = """\
Runs the gateways of many flats in one process, for sensors that all arrive at one broker (LoRaWAN).
Each subfolder of FOLDER is a flat:

  gateway.env and what it names: its identity, as setup --folder FOLDER/FLAT writes it
  devices.json: which devices are this flat's, as HEARTH_DEVICES says of it; it hears no others
  outbox.sqlite and what lies beside it: come by themselves

What all flats share, like the home broker and the integrations, comes from the environment; a line in
a flat's gateway.env has precedence. A new folder, or another table, is taken up within seconds.
"""

if __name__ == "__main__":
    if sys.argv[1:2] == ["setup"]:
        raise SystemExit(set_up.main(sys.argv[2:]))
    if sys.argv[1:2] == ["flats"]:
        many = argparse.ArgumentParser(
            prog="python -m gateway flats", description=FLATS, formatter_class=argparse.RawDescriptionHelpFormatter
        )
        many.add_argument("folder", type=Path, metavar="FOLDER")
        flats.main(many.parse_args(sys.argv[2:]).folder.resolve())
        raise SystemExit(0)
    parser = argparse.ArgumentParser(
        prog="python -m gateway",
        description=DESCRIPTION,
        epilog=described(HomeSettings) + DEVICES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "what",
        nargs="?",
        choices=["setup", "flats", "reread", "contract"],
        help="setup: get this gateway's identity with a claim code (more with setup --help); "
        "flats: run the gateways of many flats at once (more with flats --help); "
        "reread: read the kept messages again after a mapping was mended (stop the gateway first); "
        "contract: print the MQTT contract as JSON Schema",
    )
    what = parser.parse_args().what
    if what == "reread":
        read_again()
    elif what == "contract":
        print(json.dumps(contract(), indent=2))
    else:
        main()
