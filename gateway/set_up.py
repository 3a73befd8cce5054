"""`python -m gateway setup URL`: trades a claim code for this gateway's identity and writes it down.

Needs nothing but Python's own library for the network. The code is spent only when the files can be
written, and an identity that is there is never overwritten by accident.
"""

import argparse
import os
import shlex
import ssl
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import IntEnum
from pathlib import Path

from gateway.claim import Claimed, Refused, tidy
from gateway.claim_request import NoAnswerError, RefusedError, ask, checked_url

ENV, PASSWORD, CA = "gateway.env", "gateway.password", "broker-ca.pem"


class Exit(IntEnum):
    """How it ended, for scripts."""

    DONE = 0
    CANNOT_START = 2  # the address, the folder, or an identity that is there
    WRONG_CODE = 3
    USED_CODE = 4
    EXPIRED_CODE = 5
    TOO_MANY_CODES = 6
    NO_ANSWER = 7


_REFUSALS = {
    Refused.WRONG: (Exit.WRONG_CODE, "There is no such code. Check it letter by letter and try again."),
    Refused.USED: (Exit.USED_CODE, "This code has been used already. Ask your coordinator for a new one."),
    Refused.EXPIRED: (Exit.EXPIRED_CODE, "This code is too old, or a newer one took its place. Ask for a new one."),
    Refused.TOO_MANY: (Exit.TOO_MANY_CODES, "Too many wrong codes were tried from here. Wait an hour and try again."),
}


class NotSetUpError(Exception):
    """Nothing was set up; the sentence says why and what to do."""

    def __init__(self, code: Exit, sentence: str) -> None:
        super().__init__(sentence)
        self.code = code


def main(arguments: list[str]) -> int:
    """The process's exit code, one of Exit."""
    given = _parser().parse_args(arguments)
    folder = given.folder.resolve()
    try:
        url = _checked(given.url)
        _check_folder(folder, again=given.again)
        claimed = _claim(url, _code(given.code))
        _write(folder, claimed)
    except NotSetUpError as error:
        print(error, file=sys.stderr)
        return error.code
    print(_next_steps(folder, claimed))
    return Exit.DONE


def _checked(url: str) -> str:
    try:
        return checked_url(url)
    except ValueError as error:
        raise NotSetUpError(Exit.CANNOT_START, str(error)) from None


def _check_folder(folder: Path, *, again: bool) -> None:
    """Before the code is spent: nothing is overwritten unasked, and the files can be written."""
    if not again and any((folder / name).exists() for name in (ENV, PASSWORD)):
        sentence = f"There is a gateway's identity in {folder} already. To replace it for good, add --again."
        raise NotSetUpError(Exit.CANNOT_START, sentence)
    try:
        with tempfile.TemporaryFile(dir=folder) as tried:
            tried.write(b" ")
    except OSError as error:
        raise NotSetUpError(Exit.CANNOT_START, f"Nothing can be written in {folder}: {error.strerror}.") from None


def _code(given: str | None) -> str:
    typed = given
    if typed is None:
        with suppress(EOFError):
            typed = input("Claim code: ")
    code = tidy(typed or "")
    if code is None:
        raise NotSetUpError(Exit.WRONG_CODE, "That is no claim code. One looks like K7PM-2QXW-9HTD-4RVB.")
    return code


def _claim(url: str, code: str) -> Claimed:
    try:
        return ask(url, code, ssl.create_default_context())
    except RefusedError as error:
        raise NotSetUpError(*_REFUSALS[error.why]) from None
    except NoAnswerError as error:
        raise NotSetUpError(Exit.NO_ANSWER, str(error)) from None


def _write(folder: Path, claimed: Claimed) -> None:
    """The settings last: while they are not there, nothing is set up."""
    settings = {
        "HEARTH_GATEWAY": claimed.gateway,
        "HEARTH_BROKER_HOST": claimed.broker_host,
        "HEARTH_BROKER_PORT": str(claimed.broker_port),
        "HEARTH_BROKER_PASSWORD_FILE": str(folder / PASSWORD),
    }
    try:
        _replace(folder / PASSWORD, claimed.password)
        if claimed.ca_pem:
            _replace(folder / CA, claimed.ca_pem)
            settings["HEARTH_BROKER_CA"] = str(folder / CA)
        _replace(folder / ENV, "".join(f"{name}={shlex.quote(value)}\n" for name, value in settings.items()))
    except OSError as error:
        sentence = f"The code is spent, but {folder} could not be written: {error.strerror}. Ask for a new code."
        raise NotSetUpError(Exit.CANNOT_START, sentence) from None


def _replace(path: Path, text: str) -> None:
    """Whole or not at all; for nobody but the owner of the folder, whom the gateway runs as."""
    with _beside(path) as temporary:
        with temporary.open("w") as file:
            file.write(text if text.endswith("\n") else f"{text}\n")
            file.flush()
            os.fsync(file.fileno())
        if os.geteuid() == 0:
            owner = path.parent.stat()
            os.chown(temporary, owner.st_uid, owner.st_gid)
        temporary.replace(path)


@contextmanager
def _beside(path: Path) -> Iterator[Path]:
    """A new file in the same folder, which only we can read; gone afterwards unless it was renamed."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}-")
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


def _next_steps(folder: Path, claimed: Claimed) -> str:
    env = shlex.quote(str(folder / ENV))
    return f"""\
This gateway is set up. It is called {claimed.gateway}, and its settings are in {folder / ENV}.

What to do next:
  1. If the sensors' broker is not on this machine, add a line to that file, like
     HEARTH_HOME_BROKER_HOST=192.168.1.20 (python -m gateway --help tells every setting).
  2. Start the gateway as the user to whom the file belongs. By hand:
     set -a; . {env}; set +a; python -m gateway
     A systemd service reads it with the line EnvironmentFile={folder / ENV}.
  3. The home's page "Gateways and sensors" says Online within a minute. Say there where each sensor is.

Where this is one of many flats whose sensors all arrive at one broker (LoRaWAN), leave out 1 and 2:
python -m gateway flats --help tells how one process runs them all."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m gateway setup",
        description="Sets this gateway up with a claim code, which a coordinator makes on a home's page "
        '"Gateways and sensors".',
        epilog="Exit codes: " + ", ".join(f"{one.value} {one.name.lower().replace('_', ' ')}" for one in Exit) + ".",
    )
    parser.add_argument("url", metavar="URL", help="address of the pages, like https://hearthlight.example.org")
    parser.add_argument("--code", help="the claim code; asked for unless given")
    parser.add_argument("--folder", type=Path, default=Path(), help="where to write the settings (here)")
    parser.add_argument("--again", action="store_true", help="replace the identity that is there, for good")
    return parser
