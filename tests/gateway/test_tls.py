"""Promises of the line between a home and the server: nobody reads along, and nobody poses as the server."""

import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from gateway.link import Address, Session, Terms
from gateway.tls import TlsSettings, context, is_this_machine
from simulators.broker import Broker, Certificates
from tests.certificates import Authority
from tests.gateway.wire import until


@pytest.fixture
def ours(tmp_path: Path) -> Authority:
    return Authority(tmp_path / "ours")


@pytest.fixture
def brokers() -> Iterator[list[Broker]]:
    made: list[Broker] = []
    yield made
    for broker in made:
        broker.stop()


def broker(brokers: list[Broker], tmp_path: Path, ours: Authority, signed: tuple[Path, Path], **more: Any) -> Broker:
    brokers.append(Broker(tmp_path / "broker", certificates=Certificates(ours.file, *signed, **more)))
    brokers[-1].start()
    return brokers[-1]


def connects(port: int, settings: TlsSettings, host: str = "127.0.0.1") -> bool:
    """Whether a gateway's link comes up there."""
    tls = context(settings.model_copy(update={"broker_tls": True}), host)
    events: list[object] = []
    session = Session(Address(host, port, "gw-1", tls=tls), Terms(("hearth/1/gw-1/stored",)), events.append)
    try:
        until(lambda: bool(events), seconds=10)
    finally:
        session.close()
    return type(events[0]).__name__ == "Up"


def test_a_gateway_speaks_to_a_server_whose_certificate_it_trusts(
    brokers: list[Broker], tmp_path: Path, ours: Authority
) -> None:
    port = broker(brokers, tmp_path, ours, ours.sign("127.0.0.1")).port
    assert connects(port, TlsSettings(broker_ca=ours.file))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # paho drops a socket that was refused
def test_a_gateway_speaks_to_nobody_else(brokers: list[Broker], tmp_path: Path, ours: Authority) -> None:
    stranger = Authority(tmp_path / "stranger")
    port = broker(brokers, tmp_path, stranger, stranger.sign("127.0.0.1")).port
    assert not connects(port, TlsSettings(broker_ca=ours.file))
    assert not connects(port, TlsSettings())  # nor because the system trusts somebody


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the same
def test_a_certificate_of_another_name_or_one_that_ran_out_is_refused(
    brokers: list[Broker], tmp_path: Path, ours: Authority
) -> None:
    port = broker(brokers, tmp_path, ours, ours.sign("other.example.org")).port
    assert not connects(port, TlsSettings(broker_ca=ours.file))
    brokers.pop().stop()
    past = datetime.now(UTC) - timedelta(days=1)  # noqa: TID251 - certificates are about the real time
    port = broker(brokers, tmp_path, ours, ours.sign("127.0.0.1", not_after=past)).port
    assert not connects(port, TlsSettings(broker_ca=ours.file))


def test_a_broker_can_know_a_gateway_by_its_own_certificate(
    brokers: list[Broker], tmp_path: Path, ours: Authority
) -> None:
    port = broker(brokers, tmp_path, ours, ours.sign("127.0.0.1"), clients_ca=ours.file).port
    certificate, key = ours.sign("gw-1", common_name="gw-1")
    assert connects(port, TlsSettings(broker_ca=ours.file, broker_certificate=certificate, broker_key=key))
    assert not connects(port, TlsSettings(broker_ca=ours.file))


@pytest.mark.parametrize(
    ("host", "tls"), [("mqtt.example.org", True), ("192.0.2.7", True), ("127.0.0.1", False), ("localhost", False)]
)
def test_tls_is_on_unless_the_broker_is_on_this_machine(host: str, *, tls: bool) -> None:
    assert is_this_machine(host) is not tls
    made = context(TlsSettings(), host)
    assert (made is not None) is tls
    if made is not None:
        assert made.verify_mode is ssl.CERT_REQUIRED
        assert made.check_hostname


def test_it_can_be_switched_off_only_by_saying_so() -> None:
    assert context(TlsSettings(broker_tls=False), "mqtt.example.org") is None


def test_a_file_that_cannot_be_used_ends_the_start_with_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        context(TlsSettings(broker_ca=tmp_path / "none.pem"), "mqtt.example.org")
    assert "HEARTH_BROKER_CA" in capsys.readouterr().err
