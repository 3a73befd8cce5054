"""A rule is tried on a home's own past before anybody accepts it."""

from datetime import timedelta

from alerts.folding import Plain
from alerts.picture import Seen
from alerts.replaying.dry_run import dry_run
from alerts.rules import DoorAtNight, ExpectedActivity, RuleSettings
from alerts.verdicts import AlertClass
from tests.alerts.a_home import LONDON, at, beats, door, stir

KITCHEN = ExpectedActivity(places=("kitchen",), start="05:00", end="09:00")


def arrived(readings: list[Seen]) -> list[tuple[float, Plain]]:
    rows = [(r.at.timestamp(), r.place, r.role, r.kind, r.value) for r in readings]
    return sorted((row[0], row) for row in rows)


def past() -> list[tuple[float, Plain]]:
    """Ten days; on the fifth nobody was in the kitchen, and on the seventh a door was opened in the night."""
    days = [at("00:00", 10 + n) for n in range(10)]
    life = [
        one for n, day in enumerate(days) for one in stir(day + timedelta(hours=7), "lounge" if n == 5 else "kitchen")
    ]
    return arrived([*life, door(days[7] + timedelta(hours=2)), *beats(days[0], days[-1] + timedelta(hours=23))])


def told(*rules: RuleSettings) -> list[str]:
    return [f"{line.raised_at:%d %H:%M}" for line in dry_run(rules, past(), LONDON).lines]


def test_it_says_on_which_dates_a_rule_would_have_told() -> None:
    assert told(KITCHEN) == ["15 09:30"]
    assert told(DoorAtNight()) == ["17 02:00"]
    assert told() == []


def test_it_says_how_many_that_makes_a_month() -> None:
    run = dry_run([KITCHEN, DoorAtNight()], past(), LONDON)
    assert (run.alerts(), run.alerts(AlertClass.URGENT)) == (1, 1)
    assert 2.9 < run.a_month() < 3.2


def test_no_past_tells_nothing() -> None:
    assert dry_run([KITCHEN], [], LONDON).a_month() == 0
