"""Times, standings, deliveries and the day as people read them. Pure."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from api import happened, telling, timeline, times
from api.timeline import HourOfLife
from tests.api.street import NOW, at

LONDON = ZoneInfo("Europe/London")


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (at("09:30"), "today 09:30"),
        (at("21:40", -1), "yesterday 21:40"),
        (at("09:30", -2), "Wednesday 18 November 09:30"),
        (datetime(2025, 7, 1, 9, 30, tzinfo=UTC), "Tuesday 1 July 2025 10:30"),
    ],
)
def test_times_are_said_by_the_day_in_the_zone_of_the_home(moment: datetime, words: str) -> None:
    assert times.when(moment, LONDON, NOW) == words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (20, "just now"),
        (60, "1 minute ago"),
        (5400, "1 hour 30 minutes ago"),
        (8000, "2 hours ago"),
        (90_000, "1 day 1 hour ago"),
    ],
)
def test_ages_are_said_as_people_say_them(seconds: int, words: str) -> None:
    assert times.ago(NOW - timedelta(seconds=seconds), NOW) == words


def text(state: str, *states: str) -> dict[str, object]:
    history = [{"state": each, "at": at("09:30").isoformat(), "error": None} for each in states]
    about = {"person": "Ann", "purpose": "alert", "channel": "sms", "created_at": at("09:30")}
    return about | {"state": state, "states": history}


def test_a_text_without_a_receipt_is_said_to_prove_nothing() -> None:
    said = telling.line(text("sent", "sending", "handed_over", "sent"), LONDON, NOW)
    assert said.states == "Handed to the phone company 09:30:00, sent on by the phone company 09:30:00"
    assert said.doubt
    assert telling.line(text("sent", "handed_over"), LONDON, at("09:31")).doubt is None
    assert telling.line(text("delivered", "handed_over", "sent", "delivered"), LONDON, NOW).doubt is None


def test_reasons_and_codes_are_never_shown_as_they_are_stored() -> None:
    row = {"at": NOW, "person": None, "channel": "engine"}
    assert (
        happened.line({**row, "what": "opened", "note": "nothing_at_all"}, LONDON, NOW).words == "The alert was opened"
    )
    assert happened.line({**row, "what": "step", "note": "2"}, LONDON, NOW).words == "Step 2 of the list was told"
    closed = {**row, "what": "closed", "person": "Ann", "channel": "sms", "note": "all_well"}
    assert happened.line(closed, LONDON, NOW).words == "Ann closed it by SMS: All is well"


def life(hour: str, events: int = 3) -> HourOfLife:
    return HourOfLife("kitchen", at(hour), events, at(hour) + timedelta(minutes=5), at(hour) + timedelta(minutes=50))


def test_the_day_is_drawn_from_midnight_to_midnight() -> None:
    drawn = timeline.draw([life("06:00"), life("07:00", 40), life("12:00")], [(at("03:00"), at("06:00"))], LONDON, NOW)
    (kitchen,) = drawn.rows
    assert [(bar.x, bar.width, bar.level) for bar in kitchen.bars] == [(250, 42, 1), (292, 41, 3), (500, 42, 1)]
    assert kitchen.words == "06:05 to 07:50, 12:05 to 12:50"
    assert [(gap.x, gap.width) for gap in drawn.gaps] == [(125, 125)]
    assert drawn.ticks == (250, 500, 750)


@pytest.mark.parametrize(("day", "hours"), [((2026, 3, 29), 23), ((2026, 10, 25), 25), ((2026, 11, 20), 24)])
def test_a_day_has_as_many_hours_as_the_clocks_give_it(day: tuple[int, int, int], hours: int) -> None:
    found = timeline.day_of(datetime(*day, 12, tzinfo=UTC), LONDON)
    assert found.end - found.start == timedelta(hours=hours)
