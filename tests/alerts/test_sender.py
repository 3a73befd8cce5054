"""Promises of handing texts over, against the simulated phone company as a real HTTP server."""

import logging
from datetime import timedelta

import psycopg
import pytest
from pydantic import SecretStr

from alerts.telling.carrying import Accepted, Routes
from alerts.telling.climbing import By
from alerts.telling.queueing import Draft, Purpose, queue, queue_sign_in
from alerts.telling.receipts import RANK, MessageState, record
from alerts.telling.sender import MOST_ATTEMPTS, claim_to_send, look_next, send_next, settle
from alerts.telling.twilio_sms import Twilio
from tests.alerts.telling import ACCOUNT, ANNA, BEN, OURS, PATIENCE, T0, World, add_alert
from tests.waiting import until


def write(world: World, phone: str = ANNA, *, urgent: bool = True, code: str = "K7") -> int:
    """A text about an open alert, queued; the message's id."""
    home = world.home((0, (phone,)))
    alert = add_alert(world.db, home, "urgent" if urgent else "welfare", at=world.time())
    world.db.execute("update alert set step = 1, next_step_at = %s where id = %s", (T0 + timedelta(hours=1), alert))
    body = f"Hearthlight: something. Reply {code} 1 if you have it."
    queue(world.db, [Draft(world.person(phone), Purpose.ALERT, body, urgent, alert, code, step=1)], world.time())
    return int(world.one("select max(id) from message"))


def send(world: World) -> bool:
    return send_next(world.db, world.carrier(), world.time, PATIENCE)


def look(world: World) -> bool:
    return look_next(world.db, world.carrier(), world.time, PATIENCE)


def state(world: World, message: int) -> str:
    return str(world.one("select state from message where id = %s", message))


def becomes(world: World, message: int, wanted: str) -> None:
    until(lambda: state(world, message) == wanted)


def test_a_text_is_handed_over_and_its_receipts_are_kept(world: World) -> None:
    message = write(world)
    assert send(world)
    becomes(world, message, "delivered")
    states = world.all("select state from message_event where message_id = %s order by id", message)
    assert states[:2] == ["sending", "handed_over"]
    assert states[2:] in (["sent", "delivered"], ["delivered"])  # reports come in any order
    assert not send(world)
    assert len(world.phone.bodies(ANNA)) == 1


def test_nothing_is_sent_twice_when_the_sender_dies_before_handing_over(world: World) -> None:
    message = write(world)
    assert claim_to_send(world.db, world.time(), PATIENCE, world.carrier())  # and here it dies
    assert not look(world)
    world.time.pass_(seconds=31)
    assert look(world)
    assert state(world, message) == "queued"
    assert send(world)
    becomes(world, message, "delivered")
    assert len(world.phone.bodies(ANNA)) == 1


def test_nothing_is_sent_twice_when_the_sender_dies_after_handing_over(world: World) -> None:
    message = write(world)
    claim = claim_to_send(world.db, world.time(), PATIENCE, world.carrier())
    assert claim
    assert isinstance(world.twilio().send(claim.outgoing()), Accepted)  # and here it dies
    world.time.pass_(seconds=31)
    assert look(world)
    becomes(world, message, "delivered")
    assert not send(world)
    assert len(world.phone.bodies(ANNA)) == 1


@pytest.mark.parametrize("request_", ["5xx_after_accepting", "dropped_after_accepting", "nonsense_after_accepting"])
def test_an_accepted_text_whose_answer_was_lost_is_found_and_not_repeated(world: World, request_: str) -> None:
    world.phone.wish(request=request_, times=1)
    message = write(world)
    assert send(world)
    assert state(world, message) == "unknown"
    assert look(world)
    becomes(world, message, "delivered")
    assert not send(world)
    assert len(world.phone.bodies(ANNA)) == 1


def test_a_hanging_phone_company_holds_one_sender_up_for_its_timeout_only(world: World) -> None:
    world.phone.wish(request="hang_after_accepting", times=1)
    message = write(world)
    assert send_next(world.db, world.carrier(timeout_s=0.3), world.time, PATIENCE)
    assert state(world, message) == "unknown"
    assert look(world)
    becomes(world, message, "delivered")
    assert len(world.phone.bodies(ANNA)) == 1


def test_an_urgent_text_that_twilio_never_got_is_sent_again_at_once(world: World) -> None:
    world.phone.wish(request="5xx", times=1)
    message = write(world)
    assert send(world)
    assert look(world)
    assert send(world)
    becomes(world, message, "delivered")
    assert len(world.phone.bodies(ANNA)) == 1


