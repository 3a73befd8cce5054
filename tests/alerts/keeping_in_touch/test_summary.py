"""Promises of the week's summary."""

from datetime import UTC, datetime, timedelta

import pytest

from alerts.absences import set_away
from alerts.away import AbsenceKind
from alerts.keeping_in_touch.summary import tell
from alerts.keeping_in_touch.week import Happening, HomeWeek, as_mail, as_text
from alerts.telling.gsm import ONE_MESSAGE, septets
from tests.alerts.telling import ANNA, BEN, World

H = timedelta(hours=1)
MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
SUNDAY_EVENING = datetime(2026, 11, 22, 18, 5, tzinfo=UTC)
FULL_HOUR = 2**60 - 1


def a_week(world: World, home: int, *, but_unseen: range = range(0), but_quiet: range = range(0)) -> None:
    """Activity and full coverage each hour until Sunday evening, apart from these hours of the week."""
    hours = [hour for hour in range(6 * 24 + 18) if hour not in but_unseen]
    world.db.execute(
        "insert into coverage_hour"
        " select %s, %s::timestamptz + hour * interval '1 hour', %s from unnest(%s::int[]) hour",
        (home, MONDAY, FULL_HOUR, hours),
    )
    world.db.execute(
        "insert into activity_hour (home_id, hour, place, events, first_at, last_at)"
        " select %(home)s, at, 'kitchen', 3, at, at from ("
        " select %(monday)s::timestamptz + hour * interval '1 hour' as at from unnest(%(hours)s::int[]) hour) as one",
        {"home": home, "monday": MONDAY, "hours": [hour for hour in hours if hour not in but_quiet]},
    )


def alert(world: World, home: int, at: datetime, state: str = "closed", outcome: str | None = "all_well") -> None:
    world.db.execute(
        "insert into alert (home_id, class, state, reason, deadline_at, opened_at, outcome)"
        " values (%s, 'welfare', %s, 'silent', %s, %s, %s)",
        (home, state, at, at, outcome),
    )


def reader(world: World, phone: str = ANNA, email: str | None = None) -> int:
    person = world.person(phone)
    world.db.execute("update person set good_news = 'weekly', email = %s where id = %s", (email, person))
    return person


def written(world: World) -> list[str]:
    return world.all("select body from message where purpose = 'summary' order by id")


def test_a_week_as_usual_is_one_text_on_sunday_evening(world: World) -> None:
    reader(world)
    a_week(world, world.home((0, (ANNA,))))
    assert [tell(world.db, SUNDAY_EVENING + minutes * H / 60, can_mail=True) for minutes in (-10, 0, 5, 60)] == [
        0,
        1,
        0,
        0,
    ]
    assert written(world) == ["Hearthlight: this week 7 of 7 days were as usual. No alerts."]


def test_alerts_and_what_came_of_them_and_what_could_not_be_seen_are_told(world: World) -> None:
    reader(world)
    home = world.home((0, (ANNA,)))
    a_week(world, home, but_unseen=range(48, 48 + 14))
    alert(world, home, MONDAY + 30 * H)
    alert(world, home, MONDAY + 100 * H, "open", None)
    tell(world.db, SUNDAY_EVENING, can_mail=True)
    assert written(world) == [
        "Hearthlight: this week 4 of 7 days were as usual. 2 alerts, 1 still open. Not seen for 14 h."
    ]


def test_who_has_an_address_reads_more_of_it_by_email(world: World) -> None:
    reader(world, email="anna@example.org")
    home = world.home((0, (ANNA,)))
    a_week(world, home, but_unseen=range(48, 48 + 14))
    alert(world, home, MONDAY + 30 * H)
    set_away(world.db, home, AbsenceKind.AWAY, MONDAY + 80 * H, MONDAY + 90 * H, None, MONDAY)
    tell(world.db, SUNDAY_EVENING, can_mail=True)
    assert world.one("select channel from message") == "email"
    assert written(world)[0].splitlines() == [
        "Hearthlight: this week",
        "Rose Cottage: 4 of 6 days were as usual.",
        "On 1 day nobody was expected at home.",
        "Tuesday 06:00: it is unusually quiet. What came of it: all was well.",
        "For 14 hours in all we could not see, and cannot say how it was.",
    ]


