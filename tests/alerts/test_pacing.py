"""Promises of the pace of our number, which all processes keep to together."""

import logging

import psycopg
import pytest

from alerts.telling.pacing import SharedPace, take_slot

OURS, OTHERS = "+447700900001", "+447700900002"


def test_two_processes_take_turns_at_the_pace_of_one_number(database: str) -> None:
    waited: list[float] = []
    paces = [SharedPace(database, OURS, 1, waited.append) for _ in range(2)]
    for _ in range(10):
        for pace in paces:
            pace.wait()
    for pace in paces:
        pace.close()
    assert len(waited) == 19  # only the first of all may send at once
    assert waited == sorted(waited)
    assert waited[-1] > 10


def test_numbers_do_not_wait_for_each_other(db: psycopg.Connection) -> None:
    assert take_slot(db, OURS, 1) == 0
    assert take_slot(db, OURS, 1) > 0
    assert take_slot(db, OTHERS, 1) == 0


def test_turns_that_nobody_took_are_not_saved_up(db: psycopg.Connection) -> None:
    take_slot(db, OURS, 1)
    db.execute("update sender_slot set next_at = clock_timestamp() - interval '1 hour'")
    assert take_slot(db, OURS, 1) == 0
    assert take_slot(db, OURS, 1) > 0


def test_texts_go_out_although_nobody_can_say_whose_turn_it_is(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        SharedPace("postgresql://nobody@127.0.0.1:1/nowhere", OURS, 1000).wait()
    assert [getattr(entry, "about", {}).get("action") for entry in caplog.records] == ["pace_alone"]


def test_a_pace_whose_database_came_back_is_shared_again(database: str) -> None:
    waited: list[float] = []
    pace = SharedPace(database, OURS, 1, waited.append)
    pace.wait()
    with psycopg.connect(database, autocommit=True) as operator:
        query = "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s and pid <> pg_backend_pid()"
        operator.execute(query, (operator.info.dbname,))
    pace.wait()  # by itself
    pace.wait()
    pace.close()
    assert len(waited) == 1
