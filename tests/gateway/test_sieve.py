"""Changes go through, repeats do not, and a device gone wild is held back."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from gateway.adapters import Fact, Sort, When
from gateway.messages import BUTTON_VALUE, Button, Kind
from gateway.outbox import Kept, Rank
from gateway.sieve import STORM, Sieve

START = datetime(2026, 3, 2, 7, 30, tzinfo=UTC)


def fact(kind: Kind, value: float, sort: Sort, at: float = 0, *, plausible: bool = True) -> Fact:
    return Fact("s1", kind, value, sort, START + timedelta(seconds=at), plausible)


def sieved(*facts: Fact) -> list[Kept]:
    sieve = Sieve()
    return [kept for one in facts for kept in sieve.keep([one])]


def values(*facts: Fact) -> list[float]:
    return [kept.value for kept in sieved(*facts)]


def test_a_state_is_kept_when_it_changes() -> None:
    door = [fact(Kind.CONTACT, value, Sort.STATE, at) for at, value in enumerate([0, 0, 1, 1, 1, 0])]
    assert values(*door) == [0, 1, 0]


def test_the_end_of_a_movement_is_a_timer_and_never_a_reading() -> None:
    pir = [fact(Kind.MOTION, value, Sort.HELD, at * 30) for at, value in enumerate([0, 1, 1, 1, 1, 0, 0, 1])]
    assert [kept.at for kept in sieved(*pir)] == [START + timedelta(seconds=30), START + timedelta(seconds=210)]


def test_one_long_stay_is_at_most_one_movement_a_minute() -> None:
    stay = [fact(Kind.MOTION, 1, Sort.HELD_AGAIN, at * 10) for at in range(61)]
    assert len(sieved(*stay)) == 11


def test_an_implausible_value_is_counted_and_not_kept() -> None:
    sieve = Sieve()
    assert sieve.keep([fact(Kind.HUMIDITY, 677, Sort.LEVEL, plausible=False)]) == []
    assert sieve.implausible == 1


def test_small_wavering_is_not_kept_and_a_leap_does_not_wait() -> None:
    warm = [fact(Kind.TEMPERATURE, 20 + n % 2 / 10, Sort.LEVEL, n * 60) for n in range(30)]
    assert len(sieved(*warm)) == 1
    kettle = [(0, 1.0), (5, 2000.0), (5.2, 2003.0), (180, 0.0)]
    assert values(*(fact(Kind.POWER, watts, Sort.LEVEL, at) for at, watts in kettle)) == [1, 2000, 0]


def test_a_measurement_that_does_not_move_is_kept_hourly() -> None:
    assert len(sieved(*(fact(Kind.TEMPERATURE, 20, Sort.LEVEL, n * 600) for n in range(19)))) == 4


def test_energy_is_the_difference_and_a_new_meter_starts_anew() -> None:
    counter = [(0, 5000.0), (400, 5100.0), (800, 5100.0), (1200, 10.0), (1600, 25.0)]
    assert values(*(fact(Kind.ENERGY, wh, Sort.COUNT, at) for at, wh in counter)) == [100, 15]


@given(st.lists(st.floats(0, 500), min_size=2, max_size=60))
def test_no_energy_is_lost_between_reports(steps: list[float]) -> None:
    total, readings = 0.0, []
    sieve = Sieve()
    for place, step in enumerate(steps):
        total += step if place else 0.0
        readings += sieve.keep([fact(Kind.ENERGY, total, Sort.COUNT, place * 120)])
    rest = total - sieve.last["s1", Kind.ENERGY].value
    assert abs(sum(kept.value for kept in readings) + rest - total) < 0.01 * len(steps)


def test_after_a_restart_an_old_state_is_no_news_and_a_new_one_is() -> None:
    before = Sieve()
    before.keep([fact(Kind.CONTACT, 1, Sort.STATE)])
    after = Sieve()
    after.recall(before.changed | {"no-such-kind s1": 1.0, "": 0.0})
    assert after.keep([fact(Kind.CONTACT, 1, Sort.STATE, 60)]) == []
    assert len(after.keep([fact(Kind.CONTACT, 0, Sort.STATE, 90)])) == 1


def test_changes_keep_the_order_in_which_they_came() -> None:
    door = sieved(
        fact(Kind.CONTACT, 1, Sort.STATE, 5), fact(Kind.CONTACT, 0, Sort.STATE, 5), fact(Kind.CONTACT, 1, Sort.STATE, 3)
    )
    assert [kept.value for kept in door] == [1, 0, 1]
    assert door[0].at < door[1].at < door[2].at


def test_ranks_say_what_may_be_dropped() -> None:
    sos = BUTTON_VALUE[Button.SOS]
    kept = sieved(
        fact(Kind.CONTACT, 1, Sort.STATE), fact(Kind.TEMPERATURE, 20, Sort.LEVEL), fact(Kind.BUTTON, sos, Sort.PULSE)
    )
    assert [one.rank for one in kept] == [Rank.EVENT, Rank.REPEAT, Rank.URGENT]


def test_a_door_gone_wild_is_told_as_faulty_once_and_held_back_but_a_call_for_help_is_not() -> None:
    sieve = Sieve()
    kept = [one for n in range(3600) for one in sieve.keep([fact(Kind.CONTACT, n % 2, Sort.STATE, n)])]
    assert [one.value for one in kept if one.kind is Kind.AVAILABLE] == [0]
    assert len(kept) <= STORM + 1
    assert sieve.storms.sensors() == ["s1"]
    assert len(sieve.keep([fact(Kind.SMOKE, 1, Sort.STATE, 3600)])) == 1


def test_what_is_no_state_of_a_sensor_gone_wild_is_held_back_and_counted() -> None:
    sieve = Sieve()
    kept = [one for n in range(3600) for one in sieve.keep([fact(Kind.VIBRATION, 1, Sort.PULSE, n)])]
    assert STORM <= len(kept) <= STORM + 20 * 60 + 1
    assert sieve.held_back > 1000


def test_a_bridge_that_calls_a_faulty_sensor_available_is_not_believed_until_it_is_calm() -> None:
    sieve = Sieve()
    for n in range(100):
        sieve.keep([fact(Kind.CONTACT, n % 2, Sort.STATE, n)])
    assert sieve.keep([fact(Kind.AVAILABLE, 1, Sort.STATE, 100)]) == []
    assert Kind.AVAILABLE not in {one.kind for one in sieve.settle(START + timedelta(seconds=200))}
    calm = sieve.settle(START + timedelta(seconds=800))
    assert [(one.kind, one.value) for one in calm] == [(Kind.AVAILABLE, 1)]
    assert sieve.storms.sensors() == []
    assert len(sieve.keep([fact(Kind.CONTACT, 0, Sort.STATE, 900)])) == 1


def test_a_door_that_is_used_a_lot_is_not_faulty() -> None:
    sieve = Sieve()
    busy = [one for n in range(200) for one in sieve.keep([fact(Kind.CONTACT, n % 2, Sort.STATE, n * 11)])]
    assert len(busy) == 200


def test_after_a_storm_the_last_state_is_told() -> None:
    settled = 0
    for flips in range(290, 310):
        sieve = Sieve()
        kept = [one for n in range(flips) for one in sieve.keep([fact(Kind.CONTACT, n % 2, Sort.STATE, n / 10)])]
        assert sieve.settle(START + timedelta(seconds=flips / 10)) == [], "not while it is wild"
        late = sieve.settle(START + timedelta(seconds=60))
        doors = [one for one in [*kept, *late] if one.kind is Kind.CONTACT]
        assert doors[-1].value == (flips - 1) % 2
        assert sieve.settle(START + timedelta(seconds=90)) == []
        settled += len(late)
    assert settled > 0


def test_what_a_broker_plays_again_is_never_sent_and_hides_nothing() -> None:
    sieve = Sieve()
    old = Fact("s1", Kind.CONTACT, 1, Sort.STATE, START, when=When.REPLAYED)
    assert sieve.keep([old]) == []
    assert len(sieve.keep([fact(Kind.CONTACT, 1, Sort.STATE, 1)])) == 1


def test_a_record_that_comes_late_is_told_once_at_its_own_time_and_is_no_news() -> None:
    sieve = Sieve()
    now = sieve.keep([fact(Kind.CONTACT, 0, Sort.STATE, 7200)])
    late = Fact("s1", Kind.CONTACT, 1, Sort.STATE, START, when=When.PAST)
    assert [one.at for one in sieve.keep([late, late])] == [START]
    assert len(now) == 1
    assert sieve.keep([fact(Kind.CONTACT, 0, Sort.STATE, 7300)]) == [], "the door has not moved since"
    assert len(sieve.keep([fact(Kind.CONTACT, 1, Sort.STATE, 7400)])) == 1


@given(st.lists(st.tuples(st.integers(0, 1), st.floats(0, 100)), max_size=60))
def test_the_last_state_kept_is_the_last_state_told(door: list[tuple[int, float]]) -> None:
    kept, at = [], 0.0
    sieve = Sieve()
    for value, wait in door:
        at += 3 + wait
        kept += sieve.keep([fact(Kind.CONTACT, value, Sort.STATE, at)])
    assert not door or kept[-1].value == door[-1][0]
    assert all(before.value != after.value for before, after in pairwise(kept))
