"""Reads the settings, opens the outbox, and runs the gateway until it is told to end."""

import signal
from datetime import timedelta
from pathlib import Path

from gateway import log
from gateway.adapters.integrations import Every, Setup
from gateway.devices import DeviceTable, DeviceTableError, read_devices
from gateway.home_settings import HomeSettings
from gateway.kept_config import KeptConfig
from gateway.link import Address
from gateway.outbox import Outbox
from gateway.outbox_file import OutboxFullError, OutboxInUseError
from gateway.raw import RawLog, ToldAgain, read_raw
from gateway.reminders.desk import Desk
from gateway.reminders.page import PageServer, Source
from gateway.reminders.voice import Voice
from gateway.reread import reread
from gateway.service import Service
from gateway.settings import read, refuse
from gateway.tls import context

BYTES_IN_MB = 1024 * 1024


def main() -> None:
    settings = read(HomeSettings)
    log.start(as_json=settings.log_json)
    table = _table(settings)
    outbox = _outbox(settings, may_wait=True)
    raw = RawLog(raw_folder(settings), settings.raw_days)
    beat_every = timedelta(seconds=settings.beat_s)
    desk = _desk(settings)
    service = Service(settings.gateway, settings.clock, outbox, _adapter(settings, table), beat_every, raw, desk)
    page = _page(settings, desk, service)
    service.connect(_server(settings), _home(settings))
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: service.stop())
    if page:
        page.start()
    service.run()
    if page:
        page.close()


def read_again() -> None:
    """The kept raw messages through the mapping as it is now; needs a gateway that is not running."""
    settings = read(HomeSettings)
    adapter = _adapter(settings, _table(settings))
    folder = raw_folder(settings)
    if not folder.is_dir():
        refuse(f"HEARTH_RAW_DAYS: there are no messages in {folder}")
    with _outbox(settings, may_wait=False) as outbox:
        told = ToldAgain(folder)
        found = reread(read_raw(folder), adapter, told.keys)
        try:
            outbox.add(found.readings)
            told.note(found.readings)
        except OutboxFullError as error:
            refuse(f"HEARTH_OUTBOX: there is no room for {len(found.readings)} readings: {error}")
    print(found.summary())


def raw_folder(settings: HomeSettings) -> Path:
    return settings.outbox.with_name(f"{settings.outbox.stem}.raw")


def _desk(settings: HomeSettings) -> Desk:
    """What the server tells is kept beside the outbox."""
    folder = settings.outbox.with_name(f"{settings.outbox.stem}.config")
    return Desk(KeptConfig(folder), Voice(folder / "spoken") if settings.page_port else None)


def _page(settings: HomeSettings, desk: Desk, service: Service) -> PageServer | None:
    """The page for a tablet, if this home has one; its port is taken, and it does not answer yet."""
    if settings.page_port is None or desk.voice is None:
        return None
    source = Source(lambda: desk.board, desk.kept.asset, desk.voice.wav, service.events.put)
    try:
        return PageServer(settings.page_host, settings.page_port, source)
    except OSError as error:
        refuse(f"HEARTH_PAGE_PORT: {settings.page_host}:{settings.page_port} cannot be had: {error.strerror}")


def _adapter(settings: HomeSettings, table: DeviceTable) -> Every:
    return Every(settings.integrations, Setup(table, settings.zigbee2mqtt_topic), settings.more_topics)


def _table(settings: HomeSettings) -> DeviceTable:
    try:
        return read_devices(settings.devices)
    except DeviceTableError as error:
        refuse(f"HEARTH_DEVICES: {error}")


def _outbox(settings: HomeSettings, *, may_wait: bool) -> Outbox:
    """`may_wait`: a disk that takes nothing yet is no reason not to start."""
    try:
        return Outbox(settings.outbox, settings.outbox_max_mb * BYTES_IN_MB, may_wait=may_wait)
    except OutboxInUseError:
        refuse(f"HEARTH_OUTBOX: another gateway is using {settings.outbox}")
    except OutboxFullError as error:
        refuse(f"HEARTH_OUTBOX: {settings.outbox} cannot be opened: {error}")


def _server(settings: HomeSettings) -> Address:
    password = settings.broker_password
    return Address(
        settings.broker_host,
        settings.broker_port,
        client_id=settings.gateway,
        user=settings.broker_user or settings.gateway,
        password=password.get_secret_value() if password else None,
        tls=context(settings, settings.broker_host),
    )


def _home(settings: HomeSettings) -> Address:
    password = settings.home_broker_password
    return Address(
        settings.home_broker_host,
        settings.home_broker_port,
        client_id=f"hearthlight-{settings.gateway}",
        user=settings.home_broker_user,
        password=password.get_secret_value() if password else None,
    )
