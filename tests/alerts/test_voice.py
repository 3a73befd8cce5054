"""Promises of calls: a voice reads the alert out, and one key takes it."""

from typing import Any

import httpx
import pytest

from alerts.telling.carrying import Routes
from alerts.telling.climbing import By
from alerts.telling.ladder import start
from alerts.telling.sender import look_next, send_next
from alerts.telling.twilio_voice import TwilioVoice, question
from simulators.phone.calls import Call
from tests.alerts.telling import ACCOUNT, ANNA, BEN, OURS, PATIENCE, T0, TOKEN, World, add_alert
from tests.waiting import until


@pytest.fixture
def routes(world: World) -> Routes:
    voice = TwilioVoice(ACCOUNT, TOKEN, world.phone.url, OURS, world.webhooks.url)
    return Routes({By.VOICE: [voice], By.SMS: [world.twilio()]})


def called(world: World, routes: Routes, *, resident: bool = False) -> int:
    """An alert whose first step calls Anna and whose second texts Ben."""
    home = world.home((0, (ANNA,)), (300, (BEN,)))
    world.db.execute("update ladder_step set channel = 'voice' where step = 1")
    if resident:
        world.db.execute("update person set role = 'resident' where id = %s", (world.person(ANNA),))
    alert = add_alert(world.db, home, "urgent", "door_at_night")
    start(world.db, [alert], T0)
    assert send_next(world.db, routes, world.time, PATIENCE)
    return alert


def ringing(world: World) -> Call:
    until(lambda: any(call.status == "ringing" for call in world.phone.company.exchange.calls()))
    return world.phone.company.exchange.calls()[0]


def hand(world: World, path: str, **form: str) -> Any:
    answer = httpx.post(f"{world.phone.url}{path}?quiet=true", data=form)
    answer.raise_for_status()
    return answer.json()["heard"]


def state(world: World, alert: int) -> Any:
    return world.one("select state, holder_id from alert where id = %s", alert)


def test_a_call_reads_the_alert_out_and_one_takes_it(world: World, routes: Routes) -> None:
    alert = called(world, routes)
    call = ringing(world)
    heard = hand(world, f"/calls/{call.sid}/answer")
    assert "urgent" in heard
    assert "Press 1 if you have it" in heard
    assert "You have it" in hand(world, f"/calls/{call.sid}/key", key="1")
    assert state(world, alert) == ("acknowledged", world.person(ANNA))
    assert world.one("select channel from alert_event where what = 'acknowledged'") == "voice"
    until(lambda: world.one("select state from message") == "delivered")


def test_two_asks_the_next_person_at_once(world: World, routes: Routes) -> None:
    alert = called(world, routes)
    call = ringing(world)
    hand(world, f"/calls/{call.sid}/answer")
    hand(world, f"/calls/{call.sid}/key", key="2")
    assert world.one("select next_step_at from alert where id = %s", alert) == T0


def test_another_key_takes_nothing(world: World, routes: Routes) -> None:
    alert = called(world, routes)
    call = ringing(world)
    hand(world, f"/calls/{call.sid}/answer")
    assert "means nothing" in hand(world, f"/calls/{call.sid}/key", key="7")
    assert state(world, alert) == ("open", None)


def test_a_call_that_nobody_answers_means_not_told_and_the_next_hears_at_once(world: World, routes: Routes) -> None:
    world.phone.wish(number=ANNA, fate="undelivered")
    alert = called(world, routes)
    until(lambda: world.one("select state from message where person_id = %s", world.person(ANNA)) == "undelivered")
    assert world.one("select next_step_at from alert where id = %s", alert) == T0


def test_a_lost_report_of_a_call_is_asked_for(world: World, routes: Routes) -> None:
    called(world, routes)
    call = ringing(world)
    world.webhooks.stop()
    world.phone.company.exchange.hang_up(call.sid)
    world.time.pass_(minutes=4)
    assert look_next(world.db, routes, world.time, PATIENCE)
    assert world.one("select state from message") == "delivered"


def test_a_call_of_unknown_fate_is_found_and_nobody_is_called_twice(world: World, routes: Routes) -> None:
    called(world, routes)
    world.db.execute("update message set state = 'unknown', provider_id = null, next_try_at = %s", (T0,))
    assert look_next(world.db, routes, world.time, PATIENCE)
    assert world.one("select state from message") in ("handed_over", "sent")
    assert len(world.phone.company.exchange.calls()) == 1


def test_the_resident_can_be_asked_by_a_call(world: World, routes: Routes) -> None:
    home = world.home((0, (ANNA,)), (300, (BEN,)))
    world.db.execute("update ladder_step set channel = 'voice' where step = 1")
    world.db.execute("update person set role = 'resident' where id = %s", (world.person(ANNA),))
    alert = add_alert(world.db, home)
    start(world.db, [alert], T0)
    assert send_next(world.db, routes, world.time, PATIENCE)
    call = ringing(world)
    assert "Are you all right" in hand(world, f"/calls/{call.sid}/answer")
    hand(world, f"/calls/{call.sid}/key", key="1")
    assert state(world, alert) == ("explained", None)


def test_a_key_in_a_call_that_is_not_ours_changes_nothing(world: World) -> None:
    alert = add_alert(world.db, world.home((0, (ANNA,))))
    assert "over" in world.webhooks.answer("/twilio/key", {"CallSid": "CA" + "0" * 32, "Digits": "1"})
    assert state(world, alert) == ("open", None)


def test_what_is_read_out_fits_what_twilio_takes_and_cannot_break_it() -> None:
    twiml = question("a <b> & 'c'", "https://example.org/twilio/key?a=1&b=2")
    assert len(twiml) < 4000
    assert "<b>" not in twiml
    assert "&amp;b=2" in twiml
