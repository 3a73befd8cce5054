"""Recorded homes are judged from a file as they would have been live."""

import gzip
import json
import random
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from alerts.replaying.replay import main
from alerts.replaying.replay_rows import Seconds

MONDAY = datetime(2026, 11, 16)  # noqa: DTZ001 - local times, as in the files
Line = tuple[str, datetime, str, str, datetime]
"""Home, time, sensor, value, arrival."""

RULES = [
    {"kind": "unusual_quiet", "usual": [0.2] * 6 + [1.0] * 18, "limit": 4},
    {"kind": "expected_activity", "places": ["kitchen"], "end": "09:30"},
    {"kind": "door_at_night"},
    {"kind": "unseen", "minutes": 25},
]


def day(home: str, number: int, until: int = 23) -> Iterable[Line]:
    """An ordinary day: about from 07:00 on, three signs each quarter of an hour; on the first, milk from the door."""
    if number == 0:
        milk = MONDAY + timedelta(hours=7, minutes=1, seconds=30)
        yield (home, milk, "front-door", "", milk)
    for quarter in range(28, until * 4):
        start = MONDAY + timedelta(days=number, minutes=15 * quarter)
        for minute, sensor in enumerate(("kitchen", "hallway", "lounge")):
            at = start + timedelta(minutes=minute)
            yield (home, at, sensor, "", at)


def beats(home: str, start: datetime, end: datetime) -> Iterable[Line]:
    while start < end:
        yield (home, start, "gateway", "beat", start)
        start += timedelta(minutes=5)


def write(file: Path, lines: Iterable[Line], columns: str = "home,time,sensor,value,arrived") -> Path:
    wanted = columns.split(",")
    with gzip.open(file, "wt") if file.suffix == ".gz" else file.open("w") as out:
        out.write(columns + "\n")
        for home, at, sensor, value, arrived in lines:
            row = {"home": home, "time": f"{at}", "sensor": sensor, "value": value, "arrived": f"{arrived}"}
            out.write(",".join(row[name] for name in wanted) + "\n")
    return file


def in_order(*parts: Iterable[Line]) -> list[Line]:
    return sorted((line for part in parts for line in part), key=lambda line: line[4])


def replayed(folder: Path, lines: Iterable[Line], *options: str, rules: object = None, **kind: Any) -> list[Any]:
    readings = write(folder / "readings.csv", lines, **kind)
    (folder / "rules.json").write_text(json.dumps({"version": 1, "homes": rules or {"*": RULES}}))
    out = folder / "alerts.jsonl"
    assert main([str(readings), "--rules", str(folder / "rules.json"), "--out", str(out), *options]) == 0
    return [json.loads(line) for line in out.read_text().splitlines()]


def short(lines: Iterable[dict[str, Any]]) -> list[tuple[str, str, str, str]]:
    """Home, rule, verdict, and when it was raised (UTC, as London in November)."""
    return [(one["home"], one["rule"], one["verdict"], one["raised_at"][5:16]) for one in lines]


def fall(home: str = "a") -> list[Line]:
    """Two ordinary days; on the third she is last seen at 09:47."""
    return in_order(day(home, 0), day(home, 1), day(home, 2, until=10))


def test_a_silence_is_told_once_with_its_reason_and_evidence(tmp_path: Path) -> None:
    lines = in_order(fall(), beats("a", MONDAY, MONDAY + timedelta(days=3)))
    found = replayed(tmp_path, lines)
    assert short(found) == [("a", "unusual_quiet", "missed", "11-18T13:48")]
    one = found[0]
    assert (one["class"], one["severity"], one["reason"], one["alert"]) == ("welfare", "high", "silent", "a-1")
    assert one["evidence"]["last_sign_at"].startswith("2026-11-18T09:47")
    assert one["deadline"].startswith("2026-11-18T13:48")


def test_a_home_is_judged_only_as_long_as_it_is_heard_of(tmp_path: Path) -> None:
    assert replayed(tmp_path, fall(), "--assume-covered") == []
    later = MONDAY + timedelta(days=2, hours=20)
    found = replayed(tmp_path, [*fall(), ("a", later, "lounge", "", later)], "--assume-covered")
    assert short(found) == [("a", "unusual_quiet", "missed", "11-18T13:48")]


def test_without_beats_nobody_is_said_to_be_silent(tmp_path: Path) -> None:
    later = MONDAY + timedelta(days=2, hours=20)
    found = replayed(tmp_path, [*fall(), ("a", later, "lounge", "", later)])
    assert {one["class"] for one in found} == {"technical"}


def test_a_home_that_is_gone_is_told_to_the_housing_team_alone(tmp_path: Path) -> None:
    gone = MONDAY + timedelta(days=2, hours=10)
    lines = in_order(
        fall(), beats("a", MONDAY, gone), beats("a", gone + timedelta(hours=12), gone + timedelta(hours=13))
    )
    found = replayed(tmp_path, lines)
    assert {(one["class"], one["reason"]) for one in found} <= {
        ("technical", "home_unseen"),
        ("technical", "not_covered"),
    }
    assert min(one["raised_at"] for one in found)[:16] == "2026-11-18T10:20"


