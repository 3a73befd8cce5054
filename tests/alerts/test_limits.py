"""Promises of what holds texts back: so many an hour to a phone, and so many a month."""

import logging
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from alerts.auditing.checks import look
from alerts.auditing.standing import Standing
from alerts.telling import limits
from alerts.telling.climbing import By
from alerts.telling.ladder import start
from alerts.telling.queueing import Draft, Purpose, queue, queue_sign_in
from alerts.telling.receipts import record
from alerts.telling.sender import send_next
from alerts.telling.states import acknowledge
from tests.alerts.telling import ANNA, BEN, CARA, PATIENCE, T0, World, add_alert

H = timedelta(hours=1)


def news(world: World, number: int = 1, purpose: Purpose = Purpose.EXPLAINED, channel: By = By.SMS) -> None:
    draft = Draft(world.person(ANNA), purpose, "Hearthlight: something.", urgent=False, channel=channel)
    queue(world.db, [draft] * number, world.time())


def sent_out(world: World) -> int:
    """How many texts are claimed now, as a sender claims them."""
    query = (
        "update message set state = 'delivered', handed_over_at = %(now)s, next_try_at = null"
        " where state = 'queued' and next_try_at <= %(now)s"
    )
    return world.db.execute(query, {"now": world.time()}).rowcount


def months_texts(world: World, number: int, at: datetime = T0) -> None:
    values = {"person": world.person(CARA), "number": number, "at": at}
    world.db.execute(
        "insert into message (person_id, purpose, body, urgent, state, created_at, handed_over_at)"
        " select %(person)s, 'alert', '', false, 'delivered', %(at)s, %(at)s from generate_series(1, %(number)s)",
        values,
    )


def test_what_can_wait_comes_twenty_an_hour_to_a_phone_and_all_of_it_comes(world: World) -> None:
    news(world, 50)
    went = []
    for _ in range(4):
        went.append(sent_out(world))
        world.time.pass_(hours=1)
    assert went == [20, 20, 10, 0]


def test_texts_that_come_one_by_one_keep_to_the_same_limit(world: World) -> None:
    went = []
    for _ in range(30):
        news(world)
        went.append(sent_out(world))
        world.time.pass_(minutes=1)
    assert went == [1] * 20 + [0] * 10
    world.time.at = T0 + H
    assert sent_out(world) == 1


def test_an_alert_a_code_and_an_answer_never_wait_for_what_can_wait(world: World) -> None:
    news(world, 40)
    sent_out(world)
    alert = add_alert(world.db, world.home((0, (ANNA,))))
    start(world.db, [alert], T0)
    queue_sign_in(world.db, world.person(ANNA), "123456", T0)
    queue(world.db, [Draft(world.person(ANNA), Purpose.ANSWER, "Hearthlight: yes.", urgent=True)], T0)
    assert sent_out(world) == 3


def test_an_email_waits_for_no_phone(world: World) -> None:
    news(world, 25, Purpose.DIGEST, By.EMAIL)
    assert sent_out(world) == 25


def test_a_spent_budget_stops_information_and_never_an_alert(world: World) -> None:
    months_texts(world, 10)
    assert limits.count(world.db, 10, T0).is_spent
    alert = add_alert(world.db, world.home((0, (ANNA, BEN))))
    start(world.db, [alert], T0)
    queue_sign_in(world.db, world.person(ANNA), "123456", T0)
    assert world.all("select purpose from message where state = 'queued' order by id") == ["alert", "alert", "sign_in"]
    sent_out(world)
    acknowledge(world.db, alert, world.person(ANNA), "page", T0)
    assert world.one("select state, next_try_at from message where purpose = 'taken'") == ("cancelled", None)
    assert (
        world.one(
            "select count(*) from message_event e join message m on m.id = message_id"
            " where purpose = 'taken' and e.state = 'cancelled'"
        )
        == 1
    )


