"""Promises of asking the resident on the tablet: as by a text, at the same time, and also without any phone."""

from datetime import datetime, timedelta

import psycopg
import pytest

from alerts.telling.ladder import run_due_steps, start
from alerts.telling.replies import receive
from alerts.telling.states import acknowledge
from gateway.messages import BUTTON_VALUE, Button, Kind, Status
from ingest.arrivals import Arrived
from ingest.kinds import NUMBER
from tests.alerts.a_home import at, beats, stir
from tests.alerts.telling import ANNA, BEN, T0, World, add_alert
from tests.alerts.test_auditing import names
from tests.alerts.watched import Watched, watched
from tests.ingest.homes import arrived, message, reading

M = timedelta(minutes=1)
PETER = "+447700900021"


def tablet(world: World, home: int, *, online: bool = True, page: bool = True) -> int:
    """A gateway of this home, with or without a page for a tablet."""
    status = Status(online=online, at=T0, voice=True if page else None).model_dump_json(exclude_none=True)
    gateway: int = world.one(
        "insert into gateway (name, home_id, online, status, status_at) values (%s, %s, %s, %s, %s) returning id",
        f"gw-{home}",
        home,
        online,
        status,
        T0,
    )
    return gateway


def told(world: World) -> list[str]:
    return world.all("select phone from message join person on person.id = person_id order by message.id")


def questions(world: World) -> list[tuple[str, datetime, datetime]]:
    return world.db.execute("select command, at, expires_at from gateway_command order by id").fetchall()


def asked(world: World, *, phone: bool = True, **of_tablet: bool) -> tuple[int, int]:
    """An alert whose ladder asks Peter, then Anna after five minutes: its id, and that of the tablet's gateway."""
    if phone:
        world.person(PETER, "resident")
        home = world.home((0, (PETER,)), (300, (ANNA,)), (300, (BEN,)))
    else:
        home = world.home((300, (ANNA,)), (300, (BEN,)))
        world.db.execute("update ladder_step set step = step + 1 where home_id = %s", (home,))
        world.db.execute(
            "insert into ladder_step (home_id, step, after_s, role) values (%s, 1, 0, 'resident')", (home,)
        )
    gateway = tablet(world, home, **of_tablet)
    alert = add_alert(world.db, home)
    start(world.db, [alert], T0)
    return alert, gateway


def press(world: World, gateway: int, what: Button, when: datetime, seq: int = 1) -> None:
    """A button of the page, as it is kept once the gateway has sent it."""
    row = world.one(
        "with s as ("
        "insert into stream (gateway_id, boot, last_at, last_received_at) values (%s, %s, %s, %s) returning id)"
        " select s.id, sensor.id from s, sensor where sensor.gateway_id = %s and sensor.name = 'tablet'",
        gateway,
        f"b{seq}",
        when,
        when,
        gateway,
    )
    world.db.execute(
        "insert into reading (at, received_at, sent_ms, seq, stream_id, sensor_id, kind, value)"
        " values (%s, %s, 0, %s, %s, %s, %s, %s)",
        (when, when, seq, *row, NUMBER[Kind.BUTTON], BUTTON_VALUE[what]),
    )


def state(world: World, alert: int) -> str:
    found: str = world.one("select state from alert where id = %s", alert)
    return found


def events(world: World, alert: int) -> list[str]:
    return world.all("select what from alert_event where alert_id = %s order by id", alert)


def test_the_question_stands_on_the_tablet_when_the_text_goes_out(world: World) -> None:
    alert, _ = asked(world)
    assert told(world) == [PETER]
    assert questions(world) == [("ask", T0, T0 + 15 * M)]
    assert "asked_on_tablet" in events(world, alert)
    assert world.one("select alert_id from gateway_command") == alert


@pytest.mark.parametrize("missing", [{"online": False}, {"page": False}])
def test_without_a_page_or_a_line_only_the_text_asks(world: World, missing: dict[str, bool]) -> None:
    asked(world, **missing)
    assert told(world) == [PETER]
    assert questions(world) == []


@pytest.mark.parametrize("phone", [True, False])
def test_fine_on_the_tablet_explains_it_and_wakes_nobody(world: World, phone: bool) -> None:
    alert, gateway = asked(world, phone=phone)
    press(world, gateway, Button.OK, T0 + 2 * M)
    assert run_due_steps(world.db, T0 + 3 * M) == 1
    assert state(world, alert) == "explained"
    assert world.one("select next_step_at from alert where id = %s", alert) is None
    assert run_due_steps(world.db, T0 + 30 * M) == 0
    assert told(world) == ([PETER] if phone else [])
    what, person, channel = world.one(
        "select what, person_id, channel from alert_event where what = 'resident_well' and alert_id = %s", alert
    )
    assert (what, channel) == ("resident_well", "tablet")
    assert person == (world.person(PETER) if phone else None)


def test_an_answer_that_came_in_time_counts_before_a_step_that_is_due_meanwhile(world: World) -> None:
    alert, gateway = asked(world)
    press(world, gateway, Button.OK, T0 + 4 * M)
    run_due_steps(world.db, T0 + 6 * M)
    assert state(world, alert) == "explained"
    assert told(world) == [PETER]


@pytest.mark.parametrize("phone", [True, False])
def test_no_answer_wakes_the_family_at_the_same_time_as_without_a_tablet(world: World, phone: bool) -> None:
    alert, _ = asked(world, phone=phone)
    assert world.one("select next_step_at from alert where id = %s", alert) == T0 + 5 * M
    run_due_steps(world.db, T0 + 5 * M)
    assert told(world) == ([PETER] if phone else []) + [ANNA]


