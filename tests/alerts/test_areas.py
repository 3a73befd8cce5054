"""Promises of area incidents: homes of one block that fall silent together are one thing to deal with."""

from datetime import timedelta

import pytest

from alerts.areas import FEWEST, homes_at_risk, look_at_areas, open_incidents
from tests.alerts.telling import ANNA, T0, World, add_alert

M = timedelta(minutes=1)


def a_home(world: World, area: str | None, heard_min_ago: float, number: int) -> int:
    """A home of this area whose gateway was last heard so many minutes before T0."""
    home = world.home()
    world.db.execute("update home set area = %s, name = %s where id = %s", (area, f"Home {number}", home))
    gateway = world.one("insert into gateway (name, home_id) values (%s, %s) returning id", f"gw-{home}", home)
    sensor = world.one(
        "insert into sensor (gateway_id, home_id, name, place, role)"
        " values (%s, %s, 'gateway', 'gateway', 'gateway') returning id",
        gateway,
        home,
    )
    at = T0 - heard_min_ago * M
    world.db.execute(
        "insert into sensor_seen (sensor_id, last_at, last_received_at) values (%s, %s, %s)", (sensor, at, at)
    )
    return home


def heard(world: World, home: int, now_min: float) -> None:
    world.db.execute(
        "update sensor_seen set last_received_at = %s where sensor_id = (select id from sensor where home_id = %s)",
        (T0 + now_min * M, home),
    )


def street(world: World, silent: int, well: int, area: str = "Mill Court", elsewhere: int = 30) -> list[int]:
    """Homes of an area of which so many fell silent twelve minutes ago, and others elsewhere that are well."""
    made = [a_home(world, area, 12 if number < silent else 1, number) for number in range(silent + well)]
    for number in range(elsewhere):
        a_home(world, None, 1, 100 + number)
    return made


def areas(world: World, now_min: float = 0) -> list[tuple[str, int]]:
    look_at_areas(world.db, T0 + now_min * M)
    return [(one.area, one.silent) for one in open_incidents(world.db)]


def test_half_of_an_area_that_falls_silent_together_is_one_incident(world: World) -> None:
    street(world, silent=6, well=6)
    assert areas(world) == [("Mill Court", 6)]
    assert areas(world, 1) == [("Mill Court", 6)]
    assert world.one("select count(*) from area_incident") == 1


@pytest.mark.parametrize(("silent", "well"), [(FEWEST - 1, 0), (6, 7)])
def test_a_few_homes_or_less_than_half_are_no_incident(world: World, silent: int, well: int) -> None:
    street(world, silent, well)
    assert areas(world) == []


def test_homes_that_fell_silent_one_after_the_other_are_no_incident(world: World) -> None:
    for number in range(6):
        a_home(world, "Mill Court", 12 + 12 * number, number)
    street(world, 0, 0)
    assert areas(world) == []


def test_homes_out_of_service_for_long_count_for_nothing(world: World) -> None:
    street(world, silent=6, well=0)
    for number in range(20):
        a_home(world, "Mill Court", 60 * 24, 200 + number)
    assert areas(world) == [("Mill Court", 6)]


def test_homes_without_an_area_never_make_one(world: World) -> None:
    for number in range(8):
        a_home(world, None, 12, number)
    street(world, 0, 0)
    assert areas(world) == []


def test_when_most_homes_of_all_are_silent_it_is_us_and_no_area(world: World) -> None:
    street(world, silent=12, well=0, elsewhere=5)
    assert areas(world) == []


@pytest.mark.parametrize("ended_min", [None, -20])
def test_during_an_outage_of_ours_and_soon_after_there_is_no_area_incident(
    world: World, ended_min: float | None
) -> None:
    street(world, silent=6, well=0)
    ended = None if ended_min is None else T0 + ended_min * M
    world.db.execute(
        "insert into outage (kind, began_at, found_at, ended_at, homes, heard) values ('signs', %s, %s, %s, 40, 2)",
        (T0 - 60 * M, T0 - 60 * M, ended),
    )
    assert areas(world) == []


def test_further_homes_of_the_area_join_while_it_goes_on(world: World) -> None:
    homes = street(world, silent=6, well=3)
    areas(world)
    assert areas(world, 12) == [("Mill Court", 9)]
    assert len(homes) == 9


def test_jobs_about_single_homes_join_it_and_other_jobs_do_not(world: World) -> None:
    homes = street(world, silent=6, well=0)
    areas(world)
    unseen = add_alert(world.db, homes[0], "technical", "home_unseen")
    battery = add_alert(world.db, homes[1], "technical", "battery_low")
    quiet = add_alert(world.db, homes[2], "welfare", "silent")
    areas(world, 50)
    joined = world.all("select id from alert where area_incident_id is not null")
    assert joined == [unseen]
    assert {battery, quiet}.isdisjoint(joined)


def test_it_is_over_when_half_of_its_homes_are_heard_again(world: World) -> None:
    homes = street(world, silent=6, well=0)
    areas(world)
    for home in homes[:2]:
        heard(world, home, 5)
    assert areas(world, 6) == [("Mill Court", 6)]
    heard(world, homes[2], 6)
    assert areas(world, 7) == []
    assert world.one("select ended_at from area_incident") == T0 + 7 * M


def test_it_can_happen_again(world: World) -> None:
    homes = street(world, silent=6, well=0)
    areas(world)
    for home in homes:
        heard(world, home, 30)
    areas(world, 31)
    for home in world.all("select id from home where area is null"):
        heard(world, home, 41)
    assert areas(world, 42) == [("Mill Court", 6)]
    assert world.one("select count(*) from area_incident") == 2


def test_homes_are_shown_by_risk(world: World) -> None:
    homes = street(world, silent=6, well=0)
    areas(world)
    world.db.execute("update home set occupants = 2 where id = any(%s)", ([homes[0], homes[5]],))
    open_, taken, unanswered = (add_alert(world.db, homes[place]) for place in (1, 2, 3))
    values = (world.person(ANNA), taken)
    world.db.execute("update alert set state = 'acknowledged', holder_id = %s where id = %s", values)
    world.db.execute("update alert set unanswered_at = %s where id = %s", (T0, unanswered))
    world.db.execute(
        "insert into activity_hour (home_id, hour, place, events, first_at, last_at)"
        " values (%s, %s, 'kitchen', 1, %s, %s)",
        (homes[0], T0 - 60 * M, T0 - 60 * M, T0 - 50 * M),
    )
    (incident,) = open_incidents(world.db)
    found = homes_at_risk(world.db, incident.id, T0)
    assert [homes.index(one.home_id) for one in found] == [3, 1, 2, 4, 5, 0]
    assert [one.alert_id for one in found[:3]] == [unanswered, open_, taken]
    assert [one.lives_alone for one in found] == [True, True, True, True, False, False]


def test_nobody_is_written_to_because_of_an_area(world: World) -> None:
    street(world, silent=6, well=0)
    areas(world)
    assert world.one("select count(*) from message") == 0
    assert world.one("select count(*) from alert") == 0
