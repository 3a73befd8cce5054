"""Paused homes among others, in a real database: no outage, no incident of an area, no device in trouble."""

from collections.abc import Sequence
from datetime import datetime, timedelta

import psycopg
import pytest

from alerts.areas import look_at_areas, open_incidents
from alerts.judging import judge_due, picture_now
from alerts.outages import look_at_all, open_outage
from alerts.rules import ExpectedActivity, Silence, Unseen
from alerts.supervision.sweep import sweep
from alerts.verdicts import Outcome, Reason
from gateway.messages import Status
from tests.alerts.a_home import at, beats, sos, stir
from tests.alerts.supervision.test_sweep import Street
from tests.alerts.watched import Watched, watched
from tests.ingest.homes import arrived

M, H = timedelta(minutes=1), timedelta(hours=1)


def say(home: Watched, when: datetime, until: datetime | None = None) -> None:
    """The gateway's status: paused, or not."""
    status = Status(online=True, at=when, paused_until=until).model_dump_json(exclude_none=True)
    home.saver.save(home.db, [arrived(status.encode(), home.gateway, "status", when)])


def street(db: psycopg.Connection, homes: int = 12) -> list[Watched]:
    """Homes of one area that are lived in until ten in the morning."""
    made = [watched(db, at("10:00"), Unseen(), gateway=f"gw-{n}", since=at("08:00")) for n in range(homes)]
    db.execute("update home set area = 'Mill Court'")
    for home in made:
        say(home, at("09:59"))
        home.arrive([*stir(at("09:30"), minutes=30), *beats(at("08:00"), at("10:00"))], at("10:00"))
    return made


def go_on(db: psycopg.Connection, homes: Sequence[Watched], start: datetime, end: datetime) -> None:
    """These homes beat, and somebody is about in them; all are looked at every five minutes."""
    now = start
    while now <= end:
        for home in homes:
            home.arrive([*stir(now - 5 * M, minutes=4), *beats(now - 5 * M, now)], now)
        look_at_all(db, now)
        look_at_areas(db, now)
        while judge_due(db, now).homes:
            pass
        now += 5 * M


def silent_together(db: psycopg.Connection) -> tuple[bool, int]:
    return open_outage(db) is not None, len(open_incidents(db))


def test_most_homes_paused_are_no_outage_and_no_incident_and_nobodys_case(db: psycopg.Connection) -> None:
    homes = street(db)
    for home in homes[:9]:
        say(home, at("10:01"), at("11:01"))
    go_on(db, homes[9:], at("10:05"), at("11:00"))
    assert silent_together(db) == (False, 0)
    for home in homes[:9]:
        say(home, at("11:01"))
    go_on(db, homes, at("11:10"), at("12:30"))
    assert silent_together(db) == (False, 0)
    assert db.execute("select reason from alert").fetchall() == []


@pytest.mark.parametrize("is_over", [True, False])
def test_homes_that_fall_silent_beside_paused_ones_or_after_a_pause_are_found(
    db: psycopg.Connection, is_over: bool
) -> None:
    homes = street(db)
    for home in homes[:4]:
        say(home, at("10:01"), at("10:06") if is_over else at("14:00"))
    go_on(db, [], at("10:05"), at("10:25"))
    assert silent_together(db)[0]


def test_a_quiet_paused_home_is_kept_as_such_and_told_to_nobody_until_it_should_be_heard_again(
    db: psycopg.Connection,
) -> None:
    breakfast = ExpectedActivity(places=("kitchen",), start="10:00", end="11:00")
    home = watched(db, at("09:00"), Silence(hours=3), Unseen(), breakfast, since=at("06:00"))
    home.arrive([*stir(at("08:00")), *beats(at("06:00"), at("09:00"))], at("09:00"))
    say(home, at("09:02"), at("13:02"))
    for hour in range(9, 13):
        home.look(at(f"{hour:02}:58"))
    assert home.alerts() == []
    assert home.findings() == [("not_observable", "paused")] * 3
    assert home.rows("select severity from finding where home_id = %(home)s") == ["none"] * 3
    home.look(at("14:00"))
    assert home.alerts() == []
    home.look(at("14:05"))
    assert home.alerts() == [("technical", "open")]
    assert home.findings()[-1] == ("not_observable", "home_unseen")
    home.arrive([sos(at("14:06"))], at("14:06"))
    home.judge(at("14:06"))
    assert home.alerts() == [("technical", "open"), ("urgent", "open")]


def test_a_window_that_was_paused_stays_so_for_whoever_asks_later(db: psycopg.Connection) -> None:
    home = watched(db, at("09:00"), ExpectedActivity(places=("kitchen",), start="08:00", end="10:00"))
    home.arrive([*stir(at("20:00", 17)), *beats(at("12:00", 17), at("09:00"))], at("09:00"))
    say(home, at("09:00"), at("10:00"))
    say(home, at("09:40"))
    home.arrive(beats(at("09:40"), at("18:00")), at("18:00"))
    for now in ("10:31", "18:00"):
        home.look(at(now))
        _, (said,) = picture_now(db, home.home, at(now))
        assert (said.verdict.verdict, said.verdict.reason) == (Outcome.NOT_OBSERVABLE, Reason.PAUSED)
        assert (said.verdict.evidence.paused_at, said.verdict.evidence.paused_until_at) == (at("09:00"), at("09:40"))
    assert home.alerts() == []


def test_sensors_have_their_whole_time_again_after_a_pause(db: psycopg.Connection) -> None:
    lived = Street(db)
    start = datetime.fromisoformat("2026-11-10T08:00:00+00:00")
    lived.live(start, start + 28 * H)
    db.execute("update sensor_check_in set first_at = first_at - interval '7 days'")
    pause = start + 28 * H
    for minutes in range(0, 20 * 60, 10):
        say(lived.home, pause + minutes * M, pause + 20 * H)
    back = pause + 20 * H
    lived.heard = dict.fromkeys(lived.heard, back + 30 * M)  # they check in at their own pace
    say(lived.home, back)
    for minutes in range(0, 30, 10):
        lived.seq += 1
        lived.report(back + minutes * M)
    assert sweep(db, back + 25 * M).found == 0
    lived.live(back + 30 * M, back + 20 * H, "kitchen")
    assert sweep(db, back + 20 * H).found == 1, "a sensor that has died meanwhile is found all the same"
