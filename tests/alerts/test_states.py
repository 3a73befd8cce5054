"""Promises of taking, giving back, lapsing, explaining and closing an alert."""

import threading
from collections.abc import Callable
from datetime import timedelta
from itertools import product
from typing import Any

import psycopg
import pytest

from alerts.telling import ladder
from alerts.telling.state_table import LAPSES_AFTER, TABLE, Event, Outcome, State
from alerts.telling.states import acknowledge, cannot, close, explain, lapse
from alerts.verdicts import Severity
from tests.alerts.telling import ANNA, BEN, CARA, T0, World, add_alert


def opened(world: World, class_: str = "welfare") -> int:
    """An open alert whose first step, Anna and Ben, has been told; Cara is the second step."""
    home = world.home((0, (ANNA, BEN)), (600, (CARA,)))
    alert = add_alert(world.db, home, class_)
    ladder.start(world.db, [alert], T0)
    world.db.execute("update message set state = 'delivered', next_try_at = null")
    return alert


def alert_row(world: World, alert: int, columns: str) -> Any:
    return world.one(f"select {columns} from alert where id = %s", alert)


def events(world: World, alert: int) -> list[str]:
    return world.all("select what from alert_event where alert_id = %s order by id", alert)


def told(world: World, purpose: str) -> list[str]:
    return world.all(
        "select phone from message join person on person.id = person_id where purpose = %s order by phone", purpose
    )


def test_the_table_knows_every_state_and_event() -> None:
    assert set(TABLE) == set(product(State, Event))


def test_every_severity_lapses_and_a_closed_alert_is_opened_only_by_something_new() -> None:
    assert set(LAPSES_AFTER) == set(Severity) - {Severity.NONE}
    for state in State:
        leads_on = {event for event in Event if TABLE[state, event] not in (None, state)}
        assert leads_on == {Event.RECUR} if state is State.CLOSED else leads_on


def test_taking_it_stops_the_ladder_and_tells_the_others(world: World) -> None:
    alert = opened(world)
    taken = acknowledge(world.db, alert, world.person(ANNA), "sms", T0)
    assert (taken.won, taken.holder_id, taken.holder_name) == (True, world.person(ANNA), "Owner of 11")
    assert alert_row(world, alert, "state, next_step_at, lapses_at") == (
        "acknowledged",
        None,
        T0 + timedelta(minutes=30),
    )
    assert told(world, "taken") == [BEN]


def test_taking_it_takes_back_what_is_still_queued(world: World) -> None:
    alert = opened(world)
    world.db.execute(
        "update message set state = 'queued', next_try_at = %s where person_id = %s", (T0, world.person(BEN))
    )
    acknowledge(world.db, alert, world.person(ANNA), "page", T0)
    assert world.one("select state from message where person_id = %s", world.person(BEN)) == "cancelled"
    assert told(world, "taken") == []


def test_who_comes_second_is_told_who_has_it(world: World) -> None:
    alert = opened(world)
    acknowledge(world.db, alert, world.person(ANNA), "sms", T0)
    second = acknowledge(world.db, alert, world.person(BEN), "page", T0)
    assert (second.won, second.holder_name) == (False, "Owner of 11")
    assert acknowledge(world.db, alert, world.person(ANNA), "sms", T0).won
    assert events(world, alert).count("acknowledged") == 1


