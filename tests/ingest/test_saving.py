"""Saving: every reading exactly once, whatever comes in whatever order."""

from datetime import timedelta

import psycopg

from gateway.messages import Kind
from ingest.checking import differences
from ingest.database import DUE
from ingest.saving import StoredUpTo
from tests.ingest.homes import NOON, Ingest, add_home, beat, message, reading

AT_ONCE = NOON.replace(year=NOON.year - 100)
"""Overtakes every home that is merely due."""


def test_a_reading_is_stored_with_all_that_it_says(ingest: Ingest) -> None:
    at, sent_at = NOON - timedelta(seconds=90), NOON - timedelta(seconds=2.5)
    saved = ingest.save(message(reading(1, "front", Kind.CONTACT, 1, at), sent_at=sent_at))
    assert saved.stored == [StoredUpTo("gw-1", "b1", 1)]
    found = ingest.rows(
        "select r.at, r.received_at, r.sent_ms, r.seq, boot, s.name, value, kind from reading r"
        " join sensor s on s.id = sensor_id join stream on stream.id = stream_id"
    )
    assert found == [(at, NOON, 2500, 1, "b1", "front", 1.0, 1)]
    assert ingest.rows("select last_at, last_received_at from sensor_seen") == [(at, NOON)]
    assert ingest.rows("select last_at, last_received_at, unfolded_from, saves from stream") == [(at, NOON, at, 1)]


def test_what_comes_twice_changes_nothing(ingest: Ingest) -> None:
    day = [message(reading(seq), beat(seq + 1)) for seq in range(1, 40, 2)]
    first = ingest.save(*day, *day)
    tables = ("reading", "stream", "sensor_seen", "activity_hour", "coverage_hour", "home_state", "quarantine")
    before = [ingest.rows(f"select * from {table} order by 1, 2") for table in tables]
    again = ingest.save(*reversed(day))
    assert first.readings == 40
    assert again.readings == 0
    assert again.stored == [StoredUpTo("gw-1", "b1", 40)]
    assert [ingest.rows(f"select * from {table} order by 1, 2") for table in tables] == before


def test_a_hole_holds_back_what_the_gateway_is_told(ingest: Ingest) -> None:
    saved = ingest.save(message(reading(1), reading(2), reading(5)))
    assert saved.stored == [StoredUpTo("gw-1", "b1", 2)]
    assert ingest.rows("select stored::text from stream") == [("{[1,3),[5,6)}",)]
    assert ingest.save(message(reading(4), reading(3))).stored == [StoredUpTo("gw-1", "b1", 5)]
    assert ingest.save(message(reading(9), boot="b2")).stored == [StoredUpTo("gw-1", "b2", 0)]


def test_overlapping_envelopes_add_only_what_is_new(ingest: Ingest) -> None:
    ingest.save(message(*[reading(seq) for seq in range(1, 6)]), message(*[reading(seq) for seq in range(3, 9)]))
    ingest.save(message(*[reading(seq) for seq in range(7, 12)]))
    assert ingest.numbers() == [("b1", seq) for seq in range(1, 12)]
    assert ingest.rows("select events from activity_hour") == [(11,)]


def test_a_beat_proves_the_five_minutes_before_it_over_the_hour(ingest: Ingest) -> None:
    ingest.save(message(beat(1, NOON + timedelta(minutes=2, seconds=30)), at=NOON + timedelta(minutes=3)))
    assert ingest.rows("select hour, minutes from coverage_hour order by hour") == [
        (NOON - timedelta(hours=1), 0b111 << 57),
        (NOON, 0b111),
    ]
    assert differences(ingest.connection) == []


def test_late_readings_turn_nothing_back(ingest: Ingest) -> None:
    early = NOON - timedelta(days=2)
    ingest.save(message(reading(2)))
    ingest.save(message(reading(1, at=early)))
    assert ingest.rows("select last_at, unfolded_from, saves from stream") == [(NOON, early, 2)]
    assert ingest.rows("select last_at from sensor_seen") == [(NOON,)]
    assert differences(ingest.connection) == []


