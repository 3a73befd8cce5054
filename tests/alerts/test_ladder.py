"""Promises of ladders: telling people until somebody has it."""

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as some

from alerts.telling.climbing import Ladder, Reach, Rung, What, WhyNot, go_on
from alerts.telling.codes import LONG, SHORT, give
from alerts.telling.ladder import run_due_steps, start
from alerts.telling.receipts import record
from alerts.telling.state_table import Outcome
from alerts.telling.states import acknowledge, cannot, close
from tests.alerts.telling import ANNA, BEN, CARA, DOT, T0, World, add_alert, add_home, add_person

M = timedelta(minutes=1)


def begin(world: World, *steps: tuple[int, tuple[str, ...]], class_: str = "welfare", reason: str = "silent") -> int:
    alert = add_alert(world.db, world.home(*steps), class_, reason)
    start(world.db, [alert], T0)
    return alert


def told(world: World) -> list[str]:
    """Phones in the order they were written to."""
    return world.all("select phone from message join person on person.id = person_id order by message.id")


def events(world: World) -> list[Any]:
    return world.db.execute("select what, person_id, note from alert_event order by id").fetchall()


def next_step_at(world: World, alert: int) -> Any:
    return world.one("select next_step_at from alert where id = %s", alert)


def test_all_people_of_a_step_are_told_at_once_and_the_next_step_waits_its_time(world: World) -> None:
    alert = begin(world, (0, (ANNA, BEN)), (600, (CARA,)))
    assert told(world) == [ANNA, BEN]
    assert next_step_at(world, alert) == T0 + 10 * M
    assert run_due_steps(world.db, T0 + 9 * M) == 0
    assert run_due_steps(world.db, T0 + 10 * M) == 1
    assert told(world) == [ANNA, BEN, CARA]


def test_a_first_step_may_come_a_while_after_the_alert(world: World) -> None:
    alert = begin(world, (120, (ANNA,)))
    assert told(world) == []
    assert next_step_at(world, alert) == T0 + 2 * M
    run_due_steps(world.db, T0 + 2 * M)
    assert told(world) == [ANNA]


def test_the_ladder_starts_once_more_from_the_top_and_then_nobody_answered(world: World) -> None:
    alert = begin(world, (0, (ANNA,)), (300, (BEN,)))
    for minutes in (5, 15, 20, 30):
        assert run_due_steps(world.db, T0 + minutes * M) == 1
    assert told(world) == [ANNA, BEN, ANNA, BEN]
    assert [what for what, _, _ in events(world)] == ["step", "step", "repeated", "step", "step", "nobody_answered"]
    assert next_step_at(world, alert) is None
    assert world.one("select state, unanswered_at from alert where id = %s", alert) == ("open", T0 + 30 * M)
    acknowledge(world.db, alert, world.person(BEN), "page", T0 + 31 * M)
    assert world.one("select unanswered_at from alert where id = %s", alert) is None


def test_who_opted_out_or_has_a_wrong_number_is_passed_by_at_once(world: World) -> None:
    world.db.execute("update person set opted_out_at = %s where id = %s", (T0, world.person(ANNA)))
    world.db.execute("update person set phone_refused_at = %s where id = %s", (T0, world.person(BEN)))
    begin(world, (0, (ANNA,)), (600, (BEN,)), (600, (CARA,)))
    assert told(world) == [CARA]
    assert events(world) == [
        ("skipped", world.person(ANNA), "opted_out"),
        ("skipped", world.person(BEN), "number_wrong"),
        ("step", None, "3"),
    ]


def test_a_step_goes_to_those_of_its_people_who_can_be_told(world: World) -> None:
    world.db.execute("update person set opted_out_at = %s where id = %s", (T0, world.person(ANNA)))
    begin(world, (0, (ANNA, BEN)))
    assert told(world) == [BEN]


@pytest.mark.parametrize("with_somebody", [True, False])
def test_a_ladder_on_which_nobody_can_be_told_says_so_at_once(world: World, with_somebody: bool) -> None:
    if with_somebody:
        world.db.execute("update person set opted_out_at = %s where id = %s", (T0, world.person(ANNA)))
    begin(world, *([(0, (ANNA,))] if with_somebody else []))
    assert events(world)[-1][0] == "nobody_answered"
    assert world.one("select unanswered_at from alert") == T0


