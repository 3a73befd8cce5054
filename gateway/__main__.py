"""`python -m gateway`: the gateway of one home."""

import argparse

from gateway.home_settings import help_text
from gateway.main import main

DESCRIPTION = """\
Reads the sensors of one home from its broker, keeps their readings on disk, and
publishes them to the server's broker until the server says that they are stored.
"""

if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        prog="python -m gateway",
        description=DESCRIPTION,
        epilog=help_text(),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.parse_args()
    main()
