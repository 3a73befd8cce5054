"""A reminder of the tablet that is not answered is told to the family; one that is done, or paused, is not."""

import psycopg
import pytest

from alerts.marks import Reminder
from alerts.rules import AnsweredReminder
from gateway.messages import Kind, Status
from ingest.arrivals import Arrived
from ingest.database import connect
from tests.alerts.a_home import at, beats, stir
from tests.alerts.watched import Watched, watched
from tests.ingest.homes import arrived, message, reading

RULE = AnsweredReminder(places=("morning tablets",), start="08:00", end="10:00", grace_min=30)


def with_a_reminder(db: psycopg.Connection) -> Watched:
    """A home that was seen all the time, with a reminder as the family's page makes it."""
    home = watched(db, at("09:00"), RULE)
    db.execute(
        "insert into sensor (gateway_id, home_id, name, place, role)"
        " select id, home_id, 'reminder-7', 'morning tablets', 'button' from gateway"
    )
    home.arrive([*stir(at("07:00")), *beats(at("05:00"), at("11:00"))], at("11:00"))
    return home


def told(home: Watched, *words: tuple[str, Reminder]) -> None:
    """The reminder told these, of a boot of their own."""
    some = [
        reading(seq, "reminder-7", Kind.REMINDER, float(word), at(clock)) for seq, (clock, word) in enumerate(words, 1)
    ]
    payload = message(*some, at=at("11:00")).payload.replace(b'"b1"', b'"b2"')
    home.saver.save(home.db, [Arrived("hearth/1/gw-1/readings", payload, at("11:00"), mid=1, connection=1)])


@pytest.mark.parametrize("last", [Reminder.SHOWN, Reminder.SKIPPED, Reminder.EXPIRED])
def test_what_was_shown_and_not_done_is_told_to_the_family_when_its_grace_is_over(
    each_database: str, last: Reminder
) -> None:
    with connect(each_database, autocommit=True) as db:
        home = with_a_reminder(db)
        told(home, ("08:30", Reminder.SHOWN), ("08:50", last))
        home.look(at("08:59"))
        assert home.alerts() == []
        home.look(at("09:01"))
        assert home.alerts() == [("welfare", "open")]
        assert home.findings() == [("missed", "reminder_not_done")]
        assert home.rows("select count(*) from message where purpose = 'alert'") == [1]


def test_what_was_done_by_a_press_or_by_a_sensors_word_is_told_to_nobody(db: psycopg.Connection) -> None:
    """Either is the same reading: the gateway watches the sensor."""
    home = with_a_reminder(db)
    told(home, ("08:30", Reminder.SHOWN), ("08:55", Reminder.DONE))
    for now in ("09:01", "11:00"):
        home.look(at(now))
    assert (home.alerts(), home.findings()) == ([], [])


def test_what_was_not_answered_while_monitoring_was_paused_is_told_to_nobody(db: psycopg.Connection) -> None:
    """The sensor that would show that it was done is not heard then."""
    home = watched(db, at("09:00"), RULE)
    db.execute(
        "insert into sensor (gateway_id, home_id, name, place, role)"
        " select id, home_id, 'reminder-7', 'morning tablets', 'button' from gateway"
    )
    home.arrive([*stir(at("07:00")), *beats(at("05:00"), at("08:10"))], at("08:10"))
    status = Status(online=True, at=at("08:10"), paused_until=at("12:10")).model_dump_json(exclude_none=True)
    home.saver.save(db, [arrived(status.encode(), home.gateway, "status", at("08:10"))])
    told(home, ("08:30", Reminder.SHOWN), ("08:50", Reminder.EXPIRED))
    home.look(at("09:30"))
    assert home.alerts() == []
    assert home.findings() == [("not_observable", "paused")]