def test_who_cannot_come_is_spared_when_the_ladder_starts_again(world: World) -> None:
    alert = begin(world, (0, (ANNA, BEN)), (300, (ANNA, CARA)))
    cannot(world.db, alert, world.person(ANNA), "sms", T0 + M)
    for minutes in (1, 11, 16):
        assert run_due_steps(world.db, T0 + minutes * M) == 1
    assert told(world) == [ANNA, BEN, CARA, BEN, CARA]
    assert ("skipped", world.person(ANNA), "cannot") in events(world)


def test_when_nobody_can_come_they_are_asked_once_more_and_then_nobody_answered(world: World) -> None:
    alert = begin(world, (0, (ANNA,)))
    cannot(world.db, alert, world.person(ANNA), "sms", T0 + M)
    assert run_due_steps(world.db, T0 + 9 * M) == 0, "not at once: they have just said no"
    for minutes in (10, 20):
        assert run_due_steps(world.db, T0 + minutes * M) == 1
    assert told(world) == [ANNA, ANNA]
    assert events(world)[-1][0] == "nobody_answered"


def test_a_no_counts_until_the_alert_comes_back(world: World) -> None:
    alert = begin(world, (0, (ANNA,)), (300, (BEN,)))
    cannot(world.db, alert, world.person(ANNA), "sms", T0 + M)
    acknowledge(world.db, alert, world.person(BEN), "page", T0 + 2 * M)
    assert run_due_steps(world.db, T0 + 32 * M) == 2
    assert told(world)[-1] == ANNA


def test_a_technical_alert_texts_nobody(world: World) -> None:
    alert = begin(world, (0, (ANNA,)), class_="technical", reason="home_unseen")
    assert told(world) == []
    assert next_step_at(world, alert) is None


