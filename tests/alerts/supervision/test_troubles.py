"""What is said of devices in trouble, and that one dead bridge is one thing to deal with."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.supervision.gateway_problems import WORDS, GatewayProblem, problems
from alerts.supervision.troubles import (
    OUR_OWN_CLOCK,
    STORM_LASTS,
    CheckIn,
    ClockOff,
    Health,
    Storm,
    Stranger,
    Trouble,
    clocks,
    healths,
    silences,
    span,
    storms,
    strangers,
)
from alerts.verdicts import AlertClass, alert_class
from alerts.words import sentence
from gateway.health import Problem
from tests.alerts.a_home import LONDON, at

NOW = at("12:00")
HOUR = timedelta(hours=1)


def sensor(number: int, silent_h: float, limit_h: float = 6) -> CheckIn:
    heard = NOW - silent_h * HOUR
    return CheckIn(1, 7, number, "kitchen", "room", heard, heard + limit_h * HOUR)


def words(troubles: list[Trouble]) -> list[str]:
    return [sentence(one.verdict, LONDON, NOW) for one in troubles]


def test_a_sensor_that_is_silent_beyond_its_limit_while_others_are_heard_is_told() -> None:
    found = silences([sensor(1, 7), sensor(2, 0), sensor(3, 1)], NOW)
    assert words(found) == ["The motion sensor (kitchen) has not reported since 05:00."]


def test_a_sensor_within_its_own_limit_is_left_alone() -> None:
    assert silences([sensor(1, 7, limit_h=26), sensor(2, 0), sensor(3, 1)], NOW) == []


def test_most_sensors_silent_together_are_one_thing_to_deal_with() -> None:
    found = silences([sensor(1, 7), sensor(2, 9), sensor(3, 8), sensor(4, 0)], NOW)
    assert words(found) == ["3 of 4 sensors have not reported since 05:00: what they report to may be faulty."]


def test_while_nothing_was_heard_since_a_sensor_was_due_nothing_is_said_of_it() -> None:
    assert silences([sensor(1, 7), sensor(2, 2, 26), sensor(3, 2, 26)], NOW) == []


def test_a_dead_bridge_stays_one_occasion_however_many_more_fall_silent() -> None:
    home = [sensor(1, 500, 6), sensor(2, 7), sensor(3, 7.5), sensor(4, 8, 26), sensor(5, 7.2, 30)]
    occasions = set()
    for hours in range(40):
        occasions |= {one.verdict.occasion for one in silences(home, NOW + hours * HOUR)}
    assert len(occasions) == 1


def test_the_only_sensor_of_a_home_is_told_of_as_one() -> None:
    assert words(silences([sensor(1, 7)], NOW)) == ["The motion sensor (kitchen) has not reported since 05:00."]


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(1, 100)), max_size=9))
def test_of_one_gateway_never_more_than_half_of_its_sensors_are_told_of_by_themselves(
    home: list[tuple[float, float]],
) -> None:
    found = silences([sensor(number, *one) for number, one in enumerate(home)], NOW)
    assert len(found) <= max(1, len(home) // 2)


def test_batteries_and_opened_cases_are_told_with_their_place() -> None:
    found = healths(
        [
            Health(1, 5, "front door", "outside_door", 8.0, at("09:00"), None),
            Health(1, 6, "hall", "alarm", None, at("09:00"), at("10:15")),
        ],
        NOW,
    )
    assert words(found) == [
        "The door sensor (front door) needs a new battery (8 %).",
        "The alarm (hall) needs a new battery.",
        "The alarm (hall) was opened or taken off at 10:15.",
    ]


def wrong_clock(gateway: int = 7, seen: int = 100) -> ClockOff:
    return ClockOff(gateway, gateway, None, None, 3 * HOUR, at("11:00"), seen)


def test_a_wrong_clock_is_the_housing_teams_and_no_familys() -> None:
    found = clocks([wrong_clock(), ClockOff(2, 8, timedelta(days=12), at("11:00"), None, None, 100)], NOW)
    assert words(found) == [
        "The clock of the box in the home is 3 hours behind.",
        "The clock of the box in the home is 12 days ahead.",
    ]
    assert {alert_class(one.verdict.verdict, one.verdict.reason) for one in found} == {AlertClass.TECHNICAL}


def test_when_most_clocks_are_wrong_it_is_ours() -> None:
    many = [wrong_clock(gateway, seen=2 * OUR_OWN_CLOCK) for gateway in range(OUR_OWN_CLOCK + 1)]
    assert clocks(many, NOW) == []
    assert len(clocks(many[:OUR_OWN_CLOCK], NOW)) == OUR_OWN_CLOCK


@pytest.mark.parametrize(
    ("lasts", "faulty", "told"), [(timedelta(), False, 0), (timedelta(), True, 1), (STORM_LASTS, False, 1)]
)
def test_a_short_storm_is_told_only_if_the_gateway_calls_the_sensor_faulty(
    lasts: timedelta, faulty: bool, told: int
) -> None:
    assert len(storms([Storm(1, 5, "hall", "room", NOW - lasts, faulty)], NOW)) == told


def test_an_unregistered_sensor_that_called_is_told_by_its_own_name() -> None:
    found = strangers([Stranger(1, 5, "0x00158d00045a3b1c", at("11:58"))], NOW)
    assert words(found) == ["0x00158d00045a3b1c called for help and is not registered: please say where it is."]


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(1, "1 minute"), (3, "3 minutes"), (90, "90 minutes"), (120, "2 hours"), (2880, "2 days"), (1e9, "694444 days")],
)
def test_a_span_is_said_in_the_largest_unit_that_fits(minutes: float, said: str) -> None:
    assert span(timedelta(minutes=minutes)) == said


def broken(gateway: int, problem: str = "certificate_expired", seen: int = 2 * OUR_OWN_CLOCK) -> GatewayProblem:
    return GatewayProblem(gateway, gateway, problem, NOW - timedelta(minutes=10), seen)


def test_what_is_wrong_with_a_gateway_is_said_in_words_and_is_the_housing_teams() -> None:
    found = problems([broken(1, "disk_full")], NOW)
    assert words(found) == [
        "The gateway: Its disk is full. It goes on from memory, and what it holds is lost if its power fails."
    ]
    assert {alert_class(one.verdict.verdict, one.verdict.reason) for one in found} == {AlertClass.TECHNICAL}


def test_every_problem_that_our_own_gateway_knows_has_words() -> None:
    assert {one.value for one in Problem} <= set(WORDS)


def test_when_most_gateways_are_refused_it_is_ours_and_when_most_disks_fail_it_is_theirs() -> None:
    many = range(OUR_OWN_CLOCK + 1)
    assert problems([broken(one) for one in many], NOW) == []
    assert len(problems([broken(one) for one in list(many)[:2]], NOW)) == 2
    assert len(problems([broken(one, "disk_full") for one in many], NOW)) == len(many)


def test_a_makers_own_word_is_no_case() -> None:
    assert problems([broken(1, "too_warm")], NOW) == []
