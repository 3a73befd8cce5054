"""Why the server's broker and we do not come together is named, so that somebody can mend it."""

from datetime import timedelta
from pathlib import Path

import pytest

from gateway.clock import Clock
from gateway.health import TOLD_FOR_S, Health, Problem
from gateway.link import Address, Down, Event, Session, Terms
from gateway.messages import topic
from gateway.refusals import problem_of_code
from gateway.tls import TlsSettings, context
from simulators.broker import Broker, Certificates
from tests.certificates import Authority
from tests.gateway.wire import until


def why_not(tmp_path: Path, ours: Authority, signed: tuple[Path, Path], settings: TlsSettings, **more: Path) -> Down:
    """How the attempt ends to connect to a broker with this certificate."""
    broker = Broker(tmp_path / "tls-broker", certificates=Certificates(ours.file, *signed, **more))
    broker.start()
    events: list[Event] = []
    tls = context(settings.model_copy(update={"broker_tls": True}), "127.0.0.1")
    session = Session(
        Address("127.0.0.1", broker.port, "gw-1", tls=tls), Terms((topic("gw-1", "stored"),)), events.append
    )
    try:
        until(lambda: any(isinstance(one, Down) for one in events))
    finally:
        session.close()
        broker.stop()
    return next(one for one in events if isinstance(one, Down))


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # paho drops a socket that was refused
def test_a_certificate_that_ran_out_or_is_not_trusted_is_named_as_such(tmp_path: Path) -> None:
    ours, stranger = Authority(tmp_path / "ours"), Authority(tmp_path / "stranger")
    day = timedelta(days=1)
    trusting = TlsSettings(broker_ca=ours.file)
    past = ours.sign("127.0.0.1", not_after=Clock().now() - day)
    assert why_not(tmp_path, ours, past, trusting).problem is Problem.CERTIFICATE_EXPIRED
    future = ours.sign("127.0.0.1", not_before=Clock().now() + day, not_after=Clock().now() + 2 * day)
    assert why_not(tmp_path, ours, future, trusting).problem is Problem.CERTIFICATE_NOT_YET_VALID
    theirs = stranger.sign("127.0.0.1")
    assert why_not(tmp_path, stranger, theirs, trusting).problem is Problem.CERTIFICATE_REFUSED
    other = ours.sign("other.example.org")
    assert why_not(tmp_path, ours, other, trusting).problem is Problem.CERTIFICATE_REFUSED


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # the same
def test_that_our_own_certificate_ran_out_is_named_too(tmp_path: Path) -> None:
    ours = Authority(tmp_path / "ours")
    certificate, key = ours.sign("gw-1", common_name="gw-1", not_after=Clock().now() - timedelta(days=1))
    settings = TlsSettings(broker_ca=ours.file, broker_certificate=certificate, broker_key=key)
    down = why_not(tmp_path, ours, ours.sign("127.0.0.1"), settings, clients_ca=ours.file)
    assert down.problem is Problem.OWN_CERTIFICATE_EXPIRED


def test_a_problem_is_told_for_a_while_and_is_news_once() -> None:
    health = Health()
    assert health.note(Problem.CERTIFICATE_EXPIRED, 0)
    assert not health.note(Problem.CERTIFICATE_EXPIRED, 1)
    assert health.problems(TOLD_FOR_S) == (Problem.CERTIFICATE_EXPIRED,)
    assert health.problems(TOLD_FOR_S + 1) == ()


def test_a_session_that_was_taken_over_is_a_shared_identity() -> None:
    assert problem_of_code(0x8E) is Problem.IDENTITY_SHARED
    assert problem_of_code(0) is None
