"""Rules are tried on a home's own past before anybody accepts them."""

import random
from datetime import date, datetime, timedelta

import pytest

from alerts.away import Absence
from alerts.folding import Plain
from alerts.ledger import Outage, OutageKind
from alerts.pauses import Pause
from alerts.picture import Seen
from alerts.replaying.around import Around
from alerts.replaying.dry_run import DryRun, dry_run
from alerts.rules import DoorAtNight, ExpectedActivity, NightActivity, RuleSettings, Unseen, UnusualQuiet
from tests.alerts.a_home import LONDON, at, beats, door, motion, stir

KITCHEN = ExpectedActivity(places=("kitchen",), start="05:00", end="09:00")
DAYS = [at("00:00", 10 + n) for n in range(10)]
ALL = (DAYS[0], DAYS[-1] + timedelta(days=1))


def rows(readings: list[Seen]) -> list[Plain]:
    return [(r.at.timestamp(), r.place, r.role, r.kind, r.value) for r in readings]


def life() -> list[Seen]:
    """Ten days; on the fifth nobody was in the kitchen, and on the seventh a door was opened in the night.

    On the first a door was opened by day, so that its sensor is known to work.
    """
    mornings = (
        stir(day + timedelta(hours=7), "lounge" if number == 5 else "kitchen") for number, day in enumerate(DAYS)
    )
    doors = [door(DAYS[0] + timedelta(hours=7)), door(DAYS[7] + timedelta(hours=2))]
    return [*(one for morning in mornings for one in morning), *doors]


def past() -> list[Plain]:
    return rows([*life(), *beats(DAYS[0], DAYS[-1] + timedelta(hours=23))])


def tried(*rules: RuleSettings, between: tuple[datetime, datetime] = ALL) -> DryRun:
    return dry_run(past(), rules, LONDON, between)


def test_it_says_on_which_days_a_rule_would_have_told_and_in_which_words() -> None:
    assert tried(KITCHEN, DoorAtNight()).alerts == (
        (
            date(2026, 11, 15),
            "expected_activity",
            "No activity in the kitchen since 07:04 yesterday, though there was elsewhere in the home.",
        ),
        (date(2026, 11, 17), "door_at_night", "The front door was opened at 02:00."),
    )
    assert tried().alerts == ()


def test_it_says_how_many_that_makes_a_month() -> None:
    run = tried(KITCHEN, DoorAtNight())
    assert (run.days, run.per_month) == (10, 6)


def test_only_the_days_that_were_asked_for_are_told() -> None:
    run = tried(KITCHEN, DoorAtNight(), between=(DAYS[6], DAYS[9]))
    assert (run.days, [alert.kind for alert in run.alerts]) == (3, ["door_at_night"])


def test_what_joins_an_open_alert_is_no_second_one() -> None:
    """Not in the kitchen by 09:30, and nowhere at all afterwards: one bad morning."""
    found = tried(KITCHEN, UnusualQuiet(), between=(DAYS[5], DAYS[6]))
    assert [alert.kind for alert in found.alerts] == ["expected_activity"]
    assert tried(UnusualQuiet(), between=(DAYS[5], DAYS[6])).alerts, "else nothing joined it"


def test_what_is_kept_for_information_alone_is_told_each_time() -> None:
    walks = [
        motion(DAYS[n] + timedelta(hours=2, minutes=m), place) for n in (2, 4) for m in range(30) for place in "ab"
    ]
    found = dry_run(rows([*life(), *walks]), [NightActivity()], LONDON, ALL)
    assert [alert.day.day for alert in found.alerts] == [12, 14]


def test_a_home_without_beats_is_taken_as_seen() -> None:
    assert dry_run(rows(life()), [KITCHEN], LONDON, ALL).alerts == tried(KITCHEN).alerts


def test_the_order_of_the_readings_changes_nothing() -> None:
    shuffled = past()
    random.Random(3).shuffle(shuffled)
    assert dry_run(shuffled, [KITCHEN, DoorAtNight()], LONDON, ALL) == tried(KITCHEN, DoorAtNight())


def test_no_past_tells_nothing() -> None:
    run = dry_run([], [KITCHEN], LONDON, ALL)
    assert (run.alerts, run.per_month) == ((), 0)


def test_a_stretch_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="end must come after"):
        dry_run([], [KITCHEN], LONDON, (DAYS[1], DAYS[0]))


def test_a_holiday_a_pause_and_an_outage_of_ours_are_nobodys_missed_morning() -> None:
    missed = DAYS[5]
    start, end = missed + timedelta(hours=4), missed + timedelta(hours=10)
    unpaused = [one for one in past() if not start.timestamp() <= one[0] < end.timestamp()]
    away = Around(absences=[Absence(home_id=1, id=1, from_at=DAYS[4], ended_at=DAYS[6])])
    paused, failed = Around(pauses=[Pause(start, end)]), Around(ledger=[Outage(OutageKind.SIGNS, start, end)])
    for readings, around in ((past(), away), (unpaused, paused), (past(), failed)):
        assert dry_run(readings, [KITCHEN, Unseen()], LONDON, ALL, around).alerts == ()
    assert dry_run(unpaused, [KITCHEN, Unseen()], LONDON, ALL).alerts != ()
    later = Around(absences=[Absence(home_id=1, id=1, from_at=DAYS[6], ended_at=DAYS[7])])
    assert dry_run(past(), [KITCHEN], LONDON, ALL, later).alerts == tried(KITCHEN).alerts
