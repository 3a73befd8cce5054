"""Whoever said that they want help is not silenced, and who is on duty can be reached."""

from datetime import timedelta

from alerts.telling import states
from alerts.telling.ladder import run_due_steps, start
from alerts.telling.replies import receive
from alerts.telling.rotas import holes
from ingest.database import connect
from tests.alerts.telling import ANNA, T0, World, add_alert

M = timedelta(minutes=1)
PETER = "+447700900021"


def answer(world: World, phone: str, body: str, minutes: int) -> str | None:
    form = {"MessageSid": f"SM{phone}{minutes}", "From": phone, "Body": body}
    return receive(world.db, form, T0 + minutes * M)


def wants_help(world: World) -> int:
    """Peter was asked whether all is well, and wants somebody to come."""
    world.person(PETER, "resident")
    alert = add_alert(world.db, world.home((0, (PETER,)), (300, (ANNA,))))
    start(world.db, [alert], T0)
    answer(world, PETER, "2", 1)
    return alert


def test_data_that_come_late_explain_no_call_for_help(world: World) -> None:
    alert = wants_help(world)
    assert not states.explain(world.db, alert, "There was movement after all.", T0 + 2 * M)
    assert world.one("select state from alert where id = %s", alert) == "open"
    assert world.one("select state from message where person_id = %s", world.person(ANNA)) == "queued"


def test_a_second_answer_calls_nobody_off_who_was_asked_to_come(world: World) -> None:
    """Perhaps a slip, perhaps confusion: a person closes it."""
    alert = wants_help(world)
    answer(world, PETER, "1", 2)
    assert world.one("select state from alert where id = %s", alert) == "open"
    run_due_steps(world.db, T0 + 30 * M)
    assert world.one("select count(*) from message where person_id = %s", world.person(ANNA)) == 2


def test_somebody_on_duty_whom_no_text_reaches_is_a_hole_in_the_rota(world: World) -> None:
    rota = world.one("insert into rota (name) values ('Days') returning id")
    anna = world.person(ANNA, "responder")
    for day in range(1, 8):
        world.db.execute("insert into rota_shift values (%s, %s, '00:00', '00:00', %s)", (rota, day, anna))
    world.db.execute("insert into ladder_step (step, after_s, rota_id) values (1, 0, %s)", (rota,))
    assert holes(world.db, T0) == []
    world.db.execute("update person set opted_out_at = %s", (T0,))
    (hole,) = holes(world.db, T0)
    assert (hole.from_at, hole.until_at) == (T0, T0 + timedelta(days=14))


def test_a_process_that_hangs_loses_what_it_holds_before_long(database: str) -> None:
    """Else one alert that it had locked would stop the judging of everybody for good."""
    with connect(database) as connection:
        row = connection.execute("select current_setting('idle_in_transaction_session_timeout')").fetchone()
    assert row == ("2min",)