def test_a_spent_budget_still_tells_that_all_is_well_after_all(world: World) -> None:
    months_texts(world, 10)
    limits.count(world.db, 10, T0)
    news(world, purpose=Purpose.EXPLAINED)
    assert sent_out(world) == 1


def test_what_waits_when_the_budget_is_spent_is_taken_back(world: World) -> None:
    news(world, 2, Purpose.GOOD_NEWS)
    months_texts(world, 10)
    limits.count(world.db, 10, T0)
    assert world.all("select distinct state from message where purpose = 'good_news'") == ["cancelled"]


def test_a_new_month_and_a_higher_budget_let_information_go_on(world: World) -> None:
    months_texts(world, 10)
    assert limits.count(world.db, 10, T0).is_spent
    assert not limits.count(world.db, 20, T0).is_spent
    news(world, purpose=Purpose.GOOD_NEWS)
    assert sent_out(world) == 1
    limits.count(world.db, 10, T0)
    world.time.at = T0 + timedelta(days=30)
    assert limits.count(world.db, 10, world.time()).sent == 0
    news(world, purpose=Purpose.GOOD_NEWS)
    assert sent_out(world) == 1


def test_a_month_begins_at_midnight_in_london(world: World) -> None:
    before, after = datetime(2026, 6, 30, 22, 59, tzinfo=UTC), datetime(2026, 6, 30, 23, 1, tzinfo=UTC)
    months_texts(world, 3, before)
    assert limits.count(world.db, None, before).sent == 3
    months_texts(world, 2, after)
    assert limits.count(world.db, None, after).sent == 2


def test_answers_to_texts_are_paid_for_too(world: World) -> None:
    world.person(ANNA)
    record(world.db, {"MessageSid": "SM1", "MessageStatus": "delivered"}, T0)
    world.db.execute(
        "insert into inbound (provider_id, received_at, phone, body, meaning, answer)"
        " values ('SM2', %s, %s, 'K7 1', 'take', 'Hearthlight: thank you.')",
        (T0, ANNA),
    )
    assert limits.count(world.db, None, T0).sent == 1


def test_each_warning_is_given_once(world: World, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        for sent in (7, 1, 1, 1, 1):
            months_texts(world, sent)
            limits.count(world.db, 10, T0)
    actions = [getattr(entry, "about", {}).get("action") for entry in caplog.records]
    assert actions == ["texts_budget_nearly", "texts_budget_spent"]


def test_the_operator_hears_of_the_budget_once_a_day_and_nothing_counts_as_failed(world: World) -> None:
    months_texts(world, 8)
    limits.count(world.db, 10, T0)
    faults = look(world.db, T0)
    assert [(fault.name, fault.count, fault.is_failure) for fault in faults] == [("texts_budget_nearly", 8, False)]
    standing, told = Standing(), []
    for hour in range(26):
        news_ = standing.hear(faults, T0 + hour * H)
        standing.was_told(news_, T0 + hour * H)
        told.append(bool(news_.faults))
    assert told.index(True) == 1
    assert sum(told) == 2


def test_a_held_text_is_sent_when_its_time_has_come(world: World) -> None:
    news(world, 21)
    for _ in range(20):
        assert send_next(world.db, world.carrier(), world.time, PATIENCE)
    assert not send_next(world.db, world.carrier(), world.time, PATIENCE)
    world.time.pass_(hours=1)
    assert send_next(world.db, world.carrier(), world.time, PATIENCE)


def test_two_who_write_to_the_same_phones_at_once_never_wait_for_each_other(world: World) -> None:
    news(world, 30)
    with psycopg.connect(world.database) as one, psycopg.connect(world.database) as other:
        other.execute("set lock_timeout = '2s'")
        one.execute("select from message where state = 'queued' for update")  # somebody works on all of them
        draft = Draft(world.person(ANNA), Purpose.EXPLAINED, "Hearthlight: something.", urgent=False)
        assert queue(other, [draft], world.time()) == 1
        assert limits.count(other, 1, world.time()).sent == 0
