"""Reads the settings, opens the outbox, and runs the gateway until it is told to end."""

import signal
from datetime import timedelta

from gateway import log
from gateway.adapters.integrations import Every, Setup
from gateway.devices import DeviceTable, DeviceTableError, read_devices
from gateway.home_settings import HomeSettings
from gateway.link import Address
from gateway.outbox import Outbox
from gateway.outbox_file import OutboxFullError, OutboxInUseError
from gateway.service import Service
from gateway.settings import read, refuse

BYTES_IN_MB = 1024 * 1024


def main() -> None:
    settings = read(HomeSettings)
    log.start(as_json=settings.log_json)
    table = _table(settings)
    outbox = _outbox(settings)
    adapter = Every(settings.integrations, Setup(table, settings.zigbee2mqtt_topic), settings.more_topics)
    service = Service(settings.gateway, settings.clock, outbox, adapter, timedelta(seconds=settings.beat_s))
    service.connect(_server(settings), _home(settings))
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: service.stop())
    service.run()


def _table(settings: HomeSettings) -> DeviceTable:
    try:
        return read_devices(settings.devices)
    except DeviceTableError as error:
        refuse(f"HEARTH_DEVICES: {error}")


def _outbox(settings: HomeSettings) -> Outbox:
    try:
        return Outbox(settings.outbox, settings.outbox_max_mb * BYTES_IN_MB)
    except OutboxInUseError:
        refuse(f"HEARTH_OUTBOX: another gateway is using {settings.outbox}")
    except (OSError, OutboxFullError) as error:
        refuse(f"HEARTH_OUTBOX: {settings.outbox} cannot be opened: {error}")


def _server(settings: HomeSettings) -> Address:
    password = settings.broker_password
    return Address(
        settings.broker_host,
        settings.broker_port,
        client_id=settings.gateway,
        user=settings.broker_user or settings.gateway,
        password=password.get_secret_value() if password else None,
        tls=settings.broker_tls,
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
