"""Looking at all devices, on a real database with what the real ingest saved."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import psycopg
import pytest

from alerts.judging import judge_due
from alerts.supervision.sweep import STORM_READINGS, Swept, sweep
from gateway.messages import Kind, Status
from ingest.database import connect
from ingest.saving import Saver
from tests.alerts.watched import Watched, watched
from tests.ingest.homes import arrived, beat, message, reading

START = datetime.fromisoformat("2026-11-10T08:00:00+00:00")
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@pytest.fixture
def db(each_database: str) -> Iterator[psycopg.Connection]:
    with connect(each_database, autocommit=True) as connection:
        yield connection


class Street:
    """A home whose gateway reports and whose sensors check in, as long as they are said to."""

    def __init__(self, db: psycopg.Connection, gateway: str = "gw-1") -> None:
        self.db, self.gateway, self.saver = db, gateway, Saver()
        self.home: Watched = watched(db, START + 400 * DAY, gateway=gateway)
        self.every = {"kitchen": HOUR, "bedroom": HOUR, "hall": 4 * HOUR, "front": HOUR}
        self.heard: dict[str, datetime] = {}
        self.seq = 0
        self.faulty: tuple[str, ...] = ()
        self.clock_off = timedelta()

    def live(self, start: datetime, end: datetime, *dead: str) -> None:
        """From start to end, a status and a beat each ten minutes."""
        now = start
        while now < end:
            for name, every in self.every.items():
                if name not in dead and now - self.heard.get(name, start - every) >= every:
                    self.heard[name] = now
            self.report(now)
            now += 10 * MINUTE

    def hours(self, start: datetime, hours: int, *dead: str) -> list[Swept]:
        """Live so many hours, with a sweep after each."""
        found = []
        for hour in range(1, hours + 1):
            self.live(start + (hour - 1) * HOUR, start + hour * HOUR, *dead)
            found.append(sweep(self.db, start + hour * HOUR))
        return found

    def report(self, now: datetime) -> None:
        self.seq += 1
        made = now + self.clock_off
        sensors_at = {name: heard + self.clock_off for name, heard in self.heard.items()}
        said = Status(online=True, at=made, sensors_at=sensors_at, faulty=self.faulty)
        status = arrived(said.model_dump_json().encode(), self.gateway, "status", now)
        self.saver.save(self.db, [message(beat(self.seq, made), gateway=self.gateway, at=now, sent_at=made), status])

    def tell(self, sensor: str, kind: Kind, value: float, when: datetime) -> None:
        self.seq += 1
        one = reading(self.seq, sensor, kind, value, when)
        self.saver.save(self.db, [message(one, gateway=self.gateway, at=when)])

    def found(self) -> list[object]:
        return self.home.rows("select reason from finding where home_id = %(home)s order by id")


@pytest.fixture
def street(db: psycopg.Connection) -> Street:
    return Street(db)


LEARNED = START + 28 * HOUR


@pytest.fixture
def learned(street: Street) -> Street:
    """All sensors have checked in as they do, and their first week is over."""
    street.live(START, LEARNED)
    street.db.execute("update sensor_check_in set first_at = first_at - interval '7 days'")
    assert sweep(street.db, LEARNED).found == 0
    return street


def test_a_silent_sensor_is_told_once_by_what_was_learned_of_it(learned: Street) -> None:
    found = learned.hours(LEARNED, 9, "front")
    assert [one.found for one in found] == [0, 0, 0, 0, 0, 1, 0, 0, 0]
    assert sum(one.alerts for one in found) == 1
    assert learned.found() == ["not_checked_in"]
    assert learned.home.rows("select evidence ->> 'places' from finding") == ['["front door"]']
    assert learned.home.alerts() == [("technical", "open")]
    assert learned.home.rows("select count(*) from message") == [0]


def test_a_sensor_that_came_back_and_falls_silent_again_is_told_again(learned: Street) -> None:
    for day in range(2):
        begins = LEARNED + day * DAY
        learned.live(begins, begins + 9 * HOUR, "front")
        assert sweep(learned.db, begins + 9 * HOUR).found == 1
        learned.live(begins + 9 * HOUR, begins + DAY)
        assert sweep(learned.db, begins + DAY).found == 0
    assert learned.found() == ["not_checked_in"] * 2
    assert learned.home.alerts() == [("technical", "open")]


def test_a_dead_bridge_is_one_finding_however_long_it_lasts(learned: Street) -> None:
    found = learned.hours(LEARNED, 30, *learned.every)
    assert sum(one.found for one in found) == 1
    assert learned.home.rows("select (evidence ->> 'count')::int from finding") == [3]


def test_nothing_is_said_of_sensors_while_their_gateway_is_not_seen_nor_right_after(learned: Street) -> None:
    assert sweep(learned.db, LEARNED + 2 * DAY).found == 0
    back = LEARNED + 2 * DAY
    learned.live(back, back + 20 * MINUTE, *learned.every)
    assert sweep(learned.db, back + 20 * MINUTE).found == 0


def test_a_sensor_that_its_bridge_calls_unavailable_is_told_sooner(learned: Street) -> None:
    learned.tell("front", Kind.AVAILABLE, 0, LEARNED)
    found = learned.hours(LEARNED, 5, "front")
    assert [one.found for one in found] == [0, 0, 1, 0, 0]


def test_a_sensor_that_does_not_check_in_by_itself_may_be_silent_for_weeks(street: Street) -> None:
    street.every["sos"] = 5 * DAY
    street.live(START, LEARNED)
    street.db.execute("update sensor_check_in set first_at = first_at - interval '7 days'")
    assert sum(one.found for one in street.hours(LEARNED, 12, "sos")) == 0


def test_in_its_first_days_a_sensor_has_a_day_and_two_hours(street: Street) -> None:
    street.live(START, START + HOUR)
    found = street.hours(START + HOUR, 27, "front")
    assert [hour for hour, one in enumerate(found, 2) if one.found] == [27]  # when another was heard after 26


def test_a_battery_is_told_once_and_again_after_it_was_changed(street: Street) -> None:
    for day, percent in enumerate([9, 8, 100, 7]):
        street.tell("front", Kind.BATTERY, percent, START + day * DAY)
        sweep(street.db, START + day * DAY + MINUTE)
    assert street.found() == ["battery_low"] * 2


def test_a_tampered_sensor_is_told_though_it_was_put_back_at_once(street: Street) -> None:
    street.tell("front", Kind.TAMPER, 1, START)
    street.tell("front", Kind.TAMPER, 0, START + MINUTE)
    assert sweep(street.db, START + 5 * MINUTE).found == 1
    assert street.found() == ["tampered"]


@pytest.mark.parametrize("off", [3 * HOUR, -3 * HOUR])
def test_a_wrong_clock_is_told_once_and_never_a_family(street: Street, off: timedelta) -> None:
    street.clock_off = off
    street.live(START, START + HOUR)
    assert sweep(street.db, START + HOUR).found == 1
    street.live(START + HOUR, START + 2 * HOUR)
    assert sweep(street.db, START + 2 * HOUR).found == 0
    assert street.found() == ["clock_wrong"]
    assert street.home.alerts() == [("technical", "open")]
    assert street.home.rows("select count(*) from message") == [0]
    street.clock_off = timedelta()
    street.live(START + 2 * HOUR, START + 3 * HOUR)
    assert sweep(street.db, START + 3 * HOUR).found == 0
    street.clock_off = off
    street.live(START + 3 * HOUR, START + 4 * HOUR)
    assert sweep(street.db, START + 4 * HOUR).found == 1


def test_a_sensor_that_sends_without_end_is_told_after_a_quarter_of_an_hour(street: Street) -> None:
    second = timedelta(seconds=1)
    told = []
    for minute in range(0, 30, 5):
        begins = START + minute * MINUTE
        some = [reading(street.seq + place, "front", Kind.CONTACT, place % 2, begins) for place in range(1, 161)]
        street.seq += len(some)
        street.saver.save(street.db, [message(*some, at=begins + second)])
        told.append(sweep(street.db, begins + 2 * second).found)
    assert len(some) > STORM_READINGS
    assert told == [0, 0, 0, 1, 0, 0]
    assert street.found() == ["storm"]


def test_a_sensor_that_its_gateway_calls_faulty_is_told_at_once_and_once(street: Street) -> None:
    street.faulty = ("front",)
    street.live(START, START + 20 * MINUTE)
    assert sweep(street.db, START + 20 * MINUTE).found == 1
    street.live(START + 20 * MINUTE, START + 50 * MINUTE)
    assert sweep(street.db, START + 50 * MINUTE).found == 0


def test_a_call_of_an_unregistered_sensor_reaches_the_family_and_the_housing_team_once(street: Street) -> None:
    for _ in range(2):
        street.saver.save(street.db, [message(reading(1, "new", Kind.BUTTON, 2, START), at=START)])
        judge_due(street.db, START + MINUTE)
        sweep(street.db, START + 2 * MINUTE)
    assert street.found() == ["call_for_help", "unregistered"]
    assert street.home.alerts() == [("urgent", "open"), ("technical", "open")]
    assert street.home.rows("select count(*) from message") == [1]


def test_what_is_wrong_with_a_gateway_itself_is_told_once_and_again_when_it_comes_back(street: Street) -> None:
    def say(now: datetime, *problems: str) -> None:
        said = Status(online=True, at=now, problems=problems)
        street.saver.save(street.db, [arrived(said.model_dump_json().encode(), street.gateway, "status", now)])

    say(START, "disk_fails", "too_warm")
    assert sweep(street.db, START + 9 * MINUTE).found == 0, "it may be over soon"
    assert sweep(street.db, START + 10 * MINUTE) == Swept(1, 1)
    say(START + 11 * MINUTE, "disk_fails", "too_warm", "too_cold")
    assert sweep(street.db, START + HOUR).found == 0
    say(START + HOUR)
    say(START + 2 * HOUR, "disk_fails")
    assert sweep(street.db, START + 3 * HOUR).found == 1
    assert street.found() == ["gateway_trouble"] * 2
    assert [kind for kind, _ in street.home.alerts()][:1] == ["technical"]


def test_an_ignored_sensor_is_missed_by_nobody(street: Street) -> None:
    street.live(START, LEARNED)
    street.db.execute("insert into device_setting (gateway_id, sensor, ignore) select id, 'kitchen', true from gateway")
    assert [one.found for one in street.hours(LEARNED, 12, "kitchen")] == [0] * 12


def test_one_home_that_cannot_be_written_stops_no_other(street: Street) -> None:
    other = Street(street.db, "gw-2")
    for one in (street, other):
        one.tell("front", Kind.BATTERY_LOW, 1, START)
    street.db.execute(f"alter table finding add constraint poisoned check (home_id <> {street.home.home})".encode())
    assert sweep(street.db, START + MINUTE).alerts == 1
    assert other.found() == ["battery_low"]


def test_a_technical_alert_about_a_device_does_not_say_that_the_home_can_be_seen_again(street: Street) -> None:
    street.tell("front", Kind.BATTERY_LOW, 1, START)
    sweep(street.db, START + MINUTE)
    street.live(START + 2 * MINUTE, START + HOUR)
    street.home.look(START + HOUR)
    assert street.home.events() == ["opened"]
