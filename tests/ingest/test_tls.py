"""The ingest behind TLS: what the socket has decrypted already is read too."""

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from gateway.tls import TlsSettings, context
from ingest.broker_rules import INGEST
from simulators.broker import Broker, Certificates
from tests.certificates import Authority
from tests.ingest.homes import add_home
from tests.ingest.service import Sender, Service, stored_once, wait_until

PASSWORDS = {INGEST: "a", "gw-1": "b"}


@pytest.fixture
def secret(tmp_path: Path) -> Iterator[tuple[Broker, Authority]]:
    ours = Authority(tmp_path / "ca")
    broker = Broker(tmp_path / "broker", PASSWORDS, certificates=Certificates(ours.file, *ours.sign("127.0.0.1")))
    broker.start()
    yield broker, ours
    broker.stop()


def test_many_readings_over_tls_are_all_stored_and_said_to_be(
    database: str, secret: tuple[Broker, Authority], tmp_path: Path
) -> None:
    broker, ours = secret
    with psycopg.connect(database) as connection:
        add_home(connection, "gw-1")
    service = Service(
        database, broker, tmp_path / "ingest.log", HEARTH_BROKER_TLS="true", HEARTH_BROKER_CA=str(ours.file)
    )
    service.start()
    wait_until(lambda: "broker_connected" in service.log.read_text())
    tls = context(TlsSettings(broker_tls=True, broker_ca=ours.file), "127.0.0.1")
    gateway = Sender(broker, tls=tls)
    try:
        for first in range(1, 6001, 100):
            gateway.send_readings("b1", range(first, first + 100))
        wait_until(lambda: gateway.stored.get("b1") == 6000)
        assert stored_once(database) == (6000, 6000)
    finally:
        gateway.close()
        assert service.end() == 0