def test_a_door_in_the_night_is_told_at_once_and_each_time(tmp_path: Path) -> None:
    night = [MONDAY + timedelta(days=1, hours=hour, minutes=13, seconds=5) for hour in (2, 4)]
    doors = [("a", at, "front-door", "", at) for at in night]
    found = replayed(tmp_path, in_order(day("a", 0), doors, day("a", 1)), "--assume-covered")
    urgent = [(one["raised_at"][:19], one["alert"]) for one in found if one["class"] == "urgent"]
    assert urgent == [("2026-11-17T02:13:05", "a-1"), ("2026-11-17T04:13:05", "a-1")]


def test_homes_mixed_or_one_after_the_other_are_judged_the_same(tmp_path: Path) -> None:
    ends = MONDAY + timedelta(days=3)
    homes = [in_order(fall(home), beats(home, MONDAY, ends)) for home in ("a", "b")]
    apart = replayed(tmp_path, [*homes[0], *homes[1]])
    assert sorted(short(apart)) == sorted(short(replayed(tmp_path, in_order(*homes))))
    assert {one["home"] for one in apart} == {"a", "b"}


def test_delivery_twice_and_in_disorder_changes_nothing(tmp_path: Path) -> None:
    bursts = [
        (home, at, sensor, value, at + timedelta(minutes=10) - timedelta(minutes=at.minute % 10, seconds=at.second))
        for home, at, sensor, value, _ in fall()
    ]
    straight = in_order(bursts, beats("a", MONDAY, MONDAY + timedelta(days=3)))
    disorder = straight + straight[::2]
    random.Random(7).shuffle(disorder)
    disorder.sort(key=lambda line: line[4])
    options = ("--arrivals", "arrived")
    assert replayed(tmp_path, straight, *options) == replayed(tmp_path, disorder, *options)


def late(hours: int = 6) -> list[Line]:
    """A whole ordinary third day, of which the readings from 10:00 come at 16:00 in one burst; beats come in time."""
    start = MONDAY + timedelta(days=2, hours=10)
    end = start + timedelta(hours=hours)
    life = [*day("a", 0), *day("a", 1), *day("a", 2)]
    held = [(h, at, s, v, end if start <= at < end else arrived) for h, at, s, v, arrived in life]
    return [*held, *beats("a", MONDAY, MONDAY + timedelta(days=3))]


@pytest.mark.parametrize("column", [1, 4], ids=["file in order of time", "file in order of arrival"])
def test_late_data_explain_what_was_raised_and_raise_nothing(tmp_path: Path, column: int) -> None:
    lines = sorted(late(), key=lambda line: line[column])
    found = replayed(tmp_path, lines, "--arrivals", "arrived")
    assert short(found) == [
        ("a", "unusual_quiet", "missed", "11-18T13:48"),
        ("a", "unusual_quiet", "explained", "11-18T16:01"),
    ]
    assert found[0]["alert"] == found[1]["alert"]


HOMES = [f"home-{number}" for number in range(24)]


def trips(home: str, number: int, night: int) -> Iterable[Line]:
    """Up for a moment every two hours of the night; each home at another time, so that at any time some stir."""
    for hours in (0, 2, 4, 6):
        start = MONDAY + timedelta(days=night, hours=23, minutes=(20 * number + 60 * hours) % 480)
        yield (home, start, "hallway", "", start)
        yield (home, start + timedelta(minutes=1), "bathroom", "", start + timedelta(minutes=1))


def street(days: int = 3) -> list[Line]:
    """Many homes, about from 07:00 to 23:00. In the first one nobody stirs from 09:47 of the third day to its end."""
    last = MONDAY + timedelta(days=2, hours=20)
    homes = [line for home in HOMES[1:] for number in range(days) for line in day(home, number)]
    nights = [
        line for number, home in enumerate(HOMES) for night in range(days - 1) for line in trips(home, number, night)
    ]
    return in_order(fall(HOMES[0]), homes, nights, [(HOMES[0], last, "lounge", "", last)])


def without(lines: Iterable[Line], start: datetime, end: datetime) -> list[Line]:
    return [line for line in lines if not start <= line[1] < end]


NOON = MONDAY + timedelta(days=2, hours=12)


@pytest.mark.parametrize("column", [0, 1], ids=["one home after the other", "mixed"])
def test_when_all_homes_fall_silent_together_it_is_one_line_and_nobody_is_told_of_a_home(
    tmp_path: Path, column: int
) -> None:
    lines = sorted(without(street(), NOON, NOON + timedelta(hours=8)), key=lambda line: (line[column], line[1]))
    found = replayed(tmp_path, lines, "--assume-covered", "--fleet")
    assert [(one["home"], one["kind"], one["class"], one["alert"]) for one in found] == [
        ("*", "fleet_silent", "operator", "*-1")
    ]
    assert found[0]["deadline"][:16] == "2026-11-18T11:47"
    assert found[0]["raised_at"][:16] == "2026-11-18T12:15"
    assert found[0]["evidence"]["ended_at"][:13] == "2026-11-18T20"


