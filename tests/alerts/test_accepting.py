"""Routines are suggested from a home's stored past, tried on it, and apply only in somebody's name."""

from datetime import datetime, timedelta

import psycopg
import pytest

from alerts.accepting.changing import (
    By,
    NotChangedError,
    accept,
    add,
    change,
    replace_all,
    set_occupants,
    switch,
)
from alerts.accepting.kept import Change, changes_of, in_force, rules_of
from alerts.accepting.past import DAYS, Past, past
from alerts.accepting.suggesting import Suggestion, after, suggest, tried
from alerts.picture import Seen
from alerts.rules import DoorAtNight, ExpectedActivity, Rule, Silence, Unseen, UnusualQuiet
from tests.alerts.a_home import LONDON, at, beats, stir
from tests.alerts.watched import Watched, watched

NOW = at("10:00", 29)
KITCHEN = ExpectedActivity(places=("kitchen",), end="12:00")


def weeks(days: int = 30) -> list[Seen]:
    """About from seven until ten every day; on the 20th nobody."""
    found: list[Seen] = []
    for back in range(days, 0, -1):
        day = at("00:00", 29) - timedelta(days=back)
        found += beats(day, day + timedelta(days=1))
        if day.day != 20:
            hours = (day + timedelta(hours=hour) for hour in range(7, 22))
            found += [one for hour in hours for place in ("kitchen", "bedroom") for one in stir(hour, place)]
    return found


@pytest.fixture
def home(db: psycopg.Connection) -> Watched:
    """A home with three rules and a person."""
    return watched(db, NOW, KITCHEN, DoorAtNight(), Silence(hours=20))


@pytest.fixture
def lived(home: Watched) -> Watched:
    """The same with four weeks behind it."""
    home.arrive(weeks(), NOW)
    return home


def by(home: Watched, now: datetime = NOW) -> By:
    return By(home.home, home.rows("select id from person")[0], now)


def rules(home: Watched) -> tuple[Rule, ...]:
    return in_force(rules_of(home.db, home.home))


def its_past(home: Watched) -> Past:
    return past(home.db, home.home, LONDON, NOW)


def suggestions(home: Watched) -> dict[str, Suggestion]:
    return {one.name: one for one in suggest(its_past(home), rules(home))}


def written(home: Watched) -> list[Change]:
    return changes_of(home.db, home.home)


def test_the_last_four_weeks_are_whole_local_days_before_today(lived: Watched) -> None:
    found = its_past(lived)
    assert (found.start, found.end, found.days) == (at("00:00", 1), at("00:00", 29), DAYS)
    assert all(found.start.timestamp() <= reading[0] < found.end.timestamp() for reading in found.within)
    assert found.readings[0][0] < found.within[0][0], "days before make the first day exact"


def test_a_young_home_has_the_days_it_has(db: psycopg.Connection) -> None:
    young = watched(db, NOW)
    young.arrive(weeks(3), NOW)
    assert its_past(young).days == 3


def test_a_home_without_readings_has_no_past_and_nothing_to_try(db: psycopg.Connection) -> None:
    empty = its_past(watched(db, NOW))
    assert (empty.days, tried(empty, [KITCHEN]).alerts) == (0, ())


def test_a_suggestion_stands_beside_the_rule_it_would_change(lived: Watched) -> None:
    found = suggestions(lived)
    kitchen = found["expected_activity"]
    assert kitchen.replaces is not None
    assert kitchen.replaces.settings == KITCHEN
    assert kitchen.why.startswith("Kitchen: first used at 07:")
    assert found["unusual_quiet"].replaces is None
    assert found["door_at_night"].is_in_force
    assert not kitchen.is_in_force


def test_suggesting_and_trying_change_nothing(lived: Watched) -> None:
    before = rules(lived)
    run = tried(its_past(lived), after(before, suggestions(lived).values()))
    assert (run.days, [alert.day.day for alert in run.alerts]) == (DAYS, [20])
    assert rules(lived) == before
    assert written(lived) == []


def test_a_home_too_young_to_learn_from_is_suggested_what_fits_its_sensors(db: psycopg.Connection) -> None:
    young = watched(db, NOW)
    young.arrive(weeks(5), NOW)
    found = suggestions(young)
    assert found["unusual_quiet"].settings == UnusualQuiet()
    assert found["unusual_quiet"].why == "It fits the sensors of this home; 3 days are too few to learn from"
    assert "not_back" in found


def test_where_two_people_live_nothing_is_suggested_that_counts_one_person_s_movements(lived: Watched) -> None:
    assert "night_activity" in suggestions(lived)
    set_occupants(lived.db, by(lived), 2)
    assert not {"night_activity", "not_back", "volume_drop"} & set(suggestions(lived))


def test_an_accepted_suggestion_applies_and_is_written_down_with_what_spoke_for_it(lived: Watched) -> None:
    kitchen = suggestions(lived)["expected_activity"]
    run = tried(its_past(lived), [kitchen.accepted])
    accept(lived.db, by(lived), kitchen, run)
    assert [rule.version for rule in rules(lived)] == [2, 1, 1]
    assert rules(lived)[0].settings == kitchen.settings
    (change_,) = written(lived)
    assert (change_.person, change_.what, change_.at, change_.version) == ("Anna", "accepted", NOW, 2)
    assert change_.before == KITCHEN.model_dump(mode="json")
    assert change_.after == kitchen.settings.model_dump(mode="json")
    assert change_.evidence == [kitchen.why]
    assert change_.dry_run == {"days": 28, "alerts": 1, "per_month": 1.1}


