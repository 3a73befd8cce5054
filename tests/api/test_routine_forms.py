"""A form for any kind of rule, what is typed into it, and what is said when it does not fit. Pure."""

import pytest

from alerts.rules import ExpectedActivity, RuleSettings, Silence, Unseen, UnusualQuiet
from alerts.verdicts import Severity
from api import routine_words
from api.routine_fields import Form, Shape, drawn, usual
from api.routine_forms import taken
from api.rule_kinds import kinds

SENSORS = (("kitchen", "room"), ("front door", "outside_door"), ("morning tablets", "button"))


class Sent(dict[str, list[str]]):
    """What a browser sends."""

    def getlist(self, key: str) -> list[str]:
        return self.get(key, [])


def as_drawn(form: Form, **typed: list[str]) -> Sent:
    return Sent({field.name: list(field.values) for field in form.fields} | typed)


def send(settings: RuleSettings, **typed: list[str]) -> tuple[RuleSettings | None, Form]:
    form = drawn(settings, SENSORS)
    return taken(form, settings, as_drawn(form, **typed))


@pytest.mark.parametrize("kind", kinds())
def test_a_form_of_any_kind_sent_back_untouched_changes_nothing(kind: str) -> None:
    settings, form = send(usual(kind))
    assert settings == usual(kind)
    assert form.errors == []


@pytest.mark.parametrize("kind", kinds())
def test_every_kind_and_every_setting_is_asked_for_in_plain_words(kind: str) -> None:
    assert kind in routine_words.KINDS
    form = drawn(usual(kind), SENSORS)
    assert form.fields
    assert [field.label for field in form.fields if "_" in field.label or not field.label[0].isupper()] == []
    assert [choice.text for field in form.fields for choice in field.choices if "_" in choice.text] == []


def test_what_is_typed_becomes_settings() -> None:
    settings, _ = send(
        ExpectedActivity(),
        places=["kitchen"],
        start=["6:00"],
        end=["09.30"],
        weekdays=["mon", "tue"],
        grace_min=["45"],
        name=["Breakfast"],
        severity=["low"],
        bank_holidays=["sunday"],
    )
    assert settings == ExpectedActivity.model_validate(
        {
            "places": ["kitchen"],
            "start": "06:00",
            "end": "09:30",
            "weekdays": ["mon", "tue"],
            "grace_min": 45,
            "name": "Breakfast",
            "severity": Severity.LOW,
            "bank_holidays": "sunday",
        }
    )


def test_a_pair_of_times_may_be_left_empty() -> None:
    given, _ = send(Silence(hours=6), by_day=["07:00", "22:00"])
    assert isinstance(given, Silence)
    assert given.by_day == ("07:00", "22:00")
    emptied, _ = send(given, by_day=["", ""])
    assert emptied == Silence(hours=6)


def test_what_no_field_shows_stays_as_it_was() -> None:
    learned = UnusualQuiet(usual=(0.5,) * 24)
    settings, _ = send(learned, limit=["4"])
    assert settings == learned.model_copy(update={"limit": 4.0})


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("end", ["half past nine"], "“Until” must be a time like 07:30"),
        ("end", ["25:00"], "“Until” must be a time like 07:30"),
        ("grace_min", ["soon"], "“Then wait before anybody is told” must be a whole number, from 0 to 360"),
        ("grace_min", ["900"], "“Then wait before anybody is told” must be from 0 to 360"),
        ("weekdays", [], "Choose at least one for “On which days”"),
        ("places", ["the moon"], "Choose from the list for “Where”"),
        ("severity", ["dire"], "Choose an answer for “How much it matters”"),
        ("coverage_needed", ["nan"], "“How much of the time must have been seen” must be from 0 to 1"),
    ],
)
def test_what_does_not_fit_is_said_at_its_field_and_stays_typed(field: str, typed: list[str], said: str) -> None:
    settings, form = send(ExpectedActivity(), **{field: typed})
    assert settings is None
    assert form.errors == [(field, said)]
    assert next(each.values for each in form.fields if each.name == field) == tuple(typed)


def test_what_does_not_fit_together_is_said_without_a_program_s_names() -> None:
    settings, form = send(ExpectedActivity(), start=["09:00"], end=["09:00"])
    assert settings is None
    ((_, said),) = form.errors
    assert said == "“From” and “Until” are the same time"


def test_a_name_that_is_too_long_is_refused() -> None:
    settings, form = send(Unseen(), name=["x" * 90])
    assert settings is None
    assert "“What to call it”" in form.problem


def test_a_place_of_the_rule_without_a_sensor_can_still_be_chosen() -> None:
    form = drawn(ExpectedActivity(places=("pantry",)), SENSORS)
    where = next(field for field in form.fields if field.shape is Shape.SOME and field.name == "places")
    assert [choice.value for choice in where.choices] == ["kitchen", "front door", "pantry"]


def test_only_places_that_a_kind_can_say_something_of_are_offered() -> None:
    offered = {kind: places_offered(kind) for kind in ("expected_activity", "door_at_night", "reminder")}
    assert offered == {
        "expected_activity": ["kitchen", "front door"],
        "door_at_night": ["front door"],
        "reminder": ["morning tablets"],
    }


@pytest.mark.parametrize("kind", [kind for kind, model in kinds().items() if "places" in model.model_fields])
def test_every_kind_with_places_offers_some(kind: str) -> None:
    assert places_offered(kind)


def places_offered(kind: str) -> list[str]:
    form = drawn(usual(kind), SENSORS)
    return [choice.value for field in form.fields if field.name == "places" for choice in field.choices]
