"""Makes the gateway of one home out of its settings."""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from gateway.adapters.belonging import devices_of
from gateway.adapters.integrations import Every, Setup
from gateway.devices import DeviceTable, DeviceTableError, read_devices
from gateway.home_settings import HomeSettings
from gateway.kept_config import KeptConfig
from gateway.link import Address
from gateway.outbox import Outbox
from gateway.outbox_file import OutboxFullError, OutboxInUseError
from gateway.raw import RawLog
from gateway.reminders.desk import Desk
from gateway.reminders.page import PageServer, Source
from gateway.reminders.voice import Voice
from gateway.service import Service
from gateway.settings import CannotStartError
from gateway.tls import made_context

BYTES_IN_MB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Home:
    """One home's gateway. `page`: for a tablet; its port is taken, and it does not answer yet."""

    service: Service
    page: PageServer | None

    def run(self) -> None:
        """Until `service.stop` is called."""
        if self.page:
            self.page.start()
        try:
            self.service.run()
        except BaseException:
            self.service.abandon()
            raise
        finally:
            if self.page:
                self.page.close()


def assemble(settings: HomeSettings) -> Home:
    """Ready to run, its outbox open; raises CannotStartError."""
    adapter = every_adapter(settings)
    tls = made_context(settings, settings.broker_host)
    outbox = open_outbox(settings, may_wait=True)
    raw = RawLog(raw_folder(settings), settings.raw_days)
    desk = _desk(settings)
    beat_every = timedelta(seconds=settings.beat_s)
    service = Service(settings.gateway, settings.clock, outbox, adapter, beat_every, raw, desk)
    try:
        page = _page(settings, desk, service)
    except CannotStartError:
        outbox.close()
        raise
    password = settings.broker_password
    server = Address(
        settings.broker_host,
        settings.broker_port,
        client_id=settings.gateway,
        user=settings.broker_user or settings.gateway,
        password=password.get_secret_value() if password else None,
        tls=tls,
    )
    service.connect(server, _home_broker(settings, adapter))
    return Home(service, page)


def raw_folder(settings: HomeSettings) -> Path:
    return settings.outbox.with_name(f"{settings.outbox.stem}.raw")


def every_adapter(settings: HomeSettings) -> Every:
    table = read_table(settings)
    only = devices_of(table) if settings.only_devices else None
    return Every(settings.integrations, Setup(table, settings.zigbee2mqtt_topic, only), settings.more_topics)


def read_table(settings: HomeSettings) -> DeviceTable:
    try:
        return read_devices(settings.devices)
    except DeviceTableError as error:
        raise CannotStartError(f"HEARTH_DEVICES: {error}") from None


def open_outbox(settings: HomeSettings, *, may_wait: bool) -> Outbox:
    """`may_wait`: a disk that takes nothing yet is no reason not to start."""
    try:
        return Outbox(settings.outbox, settings.outbox_max_mb * BYTES_IN_MB, may_wait=may_wait)
    except OutboxInUseError:
        raise CannotStartError(f"HEARTH_OUTBOX: another gateway is using {settings.outbox}") from None
    except OutboxFullError as error:
        raise CannotStartError(f"HEARTH_OUTBOX: {settings.outbox} cannot be opened: {error}") from None


def _desk(settings: HomeSettings) -> Desk:
    """What the server tells is kept beside the outbox."""
    folder = settings.outbox.with_name(f"{settings.outbox.stem}.config")
    return Desk(KeptConfig(folder), Voice(folder / "spoken") if settings.page_port else None)


def _page(settings: HomeSettings, desk: Desk, service: Service) -> PageServer | None:
    if settings.page_port is None or desk.voice is None:
        return None
    source = Source(lambda: desk.board, desk.kept.asset, desk.voice.wav, service.events.put)
    try:
        return PageServer(settings.page_host, settings.page_port, source)
    except OSError as error:
        where = f"{settings.page_host}:{settings.page_port}"
        raise CannotStartError(f"HEARTH_PAGE_PORT: {where} cannot be had: {error.strerror}") from None


def _home_broker(settings: HomeSettings, adapter: Every) -> Address:
    """With another set of devices as another client: what the broker kept for the one before is not ours any more."""
    wanted = hashlib.sha256("\n".join(adapter.topics()).encode()).hexdigest()[:8]
    password = settings.home_broker_password
    return Address(
        settings.home_broker_host,
        settings.home_broker_port,
        client_id=f"hearthlight-{settings.gateway}" + (f"-{wanted}" if settings.only_devices else ""),
        user=settings.home_broker_user,
        password=password.get_secret_value() if password else None,
    )
