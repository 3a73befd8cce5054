"""Reads the settings and runs the gateway of one home until it is told to end."""

import signal

from gateway import log
from gateway.assembling import assemble, every_adapter, open_outbox, raw_folder
from gateway.home_settings import HomeSettings
from gateway.outbox_file import OutboxFullError
from gateway.raw import ToldAgain, read_raw
from gateway.reread import reread
from gateway.settings import CannotStartError, read, refuse


def main() -> None:
    settings = read(HomeSettings)
    log.start(as_json=settings.log_json)
    try:
        home = assemble(settings)
    except CannotStartError as error:
        refuse(str(error))
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: home.service.stop())
    home.run()


def read_again() -> None:
    """The kept raw messages through the mapping as it is now; needs a gateway that is not running."""
    settings = read(HomeSettings)
    try:
        print(_read_again(settings))
    except CannotStartError as error:
        refuse(str(error))


def _read_again(settings: HomeSettings) -> str:
    adapter = every_adapter(settings)
    folder = raw_folder(settings)
    if not folder.is_dir():
        raise CannotStartError(f"HEARTH_RAW_DAYS: there are no messages in {folder}")
    with open_outbox(settings, may_wait=False) as outbox:
        told = ToldAgain(folder)
        found = reread(read_raw(folder), adapter, told.keys)
        try:
            outbox.add(found.readings)
            told.note(found.readings)
        except OutboxFullError as error:
            sentence = f"HEARTH_OUTBOX: there is no room for {len(found.readings)} readings: {error}"
            raise CannotStartError(sentence) from None
    return found.summary()
