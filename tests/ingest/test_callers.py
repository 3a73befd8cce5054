"""A call for help of a sensor that nobody registered is heard like any other."""

import pytest

from gateway.messages import Kind
from ingest.known import MOST_CALLERS, UNKNOWN_PLACE
from tests.ingest.homes import NOON, Ingest, add_home, message, reading

AT_ONCE = NOON.replace(year=NOON.year - 100)


@pytest.mark.parametrize(
    ("kind", "value", "role"),
    [
        (Kind.BUTTON, 2, "button"),
        (Kind.SMOKE, 1, "alarm"),
        (Kind.CO, 1, "alarm"),
        (Kind.LEAK, 1, "alarm"),
        (Kind.FALL, 1, "alarm"),
    ],
)
def test_a_call_for_help_of_an_unknown_sensor_is_stored_and_wakes_its_home(
    ingest: Ingest, kind: Kind, value: float, role: str
) -> None:
    call = message(reading(1), reading(2, "new", kind, value))
    assert ingest.save(call).readings == 2
    assert ingest.save(call).readings == 0
    assert ingest.reasons() == []
    found = ingest.rows("select name, place, role, found_at from sensor where found_at is not null")
    assert found == [("new", UNKNOWN_PLACE, role, NOON)]
    assert ingest.rows("select due_at from home_state") == [(AT_ONCE,)]


def test_an_unknown_sensor_that_does_not_call_is_quarantined_as_before(ingest: Ingest) -> None:
    quiet = [(Kind.MOTION, 1), (Kind.BUTTON, 1), (Kind.BUTTON, 3), (Kind.SMOKE, 0)]
    ingest.save(message(*[reading(seq, f"new-{seq}", kind, value) for seq, (kind, value) in enumerate(quiet, 1)]))
    assert ingest.reasons() == [("unknown_sensor",)] * 4
    assert ingest.rows("select * from sensor where found_at is not null") == []


def test_a_sensor_that_was_registered_meanwhile_stays_where_it_was_put(ingest: Ingest) -> None:
    ingest.save(message(reading(1)))
    ingest.connection.execute(
        "insert into sensor (gateway_id, home_id, name, place, role)"
        " select id, home_id, 'new', 'hall', 'button' from gateway"
    )
    ingest.save(message(reading(2, "new", Kind.BUTTON, 2)))
    assert ingest.rows("select place, found_at from sensor where name = 'new'") == [("hall", None)]
    assert ingest.numbers() == [("b1", 1), ("b1", 2)]


def test_calls_of_two_homes_in_one_batch_are_both_heard(ingest: Ingest) -> None:
    add_home(ingest.connection, "gw-2")
    ingest.save(*[message(reading(1, "new", Kind.BUTTON, 2), gateway=name) for name in ("gw-2", "gw-1")])
    assert ingest.rows("select due_at from home_state") == [(AT_ONCE,), (AT_ONCE,)]


def test_a_gateway_cannot_fill_the_list_of_sensors(ingest: Ingest) -> None:
    for boot in ("b1", "b2"):
        some = [reading(seq, f"{boot}-{seq}", Kind.BUTTON, 2) for seq in range(1, MOST_CALLERS + 6)]
        ingest.save(message(*some, boot=boot))
    assert ingest.rows("select count(*) from sensor where found_at is not null") == [(MOST_CALLERS,)]
    assert ingest.rows("select count(*) from reading") == [(MOST_CALLERS,)]
    assert len(ingest.reasons()) == 5 + 20
