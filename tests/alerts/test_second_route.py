"""Promises of the other routes: a second one for texts, e-mail, and signed web requests."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from pydantic import SecretStr

from alerts.telling.carrying import Health, Refused, Routes, Unknown
from alerts.telling.climbing import By
from alerts.telling.ladder import run_due_steps, start
from alerts.telling.mail import Mailer, MailSettings
from alerts.telling.notify_sms import Notify
from alerts.telling.other_routes import Mail, Webhook
from alerts.telling.sender import look_next, send_next
from alerts.telling.states import acknowledge
from alerts.telling.twilio_sms import Twilio
from alerts.telling.web_requests import SignedRequests
from simulators.notify import API_KEY, TEMPLATE, NotifyService, notify_service
from simulators.post_office import PostOffice, post_office
from simulators.receiver import Receiver, receiver
from tests.alerts.telling import ACCOUNT, ANNA, BEN, OURS, PATIENCE, T0, TOKEN, World, add_alert

DEAD_TWILIO = "http://127.0.0.1:9"
PUBLIC = "https://hearth.example.org"


@pytest.fixture
def notify() -> Iterator[NotifyService]:
    with notify_service() as service:
        yield service


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with post_office() as office:
        yield office


@pytest.fixture
def outside() -> Iterator[Receiver]:
    with receiver() as outside:
        yield outside


def second(notify: NotifyService) -> Notify:
    return Notify(SecretStr(API_KEY), TEMPLATE, notify.url, timeout_s=2)


def opened(world: World, channel: str = "sms", class_: str = "urgent") -> int:
    alert = add_alert(world.db, world.home((0, (ANNA,)), (300, (BEN,))), class_, "door_at_night")
    world.db.execute("update ladder_step set channel = %s where step = 1", (channel,))
    world.db.execute("update person set email = 'anna@example.org' where id = %s", (world.person(ANNA),))
    start(world.db, [alert], T0)
    return alert


def work(world: World, routes: Routes, minutes: float) -> None:
    """What the loops do in that time."""
    for _ in range(int(minutes * 6)):
        while send_next(world.db, routes, world.time, PATIENCE):
            pass
        while look_next(world.db, routes, world.time, PATIENCE):
            pass
        run_due_steps(world.db, world.time())
        world.time.pass_(seconds=10)


# Notify takes over while Twilio is sick


def test_texts_take_the_second_route_while_the_first_is_sick(world: World, notify: NotifyService) -> None:
    dead = Twilio(ACCOUNT, TOKEN, DEAD_TWILIO, OURS, DEAD_TWILIO, timeout_s=0.5)
    routes = Routes({By.SMS: [dead, second(notify)]})
    opened(world)
    work(world, routes, 3)
    assert [text["phone_number"] for text in notify.texts.values()] == [ANNA]
    assert world.one("select provider, state from message where person_id = %s", world.person(ANNA)) == (
        "notify",
        "delivered",
    )


def test_the_first_route_is_taken_again_when_it_is_well() -> None:
    health, now = Health(), T0
    for _ in range(3):
        health.heard("twilio", Unknown("timeout"), now)
    assert not health.is_well("twilio", now)
    assert health.is_well("twilio", now + timedelta(minutes=2))
    health.tries("twilio", now + timedelta(minutes=2))  # one tries it
    assert not health.is_well("twilio", now + timedelta(minutes=2))  # the others wait for what comes of that
    health.heard("twilio", Refused(21211, 400), now + timedelta(minutes=2))
    assert health.is_well("twilio", now + timedelta(minutes=2))


def test_what_notify_may_have_is_found_by_our_reference_and_not_sent_twice(world: World, notify: NotifyService) -> None:
    notify.trouble, notify.trouble_after_accepting = 500, True
    routes = Routes({By.SMS: [second(notify)]})
    opened(world)
    assert send_next(world.db, routes, world.time, PATIENCE)
    assert world.one("select state from message") == "unknown"
    notify.trouble = None
    work(world, routes, 1)
    assert len(notify.texts) == 1
    assert world.one("select state from message where person_id = %s", world.person(ANNA)) == "delivered"


def test_not_delivered_by_notify_means_not_told_and_the_next_hears_within_a_minute(
    world: World, notify: NotifyService
) -> None:
    notify.fate = "permanent-failure"
    routes = Routes({By.SMS: [second(notify)]})
    opened(world)
    work(world, routes, 1)
    assert [text["phone_number"] for text in notify.texts.values()] == [ANNA, BEN]
    assert world.one("select phone_refused_at is not null from person where id = %s", world.person(ANNA))


def test_a_channel_without_a_route_means_not_told(world: World) -> None:
    opened(world, "email")
    routes = Routes({By.SMS: [world.twilio()]})
    work(world, routes, 0.5)
    assert world.phone.bodies(BEN)


# E-mail


def test_an_email_links_to_the_page_and_says_no_more_than_a_text(world: World, office: PostOffice) -> None:
    mailer = Mailer(MailSettings(smtp_host="127.0.0.1", smtp_port=office.port, smtp_security="none"))
    routes = Routes({By.EMAIL: [Mail(mailer, PUBLIC)]})
    alert = opened(world, "email")
    work(world, routes, 0.5)
    (mail,) = office.mails
    assert mail["To"] == "anna@example.org"
    assert f"{PUBLIC}/alerts/{alert}" in mail.get_content()
    assert "Peter" not in mail.as_string()
    acknowledge(world.db, alert, world.person(BEN), "page", world.time())
    work(world, routes, 0.5)
    assert "somebody has" in office.mails[1].get_content()


def test_a_mailbox_that_does_not_exist_means_not_told(world: World, office: PostOffice) -> None:
    office.refuse = "550 no such mailbox"
    mailer = Mailer(MailSettings(smtp_host="127.0.0.1", smtp_port=office.port, smtp_security="none"))
    routes = Routes({By.EMAIL: [Mail(mailer, PUBLIC)], By.SMS: [world.twilio()]})
    opened(world, "email")
    work(world, routes, 0.5)
    assert world.one("select state from message where channel = 'email'") == "failed"
    assert world.phone.bodies(BEN)


# Signed web requests


def arc(world: World, outside: Receiver) -> int:
    alert = add_alert(world.db, world.home(), "urgent", "call_for_help")
    made = world.one(
        "insert into endpoint (name, url, secret) values ('ARC', %s, %s) returning id", outside.url, outside.secret
    )
    world.db.execute(
        "insert into ladder_step (home_id, step, after_s, endpoint_id, channel)"
        " select home_id, 1, 0, %s, 'webhook' from alert",
        (made,),
    )
    start(world.db, [alert], T0)
    return alert


def test_another_system_is_told_once_signed_and_hears_what_became_of_it(world: World, outside: Receiver) -> None:
    routes = Routes({By.WEBHOOK: [Webhook(SignedRequests(2), PUBLIC)]})
    alert = arc(world, outside)
    work(world, routes, 0.5)
    (told,) = outside.taken.values()
    assert told["type"] == "alert.opened"
    assert told["data"]["alert"] == alert
    assert told["data"]["reason"] == "call_for_help"
    assert "Peter" not in json.dumps(told)
    acknowledge(world.db, alert, world.person(BEN), "page", world.time())
    work(world, routes, 0.5)
    assert [body["type"] for body in outside.taken.values()] == ["alert.opened", "alert.taken"]
    assert outside.refused == 0


def test_a_system_that_is_away_is_tried_again(world: World, outside: Receiver) -> None:
    outside.status = 503
    routes = Routes({By.WEBHOOK: [Webhook(SignedRequests(2), PUBLIC)]})
    arc(world, outside)
    work(world, routes, 0.3)
    outside.status = 204
    work(world, routes, 2)
    assert len(outside.taken) == 1