def test_only_what_is_urgent_makes_a_home_due(ingest: Ingest) -> None:
    due = "select due_at from home_state"
    later = NOON + timedelta(hours=1)
    ingest.save(message(reading(1), reading(2, "fridge", Kind.CONTACT, 1), reading(3, "front", Kind.CONTACT, 0)))
    assert ingest.rows(due) == [(later,)]
    ingest.save(message(reading(4, "front", Kind.CONTACT, 1)))
    assert ingest.rows(due) == [(AT_ONCE,)]


def test_a_call_for_help_makes_its_home_due_and_wakes_the_judges(ingest: Ingest, each_database: str) -> None:
    with psycopg.connect(each_database, autocommit=True) as judge:
        judge.execute(f"listen {DUE}")
        ingest.save(message(reading(1, "sos", Kind.BUTTON, 2)))
        assert [heard.channel for heard in judge.notifies(timeout=5, stop_after=1)] == [DUE]
    assert ingest.rows("select due_at from home_state") == [(AT_ONCE,)]


def test_a_home_with_an_open_alert_is_due_at_any_reading(ingest: Ingest) -> None:
    add_home(ingest.connection, "gw-2")
    ingest.connection.execute("update home_state set eager = true where home_id = 1")
    ingest.save(message(reading(1)), message(reading(1), gateway="gw-2"))
    assert ingest.rows("select due_at from home_state order by home_id") == [(NOON,), (NOON + timedelta(hours=1),)]


def test_a_redelivered_call_for_help_wakes_nobody_again(ingest: Ingest) -> None:
    ingest.save(message(reading(1, "sos", Kind.BUTTON, 2)))
    ingest.connection.execute("update home_state set due_at = 'infinity'")
    ingest.save(message(reading(1, "sos", Kind.BUTTON, 2)))
    assert ingest.rows("select due_at = 'infinity' from home_state") == [(True,)]


def test_a_clock_that_runs_ahead_is_flagged_and_its_times_are_moved_back(ingest: Ingest) -> None:
    ahead = timedelta(hours=3)
    ingest.save(message(reading(1, at=NOON + ahead - timedelta(minutes=1)), sent_at=NOON + ahead))
    assert ingest.rows("select at from reading") == [(NOON - timedelta(minutes=1),)]
    assert ingest.rows("select clock_ahead from gateway") == [(ahead,)]
    assert ingest.rows("select due_at from home_state") == [(NOON + timedelta(hours=1),)]


def test_a_clock_that_is_a_little_ahead_is_left_alone(ingest: Ingest) -> None:
    at = NOON + timedelta(seconds=100)
    ingest.save(message(reading(1, at=at), sent_at=at))
    assert ingest.rows("select at, sent_ms from reading") == [(at, -100_000)]
    assert ingest.rows("select clock_ahead from gateway") == [(None,)]


def test_a_new_gateway_and_a_new_sensor_are_found_without_a_restart(ingest: Ingest) -> None:
    ingest.save(message(reading(1)))
    add_home(ingest.connection, "gw-2")
    assert ingest.save(message(reading(1), gateway="gw-2")).readings == 1


def test_a_stream_that_was_purged_is_made_again(ingest: Ingest) -> None:
    ingest.save(message(reading(1)))
    ingest.connection.execute("delete from stream")
    ingest.connection.execute("delete from reading")
    ingest.saver.forget()
    assert ingest.save(message(reading(1))).stored == [StoredUpTo("gw-1", "b1", 1)]


def test_the_check_finds_a_rollup_that_lies(ingest: Ingest) -> None:
    ingest.save(message(reading(1), beat(2)))
    ingest.connection.execute("update activity_hour set events = 7")
    ingest.connection.execute("delete from coverage_hour where hour = %s", [NOON])
    found = differences(ingest.connection)
    assert [(difference.rollup, difference.hour, difference.place) for difference in found] == [
        ("activity_hour", NOON, "kitchen"),
        ("coverage_hour", NOON, ""),
    ]
    assert found[1].stored is None
