"""When a reminder is due, by the clock on the wall of the home."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from gateway.config import Schedule
from gateway.reminders.schedule import between, on_day
from tests.gateway.reminding import daily

LONDON = ZoneInfo("Europe/London")


def instants(schedule: Schedule, day: date) -> list[str]:
    return [f"{one.at:%m-%d %H:%M}" for one in on_day(schedule, LONDON, day)]


def test_half_past_eight_is_an_hour_earlier_for_the_world_in_summer() -> None:
    assert instants(daily("08:30"), date(2026, 3, 28)) == ["03-28 08:30"]
    assert instants(daily("08:30"), date(2026, 3, 29)) == ["03-29 07:30"]


def test_a_time_that_the_clock_leaves_out_comes_an_hour_later() -> None:
    (missing,) = on_day(daily("01:30"), LONDON, date(2026, 3, 29))
    assert missing.at.astimezone(LONDON).strftime("%H:%M") == "02:30"
    assert missing.name == "2026-03-29T01:30"


def test_a_time_that_comes_twice_is_due_once() -> None:
    assert instants(daily("01:30"), date(2026, 10, 25)) == ["10-25 00:30"]
    first, last = datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 25, 4, tzinfo=UTC)
    assert len(list(between(daily("01:30"), LONDON, first, last))) == 1


def test_weekdays_exceptions_and_the_first_and_last_day_are_kept() -> None:
    schedule = daily("09:00", weekdays=[1, 3], not_on=["2026-03-04"], first_day="2026-03-02", last_day="2026-03-11")
    first = datetime(2026, 2, 20, tzinfo=UTC)
    found = between(schedule, LONDON, first, first + timedelta(days=30))
    assert [one.name[:10] for one in found] == ["2026-03-02", "2026-03-09", "2026-03-11"]


def test_an_appointment_is_on_its_own_days_whatever_the_weekday() -> None:
    schedule = daily("14:15", weekdays=[1], dates=["2026-03-05", "2026-03-07"], not_on=["2026-03-07"])
    assert instants(schedule, date(2026, 3, 5)) == ["03-05 14:15"]
    assert instants(schedule, date(2026, 3, 7)) == []
    assert instants(schedule, date(2026, 3, 2)) == []


@given(st.datetimes(datetime(2024, 1, 1), datetime(2030, 1, 1)), st.integers(0, 23), st.integers(1, 5000))  # noqa: DTZ001
def test_every_time_is_due_once_a_day_however_the_days_are_cut(start: datetime, hour: int, minutes: int) -> None:
    first = start.replace(tzinfo=UTC)
    middle, last = first + timedelta(minutes=minutes), first + timedelta(days=5)
    schedule = daily(f"{hour:02}:20", f"{hour:02}:40")
    whole = [one.name for one in between(schedule, LONDON, first, last)]
    parts = [one.name for one in between(schedule, LONDON, first, middle - timedelta(microseconds=1))]
    parts += [one.name for one in between(schedule, LONDON, middle, last)]
    assert sorted(parts) == sorted(whole)
    assert len(set(whole)) == len(whole)
    assert len(whole) in (9, 10, 11)


@pytest.mark.parametrize("wrong", [{"times": []}, {"times": ["24:00"]}, {"times": ["8:30"]}, {"times": ["09:00"] * 9}])
def test_a_schedule_that_says_nothing_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Schedule.model_validate(wrong)


@pytest.mark.parametrize("zone", ["Asia/Kathmandu", "America/St_Johns", "Pacific/Apia", "Australia/Lord_Howe"])
def test_other_zones_keep_their_own_clock(zone: str) -> None:
    found = on_day(daily("08:30"), ZoneInfo(zone), date(2026, 10, 4))
    assert [one.at.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M") for one in found] == ["2026-10-04 08:30"]
