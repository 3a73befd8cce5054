"""Several parts at work on one home at the same moment, and one home among very many."""

import threading
from datetime import timedelta

import psycopg

from alerts import loading
from alerts.judging import judge_due
from alerts.telling.codes import LONG, SHORT
from alerts.telling.ladder import run_due_steps, start
from alerts.telling.receipts import record
from tests.alerts.a_home import at, sos
from tests.alerts.telling import ANNA, BEN, T0, World, add_alert
from tests.alerts.watched import watched
from tests.waiting import until


def test_a_call_for_help_overtakes_every_home_that_is_merely_due(db: psycopg.Connection) -> None:
    db.execute(
        "with made as (insert into home (name, resident) select 'Rose Cottage', 'Peter' from generate_series(1, 50)"
        " returning id) insert into home_state (home_id, due_at) select id, %s from made",
        (at("08:00"),),
    )
    home = watched(db, at("23:00"))
    home.arrive([sos(at("09:00"))], at("09:00"))
    assert judge_due(db, at("09:00"), limit=5).alerts == 1
    assert home.alerts() == [("urgent", "open")]
    assert judge_due(db, at("09:00"), limit=100).homes == 46


def test_a_home_without_a_due_time_is_judged_when_it_calls_for_help(db: psycopg.Connection) -> None:
    home = watched(db, at("23:00"))
    db.execute("delete from home_state")
    home.arrive([sos(at("09:00"))], at("09:00"))
    home.judge(at("09:00"))
    assert home.alerts() == [("urgent", "open")]


def test_judging_a_home_and_a_text_that_failed_there_never_wait_for_each_other(world: World, database: str) -> None:
    alert = add_alert(world.db, world.home((0, (ANNA,))))
    start(world.db, [alert], T0)
    world.db.execute("update message set state = 'handed_over', provider_id = 'SM1'")
    failed: list[BaseException] = []

    def fail() -> None:
        with psycopg.connect(database, application_name="receipt") as connection:
            try:
                record(connection, {"MessageSid": "SM1", "MessageStatus": "failed", "ErrorCode": "30006"}, T0)
            except psycopg.Error as error:
                failed.append(error)

    receipt = threading.Thread(target=fail)
    with psycopg.connect(database) as judge:
        assert len(loading.claim(judge, T0 + timedelta(days=1), 10)) == 1
        add_alert(judge, 1, "technical", "home_unseen")
        receipt.start()
        waits = "select 1 from pg_stat_activity where application_name = 'receipt' and wait_event_type = 'Lock'"
        until(lambda: world.one(waits))
        judge.execute("select from alert where id = %s for update", (alert,))
    receipt.join()
    assert failed == []
    assert world.one("select state from message") == "failed"
    assert world.one("select count(*) from alert where class = 'technical'") == 1


def test_one_alert_whose_ladder_cannot_go_on_stops_no_other(world: World) -> None:
    bad, good = (add_alert(world.db, world.home((0, (phone,)), (300, (phone,)))) for phone in (ANNA, BEN))
    start(world.db, [bad, good], T0)
    world.db.execute(f"alter table message add constraint poison check (alert_id <> {bad} or step < 2)")
    run_due_steps(world.db, T0 + timedelta(minutes=5))
    assert world.one("select step from alert where id = %s", good) == 2
    assert world.one("select next_step_at from alert where id = %s", bad) == T0 + timedelta(minutes=15)


def test_a_phone_with_thousands_of_alerts_still_gets_a_code_for_each(world: World) -> None:
    person = world.person(ANNA)
    home = world.home((0, (ANNA,)))
    many = len(SHORT) + len(LONG)
    world.db.execute(
        "insert into alert (home_id, class, state, reason, deadline_at, opened_at)"
        " select %s, 'welfare', 'closed', 'silent', %s, %s from generate_series(1, %s)",
        (home, T0, T0, many),
    )
    world.db.execute(
        "insert into message (alert_id, person_id, purpose, code, body, urgent, state, created_at)"
        " select a.id, %s, 'alert', c.code, '', false, 'delivered', %s"
        " from (select id, row_number() over (order by id) as place from alert) a"
        " join unnest(%s::text[]) with ordinality c (code, place) using (place)",
        (person, T0, [*SHORT, *LONG]),
    )
    alert = add_alert(world.db, world.home((0, (ANNA,))))
    start(world.db, [alert], T0)
    assert len(world.one("select code from message where alert_id = %s", alert)) == 4
