"""Promises of texts that come in."""

import threading
from datetime import timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as some

from alerts.telling import ladder, lost_inbound, texts
from alerts.telling.reading_replies import Reply, Wish, read
from alerts.telling.replies import receive
from alerts.telling.state_table import Outcome
from alerts.telling.states import acknowledge, close
from tests.alerts.telling import ANNA, BEN, OURS, T0, World, add_alert
from tests.waiting import until


def opened(world: World, *phones: str) -> tuple[int, str]:
    """An alert that these phones (Anna's, Ben's) were told about, and Anna's code for it."""
    alert = add_alert(world.db, world.home((0, phones or (ANNA, BEN))))
    ladder.start(world.db, [alert], world.time())
    world.db.execute("update message set state = 'delivered', next_try_at = null")
    return alert, code_of(world, alert, ANNA)


def code_of(world: World, alert: int, phone: str) -> str:
    person = world.person(phone)
    return str(world.one("select code from message where alert_id = %s and person_id = %s limit 1", alert, person))


SIDS = iter(f"SM{number:032}" for number in range(10**6))


def says(world: World, phone: str, body: str, sid: str | None = None) -> str | None:
    form = {"MessageSid": sid or next(SIDS), "From": phone, "To": OURS, "Body": body}
    return receive(world.db, form, world.time())


def alert_row(world: World, alert: int, columns: str = "state") -> Any:
    return world.one(f"select {columns} from alert where id = %s", alert)


def meaning(world: World) -> Any:
    return world.one("select meaning from inbound order by received_at desc, provider_id desc limit 1")


def test_one_takes_it(world: World) -> None:
    alert, code = opened(world)
    assert says(world, ANNA, f"{code} 1") == texts.you_have_it(code)
    assert alert_row(world, alert, "state, holder_id") == ("acknowledged", world.person(ANNA))
    assert world.one("select what, channel, person_id from alert_event order by id desc limit 1") == (
        "acknowledged",
        "sms",
        world.person(ANNA),
    )


def test_two_asks_the_next_person(world: World) -> None:
    alert = add_alert(world.db, world.home((0, (ANNA,)), (600, (BEN,))))
    ladder.start(world.db, [alert], T0)
    code = code_of(world, alert, ANNA)
    assert says(world, ANNA, f"{code} 2") == texts.next_person_is_asked(code)
    assert ladder.run_due_steps(world.db, T0) == 1
    assert code_of(world, alert, BEN)


def test_who_cannot_and_is_the_last_to_ask_is_not_told_that_somebody_else_is_asked(world: World) -> None:
    alert, code = opened(world, ANNA)
    assert says(world, ANNA, f"{code} 2") == texts.nobody_else_to_ask(code)
    assert alert_row(world, alert) == "open"


def test_three_closes_it_and_tells_the_others(world: World) -> None:
    alert, code = opened(world)
    assert says(world, ANNA, f"{code} 3") == texts.you_closed_it(code)
    assert alert_row(world, alert, "state, outcome") == ("closed", "all_well")
    assert world.all("select person_id from message where purpose = 'closed'") == [world.person(BEN)]


def test_who_comes_second_is_told_that_somebody_has_it_without_a_name(world: World) -> None:
    alert, _ = opened(world)
    acknowledge(world.db, alert, world.person(ANNA), "page", T0)
    code = code_of(world, alert, BEN)
    for digit in "123":
        assert says(world, BEN, f"{code} {digit}") == texts.somebody_else_has_it(code)
    assert alert_row(world, alert, "state, holder_id") == ("acknowledged", world.person(ANNA))


def test_of_two_replies_in_the_same_moment_exactly_one_wins(world: World, database: str) -> None:
    for _ in range(5):
        alert, _ = opened(world)
        forms = [
            {"MessageSid": f"SM{alert}{phone}", "From": phone, "Body": f"{code_of(world, alert, phone)} 1"}
            for phone in (ANNA, BEN)
        ]
        answers = at_once(database, forms)
        assert sorted("you have" in (answer or "") for answer in answers) == [False, True]


def at_once(database: str, forms: list[dict[str, str]]) -> list[str | None]:
    """What is answered to these texts, which come in at the same moment on connections of their own."""
    gate = threading.Barrier(len(forms))
    answers: list[str | None] = []

    def reply(form: dict[str, str]) -> None:
        with psycopg.connect(database) as connection:
            gate.wait()
            answers.append(receive(connection, form, T0))

    threads = [threading.Thread(target=reply, args=(form,)) for form in forms]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_the_same_text_twice_in_the_same_moment_is_one(world: World, database: str) -> None:
    alert, code = opened(world)
    form = {"MessageSid": "SM1", "From": ANNA, "Body": f"{code} 1"}
    assert at_once(database, [form, form]) == [texts.you_have_it(code)] * 2
    assert world.one("select count(*) from alert_event where alert_id = %s and what = 'acknowledged'", alert) == 1


