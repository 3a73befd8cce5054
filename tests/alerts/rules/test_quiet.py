"""What the rules about silence share, with the page: who is out, and where the clock starts anew."""

from collections.abc import Iterable
from datetime import timedelta

import pytest

from alerts.picture import Presence, Seen, glance
from alerts.rules import RuleSettings, Silence, UnusualQuiet
from alerts.verdicts import Outcome, Reason
from tests.alerts.a_home import LONDON, at, beats, door, motion, picture, stir
from tests.alerts.rules.a_rule import FIRST, of_picture, said

QUIET = UnusualQuiet(usual=(1.0,) * 24, limit=4, at_most_hours=4)
BOTH: tuple[RuleSettings, ...] = (Silence(hours=4), QUIET)
both = pytest.mark.parametrize("rule", BOTH, ids=lambda rule: rule.kind)
LEFT = [*stir(at("10:00")), door(at("10:06"))]


def presence(*readings: Iterable[Seen]) -> Presence:
    return glance(picture(beats(FIRST, at("12:00")), *readings), LONDON, at("12:00")).presence


@both
def test_whoever_leaves_by_the_door_is_out_for_every_rule_and_on_the_page(rule: RuleSettings) -> None:
    assert said(rule, at("15:00"), LEFT).reason is Reason.PRESUMED_OUT
    assert presence(LEFT) is Presence.OUT


@both
def test_a_movement_after_the_door_is_staying_in_for_every_rule_and_on_the_page(rule: RuleSettings) -> None:
    stayed = [*LEFT, motion(at("10:06") + timedelta(seconds=40), "hallway")]
    assert said(rule, at("15:00"), stayed).reason is Reason.SILENT
    assert presence(stayed) is Presence.HOME


@both
def test_a_lone_movement_brings_nobody_home_for_any_rule_or_on_the_page(rule: RuleSettings) -> None:
    phantom = [*LEFT, motion(at("11:20"), "bedroom")]
    assert said(rule, at("15:00"), phantom).reason is Reason.PRESUMED_OUT
    assert presence(phantom) is Presence.OUT


def losing_some_each_hour() -> list[Seen]:
    """From 08:00 on the home cannot be seen from 5 to 25 minutes past each hour."""
    return [one for one in beats(FIRST, at("23:55")) if one.at <= at("08:00") or not 5 < one.at.minute < 30]


@both
def test_a_home_that_loses_some_data_each_hour_is_found_silent_all_the_same(rule: RuleSettings) -> None:
    seen, life = losing_some_each_hour(), stir(at("08:00"))
    verdicts = {}
    for hour in range(9, 24):
        now = at(f"{hour:02}:55")
        verdicts[hour] = of_picture(rule, now, [one for one in seen if one.at <= now], life)
    missed = [hour for hour, verdict in verdicts.items() if verdict.verdict is Outcome.MISSED]
    assert missed, "the clock must not start anew for ever"
    assert missed[0] >= 16, "eight hours that were seen, with nothing in them"
    before = verdicts[missed[0] - 1]
    assert before.look_again <= at(f"{missed[0]:02}:55")


@both
def test_one_loss_of_data_makes_nobody_silent_sooner(rule: RuleSettings) -> None:
    """Twice the limit in pieces is never reached before the limit in one piece, where data were lost once."""
    whole, life = list(beats(FIRST, at("23:55"))), stir(at("08:00"))
    for lost_from in ("08:30", "10:00", "11:50"):
        end = at(lost_from) + timedelta(hours=1)
        lost = [one for one in whole if not at(lost_from) < one.at < end]
        now = end + timedelta(hours=3, minutes=50)
        assert of_picture(rule, now, [one for one in lost if one.at <= now], life).verdict is Outcome.AS_EXPECTED
