"""Promises of the daily digest for staff, and of the round that writes everything."""

import logging
from datetime import UTC, datetime, timedelta

import pytest

from alerts.keeping_in_touch.digest import MOST_LINES, tell
from alerts.keeping_in_touch.rounds import Terms, keep_in_touch
from alerts.telling import still_you
from tests.alerts.telling import ANNA, BEN, CARA, T0, World, add_alert

H = timedelta(hours=1)
DAY = timedelta(days=1)
MORNING = datetime(2026, 11, 21, 7, 35, tzinfo=UTC)  # a Saturday


def staff(world: World, home: int | None = None, phone: str = CARA, role: str = "coordinator") -> int:
    person = world.person(phone, role)
    world.db.execute("update person set email = %s where id = %s", (f"{phone[-2:]}@example.org", person))
    if home is not None:
        world.db.execute("insert into home_person values (%s, %s)", (home, person))
    return person


def mails(world: World) -> list[str]:
    return world.all("select body from message where purpose = 'digest' order by id")


def battery(world: World, home: int, at: datetime) -> int:
    alert = add_alert(world.db, home, "technical", "battery_low", at)
    world.db.execute(
        "insert into finding"
        " (home_id, rule_version, occasion, verdict, reason, deadline_at, found_at, evidence, alert_id)"
        " values (%s, 0, %s, 'not_observable', 'battery_low', %s, %s, '{}', %s)",
        (home, str(at), at, at, alert),
    )
    return alert


def test_new_and_closed_technical_alerts_are_mailed_once_a_day(world: World) -> None:
    home = world.home()
    staff(world, home)
    alert = battery(world, home, MORNING - H)
    assert tell(world.db, "07:30", MORNING) == 1
    assert tell(world.db, "07:30", MORNING + H) == 0
    subject, title, line = mails(world)[0].splitlines()
    assert (subject, title) == ("Hearthlight: what can wait until today", "New:")
    assert line.startswith("- Rose Cottage: ")
    world.db.execute("update alert set state = 'closed', closed_at = %s where id = %s", (MORNING + 2 * H, alert))
    assert tell(world.db, "07:30", MORNING + DAY) == 1
    assert mails(world)[1].splitlines()[1] == "Closed:"


def test_a_contact_in_trouble_is_said_in_plain_words(world: World) -> None:
    home = world.home()
    staff(world, home)
    add_alert(world.db, home, "technical", "contact_does_not_answer", MORNING - H)
    tell(world.db, "07:30", MORNING)
    assert "- Rose Cottage: Somebody who is to be told did not answer" in mails(world)[0]


def test_a_day_on_which_nothing_happened_is_no_email_and_nothing_is_lost(world: World) -> None:
    home = world.home()
    staff(world, home)
    assert tell(world.db, "07:30", MORNING) == 0
    battery(world, home, MORNING + H)
    assert tell(world.db, "07:30", MORNING + DAY) == 1
    assert mails(world)


def test_it_comes_at_its_hour_by_the_readers_own_clock(world: World) -> None:
    home = world.home()
    staff(world, home)
    battery(world, home, MORNING - H)
    assert tell(world.db, "07:30", MORNING - H / 2) == 0
    world.db.execute("update person set time_zone = 'America/New_York'")
    assert tell(world.db, "07:30", MORNING) == 0
    assert tell(world.db, "07:30", MORNING + 5 * H) == 1


def test_nobody_reads_of_homes_they_have_no_link_to_and_families_get_none(world: World) -> None:
    home = world.home()
    staff(world)
    staff(world, home, BEN, "family")
    battery(world, home, MORNING - H)
    assert tell(world.db, "07:30", MORNING) == 0


def test_welfare_alerts_are_not_for_the_digest(world: World) -> None:
    home = world.home()
    staff(world, home)
    add_alert(world.db, home, at=MORNING - H)
    assert tell(world.db, "07:30", MORNING) == 0


def test_holes_in_the_rotas_of_the_next_days_are_named(world: World) -> None:
    home = world.home()
    coordinator = staff(world)
    rota = world.one("insert into rota (name) values ('Nights') returning id")
    world.db.execute("insert into ladder_step (home_id, step, after_s, rota_id) values (%s, 1, 0, %s)", (home, rota))
    for weekday in range(1, 8):
        until = "07:00" if weekday == 1 else "08:00"
        world.db.execute("insert into rota_shift values (%s, %s, '08:00', %s, %s)", (rota, weekday, until, coordinator))
    assert tell(world.db, "07:30", MORNING) == 1
    assert mails(world)[0].splitlines()[1:] == [
        "Nobody is on duty:",
        "- Nights: Tuesday 24 November 07:00 to 08:00",
        "- Nights: Tuesday 1 December 07:00 to 08:00",
    ]


