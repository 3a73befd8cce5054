"""Promises of proving that a number is somebody's."""

import re
from datetime import timedelta

import pytest

from alerts.telling import verifying
from alerts.telling.ladder import start
from alerts.telling.queueing import queue_sign_in
from alerts.telling.replies import receive
from api.signing_in import Moment, redeem
from api.signing_in import send_code as send_sign_in
from tests.alerts.telling import ANNA, BEN, T0, World, add_alert


def code_sent(world: World) -> str:
    body = world.one("select body from message order by id desc limit 1")
    found = re.search(r"\d{6}", body)
    assert found
    return found.group()


def other_than(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def is_verified(world: World) -> bool:
    return bool(world.one("select verified_at is not null from person where id = %s", world.person(ANNA)))


def say(world: World, body: str, sid: str = "SM1") -> str | None:
    return receive(world.db, {"MessageSid": sid, "From": ANNA, "Body": body}, world.time())


def test_the_code_that_was_sent_proves_the_number_once(world: World) -> None:
    anna = world.person(ANNA)
    assert verifying.send_code(world.db, anna, T0)
    code = code_sent(world)
    assert not is_verified(world)
    assert verifying.confirm(world.db, anna, f"{code[:3]} {code[3:]}", T0)
    assert is_verified(world)
    assert not verifying.confirm(world.db, anna, code, T0)


def test_the_code_may_be_texted_back(world: World) -> None:
    verifying.send_code(world.db, world.person(ANNA), T0)
    answer = say(world, code_sent(world))
    assert answer
    assert "yours" in answer
    assert is_verified(world)


def test_a_wrong_code_texted_back_proves_nothing(world: World) -> None:
    verifying.send_code(world.db, world.person(ANNA), T0)
    answer = say(world, other_than(code_sent(world)))
    assert answer
    assert "not the code" in answer
    assert not is_verified(world)


def test_a_code_texted_back_is_no_answer_to_an_open_alert(world: World) -> None:
    alert = add_alert(world.db, world.home((0, (ANNA,))))
    start(world.db, [alert], T0)
    verifying.send_code(world.db, world.person(ANNA), T0)
    say(world, code_sent(world))
    assert world.one("select state from alert") == "open"
    assert is_verified(world)


def test_five_wrong_codes_spend_it(world: World) -> None:
    anna = world.person(ANNA)
    verifying.send_code(world.db, anna, T0)
    code = code_sent(world)
    for _ in range(verifying.TRIES):
        assert not verifying.confirm(world.db, anna, other_than(code), T0)
    assert not verifying.confirm(world.db, anna, code, T0)


def test_a_code_is_good_for_two_days(world: World) -> None:
    anna = world.person(ANNA)
    verifying.send_code(world.db, anna, T0)
    code = code_sent(world)
    assert not verifying.confirm(world.db, anna, code, T0 + verifying.GOOD_FOR)
    assert verifying.confirm(world.db, anna, code, T0 + verifying.GOOD_FOR - timedelta(seconds=1))


def test_a_code_proves_only_the_number_it_was_sent_to(world: World) -> None:
    anna = world.person(ANNA)
    verifying.send_code(world.db, anna, T0)
    world.db.execute("update person set phone = '+447700900099' where id = %s", (anna,))
    assert not verifying.confirm(world.db, anna, code_sent(world), T0)


def test_a_new_code_replaces_the_old_one(world: World) -> None:
    anna = world.person(ANNA)
    verifying.send_code(world.db, anna, T0)
    first = code_sent(world)
    verifying.send_code(world.db, anna, T0)
    second = code_sent(world)
    assert first == second or not verifying.confirm(world.db, anna, first, T0)
    assert verifying.confirm(world.db, anna, second, T0)


def test_a_phone_gets_so_many_codes_an_hour_and_none_after_stop(world: World) -> None:
    anna = world.person(ANNA)
    sent = [verifying.send_code(world.db, anna, T0) for _ in range(5)]
    assert sent == [True] * verifying.MOST_AN_HOUR + [False] * 2
    assert verifying.send_code(world.db, anna, T0 + timedelta(hours=1))
    world.db.execute("update person set opted_out_at = %s where id = %s", (T0, world.person(BEN)))
    assert not verifying.send_code(world.db, world.person(BEN), T0)


def test_no_code_is_kept_as_it_is(world: World) -> None:
    verifying.send_code(world.db, world.person(ANNA), T0)
    code = code_sent(world).encode()
    kept = world.one("select code_hash || salt from verify_code")
    assert code not in bytes(kept)


@pytest.mark.parametrize("body", ["12345", "1234567", "", "abcdef"])
def test_what_is_no_code_is_not_taken_for_one(world: World, body: str) -> None:
    verifying.send_code(world.db, world.person(ANNA), T0)
    say(world, body)
    assert world.one("select tries_left from verify_code") == verifying.TRIES


def test_a_first_sign_in_by_code_proves_the_number_too(world: World) -> None:
    world.person(ANNA)
    send_sign_in(world.db, ANNA, Moment(T0), queue_sign_in)
    assert redeem(world.db, ANNA, code_sent(world), T0)
    assert is_verified(world)
