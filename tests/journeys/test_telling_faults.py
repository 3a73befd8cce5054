"""Whatever is killed while people are told: each is told, and nobody twice of whom the phone company knows."""

import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import psycopg
import pytest

from alerts.telling import ladder
from gateway.clock import Clock
from tests.alerts.service import AlertsService
from tests.alerts.telling import PhoneServer, add_alert, add_home, add_person, start_company
from tests.waiting import until

HOMES = 50
CLAIMS_RUN_OUT = timedelta(seconds=31)


@pytest.fixture
def phone() -> Iterator[PhoneServer]:
    server = start_company(now=Clock().now)
    yield server
    server.stop()


@pytest.fixture
def service(database: str, phone: PhoneServer, tmp_path: Path) -> Iterator[AlertsService]:
    made = AlertsService(database, phone.url, tmp_path / "alerts.log")
    yield made
    if made.process is not None and made.process.poll() is None:
        made.end(signal.SIGKILL)


def number(home: int) -> str:
    return f"+4477009{home:05d}"


def tell_all_homes(db: psycopg.Connection) -> None:
    """An urgent alert in each home, with somebody of its own to tell."""
    homes = [add_home(db, [(0, [add_person(db, number(home))])]) for home in range(HOMES)]
    now = Clock().now()
    with db.transaction():
        ladder.start(db, [add_alert(db, home, "urgent", "call_for_help", now) for home in homes], now)


def test_a_killed_service_tells_fifty_homes_once_each(
    db: psycopg.Connection, phone: PhoneServer, service: AlertsService
) -> None:
    # Each of its four senders is killed in the middle of a request: two that were accepted, two that were not.
    for home, request in ((10, "hang_after_accepting"), (20, "hang"), (30, "hang_after_accepting"), (40, "hang")):
        phone.wish(number=number(home), request=request, times=1)
    tell_all_homes(db)
    service.start()
    sending = "select count(*) from message where state = 'sending' and person_id in (11, 21, 31, 41)"
    until(lambda: db.execute(sending).fetchall() == [(4,)] and phone.bodies(number(10)) and phone.bodies(number(30)))
    service.end(signal.SIGKILL)
    assert len(phone.company.texts()) < HOMES
    service.start(ahead=CLAIMS_RUN_OUT)
    until(lambda: all(phone.bodies(number(home)) for home in range(HOMES)))
    waiting = "select count(*) from message where state in ('queued', 'sending', 'unknown')"
    until(lambda: db.execute(waiting).fetchall() == [(0,)])
    assert [len(phone.bodies(number(home))) for home in range(HOMES)] == [1] * HOMES
    assert db.execute("select count(*) from message").fetchall() == [(HOMES,)]