def test_a_suggestion_of_something_new_is_added(lived: Watched) -> None:
    quiet = suggestions(lived)["unusual_quiet"]
    rule_id = accept(lived.db, by(lived), quiet, tried(its_past(lived), [quiet.settings]))
    assert {rule.id: rule.settings for rule in rules(lived)}[rule_id] == quiet.settings
    assert suggestions(lived)["unusual_quiet"].is_in_force


def test_an_accepted_suggestion_keeps_the_name_people_gave(lived: Watched) -> None:
    rule = rules(lived)[0]
    change(lived.db, by(lived), rule.id, KITCHEN.model_copy(update={"name": "Breakfast"}))
    assert suggestions(lived)["expected_activity"].accepted.name == "Breakfast"


def test_a_suggestion_for_a_rule_that_changed_meanwhile_is_refused(lived: Watched) -> None:
    kitchen = suggestions(lived)["expected_activity"]
    change(lived.db, by(lived), rules(lived)[0].id, KITCHEN.model_copy(update={"end": "11:00"}))
    with pytest.raises(NotChangedError, match="meanwhile"):
        accept(lived.db, by(lived), kitchen, tried(its_past(lived), []))


def test_a_change_is_a_new_version_written_down_and_due_at_once(home: Watched) -> None:
    rule = rules(home)[0]
    home.db.execute("update home_state set due_at = %s", (at("23:00", 29),))
    assert change(home.db, by(home), rule.id, KITCHEN.model_copy(update={"end": "11:00"}), seen_version=1) == 2
    assert home.due() == NOW
    (change_,) = written(home)
    assert change_.before
    assert change_.after
    assert (change_.what, change_.before["end"], change_.after["end"]) == ("changed", "12:00", "11:00")


def test_who_looked_at_an_older_version_changes_nothing(home: Watched) -> None:
    rule = rules(home)[0]
    change(home.db, by(home), rule.id, KITCHEN.model_copy(update={"end": "11:00"}), seen_version=1)
    with pytest.raises(NotChangedError, match="meanwhile"):
        change(home.db, by(home), rule.id, KITCHEN.model_copy(update={"end": "13:00"}), seen_version=1)


def test_a_change_to_the_same_is_none(home: Watched) -> None:
    assert change(home.db, by(home), rules(home)[0].id, KITCHEN) == 1
    assert written(home) == []


def test_a_rule_of_another_home_cannot_be_changed(home: Watched) -> None:
    other = watched(home.db, NOW, KITCHEN, gateway="gw-2")
    with pytest.raises(LookupError):
        change(home.db, by(home), rules(other)[0].id, KITCHEN.model_copy(update={"end": "11:00"}))
    with pytest.raises(LookupError):
        switch(home.db, by(home), rules(other)[0].id, on=False)


def test_a_rule_is_switched_off_and_on_again(home: Watched) -> None:
    rule = rules(home)[0]
    switch(home.db, by(home), rule.id, on=False)
    switch(home.db, by(home), rule.id, on=False)
    assert rule.id not in [one.id for one in rules(home)]
    switch(home.db, by(home), rule.id, on=True)
    assert {one.id: one.since for one in rules(home)}[rule.id] == NOW, "what began while it was off is not judged"
    assert [(one.what, one.before is None, one.after is None) for one in written(home)] == [
        ("switched_on", True, False),
        ("switched_off", False, True),
    ]


def test_a_change_raises_no_alert_about_a_morning_that_is_over(home: Watched) -> None:
    """Up at 09:10 by the old hour; at 10:00 somebody makes it 08:00."""
    home.arrive([*beats(at("00:00", 29), NOW), *stir(at("09:10", 29))], NOW)
    home.look(NOW)
    change(home.db, by(home), rules(home)[0].id, KITCHEN.model_copy(update={"end": "08:00"}))
    home.look(NOW + timedelta(minutes=1))
    assert [kind for kind, _ in home.alerts() if kind != "technical"] == []
    home.arrive(beats(NOW, at("10:00", 30)), at("10:00", 30))
    home.look(at("10:00", 30))
    assert ("missed", "nothing_at_all") in home.findings(), "the next morning it is watched for"


def test_a_change_does_not_blind_a_rule_on_the_day(lived: Watched) -> None:
    """At 10:00 nobody is up yet, and somebody makes noon an hour earlier."""
    lived.arrive(beats(at("00:00", 29), NOW), NOW)
    change(lived.db, by(lived), rules(lived)[0].id, KITCHEN.model_copy(update={"end": "11:00"}))
    lived.arrive(beats(NOW, at("11:45", 29)), at("11:45", 29))
    lived.look(at("11:45", 29))
    assert ("missed", "nothing_at_all") in lived.findings()


def test_a_new_rule_judges_what_begins_from_now_on(home: Watched) -> None:
    rule_id = add(home.db, by(home), UnusualQuiet())
    assert {one.id: one.since for one in rules(home)}[rule_id] == NOW
    assert [(one.what, one.rule_id, one.before) for one in written(home)] == [("added", rule_id, None)]


def test_a_file_of_rules_replaces_those_in_force_and_leaves_what_is_the_same(home: Watched) -> None:
    later = KITCHEN.model_copy(update={"end": "13:00"})
    replace_all(home.db, by(home), [later, DoorAtNight(), Unseen()])
    assert {rule.settings for rule in rules(home)} == {later, DoorAtNight(), Unseen()}
    assert sorted(one.what for one in written(home)) == ["added", "changed", "switched_off"]


def test_a_second_person_in_the_home_is_written_down(home: Watched) -> None:
    set_occupants(home.db, by(home), 2)
    set_occupants(home.db, by(home), 2)
    assert home.rows("select occupants from home") == [2]
    assert [(one.what, one.before, one.after) for one in written(home)] == [
        ("occupants", {"occupants": 1}, {"occupants": 2})
    ]
