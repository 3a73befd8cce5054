"""Nights on which something happened, from the first text to the outcome, with a clock that the story moves.

Everything is real: the database, the sender, the phone company over HTTP, its signed webhooks.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import psycopg
import pytest

from alerts.telling import ladder, lost_inbound
from alerts.telling.hand_over import hand_over
from alerts.telling.ladder import run_due_steps
from alerts.telling.replies import receive
from alerts.telling.sender import claim_to_send, look_next, send_next
from alerts.telling.state_table import Outcome
from alerts.telling.states import acknowledge, close
from tests.alerts.telling import ANNA, BEN, CARA, PATIENCE, T0, World, add_alert, add_home, add_person
from tests.waiting import until

MAYA, TOM = "+447700900031", "+447700900032"
"""Of the housing team."""


@pytest.fixture
def world(database: str, db: psycopg.Connection) -> Iterator[World]:
    world = World(db, database)
    yield world
    world.stop()


@dataclass
class Night:
    """One home with a ladder: Anna, then Ben after five minutes, then the team after five more."""

    world: World
    home: int
    alert: int

    def pass_(self, minutes: float) -> None:
        """Time goes by in steps of ten seconds, and every loop does its work."""
        for _ in range(max(1, round(minutes * 6))):
            self.world.time.pass_(seconds=10)
            self.work()

    def work(self) -> None:
        w = self.world
        run_due_steps(w.db, w.time())
        while send_next(w.db, w.carrier(), w.time, PATIENCE):
            pass
        while look_next(w.db, w.carrier(), w.time, PATIENCE):
            pass

    def hears(self, phone: str, words: str) -> str:
        """What this phone received with these words in it."""
        until(lambda: any(words in body for body in self.world.phone.bodies(phone)))
        return next(body for body in reversed(self.world.phone.bodies(phone)) if words in body)

    def texts(self, phone: str, body: str) -> None:
        self.world.phone.company.incoming(phone, body)

    def code(self, phone: str) -> str:
        return str(self.hears(phone, "Please check").split("Reply ")[1].split()[0])

    def state(self) -> Any:
        return self.world.one("select state from alert where id = %s", self.alert)

    def becomes(self, state: str) -> None:
        until(lambda: self.state() == state)

    def history(self) -> list[str]:
        return self.world.all("select what from alert_event where alert_id = %s order by id", self.alert)


def night(world: World, class_: str = "urgent", reason: str = "door_at_night") -> Night:
    home = world.home((0, (ANNA,)), (300, (BEN,)))
    team = world.one("insert into team (name) values ('Housing') returning id")
    for phone in (MAYA, TOM):
        world.db.execute("insert into team_member values (%s, %s)", (team, world.person(phone, "responder")))
    world.db.execute("insert into ladder_step (home_id, step, after_s, team_id) values (%s, 3, 300, %s)", (home, team))
    return begin(world, home, class_, reason)


def begin(world: World, home: int, class_: str = "urgent", reason: str = "door_at_night") -> Night:
    alert = add_alert(world.db, home, class_, reason, world.time())
    ladder.start(world.db, [alert], world.time())
    made = Night(world, home, alert)
    made.work()
    return made


def test_the_first_does_not_answer_the_second_takes_it_and_does_nothing_and_the_team_ends_it(world: World) -> None:
    it = night(world)
    assert "URGENT" in it.hears(ANNA, "Please check")
    it.pass_(5)
    it.texts(BEN, f"{it.code(BEN)} 1")
    it.becomes("acknowledged")
    it.pass_(0.5)
    assert "somebody has" in it.hears(ANNA, "somebody has")
    it.pass_(15)  # and Ben says nothing more
    it.becomes("open")
    it.pass_(10)  # from the top: Anna, Ben, then the team
    it.texts(MAYA, f"{it.code(MAYA)} 1")
    it.becomes("acknowledged")
    it.texts(MAYA, f"{it.code(MAYA)} 4")
    it.becomes("attending")
    assert close(world.db, it.alert, world.person(MAYA), Outcome.HELPED, "page", world.time())
    it.pass_(0.5)
    assert "is closed" in it.hears(BEN, "is closed")
    assert [w for w in it.history() if w in ("acknowledged", "lapsed", "attending", "closed")] == [
        "acknowledged",
        "lapsed",
        "acknowledged",
        "attending",
        "closed",
    ]


def test_a_text_that_does_not_arrive_brings_the_next_person_within_a_minute(world: World) -> None:
    world.phone.wish(number=ANNA, fate="undelivered", error_code=30003)
    it = night(world)
    until(lambda: world.one("select state from message where person_id = %s", world.person(ANNA)) == "undelivered")
    it.pass_(0.5)
    assert it.hears(BEN, "Please check")


def test_who_said_stop_is_passed_by_and_the_team_learns_of_it(world: World) -> None:
    first = night(world)
    first.hears(ANNA, "Please check")
    first.texts(ANNA, "STOP")
    until(lambda: world.one("select count(*) from alert where class = 'technical'") == 1)
    close(world.db, first.alert, world.person(BEN), Outcome.ALL_WELL, "page", world.time())
    world.time.pass_(hours=2)
    second = begin(world, first.home)
    assert second.hears(BEN, "Please check")
    assert ("skipped", "opted_out") in world.db.execute(
        "select what, note from alert_event where alert_id = %s", (second.alert,)
    ).fetchall()


def test_an_answer_whose_callback_was_lost_counts_when_it_is_found(world: World) -> None:
    it = night(world)
    world.phone.wish(number=ANNA, inbound_lost=True)
    it.texts(ANNA, f"{it.code(ANNA)} 1")
    world.time.pass_(minutes=2)
    assert lost_inbound.fetch(world.db, world.twilio(), world.time(), timedelta(minutes=1)) == 1
    it.becomes("acknowledged")
    it.pass_(0.5)
    assert "you have" in it.hears(ANNA, "you have")


@pytest.mark.parametrize("handed_over", [False, True])
def test_a_crash_between_choosing_and_sending_tells_once(world: World, *, handed_over: bool) -> None:
    home = world.home((0, (ANNA,)))
    ladder.start(world.db, [add_alert(world.db, home, "urgent", "call_for_help")], T0)
    claim = claim_to_send(world.db, world.time(), PATIENCE, world.carrier())
    assert claim is not None
    if handed_over:
        world.twilio().send(claim.outgoing())
    it = Night(world, home, world.one("select id from alert"))  # and here it died; another goes on
    it.pass_(1)
    it.hears(ANNA, "call for help")
    assert len(world.phone.bodies(ANNA)) == 1


def test_of_two_who_answer_in_the_same_second_one_has_it_and_the_other_is_told(world: World) -> None:
    home = world.home((0, (ANNA, BEN)))
    it = begin(world, home)
    codes = {phone: it.code(phone) for phone in (ANNA, BEN)}
    answers: dict[str, str | None] = {}
    start = threading.Barrier(2)

    def answer(phone: str) -> None:
        with psycopg.connect(world.database) as connection:
            start.wait()
            form = {"MessageSid": f"SM{phone}", "From": phone, "Body": f"{codes[phone]} 1"}
            answers[phone] = receive(connection, form, world.time())

    both = [threading.Thread(target=answer, args=(phone,)) for phone in (ANNA, BEN)]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sum("you have" in str(words) for words in answers.values()) == 1
    assert sum("somebody else has" in str(words) for words in answers.values()) == 1
    assert it.state() == "acknowledged"


def test_with_nobody_on_duty_the_next_step_comes_at_once_and_it_is_written_down(world: World) -> None:
    home = world.home()
    rota = world.one("insert into rota (name) values ('Nights') returning id")
    world.db.execute("insert into ladder_step (home_id, step, after_s, rota_id) values (%s, 1, 0, %s)", (home, rota))
    world.db.execute(
        "insert into ladder_step (home_id, step, after_s, person_id) values (%s, 2, 600, %s)",
        (home, world.person(CARA)),
    )
    it = begin(world, home)
    assert it.hears(CARA, "Please check")
    assert "skipped" in it.history()


def test_a_brother_stands_in_until_sunday_and_then_no_more(world: World) -> None:
    it = night(world)
    close(world.db, it.alert, world.person(ANNA), Outcome.ALL_WELL, "page", world.time())
    hand_over(world.db, world.person(ANNA), world.person(CARA), T0 + timedelta(hours=35), "page", world.time())
    world.time.pass_(hours=2)
    stood_in = begin(world, it.home)
    assert stood_in.hears(CARA, "Please check")
    close(world.db, stood_in.alert, world.person(CARA), Outcome.ALL_WELL, "page", world.time())
    world.time.pass_(hours=40)
    before = len(world.phone.bodies(ANNA))
    begin(world, it.home)
    until(lambda: len(world.phone.bodies(ANNA)) > before)


def test_five_hundred_homes_that_fail_together_are_all_told_once_urgent_ones_first(
    world: World, db: psycopg.Connection
) -> None:
    homes = [add_home(db, [(0, [add_person(db, f"+4477008{n:05d}")])]) for n in range(500)]
    calm = [add_alert(db, home, "welfare", "silent") for home in homes[:400]]
    grave = [add_alert(db, home, "urgent", "call_for_help") for home in homes[400:]]
    with db.transaction():
        ladder.start(db, calm + grave, T0)
    order = []
    routes = world.carrier()
    while (claim := claim_to_send(db, world.time(), PATIENCE, routes)) is not None:
        order.append(claim.urgent)
    assert order == [True] * 100 + [False] * 400
    assert world.one("select count(distinct person_id) from message") == 500


def test_after_it_is_closed_a_late_answer_changes_nothing_and_says_so(world: World) -> None:
    it = night(world)
    code = it.code(ANNA)
    acknowledge(world.db, it.alert, world.person(MAYA), "page", world.time())
    close(world.db, it.alert, world.person(MAYA), Outcome.FALSE_VISITOR, "page", world.time())
    it.texts(ANNA, f"{code} 1")
    assert it.hears(ANNA, "closed already")
    assert it.state() == "closed"


@pytest.mark.parametrize("body", ["👍", "a" * 1600, "K7 9", "1; drop table alert", " \n ", "٣", "STOP IT NOW"])
def test_whatever_a_phone_sends_the_alert_stays_and_help_comes_back(world: World, body: str) -> None:
    it = night(world)
    it.code(ANNA)
    form = {"MessageSid": "SM1", "From": ANNA, "Body": body}
    assert "reply" in str(receive(world.db, form, world.time())).lower()
    assert it.state() == "open"


def test_a_text_from_somebody_unknown_or_with_the_code_of_another_changes_nothing(world: World) -> None:
    it = night(world)
    code = it.code(ANNA)
    stranger = {"MessageSid": "SM1", "From": "+447700900999", "Body": f"{code} 1"}
    assert receive(world.db, stranger, world.time()) is None
    world.person(CARA)
    other = {"MessageSid": "SM2", "From": CARA, "Body": f"{code} 1"}
    assert receive(world.db, other, world.time()) is not None
    assert it.state() == "open"