def test_what_is_not_urgent_rests_before_it_is_looked_up(world: World) -> None:
    world.phone.wish(request="5xx", times=1)
    message = write(world, urgent=False)
    assert send(world)
    assert not look(world)
    world.time.pass_(seconds=30)
    assert look(world)
    assert state(world, message) == "queued"


@pytest.mark.parametrize(("urgent", "then"), [(True, "queued"), (False, "unknown")])
def test_when_the_look_up_fails_too_only_an_urgent_text_is_risked_again(world: World, urgent: bool, then: str) -> None:
    world.phone.wish(listing_fails=True)
    world.phone.wish(request="5xx", times=1)
    message = write(world, urgent=urgent)
    assert send(world)
    world.time.pass_(seconds=30)
    assert look(world)
    assert state(world, message) == then


def test_a_text_whose_alert_was_taken_meanwhile_is_not_repeated(world: World) -> None:
    world.phone.wish(request="5xx", times=1)
    message = write(world)
    assert send(world)
    world.db.execute("update alert set state = 'acknowledged'")
    assert look(world)
    assert state(world, message) == "cancelled"


def test_a_text_that_stays_unknown_is_given_up_and_the_ladder_goes_on(world: World) -> None:
    world.phone.wish(request="5xx")
    message = write(world)
    for _ in range(MOST_ATTEMPTS):
        assert send(world)
        assert look(world)
        world.time.pass_(minutes=1)
    assert state(world, message) == "failed"
    assert world.one("select next_step_at from alert") == world.time() - timedelta(minutes=1)


def test_two_texts_with_the_same_words_are_told_apart_by_their_ids(world: World) -> None:
    first, second = write(world), write(world)
    assert send(world)
    claim = claim_to_send(world.db, world.time(), PATIENCE, world.carrier())
    assert claim
    world.time.pass_(seconds=31)
    assert look(world)
    assert state(world, second) == "queued"
    becomes(world, first, "delivered")


def test_too_many_requests_only_delay(world: World) -> None:
    world.phone.wish(request="429", times=2)
    message = write(world)
    assert send(world)
    assert state(world, message) == "queued"
    assert not send(world)
    world.time.pass_(seconds=2)
    assert send(world)
    world.time.pass_(seconds=4)
    assert send(world)
    becomes(world, message, "delivered")
    assert len(world.phone.bodies(ANNA)) == 1


def test_a_wrong_token_keeps_the_text_and_tells_the_operator(world: World, caplog: pytest.LogCaptureFixture) -> None:
    message = write(world)
    old = Twilio(ACCOUNT, SecretStr("an old token"), world.phone.url, OURS, "http://127.0.0.1:1")
    assert send_next(world.db, Routes({By.SMS: [old]}), world.time, PATIENCE)
    assert state(world, message) == "queued"
    assert any(getattr(entry, "about", {}).get("action") == "sms_configuration_fault" for entry in caplog.records)


@pytest.mark.parametrize("code", [21211, 21612, 21614, 21635])
def test_a_wrong_number_is_marked_and_the_next_person_is_told_at_once(world: World, code: int) -> None:
    world.phone.wish(refuse=code)
    message = write(world)
    assert send(world)
    assert world.one("select state, error_code from message where id = %s", message) == ("failed", code)
    assert world.one("select phone_refused_at from person") == T0
    assert world.one("select next_step_at from alert where class = 'urgent'") == T0
    assert world.one("select reason from alert where class = 'technical'") == "contact_number_wrong"


def test_a_stopped_number_is_never_tried_again(world: World) -> None:
    world.phone.company.incoming(ANNA, "STOP")
    message = write(world)
    assert send(world)
    assert world.one("select state, error_code from message where id = %s", message) == ("failed", 21610)
    assert world.one("select opted_out_at from person") == T0
    assert world.one("select reason from alert where class = 'technical'") == "contact_opted_out"


def test_an_unknown_code_counts_as_refused(world: World) -> None:
    world.phone.wish(refuse=29999)
    message = write(world)
    assert send(world)
    assert state(world, message) == "failed"
    assert world.one("select next_step_at from alert") == T0


def test_undelivered_means_not_told(world: World) -> None:
    world.phone.wish(fate="undelivered", error_code=30003)
    message = write(world)
    assert send(world)
    becomes(world, message, "undelivered")
    assert world.one("select next_step_at from alert") == T0


def test_a_handset_that_was_off_is_tried_once_more_and_not_for_ever(world: World) -> None:
    world.phone.wish(fate="undelivered", error_code=30003)
    write(world)
    assert send(world)
    until(lambda: world.one("select count(*) from message where again") == 1)
    assert not send(world)
    world.time.pass_(minutes=5)
    assert send(world)
    until(lambda: world.one("select count(*) from message where state = 'undelivered'") == 2)
    assert world.one("select count(*) from message") == 2


