"""What the page in the home says when: pure."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway.reminders.view import ASK, HELP_ARRIVED, HELP_LATE, HELP_SENT, Help, Scene, sentences, view
from tests.gateway.reminding import at, config, tablets


@pytest.mark.parametrize(
    ("now", "dark"),
    [
        (at("06:59"), True),
        (at("07:00"), False),
        (at("20:59"), False),
        (at("21:00"), True),
        (at("03:00"), True),
        (datetime(2026, 7, 1, 6, 30, tzinfo=UTC), False),
        (datetime(2026, 7, 1, 20, 30, tzinfo=UTC), True),
    ],
)
def test_the_page_is_dark_at_night_by_the_homes_own_clock(now: datetime, *, dark: bool) -> None:
    assert view(Scene(now, config()))["dark"] is dark


@pytest.mark.parametrize(
    ("help_", "words"),
    [
        (Help(at("10:00"), arrived=False), HELP_SENT),
        (Help(at("09:59"), arrived=False), HELP_LATE),
        (Help(at("09:59"), arrived=True), HELP_ARRIVED),
    ],
)
def test_a_call_for_help_says_how_far_it_is(help_: Help, words: tuple[str, str]) -> None:
    shown = view(Scene(at("10:00"), config(), help=help_))
    assert shown["help"] == {"title": words[0], "more": words[1]}
    assert f"{words[0]}. {words[1]}" in list(sentences(None)), "it is said aloud, as it stands"


def test_a_line_that_is_away_for_a_moment_bothers_nobody() -> None:
    assert view(Scene(at("10:00"), config()))["cut"] is False
    assert view(Scene(at("10:00"), config(), cut_since=at("09:57")))["cut"] is False
    assert view(Scene(at("10:00"), config(), cut_since=at("10:00") - timedelta(minutes=6)))["cut"] is True


def test_a_reminder_with_a_sound_of_its_own_can_be_spoken_too() -> None:
    """Until the sound has come, and where a browser cannot play it."""
    found = list(sentences(config(tablets(sound="a" * 64))))
    assert ASK in found
    assert "Take your tablets" in found