def test_what_was_paused_is_said_as_such(world: World) -> None:
    reader(world, email="anna@example.org")
    home = world.home((0, (ANNA,)))
    a_week(world, home, but_unseen=range(48, 48 + 6))
    pause = (
        "with g as (insert into gateway (name, home_id) values ('gw-p', %(home)s) returning id, home_id)"
        " insert into pause (home_id, gateway_id, from_at, until_at, ended_at)"
        " select home_id, id, %(at)s, %(at)s + interval '5 hours', %(at)s + interval '4 hours' from g"
    )
    world.db.execute(pause, {"home": home, "at": MONDAY + 48 * H})
    tell(world.db, SUNDAY_EVENING, can_mail=True)
    assert written(world)[0].splitlines()[-2:] == [
        "For 4 hours in all monitoring was paused on the tablet.",
        "For 2 hours in all we could not see, and cannot say how it was.",
    ]


def test_without_a_mail_server_everybody_gets_a_text(world: World) -> None:
    reader(world, email="anna@example.org")
    a_week(world, world.home((0, (ANNA,))))
    tell(world.db, SUNDAY_EVENING, can_mail=False)
    assert world.one("select channel from message") == "sms"


def test_a_day_without_a_stir_is_not_as_usual(world: World) -> None:
    reader(world)
    a_week(world, world.home((0, (ANNA,))), but_quiet=range(24, 48))
    tell(world.db, SUNDAY_EVENING, can_mail=True)
    assert "6 of 7 days" in written(world)[0]


def test_only_who_wants_it_and_can_be_reached_hears(world: World) -> None:
    home = world.home((0, (ANNA, BEN)))
    a_week(world, home)
    reader(world)
    world.db.execute("update person set opted_out_at = now() where id = %s", (world.person(ANNA),))
    assert tell(world.db, SUNDAY_EVENING, can_mail=True) == 0
    world.db.execute("update person set email = 'anna@example.org' where id = %s", (world.person(ANNA),))
    assert tell(world.db, SUNDAY_EVENING, can_mail=True) == 1


def test_two_readers_of_one_home_and_one_reader_of_two_hear_of_their_own(world: World) -> None:
    one, other = world.home((0, (ANNA, BEN))), world.home((0, (ANNA,)))
    a_week(world, one)
    a_week(world, other, but_quiet=range(24))
    reader(world, ANNA)
    reader(world, BEN)
    assert tell(world.db, SUNDAY_EVENING, can_mail=True) == 2
    assert written(world) == [
        "Hearthlight: this week 13 of 14 days were as usual. No alerts.",
        "Hearthlight: this week 7 of 7 days were as usual. No alerts.",
    ]


@pytest.mark.parametrize("usual", [0, 1, 6, 7])
def test_the_words_fit_every_week(usual: int) -> None:
    week = HomeWeek(1, "Rose Cottage", 7, 0, usual, 61)
    assert "Rose Cottage: " in as_mail([week], [])
    assert "For 1 hour in all" in as_mail([week], [])
    assert "no name" not in as_text([week], [])


def test_a_text_names_nobody_and_fits_however_many_alerts_there_were() -> None:
    weeks = [HomeWeek(home, "Rose Cottage", 7, 0, 0, 10080) for home in range(500)]
    alerts = [Happening(1, "silent", MONDAY, "open", None, "Europe/London")] * 5000
    text = as_text(weeks, alerts)
    assert "Rose" not in text
    assert (septets(text) or 999) <= ONE_MESSAGE


@pytest.mark.parametrize("state", ["open", "acknowledged", "attending", "explained", "closed"])
@pytest.mark.parametrize("reason", ["silent", "call_for_help", "a reason of tomorrow"])
def test_every_alert_has_words_for_what_came_of_it(state: str, reason: str) -> None:
    week = HomeWeek(1, "Rose Cottage", 7, 0, 6, 0)
    mail = as_mail([week], [Happening(1, reason, MONDAY, state, None, "Europe/London")])
    assert mail.count("Monday 00:00: ") == 1
    assert mail.endswith(".")
