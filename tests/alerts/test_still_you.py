"""Promises of "still you?": who no longer has the phone is noticed on a quiet day."""

from datetime import UTC, datetime, timedelta

import pytest

from alerts.telling import still_you
from alerts.telling.ladder import start
from alerts.telling.replies import receive
from alerts.telling.texts import NONE_OPEN, NOT_YOURS, STILL_YOURS
from tests.alerts.telling import ANNA, BEN, CARA, DOT, World, add_alert

DAY = timedelta(days=1)
NOON = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)


def her_day(world: World, phone: str = ANNA) -> datetime:
    """Noon on the day of the month on which this person is asked."""
    return NOON + (world.person(phone) % 28) * DAY


def asked(world: World) -> list[str]:
    query = (
        "select phone from message join person on person.id = person_id where purpose = 'still_you' order by message.id"
    )
    return world.all(query)


def say(world: World, body: str, now: datetime, sid: str = "SM1") -> str | None:
    return receive(world.db, {"MessageSid": sid, "From": ANNA, "Body": body}, now)


def technical(world: World) -> list[str]:
    return world.all("select reason from alert where class = 'technical' order by id")


def test_everybody_on_a_ladder_is_asked_once_a_month_on_a_day_of_their_own(world: World) -> None:
    world.home((0, (ANNA,)), (300, (BEN, CARA)))
    world.person(DOT)  # on no ladder
    days = {phone: her_day(world, phone) for phone in (ANNA, BEN, CARA)}
    for hour in range(31 * 24):
        now = NOON - DAY / 2 + timedelta(hours=hour)
        still_you.ask(world.db, now)
        say(world, "1", now, f"SM{hour}")
        world.db.execute("update still_you set ended_at = %s where ended_at is null", (now,))
    assert sorted(asked(world)) == [ANNA, BEN, CARA]
    at = world.all("select created_at from message where purpose = 'still_you' order by created_at")
    assert [one.date() for one in at] == sorted(day.date() for day in days.values())
    assert {one.hour for one in at} == {10}


def test_who_is_on_duty_in_a_team_or_linked_in_a_role_is_asked_too(world: World) -> None:
    home = world.home()
    anna, ben, cara = (world.person(phone, "responder") for phone in (ANNA, BEN, CARA))
    rota, team = (
        world.one("insert into rota (name) values ('R') returning id"),
        world.one("insert into team (name) values ('T') returning id"),
    )
    world.db.execute("insert into rota_shift values (%s, 1, '08:00', '09:00', %s)", (rota, anna))
    world.db.execute("insert into team_member values (%s, %s)", (team, ben))
    world.db.execute("insert into home_person values (%s, %s)", (home, cara))
    world.db.execute("insert into ladder_step (home_id, step, after_s, rota_id) values (%s, 1, 0, %s)", (home, rota))
    world.db.execute("insert into ladder_step (home_id, step, after_s, team_id) values (%s, 2, 0, %s)", (home, team))
    world.db.execute("insert into ladder_step (step, after_s, role) values (3, 0, 'responder')")
    for day in range(28):
        still_you.ask(world.db, NOON + day * DAY)
    assert sorted(set(asked(world))) == [ANNA, BEN, CARA]


@pytest.mark.parametrize("hours", [-12, -3, 8, 11])
def test_nobody_is_asked_at_night(world: World, hours: int) -> None:
    world.home((0, (ANNA,)))
    assert still_you.ask(world.db, her_day(world) + timedelta(hours=hours)) == 0


@pytest.mark.parametrize(
    "kept_out",
    [
        "opted_out_at = now()",
        "phone_refused_at = now()",
        "role = 'resident'",
        "quiet_from = '09:00', quiet_until = '13:00'",
    ],
)
def test_who_cannot_or_should_not_be_texted_is_not_asked(world: World, kept_out: str) -> None:
    world.home((0, (ANNA,)))
    world.db.execute(f"update person set {kept_out}")
    assert still_you.ask(world.db, her_day(world)) == 0


def test_who_has_handed_over_is_not_asked_until_they_are_back(world: World) -> None:
    world.home((0, (ANNA,)))
    day = her_day(world)
    values = (world.person(ANNA), world.person(BEN), day - DAY, day + DAY, day - DAY)
    world.db.execute(
        "insert into hand_over (person_id, to_person_id, from_at, until_at, set_at, channel)"
        " values (%s, %s, %s, %s, %s, 'sms')",
        values,
    )
    assert still_you.ask(world.db, day) == 0


def test_one_answers_the_question_when_no_alert_is_open(world: World) -> None:
    world.home((0, (ANNA,)))
    day = her_day(world)
    still_you.ask(world.db, day)
    assert say(world, "1", day) == STILL_YOURS
    assert world.one("select answered, ended_at from still_you") == (True, day)
    assert say(world, "1", day, "SM2") == NONE_OPEN  # nothing asks any more
    assert still_you.ask(world.db, day + 7 * DAY) == 0


def test_an_open_alert_wins_and_its_answer_shows_that_it_is_still_them(world: World) -> None:
    home = world.home((0, (ANNA,)))
    day = her_day(world)
    still_you.ask(world.db, day)
    alert = add_alert(world.db, home, at=day)
    start(world.db, [alert], day)
    say(world, "1", day)
    assert world.one("select state from alert where id = %s", alert) == "acknowledged"
    assert world.one("select answered from still_you")


def test_words_of_a_stranger_do_not_count_as_an_answer(world: World) -> None:
    world.home((0, (ANNA,)))
    day = her_day(world)
    still_you.ask(world.db, day)
    say(world, "who is this", day)
    say(world, "ZZ9 1", day, "SM2")
    assert world.one("select ended_at from still_you") is None


def test_a_phone_that_is_not_theirs_is_a_job_for_the_team_at_once(world: World) -> None:
    world.home((0, (ANNA,)))
    day = her_day(world)
    still_you.ask(world.db, day)
    assert say(world, "2", day) == NOT_YOURS
    assert technical(world) == ["contact_not_theirs"]


def test_who_does_not_answer_is_asked_once_more_and_then_the_team_is_told_once(world: World) -> None:
    world.home((0, (ANNA,)))
    day = her_day(world)
    for later in range(27):
        now = day + later * DAY
        still_you.ask(world.db, now)
        still_you.give_up(world.db, now)
        expected = 1 if later < 7 else 2
        assert len(asked(world)) == expected
        assert technical(world) == ([] if later < 14 else ["contact_does_not_answer"])
    again = world.one("select body from message where purpose = 'still_you' order by id desc limit 1")
    assert "a week ago" in again


def test_who_proved_the_number_lately_is_not_asked_before_their_next_day(world: World) -> None:
    world.home((0, (ANNA,)))
    day = her_day(world)
    world.db.execute("update person set verified_at = %s", (day,))
    assert still_you.ask(world.db, day + timedelta(hours=1)) == 0


def test_people_are_not_asked_all_at_once_when_nobody_was_asked_before(world: World) -> None:
    world.home((0, (ANNA, BEN, CARA, DOT)))
    assert still_you.ask(world.db, NOON + (world.person(DOT) % 28 + 1) * DAY) == 0
