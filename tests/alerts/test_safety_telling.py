"""Ways in which an emergency could be told to nobody, or late, and that it is told all the same."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from alerts.rules import Silence
from alerts.telling.hand_over import hand_over
from alerts.telling.ladder import run_due_steps, start
from alerts.telling.replies import receive
from alerts.telling.state_table import Outcome
from alerts.telling.states import close
from alerts.verdicts import Severity
from tests.alerts.a_home import at, beats, stir
from tests.alerts.telling import ANNA, BEN, T0, World, add_alert
from tests.alerts.watched import watched

M = timedelta(minutes=1)
H = timedelta(hours=1)
PETER = "+447700900021"


def told(world: World) -> list[str]:
    return world.all("select phone from message join person on person.id = person_id order by message.id")


def step(world: World, home: int | None, **columns: Any) -> None:
    values = {"home_id": home, "step": 1, "after_s": 0, **columns}
    marks = ", ".join(f"%({name})s" for name in values)
    world.db.execute(f"insert into ladder_step ({', '.join(values)}) values ({marks})".encode(), values)


def day_shift(world: World, phone: str) -> int:
    """A rota with this person on Saturdays from 12:00 to 20:00."""
    made = int(world.one("insert into rota (name) values ('Days') returning id"))
    person = world.person(phone, "responder")
    world.db.execute("insert into rota_shift values (%s, 6, '12:00', '20:00', %s)", (made, person))
    return made


def begin(world: World, alert: int, when: datetime = T0) -> None:
    with world.db.transaction():
        start(world.db, [alert], when)


def answer(world: World, phone: str, body: str, when: datetime) -> str | None:
    return receive(world.db, {"MessageSid": f"SM{phone}{body}{when}", "From": phone, "Body": body}, when)


def works(world: World, until: datetime) -> None:
    """The ladders run for so long, every minute."""
    while world.time() < until:
        run_due_steps(world.db, world.time.pass_(minutes=1))


# Nobody there at first


def test_whoever_comes_on_duty_later_is_told_of_what_nobody_could_be_told_before(world: World) -> None:
    home = world.home()
    step(world, home, rota_id=day_shift(world, ANNA))
    alert = add_alert(world.db, home)
    begin(world, alert)
    assert told(world) == []
    assert world.one("select unanswered_at from alert where id = %s", alert) == T0
    works(world, T0 + 3 * H + 5 * M)
    assert told(world) == [ANNA]
    assert world.one("select unanswered_at from alert where id = %s", alert) is None


def test_whoever_comes_on_duty_after_nobody_answered_is_told(world: World) -> None:
    home = world.home((0, (BEN,)))
    step(world, home, step=2, rota_id=day_shift(world, ANNA))
    begin(world, add_alert(world.db, home))
    works(world, T0 + 2 * H)
    assert told(world) == [BEN, BEN]
    assert world.one("select unanswered_at is not null from alert")
    works(world, T0 + 3 * H + 11 * M)
    assert told(world) == [BEN, BEN, ANNA]
    works(world, T0 + 6 * H)
    assert told(world) == [BEN, BEN, ANNA]


def test_a_ladder_with_nobody_is_looked_at_again_without_a_word_each_time(world: World) -> None:
    alert = add_alert(world.db, world.home())
    begin(world, alert)
    works(world, T0 + 3 * H)
    assert world.all("select what from alert_event") == ["nobody_answered"]


def test_an_alert_told_to_everybody_twice_still_ends(world: World) -> None:
    alert = add_alert(world.db, world.home((0, (ANNA,))))
    begin(world, alert)
    works(world, T0 + 3 * H)
    assert told(world) == [ANNA, ANNA]
    assert world.one("select next_step_at from alert where id = %s", alert) is None


def test_who_stands_in_and_cannot_be_reached_any_more_hides_nobody(world: World) -> None:
    alert = add_alert(world.db, world.home((0, (ANNA,))))
    hand_over(world.db, world.person(ANNA), world.person(BEN), T0 + 24 * H, "sms", T0)
    answer(world, BEN, "STOP", T0 + M)
    begin(world, alert, T0 + 2 * M)
    assert world.all("select phone from message join person on person.id = person_id where purpose = 'alert'") == [ANNA]


@pytest.mark.parametrize(
    "columns", [{"class": "welfare"}, {"severity": "low"}, {"class": "welfare", "severity": "low"}]
)
def test_an_alert_that_no_ladder_is_meant_for_takes_the_one_that_the_home_has(
    world: World, columns: dict[str, str]
) -> None:
    home = world.home()
    step(world, home, person_id=world.person(ANNA), **columns)
    step(world, world.home(), person_id=world.person(BEN))
    begin(world, add_alert(world.db, home, "urgent", "call_for_help"))
    assert told(world) == [ANNA]


def test_the_ladder_of_everybody_comes_before_one_that_is_not_meant_for_this(world: World) -> None:
    home = world.home()
    step(world, home, person_id=world.person(ANNA), **{"class": "technical"})
    step(world, None, person_id=world.person(BEN))
    begin(world, add_alert(world.db, home, "urgent", "call_for_help"))
    assert told(world) == [BEN]


# What is graver must not wait


def test_what_is_graver_is_told_at_once_although_what_it_joins_could_wait(world: World) -> None:
    home = watched(world.db, at("03:30", 19), Silence(hours=4))
    world.db.execute("update person set quiet_from = '22:00', quiet_until = '08:00'")
    alert = add_alert(world.db, home.home, reason="too_cold", at=at("23:30"))
    world.db.execute("update alert set severity = 'low' where id = %s", (alert,))
    begin(world, alert, at("23:30"))
    assert world.one("select next_try_at from message") == at("08:00", 19)
    home.arrive([*beats(at("20:00"), at("03:30", 19)), *stir(at("23:00"))], at("03:30", 19))
    home.look(at("03:30", 19))
    assert home.alerts() == [("welfare", "open")]
    assert world.one("select severity from alert") == Severity.HIGH
    waits = world.all("select next_try_at from message where state = 'queued' and purpose = 'alert'")
    assert waits == [at("03:30", 19)]


def test_who_wants_help_is_heard_at_night_and_the_text_that_could_wait_does_not_follow(world: World) -> None:
    peter = world.person(PETER, "resident")
    home = world.home((0, (PETER,)), (60, (ANNA,)))
    alert = add_alert(world.db, home, reason="too_cold")
    world.db.execute("update person set quiet_from = '22:00', quiet_until = '08:00' where id <> %s", (peter,))
    world.db.execute("update alert set severity = 'low' where id = %s", (alert,))
    night = T0 + 15 * H
    begin(world, alert, night)
    run_due_steps(world.db, night + M)
    answer(world, PETER, "2", night + 2 * M)
    mine = world.all("select next_try_at from message where person_id = %s and state = 'queued'", world.person(ANNA))
    assert mine == [night + 2 * M]


# The resident's word


def asked_twice(world: World) -> tuple[int, int]:
    """Peter was asked about an alert that is closed now, and about another that is open."""
    world.person(PETER, "resident")
    home = world.home((0, (PETER,)), (300, (ANNA,)))
    first = add_alert(world.db, home)
    begin(world, first)
    close(world.db, first, world.person(ANNA), Outcome.ALL_WELL, "page", T0 + M)
    second = add_alert(world.db, home, at=T0 + 40 * M)
    begin(world, second, T0 + 40 * M)
    return first, second


def test_who_wants_help_by_the_code_of_a_closed_alert_is_heard_in_the_open_one(world: World) -> None:
    first, second = asked_twice(world)
    code = world.one("select code from message where alert_id = %s", first)
    assert "asking somebody to come" in str(answer(world, PETER, f"{code} 2", T0 + 41 * M))
    assert world.one("select state, severity, reason from alert where id = %s", second) == (
        "open", "urgent", "call_for_help",
    )  # fmt: skip
    assert told(world)[-1] == ANNA


def test_who_wants_help_after_it_was_closed_makes_every_reading_interesting_again(world: World) -> None:
    first, second = asked_twice(world)
    close(world.db, second, world.person(ANNA), Outcome.ALL_WELL, "page", T0 + 41 * M)
    code = world.one("select code from message where alert_id = %s", first)
    answer(world, PETER, f"{code} 2", T0 + 42 * M)
    assert world.all("select eager from home_state") == [True]
    assert world.one("select state from alert where id = %s", first) == "open"


def test_a_resident_is_not_asked_first_about_a_call_for_help(world: World) -> None:
    """Whoever pressed the button has said already that they are not all right."""
    world.person(PETER, "resident")
    begin(world, add_alert(world.db, world.home((0, (PETER,)), (300, (ANNA,))), "urgent", "call_for_help"))
    assert told(world) == [ANNA]
