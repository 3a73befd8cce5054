"""An absence broken only by short visits is told once; whoever lives there begins a new one."""

from datetime import datetime, timedelta

import pytest

from alerts.evaluate import judge
from alerts.local_days import minute_of
from alerts.picture import Seen
from alerts.rules import ExpectedActivity, Rule, Silence, UnusualQuiet
from alerts.sight import Sight
from alerts.verdicts import Outcome, Reason, Verdict
from alerts.visits import gone_since
from tests.alerts.a_home import LONDON, at, beats, door, motion, picture, stir

KITCHEN = ExpectedActivity(places=("kitchen",), start="05:00", end="09:30")
LEFT = at("18:06", 16)
LIFE = [*stir(at("17:00", 16), minutes=40), *stir(at("17:40", 16), "lounge", 24), door(LEFT)]


def visit(when: datetime, minutes: int = 5) -> list[Seen]:
    """In by the door, a look into the kitchen, out by the door."""
    inside = [
        motion(when + timedelta(minutes=m), room) for m in range(1, minutes, 3) for room in ("hallway", "kitchen")
    ]
    return [door(when), *inside, door(when + timedelta(minutes=minutes))]


def sight(now: datetime, *readings: list[Seen]) -> Sight:
    return Sight(picture(list(beats(at("12:00", 16), now)), *readings), LONDON, now)


def said(rule: UnusualQuiet | ExpectedActivity | Silence, now: datetime, *readings: list[Seen]) -> Verdict:
    return judge(Rule(1, 1, rule), sight(now, *readings))[-1]


VISITS = [*visit(at("11:00", 17)), *visit(at("11:30", 18))]


@pytest.mark.parametrize(
    "nobody",
    [
        pytest.param([], id="nothing else"),
        pytest.param([motion(at("11:13", 17))], id="a movement soon after the door"),
        pytest.param([motion(at("20:00", 17)), motion(at("20:04", 17))], id="two movements of nobody"),
    ],
)
def test_with_nothing_but_visits_she_has_been_gone_since_she_left(nobody: list[Seen]) -> None:
    assert gone_since(sight(at("20:00", 18), LIFE, VISITS, nobody)) == minute_of(LEFT)


@pytest.mark.parametrize(
    "back",
    [
        pytest.param(visit(at("15:00", 17), minutes=45), id="a long stay"),
        pytest.param([*visit(at("15:00", 17)), *stir(at("15:07", 17), "lounge")], id="somebody stayed in"),
        pytest.param(stir(at("03:00", 18), "bathroom", 8), id="up in the night"),
        pytest.param([motion(at("03:00", 18), "hallway"), motion(at("03:01", 18), "bathroom")], id="two rooms"),
    ],
)
def test_more_than_a_visit_is_somebody_who_lives_there(back: list[Seen]) -> None:
    assert gone_since(sight(at("20:00", 18), LIFE, VISITS, back)) != minute_of(LEFT)


def test_who_did_not_leave_by_the_door_is_not_gone() -> None:
    at_home = [reading for reading in LIFE if reading.role != "outside_door"]
    assert gone_since(sight(at("20:00", 18), at_home, VISITS)) is None


def test_who_left_before_the_picture_began_is_gone_for_days() -> None:
    assert gone_since(sight(at("20:00", 18), VISITS)) == -1
    assert said(UnusualQuiet(), at("23:30", 18), VISITS).occasion == "for days"


def test_a_stay_of_which_the_picture_holds_only_the_end_is_no_visit() -> None:
    """Three days later nothing but the last minutes before she left is known: that is no second silence."""
    left = door(at("12:14", 15))
    now = at("12:10", 18)
    life = [*stir(at("10:00", 15), minutes=120), door(at("12:01", 15)), *stir(at("12:02", 15), minutes=12), left]
    assert said(UnusualQuiet(), now, life).occasion == at("12:14", 15).isoformat()


def test_a_silence_after_a_visit_is_the_occasion_that_was_told_before() -> None:
    first = said(UnusualQuiet(), at("09:00", 17), LIFE)
    after = said(UnusualQuiet(), at("06:00", 19), LIFE, VISITS)
    assert first.verdict is after.verdict is Outcome.MISSED
    assert first.occasion == after.occasion


def test_a_silence_after_her_return_is_another_occasion() -> None:
    back = [door(at("14:00", 18)), *stir(at("14:01", 18), "lounge", 40)]
    first = said(UnusualQuiet(), at("09:00", 17), LIFE)
    after = said(UnusualQuiet(), at("19:00", 18), LIFE, VISITS, back)
    assert after.verdict is Outcome.MISSED
    assert first.occasion != after.occasion


def test_who_is_gone_is_missed_in_the_kitchen_on_the_first_day_alone() -> None:
    first = said(KITCHEN, at("10:01", 17), LIFE)
    second = said(KITCHEN, at("10:01", 18), LIFE, visit(at("11:00", 17)))
    assert (first.verdict, first.reason) == (Outcome.MISSED, Reason.NOTHING_AT_ALL)
    assert (second.verdict, second.reason) == (Outcome.WAITING, Reason.PRESUMED_OUT)


AN_EVENING_OUT = [*stir(at("18:00", 17), minutes=40), door(at("18:40", 17)), door(at("07:40", 18))]
BACK = [*stir(at("07:41", 18), minutes=40), *stir(at("18:00", 18), minutes=40)]
AGAIN = [door(at("18:40", 18))]


@pytest.mark.parametrize("rule", [UnusualQuiet(), Silence(hours=4, out_cap_hours=11.5)])
def test_who_was_out_for_so_long_the_night_before_and_came_back_is_believed_to_be_out_again(
    rule: UnusualQuiet | Silence,
) -> None:
    """13 h yesterday: told at 11.5 h then, and today only when it lasts longer than that."""
    first = said(rule, at("06:15", 18), AN_EVENING_OUT[:-1])
    assert (first.verdict, first.reason) == (Outcome.MISSED, Reason.OUT_TOO_LONG)
    same = said(rule, at("07:30", 19), AN_EVENING_OUT, BACK, AGAIN)
    assert (same.verdict, same.reason) == (Outcome.AS_EXPECTED, Reason.PRESUMED_OUT)
    longer = said(rule, at("07:41", 19), AN_EVENING_OUT, BACK, AGAIN)
    assert (longer.verdict, longer.reason) == (Outcome.MISSED, Reason.OUT_TOO_LONG)


def test_time_out_is_believed_by_six_hours_longer_at_most() -> None:
    weekend = [*stir(at("10:00", 16), minutes=40), door(at("10:40", 16)), door(at("18:00", 17)), *stir(at("18:01", 17))]
    verdict = said(UnusualQuiet(), at("12:15", 18), weekend, [door(at("18:40", 17))])
    assert verdict.reason is Reason.OUT_TOO_LONG