def test_a_bare_digit_works_when_one_alert_is_open_on_this_phone(world: World) -> None:
    alert, code = opened(world)
    assert says(world, ANNA, "1") == texts.you_have_it(code)
    assert alert_row(world, alert) == "acknowledged"


def test_a_bare_digit_asks_which_when_two_are_open(world: World) -> None:
    first, first_code = opened(world)
    second, second_code = opened(world)
    answer = says(world, ANNA, "1") or ""
    assert f"{first_code} 1" in answer
    assert f"{second_code} 1" in answer
    assert meaning(world) == "which"
    assert {alert_row(world, first), alert_row(world, second)} == {"open"}


def test_a_bare_digit_without_an_open_alert_is_answered(world: World) -> None:
    world.person(ANNA)
    assert says(world, ANNA, "1") == texts.NONE_OPEN


def test_a_closed_alert_stays_closed(world: World) -> None:
    alert, code = opened(world)
    close(world.db, alert, world.person(BEN), Outcome.HELPED, "page", T0)
    for digit in "123":
        assert says(world, ANNA, f"{code} {digit}") == texts.closed_already(code)
    assert alert_row(world, alert, "outcome") == "helped"


def test_a_code_on_somebody_elses_phone_opens_nothing(world: World) -> None:
    alert, _ = opened(world, ANNA)
    other, _ = opened(world, ANNA, BEN)
    foreign = code_of(world, other, ANNA)
    world.db.execute(
        "update message set code = 'W9' where alert_id = %s and person_id = %s", (other, world.person(ANNA))
    )
    world.db.execute(
        "update message set code = 'X9' where alert_id = %s and person_id = %s", (other, world.person(BEN))
    )
    assert foreign
    says(world, BEN, "W9 1")
    assert meaning(world) == "unknown_code"
    assert {alert_row(world, alert), alert_row(world, other)} == {"open"}


def test_an_unknown_code_gets_help(world: World) -> None:
    _, code = opened(world)
    assert says(world, ANNA, "XX9 1") == texts.how_to_answer(code)


def test_a_code_alone_asks_for_the_digit(world: World) -> None:
    alert, code = opened(world)
    assert says(world, ANNA, code) == texts.how_to_answer(code)
    assert alert_row(world, alert) == "open"


@pytest.mark.parametrize(
    "body",
    [
        "",
        " ",
        "\x00",
        "\N{THUMBS UP SIGN}",
        "ok I will go",
        "x" * 1600,
        "1" * 1600,
        "🏠" * 5000,
        "' or 1=1 --",
        "5",
        "1 2",
        "K7 9",
    ],
)
def test_what_nobody_can_understand_changes_nothing_and_gets_help(world: World, body: str) -> None:
    alert, code = opened(world)
    assert says(world, ANNA, body) == texts.how_to_answer(code)
    assert alert_row(world, alert) == "open"


def test_a_text_from_an_unknown_phone_changes_nothing_and_gets_no_answer(world: World) -> None:
    alert, code = opened(world)
    assert says(world, "+447700900999", f"{code} 1") is None
    assert says(world, "Twilio", "1") is None
    assert alert_row(world, alert) == "open"
    assert world.all("select distinct meaning from inbound") == ["unknown_phone"]


def test_the_same_text_twice_gets_the_same_answer_and_changes_nothing(world: World) -> None:
    alert, code = opened(world)
    first = says(world, ANNA, f"{code} 1", "SM1")
    before = alert_row(world, alert, "alert::text"), world.one("select count(*) from alert_event")
    world.time.pass_(minutes=1)
    assert says(world, ANNA, f"{code} 1", "SM1") == first
    assert (alert_row(world, alert, "alert::text"), world.one("select count(*) from alert_event")) == before


@pytest.mark.parametrize("form", [{}, {"MessageSid": "SM1"}, {"From": ANNA, "Body": "1"}])
def test_a_form_without_id_or_sender_is_no_text(world: World, form: dict[str, str]) -> None:
    assert receive(world.db, form, T0) is None
    assert world.one("select count(*) from inbound") == 0