@pytest.mark.parametrize("callbacks", ["repeated", "reversed"])
def test_reports_twice_or_backwards_change_nothing(world: World, callbacks: str) -> None:
    world.phone.wish(callbacks=callbacks)
    message = write(world)
    assert send(world)
    becomes(world, message, "delivered")
    until(lambda: len(world.webhooks.forms) >= (4 if callbacks == "repeated" else 2))
    assert state(world, message) == "delivered"
    states = world.all("select state from message_event where message_id = %s order by id", message)
    ranks = [RANK[MessageState(state)] for state in states]
    assert ranks == sorted(set(ranks))


def test_a_lost_report_is_asked_for(world: World) -> None:
    world.phone.wish(callbacks="lost", fate="undelivered", error_code=30005)
    message = write(world)
    assert send(world)
    until(lambda: world.phone.company.texts()[0].status == "undelivered")
    assert not look(world)
    world.time.pass_(minutes=3)
    assert look(world)
    assert state(world, message) == "undelivered"
    assert world.one("select next_step_at from alert") == world.time()


def test_no_receipt_at_all_is_asked_for_more_and_more_rarely_and_then_left(world: World) -> None:
    world.phone.wish(fate="sent")
    message = write(world)
    assert send(world)
    becomes(world, message, "sent")
    asked = 0
    for _ in range(7 * 60):
        world.time.pass_(minutes=1)
        asked += look(world)
    assert 5 < asked < 12
    assert state(world, message) == "sent"
    assert world.one("select next_try_at from message where id = %s", message) is None


def test_a_report_that_comes_before_we_know_twilios_id_is_not_lost(world: World) -> None:
    message = write(world)
    claim = claim_to_send(world.db, world.time(), PATIENCE, world.carrier())
    assert claim
    record(world.db, {"MessageSid": "SM1", "MessageStatus": "undelivered", "ErrorCode": "30006"}, world.time())
    settle(world.db, claim, Accepted("SM1"), world.time(), PATIENCE)
    assert state(world, message) == "undelivered"
    assert world.one("select phone_refused_at from person") == T0


@pytest.mark.parametrize(
    "form",
    [
        {},
        {"MessageSid": "SM1"},
        {"MessageSid": "SM1", "MessageStatus": "dancing"},
        {"MessageSid": "SM-nobodys", "MessageStatus": "delivered", "ErrorCode": "not a number"},
    ],
)
def test_a_strange_report_changes_nothing(world: World, form: dict[str, str]) -> None:
    message = write(world)
    record(world.db, form, world.time())
    assert state(world, message) == "queued"


def test_urgent_texts_go_first_and_homes_take_turns(world: World) -> None:
    crowded, other = (add_alert(world.db, world.home((0, (ANNA, BEN)))) for _ in range(2))
    drafts = [
        Draft(world.person(phone), Purpose.ALERT, f"{alert} {phone}", urgent, alert, code)
        for alert, phone, code, urgent in (
            (crowded, ANNA, "A2", False),
            (crowded, BEN, "A3", False),
            (other, ANNA, "B2", False),
            (other, BEN, "C2", True),
        )
    ]
    queue(world.db, drafts[:2], world.time())
    queue(world.db, drafts[2:], world.time())
    claims = [claim_to_send(world.db, world.time(), PATIENCE, world.carrier()) for _ in range(4)]
    assert [claim.body for claim in claims if claim] == [drafts[place].body for place in (3, 0, 2, 1)]


def test_two_senders_never_get_the_same_text(world: World, database: str) -> None:
    write(world)
    with psycopg.connect(database) as other, other.transaction():
        assert claim_to_send(other, world.time(), PATIENCE, world.carrier())
        assert claim_to_send(world.db, world.time(), PATIENCE, world.carrier()) is None


def test_a_sign_in_code_is_sent_at_once(world: World) -> None:
    queue_sign_in(world.db, world.person(ANNA), "123456", world.time())
    assert send(world)
    until(lambda: world.phone.bodies(ANNA))
    assert "123456" in world.phone.bodies(ANNA)[0]


def test_no_number_and_no_text_is_ever_logged(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    world.phone.wish(request="5xx_after_accepting", times=1)
    message = write(world)
    send(world)
    look(world)
    becomes(world, message, "delivered")
    ours = [entry for entry in caplog.records if not entry.name.startswith(("asyncio", "httpcore", "httpx"))]
    said = " ".join(entry.getMessage() + str(getattr(entry, "about", "")) for entry in ours)
    assert ANNA[1:] not in said
    assert "something" not in said
    assert "sms_unknown" in said