def test_not_delivered_means_not_told_and_the_next_person_hears_within_a_minute(world: World) -> None:
    begin(world, (0, (ANNA,)), (600, (BEN,)))
    world.db.execute("update message set state = 'handed_over', provider_id = 'SM1'")
    record(world.db, {"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "30004"}, T0 + M)
    assert run_due_steps(world.db, T0 + M) == 1
    assert told(world) == [ANNA, BEN]


def test_when_the_last_ones_text_is_lost_the_others_still_have_their_time(world: World) -> None:
    alert = begin(world, (0, (ANNA,)), (300, (BEN,)))
    run_due_steps(world.db, T0 + 5 * M)
    world.db.execute("update message set state = 'handed_over', provider_id = 'SM' || step, next_try_at = null")
    record(world.db, {"MessageSid": "SM2", "MessageStatus": "failed", "ErrorCode": "30004"}, T0 + 6 * M)
    assert next_step_at(world, alert) == T0 + 15 * M
    record(world.db, {"MessageSid": "SM1", "MessageStatus": "failed", "ErrorCode": "30004"}, T0 + 7 * M)
    assert next_step_at(world, alert) == T0 + 15 * M


def test_when_nobody_at_all_was_reached_the_ladder_does_not_wait(world: World) -> None:
    alert = begin(world, (0, (ANNA,)))
    world.db.execute("update message set state = 'handed_over', provider_id = 'SM1'")
    record(world.db, {"MessageSid": "SM1", "MessageStatus": "failed", "ErrorCode": "30006"}, T0 + M)
    assert next_step_at(world, alert) == T0 + M
    run_due_steps(world.db, T0 + M)
    assert world.one("select unanswered_at from alert where id = %s", alert) == T0 + M


def test_two_workers_never_run_the_same_step(world: World, database: str) -> None:
    begin(world, (0, (ANNA,)), (600, (BEN,)))
    with psycopg.connect(database) as other, other.transaction():
        assert run_due_steps(other, T0 + 10 * M) == 1
        assert run_due_steps(world.db, T0 + 10 * M) == 0
    assert told(world) == [ANNA, BEN]


def test_starting_twice_tells_nobody_twice(world: World) -> None:
    alert = begin(world, (0, (ANNA,)))
    world.db.execute("update alert set step = 0")
    start(world.db, [alert], T0)
    assert told(world) == [ANNA]


def test_five_hundred_homes_are_told_in_a_handful_of_statements(world: World) -> None:
    team = add_person(world.db, DOT, "responder")
    family = [add_person(world.db, f"+4477008{number:05}") for number in range(500)]
    alerts = [add_alert(world.db, add_home(world.db, [(0, [person, team])]), "urgent") for person in family]
    counting = Counting(world.db)
    start(counting, alerts, T0)  # type: ignore[arg-type]
    assert counting.statements < 15
    assert world.one("select count(*) from message") == 1000
    codes = world.all("select code from message where person_id = %s", team)
    assert len(set(codes)) == 500
    assert max(map(len, world.all("select body from message"))) <= 160


class Counting:
    """A connection that counts what it is asked."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection, self.statements = connection, 0

    def execute(self, *args: Any) -> Any:
        self.statements += 1
        return self.connection.execute(*args)

    def cursor(self, **how: Any) -> Any:
        self.statements += 1
        return self.connection.cursor(**how)


def test_an_old_call_for_help_says_how_old_it_is(world: World) -> None:
    alert = add_alert(world.db, world.home((0, (ANNA,))), "urgent", "call_for_help")
    start(world.db, [alert], T0 + timedelta(hours=3))
    assert "a call for help 3 h ago" in world.one("select body from message")


# Codes


def test_a_code_is_never_given_twice_to_a_phone_within_a_day(world: World) -> None:
    first = begin(world, (0, (ANNA,)))
    close(world.db, first, world.person(ANNA), Outcome.ALL_WELL, "page", T0)
    second = begin(world, (0, (ANNA,)))
    codes = world.all("select distinct code from message where alert_id = any(%s)", [first, second])
    assert len(codes) == 2


def test_the_same_alert_keeps_its_code_on_a_phone(world: World) -> None:
    alert = begin(world, (0, (ANNA,)))
    run_due_steps(world.db, T0 + 10 * M)
    assert world.one("select count(*), count(distinct code) from message where alert_id = %s", alert) == (2, 1)


def test_the_code_of_an_open_alert_is_not_given_again_however_old(world: World) -> None:
    home = world.home((0, (ANNA,)))
    old = add_alert(world.db, home)
    start(world.db, [old], T0)
    person = world.person(ANNA)
    code = world.one("select code from message")
    new = [add_alert(world.db, world.home((0, (ANNA,)))) for _ in SHORT]
    given = give(world.db, [(alert, person) for alert in new], T0 + timedelta(days=5))
    assert code not in given.values()
    assert len(set(given.values())) == len(SHORT)
    assert sum(code in LONG for code in given.values()) == 1


# The decision


rungs = some.lists(some.tuples(some.integers(0, 2), some.integers(0, 2), some.integers(0, 30)), max_size=4).map(
    lambda steps: tuple(
        Rung(
            step,
            minutes * M,
            tuple(Reach(step * 10 + n) for n in range(reachable)),
            tuple((Reach(step * 10 + 5 + n), WhyNot.OPTED_OUT) for n in range(away)),
        )
        for step, (reachable, away, minutes) in enumerate(steps, 1)
    )
)


@given(rungs)
def test_everybody_who_can_be_told_is_told_twice_and_then_it_ends(rungs: tuple[Rung, ...]) -> None:
    ladder, now = Ladder(rungs), T0
    told: list[Reach] = []
    for _ in range(20):
        move = go_on(ladder, now)
        told += move.tell
        ladder = Ladder(rungs, move.step, move.round, move.repeats_left)
        if move.next_step_at is None:
            break
        assert move.tell
        assert move.next_step_at >= now
        now = move.next_step_at
    assert move.next_step_at is None
    assert [event.what for event in move.happened][-1] is What.NOBODY_ANSWERED
    reachable = [person for rung in rungs for person in rung.reachable]
    assert told == reachable * 2
