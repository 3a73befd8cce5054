"""What gateways tell of their devices and of themselves, as it is kept."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from gateway.config import Do
from gateway.messages import Status
from ingest import configuring
from tests.ingest.homes import NOON, Ingest, add_home, arrived

MINUTE = timedelta(minutes=1)
LIST = {"v": 1, "devices": [{"sensor": "front", "make": "Aqara", "kinds": ["contact"], "power": "battery"}]}


@pytest.fixture
def kept(database: str) -> Iterator[Ingest]:
    ingest = Ingest(database)
    add_home(ingest.connection)
    yield ingest
    ingest.connection.close()


def tell(kept: Ingest, body: object, at: datetime = NOON) -> None:
    kept.save(arrived(json.dumps(body).encode(), leaf="devices", at=at))


def status(kept: Ingest, at: datetime, *, online: bool = True, **more: object) -> None:
    payload = Status.model_validate({"online": online, "at": at} | more).model_dump_json(exclude_none=True)
    kept.save(arrived(payload.encode(), leaf="status", at=at))


def test_the_last_list_is_kept_and_the_same_again_is_no_news(kept: Ingest) -> None:
    tell(kept, LIST)
    tell(kept, LIST, NOON + MINUTE)
    assert kept.rows("select devices -> 'devices' -> 0 ->> 'make', devices_at from gateway") == [("Aqara", NOON)]
    tell(kept, {"v": 1}, NOON + 2 * MINUTE)
    assert kept.rows("select devices, devices_at from gateway") == [({}, NOON + 2 * MINUTE)]


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ({"v": 1, "devices": [{"sensor": "x" * 65}]}, "wrong_shape"),
        ({"v": 1, "devices": [{"sensor": "x", "make": "two\nlines"}]}, "wrong_shape"),
        ({"v": 1, "devices": [{"sensor": "x", "colour": "red"}]}, "wrong_shape"),
        ({"v": 1, "devices": [{"sensor": f"s{n}"} for n in range(201)]}, "wrong_shape"),
        ({"v": 1, "devices": ["x" * 70_000]}, "too_large"),
    ],
)
def test_a_list_that_does_not_fit_the_contract_changes_nothing(kept: Ingest, body: object, reason: str) -> None:
    tell(kept, LIST)
    tell(kept, body)
    assert kept.reasons() == [(reason,)]
    assert kept.rows("select devices_at from gateway") == [(NOON,)]


def test_a_problem_is_kept_since_when_it_was_told_first_and_goes_when_it_is_over(kept: Ingest) -> None:
    status(kept, NOON, problems=["disk_full"], clock="known")
    status(kept, NOON + MINUTE, problems=["disk_full", "identity_shared"], clock="unset")
    problems = "select problem, since from gateway_problem order by since, problem"
    later = NOON + MINUTE
    assert kept.rows(problems) == [("disk_full", NOON), ("clock_unset", later), ("identity_shared", later)]
    status(kept, NOON + 2 * MINUTE, online=False)
    assert len(kept.rows(problems)) == 3, "a last will takes nothing back"
    status(kept, NOON + 3 * MINUTE, problems=["identity_shared"], clock="known")
    assert kept.rows(problems) == [("identity_shared", later)]
    status(kept, NOON + 4 * MINUTE)
    assert kept.rows(problems) == []


def begin(kept: Ingest, lasts: timedelta = 15 * MINUTE) -> None:
    kept.connection.execute("insert into person (name, phone, role) values ('C', '+447700900010', 'coordinator')")
    kept.connection.execute(
        "insert into walk_test (gateway_id, person_id, started_at, expires_at, told_until, watched_at)"
        " select gateway.id, person.id, %(now)s, %(end)s, %(end)s, %(now)s from gateway, person",
        {"now": NOON, "end": NOON + lasts},
    )
    (gateway,) = kept.connection.execute("select id from gateway").fetchall()[0]
    configuring.order(kept.connection, gateway, Do.WALK_TEST, NOON, lasts)


WALK = "select confirmed_at, ended_at from walk_test"


def test_a_walk_test_counts_from_when_the_gateway_confirmed_this_very_one(kept: Ingest) -> None:
    begin(kept)
    status(kept, NOON + timedelta(seconds=1), walk_test_until=NOON + 99 * MINUTE)
    assert kept.rows(WALK) == [(None, None)], "that is another one"
    status(kept, NOON + timedelta(seconds=2), walk_test_until=NOON + 15 * MINUTE)
    status(kept, NOON + timedelta(seconds=3), walk_test_until=NOON + 15 * MINUTE, outbox=1)
    assert kept.rows(WALK) == [(NOON + timedelta(seconds=2), None)]


def test_a_walk_test_ends_when_the_gateway_says_so_and_not_by_a_line_that_broke(kept: Ingest) -> None:
    begin(kept)
    status(kept, NOON, walk_test_until=NOON + 15 * MINUTE)
    status(kept, NOON + MINUTE, online=False)
    assert kept.rows(WALK) == [(NOON, None)]
    status(kept, NOON + 2 * MINUTE)
    assert kept.rows(WALK) == [(NOON, NOON + 2 * MINUTE)], "it was started anew and knows nothing of a test"


def test_a_walk_test_that_is_over_is_not_confirmed_by_what_comes_late(kept: Ingest) -> None:
    begin(kept)
    status(kept, NOON + 16 * MINUTE, walk_test_until=NOON + 15 * MINUTE)
    assert kept.rows(WALK) == [(None, None)]
