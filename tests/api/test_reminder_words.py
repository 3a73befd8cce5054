"""What is typed about reminders, and what the page says of them, without a page."""

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from api import reminder_forms
from api.reminder_rows import Answerer, Question, ReminderRow, TabletRow, asked_in_words, days_in_words, standing, today
from gateway.config import Purpose
from tests.api.street import NOW, at

LONDON = ZoneInfo("Europe/London")
KETTLE = Answerer(5, "kettle", "plug")


class Sent(dict[str, list[str]]):
    """What a browser sent."""

    def getlist(self, key: str, /) -> list[str]:
        return self.get(key, [])


def typed(**more: str | list[str]) -> Sent:
    usual: dict[str, str | list[str]] = {
        "name": "morning tablets",
        "text": "Take your tablets",
        "purpose": "medicine",
        "times": "8.30, 20:00",
        "weekdays": list("1234567"),
        "every_min": "5",
        "repeats": "3",
        "later_min": "10",
    }
    return Sent({name: one if isinstance(one, list) else [one] for name, one in (usual | more).items()})


def test_what_was_typed_is_understood() -> None:
    found, form = reminder_forms.reminder(typed(done_by="5", not_on="25 12 2026\n26.12.2026"), [KETTLE], [])
    assert form.errors == []
    assert found is not None
    assert (found.purpose, found.schedule.times) == (Purpose.MEDICINE, ("08:30", "20:00"))
    assert found.schedule.not_on == (date(2026, 12, 25), date(2026, 12, 26))
    assert found.done_by == KETTLE


@pytest.mark.parametrize(
    ("field", "text", "says"),
    [
        ("name", "", "Say the name"),
        ("name", "Kitchen", "called that already"),
        ("text", "x" * 121, "120 letters"),
        ("purpose", "war", "Choose what it is about"),
        ("times", "tea time", "Say the times like 08:30"),
        ("times", "", "Say the times like 08:30"),
        ("times", "25:00", "Say the times like 08:30"),
        ("weekdays", [], "at least one day"),
        ("not_on", "30 2 2026", "like 25 12 2026"),
        ("not_on", "Christmas", "like 25 12 2026"),
        ("dates", "\n".join(f"1 1 {year}" for year in range(2030, 2080)), "At most 40 days"),
        ("every_min", "0", "from 1 to 120"),
        ("repeats", "٣", "from 0 to 20"),
        ("later_min", "soon", "from 1 to 240"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(field: str, text: str | list[str], says: str) -> None:
    found, form = reminder_forms.reminder(typed(**{field: text}), [], ["kitchen"])
    assert found is None
    assert [name for name, _ in form.errors] == [field]
    assert says in form.errors[0][1]


def test_an_appointment_needs_no_weekday() -> None:
    found, form = reminder_forms.reminder(typed(weekdays=[], dates="5 12 2026"), [], [])
    assert form.errors == []
    assert found is not None
    assert found.schedule.dates == (date(2026, 12, 5),)


ROW = ReminderRow(
    7, "tablets", "medicine", "Take them", {"times": ["08:30", "20:00"]}, 5, 3, 10, 30, None, None, None, None, 1
)


@pytest.mark.parametrize(
    ("told", "state", "words"),
    [
        ([], "unknown", "We have not heard that it was shown"),
        ([("08:30", 1)], "open", "Shown at 08:30, not answered yet"),
        ([("08:30", 1), ("08:34", 2)], "done", "Done at 08:34"),
        ([("08:10", 2)], "done", "Done at 08:10"),
        ([("08:30", 1), ("08:45", 4)], "missed", "Nobody answered"),
        ([("08:30", 1), ("08:53", 3)], "missed", "Put off, the last time at 08:53"),
    ],
)
def test_the_family_sees_what_became_of_it_today(told: list[tuple[str, int]], state: str, words: str) -> None:
    answers = [(at(clock), value) for clock, value in told]
    first, second = today(ROW, answers, LONDON, NOW)
    assert (first.at, first.state, first.words) == ("08:30", state, words)
    assert (second.at, second.state) == ("20:00", "ahead")


def test_days_are_said_as_people_say_them() -> None:
    assert days_in_words({"times": ["08:30", "20:00"]}) == "08:30 and 20:00, every day"
    assert days_in_words({"times": ["09:00"], "weekdays": [1, 2, 3, 4, 5]}) == "09:00, Monday to Friday"
    assert days_in_words({"times": ["09:00"], "weekdays": [1, 2, 3, 4, 5, 6]}) == "09:00, Monday to Saturday"
    few = {"times": ["09:00"], "weekdays": [6, 7], "not_on": ["2026-12-26"]}
    assert days_in_words(few) == "09:00, Saturdays and Sundays, but not on 26 December 2026"
    assert days_in_words({"times": ["14:15"], "dates": ["2026-12-05"]}) == "14:15, on 5 December 2026"


def test_the_page_says_how_far_the_tablet_has_come() -> None:
    behind = TabletRow(1, False, NOW + timedelta(hours=4), 3, 2, at("09:00"), False, 1)  # noqa: FBT003 (a row)
    assert standing(behind, LONDON, NOW) == [
        "The tablet does not have version 3 yet; it shows version 2. It cannot be reached at the moment.",
        "Some pictures or sounds are still on their way.",
        "The gateway there has no voice: reminders without a sound of their own have a chime only.",
        "Monitoring is paused by the resident until today 14:12.",
    ]
    assert standing(None, LONDON, NOW) == ["This home has no gateway yet, so nothing can be shown."]


def test_a_question_that_nobody_answered_says_so() -> None:
    asked = Question(at("09:00"), at("09:00"), at("09:15"), None, None)
    assert asked_in_words(asked, LONDON, NOW) == "Asked today 09:00. Nobody answered."
    assert asked_in_words(replace(asked, sent_at=None), LONDON, NOW).endswith("could not be reached.")
    assert asked_in_words(None, LONDON, NOW) == ""
