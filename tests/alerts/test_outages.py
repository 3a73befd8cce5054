"""The phone company is away, or refuses everybody: nobody was told, so telling goes on until it is back."""

from datetime import timedelta

from alerts.telling import lost_inbound
from alerts.telling.carrying import Accepted, Routes
from alerts.telling.climbing import By
from alerts.telling.ladder import run_due_steps, start
from alerts.telling.receipts import record
from alerts.telling.sender import claim_to_send, look_next, send_next, settle
from alerts.telling.twilio_sms import Twilio
from tests.alerts.telling import ACCOUNT, ANNA, BEN, OURS, PATIENCE, T0, TOKEN, World, add_alert
from tests.waiting import until

M = timedelta(minutes=1)
NOWHERE = Routes({By.SMS: [Twilio(ACCOUNT, TOKEN, "http://127.0.0.1:9", OURS, "http://127.0.0.1:9", timeout_s=1)]})
"""Nobody answers there."""


def opened(world: World, *steps: tuple[int, tuple[str, ...]]) -> int:
    alert = add_alert(world.db, world.home(*steps), "urgent", "call_for_help")
    start(world.db, [alert], world.time())
    return alert


def work(world: World, carrier: Routes, minutes: int) -> None:
    """What the service's loops do in these minutes, looked at every ten seconds."""
    for _ in range(minutes * 6):
        while send_next(world.db, carrier, world.time, PATIENCE):
            pass
        while look_next(world.db, carrier, world.time, PATIENCE):
            pass
        run_due_steps(world.db, world.time())
        world.time.pass_(seconds=10)


def test_an_urgent_text_outlives_an_hour_in_which_the_phone_company_is_away(world: World) -> None:
    opened(world, (0, (ANNA,)), (300, (BEN,)))
    work(world, NOWHERE, 60)
    assert world.all("select distinct state from message where state in ('failed', 'cancelled')") == []
    work(world, world.carrier(), 3)
    until(lambda: world.phone.bodies(ANNA) and world.phone.bodies(BEN))


def test_many_refusals_for_haste_do_not_use_up_the_tries_of_a_text(world: World) -> None:
    opened(world, (0, (ANNA,)))
    world.phone.wish(request="429", times=6)
    for _ in range(6):
        assert send_next(world.db, world.carrier(), world.time, PATIENCE)
        world.time.pass_(minutes=2)
    world.phone.wish(request="5xx", times=1)
    assert send_next(world.db, world.carrier(), world.time, PATIENCE)
    assert look_next(world.db, world.carrier(), world.time, PATIENCE)
    assert world.one("select state from message") == "queued"


def test_an_answer_that_comes_after_its_claim_ran_out_is_still_kept(world: World) -> None:
    opened(world, (0, (ANNA,)))
    claim = claim_to_send(world.db, world.time(), PATIENCE, world.carrier())
    assert claim
    world.time.pass_(seconds=31)
    assert look_next(world.db, world.carrier(), world.time, PATIENCE)
    assert world.one("select state from message") == "queued"
    settle(world.db, claim, Accepted("SM1"), world.time(), PATIENCE)
    assert world.one("select state, provider_id from message") == ("handed_over", "SM1")
    assert not send_next(world.db, world.carrier(), world.time, PATIENCE)


def test_while_nobody_was_told_the_ladder_goes_on_although_it_ended(world: World) -> None:
    opened(world, (0, (ANNA,)))
    world.phone.wish(refuse=21606)  # our own number cannot send: nothing is wrong with theirs
    work(world, world.carrier(), 45)
    assert world.phone.bodies(ANNA) == []
    tries = world.one("select count(*) from message")
    assert 4 <= tries <= 6  # every ten minutes, and no storm
    world.phone.wish(refuse=None)
    work(world, world.carrier(), 11)
    until(lambda: world.phone.bodies(ANNA))
    before = world.one("select count(*) from message")
    work(world, world.carrier(), 45)
    assert world.one("select count(*) from message") == before, "somebody was told: it ends"


def test_when_all_reports_of_failure_come_after_the_end_the_ladder_begins_again(world: World) -> None:
    alert = opened(world, (0, (ANNA,)))
    world.db.execute("update message set state = 'handed_over', provider_id = 'SM' || id, next_try_at = null")
    for minutes in (10, 20):
        run_due_steps(world.db, T0 + minutes * M)
        world.db.execute(
            "update message set state = 'handed_over', provider_id = 'SM' || id, next_try_at = null"
            " where state = 'queued'"
        )
    assert world.one("select next_step_at from alert") is None
    for sid in world.all("select provider_id from message"):
        record(world.db, {"MessageSid": sid, "MessageStatus": "undelivered", "ErrorCode": "30036"}, T0 + 25 * M)
    assert world.one("select next_step_at from alert where id = %s", alert) == T0 + 35 * M
    assert run_due_steps(world.db, T0 + 35 * M) == 1
    assert world.one("select count(*) from message") == 3


def test_a_bare_digit_that_was_lost_on_its_way_answers_no_alert_that_is_younger(world: World) -> None:
    world.phone.wish(number=ANNA, inbound_lost=True)
    world.phone.company.incoming(ANNA, "1")
    world.time.pass_(hours=2)
    alert = opened(world, (0, (ANNA,)))
    world.time.pass_(minutes=1)
    assert lost_inbound.fetch(world.db, world.twilio(), world.time(), M) == 1
    assert world.one("select state from alert where id = %s", alert) == "open"


def test_one_text_that_cannot_be_taken_in_does_not_hold_the_others_up(world: World) -> None:
    for phone in (ANNA, BEN):
        world.phone.wish(number=phone, inbound_lost=True)
    alert = opened(world, (0, (ANNA, BEN)))
    world.time.pass_(seconds=1)
    world.phone.company.incoming(ANNA, "poison")
    world.time.pass_(seconds=1)
    code = world.one("select code from message where person_id = %s", world.person(BEN))
    world.phone.company.incoming(BEN, f"{code} 1")
    world.db.execute("alter table inbound add constraint poison check (body <> 'poison')")
    world.time.pass_(minutes=2)
    lost_inbound.fetch(world.db, world.twilio(), world.time(), M)
    assert world.one("select state from alert where id = %s", alert) == "acknowledged"
