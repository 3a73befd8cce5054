"""Rules are proposed from a home's first weeks, with evidence, and never tighter than good sense."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

import pytest

from alerts.folding import Plain
from alerts.replaying import replay
from alerts.replaying.habits import measure
from alerts.replaying.proposing import (
    ENOUGH_DAYS,
    KITCHEN_CEILING,
    KITCHEN_FLOOR,
    KITCHEN_GRACE_MIN,
    NIGHT_FLOOR,
    SENSOR_CEILING,
    SENSOR_FLOOR,
    VISITS_FLOOR,
    propose,
)
from alerts.replaying.suggest import main, suggest
from alerts.rules import (
    USUAL_DAY,
    BathroomVisits,
    ExpectedActivity,
    NightActivity,
    RuleSettings,
    SensorSilent,
    UnusualQuiet,
)
from gateway.messages import Kind

Rule = TypeVar("Rule", bound=RuleSettings)

LONDON = ZoneInfo("Europe/London")
START = datetime(2026, 11, 2, tzinfo=LONDON)


def motion(at: datetime, place: str) -> Plain:
    return (at.timestamp(), place, "room", Kind.MOTION, 1.0)


def door(at: datetime) -> Plain:
    return (at.timestamp(), "front-door", "outside_door", Kind.CONTACT, 1.0)


def day(number: int, up: float = 7, bed: float = 22) -> Iterable[Plain]:
    """About from getting up until bedtime, in the kitchen first."""
    start = START + timedelta(days=number)
    for quarter in range(int(up * 4), int(bed * 4)):
        at = start + timedelta(minutes=15 * quarter)
        yield motion(at, "kitchen")
        yield motion(at + timedelta(minutes=2), "lounge")


def weeks(days: int = 14, up: float = 7) -> list[Plain]:
    return [reading for number in range(days) for reading in day(number, up)]


def the(kind: type[Rule], readings: Iterable[Plain]) -> Rule:
    return next(rule for rule in suggest(readings, LONDON).rules if isinstance(rule, kind))


def minutes(text: str) -> int:
    return int(text[:2]) * 60 + int(text[3:])


def test_the_usual_day_is_that_of_the_home() -> None:
    usual = the(UnusualQuiet, weeks()).usual
    assert min(usual[8:21]) > 0.9
    assert max(usual[:6]) < 0.2


def test_few_days_are_drawn_to_the_day_of_many_homes() -> None:
    long, short = measure(weeks(14), LONDON).usual, measure(weeks(9), LONDON).usual
    assert USUAL_DAY[2] > short[2] > long[2]


def afternoons_out(hours: float) -> list[Plain]:
    """Two weeks with an afternoon out every day."""
    readings = []
    for number in range(14):
        noon = START + timedelta(days=number, hours=12)
        back = noon + timedelta(hours=hours)
        readings += [r for r in day(number) if not noon.timestamp() <= r[0] < back.timestamp()]
        readings += [motion(noon - timedelta(minutes=1), "hallway"), door(noon), door(back)]
    return readings


def test_time_out_is_no_quiet_time() -> None:
    """Out every afternoon by the door: that says nothing of how she is at home in the afternoon."""
    habits = measure(afternoons_out(4), LONDON)
    assert min(habits.usual[13:15]) > 0.85
    assert 3.9 < habits.outs[0] < 4.1


@pytest.mark.parametrize(("up", "floor_holds"), [(5.25, True), (9.5, False)])
def test_the_kitchen_is_never_asked_for_sooner_than_good_sense_says(up: float, floor_holds: bool) -> None:
    rule = the(ExpectedActivity, weeks(up=up))
    due = minutes(rule.end) + KITCHEN_GRACE_MIN
    assert (due == KITCHEN_FLOOR * 60) == floor_holds
    assert due >= up * 60 + 60


def test_the_kitchen_of_a_late_riser_is_still_asked_for_by_the_afternoon() -> None:
    rule = the(ExpectedActivity, weeks(up=15))
    assert minutes(rule.end) + KITCHEN_GRACE_MIN == KITCHEN_CEILING * 60


def test_one_odd_day_does_not_move_the_kitchen() -> None:
    odd = [*weeks(13), *day(13, up=13)]
    assert the(ExpectedActivity, odd) == the(ExpectedActivity, weeks())


def test_a_kitchen_that_is_seldom_used_is_not_asked_for() -> None:
    readings = [r for r in weeks() if r[1] != "kitchen" or (datetime.fromtimestamp(r[0], LONDON).day % 3 == 0)]
    proposal = suggest(
        [*readings, *(motion(START + timedelta(days=n, hours=9, minutes=1), "lounge") for n in range(14))], LONDON
    )
    assert not any(isinstance(rule, ExpectedActivity) for rule in proposal.rules)
    assert any("used on only" in words for words in proposal.evidence)


def test_quiet_nights_make_no_rule_that_tells_of_a_trip_to_the_bathroom() -> None:
    assert the(NightActivity, weeks()).movements == NIGHT_FLOOR


def nights(trips: int) -> list[Plain]:
    """Two weeks with so many visits to the bathroom in every night."""
    hours = [23 + 6.5 * n / trips for n in range(trips)]
    visits = [START + timedelta(days=d, hours=h, minutes=m) for d in range(14) for h in hours for m in (0, 2)]
    return [*weeks(), *(motion(at, "bathroom") for at in visits)]


@pytest.mark.parametrize(("trips", "limit"), [(2, VISITS_FLOOR), (10, 12)])
def test_visits_to_the_bathroom_are_counted_against_those_of_this_home(trips: int, limit: int) -> None:
    proposal = suggest(nights(trips), LONDON)
    assert the(BathroomVisits, nights(trips)).visits == limit
    assert any(f"at most {trips} visits between 23:00 and 06:00 in " in words for words in proposal.evidence)


def test_sensors_are_given_at_least_a_day_and_at_most_what_a_picture_holds() -> None:
    watched = {one.place: one for one in the(SensorSilent, weeks()).sensors}
    assert watched["kitchen"].active_hours == SENSOR_FLOOR
    seldom = [
        *weeks(),
        *(motion(START + timedelta(days=n, hours=9, minutes=3), "bathroom") for n in (1, 3, 5, 7, 8, 10, 12)),
    ]
    bathroom = {one.place: one for one in the(SensorSilent, seldom).sensors}["bathroom"]
    assert bathroom.active_hours == SENSOR_CEILING
    assert bathroom.days >= 4


def test_days_of_absence_teach_nothing() -> None:
    away = [r for r in weeks(28) if not 5 <= (datetime.fromtimestamp(r[0], LONDON) - START).days < 10]
    habits = measure(away, LONDON)
    assert habits.usual[10] > 0.9
    assert not {(START + timedelta(days=n)).date() for n in range(4, 11)} & set(habits.days)


def test_too_few_days_give_the_defaults_and_say_so() -> None:
    proposal = suggest(weeks(ENOUGH_DAYS - 1), LONDON)
    assert UnusualQuiet() in proposal.rules
    assert all("to learn from" in words or "no sensor there" in words for words in proposal.evidence)
    assert propose(measure((), LONDON)).rules


def write(file: Path, readings: Iterable[Plain], home: str = "a") -> None:
    lines = (f"{home},{datetime.fromtimestamp(at, LONDON):%Y-%m-%d %H:%M:%S},{place}" for at, place, *_ in readings)
    file.write_text("home,time,sensor\n" + "\n".join(lines) + "\n")


def test_what_is_suggested_can_be_replayed_and_is_silent_about_ordinary_days(tmp_path: Path) -> None:
    readings, rules, out = tmp_path / "readings.csv", tmp_path / "rules.json", tmp_path / "alerts.jsonl"
    write(readings, weeks(21))
    assert main([str(readings), "--days", "14", "--out", str(rules)]) == 0
    found = json.loads(rules.read_text())
    assert set(found["homes"]) == {"*", "a"}
    assert len(found["evidence"]["a"]) == 5
    options = ["--rules", str(rules), "--out", str(out), "--assume-covered", "--from", "2026-11-16"]
    assert replay.main([str(readings), *options]) == 0
    assert out.read_text() == ""


def test_only_the_first_days_are_learned_from(tmp_path: Path) -> None:
    late_later = [*weeks(15), *(r for n in range(15, 28) for r in day(n, up=11))]
    files = [tmp_path / "short.json", tmp_path / "long.json"]
    for readings, rules in zip((weeks(15), late_later), files, strict=True):
        write(tmp_path / "readings.csv", readings)
        assert main([str(tmp_path / "readings.csv"), "--out", str(rules)]) == 0
    assert files[0].read_text() == files[1].read_text()


def test_a_file_that_cannot_be_read_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "readings.csv").write_text("nothing\n")
    assert main([str(tmp_path / "readings.csv"), "--out", str(tmp_path / "rules.json")]) == 2
    assert "missing: home, time, sensor" in capsys.readouterr().err