@pytest.mark.parametrize("word", ["STOP", "stop", " Stop. ", "UNSUBSCRIBE", "cancel", "END", "QUIT"])
def test_stop_is_kept_and_the_housing_team_is_told(world: World, word: str) -> None:
    opened(world)
    assert says(world, ANNA, word) is None
    assert world.one("select opted_out_at from person where phone = %s", ANNA) == T0
    assert world.one("select reason, state from alert where class = 'technical'") == ("contact_opted_out", "open")
    world.time.pass_(minutes=1)
    says(world, ANNA, word)
    assert world.one("select count(*) from alert where class = 'technical'") == 1


def test_a_text_from_a_number_that_was_held_to_be_wrong_shows_that_it_works(world: World) -> None:
    world.db.execute("update person set phone_refused_at = %s where id = %s", (T0, world.person(ANNA)))
    says(world, ANNA, "hello")
    assert world.one("select phone_refused_at from person") is None


def test_start_takes_stop_back(world: World) -> None:
    opened(world)
    says(world, ANNA, "STOP")
    says(world, ANNA, "START")
    assert world.one("select opted_out_at from person where phone = %s", ANNA) is None


def test_stop_of_somebody_on_no_ladder_is_only_kept(world: World) -> None:
    world.person(BEN)
    says(world, BEN, "STOP")
    assert world.one("select count(*) from alert") == 0


def test_a_reply_after_days_still_reaches_an_open_alert(world: World) -> None:
    alert, code = opened(world)
    world.time.pass_(days=3)
    assert says(world, ANNA, f"{code} 1") == texts.you_have_it(code)
    assert alert_row(world, alert) == "acknowledged"


def test_a_whole_conversation_through_the_phone_company(world: World) -> None:
    alert, code = opened(world)
    world.phone.company.incoming(ANNA, f"{code.lower()}-1")
    until(lambda: world.phone.bodies(ANNA) == [texts.you_have_it(code)])
    world.phone.company.incoming(ANNA, f"{code}3.")
    until(lambda: world.phone.bodies(ANNA)[-1] == texts.you_closed_it(code))
    assert alert_row(world, alert, "outcome") == "all_well"


def test_a_text_whose_webhook_was_lost_is_fetched_and_answered(world: World) -> None:
    alert, code = opened(world)
    world.phone.wish(number=ANNA, inbound_lost=True)
    world.phone.company.incoming(ANNA, f"{code} 1")
    carrier, rest = world.twilio(), timedelta(minutes=1)
    assert lost_inbound.fetch(world.db, carrier, world.time(), rest) == 0
    assert lost_inbound.fetch(world.db, carrier, world.time.pass_(minutes=1), rest) == 1
    assert alert_row(world, alert) == "acknowledged"
    assert world.all("select body from message where purpose = 'answer'") == [texts.you_have_it(code)]
    assert lost_inbound.fetch(world.db, carrier, world.time.pass_(minutes=1), rest) == 0


# Reading


@pytest.mark.parametrize(
    ("body", "code", "wish"),
    [
        ("K7 1", "K7", Wish.TAKE),
        ("k7-1", "K7", Wish.TAKE),
        ("K71", "K7", Wish.TAKE),
        ("1 k7", "K7", Wish.TAKE),
        (" K7  2.", "K7", Wish.CANNOT),
        ("K7, 3", "K7", Wish.ALL_WELL),
        ("K7\n3\n", "K7", Wish.ALL_WELL),
        ("kw7 2", "KW7", Wish.CANNOT),
        ("kw72", "KW7", Wish.CANNOT),
        ("kwx7 2", "KWX7", Wish.CANNOT),
        ("1", None, Wish.TAKE),
        ("1.", None, Wish.TAKE),
        ("\N{FULLWIDTH DIGIT ONE}", None, Wish.TAKE),
        ("1\ufe0f\u20e3", None, Wish.TAKE),
        ("K7", "K7", Wish.NONE),
        ("K7 4", "K7", Wish.ATTEND),
        ("K7 5", None, Wish.NONE),
        ("K7 1 2", None, Wish.NONE),
        ("11", None, Wish.NONE),
        ("yes", None, Wish.START),
        ("stop it", None, Wish.NONE),
        ("info", None, Wish.INFO),
    ],
)
def test_answers_are_read_as_people_write_them(body: str, code: str | None, wish: Wish) -> None:
    assert read(body) == Reply(wish, code)


@given(some.text(max_size=2000))
def test_reading_never_fails(body: str) -> None:
    assert isinstance(read(body), Reply)
