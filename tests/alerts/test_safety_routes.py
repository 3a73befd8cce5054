"""Ways in which messages could stay away, or nobody notice that they do, and that it is not so."""

import threading
from datetime import timedelta

import psycopg
import pytest

from alerts.auditing.checks import look
from alerts.telling.carrying import Accepted, Answer, Health, NotAnswered, Outgoing, Refused, Routes, Seen, Unknown
from alerts.telling.climbing import By
from alerts.telling.ladder import start
from alerts.telling.pacing import take_slot
from alerts.telling.replies import receive
from alerts.telling.sender import send_next
from tests.alerts.telling import ANNA, BEN, PATIENCE, T0, World, add_alert
from tests.waiting import until

M = timedelta(minutes=1)


class Company:
    """A route that answers as it is told to."""

    def __init__(self, name: str, answer: Answer) -> None:
        self.name, self.answer = name, answer
        self.sent: list[int] = []

    def send(self, out: Outgoing) -> Answer:
        self.sent.append(out.id)
        return Accepted(f"{self.name}-{out.id}") if isinstance(self.answer, Accepted) else self.answer

    def candidates(self, _out: Outgoing, _since: object) -> list[Seen]:
        raise NotAnswered("away")

    def ask(self, _sid: str) -> Seen | None:
        return None


OUT = Outgoing(1, By.SMS, "", attempts=1, created_at=T0, urgent=True, purpose="alert")


def opened(world: World, class_: str = "urgent") -> int:
    alert = add_alert(world.db, world.home((0, (ANNA,)), (300, (BEN,))), class_, "door_at_night")
    start(world.db, [alert], T0)
    return alert


def faults(world: World) -> set[str]:
    world.db.execute("update home_state set due_at = %s", (world.time() + timedelta(days=1),))
    return {fault.name for fault in look(world.db, world.time())}


# Routes


def test_a_route_that_was_sick_is_tried_with_the_next_text_however_often_there_was_none(world: World) -> None:
    first, second = Company("first", Unknown("timeout")), Company("second", Accepted(""))
    routes = Routes({By.SMS: [first, second]}, Health())
    for _ in range(3):
        routes.send("first", OUT, world.time())
    first.answer = Accepted("")
    for _ in range(90):
        assert not send_next(world.db, routes, world.time, PATIENCE)
        world.time.pass_(seconds=1)
    opened(world)
    assert send_next(world.db, routes, world.time, PATIENCE)
    assert len(first.sent) == 4
    assert second.sent == []


def test_while_one_text_tries_a_sick_route_the_others_spare_it() -> None:
    first, second = Company("first", Unknown("timeout")), Company("second", Accepted(""))
    routes, later = Routes({By.SMS: [first, second]}, Health()), T0 + 2 * M
    for _ in range(3):
        routes.send("first", OUT, T0)
    assert routes.choose(T0 + 0.5 * M)["sms"] == "second"
    assert routes.choose(later)["sms"] == "first"
    routes.send("first", OUT, later)
    assert routes.choose(later)["sms"] == "second"


def test_a_pace_that_another_clock_wrote_down_holds_no_text_for_long(db: psycopg.Connection) -> None:
    take_slot(db, "+447700900001", 10)
    db.execute("update sender_slot set next_at = next_at + interval '2 hours'")
    assert take_slot(db, "+447700900001", 10) <= 20
    assert take_slot(db, "+447700900001", 10) <= 20.5


# The auditor


@pytest.mark.parametrize(("class_", "fault"), [("urgent", "texts_waiting"), ("welfare", "nobody_told")])
def test_texts_that_the_phone_company_refuses_again_and_again_reach_the_operator(
    world: World, class_: str, fault: str
) -> None:
    opened(world, class_)
    routes = Routes({By.SMS: [Company("first", Refused(20003, 401))]})
    for _ in range(66):
        while send_next(world.db, routes, world.time, PATIENCE):
            pass
        world.time.pass_(seconds=10)
    assert fault in faults(world)


def test_a_ladder_that_begins_later_is_no_fault(world: World) -> None:
    alert = add_alert(world.db, world.home((1800, (ANNA,))))
    start(world.db, [alert], T0)
    world.time.pass_(minutes=15)
    assert faults(world) == set()


def test_what_waits_for_the_end_of_quiet_hours_is_no_fault(world: World) -> None:
    alert = add_alert(world.db, world.home((0, (ANNA,))))
    world.db.execute("update person set quiet_from = '08:00', quiet_until = '12:00'")
    world.db.execute("update alert set severity = 'low' where id = %s", (alert,))
    start(world.db, [alert], T0)
    world.time.pass_(minutes=15)
    assert faults(world) == set()


# Locks


def test_an_answer_waits_for_an_alert_without_holding_the_person(world: World) -> None:
    """Who holds the alert may go on to the person: the other way round they would wait for each other."""
    alert = opened(world)
    world.db.execute("update person set phone_refused_at = %s", (T0,))
    code = world.one("select code from message")
    form = {"MessageSid": "SM1", "From": ANNA, "Body": f"{code} 1"}

    def answer() -> None:
        with psycopg.connect(world.database) as connection:
            receive(connection, form, T0 + M)

    waiting = "select count(*) from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()"
    with psycopg.connect(world.database) as other:
        other.execute("select from alert where id = %s for update", (alert,))
        answering = threading.Thread(target=answer)
        answering.start()
        until(lambda: world.one(waiting) == 1)
        other.execute("set local lock_timeout = '1s'")
        other.execute("update person set phone_refused_at = %s where id = %s", (T0, world.person(ANNA)))
    answering.join(10)
    assert world.one("select state, phone_refused_at from alert, person where phone = %s", ANNA) == (
        "acknowledged",
        None,
    )
