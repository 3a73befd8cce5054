"""No data is kept for a home without a record of consent; withdrawal stops keeping within a minute."""

import json
import time
from datetime import timedelta

from gateway.messages import BUTTON_VALUE, Button, Kind, Status
from ingest.known import CONSENT_KNOWN_S
from tests.ingest.homes import NOON, Ingest, arrived, beat, message, reading

KEPT = ("reading", "activity_hour", "coverage_hour", "sensor_seen", "sensor_check_in", "quarantine", "pause")
SOS = BUTTON_VALUE[Button.SOS]


def withdraw(ingest: Ingest) -> None:
    ingest.connection.execute("update consent set withdrawn_at = %s, withdrawn_by = 'Peter'", [NOON])


def agree(ingest: Ingest) -> None:
    ingest.connection.execute(
        "insert into consent (home_id, basis, given_by, given_on, recorded_at)"
        " select id, 'best_interests', 'Ann', %s, %s from home",
        [NOON.date(), NOON],
    )


def a_minute_later(ingest: Ingest, minutes: int = 1) -> None:
    assert CONSENT_KNOWN_S < 60
    ingest.saver.known.learn(ingest.connection, [], time.monotonic() + 60 * minutes)


def kept(ingest: Ingest) -> dict[str, int]:
    counts = {table: ingest.rows(f"select count(*) from {table}")[0][0] for table in KEPT}
    return {table: int(str(count)) for table, count in counts.items() if count}


def status(**more: object) -> bytes:
    told = Status(online=True, at=NOON, boot="b1", sensors_at={"kitchen": NOON}, version="1.0")
    return told.model_copy(update=more).model_dump_json(exclude_none=True).encode()


def test_nothing_is_kept_of_a_home_without_consent_on_record(ingest: Ingest) -> None:
    withdraw(ingest)
    saved = ingest.save(
        message(reading(1), beat(2), reading(3, "sos", Kind.BUTTON, SOS), reading(4, "nobodys-own")),
        arrived(status(paused_until=NOON + timedelta(hours=1), unread=("kitchen",)), leaf="status"),
        arrived(b"what nobody can read"),
        arrived(b'{"v": 9, "gateway": "gw-1", "boot": "b1", "readings": [{"seq": 5}]}'),
    )
    assert kept(ingest) == {}
    assert saved.readings == 0
    assert [(one.boot, one.seq) for one in saved.stored] == [("b1", 5)], "they are not sent for ever"
    ((told,),) = ingest.rows("select status from gateway")
    assert "sensors_at" not in json.dumps(told) or told["sensors_at"] == {}  # type: ignore[index]
    assert ingest.rows("select online from gateway") == [(True,)]


def test_withdrawal_stops_keeping_within_a_minute_and_consent_begins_it(ingest: Ingest) -> None:
    ingest.save(message(reading(1)))
    withdraw(ingest)
    a_minute_later(ingest)
    ingest.save(message(reading(2)))
    assert ingest.numbers() == [("b1", 1)]
    agree(ingest)
    a_minute_later(ingest, 2)
    ingest.save(message(reading(2), reading(3)))
    assert ingest.numbers() == [("b1", 1), ("b1", 3)]


def test_a_home_that_was_just_made_is_not_kept_before_somebody_agreed(ingest: Ingest) -> None:
    ingest.save(message(reading(1)))
    ingest.connection.execute("drop trigger agreed on home")
    ingest.connection.execute("insert into home (name, resident) values ('New', 'Jack')")
    ingest.connection.execute("insert into gateway (name, home_id) select 'gw-new', max(id) from home")
    ingest.connection.execute(
        "insert into sensor (gateway_id, home_id, name, place, role)"
        " select id, home_id, 'kitchen', 'kitchen', 'room' from gateway where name = 'gw-new'"
    )
    ingest.save(message(reading(1), gateway="gw-new"))
    assert ingest.rows("select count(*) from reading") == [(1,)]


def test_a_sensor_of_a_home_that_agreed_is_kept_beside_one_that_did_not(ingest: Ingest) -> None:
    ingest.connection.execute("drop trigger agreed on home")
    ingest.connection.execute("insert into home (name, resident) values ('Next door', 'Jack')")
    ingest.connection.execute("update sensor set home_id = (select max(id) from home) where name = 'lounge'")
    ingest.save(message(reading(1), reading(2, "lounge"), reading(3)))
    assert ingest.numbers() == [("b1", 1), ("b1", 3)]
