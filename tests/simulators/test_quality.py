"""The measure of the rules itself: made-up emergencies are what they say, and the table does not flatter."""

import gzip
from collections import defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from simulators.quality import delivery, faults, injections
from simulators.quality.main import across, main
from simulators.quality.measuring import NOT_FOUND, Figures
from simulators.quality.recorded import ZONE, Home, recorded, start_of
from simulators.quality.table import LINES, at_least, at_most, interval, is_good, least_room, render

START = datetime(2019, 5, 1, tzinfo=ZONE)
DAYS = 24
DAY = date(2019, 5, 20)


def lines(home: str, *, away: range = range(0)) -> list[str]:
    """Weeks of ordinary days: a trip at night, kitchen at 07:30, out by the door from 14:00 to 15:00, bed at 22:00."""
    found = []
    for number in range(DAYS):
        start = START + timedelta(days=number)
        found += [(start + timedelta(hours=3, minutes=m), "bathroom") for m in (10, 12)] if number not in away else []
        for minute in range(7 * 60 + 30, 22 * 60, 10):
            if number in away or 14 * 60 <= minute < 15 * 60:
                continue
            found += [(start + timedelta(minutes=minute + n), room) for n, room in enumerate(("kitchen", "lounge"))]
        if number not in away:
            found += [(start + timedelta(hours=hour), "front-door") for hour in (14, 15)]
    return [f"{home},{at:%Y-%m-%d %H:%M:%S},{sensor}" for at, sensor in sorted(found)]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "tihm").mkdir()
    text = "\n".join(["home,time,sensor", *lines("a"), *lines("b"), *lines("gone", away=range(5, 15))])
    (tmp_path / "tihm" / "tihm_activity_dev.csv.gz").write_bytes(gzip.compress(text.encode()))
    monkeypatch.setenv("HEARTH_TEST_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture
def home(folder: Path) -> Home:
    return recorded(folder / "tihm" / "tihm_activity_dev.csv.gz")[0]


def test_only_homes_with_three_weeks_of_clean_days_count(folder: Path) -> None:
    homes = recorded(folder / "tihm" / "tihm_activity_dev.csv.gz")
    assert [home.name for home in homes] == ["a", "b"]
    assert len(homes[0].clean) == DAYS - 2, "neither the first nor the last day"
    assert homes[0].measured[0] == date(2019, 5, 15)


def test_nobody_is_at_home_behind_the_door(home: Home) -> None:
    assert not home.is_home(start_of(DAY, 14.5))
    assert home.is_home(start_of(DAY, 13))
    assert home.is_home(start_of(DAY, 5)), "a night is no absence"


def test_after_a_collapse_nothing_stirs(home: Home) -> None:
    story = injections.collapse(home, DAY, Random(1))
    assert story is not None
    assert max(r[0] for r in story.readings) <= story.since < start_of(DAY, 22)
    phantoms = injections.collapse_with_phantoms(home, DAY, Random(1))
    assert phantoms is not None
    assert sum(r[0] > phantoms.since for r in phantoms.readings) == 3


def test_the_same_dice_make_the_same_emergency(home: Home) -> None:
    assert injections.collapse(home, DAY, Random(5)) == injections.collapse(home, DAY, Random(5))
    assert injections.collapse(home, DAY, Random(5)) != injections.collapse(home, DAY, Random(6))


def test_delays_run_from_what_really_happened(home: Home) -> None:
    not_up, no_kitchen = injections.not_up(home, DAY, Random(1)), injections.no_kitchen(home, DAY, Random(1))
    assert not_up is not None
    assert no_kitchen is not None
    assert not_up.since == no_kitchen.since == start_of(DAY, 7.5)
    assert not any(r[1] == "kitchen" for r in no_kitchen.readings)
    assert any(r[1] == "lounge" for r in no_kitchen.readings)


def test_a_walk_in_the_night_has_thirty_steps_more_than_the_night_had(home: Home) -> None:
    walk = injections.night_walking(home, DAY, Random(1))
    assert walk is not None
    assert len(walk.readings) == len(home.between(start_of(DAY), start_of(DAY) + 86400)) + 30


def test_what_is_withheld_comes_in_one_burst_and_what_is_lost_never(home: Home) -> None:
    gone = (start_of(DAY, 9), start_of(DAY, 15))
    held = faults.withheld(home, start_of(DAY), gone, start_of(DAY, 20))
    assert not [arrived for arrived, _ in held if gone[0] <= arrived < gone[1]]
    burst = [reading for arrived, reading in held if arrived == gone[1] and reading[0] < gone[1]]
    lost = faults.lost(home, start_of(DAY), gone, start_of(DAY, 20))
    assert len(held) - len(lost) == len(burst) > 100


@pytest.mark.parametrize("by", [3600.0, -3600.0])
def test_readings_of_a_wrong_clock_are_those_of_the_right_one_when_they_are_judged(home: Home, by: float) -> None:
    mended = sorted(reading for _, reading in delivery.with_wrong_clock(home, by))
    assert mended == sorted(home.readings)


@pytest.mark.parametrize(("on", "hours"), [(date(2019, 3, 31), 23), (date(2019, 10, 27), 25)])
def test_a_life_moved_to_a_day_of_another_length_goes_by_the_clock_on_the_wall(
    home: Home, on: date, hours: int
) -> None:
    moved = delivery.moved_to(home.readings, (on - DAY).days)
    assert start_of(on + timedelta(days=1)) - start_of(on) == hours * 3600
    kitchen = next(at for at, place, *_ in moved if place == "kitchen" and at >= start_of(on))
    assert kitchen == start_of(on, 7.5)
    assert len(moved) == len(home.readings)


def figures(name: str, **delays: list[float]) -> Figures:
    return Figures(name, days=70, welfare_days=1, delays=defaultdict(list, delays))


def test_what_was_not_found_counts_as_never() -> None:
    homes = [figures("a", **{"no kitchen": [1.0, NOT_FOUND]})]
    found = next(line for line in LINES if line.what == "no kitchen, found that day")
    assert found.of(homes) == 50
    assert not is_good(homes)
    assert "not good enough" in render({"these": homes}, resamples=0)


def test_the_line_that_is_nearest_to_its_bound_counts() -> None:
    bound, share = at_most(0.6), at_least(88)
    assert [round(bound.room(value), 2) for value in (0.0, 0.3, 0.6, 0.9)] == [1, 0.5, 0, -0.5]
    assert [round(share.room(value), 2) for value in (100, 94, 88, 76)] == [1, 0.5, 0, -1]
    assert at_most(0).room(1) < 0 < at_most(0).room(0)
    assert least_room([figures("a", **{"no kitchen": [1.0, NOT_FOUND]})]) < 0


def test_each_half_of_the_homes_is_judged_by_what_was_best_for_the_other() -> None:
    """Lax is best for the first half and strict for the second: each is given what the other one liked."""
    names = ("a", "b", "c", "d")
    tried = [[figures(name, **{"no kitchen": [hours]}) for name in names] for hours in (1.0, 2.0)]

    def room(homes: Sequence[Figures]) -> float:
        likes = {"a": 1.0, "c": 1.0, "b": 2.0, "d": 2.0}
        return sum(home.delays["no kitchen"] == [likes[home.home]] for home in homes)

    crossed = across(tried, names, room)
    assert {home.home: home.delays["no kitchen"][0] for home in crossed} == {"a": 2.0, "c": 2.0, "b": 1.0, "d": 1.0}


def test_the_interval_is_over_homes_and_holds_the_figure() -> None:
    homes = [figures(str(n), **{"no kitchen": [float(n)]}) for n in range(20)]
    middle = next(line for line in LINES if line.what == "no kitchen, median")
    low, top = interval(middle.of, homes, Random(1), 200)
    assert low < middle.of(homes) < top


@pytest.mark.usefixtures("folder")
def test_the_whole_protocol_runs_and_reports(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    main(["--only", "accepted", "--processes", "1", "--resamples", "20"])
    text = (tmp_path / ".hearthlight" / "quality.md").read_text()
    assert text in capsys.readouterr().out
    rows = {line.split(" | ")[0].strip("| "): line.split(" | ")[1] for line in text.splitlines() if " | " in line}
    assert rows["welfare alert-days on clean days a home-week"].startswith("0.00")
    assert rows["night exit, told within 1 min"].startswith("100.0 %")
    assert rows["delivered twice: findings changed"].startswith("0")


def test_without_the_recorded_homes_it_says_so_and_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("HEARTH_TEST_DATA", str(tmp_path / "nowhere"))
    assert main([]) == 0
    assert "HEARTH_TEST_DATA" in capsys.readouterr().out
