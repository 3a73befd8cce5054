"""Promises of asking the resident first, of being there, and of alerts that come again."""

from datetime import timedelta

import pytest

from alerts.telling.ladder import run_due_steps, start
from alerts.telling.replies import receive
from alerts.telling.state_table import Outcome
from alerts.telling.states import acknowledge, attend, close, lapse
from tests.alerts.a_home import at, sos
from tests.alerts.telling import ANNA, BEN, T0, World, add_alert
from tests.alerts.watched import watched

M = timedelta(minutes=1)
PETER = "+447700900021"


def told(world: World) -> list[str]:
    return world.all("select phone from message join person on person.id = person_id order by message.id")


def asked(world: World) -> int:
    """An alert whose ladder asks Peter himself, then Anna after five minutes."""
    world.person(PETER, "resident")
    alert = add_alert(world.db, world.home((0, (PETER,)), (300, (ANNA,)), (300, (BEN,))))
    start(world.db, [alert], T0)
    return alert


def answer(world: World, phone: str, body: str, at: timedelta = 2 * M) -> str | None:
    form = {"MessageSid": f"SM{phone}{body}{at}", "From": phone, "Body": body}
    return receive(world.db, form, T0 + at)


def test_the_resident_is_asked_before_anybody_is_woken(world: World) -> None:
    asked(world)
    assert told(world) == [PETER]
    assert "are you all right" in world.one("select body from message")


def test_a_yes_of_the_resident_explains_it_and_wakes_nobody(world: World) -> None:
    alert = asked(world)
    assert "good to hear" in str(answer(world, PETER, "1"))
    assert world.one("select state, next_step_at from alert where id = %s", alert) == ("explained", None)
    assert run_due_steps(world.db, T0 + 30 * M) == 0
    assert told(world) == [PETER]


def test_no_answer_of_the_resident_wakes_the_family(world: World) -> None:
    asked(world)
    run_due_steps(world.db, T0 + 5 * M)
    assert told(world) == [PETER, ANNA]


def test_a_no_of_the_resident_is_a_call_for_help_to_the_family_at_once(world: World) -> None:
    alert = asked(world)
    assert "asking somebody to come" in str(answer(world, PETER, "2"))
    assert told(world) == [PETER, ANNA]
    assert world.one("select severity, reason, state from alert where id = %s", alert) == (
        "urgent",
        "call_for_help",
        "open",
    )
    body, urgent = world.one("select body, urgent from message order by id desc limit 1")
    assert "URGENT" in body or "call for help" in body
    assert urgent


def test_a_yes_that_comes_when_somebody_has_it_takes_it_from_nobody(world: World) -> None:
    alert = asked(world)
    run_due_steps(world.db, T0 + 5 * M)
    acknowledge(world.db, alert, world.person(ANNA), "sms", T0 + 6 * M)
    answer(world, PETER, "1", 7 * M)
    assert world.one("select state, holder_id from alert where id = %s", alert) == ("acknowledged", world.person(ANNA))


def test_who_is_there_has_it_for_longer(world: World) -> None:
    alert = add_alert(world.db, world.home((0, (ANNA, BEN))))
    start(world.db, [alert], T0)
    world.db.execute("update message set state = 'sent'")
    acknowledge(world.db, alert, world.person(ANNA), "sms", T0)
    assert "thank you for being there" in str(answer(world, ANNA, "4")).lower()
    assert world.one("select state, lapses_at from alert where id = %s", alert) == ("attending", T0 + 122 * M)
    assert not attend(world.db, alert, world.person(BEN), "page", T0 + 3 * M).won
    assert not acknowledge(world.db, alert, world.person(BEN), "page", T0 + 3 * M).won
    run_due_steps(world.db, T0 + 123 * M)
    assert world.one("select state from alert where id = %s", alert) == "open"


def test_who_is_there_closes_it_with_an_outcome(world: World) -> None:
    alert = add_alert(world.db, world.home((0, (ANNA,))))
    attend(world.db, alert, world.person(ANNA), "page", T0)
    assert close(world.db, alert, world.person(ANNA), Outcome.HELPED, "page", T0 + M)
    assert not lapse(world.db, alert, T0 + 200 * M)


@pytest.mark.parametrize(("minutes", "again"), [(20, True), (40, False)])
def test_what_is_found_soon_after_closing_opens_the_same_alert_again(world: World, minutes: int, again: bool) -> None:
    home = watched(world.db, at("09:00"))
    home.arrive([sos(at("09:00"))], at("09:00"))
    home.judge(at("09:00"))
    alert, person = world.one("select alert.id, person.id from alert, person")
    close(world.db, alert, person, Outcome.ALL_WELL, "page", at("09:10"))
    later = at("09:10") + minutes * M
    home.arrive([sos(later)], later)
    home.judge(later)
    assert world.all("select state from alert order by id") == (["open"] if again else ["closed", "open"])
    assert world.one("select count(*) from message where purpose = 'alert'") == 2
    assert world.one("select reopened from alert where id = %s", alert) == int(again)


def test_the_resident_of_another_home_is_a_neighbour_like_any_other(world: World) -> None:
    neighbour = world.person(PETER, "resident")
    home = world.home((0, (PETER,)))
    world.db.execute("delete from home_person where person_id = %s", (neighbour,))
    alert = add_alert(world.db, home)
    start(world.db, [alert], T0)
    assert "Reply" in world.one("select body from message")
    assert "are you all right" not in world.one("select body from message")
    answer(world, PETER, "1")
    assert world.one("select state, holder_id from alert where id = %s", alert) == ("acknowledged", neighbour)