def test_of_two_in_the_same_moment_exactly_one_wins(world: World, database: str) -> None:
    for _ in range(5):
        alert = opened(world)
        gate = threading.Barrier(2)
        won: list[bool] = []

        def take(phone: str, alert: int = alert, gate: threading.Barrier = gate, won: list[bool] = won) -> None:
            with psycopg.connect(database) as connection:
                gate.wait()
                won.append(acknowledge(connection, alert, world.people[phone], "sms", T0).won)

        threads = [threading.Thread(target=take, args=(phone,)) for phone in (ANNA, BEN)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(won) == [False, True]
        assert events(world, alert).count("acknowledged") == 1


def test_taking_it_and_doing_nothing_brings_it_back(world: World) -> None:
    alert = opened(world)
    acknowledge(world.db, alert, world.person(ANNA), "sms", T0)
    assert ladder.run_due_steps(world.db, T0 + timedelta(minutes=29)) == 0
    later = T0 + timedelta(minutes=30)
    assert ladder.run_due_steps(world.db, later) == 2
    assert alert_row(world, alert, "state, holder_id, step, round") == ("open", None, 1, 1)
    assert "lapsed" in events(world, alert)
    texts = world.all("select body from message where purpose = 'alert' and round = 1")
    assert len(texts) == 2
    assert all("nobody has it yet" in text for text in texts)


@pytest.mark.parametrize(
    ("class_", "severity", "minutes"),
    [("urgent", "urgent", 15), ("welfare", "high", 30), ("welfare", "low", 60), ("technical", "low", 480)],
)
def test_how_soon_it_comes_back_depends_on_its_severity(world: World, class_: str, severity: str, minutes: int) -> None:
    alert = add_alert(world.db, world.home((0, (ANNA,))), class_)
    world.db.execute("update alert set severity = %s", (severity,))
    acknowledge(world.db, alert, world.person(ANNA), "page", T0)
    assert alert_row(world, alert, "lapses_at") == T0 + timedelta(minutes=minutes)


def test_a_technical_alert_that_lapses_texts_nobody(world: World) -> None:
    alert = add_alert(world.db, world.home((0, (ANNA,))), "technical")
    acknowledge(world.db, alert, world.person(ANNA), "page", T0)
    assert lapse(world.db, alert, T0)
    assert alert_row(world, alert, "state, next_step_at") == ("open", None)


def test_who_has_it_can_give_it_back_and_the_next_step_comes_at_once(world: World) -> None:
    alert = opened(world)
    acknowledge(world.db, alert, world.person(ANNA), "sms", T0)
    cannot(world.db, alert, world.person(ANNA), "sms", T0)
    assert alert_row(world, alert, "state, holder_id, next_step_at") == ("open", None, T0)
    ladder.run_due_steps(world.db, T0)
    assert told(world, "alert") == [ANNA, BEN, CARA]


def test_who_cannot_come_brings_the_next_step_at_once(world: World) -> None:
    alert = opened(world)
    cannot(world.db, alert, world.person(BEN), "sms", T0)
    assert alert_row(world, alert, "state, next_step_at") == ("open", T0)


def test_a_late_no_from_an_earlier_step_hurries_nobody(world: World) -> None:
    alert = opened(world)
    world.db.execute("update alert set step = 2, next_step_at = %s", (T0 + timedelta(minutes=10),))
    cannot(world.db, alert, world.person(BEN), "sms", T0)
    assert alert_row(world, alert, "next_step_at") == T0 + timedelta(minutes=10)


def test_a_no_from_somebody_else_takes_nothing_from_who_has_it(world: World) -> None:
    alert = opened(world)
    acknowledge(world.db, alert, world.person(ANNA), "sms", T0)
    cannot(world.db, alert, world.person(BEN), "sms", T0)
    assert alert_row(world, alert, "state, holder_id") == ("acknowledged", world.person(ANNA))


def test_closing_says_what_came_of_it_and_tells_the_others(world: World) -> None:
    alert = opened(world)
    acknowledge(world.db, alert, world.person(ANNA), "sms", T0)
    assert close(world.db, alert, world.person(ANNA), Outcome.HELPED, "page", T0)
    assert alert_row(world, alert, "state, outcome, lapses_at, next_step_at") == ("closed", "helped", None, None)
    assert told(world, "closed") == [BEN]
    assert not close(world.db, alert, world.person(BEN), Outcome.KIT, "page", T0)
    assert alert_row(world, alert, "outcome") == "helped"


def test_a_home_stays_interesting_until_its_last_alert_is_closed(world: World) -> None:
    home = world.home((0, (ANNA,)))
    alerts = [add_alert(world.db, home, class_) for class_ in ("welfare", "urgent")]
    eager = []
    for alert in alerts:
        close(world.db, alert, world.person(ANNA), Outcome.ALL_WELL, "page", T0)
        eager.append(world.one("select eager from home_state where home_id = %s", home))
    assert eager == [True, False]


def test_an_explained_alert_stays_for_a_person_to_read_and_those_told_are_told(world: World) -> None:
    alert = opened(world)
    assert explain(world.db, alert, "seen in the kitchen at 08:50", T0)
    assert alert_row(world, alert, "state, explained_by, next_step_at") == (
        "explained",
        "seen in the kitchen at 08:50",
        None,
    )
    assert told(world, "explained") == [ANNA, BEN]
    assert not explain(world.db, alert, "again", T0)


def test_an_explained_alert_that_was_taken_and_left_is_explained_again_and_disturbs_nobody(world: World) -> None:
    alert = opened(world)
    explain(world.db, alert, "seen", T0)
    acknowledge(world.db, alert, world.person(ANNA), "page", T0)
    assert ladder.run_due_steps(world.db, T0 + timedelta(minutes=30)) == 1
    assert alert_row(world, alert, "state, next_step_at") == ("explained", None)
    assert told(world, "alert") == [ANNA, BEN]
    assert told(world, "taken") == []


@pytest.mark.parametrize(
    "act",
    [
        lambda c, a, p: acknowledge(c, a, p, "sms", T0).won,
        lambda c, a, p: cannot(c, a, p, "sms", T0),
        lambda c, a, _: explain(c, a, "late", T0),
        lambda c, a, _: lapse(c, a, T0),
        lambda c, a, p: close(c, a, p, Outcome.KIT, "page", T0),
    ],
)
def test_nothing_happens_to_a_closed_alert(world: World, act: Callable[[psycopg.Connection, int, int], object]) -> None:
    alert = opened(world)
    close(world.db, alert, world.person(ANNA), Outcome.ALL_WELL, "page", T0)
    before = alert_row(world, alert, "alert::text"), events(world, alert)
    assert not act(world.db, alert, world.person(BEN))
    assert (alert_row(world, alert, "alert::text"), events(world, alert)) == before


def test_an_alert_that_does_not_exist_is_an_error(world: World) -> None:
    with pytest.raises(LookupError):
        acknowledge(world.db, 99, world.person(ANNA), "page", T0)


def test_the_pages_hear_of_each_change(world: World, database: str) -> None:
    alert = opened(world)
    with psycopg.connect(database, autocommit=True) as listener:
        listener.execute("listen hearth_changed")
        acknowledge(world.db, alert, world.person(ANNA), "sms", T0)
        heard = [call.payload for call in listener.notifies(timeout=5, stop_after=1)]
    assert heard == [str(world.one("select home_id from alert where id = %s", alert))]
