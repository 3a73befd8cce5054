"""From readings of doors, reminders, tags and thermometers to findings, in a real database."""

import json
from collections.abc import Iterable, Iterator
from datetime import timedelta

import psycopg
import pytest

from alerts.marks import Reminder
from alerts.picture import Seen
from alerts.rules import AnsweredReminder, LeftOpen, RuleSettings, Temperature, Visit
from gateway.messages import Kind
from ingest.database import connect
from tests.alerts.a_home import at, beats, door, stir
from tests.alerts.watched import Watched, watched

BEATS = list(beats(at("00:00", 17), at("12:05")))
LIVED = [*BEATS, *stir(at("07:00")), *stir(at("11:00"), "bedroom")]


def warm(text: str, degrees: float, day: int = 18) -> Seen:
    return Seen(at(text, day), "kitchen", "room", Kind.TEMPERATURE, degrees)


def word(text: str, value: float, kind: Kind = Kind.REMINDER, day: int = 18) -> Seen:
    return Seen(at(text, day), "bedroom", "button", kind, value)


COLD = [warm("08:10", 19.26), *(warm(f"{hour:02}:{minute}", 14.04) for hour in (9, 10, 11) for minute in (10, 40))]
STOOD_OPEN = [door(at("22:10", 17)), door(at("22:40", 17)), door(at("23:30", 17), 0)]
SHOWN = [word("08:00", Reminder.SHOWN), word("08:20", Reminder.SHOWN)]
VISITED_YESTERDAY = [word("08:10", 4711, Kind.VISIT, 17)]


@pytest.fixture
def db(each_database: str) -> Iterator[psycopg.Connection]:
    with connect(each_database, autocommit=True) as connection:
        yield connection


def judged(db: psycopg.Connection, rule: RuleSettings, readings: Iterable[Seen], text: str, day: int = 18) -> Watched:
    """A home with one rule, judged at that time after these readings arrived."""
    home = watched(db, at(text, day), rule)
    home.arrive([one for one in readings if one.at <= at(text, day)], at(text, day))
    home.judge(at(text, day))
    return home


@pytest.mark.parametrize(
    ("rule", "readings", "text", "day", "reason", "places"),
    [
        (LeftOpen(), STOOD_OPEN, "22:40", 17, "left_open", ["front door"]),
        (AnsweredReminder(places=("bedroom",)), SHOWN, "09:00", 18, "reminder_not_done", ["bedroom"]),
        (Visit(start="08:00", end="09:00"), VISITED_YESTERDAY, "09:30", 18, "no_visit", None),
        (Temperature(), COLD, "12:00", 18, "too_cold", ["kitchen"]),
    ],
)
def test_what_devices_report_becomes_a_welfare_alert_once(
    db: psycopg.Connection,
    rule: RuleSettings,
    readings: list[Seen],
    text: str,
    day: int,
    reason: str,
    places: list[str] | None,
) -> None:
    home = judged(db, rule, [*LIVED, *readings], text, day)
    assert home.findings()[-1] == ("missed", reason)
    assert home.alerts() == [("welfare", "open")]
    assert home.rows("select evidence -> 'places' from finding where verdict = 'missed'") == [places]
    assert home.look(at(text, day) + timedelta(minutes=1)).alerts == 0


def test_a_temperature_is_kept_to_a_tenth_and_only_of_rooms(db: psycopg.Connection) -> None:
    fridge = [Seen(at("09:10"), "front door", "outside_door", Kind.TEMPERATURE, 4)]
    home = judged(db, Temperature(), [*LIVED, *COLD, *fridge], "12:00")
    assert home.rows("select evidence -> 'measured' from finding where verdict = 'missed'") == [14.0]
    kept = json.dumps(home.rows("select picture -> 'warmth' from home_state where home_id = %(home)s")[0])
    assert '"kitchen"' in kept
    assert "front door" not in kept


def test_a_late_answer_explains_and_late_data_raise_nothing_about_the_past(db: psycopg.Connection) -> None:
    home = judged(db, AnsweredReminder(places=("bedroom",)), [*LIVED, *SHOWN], "09:00")
    home.arrive([word("08:30", Reminder.DONE)], at("09:20"))
    home.judge(at("09:20"))
    assert home.alerts() == [("welfare", "explained")]

    unseen = watched(db, at("09:00"), AnsweredReminder(places=("bedroom",)), gateway="gw-2")
    unseen.arrive([*beats(at("00:00", 17), at("08:00")), SHOWN[0]], at("08:10"))
    unseen.judge(at("09:00"))
    assert unseen.alerts() == [("technical", "open")]
    unseen.arrive([*beats(at("08:00"), at("12:00")), *SHOWN[1:]], at("12:05"))
    unseen.look(at("12:05"))
    assert [alert for alert in unseen.alerts() if alert[0] == "welfare"] == []


@pytest.mark.parametrize(
    ("rule", "readings"),
    [
        (AnsweredReminder(places=("bedroom",)), [*SHOWN, word("11:30", Reminder.DONE)]),
        (Visit(start="08:00", end="08:30"), [*VISITED_YESTERDAY, word("11:30", 4711, Kind.VISIT)]),
    ],
)
def test_what_was_due_while_we_were_away_and_is_done_by_now_is_kept_and_nobodys_case(
    db: psycopg.Connection, rule: RuleSettings, readings: list[Seen]
) -> None:
    home = judged(db, rule, [*LIVED, *readings], "12:00")
    assert [verdict for verdict, _ in home.findings()] == ["missed"]
    assert home.alerts() == []


def test_a_picture_that_nobody_can_read_is_made_anew_with_all_that_rules_need(db: psycopg.Connection) -> None:
    home = judged(db, LeftOpen(), [*LIVED, *STOOD_OPEN], "22:20", 17)
    fine = home.rows("select picture from home_state where home_id = %(home)s")[0]
    home.db.execute("update home_state set picture = jsonb_set(picture, '{v}', '99')")
    home.arrive([one for one in STOOD_OPEN if at("22:20", 17) < one.at <= at("22:40", 17)], at("22:40", 17))
    home.arrive([one for one in BEATS if at("22:20", 17) < one.at <= at("22:40", 17)], at("22:40", 17))
    home.look(at("22:40", 17))
    assert home.findings() == [("missed", "left_open")]
    again = home.rows("select picture from home_state where home_id = %(home)s")[0]
    assert (again["v"], again["signs"][0][:2]) == (fine["v"], fine["signs"][0][:2])
