"""What explains an alert: data of the time before it, and nothing that the picture has merely forgotten."""

import pytest

from alerts.evaluate import would_say_again
from alerts.picture import Seen, fold
from alerts.rules import ExpectedActivity, Rule, RuleSettings, Silence, UnusualQuiet
from alerts.sight import Sight
from tests.alerts.a_home import LONDON, at, beats, picture, stir

FOUND = at("09:30", 14)
EVENING = [*stir(at("21:30", 13)), *stir(at("22:30", 13), "bedroom")]
LIFE = [*EVENING, *beats(at("12:00", 13), at("12:00", 18)), *stir(at("20:00", 14)), *stir(at("09:00", 18))]


@pytest.mark.parametrize(
    "rule",
    [ExpectedActivity(places=("kitchen",), end="09:00"), Silence(hours=8), UnusualQuiet()],
    ids=lambda rule: str(rule.kind),
)
@pytest.mark.parametrize("day", [14, 15, 16, 17, 18])
def test_an_alert_that_nobody_closed_for_days_is_not_explained_by_what_was_forgotten(
    rule: RuleSettings, day: int
) -> None:
    now = at("20:30", day) if day < 18 else at("12:00", day)
    kept = picture([one for one in LIFE if one.at <= now])
    assert would_say_again(Rule(1, 1, rule), Sight(kept, LONDON, now), FOUND)


def test_late_data_of_the_time_before_it_explain_it_while_the_picture_reaches_back() -> None:
    rule, late = Rule(1, 1, ExpectedActivity(places=("kitchen",), end="09:00")), stir(at("08:10", 14))
    assert not would_say_again(rule, _sight(15, late), FOUND)
    assert would_say_again(rule, _sight(18, late), FOUND), "too late to know"


def _sight(day: int, late: list[Seen]) -> Sight:
    now = at("12:00", day)
    return Sight(fold(picture([one for one in LIFE if one.at <= now]), late), LONDON, now)