def test_a_home_of_whose_resident_nothing_can_be_asked_wakes_the_family_at_once(world: World) -> None:
    asked(world, phone=False, online=False)
    assert told(world) == [ANNA]


def test_help_on_the_tablet_is_written_down_and_the_ladder_goes_on(world: World) -> None:
    alert, gateway = asked(world)
    press(world, gateway, Button.SOS, T0 + M)
    run_due_steps(world.db, T0 + 2 * M)
    assert (state(world, alert), events(world, alert)[-1]) == ("open", "resident_wants_help")
    run_due_steps(world.db, T0 + 5 * M)
    assert told(world) == [PETER, ANNA]


def test_a_press_before_the_question_or_long_after_it_answers_nothing(world: World) -> None:
    alert, gateway = asked(world)
    for seq, minutes in enumerate((-1, 17), 1):
        press(world, gateway, Button.OK, T0 + minutes * M, seq)
    run_due_steps(world.db, T0 + 18 * M)
    assert state(world, alert) == "open"


def test_fine_when_somebody_has_it_takes_it_from_nobody(world: World) -> None:
    alert, gateway = asked(world)
    run_due_steps(world.db, T0 + 5 * M)
    acknowledge(world.db, alert, world.person(ANNA), "sms", T0 + 6 * M)
    press(world, gateway, Button.OK, T0 + 7 * M)
    run_due_steps(world.db, T0 + 8 * M)
    assert world.one("select state, holder_id from alert where id = %s", alert) == ("acknowledged", world.person(ANNA))


def test_who_answered_on_the_tablet_is_not_asked_again_and_the_text_counts_all_the_same(world: World) -> None:
    alert, gateway = asked(world)
    press(world, gateway, Button.SOS, T0 + M)
    for minutes in range(1, 60):
        run_due_steps(world.db, T0 + minutes * M)
    assert told(world).count(PETER) == 1
    assert len(questions(world)) == 1
    receive(world.db, {"MessageSid": "SM1", "From": PETER, "Body": "1"}, T0 + 61 * M)
    assert state(world, alert) == "explained"


def test_without_an_answer_it_is_asked_once_more_when_the_ladder_begins_again(world: World) -> None:
    asked(world)
    for minutes in range(1, 120):
        world.db.execute("update gateway set status_at = %s", (T0 + minutes * M,))
        run_due_steps(world.db, T0 + minutes * M)
    assert len(questions(world)) == 2


def test_what_is_urgent_asks_nobody_on_the_tablet(world: World) -> None:
    world.person(PETER, "resident")
    home = world.home((0, (PETER,)), (300, (ANNA,)))
    tablet(world, home)
    start(world.db, [add_alert(world.db, home, "urgent", "call_for_help")], T0)
    assert told(world) == [ANNA]
    assert questions(world) == []


def test_the_auditor_waits_while_the_tablet_asks_and_no_longer(world: World) -> None:
    asked(world, phone=False)
    world.db.execute("update alert set next_step_at = %s", (T0 + 60 * M,))
    world.db.execute("update gateway_command set sent_at = %s", (T0,))
    assert "nobody_told" not in names(world, T0 + 11 * M)
    assert "nobody_told" in names(world, T0 + 16 * M)


# Help is a call for help: through ingest and judging


def asked_at_home(db: psycopg.Connection) -> tuple[Watched, int]:
    home = watched(db, at("09:00"))
    status = Status(online=True, at=at("09:00"), voice=True).model_dump_json(exclude_none=True)
    home.saver.save(db, [arrived(status.encode(), leaf="status", at=at("09:00"))])
    home.arrive([*stir(at("08:00")), *beats(at("07:00"), at("09:00"))], at("09:00"))
    home.judge(at("09:00"))
    home.saver.forget()  # it looks again after some seconds
    db.execute("update ladder_step set step = 2, after_s = 300")
    db.execute("insert into ladder_step (home_id, step, after_s, role) values (%s, 1, 0, 'resident')", (home.home,))
    alert = add_alert(db, home.home, at=at("09:00"))
    start(db, [alert], at("09:00"))
    return home, alert


def pressed(what: float, when: datetime) -> Arrived:
    return message(reading(1, "tablet", Kind.BUTTON, what, when), at=when)


def test_help_is_raised_at_once_and_the_family_told(db: psycopg.Connection) -> None:
    home, alert = asked_at_home(db)
    home.saver.save(db, [Arrived("hearth/1/gw-1/readings", _boot_two(pressed(2, at("09:01"))), at("09:01"), 1, 1)])
    assert home.judge(at("09:01")).alerts == 1
    run_due_steps(db, at("09:01"))
    assert home.alerts() == [("welfare", "open"), ("urgent", "open")]
    assert home.rows("select body like '%%URGENT%%' from message") == [True]
    assert home.rows("select count(*) from alert_event where what = 'resident_wants_help'") == [1]
    assert alert


def test_fine_is_heard_through_ingest_in_a_home_that_never_had_a_reminder(db: psycopg.Connection) -> None:
    home, _ = asked_at_home(db)
    home.saver.save(db, [Arrived("hearth/1/gw-1/readings", _boot_two(pressed(1, at("09:01"))), at("09:01"), 1, 1)])
    run_due_steps(db, at("09:01"))
    assert home.alerts() == [("welfare", "explained")]
    assert home.rows("select count(*) from quarantine") == [0]


def _boot_two(found: Arrived) -> bytes:
    """As of another boot than that of the home's other readings, so that its number is free."""
    return found.payload.replace(b'"b1"', b'"b2"')
