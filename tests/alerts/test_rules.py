"""Settings are checked with clear errors and say in plain English what they watch for."""

import pytest

from alerts.rules import BadRuleError, DoorAtNight, ExpectedActivity, Silence, Unseen, read


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (
            {"kind": "expected_activity", "places": ["kitchen"], "start": "05:00", "end": "09:00"},
            "Up and about in the kitchen between 05:00 and 09:00, every day",
        ),
        (
            {
                "kind": "expected_activity",
                "places": ["kitchen", "fridge"],
                "weekdays": ["mon", "tue", "wed", "thu", "fri"],
            },
            "Up and about in the kitchen or fridge between 05:00 and 10:00, Monday to Friday",
        ),
        (
            {"kind": "silence", "hours": 6, "by_day": ["07:00", "22:00"]},
            "Some activity at least every 6 hours between 07:00 and 22:00 while at home",
        ),
        (
            {"kind": "door_at_night", "weekdays": ["sat"]},
            "Outside doors not opened between 23:00 and 05:00, on Saturdays",
        ),
        ({"kind": "unseen"}, "The home can be seen: its box reports at least every 60 minutes"),
    ],
)
def test_a_rule_says_in_plain_words_what_it_watches_for(settings: dict[str, object], words: str) -> None:
    assert read(settings).describe() == words


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"kind": "expected_activity", "start": "5:00"}, "start"),
        ({"kind": "expected_activity", "start": "09:00", "end": "09:00"}, "start and end are the same time"),
        ({"kind": "expected_activity", "start": "09:00", "end": "08:30"}, "shorter than 23 hours"),
        ({"kind": "expected_activity", "weekdays": []}, "weekdays"),
        ({"kind": "expected_activity", "room": "kitchen"}, "room"),
        ({"kind": "silence", "hours": 0}, "hours"),
        ({"kind": "silence", "hours": 8, "by_day": ["09:00", "12:00"]}, "by_day must be at least as long"),
        ({"kind": "nonsense"}, "kind"),
        ({}, "kind"),
    ],
)
def test_a_wrong_setting_is_named(settings: dict[str, object], complaint: str) -> None:
    with pytest.raises(BadRuleError, match=complaint):
        read(settings)


@pytest.mark.parametrize("settings", [ExpectedActivity(), Silence(), DoorAtNight(), Unseen()])
def test_what_is_written_down_can_be_read_again(
    settings: ExpectedActivity | Silence | DoorAtNight | Unseen,
) -> None:
    assert read(settings.model_dump(mode="json")) == settings