def test_a_colleague_who_did_not_answer_is_named(world: World) -> None:
    staff(world)
    team = world.one("insert into team (name) values ('T') returning id")
    world.db.execute("insert into team_member values (%s, %s)", (team, world.person(ANNA, "responder")))
    world.db.execute("insert into ladder_step (step, after_s, team_id) values (1, 0, %s)", (team,))
    world.db.execute("insert into still_you values (%s, %s, 2)", (world.person(ANNA), MORNING - 8 * DAY))
    assert still_you.give_up(world.db, MORNING - H) == 1
    tell(world.db, "07:30", MORNING)
    assert "Is this still their phone:\n- Owner of 11: please ask" in mails(world)[0]


def test_an_area_that_cannot_be_seen_is_told_to_who_has_a_home_there(world: World) -> None:
    homes = [world.home() for _ in range(5)]
    staff(world, homes[0])
    staff(world, phone=BEN)
    incident = world.one(
        "insert into area_incident (area, began_at, found_at, homes) values ('Mill Court', %s, %s, 8) returning id",
        MORNING - H,
        MORNING - H,
    )
    for home in homes:
        world.db.execute("insert into area_incident_home values (%s, %s)", (incident, home))
    assert tell(world.db, "07:30", MORNING) == 1
    assert mails(world)[0].splitlines()[1:] == [
        "Many homes at once:",
        "- Mill Court: 5 homes cannot be seen since Saturday 06:35",
    ]


def test_a_very_long_list_is_cut_and_says_so(world: World) -> None:
    person = staff(world)
    for _ in range(MOST_LINES + 3):
        home = world.home()
        world.db.execute("insert into home_person values (%s, %s)", (home, person))
        battery(world, home, MORNING - H)
    tell(world.db, "07:30", MORNING)
    assert mails(world)[0].splitlines()[-1] == "- and 3 more"


def test_a_round_writes_every_part(world: World) -> None:
    home = world.home((0, (ANNA,)))
    staff(world, home)
    battery(world, home, MORNING - H)
    keep_in_touch(world.db, Terms(), MORNING)
    assert mails(world)
    assert world.one("select count(*) from text_month") == 1


def test_nobody_is_asked_still_you_while_texts_are_not_paid_for(world: World) -> None:
    world.home((0, (ANNA,)))
    day = datetime(2026, 11, 1, 12, tzinfo=UTC) + (world.person(ANNA) % 28) * DAY
    world.db.execute(
        "insert into message (person_id, purpose, body, urgent, state, created_at, handed_over_at)"
        " values (%s, 'alert', '', false, 'delivered', %s, %s)",
        (world.person(ANNA), day, day),
    )
    keep_in_touch(world.db, Terms(texts_a_month=1), day)
    assert world.one("select count(*) from still_you") == 0
    keep_in_touch(world.db, Terms(texts_a_month=2), day)
    assert world.one("select count(*) from still_you") == 1


def test_without_a_mail_server_there_is_no_digest(world: World) -> None:
    home = world.home()
    staff(world, home)
    battery(world, home, MORNING - H)
    keep_in_touch(world.db, Terms(can_mail=False), MORNING)
    assert mails(world) == []


def test_one_part_that_fails_stops_none_of_the_others(world: World, caplog: pytest.LogCaptureFixture) -> None:
    home = world.home((0, (ANNA,)))
    staff(world, home)
    battery(world, home, MORNING - H)
    world.db.execute("drop table still_you cascade")
    world.db.execute(
        "create table still_you (person_id int, asked_at timestamptz, ended_at timestamptz, answered bool)"
    )
    with caplog.at_level(logging.ERROR):
        keep_in_touch(world.db, Terms(), MORNING)
    assert {getattr(one, "about", {}).get("part") for one in caplog.records} == {"still_you", "still_you_asked"}
    assert mails(world)


def test_a_digest_is_written_once_although_two_processes_write_it(world: World) -> None:
    home = world.home()
    staff(world, home)
    battery(world, home, T0 - 2 * H)
    assert [tell(world.db, "08:30", T0), tell(world.db, "08:30", T0)] == [1, 0]
