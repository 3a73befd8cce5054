"""What devices tell about themselves is believed by its own time, and their check-ins are kept."""

from datetime import datetime, timedelta

import pytest

from gateway.messages import Kind, Status
from ingest.arrivals import Arrived
from tests.ingest.homes import NOON, Ingest, arrived, message, reading

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
DIED = NOON + 9 * DAY


def status(at: datetime, late: timedelta = timedelta(), **heard: datetime) -> Arrived:
    """A status that was made at `at` and arrives `late`, by a gateway that heard these sensors then."""
    said = Status(online=True, at=at, sensors_at=heard)
    return arrived(said.model_dump_json().encode(), leaf="status", at=at + late)


class Battery:
    """A sensor that tells its battery again and again."""

    def __init__(self, ingest: Ingest) -> None:
        self.ingest, self.seq = ingest, 0

    def tell(self, kind: Kind, value: float, at: datetime) -> None:
        self.seq += 1
        self.ingest.save(message(reading(self.seq, "front", kind, value, at), at=max(at, NOON)))

    def low_since(self) -> object:
        return self.ingest.rows("select low_since from sensor_health")[0][0]


def test_a_battery_is_low_from_ten_percent_and_well_again_only_at_thirty(ingest: Ingest) -> None:
    battery = Battery(ingest)
    said = []
    for hour, percent in enumerate([40, 10, 14, 8, 29, 30, 9]):
        battery.tell(Kind.BATTERY, percent, NOON + hour * HOUR)
        said.append(battery.low_since())
    first, again = NOON + HOUR, NOON + 6 * HOUR
    assert said == [None, first, first, first, first, None, again]


def test_a_device_that_says_its_battery_is_low_is_believed_whatever_its_percent(ingest: Ingest) -> None:
    battery = Battery(ingest)
    battery.tell(Kind.BATTERY, 100, NOON)
    battery.tell(Kind.BATTERY_LOW, 1, NOON + HOUR)
    assert battery.low_since() == NOON + HOUR
    battery.tell(Kind.BATTERY, 100, NOON + 2 * HOUR)
    assert battery.low_since() == NOON + HOUR
    battery.tell(Kind.BATTERY_LOW, 0, NOON + 3 * HOUR)
    assert battery.low_since() is None


def test_no_percent_at_all_is_what_a_device_on_a_cable_tells(ingest: Ingest) -> None:
    battery = Battery(ingest)
    battery.tell(Kind.BATTERY, 0, NOON)
    assert battery.low_since() is None


def test_what_comes_late_does_not_turn_a_battery_back(ingest: Ingest) -> None:
    battery = Battery(ingest)
    battery.tell(Kind.BATTERY, 90, NOON)
    battery.tell(Kind.BATTERY, 5, NOON - HOUR)
    assert ingest.rows("select battery, low_since from sensor_health") == [(90.0, None)]


def test_what_is_put_back_at_once_was_opened_all_the_same(ingest: Ingest) -> None:
    readings = [(1, 1.0, 0), (2, 0.0, 1), (3, 1.0, 30), (4, 0.0, 31), (5, 1.0, 120)]
    said = []
    for seq, value, minutes in readings:
        at = NOON + minutes * MINUTE
        ingest.save(message(reading(seq, "front", Kind.TAMPER, value, at), at=at))
        said.append(ingest.rows("select tamper, tampered_at from sensor_health")[0])
    assert said == [(True, NOON), (False, NOON), (True, NOON), (False, NOON), (True, NOON + 2 * HOUR)]


def test_openings_within_one_batch_are_not_overlooked(ingest: Ingest) -> None:
    opened = reading(1, "front", Kind.TAMPER, 1, NOON)
    shut = reading(2, "front", Kind.TAMPER, 0, NOON + timedelta(seconds=9))
    ingest.save(message(opened, shut))
    assert ingest.rows("select tamper, tampered_at from sensor_health") == [(False, NOON)]


def test_motions_and_doors_write_nothing_about_devices(ingest: Ingest) -> None:
    ingest.save(message(reading(1), reading(2, "front", Kind.CONTACT, 1)))
    assert ingest.rows("select * from sensor_health") == []


def test_a_check_in_is_kept_by_our_clock_whatever_the_gateways_says(ingest: Ingest) -> None:
    wrong = NOON - 400 * DAY
    ingest.save(status(wrong, late=400 * DAY, kitchen=wrong - HOUR, cellar=wrong))
    found = ingest.rows("select s.name, heard_at from sensor_check_in join sensor s on s.id = sensor_id")
    assert found == [("kitchen", NOON - HOUR)]


def test_the_longest_silence_of_the_first_days_is_learned_while_the_gateway_is_seen(ingest: Ingest) -> None:
    heard = [NOON + hours * HOUR for hours in (0, 1, 5, 6, 7)]
    for minutes in range(0, 8 * 60, 10):
        at = NOON + minutes * MINUTE
        ingest.save(status(at, kitchen=max(one for one in heard if one <= at)))
    assert ingest.rows("select longest, times from sensor_check_in") == [(4 * HOUR, 4)]


