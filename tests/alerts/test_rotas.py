"""Promises of ladders that tell whoever is on duty, a team, a role, or whoever stands in."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from alerts.telling.hand_over import CannotHandOverError, hand_over, read_until, take_back
from alerts.telling.ladder import run_due_steps, start
from alerts.telling.replies import receive
from alerts.telling.rotas import holes
from tests.alerts.telling import ANNA, BEN, CARA, DOT, T0, World, add_alert

LONDON = ZoneInfo("Europe/London")
H = timedelta(hours=1)


def told(world: World) -> list[str]:
    return world.all("select phone from message join person on person.id = person_id order by message.id")


def rota(world: World, *shifts: tuple[int, str, str, str]) -> int:
    """(weekday, from, until, phone); 1 is Monday."""
    made = int(world.one("insert into rota (name) values ('Nights') returning id"))
    for weekday, start_time, end_time, phone in shifts:
        world.db.execute(
            "insert into rota_shift values (%s, %s, %s, %s, %s)",
            (made, weekday, start_time, end_time, world.person(phone, "responder")),
        )
    return made


def step(world: World, home: int | None, number: int, **target: Any) -> None:
    names = ["home_id", "step", "after_s", *target]
    values = [home, number, 600, *target.values()]
    world.db.execute(f"insert into ladder_step ({', '.join(names)}) values ({', '.join(['%s'] * len(names))})", values)


def opened(world: World, home: int, class_: str = "welfare", at: datetime = T0) -> int:
    alert = add_alert(world.db, home, class_, at=at)
    world.db.execute("update alert set next_step_at = %s where id = %s", (at, alert))
    run_due_steps(world.db, at)
    return alert


# T0 is a Saturday morning, 09:00 in London.


@pytest.mark.parametrize(
    ("hours", "expected"), [(0, [ANNA]), (8, [BEN]), (15, [BEN]), (22.9, [BEN]), (23, [CARA]), (24, [CARA])]
)
def test_whoever_is_on_duty_is_told_also_over_midnight(world: World, hours: float, expected: list[str]) -> None:
    home = world.home()
    nights = rota(world, (6, "08:00", "17:00", ANNA), (6, "17:00", "08:00", BEN), (7, "08:00", "20:00", CARA))
    step(world, home, 1, rota_id=nights)
    opened(world, home, at=T0 + hours * H)
    assert told(world) == expected


def test_an_override_replaces_the_week_while_it_holds(world: World) -> None:
    home = world.home()
    nights = rota(world, (6, "08:00", "17:00", ANNA))
    step(world, home, 1, rota_id=nights)
    world.db.execute(
        "insert into rota_override (rota_id, person_id, from_at, until_at, set_at) values (%s, %s, %s, %s, %s)",
        (nights, world.person(BEN, "responder"), T0, T0 + H, T0),
    )
    opened(world, home)
    assert told(world) == [BEN]


def test_a_step_with_nobody_on_duty_is_passed_by_at_once_and_said(world: World) -> None:
    home = world.home()
    step(world, home, 1, rota_id=rota(world, (1, "08:00", "17:00", ANNA)))
    step(world, home, 2, person_id=world.person(CARA))
    alert = opened(world, home)
    assert told(world) == [CARA]
    note = world.one("select note from alert_event where alert_id = %s and what = 'skipped'", alert)
    assert note == "nobody_on_duty"


def test_a_team_and_a_role_are_told_together(world: World) -> None:
    home = world.home()
    team = world.one("insert into team (name) values ('Housing') returning id")
    for phone in (ANNA, BEN):
        world.db.execute("insert into team_member values (%s, %s)", (team, world.person(phone, "responder")))
    world.db.execute("insert into home_person values (%s, %s)", (home, world.person(CARA)))
    step(world, home, 1, role="family")
    step(world, home, 2, team_id=team)
    opened(world, home)
    assert told(world) == [CARA]
    run_due_steps(world.db, T0 + timedelta(minutes=10))
    assert sorted(told(world)) == [ANNA, BEN, CARA]


def test_the_most_particular_ladder_holds(world: World) -> None:
    home, other = world.home(), world.home()
    step(world, None, 1, person_id=world.person(ANNA))
    step(world, None, 1, person_id=world.person(BEN), **{"class": "urgent"})
    step(world, home, 1, person_id=world.person(CARA))
    opened(world, other)
    opened(world, other, "urgent")
    assert told(world) == [ANNA, BEN]
    opened(world, home, "urgent")
    assert told(world) == [ANNA, BEN, CARA]


def test_who_hands_over_is_not_told_until_the_time_is_over(world: World) -> None:
    home = world.home((0, (ANNA,)))
    hand_over(world.db, world.person(ANNA), world.person(BEN), T0 + 24 * H, "page", T0)
    start(world.db, [add_alert(world.db, home, "welfare")], T0 + H)
    assert told(world) == [BEN, BEN]  # that he stands in, and the alert
    start(world.db, [add_alert(world.db, home, "urgent")], T0 + 25 * H)
    assert told(world)[-1] == ANNA


def test_who_takes_it_back_is_told_again(world: World) -> None:
    home = world.home((0, (ANNA,)))
    hand_over(world.db, world.person(ANNA), world.person(BEN), T0 + 24 * H, "page", T0)
    assert take_back(world.db, world.person(ANNA), T0 + H)
    start(world.db, [add_alert(world.db, home)], T0 + 2 * H)
    assert told(world)[-1] == ANNA


def test_two_who_hand_over_to_each_other_do_not_lose_the_alert(world: World) -> None:
    home = world.home((0, (ANNA,)))
    anna, ben = world.person(ANNA), world.person(BEN)
    hand_over(world.db, anna, ben, T0 + 24 * H, "page", T0)
    hand_over(world.db, ben, anna, T0 + 24 * H, "page", T0)
    start(world.db, [add_alert(world.db, home)], T0 + H)
    assert world.one("select count(*) from message where purpose = 'alert'") == 1


def test_a_text_hands_over_to_the_deputy_and_another_takes_it_back(world: World) -> None:
    world.home((0, (ANNA,)))
    world.db.execute("update person set deputy_id = %s where id = %s", (world.person(BEN), world.person(ANNA)))
    answer = receive(world.db, {"MessageSid": "SM1", "From": ANNA, "Body": "swap Sun 20:00"}, T0)
    assert answer is not None
    assert "Sun 20:00" in answer
    assert world.one("select until_at from hand_over") == datetime(2026, 11, 22, 20, 0, tzinfo=UTC)
    receive(world.db, {"MessageSid": "SM2", "From": ANNA, "Body": "Back"}, T0 + H)
    assert world.one("select ended_at from hand_over") == T0 + H


def test_a_swap_without_a_deputy_or_a_time_changes_nothing_and_says_so(world: World) -> None:
    world.home((0, (ANNA,)))
    assert "choose somebody" in str(
        receive(world.db, {"MessageSid": "SM1", "From": ANNA, "Body": "swap sun 20:00"}, T0)
    )
    world.db.execute("update person set deputy_id = %s where id = %s", (world.person(BEN), world.person(ANNA)))
    assert "until when" in str(receive(world.db, {"MessageSid": "SM2", "From": ANNA, "Body": "swap soon"}, T0))
    assert world.one("select count(*) from hand_over") == 0


def test_nobody_hands_over_for_ever_or_to_a_phone_that_takes_no_texts(world: World) -> None:
    anna, ben = world.person(ANNA), world.person(BEN)
    with pytest.raises(CannotHandOverError):
        hand_over(world.db, anna, ben, T0 + timedelta(days=400), "page", T0)
    world.db.execute("update person set opted_out_at = %s where id = %s", (T0, ben))
    with pytest.raises(CannotHandOverError):
        hand_over(world.db, anna, ben, T0 + H, "page", T0)
    assert world.one("select count(*) from hand_over") == 0


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("SUN 20 00", datetime(2026, 11, 22, 20, 0, tzinfo=UTC)),
        ("UNTIL SUNDAY 20", datetime(2026, 11, 22, 20, 0, tzinfo=UTC)),
        ("SAT 08 00", datetime(2026, 11, 28, 8, 0, tzinfo=UTC)),
        ("18 30", datetime(2026, 11, 21, 18, 30, tzinfo=UTC)),
        ("7", datetime(2026, 11, 22, 7, 0, tzinfo=UTC)),
        ("25 00", None),
        ("", None),
        ("TOMORROW", None),
    ],
)
def test_an_end_is_read_as_people_write_it(words: str, expected: datetime | None) -> None:
    assert read_until(words, LONDON, T0) == expected


def test_hours_without_anybody_on_duty_are_found_two_weeks_ahead(world: World) -> None:
    home = world.home()
    every_day = [(day, "00:00", "00:00", ANNA) for day in range(1, 8) if day != 3]
    step(world, home, 1, rota_id=rota(world, *every_day))
    found = holes(world.db, T0)
    assert [(hole.from_at, hole.until_at) for hole in found] == [
        (datetime(2026, 11, 25, tzinfo=UTC), datetime(2026, 11, 26, tzinfo=UTC)),
        (datetime(2026, 12, 2, tzinfo=UTC), datetime(2026, 12, 3, tzinfo=UTC)),
    ]


def test_what_can_wait_waits_for_the_end_of_the_night_and_what_matters_does_not(world: World) -> None:
    home = world.home((0, (DOT,)), (300, (BEN,)))
    world.db.execute(
        "update person set quiet_from = '22:00', quiet_until = '10:00' where id = %s", (world.person(DOT),)
    )
    low, high = add_alert(world.db, home, "welfare"), add_alert(world.db, world.home((0, (DOT,))), "welfare")
    world.db.execute("update alert set severity = 'low' where id = %s", (low,))
    start(world.db, [low, high], T0)
    waits = {alert: world.one("select next_try_at from message where alert_id = %s", alert) for alert in (low, high)}
    assert waits == {low: T0 + H, high: T0}
    assert world.one("select next_step_at from alert where id = %s", low) == T0 + H + timedelta(minutes=5)