def test_one_silent_home_among_many_is_told_for_itself(tmp_path: Path) -> None:
    found = replayed(tmp_path, street(), "--assume-covered", "--fleet")
    assert short(found) == [(HOMES[0], "unusual_quiet", "missed", "11-18T13:48")]


def test_homes_whose_beats_stop_together_are_no_case_of_the_housing_team(tmp_path: Path) -> None:
    back = NOON + timedelta(hours=2)
    homes = [
        in_order(beats(home, MONDAY, MONDAY + timedelta(days=3)), *(day(home, n) for n in range(3)))
        for home in HOMES[:8]
    ]
    lines = [line for home in homes for line in without(home, NOON, back)]
    found = replayed(tmp_path, lines, "--fleet", "--until", "2026-11-18T16:00")
    assert [(one["home"], one["raised_at"][:16]) for one in found] == [("*", "2026-11-18T12:05")]
    assert found[0]["evidence"]["missing"] == "beats"


def test_after_the_last_reading_of_all_nobody_is_silent(tmp_path: Path) -> None:
    lines = [line for home in HOMES for line in day(home, 0)]
    assert replayed(tmp_path, lines, "--assume-covered", "--fleet") == []


@pytest.mark.parametrize("hours", [1, -1], ids=["ahead", "behind"])
def test_a_clock_that_is_an_hour_off_changes_no_finding(tmp_path: Path, hours: int) -> None:
    """On the third day, when she is last seen at 09:47, the box in the home has another time."""
    right = in_order(fall(), beats("a", MONDAY, MONDAY + timedelta(days=3)))
    off = [
        (home, at + timedelta(hours=hours) if arrived.day == 18 else at, sensor, value, arrived)
        for home, at, sensor, value, arrived in right
    ]
    options = ("--arrivals", "arrived")
    straight = replayed(tmp_path, right, *options)
    assert short(straight) == [("a", "unusual_quiet", "missed", "11-18T13:48")]
    for column in (1, 4):
        assert short(replayed(tmp_path, sorted(off, key=lambda line: line[column]), *options)) == short(straight)


def test_only_what_was_raised_in_the_time_that_was_asked_for_is_told(tmp_path: Path) -> None:
    lines = in_order(fall(), beats("a", MONDAY, MONDAY + timedelta(days=3)))
    assert replayed(tmp_path, lines, "--until", "2026-11-18T12:00") == []
    assert replayed(tmp_path, lines, "--from", "2026-11-18T18:00") == []
    assert len(replayed(tmp_path, lines, "--from", "2026-11-18 09:00", "--until", "2026-11-18 15:00")) == 1


def test_each_home_has_its_own_rules_or_those_of_every_home(tmp_path: Path) -> None:
    ends = MONDAY + timedelta(days=3)
    lines = [line for home in ("a", "b") for line in in_order(fall(home), beats(home, MONDAY, ends))]
    found = replayed(tmp_path, lines, rules={"*": RULES, "b": []})
    assert {one["home"] for one in found} == {"a"}


def test_a_packed_file_without_values_is_read(tmp_path: Path) -> None:
    file = write(tmp_path / "readings.csv.gz", [*day("a", 0)], columns="home,time,sensor")
    (tmp_path / "rules.json").write_text('{"version": 1, "homes": {"*": []}}')
    assert main([str(file), "--rules", str(tmp_path / "rules.json"), "--out", str(tmp_path / "out")]) == 0


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("home,when\n", "missing: time, sensor"),
        ("home,time,sensor\na,yesterday,kitchen\n", "line 2"),
        ("home,time,sensor\na,2026-11-16 07:00:00\n", "line 2"),
        ("home,time,sensor,value\na,2026-11-16 07:00:00,kitchen,much\n", "line 2"),
        ("", "missing: home"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_line(
    tmp_path: Path, text: str, complaint: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "readings.csv").write_text(text)
    (tmp_path / "rules.json").write_text('{"version": 1, "homes": {"*": []}}')
    code = main(
        [str(tmp_path / "readings.csv"), "--rules", str(tmp_path / "rules.json"), "--out", str(tmp_path / "out")]
    )
    assert (code, complaint in capsys.readouterr().err) == (2, True)


def test_times_with_and_without_a_zone_are_the_same_instants() -> None:
    seconds = Seconds(ZoneInfo("Europe/London"))
    summer = [
        seconds.of(text, "a") for text in ("2026-07-01 08:00:00", "2026-07-01T07:00:00Z", "2026-07-01T09:00:00+02:00")
    ]
    assert len(set(summer)) == 1
    assert seconds.of("2026-07-01T08:00:00.5", "a") == summer[0] + 0.5


def test_the_hour_that_comes_twice_goes_on_rising() -> None:
    seconds = Seconds(ZoneInfo("Europe/London"))
    texts = [
        "2026-10-25 00:59:00",
        "2026-10-25 01:10:00",
        "2026-10-25 01:50:00",
        "2026-10-25 01:05:00",
        "2026-10-25 02:00:00",
    ]
    times = [seconds.of(text, "a") for text in texts]
    assert times == sorted(times)
    assert times[3] - times[2] == 15 * 60