def test_a_silence_over_a_time_without_the_gateway_is_not_learned(ingest: Ingest) -> None:
    for at in (NOON, NOON + 10 * MINUTE, NOON + 20 * HOUR, NOON + 20 * HOUR + 10 * MINUTE):
        ingest.save(status(at, kitchen=at))
    assert ingest.rows("select longest, times from sensor_check_in") == [(10 * MINUTE, 2)]


def test_a_silence_after_the_first_days_is_not_learned(ingest: Ingest) -> None:
    at = NOON
    while at < DIED + DAY:
        ingest.save(status(at, kitchen=at if at < DIED else NOON if at < DIED + 20 * HOUR else at))
        at += 12 * MINUTE
    assert ingest.rows("select longest from sensor_check_in") == [(12 * MINUTE,)]


def test_a_status_that_the_broker_repeats_changes_nothing(ingest: Ingest) -> None:
    once = status(NOON, kitchen=NOON)
    ingest.save(once)
    before = ingest.rows("select * from sensor_check_in"), ingest.rows("select * from gateway")
    ingest.save(once._replace(received_at=NOON + 5 * HOUR))
    assert (ingest.rows("select * from sensor_check_in"), ingest.rows("select * from gateway")) == before


def behind(ingest: Ingest) -> tuple[object, ...]:
    return ingest.rows("select clock_behind, clock_behind_since from gateway")[0]


def test_a_clock_that_runs_behind_is_behind_by_the_same_in_every_status(ingest: Ingest) -> None:
    for minute in range(5):
        ingest.save(status(NOON + minute * MINUTE, late=HOUR + timedelta(seconds=3 * minute)))
    assert behind(ingest) == (HOUR + timedelta(seconds=12), NOON + HOUR)
    ingest.save(status(NOON + 2 * HOUR, late=timedelta(seconds=1)))
    assert behind(ingest) == (None, None)


def test_statuses_that_waited_somewhere_agree_on_nothing(ingest: Ingest) -> None:
    arrive = NOON + HOUR
    for minute in range(0, 50, 10):
        ingest.save(status(NOON + minute * MINUTE, late=arrive - NOON - minute * MINUTE))
        assert behind(ingest)[1] == arrive
    ingest.save(status(arrive, late=timedelta(seconds=1)))
    assert behind(ingest) == (None, None)


def test_a_last_will_says_nothing_about_the_clock(ingest: Ingest) -> None:
    ingest.save(status(NOON, late=HOUR))
    ingest.save(arrived(Status(online=False).model_dump_json().encode(), leaf="status", at=NOON + 2 * HOUR))
    assert behind(ingest) == (HOUR, NOON + HOUR)


def test_a_clock_that_ran_ahead_is_right_again_when_messages_say_so(ingest: Ingest) -> None:
    ahead = timedelta(hours=3)
    ingest.save(message(reading(1, at=NOON), sent_at=NOON + ahead))
    ingest.save(message(reading(2, at=NOON), sent_at=NOON - HOUR))  # late, which says nothing
    assert ingest.rows("select clock_ahead, clock_ahead_since from gateway") == [(ahead, NOON)]
    ingest.save(message(reading(3, at=NOON)))
    assert ingest.rows("select clock_ahead, clock_ahead_since from gateway") == [(None, None)]


def test_another_worker_notices_too_that_a_clock_is_right_again(ingest: Ingest) -> None:
    ingest.save(message(reading(1, at=NOON), sent_at=NOON + HOUR))
    ingest.saver.forget()
    ingest.save(message(reading(2, at=NOON)))
    assert ingest.rows("select clock_ahead from gateway") == [(None,)]


@pytest.mark.parametrize(("minutes", "counted"), [([0, 1, 9], 3), ([0, 9, 11], 1), ([0, 10], 1)])
def test_readings_about_the_present_are_counted_for_ten_minutes(
    ingest: Ingest, minutes: list[int], counted: int
) -> None:
    for seq, minute in enumerate(minutes, 1):
        at = NOON + minute * MINUTE
        ingest.save(message(reading(seq, at=at), at=at))
    assert ingest.rows("select burst from sensor_seen") == [(counted,)]


def test_what_was_kept_and_comes_late_is_no_storm(ingest: Ingest) -> None:
    ingest.save(message(*[reading(seq, at=NOON - seq * 2 * MINUTE) for seq in range(1, 400)]))
    assert ingest.rows("select burst from sensor_seen") == [(4,)]


def test_a_clock_at_the_edge_does_not_flicker(ingest: Ingest) -> None:
    late = [timedelta(seconds=seconds) for seconds in (119, 121, 115, 125, 70, 50)]
    found = []
    for minute, one in enumerate(late):
        ingest.save(status(NOON + minute * MINUTE, late=one))
        found.append(behind(ingest)[1])
    first = NOON + MINUTE + late[1]
    assert found == [None, first, first, first, first, None]
